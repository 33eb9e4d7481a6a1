"""The order of the steps: FrameSet -> Observation. Live, replay, batch and tests all run this.

    register -> find -> track -> (crop -> landmarks -> pose) of every head -> track -> signals -> (crop -> generate)
    of every face

Beside the heads of the reference picture, some faces are read in the rig's other pictures, in the same call of the
model (pipeline/steps/second_look.py); what is seen there goes to the signals.

A state machine without threads: it remembers tracks, asks no clock but for the step times, and draws no random
number. The same FrameSets in the same order give the same Observations. Models may rest on a FrameSet to keep a latency
budget; which ones is told from outside, since it follows from how long things took. Faces are then followed
(pipeline/steps/follow.py) and images are not made.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from drivers.frame import FrameFlag, FrameSet, Intrinsics, StreamInfo, StreamKind
from engines.loading import Models
from pipeline.beside import Beside
from pipeline.config import PipelineConfig
from pipeline.pacing import PACED
from pipeline.steps.crop import Crop, CropFailure, crop_at, dynamic_crop
from pipeline.steps.eye_state import EyeReader
from pipeline.steps.find import Finder
from pipeline.steps.follow import Follower, Known
from pipeline.steps.generate import Generator, Wanted
from pipeline.steps.haar import HaarHit, Look
from pipeline.steps.head_template import HEAD_SURFACE_M
from pipeline.steps.landmarks import Ask, LandmarkReader, Reading
from pipeline.steps.palette import image_reason
from pipeline.steps.pose import SolvedPose, solve_pose
from pipeline.steps.register import Registrar, View
from pipeline.steps.search import head_of, region_of
from pipeline.steps.second_look import Second, SecondLook
from pipeline.steps.signals import signal_step
from pipeline.steps.take_over import move_tracks
from pipeline.steps.track import Track, Tracker
from pipeline.steps.validity import cut_share
from pipeline.tell import CloserLook, FaceTeller
from recordings.observation import Box, Face, Observation

STEPS = ("register", "find", "track", "crop", "landmarks", "pose", "follow", "signals", "generate", "models")
"""Names in ``Process.timings``: the steps without the models, and the models."""

FINISHING = ("gray_to_depth", "depth_to_color")
"""The models that :meth:`Process.finish` asks; all others belong to :meth:`Process.look`."""


@dataclass(slots=True, eq=False)
class Looked:
    """What :meth:`Process.look` leaves for :meth:`Process.finish`: faces without their generated images.

    ``rests`` are the models that do not run on this FrameSet. ``timings`` holds the seconds that each step took, and
    ``model_seconds`` those of each model of :data:`pipeline.pacing.PACED`; they are no part of the Observation.
    """

    frame_set: FrameSet
    view: View | None
    status: str
    faces: tuple[tuple[Face, Crop], ...]
    timings: dict[str, float]
    rests: frozenset[str] = frozenset()
    model_seconds: dict[str, float] = field(default_factory=dict)


class Process:
    """The steps of one rig: ``process(frame_set)``, which is ``process.finish(process.look(frame_set))``.

    ``look`` remembers (tracks) and belongs to one thread. ``finish`` remembers nothing: it may run in another
    thread, one call at a time, while ``look`` is at the next FrameSet.

    ``timings`` holds the seconds that each step took in the last call of the whole, ``model_seconds`` those that each
    model took that may rest (0 where it was not asked). The time of FaceFinder is that of its step. Of the generating
    models, which may run at once, each one's seconds count.

    Args:
        streams: of the rig.
        models: what runs.
        config: settings.
        beside: a second thread for what needs nothing of one another within a FrameSet. It changes how long things
            take, and nothing else.
        beside_finish: the same for ``finish``: another one for whoever calls it in another thread than ``look``.
    """

    def __init__(
        self,
        streams: Sequence[StreamInfo],
        models: Models,
        config: PipelineConfig | None = None,
        beside: Beside | None = None,
        beside_finish: Beside | None = None,
    ) -> None:
        self._config = config or PipelineConfig()
        self._models = models
        self._registrar = Registrar(streams, self._config.take_over.patience_s)
        self._serving: StreamInfo | None = None
        self._finder = Finder(self._config.find, models.face_finder, beside)
        self._tracker = Tracker(self._config.track)
        self._generator = Generator(models, self._config.generate, self._config.crop, beside_finish)
        self._tell = FaceTeller(self._config, models)
        self._reader = (
            None
            if models.face_landmarks is None
            else LandmarkReader(
                models.face_landmarks,
                self._config.landmarks,
                self._config.crop,
                None if models.eye_state is None else EyeReader(models.eye_state),
            )
        )
        self._follower = Follower(self._config.follow, self._config.landmarks, self._config.crop)
        self._second = SecondLook(self._config.second_look, self._config.crop.region_mm)
        self._signals = signal_step(self._config.signals, looks_twice=self._second.is_on)
        self.timings: dict[str, float] = dict.fromkeys(STEPS, 0.0)
        self.model_seconds: dict[str, float] = dict.fromkeys(self.paced, 0.0)
        self._seconds = self.timings
        self._model_seconds = self.model_seconds

    @property
    def paced(self) -> tuple[str, ...]:
        """Names of the loaded models that may rest."""
        return tuple(name for name in PACED if getattr(self._models, name) is not None)

    def reset(self) -> None:
        """Forget every track, as after a seek: what comes next is a new beginning."""
        self._registrar.reset()
        self._serving = None
        self._finder.reset()
        self._tracker.reset()
        self._follower.reset()
        self._second.reset()
        if self._signals is not None:
            self._signals.reset()

    def __call__(self, frame_set: FrameSet, rests: Collection[str] = frozenset()) -> Observation:
        """What the steps say of one FrameSet.

        Args:
            rests: models that are not to run on it, to keep a latency budget: known faces are followed where
                ``face_landmarks`` rests (and read all the same where they cannot be), images are not made. The names
                of other models than :data:`pipeline.pacing.PACED` mean nothing here.

        Raises:
            EngineError: a model failed.
        """
        looked = self.look(frame_set, rests)
        observation = self.finish(looked)
        self.timings, self.model_seconds = looked.timings, looked.model_seconds
        return observation

    def look(self, frame_set: FrameSet, rests: Collection[str] = frozenset()) -> Looked:
        """Everything but the generated images, in the order of the FrameSets.

        Args:
            rests: as in a call of the whole; ``finish`` gets them with the result.

        Raises:
            EngineError: a model failed.
        """
        resting = frozenset(rests)
        self._seconds = dict.fromkeys(STEPS, 0.0)
        self._model_seconds = dict.fromkeys(self.paced, 0.0)
        with self._timed("register"):
            view = self._registrar(frame_set)
        status = self._status(frame_set, view)
        if status or view is None:
            self._follower.reset()
            return Looked(frame_set, view, status, (), self._seconds, resting, self._model_seconds)
        self._take_over(view)
        intrinsics = view.intrinsics or self._guess(view)
        with self._timed("find"):
            thermal = np.asarray(view.frame.pixels) if view.kind is StreamKind.THERMAL else None
            busy = any(track.is_face for track in self._tracker.tracks)
            detections = self._finder(view.gray, view.depth_mm, intrinsics, thermal, busy=busy)
        with self._timed("track"):
            tracks = self._tracker.step(detections, intrinsics, self._config.crop.region_mm)
            unread = self._reader is not None and "face_landmarks" in resting
            due = self._due(tracks, unread)
        seconds = [] if unread else self._seconds_of(frame_set, view, intrinsics, due)
        looks, elsewhere = self._looks(view, intrinsics, due, unread, seconds)
        with self._timed("track"):
            seen = self._tracker.finish()
            self._follower.keep(view, {t.serial: self._known(t, looks.get(t.serial)) for t in seen})
        with self._timed("pose"):
            wrong = image_reason(view.frame) if seen else ""
        faces = tuple(
            self._face(view, intrinsics, track, looks.get(track.serial, CloserLook()), wrong) for track in seen
        )
        if self._signals is not None:
            others = self._elsewhere(seen, elsewhere)
            with self._timed("signals"):
                told = [face for face, _ in faces]
                measured = self._signals(frame_set, view, intrinsics, told, elsewhere=others)
            self._second.wish(self._signals.serving, self._signals.wanting)
            faces = tuple((face, crop) for face, (_, crop) in zip(measured, faces, strict=True))
        return Looked(frame_set, view, "ok", faces, self._seconds, resting, self._model_seconds)

    def finish(self, looked: Looked) -> Observation:
        """The generated images, and the whole as an Observation.

        Raises:
            EngineError: a model failed.
        """
        faces = []
        if looked.faces:
            assert looked.view is not None
            view = looked.view
            wanted = [Wanted(crop, face.invalid) for face, crop in looked.faces]
            made = self._generator(view.gray, view.depth_mm, wanted, view.white, looked.rests)
            looked.model_seconds.update(self._generator.seconds)
            looked.timings["generate"] += self._generator.rest_seconds
            looked.timings["models"] += sum(self._generator.seconds.values())
            for (face, _), (generated, reasons) in zip(looked.faces, made, strict=True):
                invalid = {k: v for k, v in face.invalid.items() if not k.startswith("generated.")}
                faces.append(replace(face, generated=generated, invalid={**invalid, **reasons}))
        return self._observation(looked.frame_set, tuple(faces), looked.status)

    # -- before the steps ---------------------------------------------------------------------------------------------

    def _status(self, frame_set: FrameSet, view: View | None) -> str:
        """Empty when there is something to look at; otherwise why not."""
        if view is None:
            reference = self._registrar.reference
            return "no image stream" if reference is None else f"no frame of {reference.name}"
        if view.frame.flags & FrameFlag.STALE:
            return "stale"
        if view.kind is StreamKind.THERMAL and view.frame.flags & FrameFlag.SHUTTER:
            return "shutter closed"
        return ""

    def _take_over(self, view: View) -> None:
        """Where another camera serves than before: heads that are followed move into its picture."""
        before, self._serving = self._serving, view.frame.info
        if before is None or before.name == view.stream:
            return
        self._tracker.tracks = move_tracks(self._tracker.tracks, before, view.frame.info, view.related)
        self._finder.reset()
        self._follower.reset()

    def _guess(self, view: View) -> Intrinsics:
        """What an uncalibrated camera is taken to be."""
        height, width = view.shape
        return Intrinsics.from_fov(width, height, self._config.crop.default_fov_deg)

    # -- a closer look at every head ----------------------------------------------------------------------------------

    def _due(self, tracks: Sequence[Track], rests: bool) -> list[Track]:
        """Every face, every head at first sight (up to a limit), and of the others those that have waited longest.

        What the model called hopeless rests for some FrameSets; a cascade sees too little to let anything rest. Where
        the model itself ``rests``, heads that are unlikely to be faces wait until it runs.
        """
        config = self._config.track
        rest = 1 if self._reader is None else config.rest
        faces = [t for t in tracks if t.is_face]
        new = [t for t in tracks if t.evidence is None]
        heads = [t for t in tracks if not t.is_face and t.evidence is not None]
        hopeless = [t for t in heads if t.evidence is not None and t.evidence < config.hopeless]
        rested = sorted((t for t in hopeless if t.unlooked >= rest), key=_waited)
        # Each in its turn: were all looked at on the same FrameSet, every n-th would take several times as long.
        in_turn = rested[: -(-len(hopeless) // rest)]
        others = [t for t in heads if t in in_turn or (t.evidence is not None and t.evidence >= config.hopeless)]
        if rests:
            others = [t for t in others if t.evidence is not None and t.evidence >= config.face_below]
        others.sort(key=_waited)
        return faces + new[: config.first_looks] + others[: config.looks]

    def _looks(
        self, view: View, intrinsics: Intrinsics, tracks: Sequence[Track], rests: bool, seconds: Sequence[Second]
    ) -> tuple[dict[int, CloserLook], list[tuple[Second, Reading]]]:
        """What a closer look at each track showed, by its serial, and the second looks' readings; the landmark model is
        asked once for all.

        While the model ``rests``, it is asked only for those that cannot be followed.
        """
        with self._timed("crop"):
            crops = [self._crop(view, intrinsics, track) for track in tracks]
            for track, crop in zip(tracks, crops, strict=True):
                if crop.distance is not None:
                    track.distance_mm = crop.distance.mm
        looks: dict[int, CloserLook] = {}
        if rests:
            for track in tracks:
                if (look := self._followed(view, intrinsics, track)) is not None:
                    looks[track.serial] = look
        asked = [(track, crop) for track, crop in zip(tracks, crops, strict=True) if track.serial not in looks]
        readings: Sequence[Reading | None] = [None] * (len(asked) + len(seconds))
        if self._reader is not None and asked:
            asks = [Ask(view, crop, track.by_depth) for track, crop in asked]
            with self._timed("landmarks"):
                readings = self._reader.read(asks + [Ask(second.view, second.crop) for second in seconds])
            self._to_models("landmarks", "face_landmarks", self._reader.model_seconds)
        for (track, crop), reading in zip(asked, readings[: len(asked)], strict=True):
            looks[track.serial] = self._look(view, intrinsics, track, crop, reading)
        there = zip(seconds, readings[len(asked) :], strict=True)
        return looks, [(second, reading) for second, reading in there if reading is not None]

    def _seconds_of(
        self, frame_set: FrameSet, view: View, intrinsics: Intrinsics, tracks: Sequence[Track]
    ) -> list[Second]:
        """Which faces are read in other pictures as well; none where no signal would be told of it."""
        if self._reader is None or self._signals is None:
            return []
        with self._timed("crop"):
            return self._second(frame_set, view, intrinsics, tracks)

    def _elsewhere(self, seen: Sequence[Track], read: Sequence[tuple[Second, Reading]]) -> dict[int, dict[str, Face]]:
        """The faces as other pictures show them, by their number and the stream: judged as in the reference picture."""
        numbers = {track.serial: track.id for track in seen}
        found: dict[int, dict[str, Face]] = {}
        for second, reading in read:
            number = numbers.get(second.serial)
            if number is None:
                continue
            look = CloserLook(reading)
            look.evidence = self._weigh(second.view, second.intrinsics, look)
            with self._timed("pose"):
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
        with self._timed("follow"):
            known = self._follower(view, track, others)
        if known is None:
            return None
        look = CloserLook(known.reading, float(track.evidence or 0.0), followed=known.followed)
        with self._timed("pose"):
            look.solved = solve_pose(known.reading.landmarks, intrinsics, self._config.pose)
        center, region = self._center(intrinsics, known.reading, look.solved, track)
        self._tracker.place(track, center, known.reading.box, region)
        return look

    def _known(self, track: Track, look: CloserLook | None) -> Known | None:
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
            with self._timed("find"):
                look.hit = self._haar(view, track, crop, look)
        self._judge(intrinsics, track, look)
        if look.evidence < self._config.track.face_below:
            # What the picture does not show (glare, shadow), depth may, and the other way round: the next look tries.
            track.by_depth = not track.by_depth
        return look

    def _weigh(self, view: View, intrinsics: Intrinsics, look: CloserLook) -> float:
        """What the model's reading is worth, 0..1; solves the head pose where it is worth something."""
        if look.reading is None:
            return 0.0
        config = self._config.track
        evidence = look.reading.evidence
        if look.reading.from_kind is StreamKind.THERMAL:
            evidence *= config.thermal_trust
        height, width = view.shape
        if cut_share(look.reading.box, width, height) > self._config.validity.most_cut:
            evidence *= config.cut_trust  # half of a headrest is as round as half of a head
        if evidence >= config.face_below:
            with self._timed("pose"):
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
        elif look.hit is not None:
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

    def _crop(self, view: View, intrinsics: Intrinsics, track: Track) -> Crop:
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

    # -- what is said of a face ---------------------------------------------------------------------------------------

    def _face(
        self, view: View, intrinsics: Intrinsics, track: Track, look: CloserLook, wrong: str
    ) -> tuple[Face, Crop]:
        with self._timed("crop"):
            crop = self._crop(view, intrinsics, track)
        with self._timed("pose"):
            return self._tell(view, intrinsics, track, look, crop, wrong), crop

    # -- small things -------------------------------------------------------------------------------------------------

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[step] += time.perf_counter() - start

    def _to_models(self, step: str, model: str, seconds: float) -> None:
        """What a model took within a step is the models' time."""
        self._seconds[step] -= seconds
        self._seconds["models"] += seconds
        self._model_seconds[model] = seconds

    @staticmethod
    def _observation(frame_set: FrameSet, faces: tuple[Face, ...], status: str) -> Observation:
        return Observation(
            frame_set=frame_set.number,
            device_ns=frame_set.device_ns,
            host_ns=frame_set.host_ns,
            skew_ns=frame_set.skew_ns,
            frames={name: frame.number for name, frame in frame_set.frames.items()},
            faces=faces,
            status=status,
        )


def _waited(track: Track) -> tuple[int, int]:
    """To sort by: who has waited longest comes first."""
    return -track.unlooked, track.serial
