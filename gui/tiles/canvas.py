"""A picture with its overlay, painted at the screen's own resolution; it can be zoomed, moved and pointed at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal, event_pos
from gui.tiles.grounds import Ground
from gui.tiles.overlay_painter import OverlayPainter
from gui.tiles.picture_worker import Easel, Pictures
from gui.tiles.rendering import Content
from gui.tiles.scene import Scene, Sight, paint_scene
from gui.tiles.viewport import Viewport
from pipeline.primitives import Primitive

_STEP = 1.0015
"""Zoom for each eighth of a degree that the wheel turns: a notch is 120 of them."""

_KEY_STEP = 1.25

_LARGE_BANNER = 260  # px of height from which on a banner is large


class PictureTool(Protocol):
    """What takes clicks on a picture, in its px (pixel centres at integers); each returns whether it took them."""

    def press(self, x: float, y: float, modifiers: QtCore.Qt.KeyboardModifier) -> bool: ...

    def move(self, x: float, y: float, modifiers: QtCore.Qt.KeyboardModifier) -> bool: ...

    def release(self, x: float, y: float, modifiers: QtCore.Qt.KeyboardModifier) -> bool: ...


class Canvas(QtWidgets.QWidget):
    """Paints nothing anew that has not changed."""

    pointed = Signal(float, float)
    """The mouse is over this place of the picture, in its px."""

    left = Signal()
    """The mouse is over no place of the picture any more."""

    double_clicked = Signal()

    painted = Signal()
    """A new picture is on the screen, as far as this program knows: its paint event has ended."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setMinimumSize(24, 18)
        self.tool: PictureTool | None = None
        self._view = Viewport()
        self._scene: Scene | None = None
        self._words = ""
        self._banner = ""
        self._alarm = False
        self._old = False
        self._overlay = OverlayPainter()
        self._image: QtGui.QImage | None = None
        self._painted_for: tuple[Scene, Sight] | None = None
        self._is_new = False
        self._easel: Easel | None = None
        self._ground = Ground()
        """Only the worker looks at it."""
        self._arrived: Callable[[Any], None] = self._take_scene
        self._moved_from: QtCore.QPointF | None = None
        self._in_tool = False

    def shows_with(self, arrived: Callable[[Any], None]) -> None:
        """Hand over what was ordered to this, which shows it."""
        self._arrived = arrived

    def use(self, pictures: Pictures) -> None:
        """Have what is ordered from now on made by a worker."""
        self._easel = pictures.easel(self._take_made)

    @property
    def ground(self) -> Ground:
        """For whoever makes grounds ahead."""
        return self._ground

    @property
    def scene(self) -> Scene | None:
        return self._scene

    @property
    def content(self) -> Content | None:
        return None if self._scene is None else self._scene.content

    @property
    def primitives(self) -> Sequence[Primitive]:
        """What is painted over the picture."""
        return () if self._scene is None else self._scene.primitives

    @property
    def image(self) -> QtGui.QImage | None:
        """What was painted last, or will be next."""
        return self._image

    @property
    def view(self) -> Viewport:
        """Which part of the picture is seen."""
        return self._view

    @property
    def is_old(self) -> bool:
        """Whether the picture is greyed."""
        return self._old

    @property
    def words(self) -> str:
        """What stands where the picture would be; empty when there is one."""
        return "" if self._scene is not None else self._words

    @property
    def banner(self) -> str:
        return self._banner

    def order(self, make: Callable[[], Any], size: tuple[int, int]) -> None:
        """Have a scene made and painted by the worker, and shown when it is there; without one, at once.

        Args:
            make: gives the :class:`Scene`, or something else, which is handed on as it is; it must hold no widget.
            size: of the picture, in px.
        """
        if self._easel is None:
            self._arrived(make())
        else:
            self._easel.order(_Painting(make, self._sight_of(size), self._ground))

    def _take_made(self, made: object) -> None:
        if isinstance(made, _Painted):
            self._image, self._painted_for = made.image, (made.scene, made.sight)
            self._arrived(made.scene)
        else:
            self._arrived(made)

    def _take_scene(self, made: object) -> None:
        if isinstance(made, Scene):
            self.show_scene(made)

    def show_scene(self, scene: Scene) -> None:
        """Show a picture with what is painted over it."""
        size = scene.content.size
        if size != self._view.picture or self._scene is None:
            self._view.picture = size
            self._view.reset()
        self._scene = scene
        self._words = ""
        self._is_new = True
        self.update()

    def show_words(self, words: str) -> None:
        """Show words in place of a picture; none that was ordered will come."""
        if self._easel is not None:
            self._easel.drop()
        if self._scene is None and words == self._words:
            return
        self._scene = None
        self._image = None
        self._painted_for = None
        self._words = words
        self.update()

    def show_state(self, banner: str, is_old: bool, alarm: bool = False) -> None:
        """Grey the picture when it is old, and say what is wrong with it."""
        if (banner, is_old, alarm) != (self._banner, self._old, self._alarm):
            self._banner, self._old, self._alarm = banner, is_old, alarm
            self.update()

    def reset_zoom(self) -> bool:
        """The whole picture again; False when it was there already."""
        if self._view.is_whole:
            return False
        self._view.reset()
        self.update()
        return True

    def zoom_by_key(self, closer: bool) -> None:
        """A step closer to the middle, or away from it."""
        self._view.zoom_at(self.width() / 2, self.height() / 2, _KEY_STEP if closer else 1 / _KEY_STEP)
        self.update()

    def to_picture(self, at: QtCore.QPointF) -> tuple[float, float]:
        """From the widget's px to the picture's."""
        return self._view.to_picture(at.x(), at.y())

    # -- painting -----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        if self._scene is None:
            painter.fillRect(self.rect(), QtGui.QColor(theme.now().panel))
            self._paint_words(painter)
        else:
            self._paint_picture(painter, self._scene)
        if self._banner:
            self._paint_banner(painter)
        painter.end()
        if self._is_new and self._scene is not None:
            self._is_new = False
            self.painted.emit()

    def _paint_picture(self, painter: QtGui.QPainter, scene: Scene) -> None:
        """The image as it was made; where the tile is seen in another way by now, one is made at once."""
        sight = self._sight_of(scene.content.size)
        if self._image is None or self._painted_for != (scene, sight):
            self._image = paint_scene(scene, sight, self._overlay)
            self._painted_for = (scene, sight)
        # In px of the device; telling the image its ratio would copy it.
        ratio = sight.ratio
        if ratio == 1.0:
            painter.drawImage(0, 0, self._image)
            return
        # Where the ratio is no whole number the tile can reach over one more px of the device than the image has.
        painter.fillRect(self.rect().adjusted(-1, -1, 1, 1), QtGui.QColor(theme.now().panel))
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, 0, self._image)
        painter.restore()

    def _sight_of(self, size: tuple[int, int]) -> Sight:
        """How a picture of this size is seen."""
        self._view.room = max(self.width(), 1), max(self.height(), 1)
        view = self._view if size == self._view.picture else Viewport(size, self._view.room)
        ratio, old, name = self.devicePixelRatioF(), self._old, theme.now().name
        return Sight(view.room, ratio, *view.stand(), old, name)

    def _paint_words(self, painter: QtGui.QPainter) -> None:
        font = self.font()
        font.setPointSizeF(theme.points(theme.BASE_PT + (4 if self.height() > _LARGE_BANNER else 1)))
        painter.setFont(font)
        painter.setPen(QtGui.QColor(theme.now().dim))
        flags = QtCore.Qt.AlignmentFlag.AlignCenter | QtCore.Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(12, 8, -12, -8), int(flags), self._words)

    def _paint_banner(self, painter: QtGui.QPainter) -> None:
        font = self.font()
        font.setBold(True)
        font.setPointSizeF(theme.points(theme.BASE_PT + (8 if self.height() > _LARGE_BANNER else 2)))
        painter.setFont(font)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        metrics = QtGui.QFontMetricsF(font)
        words = metrics.elidedText(self._banner, QtCore.Qt.TextElideMode.ElideRight, max(self.width() - 24.0, 8.0))
        plate = QtCore.QRectF(0, 0, metrics.horizontalAdvance(words) + 20, metrics.height() + 8)
        plate.moveCenter(QtCore.QPointF(self.width() / 2, min(14 + plate.height() / 2, self.height() / 2)))
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(theme.now().alarm if self._alarm else theme.now().warn))
        painter.drawRoundedRect(plate, 5, 5)
        painter.setPen(QtGui.QColor(theme.now().window))
        painter.drawText(plate, int(QtCore.Qt.AlignmentFlag.AlignCenter), words)

    # -- mouse --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._view.room = max(self.width(), 1), max(self.height(), 1)

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        if self._scene is None:
            event.ignore()
            return
        at = event_pos(event)
        self._view.zoom_at(at.x(), at.y(), _STEP ** event.angleDelta().y())
        self.update()
        event.accept()

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        event.ignore()  # the tile takes the focus
        if event.button() != QtCore.Qt.MouseButton.LeftButton or self._scene is None:
            return
        at = event_pos(event)
        if self.tool is not None and self.tool.press(*self.to_picture(at), event.modifiers()):
            self._in_tool = True
        else:
            self._moved_from = at

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        at = event_pos(event)
        if self._scene is None:
            return
        place = self.to_picture(at)
        inside = -0.5 <= place[0] < self._view.picture[0] - 0.5 and -0.5 <= place[1] < self._view.picture[1] - 0.5
        if inside:
            self.pointed.emit(*place)
        else:
            self.left.emit()
        if self.tool is not None and (self._in_tool or self._moved_from is None):
            self.tool.move(*place, event.modifiers())
        if self._moved_from is not None and not self._view.is_whole:
            self._view.move(at.x() - self._moved_from.x(), at.y() - self._moved_from.y())
            self._moved_from = at
            self.update()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() != QtCore.Qt.MouseButton.LeftButton:
            event.ignore()
            return
        if self._in_tool and self.tool is not None:
            self.tool.release(*self.to_picture(event_pos(event)), event.modifiers())
        self._in_tool = False
        self._moved_from = None

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() != QtCore.Qt.MouseButton.LeftButton:
            return
        if self.tool is not None and self._scene is not None:
            self.mousePressEvent(event)
            if self._in_tool:
                return
        self._moved_from = None
        self.double_clicked.emit()

    def leaveEvent(self, event: QtCore.QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()


@dataclass(frozen=True, slots=True, eq=False)
class _Painted:
    """What comes back from the worker."""

    scene: Scene
    sight: Sight
    image: QtGui.QImage


@dataclass(frozen=True, slots=True, eq=False)
class _Painting:
    """What the worker does."""

    make: Callable[[], Any]
    sight: Sight
    ground: Ground

    def __call__(self) -> Any:
        made = self.make()
        if not isinstance(made, Scene):
            return made
        self.ground.seen(made.content, self.sight)
        ahead = self.ground.take(made.content, self.sight)
        return _Painted(made, self.sight, paint_scene(made, self.sight, _overlay(), ahead))


_of_thread = threading.local()


def _overlay() -> OverlayPainter:
    """Of this thread, for all its pictures: an inset is often the same in several."""
    if not hasattr(_of_thread, "overlay"):
        _of_thread.overlay = OverlayPainter()
    return _of_thread.overlay
