"""One tile of the board: a head, a picture or words in its place, a colour bar, and the value under the cursor."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from drivers.frame import Frame, StreamKind
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal, global_pos
from gui.status.tile_words import HeadWords
from gui.tiles.canvas import Canvas, PictureTool
from gui.tiles.color_bar import ColorBar
from gui.tiles.face_pictures import KIND_WORDS as FACE_WORDS
from gui.tiles.freshness import FaceWatch, NoPicture
from gui.tiles.head import TileHead
from gui.tiles.layout import Place, Source
from gui.tiles.picture_worker import Failed
from gui.tiles.readout import value_words
from gui.tiles.tile_scenes import FaceScene, FrameScene, Shades, frame_scene
from gui.tiles.titles import empty_words, kind_words, title_of
from gui.words import tr
from pipeline.primitives import Primitive

_SCALE_S = 0.25  # the numbers of a scale change no more often: nobody reads faster
_FRAME = 2  # px of the focus frame
_ROOM_FOR_BAR = 190  # px of a tile's height

_WAYS = {
    QtCore.Qt.Key.Key_Left: (-1, 0),
    QtCore.Qt.Key.Key_Right: (1, 0),
    QtCore.Qt.Key.Key_Up: (0, -1),
    QtCore.Qt.Key.Key_Down: (0, 1),
}


class Tile(QtWidgets.QWidget):
    """Shows what its place says. It paints itself anew only where something changed."""

    menu_asked = Signal(QtCore.QPoint)
    """Where on the desktop its menu is wanted."""

    maximise_asked = Signal()

    restore_asked = Signal()
    """``Esc``, and there is nothing to do for this tile alone."""

    focus_asked = Signal(int, int)
    """The tile in this direction shall have the focus."""

    painted = Signal()
    """A new picture is on the screen."""

    arrived = Signal()
    """A picture that was ordered is there, and will be painted."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.place = Place()
        self.watch = FaceWatch(None)
        self.number = 0
        self._frame: Frame | None = None
        self.failure = ""
        """Why its picture cannot be painted."""
        self._is_target = False
        self._shades = Shades()

        self.head = TileHead(self)
        self.head.double_clicked.connect(self.maximise_asked)
        self.canvas = self.view = Canvas(self)
        self.canvas.double_clicked.connect(self.maximise_asked)
        self.canvas.pointed.connect(self._show_value)
        self.canvas.left.connect(self._hide_value)
        self.canvas.painted.connect(self.painted)
        self.canvas.shows_with(self._arrived)
        self._foot = QtWidgets.QLabel("", self.canvas)
        self._foot.setProperty("tone", "badge")
        self._foot.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._foot.setAccessibleName(tr("Value under the cursor"))
        self._foot.setContentsMargins(7, 2, 7, 2)
        theme.sized(self._foot, theme.BASE_PT + 1, bold=True)
        self._foot.hide()
        self.bar = ColorBar()
        self._bar_row = QtWidgets.QWidget(self)
        row = QtWidgets.QHBoxLayout(self._bar_row)
        row.setContentsMargins(10, 3, 10, 4)
        row.addWidget(self.bar)
        self._bar_row.hide()
        self._bar_for: tuple[object, ...] = ()
        self._bar_at = 0.0
        self._has_scale = False

        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(_FRAME, _FRAME, _FRAME, _FRAME)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._bar_row)

    # -- what it shows ------------------------------------------------------------------------------------------

    @property
    def source(self) -> Source:
        return self.place.source

    @property
    def frame_shown(self) -> Frame | None:
        """The frame that is on the screen, or that the face was cut from."""
        return self._frame

    @property
    def is_on_screen(self) -> bool:
        """Whether it is painted at all: that of a window which is minimised is not."""
        window = self.window()
        handle = window.windowHandle()
        is_open = handle is not None and handle.isExposed() and not window.isMinimized()
        return is_open and self.isVisible() and not self.canvas.visibleRegion().isEmpty()

    @property
    def is_greyed(self) -> bool:
        """Whether what it shows is old."""
        return self.canvas.is_old

    @property
    def readout(self) -> str:
        """The value under the cursor, in words; empty where there is none."""
        return "" if self._foot.isHidden() else str(self._foot.text())

    @property
    def tool(self) -> PictureTool | None:
        """What takes clicks on the picture in place of moving it."""
        return self.canvas.tool

    @tool.setter
    def tool(self, tool: PictureTool | None) -> None:
        self.canvas.tool = tool

    def set_place(self, place: Place) -> None:
        """Show something else from now on; until its picture comes there is none."""
        if place.source == self.place.source:
            self.place = place
            return
        self.place = place
        self.watch = FaceWatch(place.source.face)
        self._frame = None
        self.head.show_name(title_of(place.source), "")
        self.head.setCursor(
            QtCore.Qt.CursorShape.OpenHandCursor if self.head.draggable else QtCore.Qt.CursorShape.ArrowCursor
        )
        self.show_nothing(NoPicture(empty_words() if place.source.is_empty else ""))
        self._describe("")

    def order(self, make: Callable[[], FrameScene | FaceScene | NoPicture], size: tuple[int, int]) -> None:
        """Have a picture made by the worker, where there is one; it is shown when it is there.

        Args:
            make: gives it; called in another thread, it must hold no widget.
            size: of the picture, in px.
        """
        self.canvas.order(make, size)

    def _arrived(self, made: object) -> None:
        match made:
            case FrameScene():
                self._show_frame(made)
            case FaceScene():
                self._show_face(made)
            case NoPicture():
                self.show_nothing(made)
            case Failed():
                failure = f"{type(made.error).__name__}: {made.error}"
                words = tr("This picture cannot be painted: {reason}", reason=failure)
                self.show_nothing(NoPicture(words, tr("NO PICTURE")))
                self.failure = failure
        self.arrived.emit()

    def show_frame(self, frame: Frame, shades: Shades, plan: Sequence[Primitive]) -> None:
        """Show a frame of its stream.

        Args:
            plan: what is painted over it, in its px.
        """
        self._show_frame(frame_scene(frame, shades, plan))

    def _show_frame(self, scene: FrameScene) -> None:
        self._frame, self._shades, self.failure = scene.frame, scene.shades, ""
        self.canvas.show_scene(scene)
        self.head.show_name(scene.frame.stream, kind_words(scene.frame))
        self._show_scale(scene.frame, scene.shades)

    def _show_scale(self, frame: Frame, shades: Shades) -> None:
        """What the colours mean; while they follow the picture, their numbers change a few times a second."""
        measured = frame.kind in (StreamKind.DEPTH, StreamKind.THERMAL)
        if measured != self._has_scale:
            self._has_scale = measured
            self._fit_bar()
        if shades.counts is None or not measured:
            return
        now, told = time.monotonic(), (frame.info, shades.look, shades.scale, shades.temperatures)
        if told != self._bar_for or now - self._bar_at >= _SCALE_S:
            self._bar_for, self._bar_at = told, now
            self.bar.show_look(frame.info, shades.counts, shades.look, shades.scale, shades.temperatures)

    def _fit_bar(self) -> None:
        """A low tile has no room for a colour bar."""
        self._bar_row.setVisible(self._has_scale and self.height() >= _ROOM_FOR_BAR)

    def _show_face(self, scene: FaceScene) -> None:
        """A picture of its face, made from a frame."""
        self._frame, self.failure = scene.frame, ""
        self.canvas.show_scene(scene)
        self.head.show_name(scene.name, tr(FACE_WORDS[self.source.picture]))
        self._has_scale = False
        self._fit_bar()

    def show_nothing(self, why: NoPicture) -> None:
        """Say why there is no picture."""
        self._frame, self.failure = None, ""
        self._has_scale = False
        self._fit_bar()
        self._hide_value()
        self.canvas.show_words(why.words)
        self.canvas.show_state("", False)
        self.head.show_facts("", why.badge, "warn" if why.badge else "dim")
        self._describe(why.words)

    def show_truth(self, words: HeadWords, with_numbers: bool = False) -> None:
        """Whether its picture is old, at once; ``with_numbers``, how fast and how old, too."""
        if self.canvas.content is None:
            return
        changed = words.is_old != self.canvas.is_old or words.badge != self.canvas.banner
        self.canvas.show_state(words.badge, words.is_old, words.tone == "alarm")
        if changed or with_numbers or not self.head.facts:
            self.head.show_facts(words.text, words.badge, words.tone)
            state = words.badge.split(" ")[0] if words.badge else ""
            old = tr("old: {state}", state=state) if words.is_old else state
            self._describe(f"{self.head.name}, {self.head._kind}{f', {old}' if old else ''}")

    def _describe(self, words: str) -> None:
        """For those who cannot see it."""
        name = tr("Tile {n}: {what}", n=self.number, what=title_of(self.source) or tr("empty"))
        if name != self.accessibleName():
            self.setAccessibleName(name)
            self.canvas.setAccessibleName(tr("Picture of {what}", what=title_of(self.source) or tr("nothing")))
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    # -- pointing -----------------------------------------------------------------------------------------------

    def _show_value(self, x: float, y: float) -> None:
        if self._frame is None or self.source.is_face:
            return
        words = value_words(self._frame, x, y, self._shades.scale, self._shades.temperatures)
        if words != self._foot.text():
            self._foot.setText(words)
            self._foot.adjustSize()
        self._foot.move(8, max(self.canvas.height() - self._foot.height() - 8, 0))
        self._foot.setVisible(bool(words))

    def _hide_value(self) -> None:
        self._foot.hide()

    # -- how it looks -------------------------------------------------------------------------------------------

    def set_target(self, on: bool) -> None:
        """Show that a dragged tile would change places with this one."""
        if on != self._is_target:
            self._is_target = on
            self.update()

    @property
    def is_target(self) -> bool:
        return self._is_target

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        now = theme.now()
        width = float(_FRAME)
        edge = now.warn if self._is_target else now.accent if self.hasFocus() else now.panel
        painter.setBrush(QtGui.QColor(now.panel))
        pen = QtGui.QPen(QtGui.QColor(edge), width)
        if self._is_target:
            pen.setStyle(QtCore.Qt.PenStyle.DashLine)
        painter.setPen(pen)
        half = width / 2
        painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(half, half, -half, -half), 7, 7)
        painter.end()

    def focusInEvent(self, event: QtGui.QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()

    # -- keys and menu ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        names, shift = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier.ShiftModifier
        pans = shift | QtCore.Qt.KeyboardModifier.ControlModifier
        if key in (names.Key_Return, names.Key_Enter):
            self.maximise_asked.emit()
        elif key == names.Key_Escape:
            self._escape()
        elif key in (names.Key_Plus, names.Key_Equal, names.Key_Minus):
            self.canvas.zoom_by_key(key != names.Key_Minus)
        elif key == names.Key_Menu or (key == names.Key_F10 and modifiers & shift):
            self.menu_asked.emit(self.canvas.mapToGlobal(QtCore.QPoint(20, 20)))
        elif key in _WAYS and modifiers & pans == pans:
            dx, dy = _WAYS[key]
            self.canvas.view.move(-dx * self.canvas.width() / 8, -dy * self.canvas.height() / 8)
            self.canvas.update()
        elif key in _WAYS:
            self.focus_asked.emit(*_WAYS[key])
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        if self.head.is_dragging:
            self.head.end_drag()
        elif not self.canvas.reset_zoom():
            self.restore_asked.emit()

    def contextMenuEvent(self, event: QtGui.QContextMenuEvent) -> None:
        # The key that asks for a menu has been heard as a key already.
        if event.reason() != QtGui.QContextMenuEvent.Reason.Keyboard:
            self.menu_asked.emit(global_pos(event).toPoint())
        event.accept()

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        self.setFocus(QtCore.Qt.FocusReason.MouseFocusReason)
        event.accept()
