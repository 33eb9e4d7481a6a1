"""Depth on another grid lies where the RealSense SDK's own alignment has it."""

from __future__ import annotations

import numpy as np
import pytest

from drivers.frame import StreamInfo
from pipeline.steps.reproject import DepthProjector
from tests.pipeline.cast_scene import bar_distances, bars, camera

pytest.importorskip("pyrealsense2", reason="compares with the SDK: pip install tapetum[realsense]")
from tests.drivers.cameras.software_realsense import SdkAligner


@pytest.mark.parametrize(
    "to",
    [
        camera("color", 320, 240, 300, at=(0.015, 0, 0)),
        camera("color", 640, 360, 460, at=(0.015, 0, 0)),
        camera("color", 320, 240, 310, at=(0.05, 0.01, 0.005), turn_deg=(0.5, -1, 1)),
    ],
    ids=["the same lens beside it", "a finer picture", "turned"],
)
def test_things_lie_within_a_pixel_of_where_the_sdk_has_them(to: StreamInfo) -> None:
    depth = camera("depth", 320, 240, 300)
    mm = bars(depth)
    aligner = SdkAligner(depth, to)
    try:
        theirs = aligner(mm)
    finally:
        aligner.close()
    ours = DepthProjector(depth, to)(mm)
    apart = bar_distances(ours, theirs)
    assert len(apart) > 2000
    assert np.median(apart) < 1.0
    assert np.percentile(apart, 95) < 1.6
