"""Heads are found from depth alone, and the shipped landmarks hold on a real recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.loading import WEIGHTS
from training.evaluate import load_model
from training.real_data import (
    KINECT_AWAY,
    KINECT_TOWARD,
    Head,
    RealDataError,
    find_head,
    head_ellipse,
    kinect_person,
    rap3df,
)


def person(distance: int = 900, x: int = 150, top: int = 40) -> np.ndarray:
    """A ball on a body before a wall, fx = 400: 200 mm wide head, 240 mm high."""
    depth = np.full((300, 320), 2500, np.uint16)
    rows, columns = np.mgrid[:300, :320]
    px = 400 / distance
    head = ((columns - x) / (100 * px)) ** 2 + ((rows - top - 120 * px) / (120 * px)) ** 2 < 1
    body = (rows > top + 230 * px) & (np.abs(columns - x) < 220 * px)
    depth[head | body] = distance
    return depth


@pytest.mark.parametrize("distance", [700, 900, 1400])
def test_the_head_is_found_with_its_distance(distance: int) -> None:
    head = find_head(person(distance), 400)
    assert head.distance_mm == pytest.approx(distance)
    assert head.x == pytest.approx(150, abs=3)
    assert head.y == pytest.approx(40 + 120 * 400 / distance, abs=6)


def test_no_depth_no_head() -> None:
    with pytest.raises(RealDataError, match="without any valid pixel"):
        find_head(np.zeros((100, 100), np.uint16), 400)


def test_a_crop_is_320_mm_wide_and_centered() -> None:
    head = Head(150.0, 100.0, 800.0, 400.0)  # 160 px wide crop
    image = np.zeros((300, 320), np.uint8)
    image[96:105, 146:155] = 255
    crop = head.cut(image, 80)
    rows, columns = np.nonzero(crop > 100)
    assert columns.mean() == pytest.approx(39.5, abs=0.6)
    assert rows.mean() == pytest.approx(39.5, abs=0.6)
    assert np.ptp(columns) + 1 == pytest.approx(4.5, abs=1)


def test_the_heads_ellipse_is_160_by_230_mm() -> None:
    mask = head_ellipse(96)
    assert mask.any(axis=0).sum() == pytest.approx(160 / 320 * 96, abs=2)
    assert mask.any(axis=1).sum() == pytest.approx(230 / 320 * 96, abs=2)


def test_real_recordings_give_heads_at_plausible_distances(shared_data: Path) -> None:
    distances = [sample.head.distance_mm for sample in kinect_person(shared_data)]
    assert len(distances) == 100
    assert 780 < min(distances) < max(distances) < 960
    subjects = {sample.subject for sample in rap3df(shared_data)}
    assert len(subjects) == 80


def test_missing_recordings_are_named(tmp_path: Path) -> None:
    for read in (kinect_person, rap3df):
        with pytest.raises(RealDataError, match=r"the folder .*nowhere is missing"):
            list(read(tmp_path / "nowhere"))
    with pytest.raises(RealDataError, match="kinect_person"):
        list(kinect_person(tmp_path))
    with pytest.raises(RealDataError, match="rap3df_set2"):
        list(rap3df(tmp_path))


@pytest.mark.skipif(not (WEIGHTS / "face_landmarks-plus.json").exists(), reason="face_landmarks-plus is not shipped")
def test_shipped_landmarks_know_a_face_from_the_back_of_a_head(shared_data: Path) -> None:
    model = load_model("face_landmarks")
    samples = list(kinect_person(shared_data))
    toward = [model(samples[i].gray(128)).presence for i in KINECT_TOWARD[::4]]
    away = [model(samples[i].gray(128)).presence for i in KINECT_AWAY[::8]]
    model.close()
    assert min(toward) > 0.5
    assert max(away) < 0.5
