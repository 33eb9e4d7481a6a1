"""Scores of eyes and of the pictures made from them; no training library is needed for these."""

from __future__ import annotations

import numpy as np
import pytest

from training.measures.eye import haar_pairs, perceptual_distance, structural_similarity


def test_a_picture_without_a_face_makes_no_pair() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    assert haar_pairs(noise) == []
    assert haar_pairs(np.zeros((200, 200, 3), np.uint8)) == []


def test_equal_pictures_are_alike_and_worse_ones_are_further_off() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 255, (128, 128, 3)).astype(np.uint8)
    noisy = [np.clip(picture + rng.normal(0, s, picture.shape), 0, 255) for s in (10, 60)]
    assert structural_similarity(picture, picture) == pytest.approx(1.0)
    assert perceptual_distance(picture, picture) == pytest.approx(0.0, abs=1e-6)
    assert 0 < perceptual_distance(picture, noisy[0]) < perceptual_distance(picture, noisy[1])
    assert perceptual_distance(picture, noisy[0]) == pytest.approx(perceptual_distance(noisy[0], picture))


def test_ssim_of_two_plain_pictures_is_the_luminance_term() -> None:
    a, b = np.full((64, 64), 100.0), np.full((64, 64), 150.0)
    c1 = (0.01 * 255) ** 2
    assert structural_similarity(a, b) == pytest.approx((2 * 100 * 150 + c1) / (100**2 + 150**2 + c1), abs=1e-6)
