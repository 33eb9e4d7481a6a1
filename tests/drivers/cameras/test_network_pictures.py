"""Decoded pictures become pixels as FFmpeg itself would make them."""

from __future__ import annotations

import av
import numpy as np
import pytest

from drivers.cameras.network_pictures import pixels_of
from drivers.frame import StreamKind


def picture(form: str, width: int = 100, height: int = 80) -> av.VideoFrame:
    y, x = np.mgrid[:height, :width]
    rgb = np.dstack([x * 2, y * 3, 255 - x]).astype(np.uint8)
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), "rgb24").reformat(format=form)


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p", "yuv444p", "nv12", "rgb24", "yuv420p10le"])
def test_gray_is_the_luma_over_its_whole_range(form: str):
    frame = picture(form)
    got = pixels_of(frame, StreamKind.GRAY)
    wanted = frame.to_ndarray(format="gray")
    assert (got.shape, got.dtype) == ((80, 100), np.uint8)
    assert np.abs(got.astype(int) - wanted).max() <= 2
    assert got.min() < 30
    assert got.max() > 190


@pytest.mark.parametrize("form", ["yuv420p", "yuv444p", "nv12"])
def test_colour_is_rgb(form: str):
    got = pixels_of(picture(form), StreamKind.COLOR)
    assert got.shape == (80, 100, 3)
    assert abs(got[40, 90].astype(int) - (180, 120, 165)).max() < 12


def test_pixels_are_their_own_memory():
    frame = picture("yuv420p")
    got = pixels_of(frame, StreamKind.GRAY)
    before = got.copy()
    del frame
    np.testing.assert_array_equal(got, before)
    assert got.base is None
