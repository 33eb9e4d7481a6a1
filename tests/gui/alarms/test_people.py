"""What adds up about one person is one line, the worst first; every alarm still stands by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from gui.alarms.alarm_bar import AlarmBar
from gui.alarms.alarm_list import AlarmList
from gui.alarms.book import AlarmBook, Condition, Sense, Severity
from gui.alarms.people import also_words, key_of, lines_of, together
from gui.alarms.rule_events import RuleEvents
from gui.alarms.words import count_words
from gui.look import theme
from gui.qt import QtCore
from pipeline.rules.run import LOST
from recordings.event import Clip, Event

S = 1_000_000_000


def event(name: str, note: str, severity: str, face: int | None, at_s: float = 5.0) -> Event:
    return Event(name, round(at_s * S), face=face, note=note, severity=severity)


THERE = event("person-appears", "Somebody is there", "notice", 3)
MASKED = event("masked", "A face is masked", "warning", 3)
CLOSE = event("comes-close", "Somebody is close", "warning", 3)
BOTH = event("masked-and-close", "A masked face is close", "alarm", 3)
OTHER = event("person-appears", "Somebody is there", "notice", 4)
COVERED = event("camera-covered", "The camera is covered, or shows nothing", "alarm", None)
ALL = (THERE, MASKED, CLOSE, BOTH, OTHER)


@pytest.fixture
def book() -> AlarmBook:
    made = AlarmBook()
    rules = RuleEvents(made)
    for n, each in enumerate(ALL):
        rules.see([each], (10 + n) * S)
    return made


def test_all_of_a_person_stand_together_with_the_worst_first(book: AlarmBook) -> None:
    third, fourth = together(book.lines)
    assert [line.brief for line in third.lines] == [
        "A masked face is close",
        "Somebody is close",
        "A face is masked",
        "Somebody is there",
    ]
    assert (third.severity, third.is_open, third.is_active) == (Severity.ALARM, True, True)
    assert third.since_ns == 10 * S, "since the first of them"
    assert [line.text for line in fourth.lines] == ["Somebody is there (face 4)"]
    assert also_words(third.lines[1:]) == "also: Somebody is close · A face is masked · Somebody is there"


def test_what_is_of_nobody_stands_alone(book: AlarmBook) -> None:
    RuleEvents(book).see([COVERED], 20 * S)
    alone = next(
        each for each in together(book.lines) if each.worst.severity is Severity.ALARM and not each.worst.group
    )
    assert alone.key == alone.worst.key == key_of(alone.worst)
    assert len(alone.lines) == 1
    assert lines_of(alone.key, book.lines) == [alone.worst]


def test_what_was_seen_comes_after_what_was_not(book: AlarmBook) -> None:
    worst = together(book.lines)[0].worst
    book.acknowledge("Ann", 20 * S, worst.key)
    person = next(each for each in together(book.lines) if worst.group == each.worst.group)
    assert person.lines[-1].key == worst.key
    assert person.severity is Severity.WARNING, "the worst that nobody has seen"


def test_a_row_that_says_alarm_has_the_words_of_the_alarm_also_when_that_is_over(book: AlarmBook) -> None:
    worst = together(book.lines)[0].worst
    book.clear(worst.key, 20 * S)
    person = next(each for each in together(book.lines) if worst.group == each.worst.group)
    assert (person.worst.key, person.severity) == (worst.key, person.worst.severity)


def test_alarms_and_people_are_counted_by_one_rule(book: AlarmBook) -> None:
    assert count_words(book) == "5 alarms of 2 people not acknowledged"
    RuleEvents(book).see([COVERED], 20 * S)
    assert count_words(book) == "6 alarms (5 of 2 people) not acknowledged"
    for line in lines_of(key_of(together(book.lines)[1].worst), book.lines):
        book.acknowledge("Ann", 21 * S, line.key)
    first, second = count_words(book).split("; ")
    assert (first, second) == (
        "2 alarms (1 of 1 person) not acknowledged",
        "4 alarms of 1 person acknowledged, still there",
    )
    assert count_words(AlarmBook()) == ""


@pytest.fixture
def bar(qtbot: QtBot) -> AlarmBar:
    made = AlarmBar()
    qtbot.addWidget(made)
    return made


def test_the_bar_is_one_alarm_a_person_with_what_adds_up_under_it(bar: AlarmBar, book: AlarmBook) -> None:
    bar.show_book(book, 20 * S)
    head, text, under = bar.words.split("\n")
    assert (head, text) == ("ALARM", "A masked face is close (face 3)")
    assert "also: Somebody is close · A face is masked · Somebody is there" in under
    assert "5 alarms of 2 people not acknowledged" in under
    bar.stop()


def test_how_many_more_and_what_is_muted_is_not_what_is_cut_where_much_adds_up(bar: AlarmBar, book: AlarmBook) -> None:
    book.mute(Sense.SOUND, 300, "Ann", 19 * S)
    bar.show_book(book, 20 * S)
    under = bar.words.split("\n")[2]
    assert under.index("5 alarms") < under.index("sound off") < under.index("also:")
    bar.stop()


def test_to_acknowledge_in_the_bar_is_to_have_seen_all_of_the_person(
    bar: AlarmBar, book: AlarmBook, qtbot: QtBot
) -> None:
    bar.show_book(book, 20 * S)
    with qtbot.waitSignal(bar.acknowledge, timeout=10_000) as asked:
        bar.seen.click()
    keys = [line.key for line in lines_of(asked.args[0], book.lines)]
    assert sorted(keys) == sorted(line.key for line in book.lines if line.group.endswith("face 3"))
    bar.stop()


# -- the list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def listed(qtbot: QtBot) -> AlarmList:
    made = AlarmList()
    qtbot.addWidget(made)
    return made


def test_bar_list_title_and_who_reads_them_aloud_have_the_same_count(
    bar: AlarmBar, listed: AlarmList, book: AlarmBook
) -> None:
    count = "5 alarms of 2 people not acknowledged"
    for acknowledged in (False, True):
        if acknowledged:
            book.acknowledge("Ann", 20 * S)
            count = "5 alarms of 2 people acknowledged, still there"
        bar.show_book(book, 20 * S)
        listed.show_book(book, 20 * S)
        assert count in bar.words.split("\n")[-1]
        assert listed.note.text() == count
        told = (bar.accessibleName(), listed.windowTitle(), listed.tree.accessibleName())
        assert told == (f"Alarms: {count}",) * 3
    bar.stop()


def texts(listed: AlarmList) -> list[tuple[str, list[str]]]:
    tops = [listed.tree.topLevelItem(n) for n in range(listed.tree.topLevelItemCount())]
    return [(top.text(2), [top.child(n).text(2) for n in range(top.childCount())]) for top in tops]


def test_a_person_is_a_row_with_every_alarm_under_it(listed: AlarmList, book: AlarmBook) -> None:
    listed.show_book(book, 20 * S)
    assert texts(listed) == [
        (
            "A masked face is close (face 3)",
            ["A masked face is close", "Somebody is close", "A face is masked", "Somebody is there"],
        ),
        ("Somebody is there (face 4)", []),
    ]
    top = listed.tree.topLevelItem(0)
    assert (top.text(0), top.text(4)) == ("ALARM", "4 alarms not acknowledged")
    assert top.isExpanded()


def test_a_row_of_a_person_acknowledges_all_and_one_under_it_only_itself(
    listed: AlarmList, book: AlarmBook, qtbot: QtBot
) -> None:
    listed.show_book(book, 20 * S)
    top = listed.tree.topLevelItem(0)
    listed.tree.setCurrentItem(top)
    with qtbot.waitSignal(listed.acknowledge, timeout=10_000) as asked:
        listed.seen.click()
    assert len(lines_of(asked.args[0], book.lines)) == 4
    listed.tree.setCurrentItem(top.child(1))
    with qtbot.waitSignal(listed.acknowledge, timeout=10_000) as asked:
        listed.seen.click()
    (line,) = lines_of(asked.args[0], book.lines)
    assert line.brief == "Somebody is close"
    book.acknowledge("Ann", 21 * S)
    listed.show_book(book, 21 * S)
    assert listed.tree.topLevelItem(0).text(4) == "all acknowledged; still there"


def test_what_was_folded_away_stays_so_and_the_choice_stays_when_something_changes(
    listed: AlarmList, book: AlarmBook
) -> None:
    listed.show_book(book, 20 * S)
    listed.tree.setCurrentItem(listed.tree.topLevelItem(1))
    listed.tree.topLevelItem(0).setExpanded(False)
    book.raise_alarm(replace_text(book), 21 * S)
    listed.show_book(book, 21 * S)
    assert not listed.tree.topLevelItem(0).isExpanded()
    assert listed.tree.currentItem().text(2) == "Somebody is there (face 4)"


def test_who_reads_further_down_goes_on_reading_when_something_changes(listed: AlarmList, qtbot: QtBot) -> None:
    book = AlarmBook()
    for n in range(40):
        book.raise_alarm(Condition(f"key{n}", Severity.WARNING, f"text {n}", group=f"person {n // 4}"), n * S)
    listed.show()
    qtbot.waitExposed(listed)
    listed.show_book(book, 50 * S)
    scroll = listed.tree.verticalScrollBar()
    qtbot.waitUntil(lambda: scroll.maximum() > 0, timeout=20_000)
    scroll.setValue(scroll.maximum())
    before = scroll.value()
    book.raise_alarm(Condition("new", Severity.ALARM, "new"), 51 * S)
    listed.show_book(book, 51 * S)
    assert scroll.value() == before
    listed.close()


def test_symbols_take_the_colors_of_another_theme(listed: AlarmList, book: AlarmBook) -> None:
    def colors() -> set[int]:
        image = listed.tree.topLevelItem(0).icon(0).pixmap(32, 32).toImage()
        return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}

    listed.show_book(book, 20 * S)
    dark = colors()
    theme.use("red")
    listed.show_book(book, 20 * S)
    red = colors()
    theme.use("dark")
    assert red != dark


def replace_text(book: AlarmBook) -> Condition:
    line = next(line for line in book.lines if line.brief == "A face is masked")
    return Condition(line.key, line.severity, "otherwise (face 3)", line.moment, line.group, "otherwise")


def test_what_is_over_and_what_happened_again_stand_beside_each_other(listed: AlarmList) -> None:
    book = AlarmBook()
    rules = RuleEvents(book)
    rules.see([CLOSE], 10 * S)
    rules.see([replace(CLOSE, end_ns=6 * S, note=f"{CLOSE.note} ({LOST})")], 11 * S)
    book.acknowledge("Ann", 12 * S)
    book.tick(60 * S)
    assert book.lines == []
    rules.see([replace(CLOSE, begin_ns=50 * S)], 61 * S)
    listed.show_book(book, 62 * S)
    assert texts(listed) == [("Somebody is close (face 3)", ["Somebody is close", "Somebody is close"])]
    top = listed.tree.topLevelItem(0)
    assert top.text(4) == "1 alarm not acknowledged"
    assert "acknowledged by Ann" in top.child(1).text(4)
    listed.tree.setCurrentItem(top.child(1))
    assert not listed.seen.isEnabled()
    rules.see([OTHER], 63 * S)
    listed.show_book(book, 63 * S)
    assert "acknowledged by Ann" in listed.tree.currentItem().text(4), "what was chosen stays so, and not what is new"
    assert not listed.seen.isEnabled()


def test_a_clip_can_be_opened_where_there_is_one(listed: AlarmList, book: AlarmBook, qtbot: QtBot) -> None:
    clips = {line.key: Clip(1, 2, "a.mcap") for line in book.lines if line.brief == "A masked face is close"}
    failed = {line.key: Clip(1, 2, "", "no clip: the disk is full") for line in book.lines if line.text.endswith("4)")}
    listed.show_book(book, 20 * S, (clips | failed).get, 1)
    top, other = listed.tree.topLevelItem(0), listed.tree.topLevelItem(1)
    assert top.child(0).text(4) == "still there · clip"
    assert other.text(4) == "still there · no clip"
    for item, opens in ((top, True), (top.child(0), True), (top.child(1), False), (other, True)):
        listed.tree.setCurrentItem(item)
        assert listed.clip.isEnabled() == opens
    listed.tree.setCurrentItem(top)
    with qtbot.waitSignal(listed.clip_wanted, timeout=10_000) as asked:
        qtbot.mouseClick(listed.clip, QtCore.Qt.MouseButton.LeftButton)
    assert asked.args == [next(iter(clips))], "of the worst that has one"


def test_a_clip_that_is_told_later_is_in_the_list_at_once(listed: AlarmList) -> None:
    book = AlarmBook()
    rules = RuleEvents(book)
    placed = replace(BOTH, clip=Clip(1, 2, "/clips/a.mcap"))
    rules.see([placed], 10 * S)
    listed.show_book(book, 11 * S, rules.clip_of, rules.version)
    assert listed.tree.topLevelItem(0).text(4) == "still there · clip"
    assert not rules.see([replace(placed, clip=Clip(1, 2, "", "no clip: the disk is full"))], 12 * S)
    listed.show_book(book, 12 * S, rules.clip_of, rules.version)
    assert listed.tree.topLevelItem(0).text(4) == "still there · no clip"


def test_the_clip_of_a_line_is_that_of_its_newest_event() -> None:
    rules = RuleEvents(AlarmBook())
    first = replace(BOTH, clip=Clip(1, 2, "/clips/a.mcap"))
    second = replace(BOTH, begin_ns=9 * S, clip=Clip(3, 4, "/clips/b.mcap"))

    def file() -> str:
        return getattr(rules.clip_of("event:masked-and-close 3"), "file", "")

    rules.see([first], 10 * S)
    assert file() == "/clips/a.mcap"
    rules.see([first, second], 11 * S)
    rules.see([first], 12 * S)  # told again: it ended, or was seen
    assert file() == "/clips/b.mcap"
