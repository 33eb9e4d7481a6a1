"""The bytes of a GenICam image become its pixels, however they are packed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.genicam_pixels import FORMATS, PixelFormat, best
from drivers.errors import FrameError
from drivers.frame import StreamKind

BY_NAME = {one.name: one for one in FORMATS.values()}
GRAY = [one for one in FORMATS.values() if not one.is_color]


def pack(name: str, samples: list[int], bits: int) -> bytes:
    """The reverse, written down bit by bit, apart from how the driver does it."""
    if name.endswith("Packed"):
        low = bits - 8
        out = bytearray()
        for at in range(0, len(samples), 2):
            first, second = samples[at], samples[at + 1] if at + 1 < len(samples) else 0
            out += bytes([first >> low, first & (1 << low) - 1 | (second & (1 << low) - 1) << 4, second >> low])
        return bytes(out)
    width = bits if name.endswith("p") else 8 if bits <= 8 else 16
    whole = sum(sample << at * width for at, sample in enumerate(samples))
    return whole.to_bytes(-(-len(samples) * width // 8), "little")


@st.composite
def images(draw: st.DrawFn) -> tuple[PixelFormat, np.ndarray]:
    one = draw(st.sampled_from(GRAY))
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 9))
    samples = draw(st.lists(st.integers(0, 2**one.depth - 1), min_size=height * width, max_size=height * width))
    return one, np.array(samples, one.dtype).reshape(height, width)


@given(images(), st.binary(max_size=5))
def test_what_was_packed_is_what_comes_out(image: tuple[PixelFormat, np.ndarray], behind: bytes):
    one, wanted = image
    data = np.frombuffer(pack(one.name, wanted.ravel().tolist(), one.depth) + behind, np.uint8)
    found = one.pixels(data, *wanted.shape)
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found, wanted)


@given(images(), st.integers(1, 7))
def test_padding_at_the_end_of_lines_is_left_out(image: tuple[PixelFormat, np.ndarray], padding: int):
    one, wanted = image
    lines = [pack(one.name, line.tolist(), one.depth) for line in wanted]
    data = np.frombuffer((b"\xa5" * padding).join(lines), np.uint8)
    if wanted.shape[1] * one.bits % 8:
        with pytest.raises(FrameError, match="padding"):
            one.pixels(data, *wanted.shape, padding)
    else:
        np.testing.assert_array_equal(one.pixels(data, *wanted.shape, padding), wanted)


@pytest.mark.parametrize("one", FORMATS.values(), ids=lambda one: one.name)
def test_a_buffer_that_is_too_short_is_refused_with_both_sizes(one: PixelFormat):
    needed = one.payload(4, 8)
    with pytest.raises(FrameError, match=rf"8x4 px in {one.name} takes {needed} bytes, the camera sent {needed - 1}"):
        one.pixels(np.zeros(needed - 1, np.uint8), 4, 8)


@pytest.mark.parametrize("one", [f for f in FORMATS.values() if f.is_view], ids=lambda one: one.name)
def test_formats_of_whole_bytes_are_not_copied(one: PixelFormat):
    data = np.arange(one.payload(4, 6), dtype=np.uint8)
    assert np.shares_memory(one.pixels(data, 4, 6), data)


@pytest.mark.parametrize("name", ["BayerRG8", "BayerGR8", "BayerGB8", "BayerBG8"])
def test_a_bayer_pattern_of_one_colour_is_that_colour(name: str):
    pattern = {"R": 200, "G": 100, "B": 30}
    first = name[5:7]
    second = {"RG": "GB", "GR": "BG", "GB": "RG", "BG": "GR"}[first]
    tile = np.array([[pattern[c] for c in first], [pattern[c] for c in second]], np.uint8)
    pixels = BY_NAME[name].pixels(np.tile(tile, (4, 4)).ravel(), 8, 8)
    np.testing.assert_array_equal(pixels[2:-2, 2:-2], np.broadcast_to(np.uint8([200, 100, 30]), (4, 4, 3)))


def test_blue_first_becomes_red_first():
    assert BY_NAME["BGR8"].pixels(np.uint8([1, 2, 3]), 1, 1).tolist() == [[[3, 2, 1]]]


@pytest.mark.parametrize(("name", "data"), [("YUV422_8_UYVY", (128, 235, 128, 16)), ("YUV422_8", (235, 128, 16, 128))])
def test_video_white_and_black_come_out_as_white_and_black(name: str, data: tuple[int, ...]):
    assert BY_NAME[name].pixels(np.uint8(data), 1, 2).tolist() == [[[255, 255, 255], [0, 0, 0]]]


def test_the_best_format_is_the_deepest_that_can_carry_the_kind():
    have = [BY_NAME[name].value for name in ("Mono8", "Mono12Packed", "Mono14", "RGB8", "Coord3D_C16")]
    assert best(have, StreamKind.THERMAL) is BY_NAME["Mono14"]
    assert best(have, StreamKind.COLOR) is BY_NAME["RGB8"]
    assert best([BY_NAME["Coord3D_C16"].value], StreamKind.DEPTH) is BY_NAME["Coord3D_C16"]
    assert best([BY_NAME["Coord3D_C16"].value, BY_NAME["Mono8"].value], StreamKind.GRAY) is BY_NAME["Mono8"]
    assert best([BY_NAME["Mono8"].value], StreamKind.THERMAL) is None


def test_the_numbers_are_those_that_aravis_knows():
    gi = pytest.importorskip("gi", reason="needs PyGObject: the extra genicam")
    try:
        gi.require_version("Aravis", "0.8")
    except ValueError:
        pytest.skip("needs Aravis: apt install gir1.2-aravis-0.8")
    from gi.repository import Aravis

    for ours, theirs in (
        ("Mono16", "MONO_16"),
        ("Mono14", "MONO_14"),
        ("Mono12", "MONO_12"),
        ("Mono10", "MONO_10"),
        ("Mono8", "MONO_8"),
        ("Mono12Packed", "MONO_12_PACKED"),
        ("Mono10Packed", "MONO_10_PACKED"),
        ("RGB8", "RGB_8_PACKED"),
        ("BGR8", "BGR_8_PACKED"),
        ("BayerRG8", "BAYER_RG_8"),
        ("BayerGR8", "BAYER_GR_8"),
        ("BayerGB8", "BAYER_GB_8"),
        ("BayerBG8", "BAYER_BG_8"),
        ("YUV422_8_UYVY", "YUV_422_PACKED"),
        ("YUV422_8", "YUV_422_YUYV_PACKED"),
        # Coord3D_C16, Mono10p, Mono12p and Mono14p have no constant there
    ):
        assert BY_NAME[ours].value == getattr(Aravis, f"PIXEL_FORMAT_{theirs}"), ours
