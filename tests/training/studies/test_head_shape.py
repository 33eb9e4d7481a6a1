"""The outline and relief of rendered heads beside real ones: what the table says of heads whose shape is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.shard_fixture import write_samples
from training.faces.mesh import head_like_mesh
from training.studies.beside_real import looks_ahead
from training.studies.head_shape import ASIDE_MM, HEIGHTS_MM, SIZE, main, profile, table

MM = 320 / SIZE


def dome(middle_mm: tuple[float, float] = (0.0, 0.0), half_width_mm: float = 75.0) -> tuple[np.ndarray, np.ndarray]:
    """A head whose relief falls by a hundredth of the square of the distance aside."""
    across = (np.arange(SIZE) - (SIZE - 1) / 2) * MM - middle_mm[0]
    row = np.where(np.abs(across) <= half_width_mm, 30 - across**2 / 100, np.nan)
    return np.tile(row.astype(np.float32), (SIZE, 1)), np.array(middle_mm)


@pytest.mark.parametrize("middle", [(0.0, 0.0), (12.0, -9.0)])
def test_a_known_shape_is_told_wherever_the_face_is(middle: tuple[float, float]) -> None:
    found = profile(dome(middle))
    row = found[HEIGHTS_MM.index(0)]
    behind = row[0] - row
    for place, depth in zip(ASIDE_MM, behind, strict=True):
        if place > 75 + MM:
            assert np.isnan(depth)
        elif place < 75 - MM:
            assert depth == pytest.approx(place**2 / 100, abs=place * MM / 50 + 0.5)


def test_what_one_side_lacks_is_not_made_up_from_the_other() -> None:
    relief, middle = dome()
    relief[:, : SIZE // 2 - 12] = np.nan
    assert np.isnan(profile((relief, middle))[:, ASIDE_MM.index(50)]).all()


def test_the_table_says_how_often_a_place_is_read() -> None:
    lines = table([dome(), dome(half_width_mm=45.0)])
    cells = lines[2 + HEIGHTS_MM.index(0)].split(" | ")
    assert cells[1 + ASIDE_MM.index(40)].endswith("(100 %)")
    assert cells[1 + ASIDE_MM.index(60)].endswith("(50 %)")
    assert lines[-1] == "2 faces."


def test_a_head_that_turns_aside_does_not_count() -> None:
    model = head_like_mesh()
    marks = model.vertices[model.landmarks]

    def seen(yaw_deg: float) -> np.ndarray:
        turn = np.radians(yaw_deg)
        return np.stack([marks[:, 0] * np.cos(turn) + marks[:, 2] * np.sin(turn), -marks[:, 1]], axis=1)[None]

    assert looks_ahead(seen(0.0)).all()
    assert not looks_ahead(seen(40.0)).any()
    assert not looks_ahead(seen(-40.0)).any()


def test_the_command_measures_samples_and_says_what_is_missing(tmp_path: Path) -> None:
    said: list[str] = []
    assert main([], said.append) == 2
    assert main(["--data", str(tmp_path)], said.append) == 1
    assert str(tmp_path) in said[-1]
    assert main(["--faces", str(tmp_path / "none")], said.append) == 1
    samples = write_samples(tmp_path / "samples")
    assert main(["--faces", str(samples)], said.append) == 0
    assert said[-1].startswith("rendered:")
    assert table([]) == ["No face here looks ahead."]
