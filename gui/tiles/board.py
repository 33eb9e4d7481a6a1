"""The board: the pictures in tiles, each showing a stream or a face, in the window and in windows of their own.

Which tiles there are stands in board_layout.py, what a tile paints in board_tile.py, where it stands in grid.py.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from drivers.frame import Frame
from drivers.host_clock import now_ns
from gui.feed import FeedStatus, Mode, Shown
from gui.looks.looks import Looks
from gui.part import Desk
from gui.qt import Signal
from gui.tiles.board_layout import BoardLayout
from gui.tiles.board_tile import Tile
from gui.tiles.grounds import Grounds
from gui.tiles.paint_watch import PaintWatch, Screen
from gui.tiles.picture_worker import DEADLINE_S, Pictures
from gui.tiles.titles import title_of
from pipeline.overlay import SWITCHES
from pipeline.primitives import Primitive

log = logging.getLogger(__name__)


class Board(BoardLayout):
    """Everything between the menus and the status line, left of the faces."""

    painted = Signal(object)
    """A new frame (:class:`drivers.frame.Frame`) is on the screen: its paint event has ended."""

    unpainted = Signal(str)
    """A picture of this stream could not be painted."""

    def __init__(self, desk: Desk) -> None:
        # A replay paints at once: what a step shows does not depend on how fast anything is.
        self.worker = Pictures() if desk.mode is Mode.LIVE else None
        """Makes the pictures of a live window."""
        self.grounds: Grounds | None = None
        """Makes the grounds of pictures ahead, in a live window."""
        if self.worker is not None:
            worker = self.worker
            self.grounds = Grounds(lambda: self._filling.looks, worker.prepare, lambda: worker.has_orders)
        self._paints = PaintWatch()
        self.screen = Screen()
        """As it was when it was looked at last."""
        super().__init__(desk)
        self.looks.watch(self._look_changed)

    def ready(self) -> None:
        for key in SWITCHES:
            action = self.desk.actions.get(key)
            if action is not None:
                self._filling.plans.set_switch(key, action.isChecked())
        self._say_problem()

    def close(self) -> None:
        """The window goes, and the tiles' own windows with it."""
        if self._closed:
            return
        super().close()
        if self.worker is not None and not self.worker.close():
            log.error("a picture is still being made after %g s", DEADLINE_S)

    # -- what is told -------------------------------------------------------------------------------------------

    def show_result(self, shown: Shown) -> None:
        """A new result: the tiles of its streams and faces are painted anew, and no others."""
        self._filling.take(shown)
        frames, now = shown.frame_set.frames, now_ns()
        for name in frames:
            self._paints.came(name, now)
        new = [name for name in (*frames, *shown.frame_set.missing) if name not in self._filling.known]
        if new or self._layout is None:
            self._learn(new, shown)
        for tile in self._all_tiles():
            if tile.source.is_face:
                self._filling.draw_face(tile, shown)
            elif tile.source.stream in frames:
                self._filling.draw_stream(tile)
            if self.worker is None or tile.source.stream not in frames:
                self._filling.tell_of(tile)  # of a picture that is on its way it is told when it comes

    show = show_result

    def show_status(self, status: FeedStatus) -> None:
        """How old everything is."""
        self._filling.take_status(status)
        if self._layout is None:
            return
        late = [s.info.name for s in status.streams if s.info.name not in self._filling.known]
        if late:
            self._learn(late, self._filling.shown)
        for tile in self._all_tiles():
            self._filling.tell_of(tile, True)
            if tile.canvas.content is None and tile.source.stream:
                self._filling.draw_stream(tile)
            frame = tile.frame_shown
            state = self._filling.states.get(frame.stream if frame is not None else tile.source.stream)
            tile.head.show_tip("" if state is None else "\n".join(filter(None, (state.note, state.facts))))

    def show_ages(self, status: FeedStatus | None) -> None:
        """As :meth:`show_status`."""
        if status is not None:
            self.show_status(status)

    def all_old(self, status: FeedStatus | None) -> bool:
        """Whether nothing that came is new: what was said of old pictures is old, too."""
        if status is not None:
            self._filling.take_status(status)
        return self._filling.all_old()

    def look_at_screen(self, now_ns: int, old_s: float) -> Screen:
        """What of the streams has reached the screen of a live window; asked a few times a second, by one.

        Args:
            old_s: from when on a picture that came and is not painted waits too long.
        """
        if self.worker is not None:
            tiles = [tile for tile in self._all_tiles() if tile.is_on_screen]
            seen = dict.fromkeys(tile.source.stream for tile in tiles if tile.source.stream)
            failing = {title_of(tile.source): tile.failure for tile in tiles if tile.failure}
            self.screen = self._paints.look(seen, failing, now_ns, old_s)
        return self.screen

    def newest_ns(self, shown: Shown) -> int | None:
        """When the newest frame that is painted reached us; None where none is."""
        seen = {t.source.stream for t in self._all_tiles() if t.source.stream and t.is_on_screen}
        return self._paints.newest_ns(seen) if seen and self.worker is not None else shown.frame_set.host_ns

    # -- how it looks -------------------------------------------------------------------------------------------

    def set_overlay(self, key: str, on: bool) -> None:
        """Switch a part of the overlay; the action's key is the option's name."""
        self._filling.plans.set_switch(key, on)
        self.redraw()

    @property
    def looks(self) -> Looks:
        """How streams are shown."""
        return self._filling.looks

    @property
    def marks(self) -> Callable[[Frame], Sequence[Primitive]] | None:
        """Gives what else is painted over a frame: spots and areas, say."""
        return self._filling.marks

    @marks.setter
    def marks(self, marks: Callable[[Frame], Sequence[Primitive]] | None) -> None:
        self._filling.marks = marks

    def use_looks(self, looks: Looks) -> None:
        """Show streams as these say, and whenever they say something else."""
        self._filling.looks = looks
        looks.watch(self._look_changed)
        self.redraw()

    def set_range_lock(self, _key: str, on: bool) -> None:
        """Keep the ranges of all streams."""
        for frame, _ in self._filling.newest.values():
            self.looks.lock(frame.info, on)

    def redraw(self) -> None:
        """Paint everything anew: looks or switches are other ones."""
        self._filling.plans.forget()
        for tile in self._all_tiles():
            self._filling.draw(tile)

    def _tile_made(self, tile: Tile) -> None:
        if self.worker is not None:
            tile.canvas.use(self.worker)
        if self.grounds is not None:
            self.grounds.add(tile.canvas.ground)
        tile.painted.connect(lambda t=tile: self._tile_painted(t))
        tile.arrived.connect(lambda t=tile: self._tile_arrived(t))
        tile.bar.range_asked.connect(lambda low, high, t=tile: self._set_range(t, low, high))
        tile.bar.lock_asked.connect(lambda on, t=tile: self._lock(t, on))
        super()._tile_made(tile)

    def _tile_painted(self, tile: Tile) -> None:
        if tile.frame_shown is not None and tile.source.stream:
            self._paints.painted(tile.frame_shown)
            self.painted.emit(tile.frame_shown)

    def _tile_arrived(self, tile: Tile) -> None:
        self._filling.tell_of(tile)
        if tile.failure and tile.is_on_screen:
            self._paints.failed(title_of(tile.source), tile.failure)
            if tile.source.stream:
                self.unpainted.emit(tile.source.stream)

    def _look_changed(self, stream: str) -> None:
        """Of one stream, or of all."""
        for tile in self._all_tiles():
            if not stream or tile.source.is_face or tile.source.stream == stream:
                self._filling.draw(tile)

    def _set_range(self, tile: Tile, low: float, high: float) -> None:
        if tile.frame_shown is not None:
            self.looks.set_range(tile.frame_shown.info, low, high)

    def _lock(self, tile: Tile, on: bool) -> None:
        if tile.frame_shown is not None:
            self.looks.lock(tile.frame_shown.info, on)
