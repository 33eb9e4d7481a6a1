"""A picture with what is painted over it, and how it becomes the image that goes to the screen.

It is made whole, ground and overlay and all, so that a paint event has one image to show, and so that what the overlay
says always belongs to the picture under it. Any thread may make it; no widget is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gui.look import theme
from gui.looks.render import faded
from gui.qt import QtGui
from gui.tiles.rendering import Content, Seen
from gui.tiles.rendering import put as put_pixels
from pipeline.primitives import Primitive

if TYPE_CHECKING:
    from gui.tiles.overlay_painter import OverlayPainter

_OLD_OVERLAY = 0.55


@dataclass(frozen=True, eq=False)
class Scene:
    """What a tile shows.

    Attributes:
        content: the picture.
        primitives: what is painted over it, in its px.
        red: shades of red are wanted, in an old picture too.
    """

    content: Content
    primitives: Sequence[Primitive] = ()
    red: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """How a scene is seen.

    Attributes:
        room: width and height of the tile's picture area, in the widget's px.
        ratio: px of the device each.
        seen: the pixels of the picture that are seen, at least in part.
        origin, scale: of the picture in the room: its left top corner, and px a picture px.
        is_old: it is greyed.
        theme: name of the window's theme.
    """

    room: tuple[int, int]
    ratio: float
    seen: Seen
    origin: tuple[float, float]
    scale: float
    is_old: bool = False
    theme: str = ""


def paint_scene(
    scene: Scene, sight: Sight, overlay: OverlayPainter, ground: QtGui.QImage | None = None
) -> QtGui.QImage:
    """The image of a scene, RGB32, as many px as the room has on the device.

    Args:
        ground: from :func:`paint_ground` for the same content and sight, to be painted over; None makes it.
    """
    image = paint_ground(scene.content, sight, scene.red) if ground is None else ground
    if scene.primitives:
        (left, top), scale = sight.origin, sight.scale
        image.setDevicePixelRatio(sight.ratio)
        painter = QtGui.QPainter(image)
        painter.setOpacity(_OLD_OVERLAY if sight.is_old else 1.0)
        painter.setWorldTransform(QtGui.QTransform(scale, 0.0, 0.0, scale, left, top))
        overlay.paint(painter, scene.primitives, scene.content.size, (float(sight.room[0]), float(sight.room[1])))
        painter.end()
        image.setDevicePixelRatio(1.0)
    return image


def paint_ground(content: Content, sight: Sight, red: bool = False) -> QtGui.QImage:
    """The picture alone, as it lies under what is painted over it.

    Args:
        red: an old picture is in shades of red.
    """
    ratio = sight.ratio
    width, height = (max(1, round(side * ratio)) for side in sight.room)
    image = QtGui.QImage(width, height, QtGui.QImage.Format.Format_RGB32)
    (left, top), scale, (x, y, w, h) = sight.origin, sight.scale, sight.seen
    # In whole px of the device, so that pixels go to the screen as they are.
    x0, y0 = round((left + x * scale) * ratio), round((top + y * scale) * ratio)
    x1, y1 = round((left + (x + w) * scale) * ratio), round((top + (y + h) * scale) * ratio)
    target = max(x1 - x0, 1), max(y1 - y0, 1)
    if x0 > 0 or y0 > 0 or x1 < width or y1 < height:
        image.fill(QtGui.QColor(theme.now().panel))
    rgb = content.render(sight.seen, target)
    if sight.is_old:
        rgb = faded(rgb, red)
    put_pixels(rgb, _pixels(image), x0, y0, target)
    return image


def _pixels(image: QtGui.QImage) -> NDArray[np.uint8]:
    """The image's own memory, uint8 (H, W, 4) BGRA; nobody else has the image yet."""
    bits = image.bits()
    if hasattr(bits, "setsize"):  # PyQt gives an address without an end
        bits.setsize(image.sizeInBytes())
    rows = np.frombuffer(bits, np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width()]
