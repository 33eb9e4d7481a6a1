"""What an operator does to a replay: the methods behind the actions, and what the replay bar asks and shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from gui.actions.keys import keys_of, told
from gui.actions.table import allow
from gui.feed import FeedStatus, ReplayStatus, Shown
from gui.part import Desk, Part
from gui.qt import QtGui
from gui.replay.bookmark_control import BookmarkControl
from gui.replay.compare_control import CompareControl
from gui.replay.event_list import EventList
from gui.replay.goto import find
from gui.replay.marks import EventMark, Marks, events_at
from gui.replay.rules_control import RulesControl
from gui.replay.rules_run import RulesPhase
from gui.replay.signals_control import SignalsControl
from gui.replay.study import Study
from gui.replay.timeline_bar import clock
from gui.replay.tracks_paint import evidence_lines
from gui.replay.transport import TransportBar
from gui.words import tr
from pipeline.signals.names import BY_NAME

FAR = 10
"""Frames that a long step goes."""


AROUND_NS = 5_000_000_000
"""Before and after an event, that a clip round it holds."""

BEFORE_NS = 11_000_000_000
"""Before an event, that is seen with its signals: what rules keep as evidence, and a little."""


class ReplayCommands(Protocol):
    """What is asked of a feed; :class:`gui.replay.player.Player` has it."""

    def toggle(self) -> None: ...
    def play(self) -> None: ...
    def pause(self) -> None: ...
    def step(self, by: int) -> None: ...
    def seek(self, position: int) -> None: ...
    def set_speed(self, speed: float) -> None: ...
    def set_loop(self, loop: bool) -> None: ...
    def set_part(self, part: tuple[int, int] | None) -> None: ...
    def set_compare(self, on: bool) -> None: ...
    def study(self) -> Study | None: ...
    def marks(self) -> Marks | None: ...
    def status(self) -> FeedStatus: ...


class ReplayControl(Part):
    """Between the actions, the replay bar and the player. In a live window it does nothing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._player = cast(ReplayCommands, desk.feed)
        self._marks: Marks | None = None
        self._study: Study | None = None
        self._actions: Mapping[str, QtGui.QAction] = {}
        self.bar: TransportBar | None = None
        self.signals: SignalsControl | None = None
        self.comparing: CompareControl | None = None
        self.rules: RulesControl | None = None
        self.events = EventList()
        self.bookmarks = BookmarkControl(desk, self.events, self._go)
        self.events.chosen.connect(self._go)

    def make_bar(self, actions: Mapping[str, QtGui.QAction]) -> TransportBar:
        """The replay bar, which shares the actions."""
        self._actions = actions
        bar = self.bar = TransportBar(actions)
        bar.seek.connect(self._go)
        bar.speed.connect(self._player.set_speed)
        bar.typed.connect(self._go_to_typed)
        bar.left.connect(self._leave)
        status = self._player.status().replay
        bar.show_speed(1.0 if status is None else status.speed)
        self.signals = SignalsControl(self.desk, bar)
        self.comparing = CompareControl(self.desk, bar, self._player.set_compare, self._go)
        self.rules = RulesControl(self.desk, bar, self.signals, self._fill_events)
        actions["timeline_signals"].setChecked(self.signals.are_shown)
        self._allow_events(None)
        return bar

    def show_result(self, shown: Shown) -> None:
        status = self._player.status().replay if self.bar is not None else None
        if status is not None:
            self._show(status, shown)

    def show_status(self, status: FeedStatus) -> None:
        if status.replay is None or self.bar is None or self.signals is None or self.comparing is None:
            return
        marks, study = self._player.marks(), self._player.study()
        if marks is not None and study is not None and study is not self._study:
            self._open(marks, study)
        self._show(status.replay, self.desk.shown)
        if self._study is not None and self.rules is not None:
            self.rules.show()
            self.comparing.show_summary(status.replay)
            self.signals.show(self.comparing.is_on)
            if self.bookmarks.show(self.bar.slider):
                self._fill_events()

    def close(self) -> None:
        self.bookmarks.close()
        self.events.hide()
        if self.rules is not None:
            self.rules.close()

    def part_s(self) -> tuple[float, float] | None:
        """Begin and end of the marked part in recorded seconds, as ``session cut --from-s --to-s`` counts them; None
        where no part is marked."""
        status = self._player.status().replay if self.bar is not None else None
        if status is None or status.part is None or self._marks is None:
            return None
        return self._marks.cut_s(*status.part)

    def _open(self, marks: Marks, study: Study) -> None:
        """A session is open."""
        if self.bar is None or self.signals is None or self.comparing is None or self.rules is None:
            return
        self._marks, self._study = marks, study
        self.bar.show_marks(marks)
        self.events.show_events(marks)
        self.bookmarks.open(study.bookmarks, marks)
        self.signals.open(study, marks)
        self.comparing.open(study, marks)
        self.rules.open(study)
        self._allow_events(marks)

    def _show(self, status: ReplayStatus, shown: Shown | None) -> None:
        """With every picture."""
        if self.bar is None or self.signals is None or self.comparing is None:
            return
        self.bar.show_status(status)
        if status.playing:
            self.signals.follow(status.position)
        self.comparing.show(status, shown)

    # -- what the actions do --------------------------------------------------------------------------------------

    def toggle_play(self) -> None:
        self._player.toggle()

    def step_back(self) -> None:
        self._player.step(-1)

    def step_forward(self) -> None:
        self._player.step(1)

    def step_back_far(self) -> None:
        self._player.step(-FAR)

    def step_forward_far(self) -> None:
        self._player.step(FAR)

    def go_to_start(self) -> None:
        self._go(0)

    def go_to_end(self) -> None:
        if self._marks is not None:
            self._go(len(self._marks) - 1)

    def slower(self) -> None:
        if self.bar is not None:
            self.bar.change_speed(-1)

    def faster(self) -> None:
        if self.bar is not None:
            self.bar.change_speed(1)

    def set_loop(self, _key: str, on: bool) -> None:
        self._player.set_loop(on)

    def begin_part(self) -> None:
        self._mark_part(lambda first, last, at: (at, last if last > at else self._last))

    def end_part(self) -> None:
        self._mark_part(lambda first, last, at: (first if first < at else 0, at))

    def clear_part(self) -> None:
        self._player.set_part(None)
        self.desk.say(tr("the loop goes over the whole recording again"))

    def type_target(self) -> None:
        """Put the cursor into the field."""
        if self.bar is not None:
            self.bar.ask_for_place()

    def go_to_next_event(self) -> None:
        self._go_to_event(
            None if self._marks is None or self.rules is None else self.rules.next(self._marks, self._position),
            tr("no event begins after this frame"),
        )

    def go_to_previous_event(self) -> None:
        self._go_to_event(
            None if self._marks is None or self.rules is None else self.rules.previous(self._marks, self._position),
            tr("no event begins before this frame"),
        )

    def add_bookmark(self) -> None:
        self.bookmarks.add(self._shown_position)

    def add_bookmark_with_note(self) -> None:
        self.bookmarks.add_with_note(self._shown_position)

    def go_to_next_bookmark(self) -> None:
        self.bookmarks.next(self._position)

    def go_to_previous_bookmark(self) -> None:
        self.bookmarks.previous(self._position)

    def set_timeline_signals(self, _key: str, on: bool) -> None:
        if self.signals is not None:
            self.signals.set_shown(on)

    def choose_timeline_signals(self) -> None:
        if self.signals is not None:
            self.signals.choose()

    def timeline_zoom_in(self) -> None:
        if self.signals is not None:
            self.signals.zoom(2)

    def timeline_zoom_out(self) -> None:
        if self.signals is not None:
            self.signals.zoom(-2)

    def timeline_earlier(self) -> None:
        if self.signals is not None:
            self.signals.look(-1)

    def timeline_later(self) -> None:
        if self.signals is not None:
            self.signals.look(1)

    def timeline_all(self) -> None:
        if self.signals is not None:
            self.signals.show_all()

    def set_compare(self, _key: str, on: bool) -> None:
        if self.comparing is not None:
            self.comparing.set(on)

    def go_to_next_difference(self) -> None:
        if self.comparing is not None:
            self.comparing.next(self._position)

    def go_to_previous_difference(self) -> None:
        if self.comparing is not None:
            self.comparing.previous(self._position)

    def clip_around_event(self) -> None:
        """Mark the part round the event that is here and hand it to whoever exports."""
        marks = self._marks
        here = self._events_here()
        if marks is None or not here:
            self.desk.say(told(tr("no event here: go to one first"), self._actions.get("next_event")), True)
            return
        begin, end = here[0].begin_ns, max(here[0].end_ns or here[0].begin_ns, here[0].begin_ns)
        part = marks.position_from(max(begin - AROUND_NS, 0)), marks.position_at(end + AROUND_NS)
        self._player.set_part(part)
        export = self.desk.actions.get("export_part") or self.desk.actions.get("export")
        if export is not None:
            export.trigger()
        else:
            self.desk.say(tr("the part round {name} is marked", name=here[0].name))

    def show_rules_over_recording(self) -> None:
        if self.rules is not None:
            self.rules.choose()

    def show_event_signals(self) -> None:
        """Rows for the signals that the event here rests on, and the time round it."""
        here = [e for e in self._events_here() if e.evidence]
        if self._marks is None or self.signals is None or not here:
            words = tr("no event here that says what it rests on: go to one first")
            self.desk.say(told(words, self._actions.get("next_event")), True)
            return
        event = here[0]
        self.signals.show_these([name for name, _ in event.evidence if name in BY_NAME])  # no series of the context
        end = max(event.end_ns or event.begin_ns, event.begin_ns)
        self.signals.show_between(event.begin_ns - BEFORE_NS, end + AROUND_NS)
        self.desk.say("; ".join([event.name, *evidence_lines(event)]))

    def show_events(self) -> None:
        if self.bar is not None and self.events.count:
            self.events.open_over(self.bar, self.bar.events, self._position)

    # -- within ---------------------------------------------------------------------------------------------------

    def _go(self, position: int) -> None:
        self._player.seek(position)
        if self.signals is not None:
            self.signals.follow(position)

    def _leave(self) -> None:
        """The keys belong to the window again."""
        self.desk.window.setFocus()

    def _all_events(self) -> list[EventMark]:
        """Recorded, and made now."""
        recorded = () if self._marks is None else self._marks.events
        return [*recorded, *(() if self.rules is None else self.rules.events)]

    def _events_here(self) -> list[EventMark]:
        """Those at the frame that is shown; those that rules make now first."""
        if self._marks is None:
            return []
        here = events_at(self._all_events(), self._marks.time_ns(self._shown_position), AROUND_NS // 10)
        return sorted(here, key=lambda e: not e.is_now)

    def _fill_events(self) -> None:
        """Into the list, and what leads to them."""
        if self._marks is not None and self.rules is not None:
            seen = self.rules.seen
            rules = None if seen.phase is RulesPhase.NONE else seen
            self.events.show_events(self._marks, self.bookmarks.all, rules)
            self._allow_events(self._marks)

    @property
    def _shown_position(self) -> int:
        """What the operator sees, or is on the way to."""
        shown = self.desk.shown
        return self._position if shown is None else shown.position

    @property
    def _position(self) -> int:
        status = self._player.status().replay
        return 0 if status is None else status.aim

    @property
    def _last(self) -> int:
        return 0 if self._marks is None else max(len(self._marks) - 1, 0)

    def _mark_part(self, change: Callable[[int, int, int], tuple[int, int]]) -> None:
        """Change the part that loops, and loop over it."""
        status = self._player.status().replay
        if status is None or self._marks is None:
            return
        first, last = status.part or (0, self._last)
        part = change(first, last, status.aim)
        if part[0] == part[1]:
            self.desk.say(tr("a part needs more than one frame: go somewhere else first"), True)
            return
        self._player.set_part(part)
        self._actions["loop"].setChecked(True)
        times = [clock(self._marks.time_ns(p)) for p in part]
        words = tr("loops from {begin} to {end}", begin=times[0], end=times[1])
        keys = keys_of(self._actions.get("part_clear"))
        self.desk.say(tr("{words}; {keys} forgets that", words=words, keys=keys) if keys else words)

    def _go_to_typed(self, text: str) -> None:
        if self.bar is None or self._marks is None:
            return
        try:
            position = find(text, self._marks, self._position)
        except ValueError as error:
            self.bar.field.set_wrong(True)
            self.desk.say(str(error), True)
            return
        self._go(position)
        self._leave()

    def _go_to_event(self, position: int | None, where: str) -> None:
        if self._marks is None:
            return
        if position is None:
            self.desk.say(where, True)
            return
        self._go(position)
        names = [e.name for e in self._all_events() if e.position == position]
        self.desk.say(", ".join(dict.fromkeys(names)))

    def _allow_events(self, marks: Marks | None) -> None:
        """Without any, what leads to them is off and says why."""
        count, kept = len(self._all_events()), len(self.bookmarks.all)
        why = "" if marks is None else tr("This recording holds no events.")
        opening = tr("The recording is not open yet.")
        allow(self._actions["events"], "" if count or kept else why or opening)
        for key in ("next_event", "previous_event"):
            allow(self._actions[key], "" if count else why or opening)
        self._actions["events"].setIconText(tr("Events {n}", n=count + kept) if count + kept else tr("Events"))
