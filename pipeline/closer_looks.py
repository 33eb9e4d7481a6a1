"""A closer look at every head: read by the landmark model, followed where that rests, judged whether it is a face."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from drivers.frame import Intrinsics, StreamKind
from pipeline.config import PipelineConfig
from pipeline.step_clock import StepClock
from pipeline.steps.close_crop import close_crop, face_middle
from pipeline.steps.crop import Crop, CropFailure, crop_at, dynamic_crop
from pipeline.steps.find import Finder
from pipeline.steps.follow import Follower, Known
from pipeline.steps.haar import HaarHit, Look
from pipeline.steps.head_template import HEAD_SURFACE_M
from pipeline.steps.landmarks import Ask, LandmarkReader, Reading
from pipeline.steps.palette import image_reason
from pipeline.steps.pose import SolvedPose, solve_pose
from pipeline.steps.register import View
from pipeline.steps.search import head_of, region_of
from pipeline.steps.second_look import Second
from pipeline.steps.track import Track, Tracker
from pipeline.steps.validity import cut_share
from pipeline.tell import CloserLook, FaceTeller
from recordings.observation import Box, Face


class CloserLooks:
    """Looks at tracks, and tells the tracker what was seen. Remembers nothing of its own.

    Args:
        config: settings.
        finder: its cascades are asked where the model is in doubt, or not there.
        tracker: whose tracks these are.
        follower: follows faces while the model rests.
        reader: the landmark model; None without.
        tell: puts faces together.
        clock: counts the seconds.
    """

    def __init__(
        self,
        config: PipelineConfig,
        finder: Finder,
        tracker: Tracker,
        follower: Follower,
        reader: LandmarkReader | None,
        tell: FaceTeller,
        clock: StepClock,
    ) -> None:
        self._config = config
        self._finder, self._tracker, self._follower = finder, tracker, follower
        self._reader, self._tell, self._clock = reader, tell, clock

    def due(self, tracks: Sequence[Track], rests: bool) -> list[Track]:
        """Every face, every head at first sight (up to a limit), and of the others those that have waited longest.

        What the model called hopeless rests for some FrameSets, the longer the more often it did, unless FaceFinder
        sees a face there; a cascade sees too little to let anything rest. Where the model itself ``rests``, heads that
        are unlikely to be faces wait until it runs.
        """
        config = self._config.track
        faces = [t for t in tracks if t.is_face]
        new = [t for t in tracks if t.evidence is None]
        heads = [t for t in tracks if not t.is_face and t.evidence is not None]
        hopeless = [t for t in heads if t.evidence is not None and t.evidence < config.hopeless]
        rest = {t.serial: 1 if self._reader is None else self._tracker.rest_of(t) for t in hopeless}
        called = [t for t in hopeless if t.is_called and t.unlooked >= min(rest[t.serial], config.rest)]
        rested = sorted((t for t in hopeless if t not in called and t.unlooked >= rest[t.serial]), key=_waited)
        # Each in its turn: were all looked at on the same FrameSet, every n-th would take several times as long.
        in_turn = called + rested[: math.ceil(sum(1 / n for n in rest.values()) - 1e-9)]
        others = [t for t in heads if t in in_turn or (t.evidence is not None and t.evidence >= config.hopeless)]
        if rests:
            others = [t for t in others if t.evidence is not None and t.evidence >= config.face_below]
        others.sort(key=_waited)
        return faces + new[: config.first_looks] + others[: config.looks]

    def looks(
        self, view: View, intrinsics: Intrinsics, tracks: Sequence[Track], rests: bool, seconds: Sequence[Second]
    ) -> tuple[dict[int, CloserLook], list[tuple[Second, Reading]]]:
        """What a closer look at each track showed, by its serial, and the second looks' readings; the landmark model is
        asked once for all.

        While the model ``rests``, it is asked only for those that cannot be followed.
        """
        with self._clock.timed("crop"):
            crops = [self.crop(view, intrinsics, track) for track in tracks]
            for track, crop in zip(tracks, crops, strict=True):
                if crop.distance is not None:
                    self._tracker.measure(track, crop.distance.mm)
        looks: dict[int, CloserLook] = {}
        if rests:
            for track in tracks:
                if (look := self._followed(view, intrinsics, track)) is not None:
                    looks[track.serial] = look
        asked = [(track, crop) for track, crop in zip(tracks, crops, strict=True) if track.serial not in looks]
        glances = [(track, crop) for track, crop in asked if self._glances(track)]
        readings: Sequence[Reading | None] = [None] * (len(asked) + len(seconds) + len(glances))
        if self._reader is not None and asked:
            asks = [self._ask(view, track, crop) for track, crop in asked]
            with self._clock.timed("landmarks"):
                asks += [self._ask(second.view, second.track, second.crop) for second in seconds]
                asks += [replace(self._ask(view, track, crop), depth_first=False) for track, crop in glances]
                readings = self._reader.read(asks)
            self._clock.to_models("landmarks", "face_landmarks", self._reader.model_seconds)
        for (track, crop), reading in zip(asked, readings[: len(asked)], strict=True):
            looks[track.serial] = self._look(view, intrinsics, track, crop, reading)
        for (track, _), reading in zip(glances, readings[len(asked) + len(seconds) :], strict=True):
            self._glance(view, intrinsics, track, reading)
        there = zip(seconds, readings[len(asked) : len(asked) + len(seconds)], strict=True)
        return looks, [(second, reading) for second, reading in there if reading is not None]

    def elsewhere(self, seen: Sequence[Track], read: Sequence[tuple[Second, Reading]]) -> dict[int, dict[str, Face]]:
        """The faces as other pictures show them, by their number and the stream: judged as in the reference picture."""
        numbers = {track.serial: track.id for track in seen}
        found: dict[int, dict[str, Face]] = {}
        for second, reading in read:
            number = numbers.get(second.serial)
            if number is None:
                continue
            look = CloserLook(reading)
            look.evidence = self._weigh(second.view, second.intrinsics, look)
            with self._clock.timed("pose"):
                wrong = image_reason(second.view.frame)
                there = replace(second.track, id=number, evidence=look.evidence, box=reading.box)
                face = self._tell(second.view, second.intrinsics, there, look, second.crop, wrong)
            found.setdefault(number, {})[face.stream] = face
        return found

    def _followed(self, view: View, intrinsics: Intrinsics, track: Track) -> CloserLook | None:
        """A face where it has moved to since the FrameSet before; None where the model must say so."""
        if not track.is_face:
            return None
        others = [t for t in self._tracker.tracks if t is not track and t.is_face]
        with self._clock.timed("follow"):
            known = self._follower(view, track, others)
        if known is None:
            return None
        look = CloserLook(known.reading, float(track.evidence or 0.0), followed=known.followed)
        with self._clock.timed("pose"):
            look.solved = solve_pose(known.reading.landmarks, intrinsics, self._config.pose)
        center, region = self._center(intrinsics, known.reading, look.solved, track)
        self._tracker.place(track, center, known.reading.box, region)
        _note_face(track, known.reading)
        return look

    def known(self, track: Track, look: CloserLook | None) -> Known | None:
        """What can be followed on the next FrameSet: a face that was read, or followed, on this one."""
        if look is None or look.reading is None or look.evidence < self._config.track.face_below:
            return None
        return Known(look.reading, track.center_px, track.distance_mm, look.followed)

    def _look(
        self, view: View, intrinsics: Intrinsics, track: Track, crop: Crop, reading: Reading | None
    ) -> CloserLook:
        look = CloserLook(reading)
        look.evidence = self._weigh(view, intrinsics, look)
        if view.gray is not None and (look.reading is None or self._in_doubt(track, look.evidence)):
            with self._clock.timed("find"):
                look.hit = self._haar(view, track, crop, look)
        self._judge(intrinsics, track, look)
        enough = self._config.track.face_below if track.is_face else self._config.track.face_above
        beside = look.reading is not None and look.reading.beside
        track.depth_looks = track.depth_looks + 1 if beside else 0
        if look.evidence < enough:
            # What the picture does not show (glare, shadow), depth may, and the other way round: the next look tries.
            # Where the picture is dark or burnt out, depth is read whichever has its turn.
            in_the_dark = look.reading is not None and look.reading.from_kind is StreamKind.DEPTH and not beside
            track.by_depth = not track.by_depth and not in_the_dark
        return look

    def _glances(self, track: Track) -> bool:
        """Whether the picture of a face that is read from depth is read as well: only there eyes can be seen."""
        return track.is_face and track.by_depth and track.depth_looks % self._config.track.glance == 1

    def _glance(self, view: View, intrinsics: Intrinsics, track: Track, reading: Reading | None) -> None:
        """The next look is at the picture where that shows a face again; nothing else comes of it."""
        if reading is None or reading.from_kind is StreamKind.DEPTH:
            return
        if self._weigh(view, intrinsics, CloserLook(reading)) >= self._config.track.face_above:
            track.by_depth, track.depth_looks = False, 0

    def _weigh(self, view: View, intrinsics: Intrinsics, look: CloserLook) -> float:
        """What the model's reading is worth, 0..1; solves the head pose where it is worth something."""
        if look.reading is None:
            return 0.0
        config = self._config.track
        evidence = look.reading.evidence
        if look.reading.from_kind is StreamKind.THERMAL:
            evidence *= config.thermal_trust
        if look.reading.beside:
            evidence *= config.depth_trust  # the back of a head is as round as a face, and the picture showed none
        height, width = view.shape
        if cut_share(look.reading.box, width, height) > self._config.validity.most_cut:
            evidence *= config.cut_trust  # half of a headrest is as round as half of a head
        if evidence >= config.face_below:
            with self._clock.timed("pose"):
                look.solved = solve_pose(look.reading.landmarks, intrinsics, self._config.pose)
            if isinstance(look.solved, str):
                # Points that no head explains are no face's, however sure the model is of them.
                evidence *= config.no_head
        return evidence

    def _in_doubt(self, track: Track, evidence: float) -> bool:
        """Whether the cascades may have a say: not where the model is sure, nor of heads that it calls hopeless."""
        config = self._config.track
        return evidence < config.face_above and (track.is_face or evidence >= config.hopeless)

    def _haar(self, view: View, track: Track, crop: Crop, look: CloserLook) -> HaarHit | None:
        """Ask the cascades.

        Beside the model only the frontal one: a profile is no face that looks toward the camera. Alone, all of them:
        the one that saw it last, then (for a face, or at first sight) the others too.
        """
        assert view.gray is not None
        if look.reading is not None:
            order = [Look.FRONTAL]
        else:
            order = [Look((track.look + i) % len(Look)) for i in range(len(Look))]
            if not track.is_face and track.evidence is not None:
                order = order[:1]
        center = crop.box.center
        for one in order:
            hit = self._finder.search.closely(view.gray, center, crop.box.w, one)
            if hit is not None:
                track.look = one
                return hit
        if not track.is_face:
            track.look = Look((track.look + 1) % len(Look))
        return None

    def _judge(self, intrinsics: Intrinsics, track: Track, look: CloserLook) -> None:
        """Evidence of this look, and where it saw the face."""
        seen = 0.0 if look.hit is None else self._config.track.haar_evidence
        self._tracker.judge(track, max(look.evidence, seen))
        if look.reading is not None and look.evidence >= self._config.track.face_below:
            center, region = self._center(intrinsics, look.reading, look.solved, track)
            self._tracker.place(track, center, look.reading.box, region)
            _note_face(track, look.reading)
            return
        track.face_px = None
        if look.hit is not None:
            x, y = head_of(look.hit)
            w = look.hit.box.w * 0.87
            box = Box(x - w / 2, y - 0.6 * w, w, w * 4 / 3)
            self._tracker.place(track, (x, y), box, region_of(look.hit))

    def _center(
        self, intrinsics: Intrinsics, reading: Reading, solved: SolvedPose | str, track: Track
    ) -> tuple[tuple[float, float], float]:
        """The head centre in px and the width of the papers' crop, as the landmarks have them."""
        if isinstance(solved, SolvedPose):
            x, y = intrinsics.project(np.array([solved.center_m]), distort=True)[0]
            surface_mm = max(solved.center_m[2] - HEAD_SURFACE_M, 0.1) * 1000.0
            region = intrinsics.fx * self._config.crop.region_mm / surface_mm
            if np.isfinite(x) and np.isfinite(y):  # a wide lens may end within the head
                return (float(x), float(y)), 0.5 * (track.region_px + region)
        points = reading.landmarks.points
        x, y = points[[27, 28, 29, 30, 36, 39, 42, 45]].mean(axis=0).astype(float)
        return (float(x), float(y)), track.region_px

    def _ask(self, view: View, track: Track, crop: Crop) -> Ask:
        """What the model is to read: closely round a face that was read before, else the papers' crop."""
        if track.face_px is None or self._config.landmarks.close_mm == 0:
            return Ask(view, crop, track.by_depth)
        share = min(self._config.landmarks.close_mm / self._config.crop.region_mm, 1.0)
        x, y = track.center_px
        middle = (x + track.face_px[0], y + track.face_px[1])
        return Ask(view, close_crop(crop, middle, share), track.by_depth, share)

    def crop(self, view: View, intrinsics: Intrinsics, track: Track) -> Crop:
        if view.depth_mm is not None:
            crop = dynamic_crop(
                view.depth_mm, track.center_px, intrinsics, self._config.crop, about_mm=track.distance_mm
            )
            if not isinstance(crop, CropFailure):
                return crop
        if track.distance_mm is not None:
            return Crop(crop_at(track.center_px, track.distance_mm, intrinsics, self._config.crop.region_mm))
        w, h = track.region_px, track.region_px * intrinsics.fy / intrinsics.fx
        return Crop(Box(track.center_px[0] - w / 2, track.center_px[1] - h / 2, w, h))


def _note_face(track: Track, reading: Reading) -> None:
    x, y = face_middle(reading.landmarks.points)
    track.face_px = (float(x) - track.center_px[0], float(y) - track.center_px[1])


def _waited(track: Track) -> tuple[int, int]:
    """To sort by: who has waited longest comes first."""
    return -track.unlooked, track.serial
