"""Which signals stand above the time line, how high, and which part of the time is seen."""

from __future__ import annotations

from collections.abc import Sequence

from gui.part import Desk
from gui.qt import QtGui, QtWidgets
from gui.reasons import reason_words
from gui.replay.marks import Marks
from gui.replay.study import Study
from gui.replay.timeline_bar import PAN, ZOOM
from gui.replay.track_values import DEFAULT, LABELS, MOST_NAMED, unit_words
from gui.replay.tracks import Tracks
from gui.replay.tracks_paint import label_of
from gui.replay.tracks_view import LEAST, MOST, USUAL
from gui.replay.transport import TransportBar
from gui.words import tr
from pipeline.signals.lag import Lag
from pipeline.signals.names import BY_NAME, RAW

NAMES, SHOWN, HEIGHT = "replay.signals", "replay.signals_shown", "replay.signals_height"

MOST_ROWS_SHARE = 0.3
"""Of the window's height, that all rows together may take; what has no room there is scrolled to."""

MOST_ROWS, LOW_ROWS = 6, 3
"""That are shown at once for rules or an event, and in a low window."""

LOW = 720
"""In a window lower than this, px, the pictures need the room: rows stand there only where the operator asked."""


class SignalsControl:
    """Between the settings, the menu and the rows."""

    def __init__(self, desk: Desk, bar: TransportBar) -> None:
        self._desk = desk
        self._bar = bar
        self._study: Study | None = None
        self._marks: Marks | None = None
        self._compares = False
        self._has_room, self._follows = True, False
        self._offered: tuple[str, ...] = ()
        self._menu = QtWidgets.QMenu(bar)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        bar.set_signals_menu(self._menu)
        self._chosen = _names(desk.settings.get(NAMES))
        height = desk.settings.get(HEIGHT)
        sound = isinstance(height, int) and not isinstance(height, bool) and LEAST <= height <= MOST
        bar.tracks.set_row_height(height if sound else USUAL)
        bar.grip.changed.connect(self._change_height)
        self._bar.show_signals(self._chosen if self.are_shown else ())

    @property
    def are_shown(self) -> bool:
        asked = self._desk.settings.get(SHOWN)
        return asked if isinstance(asked, bool) else self._has_room

    @property
    def chosen(self) -> tuple[str, ...]:
        return self._chosen

    def open(self, study: Study, marks: Marks) -> None:
        """Of the session that is shown now."""
        self._study, self._marks = study, marks

    def show(self, compares: bool) -> None:
        """What came since; a few times a second."""
        self._fit()
        study, marks = self._study, self._marks
        if study is None or marks is None:
            return
        tracks = study.tracks
        if compares:
            self._bar.tracks.show_tracks(marks, study.computed, study.recorded.tracks, _compare_words(study))
        else:
            self._bar.tracks.show_tracks(marks, tracks, None, source_words(study))
        self._bar.slider.show_unreadable(sorted(study.unreadable))

    def set_shown(self, on: bool) -> None:
        if not self._follows:
            self._desk.settings.set(SHOWN, on)
        self._bar.show_signals(self._chosen if on else ())

    def choose(self) -> None:
        """Open the menu over the time line."""
        self._fill_menu()
        place = self._bar.mapToGlobal(self._bar.slider.pos())
        place.setY(place.y() - self._menu.sizeHint().height())
        self._menu.popup(place)

    def show_these(self, names: Sequence[str]) -> None:
        """Rows for these, as many as there is room for, in place of those that are there; what was never known last."""
        tracks = () if self._study is None else (self._study.tracks, self._study.computed)
        wanted = sorted(dict.fromkeys(names), key=lambda name: not any(t.was_known(name) for t in tracks))
        if not wanted:
            return
        most = MOST_ROWS if self._desk.window.height() >= LOW else LOW_ROWS
        self._set_names(tuple(wanted[:most]))
        if len(wanted) > most:
            words = tr("{n} of {count} signals are shown; the others can be chosen", n=most, count=len(wanted))
            self._desk.say(words)

    def show_between(self, begin_ns: int, end_ns: int) -> None:
        """A part of the time fills the line."""
        bar = self._bar.slider
        bar.set_view(bar.view.between(begin_ns, end_ns))

    def zoom(self, notches: int) -> None:
        """Stretch (more than 0) or shrink the time round what is shown."""
        bar = self._bar.slider
        bar.set_view(bar.view.zoomed(ZOOM**notches, bar.time_of(bar.value())))

    def look(self, toward: int) -> None:
        """Move along without going there."""
        bar = self._bar.slider
        bar.set_view(bar.view.moved(round(toward * 4 * PAN * bar.view.span_ns)))

    def show_all(self) -> None:
        bar = self._bar.slider
        bar.set_view(bar.view.between(0, bar.view.duration_ns))

    def follow(self, position: int) -> None:
        """What plays stays in sight."""
        bar = self._bar.slider
        if not bar.view.is_whole:
            bar.set_view(bar.view.showing(bar.time_of(position)))

    # -- within -----------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Until the operator says whether rows are shown, the window's height does."""
        self._bar.tracks_area.set_room(int(self._desk.window.height() * MOST_ROWS_SHARE))
        has_room = self._desk.window.height() >= LOW
        action = self._desk.actions.get("timeline_signals")
        if has_room == self._has_room or action is None or isinstance(self._desk.settings.get(SHOWN), bool):
            return
        self._has_room, self._follows = has_room, True
        try:
            action.setChecked(has_room)
        finally:
            self._follows = False

    def _offer(self) -> tuple[str, ...]:
        """Every quantity that can be chosen: those of every face, the stored signals, those that were chosen before."""
        study = self._study
        found = () if study is None else (*study.recorded.tracks.names(), *study.computed.names())
        return tuple(dict.fromkeys((*LABELS, *found, *self._chosen)))

    def _fill_menu(self) -> None:
        """What was known in this recording first; of what never was, the reason."""
        self._menu.clear()
        known, never = [], []
        tracks = [] if self._study is None else [self._study.recorded.tracks, self._study.computed]
        for name in self._offer():
            (known if name in LABELS or any(t.was_known(name) for t in tracks) else never).append(name)
        self._add(known, tracks)
        if never:
            self._menu.addSeparator()
            self._add(never, tracks)
        self._menu.addSeparator()
        usual = QtGui.QAction(tr("The usual ones"), self._menu)
        usual.setToolTip(tr("Show the rows that a recording begins with."))
        usual.triggered.connect(lambda: self._set_names(DEFAULT))
        self._menu.addAction(usual)

    def _add(self, names: Sequence[str], tracks: Sequence[Tracks]) -> None:
        for name in names:
            action = QtGui.QAction(label_of(name), self._menu)
            action.setCheckable(True)
            action.setChecked(name in self._chosen)
            action.setToolTip(self._tip(name, tracks))
            action.toggled.connect(lambda on, name=name: self.set_chosen(name, on))
            self._menu.addAction(action)

    def _tip(self, name: str, tracks: Sequence[Tracks]) -> str:
        lines = [tr("Show {name} over the recorded time.", name=label_of(name))]
        if name in BY_NAME:
            unit = unit_words(BY_NAME[name].unit).strip()
            lines.append(tr(BY_NAME[name].meaning) + (f" ({unit})" if unit else ""))
        lag = None if self._study is None else self._study.lags.get(name)
        if lag is not None:
            lines.append(lag_words(lag))
        if name not in LABELS and not any(t.was_known(name) for t in tracks):
            why = next((r for t in tracks if (r := t.reason(name))), "")
            words = tr("Not known at any time so far: {why}", why=reason_words(why)) if why else ""
            lines.append(words or tr("Not known at any time so far."))
        return "\n".join(lines)

    def set_chosen(self, name: str, on: bool) -> None:
        """Whether a quantity has a row."""
        wanted = {*self._chosen, name} if on else {*self._chosen} - {name}
        self._set_names(tuple(n for n in self._offer() if n in wanted), on)

    def _set_names(self, names: tuple[str, ...], shows: bool = True) -> None:
        self._chosen = names
        self._desk.settings.set(NAMES, list(self._chosen))
        action = self._desk.actions.get("timeline_signals")
        if action is not None and shows and not action.isChecked():
            action.setChecked(True)  # whoever chooses one wants to see it
        self._bar.show_signals(self._chosen if self.are_shown else ())

    def _change_height(self, by: int) -> None:
        rows = max(self._bar.tracks_area.rows_seen, 1)
        view = self._bar.tracks
        room = self._bar.window().height() * MOST_ROWS_SHARE / min(rows, LOW_ROWS)
        most = int(room * view.row_height / view.row_px)
        step = round(by / rows) or (1 if by > 0 else -1)
        view.set_row_height(min(view.row_height + step, max(most, LEAST)))
        self._desk.settings.set(HEIGHT, self._bar.tracks.row_height)


