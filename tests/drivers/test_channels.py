"""Latest and Lossless: bounded, counting, and never asleep while something waits."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.channels import ChannelClosed, Latest, Lossless

actions = st.lists(st.sampled_from(["put", "put", "take", "close"]), max_size=60)


@given(actions)
def test_latest_behaves_like_one_slot_that_newer_items_overwrite(script: list[str]):
    dropped: list[int] = []
    channel: Latest[int] = Latest(on_drop=dropped.append)
    slot: list[int] = []
    closed = False
    expected_drops: list[int] = []
    taken = 0
    for n, action in enumerate(script):
        if action == "put":
            channel.put(n)
            if closed:
                expected_drops.append(n)
            else:
                expected_drops += slot
                slot = [n]
        elif action == "close":
            channel.close()
            closed = True
        elif slot:
            assert channel.take(0) == slot.pop()
            taken += 1
        else:
            with pytest.raises(ChannelClosed if closed else queue.Empty):
                channel.take(0)
        count = channel.count()
        assert (count.put, count.taken, count.dropped, count.depth) == (
            taken + len(expected_drops) + len(slot),
            taken,
            len(expected_drops),
            len(slot),
        )
        assert count.high_water <= count.capacity == 1
    assert dropped == expected_drops


@given(actions, st.integers(1, 5))
def test_lossless_behaves_like_a_line_that_turns_away_what_finds_it_full(script: list[str], capacity: int):
    channel: Lossless[int] = Lossless(capacity)
    line: list[int] = []
    closed = False
    put = taken = dropped = high = 0
    for n, action in enumerate(script):
        if action == "put":
            fits = not closed and len(line) < capacity
            assert channel.put(n) is fits
            put += 1
            if fits:
                line.append(n)
            else:
                dropped += 1
        elif action == "close":
            channel.close()
            closed = True
        elif line:
            assert channel.take(0) == line.pop(0)
            taken += 1
        else:
            with pytest.raises(ChannelClosed if closed else queue.Empty):
                channel.take(0)
        high = max(high, len(line))
        count = channel.count()
        assert (count.put, count.taken, count.dropped, count.depth) == (put, taken, dropped, len(line))
        assert (count.high_water, count.capacity) == (high, capacity)
        assert channel.closed is closed


def run_all(*targets: object) -> None:
    threads = [threading.Thread(target=t) for t in targets]  # type: ignore[arg-type]  # functions without arguments
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("capacity", [1, 3])
def test_no_wake_up_is_lost_between_many_producers_and_consumers(capacity: int):
    channel: Lossless[tuple[int, int]] = Lossless(capacity)
    taken: list[list[tuple[int, int]]] = [[] for _ in range(4)]
    late: list[str] = []

    def produce(who: int) -> None:
        for n in range(500):
            if not channel.put_wait((who, n), 30.0):
                late.append(f"producer {who} at {n}")

    def consume(mine: list[tuple[int, int]]) -> None:
        try:
            while True:
                mine.append(channel.take(30.0))
        except ChannelClosed:
            pass
        except queue.Empty:
            late.append("a consumer waited in vain")

    consumers = [threading.Thread(target=consume, args=(mine,)) for mine in taken]
    for consumer in consumers:
        consumer.start()
    run_all(*(lambda who=who: produce(who) for who in range(4)))
    channel.close()
    for consumer in consumers:
        consumer.join(60)
    assert late == []
    assert sorted(item for mine in taken for item in mine) == [(who, n) for who in range(4) for n in range(500)]
    for mine in taken:  # what one consumer sees of one producer is in order
        for who in range(4):
            numbers = [n for w, n in mine if w == who]
            assert numbers == sorted(numbers)
    count = channel.count()
    assert (count.put, count.taken, count.dropped, count.depth) == (2000, 2000, 0, 0)
    assert count.high_water <= capacity


def test_a_producer_that_never_waits_loses_only_what_is_counted():
    channel: Lossless[int] = Lossless(8)
    accepted: list[int] = []
    taken: list[int] = []

    def produce() -> None:
        for n in range(3000):
            if channel.put(n):
                accepted.append(n)
        channel.close()

    def consume() -> None:
        with contextlib.suppress(ChannelClosed):
            while True:
                taken.append(channel.take(30.0))

    run_all(produce, consume)
    assert taken == accepted
    assert channel.count().dropped == 3000 - len(accepted)


def test_the_newest_always_arrives_whatever_was_overtaken():
    dropped: list[int] = []
    channel: Latest[int] = Latest(on_drop=dropped.append)
    taken: list[int] = []

    def produce() -> None:
        for n in range(5000):
            channel.put(n)
        channel.close()

    def consume() -> None:
        with contextlib.suppress(ChannelClosed):
            while True:
                taken.append(channel.take(30.0))

    run_all(produce, consume)
    assert taken == sorted(taken)
    assert taken[-1] == 4999
    assert sorted(taken + dropped) == list(range(5000))


@pytest.mark.parametrize("channel", [Latest(), Lossless(2)], ids=["Latest", "Lossless"])
def test_closing_wakes_everybody_who_waits(channel: Latest[int] | Lossless[int]):
    ended: list[str] = []

    def wait() -> None:
        try:
            channel.take(60.0)
        except ChannelClosed:
            ended.append("closed")

    waiting = [threading.Thread(target=wait) for _ in range(3)]
    for thread in waiting:
        thread.start()
    channel.close()
    for thread in waiting:
        thread.join(30)
    assert ended == ["closed"] * 3


def test_closing_wakes_a_producer_that_waits_for_room():
    channel: Lossless[int] = Lossless(1)
    channel.put(0)
    ended: list[str] = []

    def wait() -> None:
        try:
            channel.put_wait(1, 60.0)
        except ChannelClosed:
            ended.append("closed")

    thread = threading.Thread(target=wait)
    thread.start()
    channel.close()
    thread.join(30)
    assert ended == ["closed"]
    assert channel.take(0) == 0
    with pytest.raises(ChannelClosed):
        channel.put_wait(2, 0)


def test_a_producer_that_ran_out_of_patience_keeps_its_item_uncounted():
    channel: Lossless[int] = Lossless(1)
    assert channel.put_wait(0, 0)
    assert not channel.put_wait(1, 0.01)
    assert (channel.count().put, channel.count().dropped) == (1, 0)


def test_a_channel_without_room_makes_no_sense():
    with pytest.raises(ValueError, match="at least 1"):
        Lossless(0)


def consumer_of(channel: Latest[int], taken: list[int], work: threading.Event) -> threading.Thread:
    """Takes until the channel is closed; after each item it waits for ``work``."""

    def consume() -> None:
        with contextlib.suppress(ChannelClosed):
            while True:
                taken.append(channel.take(30.0))
                work.wait(30.0)

    thread = threading.Thread(target=consume)
    thread.start()
    return thread


def awaited(channel: Latest[int]) -> None:
    deadline = time.monotonic() + 30.0
    while not channel._waiting or channel.count().depth:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_comes_together_waits_together_for_a_consumer_that_has_time():
    channel: Latest[int] = Latest(together=3)
    taken: list[int] = []
    work = threading.Event()
    work.set()
    thread = consumer_of(channel, taken, work)
    for n in range(0, 40, 2):
        awaited(channel)
        channel.put_together([n, n + 1])
    awaited(channel)
    channel.put_together([90, 91, 92, 93])
    awaited(channel)
    channel.close()
    thread.join(30)
    assert taken == [*range(40), 91, 92, 93], "more than may wait together are bounded, the newest stay"
    assert channel.count().dropped == 1
    assert channel.count().high_water <= 3


def test_a_consumer_that_is_too_slow_never_works_off_a_queue():
    channel: Latest[int] = Latest(together=3)
    taken: list[int] = []
    work = threading.Event()
    thread = consumer_of(channel, taken, work)
    awaited(channel)
    channel.put_together([0, 1])
    while not taken:
        time.sleep(0.001)
    for n in range(2, 40, 2):
        channel.put_together([n, n + 1])
        assert channel.count().depth == 1
    channel.close()
    work.set()
    thread.join(30)
    assert taken == [0, 39]
    assert channel.count().dropped == 38


def test_who_chooses_is_told_what_waits_and_what_was_taken_last():
    asked: list[tuple[list[int], int | None]] = []

    def lowest(waiting: Sequence[int], last: int | None) -> int:
        asked.append((list(waiting), last))
        return waiting[0]

    channel: Latest[int] = Latest(together=2, choose=lowest)
    channel.put_together([5, 6])
    assert channel.take(0) == 5
    channel.put(7)
    channel.put(8)
    assert channel.take(0) == 7
    channel.put_together([])
    assert asked == [([5, 6], None), ([7], 5), ([7, 8], 5)]
    count = channel.count()
    assert (count.put, count.taken, count.dropped, count.depth) == (4, 2, 2, 0)
