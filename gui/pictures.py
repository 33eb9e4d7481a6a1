"""The pictures: one stream large, the others beside it, with what was seen painted on them."""

from __future__ import annotations

from dataclasses import fields, replace

from drivers.frame import Frame, StreamKind
from drivers.host_clock import now_ns
from gui import theme
from gui.feed import FeedStatus, Mode, Phase, Shown
from gui.qt import QtCore, QtWidgets, Signal
from gui.tile import StreamTile, TileColumn
from pipeline.colormap import DEFAULT_PALETTES, RangeFollower
from pipeline.overlay import OverlayOptions, draw_plan
from pipeline.panel import main_frame

STALE_S = 1.0
"""A live picture older than this (and than five frame times) is greyed and says so."""

DEPTH_PALETTES = ("viridis", "turbo", "inferno", "cividis", "white hot")


class Pictures(QtCore.QObject):
    """Two widgets, ``large`` and ``small``, and what the actions do to them."""

    rearranged = Signal(int)
    """So many small pictures now."""

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self._mode = mode
        self._options = OverlayOptions()
        self.ranges = RangeFollower()
        self._palettes = dict(DEFAULT_PALETTES)
        self.tiles: dict[str, StreamTile] = {}
        self._newest: dict[str, Frame] = {}
        self._shown: Shown | None = None
        self.main = ""
        self.large = QtWidgets.QWidget()
        self._large = QtWidgets.QVBoxLayout(self.large)
        self._large.setContentsMargins(0, 0, 0, 0)
        self.waiting = QtWidgets.QLabel("opening …")
        self.waiting.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.waiting.setProperty("tone", "dim")
        theme.sized(self.waiting, theme.BASE_PT + 6)
        self._large.addWidget(self.waiting)
        self.small = TileColumn()

    def show(self, shown: Shown) -> None:
        """A result."""
        self._shown = shown
        self.waiting.hide()
        frames = shown.frame_set.frames
        if not self.tiles or any(name not in self.tiles for name in frames):
            self._make_tiles(shown)
        for name, frame in frames.items():
            self._newest[name] = frame
            self._draw_tile(frame)
        self._draw_overlay()

    def show_ages(self, status: FeedStatus | None) -> None:
        """Grey what is old, and say how old."""
        for name, frame in self._newest.items():
            tile = self.tiles.get(name)
            if tile is not None:
                tile.show_age(self._age_words(frame, status))

    def all_old(self, status: FeedStatus | None) -> bool:
        """Whether nothing on the screen is new: what was said of old pictures is old, too."""
        return bool(self._newest) and all(self._age_words(f, status) for f in self._newest.values())

    def set_overlay(self, key: str, on: bool) -> None:
        """Switch a part of the overlay; the action's key is the option's name."""
        if key in {f.name for f in fields(OverlayOptions)}:
            self._options = replace(self._options, **{key: on})
            self._redraw()

    def set_range_lock(self, _key: str, on: bool) -> None:
        for name in self.tiles:
            if on:
                self.ranges.lock(name)
            else:
                self.ranges.unlock(name)
        self._redraw()

    def next_palette(self) -> None:
        """Depth in the next palette."""
        now = DEPTH_PALETTES.index(self._palettes[StreamKind.DEPTH])
        self._palettes[StreamKind.DEPTH] = DEPTH_PALETTES[(now + 1) % len(DEPTH_PALETTES)]
        self._redraw()

    def next_main(self) -> None:
        """The next stream large."""
        names = list(self.tiles)
        if names:
            self._show_large(names[(names.index(self.main) + 1) % len(names)])

    def _make_tiles(self, shown: Shown) -> None:
        """A tile for every stream of the rig, known or not yet seen; the large one first."""
        for name in [*shown.frame_set.frames, *shown.frame_set.missing]:
            if name not in self.tiles:
                self.tiles[name] = StreamTile(name)
                self.tiles[name].chosen.connect(self._show_large)
        self._show_large(self.main or main_frame(shown.frame_set, shown.observation).stream)

    def _show_large(self, stream: str) -> None:
        self.main = stream
        self._large.addWidget(self.tiles[stream])
        small = [tile for name, tile in self.tiles.items() if name != stream]
        self.small.set_tiles(small)
        self.rearranged.emit(len(small))

    def _draw_tile(self, frame: Frame) -> None:
        counts = None if frame.kind is StreamKind.COLOR else self.ranges.follow(frame)
        self.tiles[frame.stream].show_frame(frame, counts, self._palettes.get(frame.kind))

    def _draw_overlay(self) -> None:
        if self._shown is None:
            return
        plan = draw_plan(self._shown.frame_set, self._shown.observation, self._options)
        for tile in self.tiles.values():
            tile.show_overlay(plan)

    def _redraw(self) -> None:
        for frame in self._newest.values():
            self._draw_tile(frame)
        self._draw_overlay()

    def _age_words(self, frame: Frame, status: FeedStatus | None) -> str:
        """Why a picture is old, or nothing. Live: by our clock. Replay: against the instant that is shown."""
        limit = max(STALE_S, 5.0 / frame.info.fps if frame.info.fps > 0 else 0.0)
        if self._mode is Mode.LIVE:
            age = (now_ns() - frame.host_ns) / 1e9
            ended = status is not None and status.phase is Phase.ENDED
            return f"{'ENDED' if ended else 'STALE'} {age:.0f} s" if age > limit else ""
        if self._shown is None:
            return ""
        age = abs(self._shown.frame_set.device_ns - frame.device_ns) / 1e9
        return f"STALE {age:.1f} s" if age > limit else ""
