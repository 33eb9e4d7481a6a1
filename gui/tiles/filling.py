"""Fills tiles: gives each what it shows, from the newest frames and results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from drivers.frame import Frame, StreamKind
from drivers.host_clock import now_ns
from gui.feed import FeedStatus, Mode, Shown, StreamStatus
from gui.looks.looks import Looks
from gui.status.tile_words import HeadWords, head_words
from gui.tiles.board_tile import Tile
from gui.tiles.face_pictures import THERMAL, face_picture, why_none
from gui.tiles.freshness import NoPicture, no_frame
from gui.tiles.plans import Plans
from gui.tiles.tile_scenes import FaceScene, FrameScene, Shades, face_scene, frame_scene
from gui.words import tr
from pipeline.primitives import Primitive
from recordings.observation import Face

_LARGEST_FACE = 512  # px; a face's picture that is shown larger is enlarged


class Filling:
    """What is known of the streams and faces, for all tiles.

    Attributes:
        known: names of the streams, in the order in which they came.
        newest: the last frame of each, with the result that it came in.
        marks: gives what else is painted over a frame: spots and areas, say.
    """

    def __init__(self, mode: Mode, looks: Looks) -> None:
        self._mode = mode
        self.plans = Plans()
        self.looks = looks
        self.marks: Callable[[Frame], Sequence[Primitive]] | None = None
        self.known: list[str] = []
        self.newest: dict[str, tuple[Frame, Shown]] = {}
        self.shown: Shown | None = None
        self.status: FeedStatus | None = None
        self.states: dict[str, StreamStatus] = {}

    def take(self, shown: Shown) -> None:
        """A new result."""
        self.shown = shown
        for name, frame in shown.frame_set.frames.items():
            self.newest[name] = (frame, shown)
        self.plans.begin(shown)

    def take_status(self, status: FeedStatus) -> None:
        """The state of the streams."""
        self.status = status
        self.states = {s.info.name: s for s in status.streams}

    def all_old(self) -> bool:
        """Whether nothing that came is new."""
        return bool(self.newest) and all(self.truth(frame).is_old for frame, _ in self.newest.values())

    def draw(self, tile: Tile) -> None:
        """Give a tile what it shows."""
        if tile.source.is_face:
            if self.shown is not None:
                self.draw_face(tile, self.shown)
        elif tile.source.stream:
            self.draw_stream(tile)
            self.tell_of(tile)

    def draw_stream(self, tile: Tile) -> None:
        """The newest frame of its stream, with what was seen in that."""
        stream = tile.source.stream
        kept = self.newest.get(stream)
        if kept is None:
            state = self.states.get(stream)
            tile.show_nothing(no_frame(stream, {*self.known, *self.states}, self.status, state))
            return
        frame, shown = kept
        own = dict(tile.place.overlay)
        tile.order(lambda: self._frame_scene(frame, shown, own), (frame.info.width, frame.info.height))

    def _frame_scene(self, frame: Frame, shown: Shown, own: Mapping[str, bool]) -> FrameScene:
        """In whatever thread makes pictures.

        Args:
            own: a tile's own switches of the overlay.
        """
        looks = self.looks
        counts = looks.counts(frame)
        shades = Shades(counts, looks.look(frame.info), looks.scale(frame.info), looks.temperatures)
        plan = self.plans.of(shown, frame.stream, own, looks.temperatures)
        marks = self.marks(frame) if self.marks is not None else ()
        return frame_scene(frame, shades, [*plan, *marks] if marks else plan)

    def draw_face(self, tile: Tile, shown: Shown) -> None:
        """The picture of its face in a result, or that it is not there."""
        face = tile.watch.find(shown)
        if face is None:
            tile.show_nothing(NoPicture(tile.watch.absent_words(shown), tr("NO FACE")))
            return
        name = tr("Nearest face: {id}", id=face.id) if tile.source.face is None else tr("Face {id}", id=face.id)
        ratio = tile.devicePixelRatioF()
        size = min(max(int(min(tile.canvas.width(), tile.canvas.height()) * ratio), 56), _LARGEST_FACE)
        kind = tile.source.picture
        tile.order(lambda: self._face_scene(kind, shown, face, size, name), (size, size))

    def _face_scene(self, kind: str, shown: Shown, face: Face, size: int, name: str) -> FaceScene | NoPicture:
        """In whatever thread makes pictures."""
        frames = shown.frame_set
        cut_from = frames.first(StreamKind.THERMAL) if kind == THERMAL else frames.frames.get(face.stream)
        look = counts = None
        if cut_from is not None:
            look, counts = self.looks.look(cut_from.info), self.looks.counts(cut_from)
        rgb = face_picture(kind, shown, face, size, look, counts)
        if rgb is None:
            return NoPicture(f"{name}\n{why_none(kind, shown, face)}", tr("NO PICTURE"))
        # Whatever it was made from: with a frame it grows old, and says so.
        home = cut_from or next(iter(frames.frames.values()))
        return face_scene(rgb, home, name, look is not None and look.red)

    def tell_of(self, tile: Tile, with_numbers: bool = False) -> None:
        """Tell a tile how true its picture is, and with what numbers."""
        frame = tile.frame_shown
        if frame is not None:
            tile.show_truth(self.truth(frame), with_numbers)

    def truth(self, frame: Frame) -> HeadWords:
        """What is to be thought of a frame now."""
        replayed = self._mode is Mode.REPLAY and self.shown is not None
        now = self.shown.frame_set.host_ns if replayed and self.shown is not None else now_ns()
        return head_words(self.states.get(frame.stream), frame, now, self._mode)
