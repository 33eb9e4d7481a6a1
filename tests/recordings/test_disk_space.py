"""How long the disk lasts is told from what was measured, and unknown until then."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.disk_space import DiskWatch

GIB = 1 << 30


class World:
    """A clock and a disk."""

    def __init__(self, free: int | None = 100 * GIB) -> None:
        self.now = 1000.0
        self.free = free
        self.watch = DiskWatch(Path("/nowhere"), clock=lambda: self.now, free=self._free)

    def _free(self, folder: Path) -> int:
        if self.free is None:
            raise OSError("no such folder")
        return self.free

    def write(self, rate: float, seconds: float, begin: int = 0, every: float = 1.0) -> int:
        written = float(begin)
        self.watch.update(round(written))
        for _ in range(round(seconds / every)):
            self.now += every
            written += rate * every
            self.watch.update(round(written))
        return round(written)


def test_unknown_until_measured() -> None:
    world = World()
    world.write(1e6, 3)
    assert world.watch.bytes_per_second is None
    assert world.watch.hours_left() is None
    assert world.watch.outlook().hours_left is None
    assert world.watch.outlook().words() == "time left unknown (100 GiB free)"
    world.write(1e6, 10, begin=3_000_000)
    assert world.watch.bytes_per_second == pytest.approx(1e6)
    assert world.watch.outlook().hours_left == pytest.approx(100 * GIB / 1e6 / 3600)


@given(st.floats(1, 1e9), st.floats(6, 300), st.sampled_from([0.1, 0.5, 1.0, 7.0]))
def test_a_steady_rate_is_told_as_it_is(rate: float, seconds: float, every: float) -> None:
    world = World()
    world.write(rate, seconds, every=every)
    told = world.watch.bytes_per_second
    assert told is None or told == pytest.approx(rate, rel=0.05, abs=2)
    assert told is not None or seconds < 15


def test_a_rate_that_changes_is_followed_within_two_minutes_and_without_jumps() -> None:
    world = World()
    written = world.write(1e6, 120)
    last = world.watch.bytes_per_second
    assert last is not None
    for _ in range(120):
        written = world.write(5e6, 1, begin=written)
        rate = world.watch.bytes_per_second
        assert rate is not None
        assert last <= rate + 1
        assert rate - last < 0.3e6
        last = rate
    assert last == pytest.approx(5e6, rel=0.05)


def test_what_must_stay_free_is_not_counted() -> None:
    world = World()
    world.write(GIB / 3600, 100)
    assert world.watch.outlook(reserve_bytes=40 * GIB).hours_left == pytest.approx(60, rel=0.01)
    assert world.watch.outlook(reserve_bytes=200 * GIB).hours_left == 0
    assert world.watch.hours_left(2 * GIB / 3600, 40 * GIB) == pytest.approx(30)
    assert world.watch.outlook(reserve_bytes=40 * GIB).words() == "60.0 h left (100 GiB free)"


def test_a_quota_that_holds_means_that_the_disk_never_fills() -> None:
    world = World()
    world.write(GIB / 3600, 100)
    holds = world.watch.outlook(quota_bytes=150 * GIB, used_bytes=60 * GIB, reserve_bytes=GIB)
    assert holds.quota_holds
    assert holds.hours_left == math.inf
    assert holds.words() == "the quota makes room (100 GiB free)"
    too_large = world.watch.outlook(quota_bytes=150 * GIB, used_bytes=30 * GIB, reserve_bytes=GIB)
    assert not too_large.quota_holds
    assert too_large.hours_left == pytest.approx(99, rel=0.01)


def test_a_disk_that_cannot_be_asked() -> None:
    world = World(None)
    world.write(1e6, 20)
    outlook = world.watch.outlook(quota_bytes=1)
    assert (outlook.free_bytes, outlook.hours_left, outlook.quota_holds) == (None, None, False)
    assert outlook.words() == "time left unknown"
    assert world.watch.hours_left() is None


def test_nothing_written_fills_no_disk() -> None:
    world = World()
    world.write(0, 20)
    assert world.watch.outlook().hours_left == math.inf
    assert world.watch.outlook().words() == "nothing is being written (100 GiB free)"


def test_a_count_that_begins_anew_is_measured_anew() -> None:
    world = World()
    world.write(1e6, 20)
    world.watch.update(0)
    assert world.watch.bytes_per_second is None


def test_a_real_folder(tmp_path: Path) -> None:
    free = DiskWatch(tmp_path).free_bytes()
    assert free is not None
    assert free > 0
    assert DiskWatch(tmp_path / "no").free_bytes() is None
