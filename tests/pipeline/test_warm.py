from __future__ import annotations

import numpy as np
import pytest

from pipeline.steps.find import Finder, Source
from pipeline.steps.warm import PARTS, find_warm_heads
from tests.pipeline.scenes import KINECT_2, thermal


@pytest.mark.parametrize(
    ("shape", "face"), [((160, 120), 16.0), ((160, 120), 45.0), ((640, 512), 80.0), ((640, 512), 200.0)]
)
def test_a_warm_face_is_found_at_its_place_and_size(shape: tuple[int, int], face: float) -> None:
    x, y = 0.45 * shape[0], 0.4 * shape[1]
    heads = find_warm_heads(thermal(*shape, [(x, y, face)]))
    assert heads
    best = heads[0]
    assert best.center_px == pytest.approx((x, y), abs=0.35 * face)
    assert 0.6 * face < best.width_px < 1.5 * face


def test_several_faces_are_found() -> None:
    faces = [(40.0, 50.0, 22.0), (110.0, 40.0, 16.0)]
    heads = find_warm_heads(thermal(160, 120, faces))
    for x, y, w in faces:
        assert any(np.hypot(h.center_px[0] - x, h.center_px[1] - y) < 0.4 * w for h in heads)


def test_an_even_image_has_none() -> None:
    assert find_warm_heads(np.full((120, 160), 29_500, np.uint16)) == []
    assert find_warm_heads(thermal(160, 120, [])) == []


def test_sizes_are_tried_in_turn_and_all_in_the_end() -> None:
    counts = thermal(160, 120, [(80.0, 50.0, 24.0)])
    parts = [find_warm_heads(counts, part=part) for part in range(PARTS)]
    every = find_warm_heads(counts, most=64)
    assert every
    assert max(h.score for part in parts for h in part) == every[0].score


def test_the_finder_looks_for_warm_heads_where_there_is_nothing_else() -> None:
    finder = Finder()
    found = finder(None, None, KINECT_2, thermal(160, 120, [(80.0, 50.0, 24.0)]))
    assert {d.source for d in found} == {Source.WARM}
    assert found == Finder()(None, None, KINECT_2, thermal(160, 120, [(80.0, 50.0, 24.0)]))
