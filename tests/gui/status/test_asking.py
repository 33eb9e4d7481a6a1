"""How the window learns how things are, and what it does when nothing answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gui.feed import FeedStatus, Mode, Phase
from gui.status.asking import LATE_S, Asking
from gui.tiles.picture_worker import Failed

FINE = FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING)


class Hands:
    """Orders that a test carries out, a clock that a test sets, and a feed."""

    def __init__(self) -> None:
        self.now = 0.0
        self.orders: list[Callable[[], FeedStatus]] = []
        self.broken = ""
        self.asking = Asking(self.status, self, lambda: self.now)

    def order(self, make: Callable[[], FeedStatus]) -> None:
        self.orders.append(make)

    def status(self) -> FeedStatus:
        if self.broken:
            raise OSError(self.broken)
        return FINE


@pytest.fixture
def hands() -> Hands:
    hands = Hands()
    assert hands.asking.ask() is FINE, "the first one at once"
    return hands


def test_while_it_answers_nothing_is_asked_here(hands: Hands) -> None:
    for _ in range(40):
        hands.now += 0.25
        assert hands.asking.ask() is None
        assert hands.asking.came(hands.orders.pop()()) is FINE
        assert not hands.asking.is_late


def test_when_nothing_answers_it_is_asked_here_until_something_does(hands: Hands) -> None:
    while hands.now <= LATE_S:
        hands.now += 0.25
        assert hands.asking.ask() is None
        assert not hands.asking.is_late
    hands.now += 0.25
    assert hands.asking.ask() is FINE
    assert hands.asking.is_late
    assert hands.asking.came(hands.orders[-1]()) is FINE
    assert not hands.asking.is_late
    assert hands.asking.ask() is None


def test_a_window_that_did_nothing_for_a_while_is_not_behind(hands: Hands) -> None:
    hands.asking.ask()
    hands.now += 10 * LATE_S
    assert hands.asking.ask() is None, "the answer waits to be handed over"
    assert not hands.asking.is_late


def test_a_status_that_fails_is_raised_once_and_then_told_as_late(hands: Hands) -> None:
    hands.broken = "status broke"
    raised = 0
    for _ in range(40):
        hands.now += 0.25
        try:
            assert hands.asking.ask() is None
            assert hands.asking.came(Failed(OSError("status broke"))) is None
        except OSError:
            raised += 1
    assert raised == 1
    assert hands.asking.is_late
    assert hands.asking.why == "OSError: status broke"
    hands.broken = ""
    assert hands.asking.came(FINE) is FINE
    assert not hands.asking.is_late
    assert not hands.asking.why


def test_without_another_thread_it_is_asked_here_always() -> None:
    hands = Hands()
    asking = Asking(hands.status, None)
    assert [asking.ask() for _ in range(3)] == [FINE] * 3
    assert not asking.is_late
