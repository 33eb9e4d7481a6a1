"""The window: one large picture, the others beside it, the faces as cards, numbers, and the replay bar.

The window pulls: a timer takes the newest result from the feed and draws it. Nothing here waits for anything.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import fields, replace
from pathlib import Path
from typing import Protocol, cast

from drivers.frame import Frame, FrameSet, StreamKind
from gui import actions as action_table
from gui import theme
from gui.face_card import FaceCard
from gui.feed import Feed, FeedStatus, Mode, Phase, Shown
from gui.message_bar import MessageBar
from gui.qt import QtCore, QtGui, QtWidgets
from gui.readouts import Readouts
from gui.tile import StreamTile, TileColumn
from gui.transport import TransportBar, clock
from pipeline.colormap import DEFAULT_PALETTES, RangeFollower
from pipeline.overlay import OverlayOptions, draw_plan
from pipeline.panel import main_frame

DRAW_MS = 15
STATUS_MS = 250
STALE_S = 1.0
"""A live picture older than this (and than five frame times) is greyed and says so."""

DEPTH_PALETTES = ("viridis", "turbo", "inferno", "cividis", "white hot")
MOST_CARDS = 12


class ReplayCommands(Protocol):
    """What the replay bar asks of a feed; :class:`gui.player.Player` has it."""

    def toggle(self) -> None: ...
    def play(self) -> None: ...
    def pause(self) -> None: ...
    def step(self, by: int) -> None: ...
    def seek(self, position: int) -> None: ...
    def set_speed(self, speed: float) -> None: ...
    def set_loop(self, loop: bool) -> None: ...
    def time_at(self, position: int) -> int: ...


class Window(QtWidgets.QMainWindow):
    """Shows one feed until it is closed; closing stops the feed."""

    def __init__(self, feed: Feed, mode: Mode, title: str, *, loop: bool = False) -> None:
        super().__init__()
        self._feed = feed
        self._mode = mode
        self._shown: Shown | None = None
        self._status: FeedStatus | None = None
        self._options = OverlayOptions()
        self._ranges = RangeFollower()
        self._palettes = dict(DEFAULT_PALETTES)
        self._tiles: dict[str, StreamTile] = {}
        self._newest: dict[str, Frame] = {}
        self._main = ""
        self._drawn: deque[float] = deque(maxlen=120)
        self._closed = False
        self.setWindowTitle(f"{title} – Tapetum")
        self.resize(1440, 900)
        self.setMinimumSize(960, 600)

        self.actions_by_key = action_table.make(self, mode)
        self._build_menus()
        self._build_toolbar()
        self._build_center()
        if loop and mode is Mode.REPLAY:
            self.actions_by_key["loop"].setChecked(True)

        self._draw_timer = QtCore.QTimer(self)
        self._draw_timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self._draw_timer.timeout.connect(self._draw_newest)
        self._draw_timer.start(DRAW_MS)
        self._status_timer = QtCore.QTimer(self)
        self._status_timer.timeout.connect(self._draw_status)
        self._status_timer.start(STATUS_MS)
        self._draw_status()

    # -- building -----------------------------------------------------------------------------------------------

    def _build_menus(self) -> None:
        self._badge = QtWidgets.QLabel()
        self._badge.setAccessibleName("State")
        self._badge.setMargin(3)
        theme.sized(self._badge, theme.BASE_PT + 1, bold=True)
        self.menuBar().setCornerWidget(self._badge)
        for name in action_table.MENUS:
            keys = [a.key for a in action_table.in_mode(self._mode) if a.menu == name]
            if keys:
                menu = self.menuBar().addMenu(f"&{name}")
                for key in keys:
                    menu.addAction(self.actions_by_key[key])

    def _build_toolbar(self) -> None:
        bar = self._tools = QtWidgets.QToolBar("Tools")
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QtCore.QSize(22, 22))
        bar.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        menu = ""
        for action in action_table.in_mode(self._mode):
            if not action.toolbar:
                continue
            if menu and menu != action.menu:
                bar.addSeparator()
            menu = action.menu
            qt = self.actions_by_key[action.key]
            bar.addAction(qt)
            button = bar.widgetForAction(qt)
            button.setAccessibleName(action.text)
            button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.addToolBar(bar)

    def _build_center(self) -> None:
        center = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(center)
        column.setContentsMargins(8, 2, 8, 4)
        column.setSpacing(8)
        self.messages = MessageBar()
        column.addWidget(self.messages)

        large = QtWidgets.QWidget()
        self._large = QtWidgets.QVBoxLayout(large)
        self._large.setContentsMargins(0, 0, 0, 0)
        self._waiting = QtWidgets.QLabel("opening …")
        self._waiting.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self._waiting.setProperty("tone", "dim")
        theme.sized(self._waiting, theme.BASE_PT + 6)
        self._large.addWidget(self._waiting)
        self._small = TileColumn()
        self._middle = QtWidgets.QWidget()
        self._middle_column = QtWidgets.QVBoxLayout(self._middle)
        self._middle_column.setContentsMargins(0, 0, 0, 0)
        self._middle_column.setSpacing(8)
        self._middle_column.addWidget(self._small, 1)
        self._numbers = _scroll_area("Numbers")
        self._numbers.hide()
        self._middle_column.addWidget(self._numbers, 1)
        self._middle.hide()

        side = QtWidgets.QWidget()
        side_column = QtWidgets.QVBoxLayout(side)
        side_column.setContentsMargins(0, 0, 0, 0)
        side_column.setSpacing(8)
        self._cards: list[FaceCard] = []
        self._no_face = QtWidgets.QLabel("no face")
        self._no_face.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self._no_face.setProperty("tone", "dim")
        self._no_face.setMinimumHeight(60)
        theme.sized(self._no_face, theme.BASE_PT + 4)
        card_box = QtWidgets.QWidget()
        self._card_column = QtWidgets.QVBoxLayout(card_box)
        self._card_column.setContentsMargins(0, 0, 0, 0)
        self._card_column.setSpacing(8)
        self._card_column.addWidget(self._no_face)
        self._card_fade = QtWidgets.QGraphicsOpacityEffect(card_box)
        self._card_fade.setOpacity(0.45)
        self._card_fade.setEnabled(False)
        card_box.setGraphicsEffect(self._card_fade)
        side_column.addWidget(card_box)
        self.readouts = Readouts()
        side_column.addWidget(self.readouts)
        side_column.addStretch(1)
        self._side_column = side_column
        scroll = _scroll_area("Faces and numbers")
        scroll.setWidget(side)
        scroll.setMinimumWidth(340)

        split = QtWidgets.QSplitter(QtCore.Qt.Orientation.Horizontal)
        split.setHandleWidth(8)
        split.setChildrenCollapsible(False)
        for widget, stretch in ((large, 7), (self._middle, 3), (scroll, 0)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, stretch)
        split.setSizes([760, 310, 350])
        column.addWidget(split, 1)

        self.transport: TransportBar | None = None
        if self._mode is Mode.REPLAY:
            self.transport = TransportBar(self.actions_by_key)
            self.transport.seek.connect(self._replay.seek)
            self.transport.speed.connect(self._replay.set_speed)
            self.transport.slider.words_at = self._words_at
            column.addWidget(self.transport)
        self.setCentralWidget(center)
        self._where = QtWidgets.QLabel()
        self._note = QtWidgets.QLabel()
        theme.set_tone(self._note, "warn")
        self._keys = QtWidgets.QLabel("F1: keys and help ")
        theme.set_tone(self._where, "dim")
        theme.set_tone(self._keys, "dim")
        status = self.statusBar()
        status.setSizeGripEnabled(False)
        status.setContentsMargins(8, 0, 8, 2)
        status.addWidget(self._where)
        status.addWidget(self._note, 1)
        status.addPermanentWidget(self._keys)

    @property
    def position(self) -> int:
        """Of the FrameSet that is shown, in a replay; -1 while there is none."""
        return -1 if self._shown is None else self._shown.position

    @property
    def _replay(self) -> ReplayCommands:
        return cast(ReplayCommands, self._feed)

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw_newest(self) -> None:
        shown = self._feed.newest()
        if shown is not None:
            self._shown = shown
            self._show(shown)
            self._drawn.append(time.monotonic())
            if self.transport is not None:
                self._show_replay(self._feed.status())

    def _show(self, shown: Shown) -> None:
        frame_set = shown.frame_set
        self._waiting.hide()
        if not self._tiles or any(name not in self._tiles for name in frame_set.frames):
            self._make_tiles(shown)
        self._draw_tiles(frame_set)
        self._draw_overlay(shown)
        self._draw_cards(shown)

    def _draw_tiles(self, frame_set: FrameSet) -> None:
        for name, frame in frame_set.frames.items():
            self._newest[name] = frame
            self._draw_tile(frame)
        self._show_ages()

    def _draw_tile(self, frame: Frame) -> None:
        counts = None if frame.kind is StreamKind.COLOR else self._ranges.follow(frame)
        self._tiles[frame.stream].show_frame(frame, counts, self._palettes.get(frame.kind))

    def _draw_overlay(self, shown: Shown) -> None:
        plan = draw_plan(shown.frame_set, shown.observation, self._options)
        for tile in self._tiles.values():
            tile.show_overlay(plan)

    def _draw_cards(self, shown: Shown) -> None:
        faces = shown.observation.faces[:MOST_CARDS]
        while len(self._cards) < len(faces):
            card = FaceCard()
            self._card_column.addWidget(card)
            self._cards.append(card)
        for index, card in enumerate(self._cards):
            card.setVisible(index < len(faces))
            if index < len(faces):
                card.show_face(faces[index])
        more = len(shown.observation.faces) - len(faces)
        self._no_face.setVisible(not faces or more > 0)
        status = shown.observation.status
        self._no_face.setText(f"{more} more faces" if more > 0 else "no face" if status == "ok" else status)

    def _make_tiles(self, shown: Shown) -> None:
        """A tile for every stream of the rig, known or not yet seen; the large one first."""
        names = [*shown.frame_set.frames, *shown.frame_set.missing]
        for name in names:
            if name not in self._tiles:
                self._tiles[name] = StreamTile(name)
                self._tiles[name].chosen.connect(self._show_large)
        main = self._main or main_frame(shown.frame_set, shown.observation).stream
        self._show_large(main)

    def _show_large(self, stream: str) -> None:
        self._main = stream
        for name, tile in self._tiles.items():
            if name == stream:
                self._large.addWidget(tile)
        small = [tile for name, tile in self._tiles.items() if name != stream]
        self._small.set_tiles(small)
        self._middle.setVisible(bool(small))
        self._place_readouts(len(small))

    def _place_readouts(self, small: int) -> None:
        """Under a single small tile there is room for the numbers; otherwise they stand under the faces."""
        under_tile = small == 1
        if under_tile:
            self._numbers.setWidget(self.readouts)
        else:
            self._numbers.takeWidget()
            self._side_column.removeWidget(self.readouts)
            self._side_column.insertWidget(1, self.readouts)
        self._numbers.setVisible(under_tile)
        self._middle.setMinimumWidth(self.readouts.sizeHint().width() + 14 if under_tile else 160)
        self.readouts.show()

    # -- ages and numbers -----------------------------------------------------------------------------------------

    def _show_ages(self) -> None:
        for name, frame in self._newest.items():
            tile = self._tiles.get(name)
            if tile is not None:
                tile.show_age(self._age_words(frame))
        # What was said of old pictures is old, too.
        old = self._all_old()
        if self._card_fade.isEnabled() != old:
            self._card_fade.setEnabled(old)

    def _age_words(self, frame: Frame) -> str:
        """Why a picture is old, or nothing. Live: by our clock. Replay: against the instant that is shown."""
        limit = max(STALE_S, 5.0 / frame.info.fps if frame.info.fps > 0 else 0.0)
        if self._mode is Mode.LIVE:
            age = (time.time_ns() - frame.host_ns) / 1e9
            ended = self._status is not None and self._status.phase is Phase.ENDED
            return f"{'ENDED' if ended else 'STALE'} {age:.0f} s" if age > limit else ""
        if self._shown is None:
            return ""
        age = abs(self._shown.frame_set.device_ns - frame.device_ns) / 1e9
        return f"STALE {age:.1f} s" if age > limit else ""

    def _all_old(self) -> bool:
        return bool(self._newest) and all(self._age_words(f) for f in self._newest.values())

    def _screen_fps(self) -> float:
        now = time.monotonic()
        recent = [t for t in self._drawn if t > now - 2.0]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 and recent[-1] > recent[0] else 0.0

    def _draw_status(self) -> None:
        status = self._status = self._feed.status()
        self.messages.show_message("\n".join(filter(None, (status.problem, self._missing_words(status)))))
        if self._shown is None:
            words = {Phase.FAILED: "nothing to show", Phase.ENDED: "the camera has ended"}
            self._waiting.setText(words.get(status.phase, f"{status.phase} …"))
        self._show_ages()
        self.readouts.show_status(status, self._shown, self._screen_fps(), self._mode is Mode.LIVE and self._all_old())
        self._note.setText(f"   {status.note}" if status.note else "")
        self._show_badge(status)
        self._show_where(status)
        if status.replay is not None:
            self._show_replay(status)

    def _missing_words(self, status: FeedStatus) -> str:
        missing = [n for n, m in status.models.items() if "missing" in m]
        if not missing:
            return ""
        reasons = "; ".join(f"{n}: {status.models[n]['missing']}" for n in missing)
        return f"Working without {len(missing)} of {len(status.models)} models. {reasons}"

    def _show_badge(self, status: FeedStatus) -> None:
        warn = status.phase is Phase.FAILED
        if status.replay is not None and status.phase is Phase.RUNNING:
            words = "REPLAY" if status.replay.playing else "END" if status.replay.at_end else "PAUSED"
        elif status.phase is Phase.RUNNING:
            states = {s.state for s in status.streams}
            words = "LIVE" if states <= {"streaming", ""} else "  ".join(sorted(s.upper() for s in states))
            if words == "LIVE" and self._all_old():
                words = "STALE"
            warn = words != "LIVE"
        else:
            words = str(status.phase).upper()
        if status.recording:
            words += "  ● REC"
        if words != self._badge.text():
            self._badge.setText(words)
            self._badge.adjustSize()
            self.menuBar().adjustSize()
        theme.set_tone(self._badge, "badge-warn" if warn else "badge")

    def _show_where(self, status: FeedStatus) -> None:
        words = [status.title]
        if self._shown is not None:
            words.append(f"frame {self._shown.frame_set.number}")
            words.append(f"skew {self._shown.frame_set.skew_ns / 1e6:.1f} ms")
            if self._mode is Mode.LIVE:
                age = (time.time_ns() - self._shown.frame_set.host_ns) / 1e6
                words.append(f"frame age {age:.0f} ms" if age < 10_000 else f"frame age {age / 1000:.0f} s")
        if status.recording:
            words.append(f"recording {Path(status.recording).name}: {status.recorded_frames} frames")
        self._where.setText("   ·   ".join(words))

    def _show_replay(self, status: FeedStatus) -> None:
        if self.transport is not None and status.replay is not None:
            self.transport.show_status(status.replay)

    def _words_at(self, position: int) -> str:
        return f"frame {position}   {clock(self._replay.time_at(position))}"

    # -- what the actions do --------------------------------------------------------------------------------------

    def toggle_play(self) -> None:
        self._replay.toggle()
        self._draw_status()

    def step_back(self) -> None:
        self._replay.step(-1)

    def step_forward(self) -> None:
        self._replay.step(1)

    def step_back_far(self) -> None:
        self._replay.step(-10)

    def step_forward_far(self) -> None:
        self._replay.step(10)

    def go_to_start(self) -> None:
        self._replay.seek(0)

    def go_to_end(self) -> None:
        self._replay.seek(1 << 60)

    def slower(self) -> None:
        if self.transport is not None:
            self.transport.change_speed(-1)

    def faster(self) -> None:
        if self.transport is not None:
            self.transport.change_speed(1)

    def set_loop(self, _key: str, on: bool) -> None:
        self._replay.set_loop(on)

    def set_overlay(self, key: str, on: bool) -> None:
        """Switch a part of the overlay; the action's key is the option's name."""
        if key in {f.name for f in fields(OverlayOptions)}:
            self._options = replace(self._options, **{key: on})
            self._redraw()

    def set_range_lock(self, _key: str, on: bool) -> None:
        for name in self._tiles:
            if on:
                self._ranges.lock(name)
            else:
                self._ranges.unlock(name)
        self._redraw()

    def next_palette(self) -> None:
        """Depth in the next palette."""
        now = DEPTH_PALETTES.index(self._palettes[StreamKind.DEPTH])
        self._palettes[StreamKind.DEPTH] = DEPTH_PALETTES[(now + 1) % len(DEPTH_PALETTES)]
        self._redraw()

    def next_main(self) -> None:
        """The next stream large."""
        names = list(self._tiles)
        if names:
            self._show_large(names[(names.index(self._main) + 1) % len(names)])

    def set_full_screen(self, _key: str, on: bool) -> None:
        self.showFullScreen() if on else self.showNormal()

    def save_snapshot(self) -> None:
        """The window as it is, into a PNG file that the operator names."""
        picture = self.grab()
        name, _ = QtWidgets.QFileDialog.getSaveFileName(self, "Save picture", "tapetum.png", "PNG (*.png)")
        if name and not picture.save(name, "PNG"):
            self.messages.show_message(f"The picture could not be written to {name}; is the folder writable?")

    def show_help(self) -> None:
        HelpDialog(self._mode, self).exec()

    def _redraw(self) -> None:
        for frame in self._newest.values():
            self._draw_tile(frame)
        if self._shown is not None:
            self._draw_overlay(self._shown)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        style = QtCore.Qt.ToolButtonStyle
        room = self.width() >= 1240
        self._tools.setToolButtonStyle(style.ToolButtonTextBesideIcon if room else style.ToolButtonIconOnly)

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        if not self._closed:
            self._closed = True
            self._draw_timer.stop()
            self._status_timer.stop()
            self.closed_cleanly = self._feed.close()
        event.accept()

    closed_cleanly = True
    """Whether every thread of the feed ended in time."""


def _scroll_area(name: str) -> QtWidgets.QScrollArea:
    """Scrolls upward and downward only."""
    scroll = QtWidgets.QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    scroll.setAccessibleName(name)
    return scroll


class HelpDialog(QtWidgets.QDialog):
    """Keys and what they do, made from the action table."""

    def __init__(self, mode: Mode, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys and help")
        page = QtWidgets.QTextBrowser()
        page.setHtml(
            "<p>Blue is measured. <span style='color:#ffb000'>Orange needs your attention, or was "
            "<b>GENERATED</b></span>: a model imagined it.</p>"
            "<p>Double-click a picture to see it large. The wheel zooms; dragging moves; Esc shows all of it.</p>"
            + action_table.help_html(mode)
        )
        page.setAccessibleName("Help")
        close = QtWidgets.QDialogButtonBox(QtWidgets.QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        for button in close.buttons():
            button.setIcon(QtGui.QIcon())
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(page)
        layout.addWidget(close)
        self.resize(820, 680)
