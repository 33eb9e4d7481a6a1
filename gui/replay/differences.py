"""The recorded observations beside those computed now: what differs, FrameSet by FrameSet. No Qt here."""

from __future__ import annotations

import enum
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.compare_observations import Comparison
from recordings.errors import RecordingError
from recordings.observation import Face, Observation

SAME_FACE = 0.3
"""Boxes that overlap by this share or more are of one face."""

COLUMNS = ("distance", "yaw", "pitch", "roll", "eye_right", "eye_left", "points")
"""What is told of a face; ``points`` is the root mean square distance of the landmarks in px."""

UNITS = dict(zip(COLUMNS, ("m", "deg", "deg", "deg", "openness", "openness", "px"), strict=True))


class Verdict(enum.IntEnum):
    """What comparing a FrameSet gave."""

    NOT_YET = 0
    NOT_PROCESSED = 1  # by the recorded run
    NOT_STORED = 2  # it was processed, but its observation is not in the session
    EQUAL = 3  # to the last byte
    WITHIN = 4  # the tolerances
    ELSEWHERE = 5  # beyond them, where tracking began elsewhere
    BEYOND = 6


@dataclass(frozen=True, slots=True)
class FaceDifference:
    """A face then and now; ``then`` or ``now`` is None for one that only the other has."""

    then: Face | None
    now: Face | None

    def values(self) -> dict[str, tuple[float | None, float | None]]:
        """Column -> value then and now; of ``points``, only the distance, as the latter."""
        pairs = {name: (_value(self.then, name), _value(self.now, name)) for name in COLUMNS[:-1]}
        return pairs | {"points": (None, self.points_px())}

    def points_px(self) -> float | None:
        """Root mean square distance of the landmarks; None where one has none."""
        then, now = self.then, self.now
        if then is None or now is None or then.landmarks is None or now.landmarks is None:
            return None
        apart = then.landmarks.points.astype(np.float64) - now.landmarks.points
        return float(np.sqrt((apart**2).sum(axis=1).mean()))

    def apart(self) -> dict[str, float]:
        """Column -> how far both lie apart, of those that both know."""
        out = {}
        for name, (then, now) in self.values().items():
            if name == "points":
                if now is not None:
                    out[name] = now
            elif then is not None and now is not None:
                d = abs(now - then)
                out[name] = min(d % 360.0, 360.0 - d % 360.0) if UNITS[name] == "deg" else d
        return out


