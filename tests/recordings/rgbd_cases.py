"""Folders of color and depth images for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from recordings.errors import SessionImportError
from recordings.importers.rgbd_folder import import_rgbd_folder

W, H = 20, 15


def color_image(n: int) -> NDArray[np.uint8]:
    """BGR, as OpenCV writes it."""
    ramp = np.add.outer(np.arange(H), np.arange(W))
    return np.dstack([ramp + n, ramp * 2 + n, ramp * 3 + n]).astype(np.uint8)


def depth_image(n: int) -> NDArray[np.uint16]:
    return (np.random.default_rng(n).integers(0, 5000, (H, W))).astype(np.uint16)


def write_image(path: Path, image: NDArray[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    ok, data = cv2.imencode(path.suffix, image)
    assert ok
    path.write_bytes(data.tobytes())
    return path


def write_camera(path: Path, matrix: str = "30. 0. 10. 0. 31. 7. 0. 0. 1.", name: str = "intrinsic") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<?xml version="1.0"?>\n<opencv_storage>\n<{name} type_id="opencv-matrix"><rows>3</rows><cols>3</cols>'
        f"<dt>f</dt><data>{matrix}</data></{name}>\n</opencv_storage>\n"
    )
    return path


def fails(folder: Path, *words: str, **options: Any) -> None:
    """The import ends in one sentence that holds the words, and leaves nothing."""
    out = folder.parent / "out"
    out.mkdir(exist_ok=True)
    with pytest.raises(SessionImportError) as caught:
        import_rgbd_folder(folder, out / "a.mcap", **options)
    for word in words:
        assert word in str(caught.value)
    assert list(out.iterdir()) == []


def write_person(out: Path) -> Path:
    """Five frames beside each other, as a Kinect recording of a person."""
    for n in range(5):
        write_image(out / f"{n:03d}.jpg", color_image(n))
        write_image(out / f"{n:03d}_depth.png", depth_image(n))
        write_image(out / f"{n:03d}_mask.jpg", color_image(n))
        write_camera(out / f"{n:03d}_camera.xml")
    return out
