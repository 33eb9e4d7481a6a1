"""Numbers of a camera come with their names."""

from __future__ import annotations

from drivers.clock import ClockMap, ClockState
from drivers.stream_counts import StreamCount
from gui.status.camera_words import clock_words, count_words


def test_a_stream_that_lost_nothing_says_so():
    assert count_words(StreamCount(received=12)) == "12 frames received\nnone lost, late, doubled or out of order"


def test_every_loss_has_its_name():
    told = count_words(StreamCount(100, 2, 3, 4, 5, 6, 7))
    for words in (
        "2 of them late",
        "3 dropped here",
        "4 lost before",
        "5 came twice",
        "6 came out of order",
        "7 were none",
    ):
        assert words in told


def test_a_clock_says_how_it_goes():
    clock = ClockMap()
    for i in range(3000):
        clock.push(round(i * 10_000_000 * (1 + 150e-6)), 1_700_000_000_000_000_000 + i * 10_000_000, i)
    assert "it runs 150 ppm fast" in clock_words(clock.state())
    clock.push(40_000_000_000, 1_700_000_000_000_000_000 + 3000 * 10_000_000, 3000)
    assert "1 jumps of a clock, the last: device by +9.99" in clock_words(clock.state())


def test_a_clock_that_has_said_nothing_yet_has_no_words():
    assert clock_words(ClockState()) == ""
