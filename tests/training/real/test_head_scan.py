"""A scan is drawn with depth and picture that go together."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.real import head_scan
from training.real.data import RealDataError

pytest.importorskip("numba", reason="drawing needs numba (extra train)")


def write_ball(data: Path) -> None:
    """An OBJ of an upright ellipsoid where the scan's face is: left half red, right half blue."""
    lines, faces = [], []
    across, along = 24, 16
    for i in range(along + 1):
        for k in range(across + 1):
            polar, around = np.pi * i / along, 2 * np.pi * k / across
            x, z = 1.7 * np.sin(polar) * np.sin(around), 1.9 * np.sin(polar) * np.cos(around)
            y = 2.4 * np.cos(polar)
            lines.append(f"v {x:.5f} {y + head_scan.FACE_CENTER[1]:.5f} {z + head_scan.FACE_CENTER[2]:.5f}")
            lines.append(f"vt {0.25 if x < 0 else 0.75} 0.5")
            if i < along and k < across:
                a = i * (across + 1) + k + 1
                b, c, d = a + 1, a + across + 1, a + across + 2
                faces += [f"f {a}/{a} {c}/{c} {b}/{b}", f"f {b}/{b} {c}/{c} {d}/{d}"]
    folder = data / "head_scan"
    folder.mkdir(parents=True)
    (folder / "LeePerrySmith_decoded.obj").write_text("\n".join([*lines, *faces]) + "\n")
    colors = np.zeros((64, 64, 3), np.uint8)
    colors[:, :32] = (0, 0, 200)
    colors[:, 32:] = (200, 0, 0)
    cv2.imwrite(str(folder / "color.jpg"), colors)


def test_no_scan(tmp_path: Path) -> None:
    assert head_scan.load_scan(tmp_path) is None


def test_a_scan_without_its_colors_is_told(tmp_path: Path) -> None:
    write_ball(tmp_path)
    (tmp_path / "head_scan" / "color.jpg").unlink()
    with pytest.raises(RealDataError, match=r"color\.jpg"):
        head_scan.load_scan(tmp_path)


def test_the_picture_lies_on_its_depth(tmp_path: Path) -> None:
    write_ball(tmp_path)
    scan = head_scan.load_scan(tmp_path)
    assert scan is not None
    view = head_scan.draw(scan, 0, 0)
    nearest = head_scan.DISTANCE_MM + head_scan.FACE_FRONT_MM - 1.9 * head_scan.UNIT_MM
    assert view.depth_mm.min() == pytest.approx(nearest, abs=2)
    assert (view.head.x, view.head.y) == pytest.approx((320, 240), abs=4)
    y, x = round(view.head.y), round(view.head.x)
    assert view.bgr[y, x - 40, 2] > 100 > view.bgr[y, x - 40, 0]
    assert view.bgr[y, x + 40, 0] > 100 > view.bgr[y, x + 40, 2]
    assert view.depth_mm[0, 0] == 2500


def test_a_head_that_turns_shows_its_other_side(tmp_path: Path) -> None:
    write_ball(tmp_path)
    scan = head_scan.load_scan(tmp_path)
    assert scan is not None
    left, right = head_scan.draw(scan, -60, 0), head_scan.draw(scan, 60, 0)

    def red(view: head_scan.View) -> int:
        return int(((view.bgr[..., 2] > 100) & (view.bgr[..., 0] < 60)).sum())

    assert red(left) > 2 * red(right) or red(right) > 2 * red(left)
    up, down = head_scan.draw(scan, 0, 0), head_scan.draw(scan, 0, 0)
    assert np.array_equal(up.bgr, down.bgr)
