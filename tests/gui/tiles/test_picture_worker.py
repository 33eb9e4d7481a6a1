"""Pictures made in a thread of their own: newest only, nothing that was dropped, nothing left at the end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.qt import QtCore, QtWidgets
from gui.tiles.picture_worker import Failed, Pictures, Worker

LIMIT_S = 20.0


class Gate:
    """A picture that is being made until it is let go."""

    def __init__(self, value: object) -> None:
        self.value = value
        self.begun = threading.Event()
        self.open = threading.Event()

    def __call__(self) -> object:
        self.begun.set()
        assert self.open.wait(LIMIT_S)
        return self.value


@pytest.fixture
def told() -> threading.Event:
    return threading.Event()


@pytest.fixture
def worker(told: threading.Event) -> Iterator[Worker]:
    worker = Worker(told.set)
    yield worker
    assert worker.close()
    assert not [t for t in threading.enumerate() if t.name == "tapetum-pictures"]


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def busy(worker: Worker) -> Gate:
    """The worker makes something for the key 0, and goes on when its gate is opened."""
    gate = Gate("gate")
    worker.order(0, gate)
    assert gate.begun.wait(LIMIT_S)
    return gate


def test_of_what_waits_the_newest_is_made_and_nothing_else(worker: Worker, told: threading.Event) -> None:
    made: list[int] = []
    gate = busy(worker)
    for number in range(5):
        worker.order(1, lambda n=number: made.append(n) or n)  # type: ignore[func-returns-value]  # both, in a line
    gate.open.set()
    found: dict[int, Any] = {}
    until(lambda: bool(found.update(worker.fetch()) or 1 in found))
    assert found == {0: "gate", 1: 4}
    assert made == [4]
    assert not worker.is_busy


def test_what_is_being_made_when_it_is_dropped_never_comes(worker: Worker) -> None:
    gate = busy(worker)
    worker.drop(0)
    worker.order(0, lambda: "new")
    gate.open.set()
    found: list[Any] = []
    until(lambda: bool(found.extend(worker.fetch().values()) or not worker.is_busy))
    assert found == ["new"]


def test_it_is_told_once_for_all_that_came_together(worker: Worker) -> None:
    calls: list[int] = []
    worker._tell = lambda: calls.append(1)
    gate = busy(worker)
    for key in range(1, 5):
        worker.order(key, lambda k=key: k)
    gate.open.set()
    until(lambda: len(worker._made) == 5)
    assert len(calls) == 1, "nobody has fetched it yet"
    assert set(worker.fetch()) == set(range(5))


def test_one_that_fails_is_handed_over_as_such_and_the_others_are_made(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError("no such palette")

    with caplog.at_level(logging.CRITICAL):
        worker.order(1, fail)
        worker.order(2, lambda: "two")
        found: dict[int, Any] = {}
        until(lambda: bool(found.update(worker.fetch()) or len(found) == 2))
    assert isinstance(found[1], Failed)
    assert str(found[1].error) == "no such palette"
    assert found[2] == "two"


def test_after_the_end_nothing_is_made(told: threading.Event) -> None:
    worker = Worker(told.set)
    gate = busy(worker)
    worker.order(1, lambda: pytest.fail("made after the end"))
    closing = threading.Thread(target=worker.close, name="closer")
    closing.start()
    until(lambda: worker._closing)
    gate.open.set()
    closing.join(LIMIT_S)
    worker.order(2, lambda: pytest.fail("made after the end"))
    assert worker.fetch() == {}
    assert not told.is_set()


def test_the_end_waits_no_longer_than_its_deadline(told: threading.Event) -> None:
    worker = Worker(told.set)
    gate = busy(worker)
    assert not worker.close(0.01)
    gate.open.set()
    assert worker.close()


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=40))
def test_in_the_end_each_key_has_its_last_order_and_none_that_was_dropped(steps: list[tuple[int, bool]]) -> None:
    worker = Worker(lambda: None)
    last: dict[int, int | None] = {}
    found: dict[int, Any] = {}
    for number, (key, is_order) in enumerate(steps):
        if is_order:
            worker.order(key, lambda n=number: n)
            last[key] = number
        else:
            worker.drop(key)
            found.pop(key, None)
            last[key] = None
        for have, value in worker.fetch().items():
            assert last[have] is not None, "it was dropped"
            assert found.get(have, -1) < value, "never an older one after a newer one"
            found[have] = value
    until(lambda: bool(found.update(worker.fetch()) or not worker.is_busy))
    found.update(worker.fetch())
    assert worker.close()
    assert found == {key: number for key, number in last.items() if number is not None}


class Taker(QtCore.QObject):
    """Notes what it is given, and in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[object, str]] = []

    def take(self, made: object) -> None:
        self.got.append((made, threading.current_thread().name))


