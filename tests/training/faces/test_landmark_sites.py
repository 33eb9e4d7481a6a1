"""Landmarks lie where iBUG puts them, on the skin, and a person's brows are painted where the landmarks say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.faces.landmark_sites import ALONG, BROWS, LandmarkFinder
from training.faces.mesh import head_like_mesh


@pytest.fixture(scope="module")
def finder() -> LandmarkFinder:
    return LandmarkFinder(head_like_mesh())


@settings(max_examples=20, deadline=None)
@given(drop=st.floats(-0.2, 0.9), tilt=st.floats(-0.3, 0.3))
def test_every_landmark_is_a_mean_of_vertices_of_its_own_neighbourhood(drop: float, tilt: float) -> None:
    model = head_like_mesh()
    sites = LandmarkFinder(model).sites(drop, tilt)
    assert sites.weights.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert (sites.weights >= -1e-6).all()
    apart = np.linalg.norm(sites.of(model.vertices) - model.vertices[model.landmarks], axis=1)
    assert apart.max() < 1.6


def test_lower_brows_move_only_the_brow_landmarks_and_by_what_was_asked(finder: LandmarkFinder) -> None:
    vertices = head_like_mesh().vertices
    high, low = finder.sites(0.0, 0.0).of(vertices), finder.sites(0.5, 0.0).of(vertices)
    moved = high[:, 1] - low[:, 1]
    assert moved[list(BROWS)] == pytest.approx(0.5, abs=0.05)
    assert np.delete(moved, list(BROWS)) == pytest.approx(0.0, abs=1e-6)


def test_tilted_brows_fall_at_the_temples_and_rise_at_the_nose(finder: LandmarkFinder) -> None:
    vertices = head_like_mesh().vertices
    level, tilted = finder.sites(0.2, 0.0).of(vertices), finder.sites(0.2, 0.2).of(vertices)
    rise = tilted[:, 1] - level[:, 1]
    assert rise[17] < -0.1
    assert rise[26] < -0.1
    assert rise[21] > 0.1
    assert rise[22] > 0.1


def test_lids_and_lips_move_toward_the_middle_along_their_own_line(finder: LandmarkFinder) -> None:
    model = head_like_mesh()
    marks, moved = model.vertices[model.landmarks], finder.sites().of(model.vertices)
    for mark, (toward, share) in ALONG.items():
        whole = np.linalg.norm(marks[toward] - marks[mark])
        assert np.linalg.norm(moved[mark] - marks[mark]) == pytest.approx(share * whole, rel=1e-3)
        assert np.linalg.norm(moved[mark] - marks[toward]) == pytest.approx((1 - share) * whole, rel=1e-3)
