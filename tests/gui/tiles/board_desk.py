"""A desk for a board without a window, and results made up by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from pytestqt.qtbot import QtBot

from drivers.frame import Frame, FrameFlag, FrameSet, Intrinsics, KelvinMap, StreamInfo, StreamKind
from drivers.host_clock import now_ns
from gui.feed import FeedStatus, Mode, Phase, Shown, StreamStatus
from gui.qt import QtCore, QtGui, QtWidgets, rgb_of
from gui.settings import Settings
from gui.tiles.board import Board
from gui.tiles.board_tile import Tile
from gui.tiles.canvas import Canvas
from recordings.observation import Box, Face, Observation
from tests.gui.conftest import made_up_face

Make = Callable[..., Board]
"""Makes a board in a window of 900 x 600 px; see the fixture of this name."""

Button = QtCore.Qt.MouseButton
NO_KEYS = QtCore.Qt.KeyboardModifier.NoModifier

BASE_NS = 1_700_000_000_000_000_000


def info(name: str, kind: StreamKind, width: int = 160, height: int = 120, fps: float = 30.0) -> StreamInfo:
    dtype = "uint8" if kind in (StreamKind.COLOR, StreamKind.INFRARED) else "uint16"
    return StreamInfo(
        name,
        kind,
        width,
        height,
        dtype,
        fps,
        unit_m=0.001 if kind is StreamKind.DEPTH else None,
        kelvin=KelvinMap(0.01) if kind is StreamKind.THERMAL else None,
        intrinsics=Intrinsics.from_fov(width, height, 60.0),
    )


COLOR = info("color", StreamKind.COLOR)
DEPTH = replace(info("depth", StreamKind.DEPTH), registered_to="color")
THERMAL = info("thermal", StreamKind.THERMAL, 80, 60, 9.0)
ALL = (COLOR, DEPTH, THERMAL)


def frame(stream: StreamInfo, number: int = 0, host_ns: int | None = None, flags: FrameFlag = FrameFlag.NONE) -> Frame:
    """Its left half differs from its right, and both tell its number."""
    low, high = {StreamKind.COLOR: (40, 200), StreamKind.DEPTH: (800, 2500)}.get(stream.kind, (40, 200))
    if stream.kind is StreamKind.THERMAL:
        low, high = 29_000, 31_000
    pixels = np.full(stream.shape, high, stream.dtype)
    pixels[:, : stream.width // 2] = low + number % 50
    at = number * 33_000_000
    return Frame(stream, pixels, number, at, BASE_NS + at if host_ns is None else host_ns, flags)


def shown(
    streams: Sequence[StreamInfo] = ALL,
    number: int = 0,
    faces: Sequence[Face] | None = None,
    live: bool = False,
    missing: tuple[str, ...] = (),
    flags: FrameFlag = FrameFlag.NONE,
    status: str = "ok",
) -> Shown:
    frames = {s.name: frame(s, number, now_ns() if live else None, flags) for s in streams}
    first = next(iter(frames.values()))
    found = (made_up_face(1),) if faces is None else tuple(faces)
    numbers = {name: f.number for name, f in frames.items()}
    seen = Observation(number, first.device_ns, first.host_ns, 0, numbers, found, status=status)
    return Shown(FrameSet(number, first.device_ns, frames, 0, missing), seen, position=-1 if live else number)


def face(number: int, distance_m: float | None = 1.0) -> Face:
    x = 5 + 10 * (number % 12)
    return Face(id=number, stream="color", box=Box(x, 30, 24, 30), confidence=0.9, distance_m=distance_m)


def settled(qtbot: QtBot, board: Board) -> None:
    """Wait until every picture that was ordered is on its tile."""
    worker = board.worker
    if worker is not None:
        qtbot.waitUntil(lambda: not worker.is_busy, timeout=20_000)


def part(canvas: Canvas, x: float, y: float, w: float, h: float) -> np.ndarray:
    """What the screen shows of a rectangle of the picture, int (H, W, 3) RGB."""
    assert canvas.image is not None
    (left, top), ratio = canvas.view.origin, canvas.devicePixelRatioF()
    x0, y0 = (round((start + canvas.view.scale * at) * ratio) for start, at in ((left, x), (top, y)))
    x1, y1 = (round((start + canvas.view.scale * at) * ratio) for start, at in ((left, x + w), (top, y + h)))
    return rgb_of(canvas.image)[y0:y1, x0:x1].astype(int)


@dataclass
class BoardDesk:
    """What a board asks of the window, and what it was told."""

    window: QtWidgets.QWidget
    mode: Mode = Mode.REPLAY
    settings: Settings = field(default_factory=Settings)
    actions: dict[str, QtGui.QAction] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    feed: Any = None
    shown: Shown | None = None
    status: FeedStatus | None = None

    def say(self, words: str, warn: bool = False) -> None:
        self.said.append(words)

    def tell(self, key: str, words: str) -> None:
        self.said.append(words)


def status(
    streams: Sequence[StreamInfo] = ALL,
    mode: Mode = Mode.REPLAY,
    state: str = "streaming",
    phase: Phase = Phase.RUNNING,
    note: str = "",
) -> FeedStatus:
    states = tuple(StreamStatus(s, s.fps, 0, state, note) for s in streams)
    return FeedStatus(mode, "made up", phase, streams=states)


def pixels(widget: QtWidgets.QWidget) -> np.ndarray:
    QtWidgets.QApplication.processEvents()
    return rgb_of(widget.grab().toImage())


def what(board: Board) -> list[str]:
    """What the tiles show."""
    return [tile.source.key for tile in board.grid.tiles]


def drag(qtbot: QtBot, tile: Tile, to: QtCore.QPoint, drop: bool = True) -> None:
    """By the head, to a place on the desktop."""
    head = tile.head
    start = QtCore.QPoint(30, head.height() // 2)
    qtbot.mousePress(head, Button.LeftButton, pos=start)
    here = head.mapFromGlobal(to)
    for at in (start + QtCore.QPoint(40, 4), here):
        event = QtGui.QMouseEvent(
            QtCore.QEvent.Type.MouseMove,
            QtCore.QPointF(at),
            QtCore.QPointF(head.mapToGlobal(at)),
            Button.NoButton,
            Button.LeftButton,
            NO_KEYS,
        )
        QtWidgets.QApplication.sendEvent(head, event)
    if drop:
        qtbot.mouseRelease(head, Button.LeftButton, pos=here)


def middle(tile: Tile) -> QtCore.QPoint:
    return tile.mapToGlobal(tile.rect().center())
