"""The compact codec gives every image back exactly, and damaged bytes end in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from recordings import predictive
from recordings.errors import SessionFormatError

SHAPES = {"uint8": (40, 56), "uint16": (40, 56), "colour": (40, 56, 3)}


def there_and_back(pixels: NDArray[Any]) -> NDArray[Any]:
    return predictive.decode(predictive.encode(pixels), pixels.dtype.name, pixels.shape)


def noisy_scene(shape: tuple[int, ...], dtype: str, seed: int = 0) -> NDArray[Any]:
    """Smooth, with noise as a sensor gives it."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]]
    scene = (100 if dtype == "uint8" else 3000) + 0.4 * x + 0.3 * y
    scene = scene[:, :, None] + np.array([10, 0, 25]) if len(shape) == 3 else scene
    noisy: NDArray[Any] = np.rint(scene + rng.normal(0, 3, shape)).astype(dtype)
    return noisy


def assert_exact(pixels: NDArray[Any]) -> None:
    back = there_and_back(pixels)
    assert (back.dtype, back.shape) == (pixels.dtype, pixels.shape)
    np.testing.assert_array_equal(back, pixels)


dtypes = st.sampled_from([np.dtype(np.uint8), np.dtype(np.uint16)])
sizes = st.tuples(st.integers(1, 70), st.integers(1, 20))


@given(hnp.arrays(dtypes, sizes))
def test_any_image_comes_back_exactly(pixels: NDArray[Any]) -> None:
    assert_exact(pixels)


@given(hnp.arrays(np.uint8, sizes.map(lambda s: (*s, 3))))
def test_any_colour_image_comes_back_exactly(pixels: NDArray[Any]) -> None:
    assert_exact(pixels)


@given(dtypes, sizes, st.integers(0, 2**32 - 1), st.data())
def test_only_extreme_values_come_back_exactly(
    dtype: np.dtype[Any], size: tuple[int, int], seed: int, data: st.DataObject
) -> None:
    top = np.iinfo(dtype).max
    extremes = [0, 1, 127, 128, 129, top // 2, top // 2 + 1, top - 128, top - 127, top - 1, top]
    values = data.draw(st.lists(st.sampled_from(extremes), min_size=1))
    assert_exact(np.random.default_rng(seed).choice(np.array(values, dtype), size))


@pytest.mark.parametrize("shape", [(1, 1), (1, 640), (640, 1), (15, 9), (16, 9), (17, 9), (480, 640)])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_sizes_at_the_edges(shape: tuple[int, int], dtype: str) -> None:
    assert_exact(np.random.default_rng(1).integers(0, np.iinfo(dtype).max + 1, shape).astype(dtype))
    assert_exact(np.full(shape, np.iinfo(dtype).max, dtype))


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_views_and_frozen_pixels_are_taken_as_they_are(dtype: str) -> None:
    whole = noisy_scene((60, 80, 3), dtype)
    for view in (whole[::2, 1::3, 0], whole[:, :, 1].T, whole[::-1, :, 2]):
        view.flags.writeable = False
        assert_exact(view)
    if dtype == "uint8":
        frozen = whole[3:50, ::-1]
        frozen.flags.writeable = False
        before = frozen.copy()
        assert_exact(frozen)
        np.testing.assert_array_equal(frozen, before)


def test_the_decoded_image_may_be_written_to() -> None:
    for name, shape in SHAPES.items():
        back = there_and_back(noisy_scene(shape, "uint16" if name == "uint16" else "uint8"))
        back[0, 0] = 7


def test_it_is_smaller_than_png_on_16_bit_sensor_noise() -> None:
    pixels = noisy_scene((424, 512), "uint16")
    png = cv2.imencode(".png", pixels)[1]
    assert len(predictive.encode(pixels)) < 0.8 * len(png)


def test_noise_that_cannot_be_compressed_hardly_grows() -> None:
    pixels = np.random.default_rng(3).integers(0, 65536, (424, 512)).astype(np.uint16)
    assert len(predictive.encode(pixels)) < pixels.nbytes + 200


def test_the_same_image_gives_the_same_bytes_from_every_thread() -> None:
    images = [noisy_scene((120, 160), "uint16", seed) for seed in range(40)]
    alone = [predictive.encode(image) for image in images]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(predictive.encode, images)) == alone
        for back, image in zip(
            pool.map(lambda data: predictive.decode(data, "uint16", (120, 160)), alone), images, strict=True
        ):
            np.testing.assert_array_equal(back, image)


