"""What comes and is not painted."""

from __future__ import annotations

import pytest

from gui.tiles.paint_watch import PaintWatch, Screen
from tests.gui.tiles.board_desk import COLOR, DEPTH, frame

S = 1_000_000_000
NOW = 1_700_000_000 * S
SEEN = ("color", "depth")


@pytest.fixture
def watch() -> PaintWatch:
    return PaintWatch()


def came(watch: PaintWatch, at_s: float) -> None:
    for name in SEEN:
        watch.came(name, NOW + round(at_s * S))


def look(watch: PaintWatch, at_s: float, **failing: str) -> Screen:
    return watch.look(SEEN, failing, NOW + round(at_s * S), 3.0)


def test_what_is_painted_is_as_old_as_its_frame(watch: PaintWatch) -> None:
    came(watch, 0)
    for info in (COLOR, DEPTH):
        watch.painted(frame(info, 1, NOW - S))
    found = look(watch, 60)
    assert found.painted_ns == {"color": NOW - S, "depth": NOW - S}
    assert (found.unpainted, found.is_none_painted) == ((), False), "nothing came since"
    assert watch.newest_ns(SEEN) == NOW - S
    assert watch.newest_ns(()) is None


def test_what_waits_for_a_newer_picture_is_not_old_by_its_camera(watch: PaintWatch) -> None:
    watch.painted(frame(COLOR, 1, NOW))
    came(watch, 0.1)
    assert look(watch, 1.0).painted_ns == {"color": NOW}
    assert look(watch, 1.2).painted_ns == {}
    assert watch.newest_ns(SEEN) == NOW


def test_results_that_come_and_are_not_painted(watch: PaintWatch) -> None:
    for at in range(4):
        came(watch, at)
        assert look(watch, at).unpainted == ()
    assert look(watch, 3.2).unpainted == (), "only about to be painted, perhaps"
    found = look(watch, 3.4)
    assert found.unpainted == SEEN
    assert found.is_none_painted
    watch.painted(frame(COLOR, 1, NOW))
    found = look(watch, 3.6)
    assert found.unpainted == ("depth",)
    assert not found.is_none_painted


def test_one_that_fails_is_told_at_once_and_one_that_failed_meanwhile_once(watch: PaintWatch) -> None:
    came(watch, 0)
    watch.failed("depth", "no room")
    watch.painted(frame(DEPTH, 1, NOW))
    watch.painted(frame(COLOR, 1, NOW))
    found = look(watch, 0.2)
    assert (found.unpainted, found.why, found.is_none_painted) == (("depth",), "no room", False)
    assert look(watch, 0.4).unpainted == ()
    found = look(watch, 0.6, color="x", depth="x")
    assert found.is_none_painted
    assert look(watch, 0.8).unpainted == ()


def test_a_face_that_cannot_be_painted_is_told_and_the_streams_are_painted(watch: PaintWatch) -> None:
    came(watch, 0)
    watch.painted(frame(COLOR, 1, NOW))
    watch.painted(frame(DEPTH, 1, NOW))
    found = watch.look(SEEN, {"Face 1: crop": "x"}, NOW, 3.0)
    assert found.unpainted == ("Face 1: crop",)
    assert not found.is_none_painted


def test_what_cannot_be_seen_is_not_missed_and_has_its_time_when_it_is_seen_again(watch: PaintWatch) -> None:
    came(watch, 0)
    watch.painted(frame(COLOR, 1, NOW))
    for at in range(1, 9):
        came(watch, at)
        assert watch.look((), {}, NOW + at * S, 3.0) == Screen()
    came(watch, 9)
    for at in (9.2, 9.4):
        found = look(watch, at)
        assert found.unpainted == ()
        assert found.painted_ns == {}, "not as old as what stood there before"
