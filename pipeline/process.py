"""The order of the steps: FrameSet -> Observation. Live, replay, batch and tests all run this.

    register -> find -> track -> (crop -> landmarks -> pose) of every head -> track -> signals -> (crop -> generate)
    of every face

What is done with every head is pipeline/closer_looks.py.

Beside the heads of the reference picture, some faces are read in the rig's other pictures, in the same call of the
model (pipeline/steps/second_look.py); what is seen there goes to the signals.

A state machine without threads: it remembers tracks, asks no clock but for the step times, and draws no random
number. The same FrameSets in the same order give the same Observations. Models may rest on a FrameSet to keep a latency
budget; which ones is told from outside, since it follows from how long things took. Faces are then followed
(pipeline/steps/follow.py) and images are not made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from drivers.frame import FrameFlag, FrameSet, Intrinsics, StreamInfo, StreamKind
from engines.loading import Models
from pipeline.beside import Beside
from pipeline.closer_looks import CloserLooks
from pipeline.config import PipelineConfig
from pipeline.pacing import PACED
from pipeline.step_clock import STEPS, StepClock
from pipeline.steps.crop import Crop
from pipeline.steps.eye_state import EyeReader
from pipeline.steps.find import Finder
from pipeline.steps.follow import Follower
from pipeline.steps.generate import Generator, Wanted
from pipeline.steps.landmarks import LandmarkReader
from pipeline.steps.palette import image_reason
from pipeline.steps.register import Registrar, View
from pipeline.steps.second_look import Second, SecondLook
from pipeline.steps.signals import signal_step
from pipeline.steps.take_over import move_tracks
from pipeline.steps.track import Track, Tracker
from pipeline.tell import CloserLook, FaceTeller
from recordings.observation import Face, Observation

FINISHING = ("gray_to_depth", "depth_to_color", "eye_to_face")
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
        self._signals = signal_step(
            self._config.signals, looks_twice=self._second.is_on, home=self._registrar.reference
        )
        self._clock = StepClock()
        self._closer = CloserLooks(
            self._config, self._finder, self._tracker, self._follower, self._reader, self._tell, self._clock
        )
        self.timings: dict[str, float] = dict.fromkeys(STEPS, 0.0)
        self.model_seconds: dict[str, float] = dict.fromkeys(self.paced, 0.0)

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
        clock = self._clock
        clock.begin(self.paced)
        with clock.timed("register"):
            view = self._registrar(frame_set)
        status = self._status(frame_set, view)
        if status or view is None:
            self._follower.reset()
            return Looked(frame_set, view, status, (), clock.seconds, resting, clock.model_seconds)
        self._take_over(view)
        intrinsics = view.intrinsics or self._guess(view)
        with clock.timed("find"):
            thermal = np.asarray(view.frame.pixels) if view.kind is StreamKind.THERMAL else None
            busy = any(track.is_face for track in self._tracker.tracks)
            detections = self._finder(view.gray, view.depth_mm, intrinsics, thermal, busy=busy)
        with clock.timed("track"):
            tracks = self._tracker.step(detections, intrinsics, self._config.crop.region_mm, frame_set.device_ns)
            unread = self._reader is not None and "face_landmarks" in resting
            due = self._closer.due(tracks, unread)
        seconds = [] if unread else self._seconds_of(frame_set, view, intrinsics, due)
        looks, elsewhere = self._closer.looks(view, intrinsics, due, unread, seconds)
        with clock.timed("track"):
            seen = self._tracker.finish()
            self._follower.keep(view, {t.serial: self._closer.known(t, looks.get(t.serial)) for t in seen})
        with clock.timed("pose"):
            wrong = image_reason(view.frame) if seen else ""
        faces = tuple(
            self._face(view, intrinsics, track, looks.get(track.serial, CloserLook()), wrong) for track in seen
        )
        if self._signals is not None:
            others = self._closer.elsewhere(seen, elsewhere)
            with clock.timed("signals"):
                told = [face for face, _ in faces]
                self._signals.forget(self._tracker.handed)
                measured = self._signals(frame_set, view, intrinsics, told, elsewhere=others)
            self._second.wish(self._signals.serving, self._signals.wanting)
            faces = tuple((face, crop) for face, (_, crop) in zip(measured, faces, strict=True))
        return Looked(frame_set, view, "ok", faces, clock.seconds, resting, clock.model_seconds)

    def finish(self, looked: Looked) -> Observation:
        """The generated images, and the whole as an Observation.

        Raises:
            EngineError: a model failed.
        """
        faces = []
        if looked.faces:
            assert looked.view is not None
            view = looked.view
            wanted = [Wanted(crop, face.invalid, face.landmarks, face.pose) for face, crop in looked.faces]
            color = np.asarray(view.frame.pixels) if view.kind is StreamKind.COLOR else None
            made = self._generator(view.gray, view.depth_mm, wanted, view.white, looked.rests, color)
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
        self._tracker.tracks = move_tracks(
            self._tracker.tracks, before, view.frame.info, view.related, self._config.crop.region_mm
        )
        self._finder.reset()
        self._follower.reset()

    def _guess(self, view: View) -> Intrinsics:
        """What an uncalibrated camera is taken to be."""
        height, width = view.shape
        return Intrinsics.from_fov(width, height, self._config.crop.default_fov_deg)

    # -- what is looked at, and said ----------------------------------------------------------------------------------

    def _seconds_of(
        self, frame_set: FrameSet, view: View, intrinsics: Intrinsics, tracks: Sequence[Track]
    ) -> list[Second]:
        """Which faces are read in other pictures as well; none where no signal would be told of it."""
        if self._reader is None or self._signals is None:
            return []
        with self._clock.timed("crop"):
            return self._second(frame_set, view, intrinsics, tracks)

    def _face(
        self, view: View, intrinsics: Intrinsics, track: Track, look: CloserLook, wrong: str
    ) -> tuple[Face, Crop]:
        with self._clock.timed("crop"):
            crop = self._closer.crop(view, intrinsics, track)
        with self._clock.timed("pose"):
            return self._tell(view, intrinsics, track, look, crop, wrong), crop

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
