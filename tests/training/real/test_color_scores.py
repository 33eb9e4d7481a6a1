"""Colour: SSIM, errors over the head, identity, and baselines without their own subject."""

from __future__ import annotations

import numpy as np
import pytest

from training.real import color
from training.real.crops import head_ellipse


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (64, 64, 3), dtype=np.uint8)


def test_the_same_picture_is_alike_and_noise_is_not() -> None:
    same = color.score_one(picture(0), picture(0))
    assert same["SSIM"] == pytest.approx(1.0)
    assert same["L1"] == same["RMSE"] == 0.0
    assert abs(color.score_one(picture(0), picture(1))["SSIM"]) < 0.1


def test_flat_pictures_have_the_ssim_of_their_means() -> None:
    a, b = np.full((64, 64), 50.0), np.full((64, 64), 100.0)
    c1 = 2.55**2
    wanted = (2 * 50 * 100 + c1) / (50**2 + 100**2 + c1)
    assert color.structural_similarity(a, b, np.ones((64, 64), bool)) == pytest.approx(wanted)


def test_only_the_head_counts() -> None:
    truth = np.full((64, 64, 3), 100, np.uint8)
    found = truth.copy()
    found[~head_ellipse(64)] = 0
    assert color.score_one(found, truth)["L1"] == 0.0
    assert color.score_one(found, truth)["L1 all"] > 40


def test_rank_one_identity_counts_a_missing_face_as_wrong() -> None:
    gallery = np.array([[0.0, 0.0], [1.0, 1.0]])
    probes = np.array([[0.1, 0.0], [0.9, 1.0], [0.0, 0.1], [np.nan, np.nan]])
    seen = np.array([True, True, True, False])
    who = np.array(["a", "b", "b", "a"])
    assert color.identity(probes, seen, who, gallery, np.array(["a", "b"])) == pytest.approx(0.5)


def test_baselines_leave_the_subject_out() -> None:
    truth = np.stack([np.full((64, 64, 3), v, np.uint8) for v in (10, 20, 200)])
    codes = np.stack([np.full((64, 64), v, np.uint8) for v in (100, 101, 180)])
    out = color.baselines(truth, codes, np.array(["a", "a", "b"]))
    assert out["mean of other people"][0, 0, 0, 0] == 200
    assert out["mean of other people"][2, 0, 0, 0] == 15
    assert out["nearest other by depth"][2, 0, 0, 0] == 20
