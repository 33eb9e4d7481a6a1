"""Memory that grows with the work is seen, however little; memory that grows once is not."""

from __future__ import annotations

import mmap
import random

import numpy as np
import pytest

from tests.helpers.growth import STATM, resident_growth, traced_growth

CALLS = 60


def test_work_that_leaves_nothing_has_grown_by_nothing() -> None:
    assert traced_growth(lambda: [np.zeros(1000) for _ in range(CALLS)]) < CALLS


@pytest.mark.parametrize("left", [lambda: np.zeros(1), lambda: np.zeros((3, 64, 64), np.float32), lambda: [0]])
def test_one_small_thing_a_call_is_seen(left) -> None:  # type: ignore[no-untyped-def]  # whatever makes something
    kept: list[object] = []
    assert traced_growth(lambda: kept.extend(left() for _ in range(CALLS))) > CALLS * 32


def test_a_leak_is_seen_behind_noise_of_either_sign() -> None:
    dice = random.Random(7)
    kept: list[object] = []
    noise: list[bytes] = []

    def work() -> None:
        kept.extend(np.zeros(8) for _ in range(CALLS))
        noise[:] = [bytes(dice.randrange(4000))]

    assert traced_growth(work) > CALLS * 32


def test_what_comes_once_is_no_growth_whenever_it_comes() -> None:
    for when in (0, 3, 6):
        blocks = iter(range(100))
        kept: list[bytes] = []

        def work(when: int = when, blocks=blocks, kept: list[bytes] = kept) -> None:  # type: ignore[no-untyped-def]  # an iterator
            if next(blocks) == when:
                kept.append(bytes(2_000_000))

        assert traced_growth(work) < CALLS * 32


@pytest.mark.skipif(not STATM.exists(), reason="how much memory a process has is read as Linux tells it")
def test_what_a_library_keeps_is_seen_and_what_python_lets_go_is_not() -> None:
    kept: list[mmap.mmap] = []

    def leak() -> None:
        for _ in range(CALLS):
            kept.append(mmap.mmap(-1, mmap.PAGESIZE))  # pages of its own: what others gave back cannot hide it
            kept[-1][0] = 1

    try:
        assert resident_growth(leak) > CALLS * 1024
    finally:
        for one in kept:
            one.close()
    assert resident_growth(lambda: [np.ones(1000) for _ in range(CALLS)]) < CALLS * 1024
