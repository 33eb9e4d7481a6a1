"""Pairs are matched and split by subject; accuracy comes from a threshold of the other half."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.real.recordings import ball_depth
from training.real.verification import Reliefs, evaluate, matched_pairs

SUBJECT = np.array([f"s{i // 4}" for i in range(48)])
DISTANCE = 800.0 + np.random.default_rng(0).uniform(-60, 60, 48)


def test_pairs_are_balanced_and_never_cross_the_halves() -> None:
    pairs = matched_pairs(SUBJECT, DISTANCE, np.ones(48, bool))
    assert pairs.same.mean() == pytest.approx(0.5)
    assert pairs.same.sum() == 12 * 6
    assert np.array_equal(pairs.same, SUBJECT[pairs.a] == SUBJECT[pairs.b])
    for h in (0, 1):
        inside = pairs.half == h
        people = set(SUBJECT[pairs.a[inside]]) | set(SUBJECT[pairs.b[inside]])
        others = set(SUBJECT[pairs.a[~inside]]) | set(SUBJECT[pairs.b[~inside]])
        assert not people & others


def test_distance_alone_tells_matched_pairs_no_better_than_a_coin() -> None:
    subject_distance = 700.0 + 40.0 * np.arange(12).repeat(4) + np.random.default_rng(1).uniform(-3, 3, 48)
    pairs = matched_pairs(SUBJECT, subject_distance, np.ones(48, bool))
    apart = np.abs(subject_distance[pairs.a] - subject_distance[pairs.b])
    # every same-subject pair lies within 6 mm; the others are the closest that there are
    assert apart[~pairs.same].mean() < np.abs(subject_distance[:, None] - subject_distance[None]).mean() / 2


def test_pairs_are_the_same_every_time() -> None:
    first, second = (matched_pairs(SUBJECT, DISTANCE, np.ones(48, bool)) for _ in range(2))
    assert np.array_equal(first.a, second.a)
    assert np.array_equal(first.b, second.b)


def test_a_perfect_score_is_perfect_and_noise_is_not() -> None:
    pairs = matched_pairs(SUBJECT, DISTANCE, np.ones(48, bool))
    perfect = evaluate(pairs.same.astype(float), pairs)
    assert (perfect["accuracy"], perfect["EER"], perfect["AUC"]) == (1.0, 0.0, 1.0)
    noise = evaluate(np.random.default_rng(0).normal(size=len(pairs.a)), pairs)
    assert 0.3 < noise["accuracy"] < 0.7


def test_a_half_without_pairs_has_no_score() -> None:
    pairs = matched_pairs(SUBJECT, DISTANCE, np.ones(48, bool))
    assert np.isnan(evaluate(DISTANCE[pairs.a][pairs.half == 0], pairs.where(pairs.half == 0))["accuracy"])


def test_front_needs_both_pictures_to_be_frontal() -> None:
    front = np.zeros(48, bool)
    front[:4] = True
    pairs = matched_pairs(SUBJECT, DISTANCE, front)
    assert pairs.front.sum() >= 6
    assert (pairs.a[pairs.front] < 4).all()
    assert len(pairs.where(pairs.front).a) == pairs.front.sum()


def test_one_relief_shifted_by_four_pixels_is_still_the_same() -> None:
    first = ball_depth(96, 96, (48, 48), 800, 240.0, deep=100)
    moved = np.roll(first, (4, -4), (0, 1))
    other = ball_depth(96, 96, (48, 48), 800, 240.0, deep=40)
    reliefs = Reliefs(np.stack([first, moved, other]), np.array([800.0, 800.0, 800.0]))
    same, different = reliefs.likeness(0, 1), reliefs.likeness(0, 2)
    assert same[0] == pytest.approx(0, abs=0.5)
    assert same[0] > different[0] + 2
    assert same[1] > different[1]


def test_an_even_face_is_frontal_and_a_turned_one_is_not() -> None:
    even = ball_depth(96, 96, (48, 48), 800, 240.0)
    tilt = (even + (np.arange(96) - 48)[None] * (even > 0)).astype(np.uint16)
    front = Reliefs(np.stack([even, tilt, tilt]), np.array([800.0] * 3)).front()
    assert front[0]
