"""Thinned frames: few, off by no more than is said, flagged, and a fraction of the size."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, KelvinMap, StreamInfo, StreamKind
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from recordings.stored import encode_frame
from recordings.thinning import Thinner, noise, rounded
from recordings.writer import SessionWriter
from tests.recordings.sessions import ALL_KINDS, COLOR, DEPTH, EPOCH, GRAY, MS, THERMAL, frame_of, info_of

S = 10**9


def with_pixels(info: StreamInfo, pixels: NDArray[Any]) -> Frame:
    info = dataclasses.replace(info, width=pixels.shape[1], height=pixels.shape[0], intrinsics=None)
    return Frame(info, pixels.astype(info.dtype), 0, 0, EPOCH)


def noisy(level: float, sigma: float, seed: int = 0) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    slope = np.add.outer(np.linspace(0, 500, 96), np.linspace(0, 300, 128))
    return np.rint(level + slope + rng.normal(0, sigma, slope.shape)).clip(0, 65535).astype(np.uint16)


@given(hnp.arrays(np.uint16, (5, 7)), st.integers(1, 30_000))
def test_no_value_is_off_by_more_than_half_a_step_and_nothing_becomes_no_reading(
    pixels: NDArray[np.uint16], step: int
) -> None:
    out = rounded(pixels, step)
    off = np.abs(out.astype(np.int64) - pixels)
    assert int(off.max()) <= step // 2
    np.testing.assert_array_equal(out == 0, pixels == 0)


def test_rounding_leaves_few_values() -> None:
    assert set(np.unique(rounded(np.arange(4, 1 << 16, dtype=np.uint16), 8)[:-4]) % 8) == {0}


@given(st.integers(1, 120), st.floats(0.1, 30), st.lists(st.integers(1, 100), min_size=2, max_size=300))
def test_the_rate_is_kept_by_host_time(fps: int, rate: float, jitter: list[int]) -> None:
    thinner = Thinner(rate)
    times = [EPOCH + n * S // fps + j for n, j in enumerate(jitter)]
    kept = [at for n, at in enumerate(times) if thinner.decide(frame_of(GRAY, n, host_ns=at, seed=1))]
    assert kept[0] == times[0]
    seconds = (times[-1] - times[0]) / S
    assert len(kept) <= seconds * rate * 1.01 + 2
    assert len(kept) >= min(len(times), seconds * min(rate, fps / 2) * 0.99 - 1)


def test_the_same_frames_are_kept_wherever_a_recording_begins() -> None:
    def kept(first: int) -> set[int]:
        thinner = Thinner(2.0)
        frames = (frame_of(GRAY, n, host_ns=EPOCH + n * 33 * MS, seed=1) for n in range(first, 200))
        return {f.number for f in frames if thinner.decide(f)}

    assert {n for n in kept(0) if n > 60} == {n for n in kept(50) if n > 60}


def test_each_stream_has_its_own_rate() -> None:
    thinner = Thinner(2.0, rates={"thermal": 5.0})
    count = {"gray": 0, "thermal": 0}
    for n in range(100):
        for info in (GRAY, THERMAL):
            count[info.name] += thinner.decide(frame_of(info, n, host_ns=EPOCH + n * 100 * MS, seed=1))
    assert count == {"gray": 20, "thermal": 50}


@pytest.mark.parametrize("wrong", [{"rate_hz": 0}, {"rates": {"gray": -1.0}}, {"jpeg_quality": 0}, {"noise_steps": -1}])
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"found|asked"):
        Thinner(**wrong)


def test_frames_left_out_are_no_losses_but_losses_among_them_are_told() -> None:
    thinner = Thinner(2.0)
    flags = {7: FrameFlag.DROPPED_BEFORE, 15: FrameFlag.DROPPED_BEFORE, 12: FrameFlag.SHUTTER}
    out = {}
    for n in range(30):
        frame = frame_of(THERMAL, n, host_ns=EPOCH + n * 100 * MS, flags=flags.get(n, FrameFlag.NONE))
        if thinner.decide(frame):
            out[n] = thinner.lossy(frame).flags & ~FrameFlag.LOSSY
    gap = FrameFlag.DROPPED_BEFORE
    assert out == {0: 0, 5: 0, 10: gap, 15: gap, 20: 0, 25: 0}


@pytest.mark.parametrize("info", ALL_KINDS, ids=lambda s: s.name)
def test_every_kind_is_flagged_and_goes_through_a_session(info: StreamInfo, tmp_path: Path) -> None:
    thinner = Thinner()
    frames = [thinner.lossy(frame_of(info, n)) for n in range(3)]
    with SessionWriter(tmp_path / "a.mcap", info_of([info])) as writer:
        for frame in frames:
            writer.write_stored(encode_frame(frame, "compact"))
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.codec(info.name) == ("jpeg" if info.dtype == "uint8" else "compact")
        for n, frame in enumerate(frames):
            back = session.frame(info.name, n)
            np.testing.assert_array_equal(back.pixels, frame.pixels)
            original = frame_of(info, n)
            assert back.flags == original.flags | FrameFlag.LOSSY
            assert (back.number, back.host_ns, back.device_ns) == (n, original.host_ns, original.device_ns)


def test_a_jpeg_looks_like_what_it_was_made_of() -> None:
    ramp = np.linspace(10, 240, 64).astype(np.uint8)
    colour = np.stack([np.tile(ramp, (48, 1)), np.tile(ramp[::-1], (48, 1)), np.full((48, 64), 30, np.uint8)], axis=2)
    lossy = Thinner().lossy(with_pixels(COLOR, colour))
    assert int(np.abs(lossy.pixels.astype(int) - colour).max()) < 12  # red stays red
    assert lossy.encoded is not None
    assert lossy.encoded[:2] == b"\xff\xd8"


def test_a_camera_s_own_jpeg_is_kept_as_it_is() -> None:
    jpeg = Thinner().lossy(frame_of(COLOR, 0)).encoded
    frame = dataclasses.replace(frame_of(COLOR, 1), encoded=jpeg)
    lossy = Thinner().lossy(frame)
    assert lossy.encoded == jpeg
    assert FrameFlag.LOSSY in lossy.flags


@pytest.mark.parametrize("sigma", [1.0, 3.0, 40.0])
def test_the_noise_is_measured_through_slopes_and_edges(sigma: float) -> None:
    image = noisy(1000, sigma)
    image[:, 60:] += 5000
    assert noise(image) == pytest.approx(sigma, rel=0.1)
    image[::3] = 0
    image[:, ::50] = 0
    assert noise(image, zero_is_none=True) == pytest.approx(sigma, rel=0.1)


def test_what_has_no_noise_or_hardly_a_pixel_stays_as_it_is() -> None:
    for pixels in (np.full((48, 64), 700), np.zeros((4, 4)), np.array([[3, 9]]), np.array([[7]])):
        frame = with_pixels(DEPTH, pixels)
        assert Thinner().step(frame) == 1
        np.testing.assert_array_equal(Thinner().lossy(frame).pixels, pixels)


def test_steps_follow_the_noise_and_stop_at_what_still_means_something() -> None:
    thinner = Thinner()
    infrared = StreamInfo("ir", StreamKind.INFRARED, 16, 12, "uint16")
    assert thinner.step(with_pixels(infrared, noisy(1000, 40))) == pytest.approx(120, rel=0.1)
    assert thinner.step(with_pixels(DEPTH, noisy(1000, 1))) == 3
    assert thinner.step(with_pixels(DEPTH, noisy(1000, 40))) == 8  # millimetres
    fine = dataclasses.replace(DEPTH, unit_m=0.0001)
    assert thinner.step(with_pixels(fine, noisy(1000, 40))) == 80
    assert thinner.step(with_pixels(THERMAL, noisy(30000, 40))) == 10  # 0.1 K at 0.01 K a count
    coarse = dataclasses.replace(THERMAL, kelvin=KelvinMap(0.4))
    assert thinner.step(with_pixels(coarse, noisy(1000, 40))) == 1
    plain = dataclasses.replace(THERMAL, kelvin=None)
    assert thinner.step(with_pixels(plain, noisy(1000, 40))) == pytest.approx(120, rel=0.1)
    assert Thinner(noise_steps=0).step(with_pixels(infrared, noisy(1000, 40))) == 1


def test_noisy_frames_become_much_smaller_and_clean_ones_lose_nothing() -> None:
    thinner = Thinner()
    infrared = StreamInfo("ir", StreamKind.INFRARED, 16, 12, "uint16")
    noise_in_all = with_pixels(infrared, noisy(1000, 40))
    assert size_of(thinner.lossy(noise_in_all)) < 0.4 * size_of(noise_in_all)
    with SessionReader(bundled_session()) as session:
        for stream, at_most in (("infrared", 0.3), ("thermal", 0.7)):
            frame = session.frame(stream, 10)
            assert size_of(thinner.lossy(frame)) < at_most * size_of(frame), stream
        clean = session.frame("depth", 10)  # rendered: half a millimetre of noise
        np.testing.assert_array_equal(thinner.lossy(clean).pixels, clean.pixels)


def size_of(frame: Frame) -> int:
    return len(encode_frame(frame, "compact").data)