def test_the_bytes_are_as_the_format_says() -> None:
    pixels = np.array([[1, 2], [0x0201, 3]], np.uint16)
    data = predictive.encode(pixels)
    assert data[:2] == bytes([1, 2])
    low, high = (int.from_bytes(data[at : at + 4], "little") for at in (2, 6))
    assert len(data) == 10 + low + high
    # 1 + 128, 2 + 128; 0x0201 - 1 + 128 = 0x0280, 3 - 2 + 128
    unpack = predictive._unpack
    assert unpack(memoryview(data)[10 : 10 + low], 4).tolist() == [129, 130, 0x80, 129]
    assert unpack(memoryview(data)[10 + low :], 4).tolist() == [0, 0, 2, 0]


@given(st.sampled_from(sorted(SHAPES)), st.data())
def test_damaged_bytes_end_in_an_error_or_in_an_image_of_the_right_size(name: str, data: st.DataObject) -> None:
    shape, dtype = SHAPES[name], "uint16" if name == "uint16" else "uint8"
    good = predictive.encode(noisy_scene(shape, dtype))
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        # the heads of the format and of the planes are where damage can do most
        at = data.draw(st.integers(0, min(40, len(bad) - 1)) | st.integers(0, len(bad) - 1))
        bad[at] = data.draw(st.integers(0, 255))
    bad = bad[: data.draw(st.just(len(bad)) | st.integers(0, len(bad)))]
    decode_or_refuse(bytes(bad), dtype, shape)


@given(st.binary(max_size=200), st.sampled_from(sorted(SHAPES)))
def test_any_bytes_end_in_an_error_or_in_an_image_of_the_right_size(data: bytes, name: str) -> None:
    decode_or_refuse(data, "uint16" if name == "uint16" else "uint8", SHAPES[name])


def decode_or_refuse(data: bytes, dtype: str, shape: tuple[int, ...]) -> None:
    try:
        back = predictive.decode(data, dtype, shape)
    except SessionFormatError:
        return
    # a changed literal can only be seen by the checksum that stands beside every frame
    assert (back.dtype.name, back.shape) == (dtype, shape)


@pytest.mark.parametrize("cut", [0, 1, 2, 5, 9, 10, 11, 30, -1])
def test_a_truncated_image_is_refused(cut: int) -> None:
    data = predictive.encode(noisy_scene((40, 56), "uint16"))
    with pytest.raises(SessionFormatError, match="compact image"):
        predictive.decode(data[:cut], "uint16", (40, 56))


def test_what_is_wrong_is_said() -> None:
    data = predictive.encode(noisy_scene((40, 56), "uint16"))
    with pytest.raises(SessionFormatError, match="does not hold 2184 bytes"):
        predictive.decode(data, "uint16", (39, 56))
    with pytest.raises(SessionFormatError, match=r"has 2 planes; uint8 \(40, 56\) has 1"):
        predictive.decode(data, "uint8", (40, 56))
    with pytest.raises(SessionFormatError, match="has version 9, this program reads 1"):
        predictive.decode(b"\x09" + data[1:], "uint16", (40, 56))
    with pytest.raises(SessionFormatError, match=f"says that it has {len(data)} bytes and has {len(data) + 1}"):
        predictive.decode(data + b"\0", "uint16", (40, 56))
