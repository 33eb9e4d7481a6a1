"""Tracks: which face of this frame is which of the last one, and whether it is a face at all.

Every candidate for a head becomes a track. Evidence (the landmark model's presence, or a Haar hit) makes it a face,
and lets it go again with hysteresis: a head that turns its back keeps its track and its number, but is no face until
it turns round. A constant-velocity prediction carries a track over a few frames in which nothing was found there;
such a track is not reported. Everything here is decided in a fixed order, so that the same input gives the same tracks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Intrinsics
from pipeline.steps.find import Called, Detection
from pipeline.steps.haar import Look
from pipeline.steps.heads import HEAD_WIDTH_MM
from recordings.observation import Box

Point = tuple[float, float]

BEHIND_MM = 400.0
"""Heads farther apart than this along the line of sight are two heads, wherever they are in the picture."""


class TrackConfig(BaseModel):
    """How detections become tracks, and tracks faces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match_m: float = Field(0.25, gt=0, description="farthest that a head moves between FrameSets")
    match_widths: float = Field(0.8, gt=0, description="the same without depth, in widths of the face")
    face_above: float = Field(0.72, ge=0, le=1, description="evidence that makes a track a face")
    face_below: float = Field(0.4, ge=0, le=1, description="evidence that ends it being one")
    rise: float = Field(0.75, gt=0, le=1, description="weight of a look that shows more of a face than before")
    fall: float = Field(0.5, gt=0, le=1, description="weight of a look that shows less")
    haar_evidence: float = Field(0.9, ge=0, le=1, description="evidence of a Haar hit in the middle of a head")
    no_head: float = Field(
        0.6, ge=0, le=1, description="evidence is taken times this when no head pose fits the landmarks"
    )
    thermal_trust: float = Field(
        0.8, ge=0, le=1, description="evidence is taken times this when a thermal image is all there is"
    )
    depth_trust: float = Field(
        0.8,
        ge=0,
        le=1,
        description="evidence is taken times this when depth shows a face that the picture beside it did not show",
    )
    glance: int = Field(
        5,
        ge=2,
        le=100,
        description="a face that is read from depth beside a picture is read in the picture as well at every n-th look",
    )
    cut_trust: float = Field(
        0.6, ge=0, le=1, description="evidence is taken times this where the border cuts much of the face off"
    )
    looks: int = Field(3, ge=1, le=64, description="most heads that are no faces so far to look at in a FrameSet")
    first_looks: int = Field(8, ge=1, le=64, description="most new heads to look at in a FrameSet")
    hopeless: float = Field(0.2, ge=0, le=1, description="heads with less evidence are looked at now and then only")
    rest: int = Field(3, ge=1, le=60, description="that is, at every n-th FrameSet")
    patience: int = Field(4, ge=1, le=100, description="looks without hope after which a head rests for longer")
    longest_rest: int = Field(
        12,
        ge=1,
        le=240,
        description="it rests twice as long after each look then, for so many FrameSets at most; less where the model "
        "FaceFinder sees a face there",
    )
    coast: int = Field(60, ge=0, le=300, description="FrameSets that a track outlives without a detection, at most")
    coast_s: float = Field(
        2.5, ge=0, le=60, description="and seconds: a slow camera's number must not wait for the next person"
    )
    hidden_s: float = Field(
        2.5,
        ge=0,
        le=60,
        description="seconds in which a new track takes the number of a face that was lost at that very place",
    )
    distance_s: float = Field(
        0.5, ge=0, le=60, description="seconds after which a distance that was not measured again is no longer used"
    )
    max_tracks: int = Field(16, ge=1, le=64, description="most heads followed at a time")
    velocity_gain: float = Field(0.5, ge=0, le=1, description="weight of this frame's motion in the velocity")


