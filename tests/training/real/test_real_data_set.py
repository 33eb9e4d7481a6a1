"""The recordings are read as they lie; a palette is told by its hues; broken files are named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.real.recordings import write_rap, write_thermal, write_turning
from training.real.data import RealDataError, load_portraits, load_rap, load_thermal, load_turning, palette_of
from training.real.frontal import FRONTAL, numbers


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    assert load_rap(tmp_path) is None
    assert load_turning(tmp_path) is None
    assert load_thermal(tmp_path) is None
    assert load_portraits(tmp_path) == {}


def test_recordings_are_read(tmp_path: Path) -> None:
    write_rap(tmp_path)
    write_turning(tmp_path)
    write_thermal(tmp_path)
    rap, turning, thermal = load_rap(tmp_path), load_turning(tmp_path), load_thermal(tmp_path)
    assert rap is not None
    assert turning is not None
    assert thermal is not None
    assert len(rap) == 8
    assert rap.enrol.sum() == 4
    assert rap.distance_mm == pytest.approx(np.tile([800.0, 808.0], 4), abs=10)
    color, depth = rap.crops(64)
    assert (color.shape, depth.shape, depth.dtype) == ((8, 64, 64, 3), (8, 64, 64), np.uint16)
    assert len(turning.bgr) == len(turning.heads) == 2
    assert thermal.names == ("1_12", "1_13")
    assert thermal.palette[0] == "gray"
    assert thermal.palette[1] != "gray"
    assert thermal.boxes[0] == pytest.approx([68, 34, 92, 66], abs=0.1)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    write_rap(tmp_path)
    path = tmp_path / "rap3df_set2" / "rap3df_set2.npz"
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(RealDataError, match=r"rap3df_set2\.npz"):
        load_rap(tmp_path)


def test_a_missing_depth_image_is_named(tmp_path: Path) -> None:
    write_turning(tmp_path)
    (tmp_path / "kinect_person" / "0000000001_depth.png").unlink()
    with pytest.raises(RealDataError, match="0000000001_depth"):
        load_turning(tmp_path)


def test_a_missing_box_is_named(tmp_path: Path) -> None:
    write_thermal(tmp_path)
    (tmp_path / "lepton_faces" / "annotations" / "1_13.txt").write_text("0 0.5\n")
    with pytest.raises(RealDataError, match="1_13"):
        load_thermal(tmp_path)


def test_palettes() -> None:
    ramp = np.tile(np.linspace(0, 255, 160).astype(np.uint8), (120, 1))
    assert palette_of(cv2.cvtColor(ramp, cv2.COLOR_GRAY2BGR)) == "gray"
    assert palette_of(cv2.applyColorMap(ramp, cv2.COLORMAP_JET)) == "rainbow"
    assert palette_of(cv2.applyColorMap(ramp, cv2.COLORMAP_HOT)) == "lava"
    assert palette_of(cv2.applyColorMap(ramp, cv2.COLORMAP_INFERNO)) == "iron"


def test_runs_of_numbers() -> None:
    assert numbers("3 5-7") == [3, 5, 6, 7]


def test_frontal_pictures_and_palettes_of_the_real_recording(shared_data: Path) -> None:
    thermal = load_thermal(shared_data)
    if thermal is None:
        pytest.skip("needs ../shared/data/lepton_faces")
    assert set(thermal.names) >= FRONTAL
    counts = Counter(thermal.palette)
    assert len(counts) == 5
    assert min(counts.values()) > 80
