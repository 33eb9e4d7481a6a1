"""Things that are no faces, put into the finder's pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.faces.crowd_sample import COLUMN
from training.finder_augment import DECOYS, Sensor
from training.finder_decoys import draw_decoys
from training.finder_truth import shows

SHAPE = (240, 320)


def person(x: float, y: float, side: float) -> np.ndarray:
    head = np.zeros(len(COLUMN), np.float32)
    head[[COLUMN["box_x"], COLUMN["box_y"], COLUMN["side"]]] = x, y, side
    return head


def scene() -> np.ndarray:
    return np.tile(np.linspace(29_000, 30_000, SHAPE[1], dtype=np.float32), (SHAPE[0], 1))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(0, 320), st.floats(0, 240), st.floats(8, 120))
def test_no_head_is_ever_covered(seed: int, x: float, y: float, side: float) -> None:
    sensor, before = Sensor(), scene()
    heads = person(x, y, side)[None]
    after = draw_decoys(before, heads, sensor.field, sensor.noise, np.random.default_rng(seed))
    changed_y, changed_x = np.nonzero(after != before)
    away = np.maximum(np.abs(changed_x - x), np.abs(changed_y - y))
    assert np.all(away > 0.5 * side)
    np.testing.assert_array_equal(before, scene(), "the picture that was handed in stays as it was")


def test_decoys_are_as_warm_as_what_is_there_or_warmer_and_of_many_sizes() -> None:
    sensor = Sensor()
    nobody = np.zeros((0, len(COLUMN)), np.float32)
    areas, hottest = [], []
    for seed in range(60):
        after = draw_decoys(scene(), nobody, sensor.field, sensor.noise, np.random.default_rng(seed))
        assert np.isfinite(after).all()
        areas.append(int(np.count_nonzero(after != scene())))
        hottest.append(float(after.max()))
    assert min(areas) < 600
    assert max(areas) > 5000
    assert np.mean(np.array(hottest) > 30_100) > 0.3


def test_where_there_is_no_room_nothing_is_drawn() -> None:
    sensor, before = Sensor(), scene()
    heads = person(160, 120, 400)[None]
    assert draw_decoys(before, heads, sensor.field, sensor.noise, np.random.default_rng(0)) is before


def test_the_same_seed_draws_the_same_and_a_share_of_the_pictures_has_some() -> None:
    sensor = Sensor()
    heads = person(60, 60, 30)[None]
    changed = 0
    for seed in range(200):
        one, two = (sensor.decoys(scene(), heads, np.random.default_rng(seed)) for _ in range(2))
        np.testing.assert_array_equal(one, two)
        changed += bool(np.any(one != scene()))
    assert changed / 200 == pytest.approx(DECOYS, abs=0.1)


def test_a_face_that_is_burnt_out_or_black_shows_nothing() -> None:
    code = np.full(SHAPE, 0.9, np.float32)
    code += np.random.default_rng(0).normal(0, 0.05, SHAPE).astype(np.float32)
    assert not shows(code, 160, 120, 60), "noise is nothing"
    code[100:115, 150:170] -= 0.5
    assert shows(code, 160, 120, 60)
    assert not shows(code, 900, 900, 60), "outside of the picture"
