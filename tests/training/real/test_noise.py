"""Noise: the measures find what was put into made arrays, and the page puts real and rendered side by side."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.onnx_models import write_tiny_models
from tests.training.real.recordings import ball_depth, write_rap, write_thermal, write_turning
from training.real import noise
from training.real.page import SECTIONS, evaluate_real
from training.real.tables import NOT_MEASURED, Table

EVERYWHERE = np.ones((96, 96), bool)


@settings(deadline=None, max_examples=20)
@given(
    sigma=st.floats(0.2, 30),
    slopes=st.tuples(st.floats(-20, 20), st.floats(-20, 20)),
    window=st.sampled_from([3, 5, 7]),
    seed=st.integers(0, 1000),
)
def test_spatial_noise_is_found_on_any_slope(sigma: float, slopes: tuple[float, float], window: int, seed: int) -> None:
    y, x = np.mgrid[:96, :96]
    made = 900 + slopes[0] * x + slopes[1] * y + np.random.default_rng(seed).normal(0, sigma, x.shape)
    # The median of a chi distribution with window^2 - 3 degrees of freedom lies a little under 1.
    assert noise.roughness(made, EVERYWHERE, window) == pytest.approx(sigma, rel=0.08 if window > 3 else 0.15)


def test_the_plane_is_the_one_of_least_squares() -> None:
    made = np.random.default_rng(1).normal(0, 4, (9, 9)) + np.arange(9) * 3.0
    v, u = np.mgrid[-2:3, -2:3]
    design = np.stack([u.ravel(), v.ravel(), np.ones(25)], axis=1)
    patch = made[2:7, 2:7].ravel()
    rest = patch - design @ np.linalg.lstsq(design, patch, rcond=None)[0]
    assert noise.plane_residual(made)[4, 4] == pytest.approx(np.sqrt((rest**2).sum() / 22))
    with pytest.raises(ValueError, match="3, 5, 7"):
        noise.plane_residual(made, 4)


def test_only_whole_patches_count() -> None:
    made = np.zeros((40, 40))
    made[:, 20:] = 500.0  # an edge, and readings beside it that are not to be used
    usable = np.zeros((40, 40), bool)
    usable[:, :20] = True
    assert noise.roughness(made, usable) == pytest.approx(0, abs=1e-6)
    assert np.isnan(noise.roughness(made, np.zeros((40, 40), bool)))


@settings(deadline=None, max_examples=20)
@given(share=st.floats(0, 1), seed=st.integers(0, 1000))
def test_the_hole_rate_is_the_share_of_lost_pixels(share: float, seed: int) -> None:
    lost = np.random.default_rng(seed).random((96, 96)) < share
    depth = np.where(lost, 0, 800).astype(np.uint16)
    assert noise.hole_rate(depth, EVERYWHERE) == pytest.approx(lost.mean())
    assert np.isnan(noise.hole_rate(depth, ~EVERYWHERE))


def test_holes_belong_to_the_body_and_what_is_far_does_not() -> None:
    depth = ball_depth(149, 119, (60, 70), 900, 365.0, wall=2500)
    whole = noise.body_of(depth, 900)
    holed = depth.copy()
    holed[60:70, 55:65] = 0
    assert (noise.body_of(holed, 900) == whole).all()
    assert (whole == (depth < 1100)).mean() > 0.99
    assert not noise.body_of(np.zeros_like(depth), 900).any()


@pytest.mark.parametrize("baseline", [50.0, 75.0])
def test_a_shadow_tells_the_projectors_baseline(baseline: float) -> None:
    """At 900 mm before a wall at 2500 mm, 2.5 mm a pixel: baseline (1 - 900 / 2500) mm have no reading."""
    depth = np.full((80, 128), 2500, np.uint16)
    depth[:, 40:80] = 900
    width = round(baseline * (1 - 900 / 2500) / 2.5)
    depth[:, 80 : 80 + width] = 0
    left, right = noise.side_gaps(depth, noise.body_of(depth, 900))
    assert len(left) == len(right) == 80
    assert left[:, 0].max() == 0
    assert np.median(right[:, 0] / right[:, 1]) * 2.5 == pytest.approx(baseline, rel=0.05)


def test_a_gap_before_nothing_far_is_no_shadow() -> None:
    depth = np.zeros((20, 60), np.uint16)
    depth[:, 20:40] = 900
    depth[:, 45:] = 950
    left, right = noise.side_gaps(depth, noise.body_of(depth, 900))
    assert len(left) == len(right) == 0


@pytest.mark.parametrize("share", [0.0, 0.25, 0.6])
def test_flying_pixels_on_the_rim_are_counted(share: float) -> None:
    depth = ball_depth(149, 119, (60, 70), 900, 365.0, deep=20)
    body = noise.body_of(depth, 900)
    rim = body & ~noise.shrunk(body, 1)
    flying = rim & (np.random.default_rng(2).random(rim.shape) < share)
    drops = noise.edge_drops(np.where(flying, depth + 120, depth), body)
    assert len(drops) == rim.sum()
    assert (drops > 100).mean() == pytest.approx(flying[rim].mean(), abs=1e-9)


@settings(deadline=None, max_examples=20)
@given(step=st.integers(1, 16), seed=st.integers(0, 1000))
def test_the_step_of_depth_is_found(step: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(1000, 8 * step, 4000)
    assert noise.depth_step(np.round(values / step) * step) == step


def test_a_single_value_has_no_step() -> None:
    assert np.isnan(noise.depth_step(np.full(100, 800)))
    assert np.isnan(noise.depth_step(np.zeros(100)))


@settings(deadline=None, max_examples=20)
@given(sigma=st.floats(0.5, 12), seed=st.integers(0, 1000))
def test_temporal_noise_is_found_whatever_the_scene(sigma: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    frames = random.uniform(600, 3000, (48, 48)) + random.normal(0, sigma, (6, 48, 48))
    frames[3, :24] += 400  # somebody passes
    frames[1, 40:] = 0  # and something is lost
    assert noise.temporal_noise(frames, np.ones((48, 48), bool)) == pytest.approx(sigma, rel=0.06)


def test_readings_that_come_and_go_are_counted() -> None:
    frames = np.full((3, 10, 10), 900)
    frames[1, :2] = 0  # a fifth goes, and comes back
    assert noise.flicker(frames, np.ones((10, 10), bool)) == pytest.approx(0.2)
    assert np.isnan(noise.flicker(np.zeros_like(frames), np.ones((10, 10), bool)))
    assert np.isnan(noise.temporal_noise(frames[:1], np.ones((10, 10), bool)))


@settings(deadline=None, max_examples=20)
@given(sigma=st.floats(1.2, 3.0), height=st.floats(20, 200), turn=st.floats(0, np.pi))
def test_the_width_of_a_blurred_edge_is_found(sigma: float, height: float, turn: float) -> None:
    y, x = np.mgrid[-48:48, -48:48]
    step = (np.cos(turn) * x + np.sin(turn) * y > 0).astype(np.float32) * np.float32(height)
    blurred = cv2.GaussianBlur(step, (0, 0), sigma)
    found = noise.edge_width(blurred, noise.shrunk(EVERYWHERE, 12) & (np.hypot(x, y) < 30), reach=10)
    assert found == pytest.approx(np.sqrt(2 * np.pi * (sigma**2 + 1 / 3)), rel=0.1)


def test_nothing_has_no_edges() -> None:
    assert np.isnan(noise.edge_width(np.full((96, 96), 7.0), EVERYWHERE))
    assert np.isnan(noise.edge_width(np.zeros((96, 96)), ~EVERYWHERE))


def test_contrasts_are_shares_of_the_range() -> None:
    values = np.zeros((10, 10))
    values[:5] = 100.0
    values[0, :5] = 80.0
    face = np.zeros((10, 10), bool)
    face[:5] = True
    everywhere = np.ones((10, 10), bool)
    assert noise.contrast(values, face, ~face, everywhere) == pytest.approx(1.0)
    assert noise.inner_contrast(values, face, everywhere) == pytest.approx(0.2 * 0.5, abs=0.12)
    assert np.isnan(noise.contrast(np.ones((10, 10)), face, ~face, everywhere))
    assert np.isnan(noise.inner_contrast(values, face, ~everywhere))
    assert noise.levels(values, face)[1] == 100.0


@settings(deadline=None, max_examples=20)
@given(gain=st.floats(0.1, 50), offset=st.floats(0, 20000))
def test_counts_are_shown_alike_whatever_gain_and_offset(gain: float, offset: float) -> None:
    made = np.random.default_rng(3).normal(0, 10, (40, 40))
    assert np.abs(noise.stretched(gain * made + offset).astype(int) - noise.stretched(made)).max() <= 1


def _row(tables: list[Table], title: str, measure: str) -> dict:
    return dict(next(table for table in tables if title in table.title).rows)[measure]


def test_the_page_says_what_was_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAPETUM_FACE_MODEL", raising=False)
    write_rap(tmp_path / "data")
    page = evaluate_real(tmp_path / "data", write_tiny_models(tmp_path / "weights"), only=("noise",))
    row = _row(page.tables, "rap3df_set2, depth", "spatial noise mm")
    assert row["rig"] == NOT_MEASURED
    assert isinstance(row["real"], float)
    assert "TAPETUM_FACE_MODEL" in page.markdown or "numba" in page.markdown


def test_noise_is_measured_on_request_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rap(tmp_path / "data", people=2)
    asked: list[str] = []
    monkeypatch.setattr("training.real.page.SECTIONS", {k: lambda _, k=k: asked.append(k) or [] for k in SECTIONS})
    evaluate_real(tmp_path / "data", write_tiny_models(tmp_path / "weights"))
    assert set(SECTIONS) - set(asked) == {"noise"}


def test_the_page_puts_rendered_samples_beside_the_recordings(tmp_path: Path) -> None:
    pytest.importorskip("numba", reason="the rig's fast path needs the extra 'train'")
    from training.faces.mesh import head_like_mesh
    from training.faces.scene import Rig
    from training.faces.shards import write_shard
    from training.faces.studio import draw_face

    rig = Rig(head_like_mesh())
    write_shard(tmp_path / "faces", "faces-000", [draw_face(rig, seed, seed) for seed in range(12)])
    data = tmp_path / "data"
    write_rap(data)
    write_turning(data)
    write_thermal(data)
    page = evaluate_real(data, write_tiny_models(tmp_path / "weights"), only=("noise",), faces=tmp_path / "faces")
    assert "--faces FACES --only noise" in page.markdown
    for title, measure in (
        ("kinect_person, depth", "wall, frame to frame mm"),
        ("kinect_person, colour", "grain, counts"),
        ("lepton_faces, thermal, gray", "face less background"),
        ("lepton_faces, thermal, gray", "noise round the face, counts"),
    ):
        row = _row(page.tables, title, measure)
        assert isinstance(row["rig"], float), (title, measure)
        assert row["rig 5 %"] <= row["rig 25 %"] <= row["rig"] <= row["rig 75 %"] <= row["rig 95 %"]
    still = _row(page.tables, "kinect_person, depth", "wall, frame to frame mm")
    assert still["real"] == 0.0  # the made recording's wall has no noise
    assert still["real's median in the rig"] == 0.0
