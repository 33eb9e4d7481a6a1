"""A second look: faces of the reference picture, read in the pictures of the rig's other cameras as well.

A head moves into another camera's picture as where a camera takes over (pipeline/steps/take_over.py): by the
calibration and its distance, measured or, without depth, as large as an average head looks. There it is cut out as that
camera's lens shows it, and read, judged and doubted as it is in the reference picture.

A look costs a crop of the landmark model. On one FrameSet there are at most ``looks`` in turn: each face is due in each
camera every ``every_s`` of device time, and whatever has waited for longest comes first; but faces of which a signal is
not known come before the others, which then wait for ``most_s`` at least. Beside them, cameras from which signals are
taken are read on every FrameSet, ``serving`` faces at most. A frame is read once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Frame, FrameFlag, FrameSet, Intrinsics, StreamKind
from pipeline.steps.crop import Crop, crop_at
from pipeline.steps.head_template import EYES_M
from pipeline.steps.register import View, gray_of
from pipeline.steps.take_over import distance_by_size, move_tracks
from pipeline.steps.track import Track

_SERVING, _OVERDUE, _WANTING, _IN_TURN = range(4)
"""Why a look is due; the first of them have their turn first."""
_UNFIT: Final = FrameFlag.STALE | FrameFlag.SHUTTER | FrameFlag.GENERATED


class SecondLookConfig(BaseModel):
    """How often faces are read in the rig's other cameras."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    looks: int = Field(
        1, ge=0, le=16, description="most faces that are read in turn in another camera on one FrameSet; 0: none ever"
    )
    serving: int = Field(
        3,
        ge=0,
        le=16,
        description="most faces that are read on one FrameSet, beside those, in the camera that signals are taken from",
    )
    every_s: float = Field(
        0.2,
        ge=0,
        le=60,
        description="device time until a face is read in the same camera again, where no signal is taken from there",
    )
    most_s: float = Field(
        1.0, ge=0, le=60, description="device time after which a face waits no longer for signals' wishes"
    )
    least_eyes_px: float = Field(
        8.0, ge=0, description="distance of the outer eye corners in the other picture, as if frontal; below it no look"
    )


@dataclass(frozen=True, slots=True, eq=False)
class Second:
    """One face to be read in another picture.

    Attributes:
        serial: of the track.
        view: the other picture, without depth.
        intrinsics: of it.
        track: the head as it lies there.
        crop: of it.
    """

    serial: int
    view: View
    intrinsics: Intrinsics
    track: Track
    crop: Crop


@dataclass(frozen=True, slots=True)
class _Last:
    """Of one face in one camera: when it was read there, and which frame."""

    device_ns: int
    frame: tuple[int, int]


class SecondLook:
    """Says for every FrameSet, in order, which faces are read in which other pictures."""

    def __init__(self, config: SecondLookConfig | None = None, region_mm: float = 320.0) -> None:
        """
        Args:
            region_mm: width of the papers' crop.
        """
        self._config = config or SecondLookConfig()
        self._region_mm = region_mm
        self._last: dict[tuple[int, str], _Last] = {}
        self._serving: Mapping[int, Collection[str]] = {}
        self._wanting: Collection[int] = ()
        self._was_wanted = False

    @property
    def is_on(self) -> bool:
        """Whether anything is ever read twice."""
        return self._config.looks > 0

    def reset(self) -> None:
        """Forget what was looked at."""
        self._last, self._serving, self._wanting, self._was_wanted = {}, {}, (), False

    def wish(self, serving: Mapping[int, Collection[str]], wanting: Collection[int]) -> None:
        """Take note of what the signals need on the FrameSets to come.

        Args:
            serving: of faces, by their number, the streams that signals are taken from.
            wanting: numbers of faces of which a signal is not known.
        """
        self._serving, self._wanting = serving, wanting

    def __call__(
        self, frame_set: FrameSet, view: View, intrinsics: Intrinsics, tracks: Sequence[Track]
    ) -> list[Second]:
        """What is to be read on this FrameSet beside the reference picture; at most ``looks`` + ``serving``.

        Args:
            view: the reference picture.
            intrinsics: of it, guessed where it has none.
            tracks: those of them that are faces may get a second look.
        """
        if not self.is_on or view.intrinsics is None:
            return []
        now = frame_set.device_ns
        faces = [track for track in tracks if track.is_face]
        known = {track.serial for track in faces}
        self._last = {key: last for key, last in self._last.items() if key[0] in known}
        left = {True: self._config.serving, False: self._config.looks}
        found: list[Second] = []
        for (why, *_), track, frame in sorted(self._due(now, faces, frame_set, view), key=lambda due: due[0]):
            serves = why == _SERVING
            if left[serves] == 0:
                continue
            # What cannot be looked at waits for its next turn as well: it is not reckoned anew on every FrameSet.
            self._last[track.serial, frame.stream] = _Last(now, (frame.number, frame.device_ns))
            second = self._second(track, view, intrinsics, frame)
            if second is not None:
                found.append(second)
                left[serves] -= 1
                self._was_wanted = why == _WANTING if not serves else self._was_wanted
        return found

    def _due(
        self, now: int, faces: Sequence[Track], frame_set: FrameSet, view: View
    ) -> Iterator[tuple[tuple[int, int, int, int], Track, Frame]]:
        """Faces and frames whose time has come, and what says whose turn is first."""
        every_ns, most_ns = round(self._config.every_s * 1e9), round(self._config.most_s * 1e9)
        for place, frame in enumerate(frame_set.frames.values()):
            if frame.stream == view.stream or frame.kind is StreamKind.DEPTH or frame.flags & _UNFIT:
                continue
            if frame.info.intrinsics is None or not view.related(view.frame.info, frame.info):
                continue
            for track in faces:
                last = self._last.get((track.serial, frame.stream))
                if last is not None and last.frame == (frame.number, frame.device_ns):
                    continue
                # A clock that leapt back lets nobody wait.
                waited = most_ns if last is None or now < last.device_ns else now - last.device_ns
                serves = frame.stream in self._serving.get(track.id, ())
                if not serves and waited < every_ns:
                    continue
                if serves:
                    why = _SERVING
                elif waited >= most_ns and self._was_wanted:
                    why = _OVERDUE
                else:
                    why = _WANTING if track.id in self._wanting else _IN_TURN
                yield (why, -waited, track.serial, place), track, frame

    def _second(self, track: Track, view: View, intrinsics: Intrinsics, frame: Frame) -> Second | None:
        """The head in that picture; None where it is not there or too small."""
        lens = frame.info.intrinsics
        assert lens is not None
        known = track
        if track.distance_mm is None:
            known = replace(track, distance_mm=distance_by_size(track, intrinsics, self._region_mm))
        moved = move_tracks([known], view.frame.info, frame.info, view.related)
        if not moved:
            return None
        (there,) = moved
        assert there.distance_mm is not None
        if EYES_M * 1000.0 * lens.fx / there.distance_mm < self._config.least_eyes_px:
            return None
        crop = Crop(crop_at(there.center_px, there.distance_mm, lens, self._region_mm))
        gray = None if frame.kind is StreamKind.COLOR else gray_of(frame)  # of a colour frame the crop alone is needed
        other = View(frame, gray, None, lens, related=view.related)
        return Second(track.serial, other, lens, replace(there, by_depth=False), crop)
