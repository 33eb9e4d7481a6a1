"""Numbers of frames go on rising, whatever their width on the wire."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.genicam_stream import FrameNumbers


def on_the_wire(count: int, bits: int) -> int:
    """The number of the frame ``count`` (from 1): 16 bits skip 0."""
    return (count - 1) % 65535 + 1 if bits == 16 else count


@given(st.integers(1, 200_000), st.lists(st.integers(1, 30_000), min_size=1, max_size=40), st.sampled_from([16, 64]))
def test_gaps_are_what_was_lost_also_across_a_wrap(first: int, steps: list[int], bits: int):
    numbers = FrameNumbers()
    count = first
    last = numbers.next(on_the_wire(count, bits))
    for step in steps:
        count += step
        now = numbers.next(on_the_wire(count, bits))
        # Where 64 bits begin below 65536 the camera could not be told from one of 16 bits by a step that large.
        assert now - last == step
        last = now


@given(st.integers(2, 200_000))
def test_a_late_frame_gets_the_number_that_was_left_out(first: int):
    numbers = FrameNumbers()
    a, c, b, d = (numbers.next(on_the_wire(first + n, 16)) for n in (0, 2, 1, 3))
    assert (b - a, c - a, d - a) == (1, 2, 3)


def test_after_65535_comes_1_and_nothing_is_missing():
    numbers = FrameNumbers()
    assert [numbers.next(n) for n in (65534, 65535, 1, 2)] == [65534, 65535, 65536, 65537]
