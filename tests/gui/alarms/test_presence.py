"""People who are gone: when they were seen last, and that they do not fill the list."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from gui.alarms.alarm_bar import AlarmBar
from gui.alarms.alarm_list import AlarmList
from gui.alarms.book import AlarmBook
from gui.alarms.presence import GONE_S, Presence
from gui.alarms.rule_events import RuleEvents, group_of
from gui.alarms.words import clock_words
from gui.qt import QtCore, QtWidgets
from pipeline.rules.run import LOST
from recordings.event import Event

S = 1_000_000_000
Key = QtCore.Qt.Key


def close_to(face: int, is_over: bool = False) -> Event:
    made = Event("comes-close", 5 * S, face=face, note="Somebody is close", severity="warning")
    return replace(made, end_ns=6 * S, note=f"{made.note} ({LOST})") if is_over else made


class Street:
    """People who come and go before a camera, and the list that an operator looks at."""

    def __init__(self, qtbot: QtBot) -> None:
        self.book, self.presence = AlarmBook(), Presence()
        self.rules = RuleEvents(self.book)
        self.listed, self.bar = AlarmList(), AlarmBar()
        qtbot.addWidget(self.listed)
        qtbot.addWidget(self.bar)
        self.now_s = 0.0

    @property
    def now_ns(self) -> int:
        return round(self.now_s * S)

    def at(self, now_s: float, *faces: int) -> None:
        """Pictures with these faces in them, four a second until then."""
        while self.now_s < now_s:
            self.now_s = min(self.now_s + 0.25, now_s)
            self.presence.see(map(group_of, faces), self.now_ns)
        self.show()

    def show(self) -> None:
        self.listed.show_book(self.book, self.now_ns, None, 0, self.presence.last_seen)
        self.bar.show_book(self.book, self.now_ns, self.presence.last_seen)

    def comes_and_goes(self, face: int, now_s: float) -> None:
        self.at(now_s, face)
        self.rules.see([close_to(face)], self.now_ns)
        self.at(now_s + 1, face)
        self.at(now_s + 2 + GONE_S)
        self.rules.see([close_to(face, is_over=True)], self.now_ns)
        self.show()

    def acknowledge_all(self) -> None:
        self.book.acknowledge("Ann", self.now_ns)
        self.show()

    @property
    def tops(self) -> list[QtWidgets.QTreeWidgetItem]:
        tree = self.listed.tree
        return [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]

    @property
    def names(self) -> list[str]:
        return [top.text(2) for top in self.tops]


@pytest.fixture
def street(qtbot: QtBot) -> Street:
    return Street(qtbot)


def test_who_is_in_the_picture_is_not_gone_and_who_is_not_has_a_time() -> None:
    presence = Presence()
    presence.see(["a", "b"], 10 * S)
    for quarter in range(1, 13):
        presence.see(["b"], (40 + quarter) * S // 4)
        if quarter == 4:
            assert presence.last_seen("a") is None, "a second is no absence"
    assert presence.last_seen("a") == 10 * S
    assert presence.last_seen("b") is None
    assert presence.last_seen("nobody") is None
    presence.see(["a"], 14 * S)
    assert presence.last_seen("a") is None, "the tracker has found the same number again"


def test_while_no_picture_comes_nobody_goes() -> None:
    presence = Presence()
    presence.see(["a"], 10 * S)
    assert presence.last_seen("a") is None
    presence.see([], 500 * S)
    assert presence.last_seen("a") is None, "for eight minutes nobody looked"
    for quarter in range(1, 10):
        presence.see([], (2000 + quarter) * S // 4)
    assert presence.last_seen("a") == 10 * S


def test_who_is_remembered_has_an_end() -> None:
    presence = Presence()
    for face in range(10_000):
        presence.see([group_of(face)], face * S)
    assert presence.last_seen(group_of(0)) is None, "nothing is said of whom nobody remembers"
    assert presence.last_seen(group_of(9_000)) == 9_000 * S


def test_a_person_who_is_gone_has_the_time_at_which_they_were_seen_last(street: Street) -> None:
    street.comes_and_goes(1, 100)
    seen = f"last seen {clock_words(101 * S)}"
    (top,) = street.tops
    assert top.text(3).startswith(f"{seen} · ")
    assert seen in street.bar.words
    street.comes_and_goes(2, 110)
    assert len(street.tops) == 2, "nobody guesses that it is the same person"
    street.bar.stop()


def test_who_is_gone_and_acknowledged_is_under_one_heading_the_newest_first(street: Street) -> None:
    for face, now_s in ((1, 100), (2, 110), (3, 120)):
        street.comes_and_goes(face, now_s)
    assert len(street.tops) == 3, "what nobody has acknowledged stays in sight"
    street.acknowledge_all()
    (heading,) = street.tops
    assert (heading.text(2), heading.text(3)) == ("gone (3)", f"last seen {clock_words(121 * S)}")
    assert not heading.isExpanded()
    told = [heading.child(n).text(2) for n in range(3)]
    assert [words[-2] for words in told] == ["3", "2", "1"]
    street.at(130, 4)
    street.rules.see([close_to(4)], street.now_ns)
    street.show()
    assert street.names == ["Somebody is close (face 4)", "gone (3)"], "who is there stands above"
    street.at(131, 2)
    assert street.names[-2:] == ["Somebody is close (face 2)", "gone (2)"], "who is seen again is not gone"
    street.bar.stop()


def test_what_lasts_is_not_folded_away_though_it_was_acknowledged(street: Street) -> None:
    street.at(100, 1)
    street.rules.see([close_to(1)], street.now_ns)
    street.acknowledge_all()
    street.at(110)
    assert street.names == ["Somebody is close (face 1)"]


def test_the_heading_is_opened_by_key_and_stays_open(street: Street, qtbot: QtBot) -> None:
    for face, now_s in ((1, 100), (2, 110)):
        street.comes_and_goes(face, now_s)
    street.acknowledge_all()
    tree = street.listed.tree
    street.listed.show()
    tree.setFocus()
    tree.setCurrentItem(street.tops[0])
    qtbot.keyClick(tree, Key.Key_Right)
    assert street.tops[0].isExpanded()
    assert not street.listed.seen.isEnabled()
    street.comes_and_goes(3, 120)
    street.acknowledge_all()
    heading = street.tops[-1]
    assert (heading.text(2), heading.isExpanded()) == ("gone (3)", True)
    qtbot.keyClick(tree, Key.Key_Left)
    street.comes_and_goes(4, 130)
    street.acknowledge_all()
    assert not street.tops[-1].isExpanded()
    street.listed.close()


def test_to_acknowledge_whom_one_has_chosen_folds_them_away_and_unfolds_nothing(street: Street) -> None:
    street.comes_and_goes(1, 100)
    tree = street.listed.tree
    tree.setCurrentItem(street.tops[0])
    street.acknowledge_all()
    (heading,) = street.tops
    assert tree.currentItem() is heading
    assert not heading.isExpanded()
    assert not street.listed.seen.isEnabled(), "no key acknowledges what is not in sight"
    assert not street.listed.show_moment.isEnabled()
