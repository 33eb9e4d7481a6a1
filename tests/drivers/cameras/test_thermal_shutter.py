"""A thermal camera's shutter, its repeats and its counters never pass unseen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from drivers.camera import Camera
from drivers.cameras.thermal import ThermalCamera
from drivers.cameras.v4l2_formats import Mode
from drivers.errors import CameraLostError, CameraTimeoutError
from drivers.frame import FrameFlag
from tests.drivers.cameras.fake_boson import boson
from tests.drivers.cameras.fake_lepton import PLAIN, Words, lepton, scene, shot
from tests.drivers.cameras.fake_v4l2 import FakeKernel, Shot
from tests.drivers.cameras.v4l2_opener import opener

NONE, STALE, SHUTTER = FrameFlag.NONE, FrameFlag.STALE, FrameFlag.SHUTTER
Opener = Callable[..., ThermalCamera]


@pytest.fixture
def opened(kernel: FakeKernel) -> Iterator[Opener]:
    with opener(kernel, ThermalCamera) as open_one:
        yield open_one


def read_on(camera: Camera) -> None:
    """Until it raises."""
    while True:
        camera.read(5.0)


def test_each_picture_that_the_board_sends_thrice_is_given_once(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in itertools.count():
            words = Words(frame_counter=500 + n // 3, uptime_ms=1000 + 37 * n, last_ffc_ms=0)
            yield shot(scene(n // 3, mode.height - 2), words)

    camera = opened(lepton(shots))
    numbers = [camera.read(5.0).number for _ in range(10)]
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    assert int(camera.options()["repeats_left_out"]) >= 17


def test_without_telemetry_the_same_pixels_tell_the_repeats_and_lost_buffers_are_no_lost_pictures(
    opened: Opener,
) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(60):
            yield shot(scene(n // 3), lost_before=1 if n == 10 else 6 if n == 30 else 0)

    camera = opened(lepton(shots, [PLAIN]))
    numbers = [camera.read(5.0).number for _ in range(20)]
    assert numbers[:10] == list(range(10))
    assert numbers[10:] == list(range(12, 22)), "two pictures were among the six lost buffers"


def test_pictures_of_a_correction_are_flagged_and_its_pause_is_announced(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        states = [3] * 5 + [1] * 5 + [2] * 8 + [3] * 5
        for n, ffc in enumerate(states):
            frozen = scene(9) if ffc == 2 else scene(n)
            yield shot(frozen, Words(frame_counter=n, uptime_ms=60_000 + 115 * n, ffc=ffc))

    camera = opened(lepton(shots))
    seen = {}
    for _ in range(22):
        frame = camera.read(5.0)
        seen[frame.number] = (frame.flags, camera.health().pause_s > 0, camera.health().note)
    assert all(seen[n][:2] == (NONE, False) for n in range(1, 5))
    assert all(seen[n][:2] == (NONE, True) and "about to close" in seen[n][2] for n in range(5, 10))
    assert all(seen[n][:2] == (STALE | SHUTTER, True) for n in range(10, 18))
    assert "is closed" in seen[12][2]
    assert all(seen[n] == (NONE, False, "") for n in range(18, 23))


def test_without_telemetry_a_frozen_picture_is_flagged_before_it_could_pass_for_a_stall(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(6):
            yield shot(scene(n))
        for _ in range(30):
            yield shot(scene(5), after_s=0.037)
        for n in range(6, 12):
            yield shot(scene(n))

    camera = opened(lepton(shots, [PLAIN]))
    first = [camera.read(5.0) for _ in range(6)]
    assert all(f.flags is NONE for f in first)
    frozen = camera.read(5.0)
    assert frozen.flags == STALE | SHUTTER
    assert frozen.device_ns - first[-1].device_ns < 333_000_000
    assert camera.health().pause_s > 0
    later = camera.read(5.0)
    while later.flags & STALE:
        later = camera.read(5.0)
    assert np.array_equal(later.pixels, scene(6))


def test_a_camera_without_telemetry_may_be_silent_for_a_correction_once(opened: Opener) -> None:
    camera = opened(lepton(lambda _: iter([shot(scene(0))]), [PLAIN]))
    camera.read(5.0)
    assert camera.health().pause_s == 0
    with pytest.raises(CameraTimeoutError):
        camera.read(0.4)
    assert camera.health().pause_s > 0
    assert "shutter, perhaps" in camera.health().note


def test_counters_that_wrap_go_on(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(8):
            count, uptime = (2**32 - 4 + n) % 2**32, (2**32 - 400 + 115 * n) % 2**32
            yield shot(scene(n), Words(frame_counter=count, uptime_ms=max(1, uptime), last_ffc_ms=0))

    camera = opened(lepton(shots))
    frames = [camera.read(5.0) for _ in range(7)]
    assert [b.number - a.number for a, b in itertools.pairwise(frames)] == [1] * 6
    assert all(b.device_ns > a.device_ns for a, b in itertools.pairwise(frames))


def test_a_camera_that_begins_anew_or_changes_its_meaning_is_lost_not_believed(opened: Opener) -> None:
    def restarts(mode: Mode) -> Iterator[Shot]:
        for n in (100, 101, 102, 3, 4):
            yield shot(scene(n), Words(frame_counter=n, uptime_ms=10_000 + n, last_ffc_ms=0))

    camera = opened(lepton(restarts))
    assert [camera.read(5.0).number for _ in range(2)] == [101, 102]
    with pytest.raises(CameraLostError, match="anew"):
        camera.read(5.0)
    camera.close()

    def changes(mode: Mode) -> Iterator[Shot]:
        for n in range(6):
            yield shot(scene(n), replace(Words(frame_counter=n), tlinear_step=int(n < 3)))

    other = opened(lepton(changes, serial="other", port="1-7"), "other")
    other.read(5.0)
    with pytest.raises(CameraLostError, match="TLinear"):
        read_on(other)


def test_a_picture_whose_telemetry_is_torn_is_counted_and_not_given(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(6):
            words = Words(frame_counter=n, uptime_ms=60_000 + n)
            yield shot(scene(n), replace(words, fpa_centikelvin=7) if n == 3 else words)

    camera = opened(lepton(shots))
    assert [camera.read(5.0).number for _ in range(4)] == [1, 2, 4, 5]
    assert camera.health().dropped == {"thermal": 1}


def test_a_bosons_counter_numbers_its_pictures(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(10):
            rows = np.zeros((2, 320), np.uint16)
            rows[0, 43], rows[0, 47] = 100 + n + (3 if n > 5 else 0), 3_001
            yield shot(np.vstack([rows, scene(n, 256, 320)]))

    modes = [Mode("Y16 ", 320, 256, (60.0,)), Mode("Y16 ", 320, 258, (60.0,))]
    camera = opened(boson(shots, modes), "?telemetry=on")
    numbers = [camera.read(5.0).number for _ in range(9)]
    assert [b - a for a, b in itertools.pairwise(numbers)] == [1, 1, 1, 1, 4, 1, 1, 1]
    assert camera.options()["telemetry"] == "yes"
