"""What a tile gets: every frame as a picture, holes that stay holes, and pixels of the interval in one colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from drivers.frame import Frame, KelvinMap, StreamInfo, StreamKind
from gui.looks.look import Beyond, Isotherm, Look, palettes_of
from gui.looks.render import faded, render
from gui.looks.scale import scale_of
from gui.looks.tables import color_table, hatch, isotherm_shades
from pipeline.colormap import PALETTES, CountRange, range_of

KELVIN = KelvinMap(0.01)

looks = st.builds(
    Look,
    palette=st.sampled_from((None, *PALETTES)),
    isotherm=st.none() | st.builds(Isotherm, st.sampled_from(Beyond), st.floats(-300, 20), st.floats(20, 70000)),
    gamma=st.sampled_from((0.3, 1.0, 1.8, 4.0)),
    clahe=st.sampled_from((0.0, 1.0, 8.0)),
    red=st.booleans(),
)


def made(kind: StreamKind, pixels: np.ndarray, kelvin: KelvinMap | None = KELVIN) -> Frame:
    h, w = pixels.shape[:2]
    info = StreamInfo(
        "it",
        kind,
        w,
        h,
        pixels.dtype.name,
        unit_m=0.001 if kind is StreamKind.DEPTH else None,
        kelvin=kelvin if kind is StreamKind.THERMAL else None,
    )
    return Frame(info, pixels, 1, 0, 1)


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    kind = draw(st.sampled_from(StreamKind))
    shape: tuple[int, ...] = (draw(st.integers(1, 40)), draw(st.integers(1, 40)))
    dtype = np.uint16 if kind in (StreamKind.DEPTH, StreamKind.THERMAL) else np.uint8
    if kind in (StreamKind.GRAY, StreamKind.INFRARED) and draw(st.booleans()):
        dtype = np.uint16
    if kind is StreamKind.COLOR:
        shape = (*shape, 3)
    kelvin = draw(st.sampled_from((None, KELVIN, KelvinMap(-0.02, 900.0), KelvinMap(0.0), KelvinMap(float("nan")))))
    return made(kind, draw(arrays(dtype, shape)), kelvin)


def is_painted(rgb: np.ndarray, beyond: Beyond) -> np.ndarray:
    """Which pixels have a shade of the isotherm: on gray palettes no other color is as green."""
    shades = {tuple(c) for c in isotherm_shades(beyond)}
    flat = [tuple(c) in shades for c in rgb.reshape(-1, 3)]
    return np.array(flat).reshape(rgb.shape[:-1])


@settings(deadline=None, max_examples=150)
@given(frames(), looks, st.none() | st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_every_frame_has_a_picture_that_fits_its_tile(
    shown: Frame, look: Look, size_px: tuple[int, int] | None
) -> None:
    before = shown.pixels.tobytes()
    picture = render(shown, look, None, size_px)
    h, w = picture.rgb.shape[:2]
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.shape[2] == 3
    assert 0 < picture.scale <= 1
    assert 1 <= w <= shown.info.width
    assert 1 <= h <= shown.info.height
    if size_px is not None:
        assert w <= max(size_px[0], 1)
        assert h <= max(size_px[1], 1)
    assert shown.pixels.tobytes() == before


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 30))
def test_a_smaller_picture_of_depth_holds_no_distance_that_was_not_measured(seed: int, w: int, h: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = np.where(rng.random((48, 64)) < 0.3, 0, rng.choice((600, 3000), (48, 64))).astype(np.uint16)
    shown = made(StreamKind.DEPTH, pixels)
    counts = CountRange(500, 4000)
    small = render(shown, Look(), counts, (w, h)).rgb
    full = render(made(StreamKind.DEPTH, np.array([[600, 3000]], np.uint16)), Look(), counts, None).rgb
    allowed = {tuple(c) for c in full.reshape(-1, 3)} | {tuple(c) for c in hatch(20, 20).reshape(-1, 3)}
    assert {tuple(c) for c in small.reshape(-1, 3)} <= allowed


@pytest.mark.parametrize("red", [False, True])
@pytest.mark.parametrize("palette", palettes_of(StreamKind.DEPTH))
def test_no_reading_looks_like_no_distance(palette: str, red: bool) -> None:
    distances = color_table(palette, True, red)[1:, 0].astype(int)
    for color in np.unique(hatch(20, 20, red).reshape(-1, 3), axis=0).astype(int):
        assert np.abs(distances - color).max(axis=1).min() >= 6
    ground = hatch(20, 20, red)[0, 1].astype(int)
    assert np.abs(distances - ground).max(axis=1).min() >= 18


def test_near_is_bright_and_count_0_of_a_radiometric_camera_is_a_hole() -> None:
    depth = np.array([[0, 600, 1500, 4000]], np.uint16)
    rgb = render(made(StreamKind.DEPTH, depth), Look(palette="white hot"), CountRange(500, 4000), None).rgb[0]
    assert rgb[1].sum() > rgb[2].sum() > rgb[3].sum() > 0
    thermal = np.array([[0, 29315, 31015]], np.uint16)
    rgb = render(made(StreamKind.THERMAL, thermal), Look(), CountRange(29315, 31015), None).rgb[0]
    assert tuple(rgb[0]) == tuple(hatch(1, 1)[0, 0])
    assert rgb[2].sum() > rgb[1].sum()


@pytest.mark.parametrize(("palette", "sign"), [("white hot", 1), ("black hot", -1)])
@given(st.lists(st.integers(1, 65535), min_size=2, max_size=30))
def test_white_hot_rises_and_black_hot_falls_with_the_temperature(palette: str, sign: int, counts: list[int]) -> None:
    pixels = np.array([sorted(counts)], np.uint16)
    rgb = render(made(StreamKind.THERMAL, pixels), Look(palette=palette), CountRange(20000, 40000), None).rgb
    assert (np.diff(rgb[0].astype(int).sum(axis=1)) * sign >= 0).all()


def test_hot_is_bright_where_a_camera_counts_downward() -> None:
    pixels = np.array([[30000, 31000]], np.uint16)
    shown = made(StreamKind.THERMAL, pixels, KelvinMap(-0.01, 600.0))
    rgb = render(shown, Look(palette="white hot"), CountRange(30000, 31000), None).rgb[0]
    assert rgb[0].sum() > rgb[1].sum()


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from(Beyond),
    st.floats(-40, 120),
    st.floats(0, 60),
    st.sampled_from((KelvinMap(0.01), KelvinMap(0.04, 5.0), KelvinMap(-0.02, 900.0))),
    st.integers(0, 2**32 - 1),
)
def test_an_isotherm_paints_the_pixels_of_its_interval_and_no_others(
    beyond: Beyond, low: float, span: float, kelvin: KelvinMap, seed: int
) -> None:
    around = (low + 273.15 - kelvin.offset) / kelvin.gain
    noise = np.random.default_rng(seed).normal(around, 3000, (20, 20))
    pixels = np.clip(noise, 1, 65535).astype(np.uint16)
    shown = made(StreamKind.THERMAL, pixels, kelvin)
    look = Look(palette="white hot", isotherm=Isotherm(beyond, low, low + span))
    assert look.isotherm is not None
    rgb = render(shown, look, CountRange(20000, 40000), None).rgb
    painted = is_painted(rgb, beyond)
    first, last = look.isotherm.ends
    celsius = shown.celsius()
    slack = 1e-7
    assert painted[(celsius >= first + slack) & (celsius <= last - slack)].all()
    assert not painted[(celsius < first - slack) | (celsius > last + slack)].any()


def test_an_end_of_an_isotherm_that_falls_on_a_count_is_painted() -> None:
    pixels = np.array([[31014, 31015, 31016]], np.uint16)
    look = Look(isotherm=Isotherm(Beyond.BETWEEN, 37.0, 37.0))
    rgb = render(made(StreamKind.THERMAL, pixels), look, CountRange(30000, 32000), None).rgb[0]
    assert list(is_painted(rgb, Beyond.BETWEEN)) == [False, True, False]


def test_what_lies_in_an_isotherm_is_still_seen() -> None:
    pixels = np.linspace(30315, 31015, 60).astype(np.uint16)[None]
    look = Look(isotherm=Isotherm(Beyond.ABOVE, 30.0, 30.0))
    rgb = render(made(StreamKind.THERMAL, pixels), look, CountRange(29315, 31015), None).rgb
    assert is_painted(rgb, Beyond.ABOVE).all()
    assert len(np.unique(rgb[0], axis=0)) > 30
    assert (np.diff(rgb[0, :, 1].astype(int)) >= 0).all()


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_gamma_lifts_shadows_and_clahe_finds_contrast_in_the_dark(dtype: str) -> None:
    rng = np.random.default_rng(3)
    scale = 1 if dtype == "uint8" else 200
    dark = (rng.integers(4, 14, (120, 160)) * scale).astype(dtype)
    dark[0, 0] = 255 * scale
    shown = made(StreamKind.INFRARED, dark)
    counts = CountRange(0, 255 * scale)
    plain = render(shown, Look(), counts, None).rgb
    assert render(shown, Look(gamma=2.2), counts, None).rgb.mean() > 2 * plain.mean()
    assert render(shown, Look(clahe=4.0), counts, None).rgb.std() > 1.5 * plain.std()


@pytest.mark.parametrize("kind", list(StreamKind))
def test_the_night_look_and_its_grey_are_red_alone(kind: StreamKind) -> None:
    rng = np.random.default_rng(1)
    shape = (40, 40, 3) if kind is StreamKind.COLOR else (40, 40)
    dtype = np.uint16 if kind in (StreamKind.DEPTH, StreamKind.THERMAL) else np.uint8
    shown = made(kind, rng.integers(0, 255, shape).astype(dtype))
    rgb = render(shown, Look(red=True), None, None).rgb
    assert rgb[..., 1].max() <= 20
    assert rgb[..., 2].max() <= 20
    assert rgb[..., 0].max() > 100
    old = faded(rgb, red=True)
    assert old[..., 1].max() <= 20
    assert old.mean() < 0.8 * rgb.mean()


def test_an_old_picture_has_no_color() -> None:
    rgb = np.zeros((10, 10, 3), np.uint8)
    rgb[..., 0] = 250
    gray = faded(rgb)
    assert (gray[..., 0] == gray[..., 1]).all()
    assert gray.max() < 60


def test_a_frame_of_12_megapixels_becomes_a_picture_as_large_as_its_tile() -> None:
    pixels = np.full((3072, 4096), 1200, np.uint16)
    pixels[:, :2048] = 0
    picture = render(made(StreamKind.DEPTH, pixels), Look(), None, (700, 700))
    assert picture.rgb.shape == (525, 700, 3)
    assert picture.scale == pytest.approx(700 / 4096)
    assert (picture.rgb[:, :340] == hatch(525, 700)[:, :340]).all()


def test_the_isotherm_of_depth_is_in_metres() -> None:
    shown = made(StreamKind.DEPTH, np.array([[0, 999, 1000, 1500, 1501]], np.uint16))
    look = Look(isotherm=Isotherm(Beyond.BETWEEN, 1.0, 1.5))
    rgb = render(shown, look, range_of(shown), None, scale_of(shown.info)).rgb[0]
    assert list(is_painted(rgb, Beyond.BETWEEN)) == [False, False, True, True, False]
