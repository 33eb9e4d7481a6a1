"""How dark lips, eyes and hollows are beside the cheeks: what the table says of faces whose brightness is known."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.shard_fixture import write_samples
from training.studies.face_contrast import contrasts, main, parts, table

CHEEK = 160


def points() -> np.ndarray:
    """68 points of a plain frontal face, 110 px between the outer corners of its eyes."""
    p = np.zeros((68, 2))
    p[0:17] = [(100 + 90 * np.cos(a), 90 + 110 * np.sin(a)) for a in np.linspace(np.pi, 0, 17)]
    p[17:22] = [(x, 62) for x in np.linspace(40, 85, 5)]
    p[22:27] = [(x, 62) for x in np.linspace(115, 160, 5)]
    p[27:31] = [(100, y) for y in np.linspace(85, 118, 4)]
    p[31:36] = [(x, 126) for x in np.linspace(86, 114, 5)]
    for first, middle in ((36, 60), (42, 140)):
        p[first : first + 6] = [
            (middle + 15 * np.cos(a), 88 - 5 * np.sin(a)) for a in np.pi - np.arange(6) * 2 * np.pi / 6
        ]
    p[48:60] = [(100 - 30 * np.cos(a), 155 - 13 * np.sin(a)) for a in np.arange(12) * 2 * np.pi / 12]
    p[60:68] = [(100 - 20 * np.cos(a), 155 - 3 * np.sin(a)) for a in np.arange(8) * 2 * np.pi / 8]
    return p


def painted(**levels: int) -> np.ndarray:
    picture = np.full((210, 200), CHEEK, np.uint8)
    for name, polygons in parts(points()).items():
        if name in levels:
            for polygon in polygons:
                cv2.fillPoly(picture, [np.round(polygon).astype(np.int32)], levels[name])
    return picture


def test_a_part_of_half_the_brightness_is_told_and_the_others_are_level_with_the_cheeks() -> None:
    found = contrasts((painted(eyes=80), points()))
    assert found is not None
    assert found["eyes"] == pytest.approx([0.5], abs=0.12)  # its rim of a pixel is mixed with skin
    for name in ("upper lip", "lower lip", "forehead", "tip of the nose", "under the nose"):
        assert found[name] == pytest.approx([1.0], abs=0.01), name


def test_each_channel_is_told_by_itself() -> None:
    red = np.stack([painted(), painted(**{"lower lip": 60}), painted(**{"lower lip": 60})], axis=2)
    found = contrasts((red, points()))
    assert found is not None
    assert found["lower lip"][0] == pytest.approx(1.0, abs=0.01)
    assert (found["lower lip"][1:] < 0.6).all()


@pytest.mark.parametrize("level", [10, 250], ids=["black", "burnt out"])
def test_a_face_without_light_or_burnt_out_does_not_count(level: int) -> None:
    assert contrasts((painted(cheeks=level), points())) is None
    assert table([(painted(cheeks=level), points())]) == ["No face here looks ahead in good light."]


def test_the_table_gives_the_median_face() -> None:
    faces = [(painted(eyes=level), points()) for level in (60, 80, 150)]
    row = next(line for line in table(faces) if line.startswith("| eyes"))
    only = next(line for line in table(faces[1:2]) if line.startswith("| eyes"))
    assert row == only
    assert table(faces)[-1] == "3 faces."


def test_the_command_reads_rendered_samples(tmp_path: Path) -> None:
    samples = write_samples(tmp_path)
    said: list[str] = []
    assert main(["--faces", str(samples)], said.append) == 0
    assert any("rendered, color" in line for line in said)
    assert any("rendered, nir" in line for line in said)


def test_a_command_with_nothing_to_measure_says_what_it_wants(tmp_path: Path) -> None:
    said: list[str] = []
    assert main([], said.append) == 2
    assert "--faces" in said[0]
    assert main(["--data", str(tmp_path)], said.append) == 1
    assert "rap3df_set2" in said[1]