@dataclass(slots=True, eq=False)
class Track:
    """One head through time.

    Attributes:
        serial: order of birth, from 0.
        center_px: the head centre in px of the stream.
        box: round the face, px.
        region_px: width of the papers' crop, px; used where depth does not say it.
        distance_mm: of the surface at the head centre; None where depth has not shown it lately.
        distance_ns: the instant when it was measured.
        id: from 1, given when it first became a face; 0 until then.
        evidence: 0..1 that it is a face and not the back of a head; None before the first look.
        is_face: evidence with hysteresis.
        measured: something in this FrameSet showed where it is.
        missed: FrameSets since then.
        measured_ns: the instant when something last showed it; None before the first FrameSet ends.
        unlooked: FrameSets since somebody looked whether it is a face.
        hopeless: looks in a row that left no hope that it is one.
        is_called: FaceFinder saw a face there in this FrameSet.
        look: the Haar cascade that saw it last.
        by_depth: the landmark model reads its depth rather than its picture.
        depth_looks: looks in a row at depth beside a picture that could have been read.
        velocity_px: motion a FrameSet.
        found_px: where this FrameSet's detection had its centre; None without one.
        offset_px: from there to the head centre that the landmarks gave.
        face_px: from the head centre to the middle of the face that was read last; None where no face was.
        seen_px: the head centre when it was last seen to be a face; None before.
        seen_mm: the distance then.
        seen_ns: the instant.
    """

    serial: int
    center_px: Point
    box: Box
    region_px: float
    distance_mm: float | None
    id: int = 0
    evidence: float | None = None
    is_face: bool = False
    measured: bool = True
    missed: int = 0
    measured_ns: int | None = None
    distance_ns: int = 0
    unlooked: int = 0
    hopeless: int = 0
    is_called: bool = False
    look: Look = Look.FRONTAL
    by_depth: bool = False
    depth_looks: int = 0
    velocity_px: Point = (0.0, 0.0)
    found_px: Point | None = None
    offset_px: Point = (0.0, 0.0)
    face_px: Point | None = None
    seen_px: Point | None = None
    seen_mm: float | None = None
    seen_ns: int = 0
    before_px: Point | None = None
    placed: bool = False