def source_words(study: Study) -> str:
    """Where the values come from."""
    if study.tracks is study.computed:
        done = study.computed
        if not study.has_stored:
            words = tr("computed now; nothing is stored")
        else:
            words = tr("computed now; no observations are stored")
        return words + _crowd(done.not_drawn)
    if not study.recorded.is_read:
        return tr("recorded; read {percent} %", percent=f"{100 * study.recorded.share:.0f}")
    if study.recorded.problem:
        return tr("recorded, as far as it can be read") + _crowd(study.recorded.tracks.not_drawn)
    return tr("recorded") + _crowd(study.recorded.tracks.not_drawn)


def lag_words(lag: Lag) -> str:
    """How late smoothing makes a signal, and where what was measured stands."""
    words = tr(
        "Smoothed: {still} ms late where it hardly moves, {moving} ms at {speed} a second.",
        still=f"{lag.still_ms:.0f}",
        moving=f"{lag.moving_ms:.0f}",
        speed=f"{lag.speed:g}{unit_words(lag.unit)}",
    )
    return words + " " + tr("{raw} is as measured.", raw=label_of(lag.name + RAW)) if lag.has_raw else words


def _compare_words(study: Study) -> str:
    return tr("line: computed now; broad band: recorded") + _crowd(study.computed.not_drawn)


def _crowd(not_drawn: int) -> str:
    return "; " + tr("up to {n} more faces without a line", n=not_drawn) if not_drawn > 0 else ""


def _names(found: object) -> tuple[str, ...]:
    """What the settings say, where that makes sense."""
    if not isinstance(found, list) or not all(isinstance(n, str) and 0 < len(n) < 80 for n in found):
        return DEFAULT
    return tuple(dict.fromkeys(found))[:MOST_NAMED]
