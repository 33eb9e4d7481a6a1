"""Alarms are raised, held, acknowledged and muted; nothing severe is ever hidden without a word."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gui.alarms.book import HOLD_S, LONGEST_MUTE_S, Alarm, AlarmBook, Condition, Moment, Sense, Severity

S = 1_000_000_000
LOST = Condition("camera depth", Severity.ALARM, "depth: lost", Moment("depth"))
SLOW = Condition("latency", Severity.WARNING, "late")


@pytest.fixture
def book() -> AlarmBook:
    return AlarmBook()


def only(book: AlarmBook) -> Alarm:
    (line,) = book.lines
    return line


def test_an_alarm_stays_when_its_cause_goes_until_somebody_has_seen_it(book: AlarmBook) -> None:
    assert book.raise_alarm(LOST, 1 * S)
    book.clear(LOST.key, 2 * S)
    book.tick(1000 * S)
    assert only(book).cleared_ns == 2 * S
    assert only(book).is_open
    (done,) = book.acknowledge("ann", 1001 * S)
    assert (done.acknowledged_by, done.acknowledged_ns) == ("ann", 1001 * S)
    assert book.lines == []
    assert [a.key for a in book.history] == [LOST.key]


def test_an_acknowledged_alarm_stands_in_the_book_while_it_lasts(book: AlarmBook) -> None:
    book.raise_alarm(LOST, 1 * S)
    book.acknowledge("ann", 2 * S)
    book.tick(100 * S)
    assert only(book).is_active
    assert book.noticed(Sense.SOUND, 100 * S) == []


def test_what_comes_and_goes_is_one_alarm_with_a_count(book: AlarmBook) -> None:
    for second in range(0, 200, 2):
        book.raise_alarm(LOST, second * S)
        book.clear(LOST.key, (second + 1) * S)
    assert only(book).count == 100
    assert only(book).since_ns == 0


def test_what_comes_back_soon_stays_acknowledged_and_later_it_is_new(book: AlarmBook) -> None:
    book.raise_alarm(LOST, 0)
    book.acknowledge("ann", 1 * S)
    book.clear(LOST.key, 2 * S)
    assert not book.raise_alarm(LOST, 5 * S)
    assert not only(book).is_open
    book.clear(LOST.key, 6 * S)
    later = round((6 + HOLD_S) * S)
    book.tick(later)
    assert book.lines == []
    assert book.raise_alarm(LOST, later + S)
    assert only(book).is_open


def test_what_gets_worse_is_new_again(book: AlarmBook) -> None:
    book.raise_alarm(Condition("disk", Severity.WARNING, "20 min"), 0)
    book.acknowledge("ann", 1 * S)
    assert book.raise_alarm(Condition("disk", Severity.ALARM, "4 min"), 2 * S)
    assert only(book).is_open
    assert only(book).text == "4 min"
    assert not book.raise_alarm(Condition("disk", Severity.WARNING, "6 min"), 3 * S)
    assert only(book).severity is Severity.ALARM, "what was severe stays so until it was seen and is over"


def test_a_mute_covers_all_but_a_new_severe_alarm(book: AlarmBook) -> None:
    book.raise_alarm(LOST, 1 * S)
    book.mute(Sense.SOUND, 60, "ann", 2 * S)
    assert book.noticed(Sense.SOUND, 3 * S) == []
    assert len(book.noticed(Sense.SIGHT, 3 * S)) == 1, "the other sense is not muted"
    book.raise_alarm(SLOW, 4 * S)
    assert book.noticed(Sense.SOUND, 5 * S) == []
    book.raise_alarm(Condition("recording", Severity.ALARM, "ended"), 6 * S)
    assert [a.key for a in book.noticed(Sense.SOUND, 7 * S)] == ["recording"]
    assert book.open_count == 3
    assert book.muted_s(Sense.SOUND, 32 * S) == 30.0
    book.tick(62 * S)
    assert len(book.noticed(Sense.SOUND, 62 * S)) == 3


def test_a_mute_can_be_ended(book: AlarmBook) -> None:
    book.raise_alarm(LOST, 1 * S)
    book.mute(Sense.SIGHT, 60, "ann", 2 * S)
    assert book.unmute(Sense.SIGHT)
    assert not book.unmute(Sense.SIGHT)
    assert book.noticed(Sense.SIGHT, 3 * S)


@pytest.mark.parametrize("seconds", [0, -1, LONGEST_MUTE_S + 1, float("nan"), float("inf")])
def test_a_mute_has_a_stated_time(book: AlarmBook, seconds: float) -> None:
    with pytest.raises(ValueError, match="a mute lasts"):
        book.mute(Sense.SOUND, seconds, "ann", 0)


def test_what_is_no_longer_wrong_is_cleared_and_only_that(book: AlarmBook) -> None:
    event = Condition("event: gaze", Severity.NOTICE, "gaze")
    book.raise_alarm(event, 0)
    assert [a.key for a in book.see([LOST, SLOW], 1 * S, "camera")] == [LOST.key, SLOW.key]
    assert book.see([SLOW], 2 * S, "camera") == []
    assert {a.key: a.is_active for a in book.lines} == {LOST.key: False, SLOW.key: True, event.key: True}


def test_the_worst_that_nobody_has_seen_comes_first(book: AlarmBook) -> None:
    book.see([Condition("a", Severity.NOTICE, ""), SLOW], 1 * S)
    book.see([Condition("a", Severity.NOTICE, ""), SLOW, LOST], 2 * S)
    assert [a.key for a in book.lines] == [LOST.key, SLOW.key, "a"]
    book.acknowledge("ann", 3 * S, LOST.key)
    assert [a.key for a in book.lines] == [SLOW.key, "a", LOST.key]


def test_a_full_book_lets_go_of_what_matters_least() -> None:
    book = AlarmBook(history=3, most=4)
    book.raise_alarm(LOST, 0)
    for n in range(10):
        book.raise_alarm(Condition(f"n{n}", Severity.NOTICE, ""), n * S)
    assert len(book.lines) == 4
    assert book.find(LOST.key) is not None
    assert len(book.history) == 3


class Operator(RuleBasedStateMachine):
    """An operator, a flapping world, and a clock that may stand still or go back."""

    def __init__(self) -> None:
        super().__init__()
        self.book = AlarmBook(history=5, most=6)
        self.now = 0

    @rule(key=st.sampled_from("abcdefghi"), severity=st.sampled_from(Severity))
    def it_goes_wrong(self, key: str, severity: Severity) -> None:
        before = self.book.find(key)
        is_new = self.book.raise_alarm(Condition(key, severity, "x"), self.now)
        line = self.book.find(key)
        assert line is not None
        assert line.is_active
        assert line.severity >= severity
        assert is_new == (before is None or severity > before.severity)
        if is_new:
            assert line.is_open
        elif before is not None and not before.is_active:
            assert line.count == before.count + 1

    @rule(key=st.sampled_from("abcdefghi"))
    def it_is_over(self, key: str) -> None:
        before = self.book.find(key)
        self.book.clear(key, self.now)
        if before is not None and before.is_open:
            assert self.book.find(key) is not None, "latched"

    @rule(key=st.one_of(st.none(), st.sampled_from("abcdefghi")))
    def the_operator_has_seen_it(self, key: str | None) -> None:
        open_before = {a.key for a in self.book.lines if a.is_open}
        done = {a.key for a in self.book.acknowledge("ann", self.now, key)}
        assert done == (open_before if key is None else open_before & {key})

    @rule(sense=st.sampled_from(Sense), seconds=st.integers(1, 3600))
    def it_is_muted(self, sense: Sense, seconds: int) -> None:
        self.book.mute(sense, seconds, "ann", self.now)
        assert self.book.muted_s(sense, self.now) == seconds

    @rule(sense=st.sampled_from(Sense))
    def the_mute_is_ended(self, sense: Sense) -> None:
        self.book.unmute(sense)
        assert len(self.book.noticed(sense, self.now)) == self.book.open_count

    @rule(seconds=st.integers(0, 4000), back=st.booleans())
    def time_goes_on(self, seconds: int, back: bool) -> None:
        self.book.tick(self.now - seconds * S)  # a clock that was set back harms nothing
        self.now += 0 if back else seconds * S
        self.book.tick(self.now)

    @invariant()
    def the_book_is_bounded_and_in_order(self) -> None:
        lines = self.book.lines
        assert len(lines) <= 6
        assert len(self.book.history) <= 5
        order = [(not a.is_open, -a.severity) for a in lines]
        assert order == sorted(order)
        assert all(a.since_ns <= a.rang_ns and a.count >= 1 for a in lines)

    @invariant()
    def what_is_not_muted_is_noticed(self) -> None:
        for sense in Sense:
            noticed = {a.key for a in self.book.noticed(sense, self.now)}
            left = self.book.muted_s(sense, self.now)
            assert 0 <= left <= LONGEST_MUTE_S
            if left == 0:
                assert noticed == {a.key for a in self.book.lines if a.is_open}

    @rule(sense=st.sampled_from(Sense), key=st.sampled_from("xyz"))
    def a_new_severe_alarm_comes_through_any_mute(self, sense: Sense, key: str) -> None:
        if self.book.raise_alarm(Condition(key, Severity.ALARM, "x"), self.now):
            assert key in {a.key for a in self.book.noticed(sense, self.now)}


TestOperator = Operator.TestCase
TestOperator.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
