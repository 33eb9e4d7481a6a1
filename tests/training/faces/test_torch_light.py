"""Batches of figures in torch: seen as by `see` to the bit, shaded as by `shade` within rounding."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training.faces import accessories
from training.faces.batch_render import DeviceError, find_device, render_figures
from training.faces.expression import Expression
from training.faces.identity import draw_identity
from training.faces.light import Lighting, Shaded, Visible, see, shade
from training.faces.materials import ATTRIBUTES, Material, Patch, grid_patch
from training.faces.scene import Figure, Outfit, faceless_figure
from training.faces.studio import SITUATIONS, draw_lighting

HEIGHT, WIDTH = 96, 112
CELSIUS_OFF, COSINE_OFF, ECHO_OFF = 1e-3, 1e-3, 1e-3
LIGHT_OFF = 1e-3
"""Light may differ by this share of itself (or of a hundredth of the picture's brightest) ..."""
LIGHT_OFF_ELSEWHERE = 0.15
"""... but on the edge of a texel of the shadow map and on surfaces seen edge-on by this,"""
ELSEWHERE = 2e-3
"""which are at most this share of a figure's pixels."""


@dataclass(frozen=True)
class Take:
    figure: Figure
    intrinsics: np.ndarray
    lighting: Lighting
    seed: int


def _person(rig, number: int, outfit: Outfit, yaw: float) -> Figure:
    person = draw_identity(number, len(rig.model.identity_modes))
    return rig.pose_person(person, Expression(), outfit, (yaw, 5.0, -4.0), np.array([20.0, -10.0, 900.0]), 22.0, number)


@pytest.fixture(scope="module")
def takes(mesh_rig) -> list[Take]:
    figures = [
        _person(mesh_rig, 1, Outfit(glasses=True), 10.0),
        _person(mesh_rig, 2, Outfit(sunglasses=True, hat=True), -35.0),
        _person(mesh_rig, 3, Outfit(mask=True, hands=1), 80.0),
        faceless_figure(
            [accessories.torso(22.0, np.random.default_rng(4))], (30.0, 5.0, 2.0), np.array([0, -150, 900])
        ),
    ]
    seeds = [7, -1, 2**40 + 3, 0]  # shade takes the lower 32 bits
    rng = np.random.default_rng(0)
    return [
        Take(
            figure,
            np.array([250, 250, 50.5 + 3 * i, 48], np.float32),
            draw_lighting(rng, SITUATIONS[i][0], 800.0),
            seeds[i],
        )
        for i, figure in enumerate(figures)
    ]


def _rendered(takes: list[Take], device: str = "cpu") -> list[tuple[Visible, Shaded]]:
    cameras, lights = [take.intrinsics for take in takes], [take.lighting for take in takes]
    seeds = [take.seed for take in takes]
    return render_figures([take.figure for take in takes], cameras, HEIGHT, WIDTH, lights, seeds, device)


@pytest.fixture(scope="module")
def rendered(takes) -> list[tuple[Visible, Shaded]]:
    return _rendered(takes)


def _expected(take: Take) -> tuple[Visible, Shaded]:
    seen = see(take.figure, take.intrinsics, HEIGHT, WIDTH)
    return seen, shade(take.figure, take.intrinsics, HEIGHT, WIDTH, take.lighting, take.seed)


def _assert_alike(found: Shaded, expected: Shaded) -> None:
    """Hold two renderings together within the tolerances above."""
    covered = expected.cover > 0
    assert covered.mean() > 0.1
    assert np.array_equal(found.cover, expected.cover)
    assert np.array_equal(found.glass, expected.glass)
    assert np.abs(found.celsius - expected.celsius).max() < CELSIUS_OFF
    assert np.abs(found.cosine - expected.cosine).max() < COSINE_OFF
    assert np.abs(found.echo - expected.echo).max() < ECHO_OFF
    for name in ("color", "nir"):
        one, other = getattr(found, name), getattr(expected, name)
        off = np.abs(one - other) / np.maximum(other, 0.01 * other.max())
        assert off.max() < LIGHT_OFF_ELSEWHERE, name
        assert (off[covered] > LIGHT_OFF).mean() < ELSEWHERE, name


def test_figures_are_seen_to_the_bit(takes, rendered) -> None:
    behind_glass = 0
    for take, (seen, _) in zip(takes, rendered, strict=True):
        expected = _expected(take)[0]
        for field in fields(Visible):
            found, other = getattr(seen, field.name), getattr(expected, field.name)
            assert (found.dtype, found.shape) == (other.dtype, other.shape)
            assert np.array_equal(found, other), field.name
        behind_glass += expected.glass.sum()
    assert behind_glass > 50


def test_figures_are_shaded_within_rounding(takes, rendered) -> None:
    for take, (_, shaded) in zip(takes, rendered, strict=True):
        expected = _expected(take)[1]
        for field in fields(Shaded):
            found, other = getattr(shaded, field.name), getattr(expected, field.name)
            assert (found.dtype, found.shape) == (other.dtype, other.shape)
        _assert_alike(shaded, expected)


@pytest.mark.parametrize("toward", [(0.9, -0.3, -0.32), (0.75, -0.3, 0.6)], ids=["from the side", "from behind"])
def test_the_first_light_casts_the_same_shadow(takes, toward: tuple[float, float, float]) -> None:
    """One strong light and nothing else: what it doesn't reach is black in both."""
    direction = (np.array([toward]) / np.linalg.norm(toward)).astype(np.float32)
    none = np.zeros(3, np.float32)
    alone = Lighting(direction, np.ones((1, 3), np.float32), np.ones(1, np.float32), none, none, 0.0, 0.0)
    take = replace(takes[0], lighting=alone)
    ((_, found),), expected = _rendered([take]), _expected(take)[1]
    inside = expected.cover == 1
    dark = inside & (expected.nir < 1e-6)
    assert 0.1 < dark.sum() / inside.sum() < 0.95
    _assert_alike(found, expected)


@given(seed=st.integers(-(2**33), 2**33), place=st.integers(0, 2**31))
@settings(deadline=None, max_examples=15)
def test_surfaces_have_the_same_texture(seed: int, place: int) -> None:
    """A sheet whose texture reaches far into the noise in every direction."""
    rng = np.random.default_rng(place)
    points, triangles = grid_patch(
        np.stack([*np.meshgrid([-200.0, 200], [-200.0, 200]), np.zeros((2, 2))], axis=-1) / 10
    )
    attributes = np.full((len(points), ATTRIBUTES), 0.5, np.float32)
    attributes[:, 6:] = rng.uniform(-300, 300, 3) + rng.uniform(-8, 8, (len(points), 3))
    sheet = faceless_figure([Patch(points, triangles, attributes, Material.HAIR)], (0, 0, 0), np.array([0, 0, 900.0]))
    lighting = draw_lighting(np.random.default_rng(1), SITUATIONS[0][0], 800.0)
    camera = np.array([100, 100, 20, 20], np.float32)
    ((_, found),) = render_figures([sheet], [camera], 40, 40, [lighting], [seed])
    expected = shade(sheet, camera, 40, 40, lighting, seed)
    assert expected.echo[expected.cover == 1].std() > 0.01
    assert np.abs(found.echo - expected.echo).max() < ECHO_OFF


def test_the_same_figure_gives_the_same_bytes_alone_and_among_others(takes, rendered) -> None:
    for take, together in zip(takes[:2], rendered, strict=False):
        (alone,) = _rendered([take])
        for one, other in zip(alone, together, strict=True):
            for field in fields(one):
                assert getattr(one, field.name).tobytes() == getattr(other, field.name).tobytes(), field.name


def test_random_triangles_are_seen_to_the_bit(takes) -> None:
    rng = np.random.default_rng(3)
    for count in (1, 40, 400):
        points = np.column_stack([rng.uniform(-300, 300, (3 * count, 2)), rng.uniform(-100, 1500, 3 * count)])
        unit = rng.normal(size=(3 * count, 3))
        figure = replace(
            takes[0].figure,
            points=points.astype(np.float32),
            normals=(unit / np.linalg.norm(unit, axis=1, keepdims=True)).astype(np.float32),
            triangles=rng.integers(0, 3 * count, (count, 3)).astype(np.int32),
            attributes=rng.random((3 * count, ATTRIBUTES)).astype(np.float32),
            material=rng.integers(0, len(Material), count).astype(np.uint8),
        )
        take = replace(takes[0], figure=figure)
        ((seen, shaded),), (expected, expected_shaded) = _rendered([take]), _expected(take)
        assert np.array_equal(seen.nearest, expected.nearest)
        assert np.array_equal(seen.depth_mm, expected.depth_mm)
        assert np.array_equal(shaded.cover, expected_shaded.cover)
        assert np.isfinite(shaded.color).all()


def test_many_figures_are_rendered_in_pieces_that_fit(takes, rendered, monkeypatch) -> None:
    monkeypatch.setattr("training.faces.batch_render.AT_ONCE_PIXELS", {"cpu": 2 * HEIGHT * WIDTH, "cuda": 1})
    for (_, piece), (_, whole) in zip(_rendered(takes), rendered, strict=True):
        assert np.array_equal(piece.color, whole.color)
    assert render_figures([], [], HEIGHT, WIDTH, [], []) == []


def test_what_does_not_fit_together_is_explained(takes) -> None:
    take = takes[0]
    with pytest.raises(ValueError, match="1 figures, but 1 intrinsics, 1 lightings and 2 seeds"):
        render_figures([take.figure], [take.intrinsics], 8, 8, [take.lighting], [1, 2])
    dark = replace(take.lighting, directions=np.zeros((0, 3), np.float32))
    with pytest.raises(ValueError, match="lighting 0 has no light"):
        render_figures([take.figure], [take.intrinsics], 8, 8, [dark], [1])


def test_a_device_that_is_not_there_is_explained() -> None:
    assert find_device("cpu").type == "cpu"
    with pytest.raises(DeviceError, match="'gpu'"):
        find_device("gpu")
    with pytest.raises(DeviceError, match="cpu or cuda, not on meta"):
        find_device("meta")
    with pytest.raises(DeviceError, match="--device cpu"):
        find_device("cuda:99")


@pytest.mark.gpu
def test_a_gpu_renders_what_the_processor_renders(takes, rendered) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no NVIDIA GPU that torch can use")
    first, again = _rendered(takes, "cuda"), _rendered(takes, "cuda")
    for one, two in zip(first, again, strict=True):
        for part, same in zip(one, two, strict=True):
            for field in fields(part):
                assert getattr(part, field.name).tobytes() == getattr(same, field.name).tobytes(), field.name
    for (seen, shaded), (expected, expected_shaded) in zip(first, rendered, strict=True):
        assert np.array_equal(seen.nearest, expected.nearest)
        assert np.abs(seen.depth_mm - expected.depth_mm)[expected.nearest >= 0].max() < 1e-3
        _assert_alike(shaded, expected_shaded)
