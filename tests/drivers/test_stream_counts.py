"""Every frame is accounted for, and every loss has a name."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drivers.camera import CameraHealth, CameraState
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.stream_counts import StreamCounts, Verdict

GRAY = StreamInfo("gray", StreamKind.GRAY, 4, 3, "uint8", fps=10.0)
PIXELS = np.zeros((3, 4), np.uint8)
PERIOD_NS = 100_000_000


def frame(number: int, device_ns: int | None = None, flags: FrameFlag = FrameFlag.NONE) -> Frame:
    return Frame(GRAY, PIXELS, number, number * PERIOD_NS if device_ns is None else device_ns, 1 + number, flags)


def opened() -> StreamCounts:
    counts = StreamCounts()
    counts.opened([GRAY], 0.0)
    return counts


def health(**more: dict[str, int]) -> CameraHealth:
    return CameraHealth(CameraState.STREAMING, {"gray": 0}, more.get("dropped", {}), "", more.get("by_us", {}))


def judge(counts: StreamCounts, *frames: Frame) -> list[Verdict]:
    return [counts.judge(one, i * 0.1) for i, one in enumerate(frames)]


def test_a_gap_in_the_numbers_is_a_loss_of_the_device():
    counts = opened()
    judge(counts, frame(3), frame(4), frame(9))
    count = counts.counts(None)["gray"]
    assert (count.received, count.dropped_by_device) == (3, 4)


def test_what_we_let_go_is_not_blamed_on_the_device():
    counts = opened()
    judge(counts, frame(0), frame(5))
    count = counts.counts(health(by_us={"gray": 3}))["gray"]
    assert (count.dropped_by_us, count.dropped_by_device) == (3, 1)


def test_a_loss_that_only_the_camera_knows_of_counts():
    counts = opened()
    judge(counts, frame(0), frame(1))
    assert counts.counts(health(dropped={"gray": 7}))["gray"].dropped_by_device == 7


def test_the_same_frame_again_is_a_duplicate_and_an_older_one_is_out_of_order():
    counts = opened()
    verdicts = judge(counts, frame(0), frame(1), frame(1), frame(3), frame(2), frame(4))
    assert verdicts == [Verdict.NEW, Verdict.NEW, Verdict.DUPLICATE, Verdict.NEW, Verdict.OUT_OF_ORDER, Verdict.NEW]
    count = counts.counts(None)["gray"]
    assert (count.received, count.duplicates, count.out_of_order) == (4, 1, 1)
    assert count.dropped_by_device == 0, "the frame that came too late was not lost"


def test_a_camera_that_counts_anew_is_not_out_of_order():
    counts = opened()
    assert set(judge(counts, frame(500), frame(0), frame(1))) == {Verdict.NEW}
    assert set(judge(opened(), frame(5), frame(0, 6 * PERIOD_NS), frame(1, 7 * PERIOD_NS))) == {Verdict.NEW}


def test_a_camera_that_does_not_count_loses_nothing():
    counts = opened()
    assert set(judge(counts, *(frame(0, i * PERIOD_NS) for i in range(5)))) == {Verdict.NEW}
    assert counts.counts(None)["gray"].dropped_by_device == 0


def test_counts_go_on_over_a_reopening():
    counts = opened()
    judge(counts, frame(0), frame(2))
    counts.closed(health(by_us={"gray": 1}))
    counts.opened([GRAY], 0.0)
    judge(counts, frame(0), frame(1))
    counts.refused("gray")
    count = counts.counts(health())["gray"]
    assert (count.received, count.dropped_by_us, count.dropped_by_device, count.refused) == (4, 1, 0, 1)


def test_a_frame_later_than_a_period_is_late():
    counts = opened()
    counts.judge(frame(0), 0.0, 0.0)
    counts.judge(frame(1), 0.1, 0.05)
    counts.judge(frame(2), 0.4, 0.15)
    assert counts.counts(None)["gray"].late == 1


def test_a_stall_is_three_periods_also_of_a_camera_slower_than_it_says():
    counts = opened()
    assert counts.stall_after_s(0.2) == 3 * 0.1
    for i in range(12):
        counts.judge(frame(i), i * 0.4)  # in the dark it exposes longer
    assert abs(counts.stall_after_s(0.2) - 3 * 0.4) < 1e-9


def test_a_stream_that_gives_nothing_is_silent_from_its_last_frame_or_the_opening():
    counts = opened()
    assert counts.silent(2.0, 0.2) == {}, "the first frame may take a while"
    assert counts.silent(4.0, 0.2) == {"gray": 4.0}
    assert not counts.gives("gray")
    counts.judge(frame(0), 5.0)
    assert counts.gives("gray")
    assert counts.silent(5.25, 0.2) == {}
    assert counts.silent(7.0, 0.2) == {"gray": 2.0}


def test_a_camera_that_began_anew_close_behind_is_believed_after_a_few_frames():
    counts = opened()
    judge(counts, *(frame(n) for n in range(8)))
    verdicts = judge(counts, *(frame(n) for n in range(8)))
    assert verdicts == [Verdict.OUT_OF_ORDER] * 3 + [Verdict.NEW] * 5


def test_one_wrong_number_does_not_count_thousands_of_millions_as_lost():
    counts = opened()
    judge(counts, frame(0), frame(1), frame(2_147_483_647, 2 * PERIOD_NS), frame(3))
    assert counts.counts(None)["gray"].dropped_by_device <= 1
    lost = opened()
    judge(lost, frame(0), frame(1001))
    assert lost.counts(None)["gray"].dropped_by_device == 1000, "a long loss that the clock knows of, too"


@given(
    lost=st.sets(st.integers(1, 98)),
    again=st.sets(st.integers(0, 99)),
    swapped=st.sets(st.integers(1, 97)),
)
def test_made_is_received_and_lost_whatever_happens_on_the_way(lost: set[int], again: set[int], swapped: set[int]):
    came: list[int] = []
    for number in range(100):
        if number in lost:
            continue
        came += [number, number] if number in again else [number]
    for at in sorted(swapped):
        if at + 1 < len(came):
            came[at], came[at + 1] = came[at + 1], came[at]
    counts = opened()
    verdicts = judge(counts, *(frame(n) for n in came))
    count = counts.counts(None)["gray"]
    given_on = [n for n, v in zip(came, verdicts, strict=True) if v is Verdict.NEW]
    assert given_on == sorted(set(given_on))
    assert count.received == len(given_on)
    assert count.received + count.duplicates + count.out_of_order == len(came)
    late = {n for n, v in zip(came, verdicts, strict=True) if v is Verdict.OUT_OF_ORDER} - set(given_on)
    first, last = given_on[0], given_on[-1]
    never = set(range(first, last + 1)) - set(given_on) - {n for n in late if n > first}
    assert count.dropped_by_device == len(never)
