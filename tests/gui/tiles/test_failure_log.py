"""A log that a failure with every picture does not fill."""

from __future__ import annotations

import logging

import pytest

from gui.tiles.failure_log import EVERY_S, FailureLog

LOG = logging.getLogger("gui.test_failure_log")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def here(words: str) -> Exception:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def there(words: str) -> Exception:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def test_the_first_is_told_whole_and_then_how_often_each_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    failures = FailureLog(LOG, "a picture could not be made", clock)
    for number in range(30):
        failures.tell(here(f"no room {number}"))
    (record,) = caplog.records
    assert record.exc_info is not None
    assert "no room 0" in caplog.text
    clock.now = EVERY_S
    failures.tell(here("no room 30"))
    assert caplog.records[-1].getMessage().startswith("a picture could not be made, 30 times more in 60 s: ValueError")
    assert caplog.records[-1].exc_info is None
    failures.tell(here("no room 31"))
    assert len(caplog.records) == 2


def test_two_that_take_turns_are_each_told_once(caplog: pytest.LogCaptureFixture) -> None:
    failures = FailureLog(LOG, "a picture could not be made", Clock())
    for _ in range(10):
        failures.tell(here("here"))
        failures.tell(there("there"))
        failures.tell(ValueError("from nowhere"))
    assert len(caplog.records) == 3


def test_it_remembers_no_more_than_it_needs(caplog: pytest.LogCaptureFixture) -> None:
    failures = FailureLog(LOG, "a picture could not be made", Clock())
    for number in range(200):
        failures.tell(type(f"Error{number}", (Exception,), {})("x"))
    assert len(failures._counts) <= 64
    assert len(caplog.records) == 200
