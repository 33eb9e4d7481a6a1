"""One stream as a tile: its name and range, its picture with the overlay, a color bar, and how old it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drivers.frame import Frame, FrameFlag, StreamKind
from gui import theme
from gui.overlay_item import OverlayItem
from gui.qt import QtCore, QtGui, QtWidgets, Signal, pg
from pipeline.colormap import (
    DEFAULT_PALETTES,
    CountRange,
    gray_out,
    middle_in_units,
    palette_colors,
    range_in_units,
    to_rgb,
)
from pipeline.primitives import Primitive

KIND_WORDS = {
    StreamKind.COLOR: "color",
    StreamKind.GRAY: "gray",
    StreamKind.INFRARED: "infrared",
    StreamKind.DEPTH: "depth",
    StreamKind.THERMAL: "thermal",
}


class ColorBar(QtWidgets.QWidget):
    """What the colors mean: a ramp with its ends and middle in metres, degrees or counts."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = palette_colors("viridis")
        self._ends = (0.0, 1.0, "")
        self._middle = 0.5
        self._ramp = QtGui.QImage()
        font = self.font()
        font.setPointSizeF(theme.BASE_PT - 0.5)
        self.setFont(font)
        self.setFixedHeight(round(QtGui.QFontMetricsF(font).height()) + 16)
        self.setAccessibleName("Color scale")

    def show_scale(self, palette: str, ends: tuple[float, float, str], middle: float, reverse: bool) -> None:
        """Show what the colors mean.

        Args:
            ends: lowest and highest value, and their unit.
            middle: what the middle color means.
            reverse: the lowest value has the palette's last color.
        """
        low, high, unit = ends
        self._middle = middle
        colors = palette_colors(palette)
        self._colors = colors[::-1] if reverse else colors
        if ends != self._ends:
            self._ends = ends
            self.setAccessibleDescription(f"{self._words(low)} to {self._words(high)} {unit}")
        self._ramp = QtGui.QImage(
            np.ascontiguousarray(self._colors[None]).data, 256, 1, 768, QtGui.QImage.Format.Format_RGB888
        ).copy()
        self.update()

    def _words(self, value: float) -> str:
        return f"{value:.0f}" if self._ends[2] == "counts" else f"{value:.1f}"

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        rect = QtCore.QRectF(self.rect()).adjusted(0, 2, 0, 0)
        painter.drawImage(QtCore.QRectF(rect.left(), rect.top(), rect.width(), 9), self._ramp)
        painter.setPen(QtGui.QColor(theme.DARK.dim))
        low, high, unit = self._ends
        text = QtCore.QRectF(rect.left(), rect.top() + 11, rect.width(), rect.height() - 11)
        flag = QtCore.Qt.AlignmentFlag
        painter.drawText(text, int(flag.AlignLeft | flag.AlignVCenter), f"{self._words(low)} {unit}")
        painter.drawText(text, int(flag.AlignHCenter | flag.AlignVCenter), self._words(self._middle))
        painter.drawText(text, int(flag.AlignRight | flag.AlignVCenter), f"{self._words(high)} {unit}")
        painter.end()


