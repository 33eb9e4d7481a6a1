"""Pictures are coloured and enlarged before anybody knows what is to be painted over them: while the models compute.

What is made ahead is the ground of a tile's picture, for a frame that will be shown there, seen as the last picture of
the tile was. If nothing has changed when the frame is shown, only the overlay is left to be painted; otherwise it is
made anew, and nothing but time is lost. No widget is touched.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.frame import Frame, FrameSet
from gui.looks.looks import Looks
from gui.qt import QtGui
from gui.tiles.rendering import Content, FrameContent
from gui.tiles.scene import Sight, paint_ground

_UNSEEN: Final = 3
"""Grounds that are made for a tile that shows none of them: it is hidden, or empty."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    content: FrameContent
    sight: Sight
    image: QtGui.QImage


class Ground:
    """Of one tile. Only the thread that makes pictures calls it."""

    def __init__(self) -> None:
        self._seen: tuple[str, Sight] | None = None
        self._unseen = 0
        # The newest two: a FrameSet may be foretold before the pictures of the one before are made.
        self._ready: deque[_Ready] = deque(maxlen=2)

    def seen(self, content: Content, sight: Sight) -> None:
        """The tile shows this, seen like this."""
        self._seen = (content.frame.stream, sight) if isinstance(content, FrameContent) else None
        self._unseen = 0

    def make(self, frames: FrameSet, looks: Looks) -> None:
        """Make what the tile will show of a FrameSet; nothing where it shows none of its streams, or is not seen."""
        self._unseen += 1
        if self._unseen > _UNSEEN:
            self._ready.clear()
            return
        frame = self._frame_of(frames)
        if frame is None or self._seen is None:
            return
        sight = self._seen[1]
        content = FrameContent(frame, looks.counts(frame), looks.look(frame.info))
        self._ready.append(_Ready(content, sight, paint_ground(content, sight, content.look.red)))

    def take(self, content: Content, sight: Sight) -> QtGui.QImage | None:
        """The image that was made for just this, which is the caller's now; else None."""
        if not isinstance(content, FrameContent):
            return None
        for ready in self._ready:
            made = ready.content
            if made.frame is content.frame:
                self._ready.remove(ready)
                same = made.counts == content.counts and made.look == content.look and ready.sight == sight
                return ready.image if same else None
        return None

    def _frame_of(self, frames: FrameSet) -> Frame | None:
        """The frame that the tile will show; None also where it is of another size than the last one."""
        if self._seen is None:
            return None
        stream, sight = self._seen
        frame = frames.frames.get(stream)
        if frame is None:
            return None
        x, y, w, h = sight.seen
        return frame if x + w <= frame.info.width and y + h <= frame.info.height else None


class Grounds:
    """Of all tiles of a window. Any thread may call it.

    Args:
        looks: how streams are shown.
        prepare: has something made in the thread that makes pictures, when that has nothing else to do.
        is_busy: whether that thread has something else to do; asked there.
    """

    def __init__(
        self, looks: Callable[[], Looks], prepare: Callable[[Callable[[], None]], None], is_busy: Callable[[], bool]
    ) -> None:
        self._looks, self._prepare, self._is_busy = looks, prepare, is_busy
        self._lock = threading.Lock()
        self._of_tiles: weakref.WeakSet[Ground] = weakref.WeakSet()

    def add(self, ground: Ground) -> None:
        """One more tile, until it goes."""
        with self._lock:
            self._of_tiles.add(ground)

    def foretell(self, frames: FrameSet) -> None:
        """What is said of these frames will be there soon. Returns at once."""
        self._prepare(lambda: self._make(frames))

    def _make(self, frames: FrameSet) -> None:
        with self._lock:
            of_tiles = list(self._of_tiles)
        for ground in of_tiles:
            if self._is_busy():  # pictures that somebody waits for come first
                return
            ground.make(frames, self._looks())
