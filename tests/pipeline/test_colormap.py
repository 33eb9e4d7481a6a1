"""What the eye gets: palettes, ranges, and the black of pixels without a reading."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import KelvinMap, StreamInfo, StreamKind
from pipeline.colormap import (
    PALETTES,
    CountRange,
    PaletteError,
    RangeFollower,
    apply_palette,
    auto_range,
    describe_range,
    gray_out,
    middle_in_units,
    palette_colors,
    range_of,
    to_rgb,
)
from tests.pipeline.pictures import COLOR, DEPTH, THERMAL, frame


@pytest.mark.parametrize("name", PALETTES)
def test_every_palette_has_256_colors_and_its_ends_differ(name: str) -> None:
    colors = palette_colors(name)
    assert colors.shape == (256, 3)
    assert colors.dtype == np.uint8
    assert np.abs(colors[0].astype(int) - colors[-1]).sum() > 100


def test_an_unknown_palette_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(PaletteError, match="ironbow"):
        palette_colors("rust")


@pytest.mark.parametrize("name", ["ironbow", "white hot", "inferno"])
def test_a_hot_palette_gets_brighter_all_the_way(name: str) -> None:
    luminance = palette_colors(name).astype(float) @ [0.299, 0.587, 0.114]
    assert (np.diff(luminance) > -2.0).all()


def test_depth_without_a_reading_is_black_and_near_is_brighter_than_far() -> None:
    pixels = np.full((240, 320), 3000, np.uint16)
    pixels[:, :100] = 600
    pixels[:50] = 0
    rgb = to_rgb(_with(DEPTH, pixels))
    assert (rgb[:50] == 0).all()
    assert rgb[100, 50].sum() > rgb[100, 200].sum() > 0


@given(st.integers(1, 60_000), st.integers(1, 5000))
def test_a_reading_is_never_painted_as_no_reading(low: int, span: int) -> None:
    pixels = np.array([[1, low, low + span, 65535]], np.uint16)
    rgb = apply_palette(pixels, CountRange(low, low + span), "viridis", is_depth=True)
    assert rgb.any(axis=2).all()


def test_both_ends_of_a_range_get_the_first_and_the_last_color() -> None:
    pixels = np.array([[100, 200, 50, 250]], np.uint16)
    rgb = apply_palette(pixels, CountRange(100, 200), "inferno")
    colors = palette_colors("inferno")
    assert (rgb[0, [0, 2]] == colors[0]).all()
    assert (rgb[0, [1, 3]] == colors[255]).all()


def test_the_middle_color_of_depth_lies_where_the_scale_says() -> None:
    counts = CountRange(800, 2700)
    middle = middle_in_units(DEPTH, counts)
    assert middle == pytest.approx(1.234, abs=0.001)
    pixels = np.array([[round(1000 * middle)]], np.uint16)
    rgb = apply_palette(pixels, counts, "white hot", is_depth=True)
    assert abs(int(rgb[0, 0, 0]) - 128) <= 1
    assert middle_in_units(THERMAL, CountRange(29315, 31015)) == pytest.approx(28.5)


def test_color_pixels_are_shown_as_they_are() -> None:
    shown = frame(COLOR, 123)
    assert np.array_equal(to_rgb(shown), shown.pixels)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_gray_of_8_and_16_bits_is_stretched_for_the_eye(dtype: str) -> None:
    info = StreamInfo("night", StreamKind.INFRARED, 320, 240, dtype)
    top = 255 if dtype == "uint8" else 4000
    pixels = np.linspace(0, top, 320 * 240).reshape(240, 320).astype(dtype)
    rgb = to_rgb(_with(info, pixels))
    assert rgb.min() < 5
    assert rgb.max() > 250
    assert (rgb[..., 0] == rgb[..., 2]).all()


def test_a_flat_dark_picture_is_not_blown_up_to_full_contrast() -> None:
    noise = np.random.default_rng(1).integers(10, 14, (240, 320)).astype(np.uint8)
    rgb = to_rgb(_with(StreamInfo("night", StreamKind.GRAY, 320, 240, "uint8"), noise))
    assert int(rgb.max()) - int(rgb.min()) < 40


def test_an_image_without_any_reading_still_has_a_range() -> None:
    counts = auto_range(np.zeros((240, 320), np.uint16), ignore_zero=True, min_span=500)
    assert counts.high > counts.low


def test_an_impossible_range_is_refused() -> None:
    with pytest.raises(PaletteError, match="lower to a higher"):
        CountRange(5, 5)


def test_the_range_widens_at_once_narrows_slowly_and_can_be_locked() -> None:
    ranges = RangeFollower(narrowing=0.1)
    wide = np.linspace(500, 5000, 320 * 240).reshape(240, 320).astype(np.uint16)
    tight = np.linspace(900, 1500, 320 * 240).reshape(240, 320).astype(np.uint16)
    first = ranges.follow(_with(DEPTH, wide))
    assert first == range_of(_with(DEPTH, wide))
    second = ranges.follow(_with(DEPTH, tight))
    assert first.high * 0.85 < second.high < first.high
    assert ranges.follow(_with(DEPTH, wide)).high == first.high
    ranges.lock("depth", CountRange(100, 200))
    assert ranges.follow(_with(DEPTH, tight)) == CountRange(100, 200)
    ranges.unlock("depth")
    assert ranges.follow(_with(DEPTH, tight)).high > 1000


def test_ranges_are_told_in_metres_degrees_or_counts() -> None:
    assert describe_range(DEPTH, CountRange(500, 4000)) == "0.5 to 4.0 m"
    assert describe_range(THERMAL, CountRange(29315, 31015)) == "20.0 to 37.0 °C"
    plain = StreamInfo("thermal", StreamKind.THERMAL, 160, 120, "uint16")
    assert describe_range(plain, CountRange(100, 200)) == "100 to 200 counts"


def test_a_grayed_picture_has_no_color_and_is_darker() -> None:
    rgb = np.zeros((10, 10, 3), np.uint8)
    rgb[..., 0] = 250
    gray = gray_out(rgb)
    assert (gray[..., 0] == gray[..., 1]).all()
    assert gray.max() < 60


def _with(info: StreamInfo, pixels: np.ndarray):  # type: ignore[no-untyped-def,type-arg]  # a test's helper
    from drivers.frame import Frame

    return Frame(info, pixels, 1, 0, 1)


@pytest.mark.parametrize("gain", [0.0, -0.01, float("nan"), 1e-9])
def test_a_map_to_kelvin_that_makes_no_sense_still_gives_a_range(gain: float) -> None:
    info = StreamInfo("thermal", StreamKind.THERMAL, 8, 8, "uint16", kelvin=KelvinMap(gain))
    counts = range_of(_with(info, np.full((8, 8), 30000, np.uint16)))
    assert counts.high > counts.low


def test_pixels_without_a_temperature_do_not_widen_the_range() -> None:
    pixels = np.full((120, 160), 30000, np.uint16)
    pixels[:, :50] = 0
    assert range_of(_with(THERMAL, pixels)).low > 29000


@pytest.mark.parametrize("name", ["ironbow", "arctic", "white hot", "viridis", "cividis", "inferno"])
def test_palettes_for_reading_rise_in_lightness(name: str) -> None:
    lab = cv2.cvtColor(palette_colors(name)[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    assert (np.diff(lab[:, 0]) > -0.3).all()
    assert lab[-1, 0] - lab[0, 0] > 70