@dataclass(frozen=True, slots=True)
class FrameDifference:
    """One FrameSet compared.

    Attributes:
        words: the first difference beyond the tolerances; '' when there is none.
    """

    position: int
    verdict: Verdict
    faces: tuple[FaceDifference, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was compared between two positions.

    Attributes:
        compared, equal, within, elsewhere, beyond: how many.
        largest: column -> the largest difference.
        gained, lost: faces that only the one or the other has, summed over the FrameSets.
        processed: FrameSets that the recorded run processed, of ``count``.
    """

    compared: int = 0
    equal: int = 0
    within: int = 0
    elsewhere: int = 0
    beyond: int = 0
    gained: int = 0
    lost: int = 0


class Differences:
    """Of one session; one thread compares, another one reads.

    Args:
        count: positions of the recording.
    """

    def __init__(self, count: int) -> None:
        self.verdicts: NDArray[np.uint8] = np.zeros(count, np.uint8)
        self._apart = {name: np.full(count, np.nan, np.float32) for name in COLUMNS}
        self._gained, self._lost = np.zeros(count, np.uint8), np.zeros(count, np.uint8)
        self._whole = np.zeros(count, np.bool_)
        self.version = 0

    def not_processed(self, position: int) -> FrameDifference:
        """Nothing was computed there then."""
        return self._keep(FrameDifference(position, Verdict.NOT_PROCESSED))

    def compare(self, position: int, stored: bytes | None, now: Observation, is_elsewhere: bool) -> FrameDifference:
        """Compare a FrameSet.

        Args:
            stored: its recorded observation; None when it is not there, or cannot be read.
            is_elsewhere: tracking began at another FrameSet than then: ids are no difference.
        """
        then = None if stored is None else _observation(stored)
        if stored is None or then is None:
            return self._keep(FrameDifference(position, Verdict.NOT_STORED))
        if is_elsewhere and self._whole[position]:
            keep = self._pass  # what a run from the beginning found says more
        else:
            keep, self._whole[position] = self._keep, not is_elsewhere
        faces = match(then, now)
        computed = now.to_bytes()
        if computed == stored:
            return keep(FrameDifference(position, Verdict.EQUAL, faces))
        comparison = Comparison("tolerances")
        if is_elsewhere:
            computed = _with_ids_of(now, faces).to_bytes()
        comparison.add(then.frame_set, stored, computed)
        if not comparison.different:
            return keep(FrameDifference(position, Verdict.WITHIN, faces))
        verdict = Verdict.ELSEWHERE if is_elsewhere else Verdict.BEYOND
        return keep(FrameDifference(position, verdict, faces, comparison.first.partition(": ")[2]))

    def next(self, position: int) -> int | None:
        """The next position that differs beyond the tolerances, of those that were compared."""
        found = np.flatnonzero(self.verdicts[position + 1 :] >= Verdict.ELSEWHERE)
        return position + 1 + int(found[0]) if len(found) else None

    def previous(self, position: int) -> int | None:
        """The last one before a position."""
        found = np.flatnonzero(self.verdicts[: max(position, 0)] >= Verdict.ELSEWHERE)
        return int(found[-1]) if len(found) else None

    def summary(self, part: tuple[int, int] | None = None) -> Summary:
        """Over a part, both ends included, or over all."""
        of = slice(None) if part is None else slice(part[0], part[1] + 1)
        counts = np.bincount(self.verdicts[of], minlength=len(Verdict))
        equal, within, elsewhere, beyond = (int(n) for n in counts[Verdict.EQUAL :])
        return Summary(
            equal + within + elsewhere + beyond,
            equal,
            within,
            elsewhere,
            beyond,
            int(self._gained[of].sum()),
            int(self._lost[of].sum()),
        )

    def largest(self, part: tuple[int, int] | None = None) -> dict[str, float]:
        """Column -> the largest difference over a part, or over all; only of what was compared."""
        of = slice(None) if part is None else slice(part[0], part[1] + 1)
        found = {name: float(np.fmax.reduce(a[of], initial=np.nan)) for name, a in self._apart.items()}
        return {name: value for name, value in found.items() if not math.isnan(value)}

    def _pass(self, found: FrameDifference) -> FrameDifference:
        self.version += 1
        return found

    def _keep(self, found: FrameDifference) -> FrameDifference:
        at = found.position
        for name, array in self._apart.items():
            apart = [a[name] for f in found.faces if name in (a := f.apart())]
            array[at] = max(apart) if apart else np.nan
        self._gained[at] = min(sum(f.then is None for f in found.faces), 255)
        self._lost[at] = min(sum(f.now is None for f in found.faces), 255)
        self.verdicts[at] = found.verdict
        self.version += 1
        return found


def match(then: Observation, now: Observation) -> tuple[FaceDifference, ...]:
    """Faces of both that are one: by their boxes, the best overlap first."""
    pairs = sorted(
        (
            (a.box.overlap(b.box), i, j)
            for i, a in enumerate(then.faces)
            for j, b in enumerate(now.faces)
            if a.stream == b.stream
        ),
        reverse=True,
    )
    found: dict[int, int] = {}
    for overlap, i, j in pairs:
        if overlap >= SAME_FACE and i not in found and j not in found.values():
            found[i] = j
    out = [FaceDifference(face, now.faces[found[i]] if i in found else None) for i, face in enumerate(then.faces)]
    return (*out, *(FaceDifference(None, f) for j, f in enumerate(now.faces) if j not in found.values()))


def _value(face: Face | None, name: str) -> float | None:
    if face is None:
        return None
    if name == "distance":
        return face.distance_m
    if name.startswith("eye_"):
        return None if face.eyes is None else getattr(face.eyes, name.removeprefix("eye_"))
    return None if face.pose is None else getattr(face.pose, f"{name}_deg")


def _with_ids_of(now: Observation, faces: tuple[FaceDifference, ...]) -> Observation:
    """The same faces under the ids that they had then, in their order then."""
    there = [replace(f.now, id=f.now.id if f.then is None else f.then.id) for f in faces if f.now is not None]
    return Observation(now.frame_set, now.device_ns, now.host_ns, now.skew_ns, now.frames, tuple(there), now.status)


def _observation(stored: bytes) -> Observation | None:
    """A stored one that can be read."""
    try:
        data = json.loads(stored)
        return Observation.from_json(data) if isinstance(data, Mapping) else None
    except (RecordingError, ValueError):
        return None
