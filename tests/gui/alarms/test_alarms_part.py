"""Alarms as an operator meets them: seen, heard, acknowledged, muted, followed to where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import FrameSet
from drivers.host_clock import now_ns
from gui.actions.settings_table import SETTINGS
from gui.alarms import alarms_part
from gui.alarms.alarm_bar import BLINK_MS
from gui.alarms.alarms_part import VOLUME, AlarmsPart
from gui.alarms.book import Sense, Severity
from gui.alarms.sound import BellPlayer, Sound
from gui.alarms.words import clock_words
from gui.feed import FeedStatus, Mode, Phase, RecordingStatus, Shown, StreamStatus
from gui.look import theme
from gui.qt import QtCore, QtWidgets
from gui.status.limits import Limits
from gui.status.readouts import Readouts
from pipeline.not_computed import not_computed
from recordings.event import Event
from tests.gui.alarms.desk import StillDesk, StillFeed
from tests.gui.conftest import frame, made_up_face, streams

COLOR, DEPTH, _THERMAL = streams()
FINE = FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING, streams=(StreamStatus(DEPTH, 30.0, 0, "streaming"),))
GONE = replace(FINE, streams=(StreamStatus(DEPTH, 0.0, 0, "gone", "unplugged"),))
LATE = replace(FINE, streams=(StreamStatus(DEPTH, 0.0, 0, "stalled", "no frame for 2 s"),))
RECORDING = RecordingStatus(Path("night.mcap"), frames=10)
Button = QtCore.Qt.MouseButton


class Heard(Sound):
    """Keeps what would be heard."""

    def __init__(self, volume: float) -> None:
        def nothing() -> Any:
            raise ImportError("no QtMultimedia")

        super().__init__(volume, nothing, lambda _name: None)
        self.bursts: list[Severity] = []

    def play(self, severity: Severity) -> None:
        self.bursts.append(severity)


class Seat:
    """An operator in front of a window with alarms."""

    def __init__(self, qtbot: QtBot, now: FeedStatus = FINE) -> None:
        self.window = QtWidgets.QWidget()
        qtbot.addWidget(self.window)
        self.feed = StillFeed(now)
        self.desk = StillDesk(self.window, self.feed)
        self.part = AlarmsPart(self.desk, Heard)
        column = QtWidgets.QVBoxLayout(self.window)
        column.addWidget(self.part.bar)
        column.addWidget(QtWidgets.QLabel("pictures"), 1)
        self.part.ready()
        self.window.resize(1100, 300)
        self.window.show()

    def see(self, now: FeedStatus) -> None:
        self.feed.now = now
        self.part.show_status(now)

    @property
    def bursts(self) -> list[Severity]:
        sound = self.part.sound
        assert isinstance(sound, Heard)
        return sound.bursts


@pytest.fixture
def seat(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    monkeypatch.setattr(alarms_part.getpass, "getuser", lambda: "ann")
    seat = Seat(qtbot)
    yield seat
    seat.part.close()
    seat.window.close()


def test_while_all_is_well_there_is_no_bar_and_no_sound(seat: Seat) -> None:
    seat.see(FINE)
    assert not seat.part.bar.isVisible()
    assert seat.bursts == []


def test_a_lost_camera_is_seen_heard_and_acknowledged(seat: Seat, qtbot: QtBot) -> None:
    bar = seat.part.bar
    seat.see(replace(GONE, recording=RECORDING))
    assert bar.isVisible()
    assert bar.words.startswith("ALARM\ndepth: the camera is gone: unplugged\nsince ")
    assert "ALARM" in bar.accessibleDescription()
    assert bar.is_blinking
    assert seat.bursts == [Severity.ALARM]
    qtbot.mouseClick(bar.seen, Button.LeftButton)
    assert not bar.is_blinking
    assert bar.words == "1 alarm acknowledged, still there"
    assert seat.feed.marks == ["alarm acknowledged by ann: depth: the camera is gone: unplugged"]
    line = seat.part.book.lines[0]
    assert line.acknowledged_by == "ann"
    seat.see(FINE)
    assert not bar.isVisible()


def test_what_is_over_waits_until_somebody_has_seen_it(seat: Seat, qtbot: QtBot) -> None:
    seat.see(GONE)
    seat.see(FINE)
    assert "over after" in seat.part.bar.words
    seat.part.acknowledge_alarm()
    assert not seat.part.bar.isVisible()
    assert seat.feed.marks == [], "nothing is recorded"


def test_the_worst_stands_in_the_bar_and_the_others_are_counted(seat: Seat) -> None:
    both = replace(GONE, streams=(*GONE.streams, StreamStatus(COLOR, 0.0, 0, "stalled")))
    seat.see(both)
    assert seat.part.bar.words.startswith("ALARM\ndepth")
    assert "2 alarms not acknowledged" in seat.part.bar.words
    seat.part.acknowledge_alarm()
    assert seat.part.bar.words.startswith("WARNING\ncolor")
    seat.part.acknowledge_all_alarms()
    assert seat.part.bar.words == "2 alarms acknowledged, still there"
    seat.part.acknowledge_alarm()
    assert seat.desk.said[-1] == "no alarm waits to be acknowledged"


def test_the_sound_is_muted_for_a_stated_time_and_counts_down(seat: Seat, qtbot: QtBot) -> None:
    seat.see(replace(LATE, recording=RECORDING))
    assert seat.bursts == [Severity.WARNING]
    seat.part.mute_sound_5()
    assert seat.desk.said[-1] == "sound of alarms off for 5 min, by ann"
    assert seat.feed.marks == ["sound of alarms off for 5 min, by ann"]
    assert any(words in seat.part.bar.words for words in ("sound off for 5:00", "sound off for 4:59"))
    assert seat.part.bar.is_blinking, "it is still seen"
    seat.see(replace(LATE, engines=()))
    assert seat.bursts == [Severity.WARNING]
    seat.part.unmute_sound()
    assert seat.bursts == [Severity.WARNING] * 2
    assert "sound off" not in seat.part.bar.words


def test_a_muted_bar_still_counts_and_a_new_severe_alarm_comes_through(seat: Seat) -> None:
    seat.see(LATE)
    seat.part.mute_bar_5()
    bar = seat.part.bar
    assert not bar.is_blinking
    assert "1 alarm not acknowledged" in bar.words
    assert "bar off for" in bar.words
    seat.see(replace(GONE, streams=(*GONE.streams, StreamStatus(COLOR, 0.0, 0, "gone"))))
    assert bar.words.startswith("ALARM")


def test_every_mute_of_the_menu_does_what_it_says(seat: Seat) -> None:
    seat.see(LATE)
    for action in seat.part.bar.mutes.menu().actions():
        if action.isSeparator():
            continue
        action.trigger()
        words = action.text()
        sense = Sense.SOUND if words.startswith("Sound") else Sense.SIGHT
        expected = 0.0 if words.endswith("on") else 60.0 * int(words.split()[-2])
        assert seat.part.book.muted_s(sense, now_ns()) == pytest.approx(expected, abs=1.0)
    for mute in (seat.part.mute_sound_1, seat.part.mute_sound_15, seat.part.mute_sound_60):
        mute()
    seat.part.unmute_bar()
    assert seat.part.book.muted_s(Sense.SOUND, now_ns()) == pytest.approx(3600, abs=1.0)


def test_the_list_shows_all_and_acknowledges(seat: Seat, qtbot: QtBot) -> None:
    seat.see(LATE)
    seat.part.show_alarms()
    listed = seat.part.list
    assert listed is not None
    assert listed.isVisible()
    assert not listed.isModal()
    item = listed.tree.topLevelItem(0)
    assert item.text(0) == "WARNING"
    assert "depth: no picture comes" in item.text(2)
    assert item.text(4) == "still there"
    listed.tree.setCurrentItem(item)
    qtbot.mouseClick(listed.seen, Button.LeftButton)
    assert "acknowledged by ann" in listed.tree.topLevelItem(0).text(4)
    assert not listed.seen.isEnabled()
    seat.see(GONE)
    assert listed.tree.topLevelItem(0).text(0) == "ALARM", "it follows the book"
    qtbot.mouseClick(listed.all_seen, Button.LeftButton)
    assert not listed.all_seen.isEnabled()
    assert "1 alarm acknowledged" in listed.note.text()


def test_an_alarm_of_a_live_window_leads_to_its_tile(seat: Seat, qtbot: QtBot) -> None:
    seat.see(GONE)
    with qtbot.waitSignal(seat.part.stream_wanted, timeout=10_000) as wanted:
        qtbot.mouseClick(seat.part.bar.show_moment, Button.LeftButton)
    assert wanted.args == ["depth"]


def test_an_alarm_of_a_replay_leads_to_its_frame(qtbot: QtBot) -> None:
    torn = FeedStatus(Mode.REPLAY, "night.mcap", Phase.FAILED, "the file is torn")
    seat = Seat(qtbot, torn)
    frame_set = FrameSet(7, 0, {"depth": frame(DEPTH, 7)})
    seat.desk.shown = Shown(frame_set, not_computed(frame_set, "x"), position=7)
    seat.see(torn)
    seat.part.show_alarm_moment()
    assert seat.feed.sought == [7]
    seat.part.show_alarms()
    listed = seat.part.list
    assert listed is not None
    listed.tree.itemActivated.emit(listed.tree.topLevelItem(0), 0)
    assert seat.feed.sought == [7, 7]
    seat.part.close()
    seat.window.close()


def test_a_picture_that_stays_the_same_is_an_alarm_whatever_the_camera_says(seat: Seat) -> None:
    frame_set = FrameSet(1, 0, {"depth": frame(DEPTH, 1, now_ns() - 8_000_000_000)})
    seat.part.show_result(Shown(frame_set, not_computed(frame_set, "x")))
    seat.see(FINE)
    assert "the camera streams, but its picture is 8." in seat.part.bar.words


def test_an_event_of_a_rule_is_an_alarm_like_any_other(seat: Seat) -> None:
    seat.part.raise_event(Event("looks away", 1, None, 1, "12 s"), Severity.WARNING)
    seat.see(FINE)
    assert seat.part.bar.words.startswith("WARNING\nlooks away (face 1): 12 s")
    seat.part.raise_event(Event("looks away", 1, 2, 1, "12 s"), Severity.WARNING)
    assert "over after" in seat.part.bar.words


def test_the_sound_can_be_tried_and_says_what_is_missing(seat: Seat, qtbot: QtBot) -> None:
    seat.part.show_alarms()
    listed = seat.part.list
    assert listed is not None
    assert "install pw-play" in listed.sound.text()
    assert isinstance(seat.part.sound.player, BellPlayer)
    qtbot.mouseClick(listed.test_sound, Button.LeftButton)
    assert seat.bursts == [Severity.ALARM]
    seat.see(GONE)
    assert "install pw-play" in seat.desk.told["alarms.sound"]


def test_how_loud_it_is_is_remembered_and_alarms_are_not(seat: Seat) -> None:
    seat.see(GONE)
    seat.part.show_alarms()
    listed = seat.part.list
    assert listed is not None
    listed.slider.setValue(30)
    assert seat.desk.settings.get(VOLUME) == 30
    assert seat.part.sound.volume == 0.3
    again = AlarmsPart(seat.desk, Heard)
    assert again.sound.volume == 0.3
    assert again.book.lines == []
    again.close()


@pytest.mark.parametrize("broken", [None, "loud", 0, -1, 0.5, 4, 101, True, float("nan"), [50]])
def test_a_broken_loudness_in_the_settings_is_the_usual_one(qtbot: QtBot, broken: object) -> None:
    desk = StillDesk(QtWidgets.QWidget(), StillFeed(FINE))
    qtbot.addWidget(desk.window)
    desk.settings.set(VOLUME, broken)
    part = AlarmsPart(desk, Heard)
    assert part.sound.volume == 0.7
    part.close()


def test_the_row_of_the_settings_and_the_slider_are_one_and_hold_at_once(seat: Seat) -> None:
    row = next(s for s in SETTINGS if s.name == VOLUME)
    assert row.value(seat.desk.settings) == round(100 * seat.part.sound.volume), "the same default"
    seat.part.show_alarms()
    assert seat.part.list is not None
    seat.desk.settings.set(VOLUME, 55)
    assert seat.part.sound.volume == 0.55
    assert seat.part.list.slider.value() == 55
    seat.part.list.slider.setValue(40)
    assert row.value(seat.desk.settings) == 40
    seat.desk.settings.forget(VOLUME)
    assert seat.part.list.slider.value() == row.default


@pytest.mark.parametrize("field", [f.name for f in fields(Limits)])
def test_a_limit_of_the_settings_holds_at_once(seat: Seat, qtbot: QtBot, field: str) -> None:
    readouts = Readouts(seat.part.sources.limits)
    qtbot.addWidget(readouts)
    seat.window.readouts = readouts  # type: ignore[attr-defined]  # as the real window has them
    seat.desk.settings.set(f"limits.{field}", 12.5)
    assert getattr(seat.part.sources.limits, field) == 12.5
    assert getattr(readouts.limits, field) == 12.5
    seat.desk.settings.set(f"limits.{field}", "many")
    assert getattr(readouts.limits, field) == getattr(Limits(), field)


def test_it_blinks_slowly_and_says_the_same_in_every_theme(seat: Seat, qtbot: QtBot) -> None:
    assert 1000 / (2 * BLINK_MS) < 3.0, "no more than three flashes a second"
    seat.see(GONE)
    app = QtWidgets.QApplication.instance()
    assert isinstance(app, QtWidgets.QApplication)
    try:
        for name in ("dark", "red", "light"):
            theme.use(name)
            bright = seat.part.bar.grab().toImage()
            seat.part.bar._turn()
            rests = seat.part.bar.grab().toImage()
            assert bright != rests
            seat.part.bar._turn()
    finally:
        theme.use("dark")


def test_a_window_that_goes_in_the_middle_of_an_alarm_leaves_nothing(seat: Seat) -> None:
    seat.see(GONE)
    seat.part.show_alarms()
    seat.part.close()
    assert not seat.part.bar.is_blinking
    seat.see(GONE)  # a status that was on its way
    assert seat.part.list is not None
    assert not seat.part.list.isVisible()


def test_nothing_of_the_bar_lacks_a_name_or_a_tip(seat: Seat) -> None:
    seat.see(GONE)
    seat.part.show_alarms()
    assert seat.part.list is not None
    widgets = [*seat.part.bar.findChildren(QtWidgets.QPushButton), *seat.part.list.findChildren(QtWidgets.QPushButton)]
    assert len(widgets) == 10
    for widget in [*widgets, seat.part.list.slider, seat.part.list.tree]:
        assert widget.accessibleName()
        assert widget.toolTip()
        assert widget.focusPolicy() != QtCore.Qt.FocusPolicy.NoFocus


def test_who_left_the_picture_is_last_seen_and_once_acknowledged_under_gone(
    seat: Seat, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [now_ns()]
    monkeypatch.setattr(alarms_part, "now_ns", lambda: clock[0])
    close = Event("comes-close", 1, face=7, note="Somebody is close", severity="warning")

    def picture(after_s: float, *faces: int, events: tuple[Event, ...] = (), status: str = "ok") -> None:
        """Pictures with these faces, four a second until then; or, without a picture that was looked at, time alone."""
        for last in [*[False] * max(0, round(4 * after_s) - 1), True]:
            clock[0] += round(min(after_s, 0.25) * 1e9)
            shown = frame(DEPTH, 1, clock[0])
            frame_set = FrameSet(1, shown.device_ns, {"depth": shown})
            told = not_computed(frame_set, "no model")
            seen = replace(told, status=status, faces=tuple(made_up_face(face) for face in faces))
            seat.part.show_result(Shown(frame_set, seen, events=events if last else ()))
        seat.part.show_status(FINE)

    picture(0, 7, events=(close,))
    seen_at = clock_words(clock[0])
    seat.part.show_alarms()
    listed = seat.part.list
    assert listed is not None
    picture(10, status="stale")
    assert "last seen" not in seat.part.bar.words, "nobody looked"
    picture(10)
    picture(1, events=(replace(close, end_ns=2),))
    assert f"last seen {seen_at}" in seat.part.bar.words
    assert listed.tree.topLevelItem(0).text(3).startswith(f"last seen {seen_at}")
    qtbot.mouseClick(listed.all_seen, Button.LeftButton)
    assert seat.desk.said[-1] == "acknowledged: Somebody is close (face 7)"
    heading = listed.tree.topLevelItem(0)
    assert (heading.text(2), heading.childCount()) == ("gone (1)", 1)
    assert listed.note.text() == "no alarm"
