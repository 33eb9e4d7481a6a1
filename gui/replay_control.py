"""What an operator does to a replay: the methods behind the actions, and what the replay bar asks and shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from gui.event_list import EventList
from gui.feed import FeedStatus, ReplayStatus
from gui.goto import find
from gui.marks import Marks
from gui.qt import QtCore, QtGui
from gui.timeline_bar import clock
from gui.transport import TransportBar

FAR = 10
"""Frames that a long step goes."""


class ReplayCommands(Protocol):
    """What is asked of a feed; :class:`gui.player.Player` has it."""

    def toggle(self) -> None: ...
    def play(self) -> None: ...
    def pause(self) -> None: ...
    def step(self, by: int) -> None: ...
    def seek(self, position: int) -> None: ...
    def set_speed(self, speed: float) -> None: ...
    def set_loop(self, loop: bool) -> None: ...
    def set_part(self, part: tuple[int, int] | None) -> None: ...
    def marks(self) -> Marks | None: ...
    def status(self) -> FeedStatus: ...


class ReplayControl(QtCore.QObject):
    """Between the actions, the replay bar and the player.

    Args:
        player: what plays.
        say: shows a line of words for a while; True with it makes it stand out.
        leave: gives the keys back to the window, out of a field.
    """

    def __init__(self, player: ReplayCommands, say: Callable[[str, bool], None], leave: Callable[[], None]) -> None:
        super().__init__()
        self._player = player
        self._say = say
        self._leave = leave
        self._marks: Marks | None = None
        self._actions: Mapping[str, QtGui.QAction] = {}
        self.bar: TransportBar | None = None
        self.events = EventList()
        self.events.chosen.connect(player.seek)

    def make_bar(self, actions: Mapping[str, QtGui.QAction]) -> TransportBar:
        """The replay bar, which shares the actions."""
        self._actions = actions
        bar = self.bar = TransportBar(actions)
        bar.seek.connect(self._player.seek)
        bar.speed.connect(self._player.set_speed)
        bar.typed.connect(self._go_to_typed)
        bar.left.connect(self._leave)
        status = self._player.status().replay
        bar.show_speed(1.0 if status is None else status.speed)
        self._allow_events(None)
        return bar

    def show_status(self, status: ReplayStatus) -> None:
        """A few times a second, and with every frame."""
        if self.bar is None:
            return
        marks = self._player.marks()
        if marks is not None and marks is not self._marks:
            self._marks = marks
            self.bar.show_marks(marks)
            self.events.show_events(marks)
            self._allow_events(marks)
        self.bar.show_status(status)

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
        self._player.seek(0)

    def go_to_end(self) -> None:
        if self._marks is not None:
            self._player.seek(len(self._marks) - 1)

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
        self._say("the loop goes over the whole recording again", False)

    def type_target(self) -> None:
        """Put the cursor into the field."""
        if self.bar is not None:
            self.bar.field.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)
            self.bar.field.selectAll()

    def go_to_next_event(self) -> None:
        self._go_to_event(None if self._marks is None else self._marks.next_event(self._position), "after")

    def go_to_previous_event(self) -> None:
        self._go_to_event(None if self._marks is None else self._marks.previous_event(self._position), "before")

    def show_events(self) -> None:
        if self.bar is not None and self.events.count:
            self.events.open_over(self.bar, self.bar.events, self._position)

    # -- within ---------------------------------------------------------------------------------------------------

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
            self._say("a part needs more than one frame: go somewhere else first", True)
            return
        self._player.set_part(part)
        self._actions["loop"].setChecked(True)
        times = [clock(self._marks.time_ns(p)) for p in part]
        self._say(f"loops from {times[0]} to {times[1]}; Shift+O forgets that", False)

    def _go_to_typed(self, text: str) -> None:
        if self.bar is None or self._marks is None:
            return
        try:
            position = find(text, self._marks, self._position)
        except ValueError as error:
            self.bar.field.set_wrong(True)
            self._say(str(error), True)
            return
        self._player.seek(position)
        self._leave()

    def _go_to_event(self, position: int | None, where: str) -> None:
        if self._marks is None:
            return
        if position is None:
            self._say(f"no event begins {where} this frame", True)
            return
        self._player.seek(position)
        names = [e.name for e in self._marks.events if e.position == position]
        self._say(", ".join(dict.fromkeys(names)), False)

    def _allow_events(self, marks: Marks | None) -> None:
        """Without events their actions are off, and say why."""
        count = 0 if marks is None else len(marks.events)
        for key in ("events", "next_event", "previous_event"):
            action = self._actions[key]
            action.setEnabled(count > 0)
        tip = self._actions["events"].toolTip()
        if not count:
            self._actions["events"].setToolTip("This recording holds no events." if marks is not None else tip)
        self._actions["events"].setIconText(f"Events {count}" if count else "Events")