def test_it_is_made_in_the_worker_and_handed_over_on_the_qt_thread(qtbot: QtBot) -> None:
    pictures, taker = Pictures(), Taker()
    easel = pictures.easel(taker.take)
    easel.order(lambda: threading.current_thread().name)
    assert pictures.is_busy
    qtbot.waitUntil(lambda: len(taker.got) == 1, timeout=20_000)
    assert taker.got == [("tapetum-pictures", threading.current_thread().name)]
    assert not pictures.is_busy
    assert pictures.close()


def test_who_is_gone_is_forgotten_and_the_others_get_theirs(qtbot: QtBot) -> None:
    pictures, taker, gone = Pictures(), Taker(), Taker()
    easel, other = pictures.easel(gone.take), pictures.easel(taker.take)
    del gone
    easel.order(lambda: "for nobody")
    other.order(lambda: "for somebody")
    qtbot.waitUntil(lambda: len(taker.got) == 1 and not pictures.is_busy, timeout=20_000)
    assert len(pictures._takers) == 1
    assert pictures.close()


def test_nothing_is_handed_over_after_the_end(qtbot: QtBot) -> None:
    pictures, taker = Pictures(), Taker()
    gate = Gate("late")
    pictures.easel(taker.take).order(gate)
    assert gate.begun.wait(LIMIT_S)
    gate.open.set()
    assert pictures.close()
    QtWidgets.QApplication.processEvents()
    assert taker.got == []


def test_whoever_is_gone_takes_no_memory_though_nothing_was_made_for_it(qtbot: QtBot) -> None:
    pictures, taker = Pictures(), Taker()
    kept = pictures.easel(taker.take)
    for _ in range(50):
        pictures.easel(Taker().take)
    assert len(pictures._takers) <= 2, "the one that is there, and the last that came"
    kept.order(lambda: "still")
    qtbot.waitUntil(lambda: len(taker.got) == 1, timeout=20_000)
    assert pictures.close()


class Breaks(Taker):
    """Raises what it is given."""

    def take(self, made: object) -> None:
        super().take(made)
        raise ValueError(made)


def test_one_that_cannot_show_its_picture_keeps_none_from_the_others(qtbot: QtBot) -> None:
    pictures, broken, taker = Pictures(), Breaks(), Taker()
    gate = Gate("gate")
    first = pictures.easel(broken.take)
    first.order(gate)
    assert gate.begun.wait(LIMIT_S)
    others = [pictures.easel(taker.take), pictures.easel(broken.take), pictures.easel(taker.take)]
    with qtbot.captureExceptions() as raised:
        for number, easel in enumerate(others):
            easel.order(lambda n=number: n)
        gate.open.set()
        qtbot.waitUntil(lambda: not pictures.is_busy and len(broken.got) == 2, timeout=20_000)
    assert [made for made, _ in taker.got] == [0, 2]
    assert all(kind is ValueError for kind, _, _ in raised)
    assert raised
    assert pictures.close()


def test_what_fails_again_and_again_fills_no_log(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise MemoryError("no room")

    for _ in range(20):
        worker.order(1, fail)
        until(lambda: isinstance(worker.fetch().get(1), Failed))
    assert len(caplog.records) == 1


def test_what_is_made_ahead_waits_for_what_was_ordered_and_tells_nobody(worker: Worker, told: threading.Event) -> None:
    made: list[object] = []
    gate = busy(worker)
    worker.prepare(lambda: made.append("old"))
    worker.prepare(lambda: made.append("ahead"))
    worker.order(1, lambda: made.append("ordered"))
    assert worker.has_orders
    gate.open.set()
    until(lambda: len(made) == 2)
    assert made == ["ordered", "ahead"], "of what is made ahead only the newest"
    worker.fetch()
    told.clear()
    worker.prepare(lambda: made.append("alone"))
    until(lambda: len(made) == 3)
    assert not told.is_set()
    assert not worker.is_busy


def test_what_fails_ahead_keeps_nothing_from_being_made(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("no such palette")

    with caplog.at_level(logging.CRITICAL):
        worker.prepare(fail)
        worker.order(1, lambda: "one")
        found: dict[int, Any] = {}
        until(lambda: bool(found.update(worker.fetch()) or found))
    assert found == {1: "one"}


def test_after_the_end_nothing_is_made_ahead(told: threading.Event) -> None:
    worker = Worker(told.set)
    assert worker.close()
    worker.prepare(lambda: pytest.fail("the worker is closed"))
    assert not [t for t in threading.enumerate() if t.name == "tapetum-pictures"]