class StreamTile(QtWidgets.QFrame):
    """A stream's picture. A double click asks to show it large; the wheel zooms, dragging moves, ``Esc`` resets."""

    chosen = Signal(str)

    def __init__(self, stream: str, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.stream = stream
        self._frame: Frame | None = None
        self._rgb: np.ndarray | None = None  # uint8 (H, W, 3)
        self._stale = ""
        self._size = (0, 0)

        self._name = QtWidgets.QLabel(stream)
        theme.sized(self._name, theme.BASE_PT + 1, bold=True)
        self._detail = QtWidgets.QLabel("")
        self._detail.setProperty("tone", "dim")
        head = self._head = QtWidgets.QHBoxLayout()
        head.setContentsMargins(10, 6, 10, 4)
        head.addWidget(self._name)
        head.addStretch(1)
        head.addWidget(self._detail)

        self.view = pg.GraphicsView(background=theme.DARK.panel)
        self.view.setAccessibleName(f"Picture of {stream}")
        self.view.setMinimumSize(120, 90)
        self._box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False, defaultPadding=0.0)
        self.view.setCentralItem(self._box)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._overlay = OverlayItem()
        self._overlay.setZValue(1)
        self._box.addItem(self._image)
        self._box.addItem(self._overlay, ignoreBounds=True)

        self._banner = QtWidgets.QLabel("", self.view)
        self._banner.setProperty("tone", "badge-warn")
        theme.sized(self._banner, theme.BASE_PT + 5, bold=True)
        self._banner.hide()

        self.bar = ColorBar()
        self.bar.hide()
        bar_row = self._bar_row = QtWidgets.QHBoxLayout()
        bar_row.setContentsMargins(10, 2, 10, 4)
        bar_row.addWidget(self.bar)

        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        layout.addLayout(bar_row)
        self.view.viewport().installEventFilter(self)

    def heightForWidth(self, width: int) -> int:
        """What the picture, its title and its color bar need at this width, in px."""
        w, h = self._size
        around = self._head.sizeHint().height() + (
            self._bar_row.sizeHint().height() if self.bar.isVisibleTo(self) else 0
        )
        return around + (round(width * h / w) if w else round(width * 0.75))

    @property
    def frame_shown(self) -> Frame | None:
        return self._frame

    def show_frame(self, frame: Frame, counts: CountRange | None, palette: str | None) -> None:
        """Show a frame.

        Args:
            counts: the range of counts to show; None for color.
            palette: for depth and thermal.
        """
        self._frame = frame
        rgb = to_rgb(frame, counts, palette)
        self._rgb = rgb
        h, w = rgb.shape[:2]
        if (w, h) != self._size:
            self._size = (w, h)
            self._overlay.set_size(w, h)
            self.reset_zoom()
            self.updateGeometry()
        self._paint()
        info = frame.info
        kind = "" if KIND_WORDS[info.kind] in info.name else f"{KIND_WORDS[info.kind]}  "
        self._detail.setText(f"{kind}{info.width} × {info.height}")
        if counts is not None and info.kind in DEFAULT_PALETTES:
            name = palette or DEFAULT_PALETTES[info.kind]
            ends, middle = range_in_units(info, counts), middle_in_units(info, counts)
            self.bar.show_scale(name, ends, middle, reverse=info.kind is StreamKind.DEPTH)
            self.bar.show()

    def show_overlay(self, primitives: Sequence[Primitive]) -> None:
        self._overlay.show_primitives([p for p in primitives if p.stream == self.stream])

    def show_age(self, words: str) -> None:
        """What makes the picture old (``STALE 3.2 s``): it is greyed and says so. Nothing: it is fresh."""
        if words == self._stale:
            return
        was, self._stale = self._stale, words
        self._banner.setVisible(bool(words))
        if words:
            self._banner.setText(words)
            self._banner.adjustSize()
            self._place_banner()
        if bool(was) != bool(words):
            self._paint()

    @property
    def is_greyed(self) -> bool:
        return bool(self._stale) or (self._frame is not None and bool(self._frame.flags & FrameFlag.STALE))

    def reset_zoom(self) -> None:
        """The whole picture again."""
        w, h = self._size
        if w and h:
            self._box.setRange(QtCore.QRectF(0, 0, w, h), padding=0.0)

    def _paint(self) -> None:
        if self._rgb is None:
            return
        self._overlay.setOpacity(0.55 if self.is_greyed else 1.0)
        self._image.setImage(gray_out(self._rgb) if self.is_greyed else self._rgb, autoLevels=False)

    def _place_banner(self) -> None:
        points = theme.BASE_PT + (5 if self.view.width() > 420 else 0)
        if self._banner.font().pointSizeF() != points:
            theme.sized(self._banner, points, bold=True)
            self._banner.adjustSize()
        self._banner.move(max(8, (self.view.width() - self._banner.width()) // 2), 14)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._detail.setVisible(self.width() > 230)
        self._place_banner()
        QtCore.QTimer.singleShot(0, self.reset_zoom)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.reset_zoom()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.MouseButtonDblClick:
            self.chosen.emit(self.stream)
            return True
        return bool(super().eventFilter(watched, event))


class TileColumn(QtWidgets.QWidget):
    """Tiles under each other, each as high as its picture needs, or all of them smaller where that is too high."""

    GAP = 8

    def __init__(self) -> None:
        super().__init__()
        self._tiles: list[StreamTile] = []

    def set_tiles(self, tiles: Sequence[StreamTile]) -> None:
        self._tiles = list(tiles)
        for tile in self._tiles:
            tile.setParent(self)
            tile.show()
        self.place()

    def wanted_height(self, width: int) -> int:
        """What all tiles need at this width, in px."""
        return sum(t.heightForWidth(width) for t in self._tiles) + self.GAP * max(len(self._tiles) - 1, 0)

    def place(self) -> None:
        """Put every tile in its place."""
        if not self._tiles:
            return
        if len(self._tiles) == 1:  # the numbers stand under it, and give way
            self.setMinimumHeight(self.wanted_height(self.width()))
            self.setMaximumHeight(self.wanted_height(self.width()))
        else:
            self.setMinimumHeight(0)
            self.setMaximumHeight(16_777_215)
        gaps = self.GAP * (len(self._tiles) - 1)
        wanted = [t.heightForWidth(self.width()) for t in self._tiles]
        share = min(1.0, (self.height() - gaps) / max(sum(wanted), 1))
        y = 0
        for tile, height in zip(self._tiles, wanted, strict=True):
            tile.setGeometry(0, y, self.width(), max(1, int(height * share)))
            y += int(height * share) + self.GAP

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()
