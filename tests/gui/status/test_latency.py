"""From the camera to the screen: a number that was measured, or why there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.clock import ClockState
from drivers.frame import Frame, FrameSet, StreamInfo
from gui.feed import Mode, StreamStatus
from gui.status.latency import Latency, LatencyKind, LatencyMeter
from gui.status.latency_words import latency_detail, latency_tip, latency_value
from tests.gui.conftest import frame, streams

COLOR, DEPTH, _THERMAL = streams()
MS = 1_000_000
START = 1_700_000_000_000_000_000
OFFSET = START - 5_000 * MS
"""Our clock less the camera's."""


def told(info: StreamInfo, known: ClockState | None) -> StreamStatus:
    """A stream's status with a clock."""
    return StreamStatus(info, 30.0, 0, "streaming", clock=known)


def clock(offset_ns: int = OFFSET, jumps: int = 0) -> ClockState:
    return ClockState(offset_ns=offset_ns, uncertainty_ns=200_000, frames=100, jumps=jumps)


def picture(number: int, info: StreamInfo = COLOR, way_ms: int = 5) -> Frame:
    """Taken 5 s + number/30 s on the camera's clock, and here ``way_ms`` later."""
    made = frame(info, number, 1)
    taken = OFFSET + 5_000 * MS + number * 33 * MS
    return Frame(info, made.pixels, number, taken - OFFSET, taken + way_ms * MS)


def taken_ns(number: int) -> int:
    return OFFSET + 5_000 * MS + number * 33 * MS


@pytest.fixture
def meter() -> LatencyMeter:
    meter = LatencyMeter(Mode.LIVE)
    meter.told([told(COLOR, clock())], START)
    return meter


def paint(meter: LatencyMeter, number: int, after_ms: int, info: StreamInfo = COLOR) -> int:
    now = taken_ns(number) + after_ms * MS
    meter.painted(picture(number, info), now)
    return now


def test_it_is_from_the_mapped_device_time_to_the_end_of_the_painting(meter: LatencyMeter) -> None:
    for number in range(100):
        shown = picture(number)
        meter.result(FrameSet(number, 0, {"color": shown}), taken_ns(number) + 30 * MS)
        now = paint(meter, number, 40 if number % 10 else 90)
    found = meter.of("color", now)
    assert found.kind is LatencyKind.MEASURED
    assert (found.now_ms, found.median_ms, found.p95_ms) == (40.0, 40.0, 90.0)
    assert (found.arrival_ms, found.drawing_ms) == (5.0, 10.0)
    assert latency_value(found) == "40 ms"
    assert latency_detail(found) == "50 % 40 · 95 % 90 ms"


def test_a_picture_that_is_painted_again_counts_once(meter: LatencyMeter) -> None:
    paint(meter, 1, 40)
    now = paint(meter, 1, 4_000)
    found = meter.of("color", now)
    assert (found.pictures, found.now_ms) == (1, 40.0)


def test_old_numbers_go(meter: LatencyMeter) -> None:
    now = paint(meter, 1, 40)
    assert meter.of("color", now + 6_000 * MS).kind is LatencyKind.NOTHING
    assert latency_value(meter.of("color", now + 6_000 * MS)) == "no picture"


@pytest.mark.parametrize("known", [None, ClockState()])
def test_a_camera_whose_clock_is_not_mapped_has_no_number(known: ClockState | None) -> None:
    meter = LatencyMeter(Mode.LIVE)
    meter.told([told(COLOR, known)], START)
    now = paint(meter, 1, 40)
    assert latency_value(meter.worst(now)) == "unknown"


def test_a_status_without_clocks_is_unknown_too() -> None:
    meter = LatencyMeter(Mode.LIVE)
    now = paint(meter, 1, 40)
    assert meter.worst(now).kind is LatencyKind.UNKNOWN


@pytest.mark.parametrize("after_ms", [-1, -3_600_000, 61_000])
def test_a_time_that_cannot_be_is_no_number(meter: LatencyMeter, after_ms: int) -> None:
    paint(meter, 1, 40)
    now = paint(meter, 2, after_ms)
    found = meter.of("color", max(now, taken_ns(2)))
    assert found.kind is LatencyKind.CLOCK
    assert latency_value(found) == "clock?"


def test_after_a_leap_of_the_clock_what_was_measured_with_the_wrong_map_is_forgotten(meter: LatencyMeter) -> None:
    paint(meter, 1, 40)
    meter.told([told(COLOR, clock())], taken_ns(2))
    paint(meter, 2, 9_040)  # the camera's clock was set back by nine seconds, and nobody knows it yet
    meter.told([told(COLOR, clock(OFFSET + 9_000 * MS, jumps=1))], taken_ns(2) + 9_100 * MS)
    now = taken_ns(3) + 9_000 * MS + 41 * MS
    meter.painted(picture(3), now)
    found = meter.of("color", now)
    assert found.kind is LatencyKind.MEASURED
    assert found.p95_ms == pytest.approx(41.0)


def test_a_replay_has_no_latency_and_says_so() -> None:
    meter = LatencyMeter(Mode.REPLAY)
    meter.told([told(COLOR, clock())], START)
    now = paint(meter, 1, 40)
    found = meter.worst(now)
    assert found.kind is LatencyKind.REPLAY
    assert latency_value(found) == "replay"
    assert "some other day" in latency_tip(found, [])


def test_the_slowest_stream_is_the_one_that_is_told(meter: LatencyMeter) -> None:
    meter.told([told(COLOR, clock()), told(DEPTH, clock())], START)
    paint(meter, 1, 30)
    now = paint(meter, 1, 80, DEPTH)
    assert meter.worst(now).stream == "depth"
    paint(meter, 2, -7)
    assert meter.worst(now).kind is LatencyKind.CLOCK, "a calm number hides no clock that leapt"


def test_the_tooltip_says_what_is_not_in_it(meter: LatencyMeter) -> None:
    now = paint(meter, 1, 40)
    tip = latency_tip(meter.worst(now), meter.all(now))
    for words in ("exposure", "display", "color: now 40 ms"):
        assert words in tip


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-100, 70_000)), max_size=60))
def test_whatever_is_painted_a_number_is_positive_and_in_order(painted: list[tuple[int, int]]) -> None:
    meter = LatencyMeter(Mode.LIVE)
    meter.told([told(COLOR, clock())], START)
    now = START
    for number, after_ms in painted:
        now = max(now, paint(meter, number, after_ms))
    found = meter.of("color", now)
    assert found == Latency("color", found.kind) or found.kind is LatencyKind.MEASURED
    if found.kind is LatencyKind.MEASURED:
        assert 0 <= found.median_ms <= found.p95_ms < 60_000
        assert found.now_ms >= 0


def test_a_picture_that_cannot_be_painted_leaves_no_number_of_before(meter: LatencyMeter) -> None:
    now = paint(meter, 1, 40)
    assert meter.worst(now).kind is LatencyKind.MEASURED
    meter.unpainted("color")
    meter.unpainted("of no camera")
    assert meter.worst(now).kind is LatencyKind.NOTHING
    now = paint(meter, 2, 40)
    assert meter.worst(now).kind is LatencyKind.MEASURED
