from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.frame import Frame, KelvinMap, StreamInfo, StreamKind
from pipeline.colormap import CountRange, range_in_units
from pipeline.steps.palette import image_reason, in_palette, temperature_reason
from tests.pipeline.bad_frames import palette_rgb
from tests.pipeline.scenes import thermal

CENTIKELVIN = KelvinMap(0.01)
COUNTS = thermal(160, 120, [(80.0, 50.0, 24.0)])


def frame(pixels: np.ndarray, kelvin: KelvinMap | None = CENTIKELVIN) -> Frame:
    kind = StreamKind.COLOR if pixels.ndim == 3 else StreamKind.THERMAL
    height, width = pixels.shape[:2]
    info = StreamInfo(
        "it", kind, width, height, pixels.dtype.name, kelvin=kelvin if kind is StreamKind.THERMAL else None
    )
    return Frame(info, pixels, 0, 0, 1)


def test_radiometric_counts_are_what_they_claim() -> None:
    assert image_reason(frame(COUNTS)) == ""
    assert temperature_reason(frame(COUNTS)) == ""
    assert temperature_reason(frame((COUNTS / 4).astype(np.uint16), KelvinMap(0.04))) == ""


def test_counts_of_a_camera_that_is_not_radiometric_are_counts_but_no_temperatures() -> None:
    assert image_reason(frame(COUNTS, None)) == ""
    assert "not radiometric" in temperature_reason(frame(COUNTS, None))


def test_one_warm_spot_makes_a_picture_no_8_bit_one() -> None:
    counts = np.full((120, 160), 200, np.uint16)
    assert "8-bit" in image_reason(frame(counts, None))
    counts[7, 9] = 300
    assert image_reason(frame(counts, None)) == ""


@pytest.mark.parametrize("kelvin", [KelvinMap(0.001), KelvinMap(1.0)])
def test_a_scene_that_nothing_can_be_is_not_believed(kelvin: KelvinMap) -> None:
    assert "colder or hotter" in temperature_reason(frame(COUNTS, kelvin))
    counts = CountRange(float(COUNTS.min()), float(COUNTS.max()))
    assert range_in_units(frame(COUNTS, kelvin).info, counts)[2] == "counts"
    assert range_in_units(frame(COUNTS).info, counts)[2] == "°C"


@pytest.mark.parametrize("palette", ["iron", "rainbow"])
def test_false_colours_are_told(palette: str) -> None:
    rgb = np.asarray(cv2.resize(palette_rgb(COUNTS, palette), (640, 480)), np.uint8)
    assert in_palette(rgb)
    assert "false colours" in image_reason(frame(rgb))


def test_light_is_not_taken_for_false_colours() -> None:
    rng = np.random.default_rng(1)
    gray = np.repeat(rng.integers(0, 255, (120, 160, 1), np.uint8), 3, axis=2)
    red = np.clip(rng.normal((190, 25, 30), 20, (120, 160, 3)), 0, 255).astype(np.uint8)  # a room in red light
    brown = np.clip(rng.normal((170, 120, 90), 25, (120, 160, 3)), 0, 255).astype(np.uint8)
    for rgb in (gray, red, brown, gray[:2, :2]):
        assert not in_palette(rgb)


def test_real_thermal_pictures_are_told_from_real_photographs(shared_data: Path) -> None:
    """Of the Lepton pictures four in five are in false colours, the rest in gray."""

    def share(files: list[Path]) -> float:
        return float(np.mean([in_palette(np.asarray(cv2.imread(str(f)))[..., ::-1]) for f in files]))

    lepton = [p for p in sorted((shared_data / "lepton_faces" / "images").iterdir()) if p.is_file()]
    photographs = [p for p in sorted((shared_data / "portraits").iterdir()) if p.suffix in (".jpg", ".jpeg", ".png")]
    kinect = sorted((shared_data / "kinect_person").glob("*[0-9].jpg"))
    assert share(lepton[::6]) > 0.7
    assert len(photographs) >= 5
    assert share(photographs) == share(kinect[::10]) == 0.0