class Tracker:
    """Predict, associate, judge, and let go: ``step`` before the faces are looked at, ``finish`` after.

    ``handed`` are the numbers that another track than before has since the last ``step``: what is remembered of them is
    not certainly of the same person.
    """

    def __init__(self, config: TrackConfig | None = None) -> None:
        self.config = config or TrackConfig()
        self.tracks: list[Track] = []
        self.handed: set[int] = set()
        self._born = 0
        self._next_id = 1
        self._now_ns = 0

    def reset(self) -> None:
        """Forget every track; numbers start at 1 again."""
        self.tracks, self._born, self._next_id = [], 0, 1
        self.handed = set()

    def step(
        self,
        detections: Sequence[Detection],
        intrinsics: Intrinsics,
        region_mm: float = 320.0,
        device_ns: int | None = None,
    ) -> list[Track]:
        """Move every track to this FrameSet and give it its detection; what is left becomes new tracks.

        Args:
            detections: of this FrameSet, the best first.
            intrinsics: of their pixels (a guess will do without depth).
            region_mm: width of the papers' crop.
            device_ns: the FrameSet's instant; None: a thirtieth of a second after the one before.
        """
        before_ns, self._now_ns = self._now_ns, self._now_ns + 33_333_333 if device_ns is None else device_ns
        self.handed = set()
        for track in self.tracks:
            _predict(track)
        taken = self._associate(detections, intrinsics)
        for track in self.tracks:
            self._forget_distance(track, before_ns, intrinsics.fx * region_mm)
        for index, detection in enumerate(detections):
            if index in taken or any(_same_head(track, detection) for track in self.tracks):
                continue
            if self._has_room(detection):
                self.tracks.append(self._birth(detection, intrinsics, region_mm))
        return list(self.tracks)

    def _has_room(self, detection: Detection) -> bool:
        """Whether a new track fits; where FaceFinder saw a face, the head with the least hope gives way to it."""
        if len(self.tracks) < self.config.max_tracks:
            return True
        hopeless = [track for track in self.tracks if track.hopeless and not track.id and not track.is_called]
        if detection.called is None or not hopeless:
            return False
        self.tracks.remove(max(hopeless, key=lambda track: (track.hopeless, track.serial)))
        return True

    def judge(self, track: Track, evidence: float) -> None:
        """Take one look's evidence (0..1) that the track is a face; what is no number speaks for nothing."""
        evidence = evidence if math.isfinite(evidence) else 0.0
        before = track.evidence
        if before is None:
            track.evidence = evidence
        else:
            share = self.config.rise if evidence > before else self.config.fall
            track.evidence = before + share * (evidence - before)
        track.unlooked = 0
        track.hopeless = track.hopeless + 1 if track.evidence < self.config.hopeless else 0
        if track.is_face:
            track.is_face = track.evidence >= self.config.face_below
        else:
            track.is_face = track.evidence >= self.config.face_above
        if track.is_face and track.id == 0:
            track.id = self._number_of(track)

    def _number_of(self, track: Track) -> int:
        """Of a head that became a face: the number of a face that was lost at that very place, or the next one.

        Somebody who is hidden for a moment may come back as a new track: the old one went with his shoulder. A head
        that is still followed where its face was seen keeps its number: it looks away, and this one is its neighbour.
        """
        lost = [other for other in self.tracks if other is not track and self._may_be(other, track)]
        if lost:
            nearest = min(lost, key=lambda other: (_apart(other, track), other.serial))
            number, nearest.id = nearest.id, 0
            self.handed.add(number)
            return number
        number, self._next_id = self._next_id, self._next_id + 1
        return number

    def _may_be(self, lost: Track, track: Track) -> bool:
        """Whether ``track`` has its face where ``lost`` had its own just before, which is there no longer."""
        if not lost.id or lost.is_face or lost.seen_px is None:
            return False
        if abs(self._now_ns - lost.seen_ns) > self.config.hidden_s * 1e9:
            return False
        is_there = _near(lost.seen_px, lost.seen_mm, lost.center_px, lost.distance_mm, 0.5 * lost.box.w)
        if lost.measured and is_there:
            return False
        return _near(lost.seen_px, lost.seen_mm, track.center_px, track.distance_mm, 0.8 * track.box.w)

    def measure(self, track: Track, distance_mm: float) -> None:
        """Depth shows in this FrameSet how far the surface at the head centre is."""
        track.distance_mm, track.distance_ns = distance_mm, self._now_ns

    def _forget_distance(self, track: Track, before_ns: int, region_px_mm: float) -> None:
        """The head may have gone anywhere since it was measured: from now on its size in the picture counts."""
        if track.distance_mm is None:
            return
        # However slow the camera is, the FrameSet before this one is not long ago.
        oldest = min(before_ns, self._now_ns - round(self.config.distance_s * 1e9))
        if oldest <= track.distance_ns <= max(before_ns, self._now_ns):
            return
        if not track.is_face:  # no closer look has kept its size
            track.region_px = region_px_mm / track.distance_mm
        track.distance_mm = None

    def rest_of(self, track: Track) -> int:
        """A head that is hopeless is looked at again after so many FrameSets."""
        doubled = max(0, track.hopeless - self.config.patience)
        return max(self.config.rest, min(self.config.rest << min(doubled, 8), self.config.longest_rest))

    def place(self, track: Track, center_px: Point, box: Box, region_px: float) -> None:
        """A closer look showed where the face is: better than the outline that found it."""
        if track.found_px is not None:
            for_now = (center_px[0] - track.found_px[0], center_px[1] - track.found_px[1])
            track.offset_px = _mix(track.offset_px, for_now, 0.5)
        track.center_px, track.box, track.region_px = center_px, box, region_px
        track.measured = track.placed = True

    def finish(self) -> list[Track]:
        """Let go of what was lost and of second tracks on one head; the faces of this FrameSet, by their number."""
        for track in self.tracks:
            if any(_hides(other, track) for other in self.tracks):
                track.measured = False
        for track in self.tracks:
            self._settle(track)
        kept: list[Track] = []
        # Of two tracks on one head the face stays, then the one that was a face, then the older.
        for track in sorted(self.tracks, key=lambda t: (not (t.is_face and t.measured), not t.id, t.serial)):
            if not self._is_lost(track) and not any(_one_head(track, other) for other in kept):
                kept.append(track)
        self.tracks = sorted(kept, key=lambda t: t.serial)
        return sorted((t for t in self.tracks if t.is_face and t.measured), key=lambda t: t.id)

    def _is_lost(self, track: Track) -> bool:
        if track.missed <= (self.config.coast if track.id else 0):
            since_ns = 0 if track.measured_ns is None else self._now_ns - track.measured_ns
            return since_ns > self.config.coast_s * 1e9
        return True

    def _settle(self, track: Track) -> None:
        track.unlooked += 1
        if track.is_face and track.placed and track.measured:
            track.seen_px, track.seen_mm, track.seen_ns = track.center_px, track.distance_mm, self._now_ns
        if not track.measured:
            track.missed += 1
            track.velocity_px = (0.7 * track.velocity_px[0], 0.7 * track.velocity_px[1])
            return
        track.missed, track.measured_ns = 0, self._now_ns
        if not track.placed:
            track.offset_px = (0.7 * track.offset_px[0], 0.7 * track.offset_px[1])
        if track.before_px is not None:
            moved = (track.center_px[0] - track.before_px[0], track.center_px[1] - track.before_px[1])
            track.velocity_px = _mix(track.velocity_px, moved, self.config.velocity_gain)

    def _associate(self, detections: Sequence[Detection], intrinsics: Intrinsics) -> set[int]:
        """Greedy, the nearest pair first (faces a little ahead of other heads); which detections were given away."""
        pairs: list[tuple[float, int, int, Track]] = []
        for index, detection in enumerate(detections):
            for track in self.tracks:
                cost = self._cost(track, detection, intrinsics)
                if cost < 1.0:
                    pairs.append((cost - 0.2 * track.is_face, track.serial, index, track))
        pairs.sort(key=lambda pair: pair[:3])
        given: set[int] = set()
        taken: set[int] = set()
        for _, serial, index, track in pairs:
            if serial not in given and index not in taken:
                given.add(serial)
                taken.add(index)
                _assign(track, detections[index])
                if (distance_mm := detections[index].distance_mm) is not None:
                    self.measure(track, distance_mm)
        return taken

    def _cost(self, track: Track, detection: Detection, intrinsics: Intrinsics) -> float:
        """0 where they agree, 1 at the farthest that still counts as the same head."""
        dx = detection.center_px[0] - (track.center_px[0] - track.offset_px[0])
        dy = detection.center_px[1] - (track.center_px[1] - track.offset_px[1])
        if track.distance_mm is None or detection.distance_mm is None:
            return math.hypot(dx, dy) / (self.config.match_widths * max(track.box.w, 1.0))
        z = detection.distance_mm / 1000.0
        dz = (detection.distance_mm - track.distance_mm) / 1000.0
        moved = math.sqrt((dx * z / intrinsics.fx) ** 2 + (dy * z / intrinsics.fy) ** 2 + dz**2)
        return moved / self.config.match_m

    def _birth(self, detection: Detection, intrinsics: Intrinsics, region_mm: float) -> Track:
        if detection.distance_mm is None:
            region_px = detection.box.w * region_mm / HEAD_WIDTH_MM
        else:
            region_px = intrinsics.fx * region_mm / detection.distance_mm
        self._born += 1
        return Track(
            self._born - 1,
            detection.center_px,
            detection.box,
            region_px,
            detection.distance_mm,
            distance_ns=self._now_ns,
            look=detection.look,
            found_px=detection.center_px,
        )


