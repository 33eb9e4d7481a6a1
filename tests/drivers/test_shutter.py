"""No picture of the shutter, and no frozen one, passes for the scene; and a quiet scene passes for no shutter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import FrameFlag
from drivers.shutter import LONGEST_S, ShutterState, ShutterWatch

FPS = 9.0
PERIOD_NS = 111_111_111
UNKNOWN, OPEN, CLOSED = ShutterState.UNKNOWN, ShutterState.OPEN, ShutterState.CLOSED
NONE, STALE, SHUTTER = FrameFlag.NONE, FrameFlag.STALE, FrameFlag.SHUTTER


def scene(n: int, contrast: float = 200.0, noise: float = 3.0) -> NDArray[np.uint16]:
    rng = np.random.default_rng(n)
    face = contrast * np.exp(-(np.add.outer((np.arange(60) - 30) ** 2, (np.arange(80) - 40) ** 2)) / 400.0)
    return (30_000 + face + rng.normal(0, noise, (60, 80))).astype(np.uint16)


def warm(watch: ShutterWatch, count: int = 20) -> int:
    """Show it a scene; the time afterwards."""
    for n in range(count):
        assert watch.see(scene(n), n * PERIOD_NS, UNKNOWN).flags is NONE
    return count * PERIOD_NS


def test_the_repeats_of_a_camera_that_sends_each_picture_thrice_are_no_frames() -> None:
    watch = ShutterWatch(FPS)
    seen = [watch.see(scene(n // 3), n * PERIOD_NS // 3, UNKNOWN) for n in range(30)]
    assert [s.is_repeat for s in seen] == [n % 3 != 0 for n in range(30)]
    assert all(s.flags is NONE for s in seen)
    assert watch.repeats == 20


def test_a_picture_that_freezes_is_stale_and_the_shutters_for_three_seconds() -> None:
    watch = ShutterWatch(FPS)
    at = warm(watch)
    last = scene(19)
    seen = [(t / 1e9, watch.see(last, at + t, UNKNOWN)) for t in range(0, 5_000_000_000, 37_000_000)]
    assert all(s.is_repeat for t, s in seen if t < 0.1)
    given_ones = [(t, s.flags) for t, s in seen if not s.is_repeat]
    assert given_ones[0][0] < 3 / FPS, "before anybody calls it a stall"
    assert all(f == STALE | SHUTTER for t, f in given_ones if t < LONGEST_S - 0.2)
    assert all(f == STALE for t, f in given_ones if t > LONGEST_S)
    assert watch.see(scene(99), at + 5_000_000_000, UNKNOWN).flags is NONE


def test_the_shutters_even_picture_is_told_from_the_scene() -> None:
    watch = ShutterWatch(FPS)
    at = warm(watch)
    during = [watch.see(scene(100 + n, contrast=0), at + n * PERIOD_NS, UNKNOWN).flags for n in range(9)]
    assert set(during) == {SHUTTER}
    assert watch.see(scene(200), at + 9 * PERIOD_NS, UNKNOWN).flags is NONE


def test_a_lens_cap_is_no_shutter_after_three_seconds() -> None:
    watch = ShutterWatch(FPS)
    at = warm(watch)
    flags = [watch.see(scene(100 + n, contrast=0), at + n * PERIOD_NS, UNKNOWN).flags for n in range(60)]
    assert flags[0] is SHUTTER
    assert set(flags[-30:]) == {NONE}


@given(contrast=st.floats(0, 500), noise=st.floats(1.5, 40), change=st.floats(0.3, 3))
def test_a_scene_that_is_even_or_changes_slowly_is_never_the_shutter(
    contrast: float, noise: float, change: float
) -> None:
    watch = ShutterWatch(FPS)
    for n in range(40):
        now = contrast * (1.0 if n < 20 else max(0.3, change))
        assert watch.see(scene(n, now, noise), n * PERIOD_NS, UNKNOWN).flags is NONE


def test_a_camera_that_speaks_is_believed() -> None:
    watch = ShutterWatch(FPS)
    at = warm(watch)
    assert watch.see(scene(50, contrast=0), at, OPEN).flags is NONE
    assert watch.see(scene(51), at + PERIOD_NS, CLOSED).flags is SHUTTER
    frozen = watch.see(scene(51), at + 2 * PERIOD_NS, CLOSED)
    assert (frozen.is_repeat, frozen.flags) == (False, STALE | SHUTTER)


def test_a_new_picture_by_the_cameras_count_with_the_same_pixels_is_stale_at_once() -> None:
    watch = ShutterWatch(FPS)
    watch.see(scene(0), 0, OPEN, is_counted=True)
    again = watch.see(scene(0), PERIOD_NS, OPEN, is_counted=True)
    assert (again.is_repeat, again.flags) == (False, STALE)


@pytest.mark.parametrize("fps", [0.0, 8.7, 30.0, 60.0])
def test_a_frozen_camera_speaks_up_before_it_is_called_stalled(fps: float) -> None:
    watch = ShutterWatch(fps)
    watch.see(scene(0), 0, UNKNOWN)
    limit_s = max(0.2, 3 / fps) if fps else 0.5
    times = [n / 60 for n in range(1, 60)]
    spoke = next(t for t in times if not watch.see(scene(0), int(t * 1e9), UNKNOWN).is_repeat)
    assert spoke < limit_s
