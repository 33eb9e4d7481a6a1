"""The alarms of a window: what raises them, the bar, the list, the sound, and what is done about them."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from drivers.host_clock import now_ns
from gui.actions.keys import follow, told
from gui.alarms.alarm_bar import AlarmBar
from gui.alarms.alarm_list import AlarmList
from gui.alarms.book import Alarm, AlarmBook, Moment, Sense, Severity
from gui.alarms.clip_desk import ClipDesk
from gui.alarms.mute_log import MuteLog
from gui.alarms.people import key_of, lines_of
from gui.alarms.presence import Presence
from gui.alarms.rule_events import RuleEvents, group_of
from gui.alarms.sound import Sound
from gui.alarms.sources import WATCH, AlarmSources, behind_condition, event_condition
from gui.alarms.tones import Repeater
from gui.alarms.words import acknowledged_note, alarms_of_people, clock_words
from gui.feed import FeedStatus, Mode, Shown
from gui.part import Desk, Part
from gui.qt import QtCore, QtWidgets, Signal
from gui.status.limits import limits_from, watch_limits
from gui.status.readouts import Readouts
from gui.status.truth_part import TruthPart
from gui.tiles.paint_watch import Screen
from gui.words import tr
from recordings.event import Event

VOLUME: Final = "alarms.volume"
"""Of the settings: 5..100 %."""


class AlarmsPart(Part):
    """Keeps the book of alarms. Alarms begin anew with each window; only how loud they are is remembered."""

    stream_wanted = Signal(str)
    """The tile that an alarm leads to."""

    def __init__(self, desk: Desk, make_sound: Callable[[float], Sound] = Sound) -> None:
        super().__init__(desk)
        self.book = AlarmBook()
        self.sources = AlarmSources(limits_from(desk.settings))
        self.rule_events = RuleEvents(self.book)
        self.bar = AlarmBar()
        self.list: AlarmList | None = None
        self._make_sound = make_sound
        self._sound: Sound | None = None
        self._volume = _volume(desk.settings.get(VOLUME))
        self._repeater = Repeater()
        self._arrived: dict[str, int] = {}
        self.behind = (False, "")
        """Whether the window waits for a status that does not come, and what failed."""
        self._streams: dict[int, str] = {}
        """Face -> where it is seen."""
        self._presence = Presence()
        self._truth: TruthPart | None = None
        self._tiles_of: Callable[[str], Sequence[QtWidgets.QWidget]] = _no_tiles
        self._look: Callable[[int, float], Screen] = _no_screen
        self._who = _who()
        self._told = ""
        self._closed = False
        self._mutes = MuteLog(lambda: self.desk.feed, self._write)
        self.clips = ClipDesk(desk, self.rule_events.clip_of)
        self.bar.acknowledge.connect(self.acknowledge)
        self.bar.mute.connect(self.mute)
        self.bar.leads_to.connect(self._lead_by_key)
        self.bar.list_wanted.connect(self.show_alarms)
        desk.settings.watch(VOLUME, self._take_volume)
        watch_limits(desk.settings, self._take_limits)

    def ready(self) -> None:
        action = self.desk.actions.get("alarms")
        follow(self.bar.all, action, lambda: told(tr("The list of all alarms, and the sound"), action))
        parts = getattr(self.desk.window, "parts", ())
        self._truth = next((part for part in parts if isinstance(part, TruthPart)), None)
        self._look = next((part.look_at_screen for part in parts if hasattr(part, "look_at_screen")), _no_screen)
        self._tiles_of = next((part.tiles_of for part in parts if hasattr(part, "tiles_of")), _no_tiles)

    @property
    def sound(self) -> Sound:
        """Made when it is asked for first."""
        if self._sound is None:
            self._sound = self._make_sound(self._volume)
        return self._sound

    # -- what the window tells --------------------------------------------------------------------------------------

    def show_result(self, shown: Shown) -> None:
        for name, frame in shown.frame_set.frames.items():
            self._arrived[name] = frame.host_ns
        self._streams = {face.id: face.stream for face in shown.observation.faces}
        if shown.observation.status == "ok":  # else nobody looked, and who is there is not known
            self._presence.see(map(group_of, self._streams), now_ns())
        self.clips.newest_ns = shown.observation.device_ns
        if shown.events:
            self._see_events(shown.events)

    def show_status(self, status: FeedStatus) -> None:
        if self._closed:
            return
        now = now_ns()
        latency = None if self._truth is None else self._truth.latency
        self.rule_events.see(status.rules.recent, now, self._streams)
        screen = self._look(now, self.sources.limits.old_s)
        # What has a tile is as old as what was painted there, whatever came since.
        arrived = {name: at for name, at in self._arrived.items() if name not in screen.seen}
        found = self.sources.see(status, latency, {**arrived, **screen.painted_ns}, now, self._position(), screen)
        if self.behind[0]:
            found.append(behind_condition(self.behind[1]))
        self.book.see(found, now, WATCH)
        recording = status.recording
        self._mutes.look(self.book, now, None if recording is None or recording.is_over else recording.path)
        self.clips.look(status.rules)
        self._show(now)

    def raise_event(self, event: Event, severity: Severity = Severity.NOTICE) -> None:
        """For rules over the observations: something was found that the operator should know. Called again with the
        same event when it has ended."""
        now = now_ns()
        condition = event_condition(event, severity, Moment(position=self._position()))
        self.book.raise_alarm(condition, now)
        if event.end_ns is not None:
            self.book.clear(condition.key, now)
        self._show(now)

    def _see_events(self, events: Sequence[Event]) -> None:
        """What begins is heard and seen with the picture that it began in."""
        now = now_ns()
        if not self._closed and self.rule_events.see(events, now, self._streams):
            self._show(now)

    def close(self) -> None:
        self._closed = True
        self._mutes.close()
        self.clips.close()
        self.bar.stop()
        if self.list is not None:
            self.list.close()
        if self._sound is not None:
            self._sound.close()

    # -- what the actions do ----------------------------------------------------------------------------------------

    def acknowledge_alarm(self) -> None:
        """The one in the bar, or the worst that is open."""
        line = self.bar.line or next((line for line in self.book.lines if line.is_open), None)
        if line is None:
            self.desk.say(tr("no alarm waits to be acknowledged"))
        else:
            self.acknowledge(key_of(line))

    def acknowledge_all_alarms(self) -> None:
        self.acknowledge("")

    def show_alarms(self) -> None:
        """The list. The picture goes on beside it."""
        if self.list is None:
            self.list = AlarmList(self.desk.window)
            self.list.acknowledge.connect(self.acknowledge)
            self.list.leads_to.connect(self.lead)
            self.list.clip_wanted.connect(self.clips.open)
            self.list.volume.connect(self._set_volume)
            self.list.test.connect(self.test_sound)
        self.list.show_sound(self.sound.words, bool(self.sound.problem), self._volume)
        self._show_list(now_ns())
        self.list.show()
        self.list.raise_()
        self.list.activateWindow()

    def show_alarm_moment(self) -> None:
        """Where the alarm in the bar belongs."""
        line = self.bar.line
        if line is None:
            self.desk.say(tr("no alarm waits to be acknowledged"))
        else:
            self.lead(line)

    def mute_sound_1(self) -> None:
        self.mute(Sense.SOUND, 60.0)

    def mute_sound_5(self) -> None:
        self.mute(Sense.SOUND, 300.0)

    def mute_sound_15(self) -> None:
        self.mute(Sense.SOUND, 900.0)

    def mute_sound_60(self) -> None:
        self.mute(Sense.SOUND, 3600.0)

    def unmute_sound(self) -> None:
        self.mute(Sense.SOUND, 0.0)

    def mute_bar_5(self) -> None:
        self.mute(Sense.SIGHT, 300.0)

    def unmute_bar(self) -> None:
        self.mute(Sense.SIGHT, 0.0)

    def test_sound(self) -> None:
        """The burst of the highest severity, once, whatever is muted."""
        self.sound.play(Severity.ALARM)
        self.desk.say(tr("sound: {words}", words=self.sound.words), bool(self.sound.problem))

    # -- what the bar and the list ask --------------------------------------------------------------------------------

    def acknowledge(self, key: str) -> None:
        """One alarm by its key, all of a person by theirs, or all; it is written into the recording, where there is
        one."""
        now = now_ns()
        if key:
            keys = [line.key for line in lines_of(key, self.book.lines)]
            done = [line for each in keys for line in self.book.acknowledge(self._who, now, each)]
        else:
            done = self.book.acknowledge(self._who, now)
        if not done:
            self.desk.say(tr("no alarm waits to be acknowledged"))
            return
        self._tell_rules(done)
        others = [line for line in done if not self.rule_events.events_of(line.key)]
        if others:
            self._write(acknowledged_note(others, self._who))
        self.desk.say(tr("acknowledged: {what}", what=done[0].text if len(done) == 1 else alarms_of_people(done)))
        self._show(now)

    def mute(self, sense: str, seconds: float) -> None:
        """No sound, or no bar, for a while; 0 ends that."""
        now, which = now_ns(), Sense(sense)
        if seconds:
            self.book.mute(which, seconds, self._who, now)
            note = self._mutes.begun(which, seconds, self._who)
        elif self.book.unmute(which):
            note = self._mutes.ended(which, self._who)
        else:
            return
        self.desk.say(note)
        self._show(now)

    def lead(self, line: Alarm) -> None:
        """To the tile of a live camera, or to the frame of a replay."""
        seek: Any = getattr(self.desk.feed, "seek", None)
        if self.desk.mode is Mode.REPLAY and line.moment.position >= 0 and seek is not None:
            seek(line.moment.position)
        if line.moment.stream:
            self.stream_wanted.emit(line.moment.stream)
            for tile in self._tiles_of(line.moment.stream)[:1]:
                tile.window().raise_()  # it may stand on another screen
                tile.window().activateWindow()
                tile.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)
        self.desk.say(tr("{time}: {what}", time=clock_words(line.rang_ns), what=line.text))

    # -- within -----------------------------------------------------------------------------------------------------

    def _tell_rules(self, lines: Sequence[Alarm]) -> None:
        """Rules have a memory of their own of who has seen what; it is recorded with the event."""
        tell: Any = getattr(self.desk.feed, "acknowledge", None)
        for line in lines:
            for event in self.rule_events.events_of(line.key):
                if tell is not None:
                    tell(event, self._who)
            self.rule_events.seen(line.key)

    def _show(self, now: int) -> None:
        self.bar.show_book(self.book, now, self._presence.last_seen)
        if self.list is not None and self.list.isVisible():
            self._show_list(now)
        heard = self.book.noticed(Sense.SOUND, now)
        severity = heard[0].severity if heard else None
        ring = max((line.ring for line in heard), default=0)
        if severity is None:
            if self._repeater.due(None, 0, 0.0) or self._sound is None:
                return
            self._sound.stop()
        elif self._repeater.due(severity, ring, time.monotonic()):
            self.sound.play(severity)
            self._tell_sound()

    def _show_list(self, now: int) -> None:
        rules = self.rule_events
        if self.list is not None:
            self.list.show_book(self.book, now, rules.clip_of, rules.version, self._presence.last_seen)

    def _tell_sound(self) -> None:
        """That nothing is heard stands in the message bar until something is."""
        problem = self.sound.problem
        if problem != self._told:
            self._told = problem
            self.desk.tell("alarms.sound", problem)
            if self.list is not None:
                self.list.show_sound(self.sound.words, bool(problem), self._volume)

    def _set_volume(self, volume: float) -> None:
        """From the list: 0.05..1. The settings tell it back."""
        self.desk.settings.set(VOLUME, round(100 * volume))

    def _take_volume(self, found: object) -> None:
        """The settings say another one: it counts from the next burst on."""
        self._volume = _volume(found)
        if self._sound is not None:
            self._sound.set_volume(self._volume)
            if self.list is not None:
                self.list.show_sound(self._sound.words, bool(self._sound.problem), self._volume)

    def _take_limits(self, _found: object) -> None:
        """One has changed in the settings: what is judged by them, and the numbers beside it, follow at once."""
        self.sources.limits = limits_from(self.desk.settings)
        readouts = getattr(self.desk.window, "readouts", None)
        if isinstance(readouts, Readouts):
            readouts.set_limits(self.sources.limits)

    def _lead_by_key(self, key: str) -> None:
        line = self.book.find(key)
        if line is not None:
            self.lead(line)

    def _position(self) -> int:
        shown = self.desk.shown
        return -1 if shown is None or self.desk.mode is Mode.LIVE else shown.position

    def _write(self, note: str) -> None:
        """Into the recording, while one runs: an event of its own where the feed can, else a mark."""
        status = self.desk.status
        if status is None or status.recording is None or status.recording.is_over:
            return
        write: Any = getattr(self.desk.feed, "write_event", None)
        mark: Any = getattr(self.desk.feed, "mark", None)
        if write is not None:
            write("alarm", note)
        elif mark is not None:
            mark(note)


def _no_screen(_now_ns: int, _old_s: float) -> Screen:
    return Screen()


def _no_tiles(_stream: str) -> Sequence[QtWidgets.QWidget]:
    return ()


def _volume(found: object) -> float:
    """0.05..1 of the percent in the settings; what is none is the usual one. Silence is no volume: it is a mute, and
    has a time."""
    if isinstance(found, int | float) and not isinstance(found, bool) and 5 <= found <= 100:
        return found / 100
    return 0.7


def _who() -> str:
    """The name of who sits here, as the machine knows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return tr("the operator")
