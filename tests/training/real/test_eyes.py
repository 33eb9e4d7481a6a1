"""Pairs of eye and face, and their baselines."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.real.data import load_portraits
from training.real.eyes import EyePairs, PairBuilder, baselines, score_one


def test_a_picture_without_a_face_gives_no_pair() -> None:
    pairs = PairBuilder().pairs(np.full((1, 120, 160, 3), 90, np.uint8))
    assert len(pairs.row) == 0
    assert pairs.face.shape == (0, 128, 128, 3)


def test_real_portraits_give_two_eyes_of_one_face(shared_data: Path) -> None:
    """Portraits of the development data (../shared/data/portraits)."""
    pictures = list(load_portraits(shared_data).values())
    smaller = [cv2.resize(p, None, fx=600 / max(p.shape), fy=600 / max(p.shape)) for p in pictures]
    pairs = PairBuilder().pairs(smaller)
    assert len(pairs.row) >= 4
    assert (np.bincount(pairs.row)[np.unique(pairs.row)] == 2).all()
    assert pairs.eye.shape[1:] == (32, 32, 3)
    assert np.array_equal(pairs.face[0], pairs.face[1])


def test_the_same_face_has_no_distance_and_its_light_does_not_change_its_shapes() -> None:
    face = np.zeros((128, 128, 3), np.uint8)
    cv2.circle(face, (64, 64), 40, (120, 120, 120), -1)
    same = score_one(face, face)
    assert (same["L1"], same["HOG distance"]) == (0.0, 0.0)
    assert same["SSIM"] == pytest.approx(1.0)
    brighter = score_one((face * 2).astype(np.uint8), face)
    assert brighter["L1"] > 10
    assert brighter["HOG distance"] < 0.05


def test_baselines_leave_the_subject_out() -> None:
    shades = (10, 30, 200)
    eye = np.stack([np.full((32, 32, 3), v, np.uint8) for v in shades])
    face = np.stack([np.full((128, 128, 3), v, np.uint8) for v in shades])
    out = baselines(EyePairs(np.arange(3), eye, face, np.ones(3, bool)), np.array(["a", "b", "b"]))
    assert out["mean face of other people"][0, 0, 0, 0] == 115
    assert out["mean face of other people"][1, 0, 0, 0] == 10
    assert out["face of the nearest other eye"][0, 0, 0, 0] == 30