def _predict(track: Track) -> None:
    track.before_px = track.center_px
    dx, dy = track.velocity_px
    track.center_px = (track.center_px[0] + dx, track.center_px[1] + dy)
    track.box = Box(track.box.x + dx, track.box.y + dy, track.box.w, track.box.h)
    track.found_px, track.measured, track.placed, track.is_called = None, False, False, False


def _assign(track: Track, detection: Detection) -> None:
    x, y = detection.center_px
    track.found_px, track.measured = detection.center_px, True
    track.is_called = detection.called is not None
    if track.is_called and track.hopeless:  # looked at where the model saw a face, and elsewhere by turns
        track.by_depth = (detection.called is Called.DEPTH) != (track.hopeless % 2 == 0)
    center = (x + track.offset_px[0], y + track.offset_px[1])
    dx, dy = center[0] - track.center_px[0], center[1] - track.center_px[1]
    track.center_px = center
    if track.is_face:
        track.box = Box(track.box.x + dx, track.box.y + dy, track.box.w, track.box.h)
    else:
        track.box = detection.box


def _same_head(track: Track, detection: Detection) -> bool:
    return _near(track.center_px, track.distance_mm, detection.center_px, detection.distance_mm, 0.7 * track.box.w)


def _one_head(a: Track, b: Track) -> bool:
    return _near(a.center_px, a.distance_mm, b.center_px, b.distance_mm, 0.5 * max(a.box.w, b.box.w))


def _hides(near: Track, far: Track) -> bool:
    """Whether ``far`` reads the face of somebody who has stepped before it: one place in the picture, two distances."""
    if not (near.is_face and far.is_face and near.placed and far.placed and near.measured):
        return False
    if near.distance_mm is None or far.distance_mm is None or far.distance_mm - near.distance_mm <= BEHIND_MM:
        return False
    return near.box.overlap(far.box) > 0.5


def _near(a: Point, a_mm: float | None, b: Point, b_mm: float | None, px: float) -> bool:
    """Within ``px`` of each other, and not one behind the other."""
    if a_mm is not None and b_mm is not None and abs(a_mm - b_mm) > BEHIND_MM:
        return False
    return math.hypot(a[0] - b[0], a[1] - b[1]) < px


def _apart(lost: Track, track: Track) -> float:
    """px from where ``lost`` was seen last; infinite where it never was."""
    if lost.seen_px is None:
        return math.inf
    return math.hypot(lost.seen_px[0] - track.center_px[0], lost.seen_px[1] - track.center_px[1])


def _mix(old: Point, new: Point, share: float) -> Point:
    return old[0] + share * (new[0] - old[0]), old[1] + share * (new[1] - old[1])
