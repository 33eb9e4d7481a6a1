"""What is measured of each face over time: its signals, asked in their order and remembered by face."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from drivers.frame import FrameSet, Intrinsics, StreamInfo
from pipeline.rules.identity import is_another
from pipeline.signals.best_camera import BestCamera
from pipeline.signals.config import SignalsConfig
from pipeline.signals.names import RAW
from pipeline.signals.sight import OtherView, Sight, Signal, unknown
from pipeline.signals.smoothing import LandmarkSmoother, SignalSmoother, SmoothingConfig
from pipeline.signals.spectra import SpectraConfig, agreement_of, apart_ns
from pipeline.signals.table import make_signals
from pipeline.signals.timing import GAP_S
from pipeline.steps.other_views import OtherViews
from pipeline.steps.register import View
from recordings.observation import Box, Face, Landmarks, SignalValue

log = logging.getLogger(__name__)

FORGET_NS: Final = 30_000_000_000
"""A face that was not seen for so long has its signals begun anew; a track's number does not come back later."""

SAME_PLACE: Final = 60.0 / 320.0
"""Of the papers' crop: so far from the head's centre may the middle of a face lie that is read there."""

GAP_NS: Final = round(GAP_S * 1e9)
MakeSignals = Callable[[], Sequence[Signal]]


class Smoother(Protocol):
    """Of one face; remembers."""

    def landmarks(self, device_ns: int, face: Face) -> Landmarks | None:
        """Smoothed beside the face's own; None where it has none."""
        ...

    def signals(self, device_ns: int, signals: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """Those that are smoothed, as new values."""
        ...


class FaceSmoother:
    """Landmarks and signals of one face by the One-Euro filter."""

    def __init__(self, config: SmoothingConfig) -> None:
        self._landmarks = LandmarkSmoother(config)
        self._signals = SignalSmoother(config)

    def landmarks(self, device_ns: int, face: Face) -> Landmarks | None:
        return self._landmarks.step(device_ns, face)

    def signals(self, device_ns: int, signals: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        return self._signals.step(device_ns, signals)


@dataclass(slots=True)
class _Person:
    signals: Sequence[Signal]
    smoother: Smoother | None
    seen_ns: int


class SignalStep:
    """Call it with the faces of every FrameSet in order; it gives them back with their signals.

    Args:
        make: the signals of one face that was not seen before, in the order in which they are asked.
        smoother: makes what smooths landmarks and signals of one face; None: all is raw.
        same: when a face that was read in another picture is this one.
    """

    def __init__(
        self,
        make: MakeSignals,
        smoother: Callable[[], Smoother] | None = None,
        same: SpectraConfig | None = None,
    ) -> None:
        self._make = make
        self._same = same or SpectraConfig()
        self._smoother = smoother
        self._people: dict[int, _Person] = {}
        self._told: set[str] = set()
        self._views = OtherViews()
        self._places: dict[int, tuple[str, Box]] = {}
        self._last_ns: int | None = None

    def reset(self) -> None:
        """Forget everybody."""
        self._people.clear()
        self._places = {}
        self._last_ns = None

    def forget(self, numbers: Collection[int]) -> None:
        """Begin the signals of these faces anew: their numbers may have gone to other people."""
        for number in numbers:
            self._people.pop(number, None)

    @property
    def serving(self) -> Mapping[int, frozenset[str]]:
        """The streams that signals of a face, by its number, are taken from."""
        told = {number: frozenset(one.serves for one in _best_of(person)) for number, person in self._people.items()}
        return {number: streams for number, streams in told.items() if streams}

    @property
    def wanting(self) -> frozenset[int]:
        """Numbers of the faces of which no camera has told a signal that another one may know."""
        return frozenset(n for n, person in self._people.items() if any(one.is_wanting for one in _best_of(person)))

    def __call__(
        self,
        frame_set: FrameSet,
        view: View,
        intrinsics: Intrinsics,
        faces: Sequence[Face],
        context: Mapping[str, float] | None = None,
        elsewhere: Mapping[int, Mapping[str, Face]] | None = None,
    ) -> tuple[Face, ...]:
        """The faces with their signals.

        Args:
            view: the reference picture, in whose pixels the faces are.
            intrinsics: of it, guessed where it has none.
            context: what is known beside the pictures, e.g. ``speed_kmh``.
            elsewhere: by number and stream, the faces as they were read in other pictures of this FrameSet.
        """
        now = frame_set.device_ns
        if self._last_ns is not None and abs(now - self._last_ns) > GAP_NS:
            self._places = {}
        self._last_ns = now
        for face in faces:
            if is_another(face, self._places):
                self._people.pop(face.id, None)  # two that swapped numbers inherit nothing from each other
        self._places = {face.id: (face.stream, face.box) for face in faces}
        self._people = {n: one for n, one in self._people.items() if abs(now - one.seen_ns) <= FORGET_NS}
        read = elsewhere or {}
        return tuple(
            self._measured(face, frame_set, view, intrinsics, context or {}, read.get(face.id, {})) for face in faces
        )

    def _measured(
        self,
        face: Face,
        frame_set: FrameSet,
        view: View,
        intrinsics: Intrinsics,
        context: Mapping[str, float],
        elsewhere: Mapping[str, Face],
    ) -> Face:
        now = frame_set.device_ns
        person = self._people.get(face.id)
        if person is None:
            person = _Person(self._make(), None if self._smoother is None else self._smoother(), now)
            self._people[face.id] = person
        person.seen_ns = now
        info, taken_ns = view.frame.info, view.frame.device_ns
        landmarks = face.landmarks if person.smoother is None else person.smoother.landmarks(now, face)
        if "landmarks" in face.invalid:
            landmarks = None
        others = self._views(face, info, intrinsics, frame_set, view.related)
        sights: dict[str, Sight] = {}
        for name, there in elsewhere.items():
            seen = read_there(face, info, taken_ns, others[name], there, self._same)
            if is_same_face(face, info, taken_ns, seen, self._same):
                sights[name] = sight_there(now, seen, there, context)
            else:
                seen = replace(seen, landmarks=None)  # of something else: nothing is measured at them
            others[name] = seen
        sight = Sight(
            device_ns=now,
            face=face,
            landmarks=landmarks,
            info=info,
            intrinsics=intrinsics,
            is_calibrated=view.intrinsics is not None,
            gray=view.gray,
            depth_mm=view.depth_mm,
            others=others,
            context=context,
            elsewhere=sights,
            taken_ns=taken_ns,
            related=view.related,
        )
        known: dict[str, SignalValue] = {}
        for signal in person.signals:
            try:
                known.update(signal.step(sight, known))
            except Exception as error:  # one signal's mistake must not end the picture, nor the others: it is said
                name = type(signal).__name__.lower()
                if name not in self._told:
                    self._told.add(name)
                    log.exception("the signal %s failed", name)
                known[name] = unknown("", f"failed: {type(error).__name__}: {error}")
        if person.smoother is not None:
            smooth = person.smoother.signals(now, known)
            known.update({name + RAW: known[name] for name in smooth})
            known.update(smooth)
        return replace(face, signals={**face.signals, **known})


def _best_of(person: _Person) -> list[BestCamera]:
    return [signal for signal in person.signals if isinstance(signal, BestCamera)]


def read_there(
    face: Face, info: StreamInfo, taken_ns: int, view: OtherView, there: Face, config: SpectraConfig
) -> OtherView:
    """The view with the face as it was read there, and how well that agrees with the face.

    Args:
        face: in the stream ``info``.
        taken_ns: when that stream's picture was taken, on its camera's own clock.
        there: the same face in that view.
    """
    landmarks = None if "landmarks" in there.invalid else there.landmarks
    seen = OtherView(view.frame, view.project, view.off_px, landmarks, there)
    if face.landmarks is None or "landmarks" in face.invalid:
        return seen
    return replace(seen, agrees=agreement_of(face, face.landmarks, info, taken_ns, seen, config))


def is_same_face(face: Face, info: StreamInfo, taken_ns: int, view: OtherView, config: SpectraConfig) -> bool:
    """Whether what was read in another picture is this face, so that its signals may be taken from there.

    By its landmarks where both have them; otherwise by where it lies: within 60 mm of where the head is.

    Args:
        face: in the stream ``info``.
        taken_ns: when that stream's picture was taken, on its camera's own clock.
        view: see :func:`read_there`.
    """
    there = view.face
    if there is None or view.landmarks is None or "face" in face.invalid or "face" in there.invalid:
        return False
    if view.agrees is not None and view.project is not None:
        return not isinstance(view.agrees, str) and view.agrees.distance < config.apart
    if (apart_ns(info, taken_ns, view) or 0) > config.together_s * 1e9:
        return False
    if there.crop is None:
        return False
    (x, y), (cx, cy) = there.box.center, there.crop.center
    return max(abs(x - cx) / there.crop.w, abs(y - cy) / there.crop.h) < SAME_PLACE


def sight_there(device_ns: int, view: OtherView, face: Face, context: Mapping[str, float]) -> Sight:
    """The face as another camera shows it, for signals that can be read there."""
    lens = view.info.intrinsics
    assert lens is not None  # nothing is read where no calibration leads
    return Sight(device_ns, face, view.landmarks, view.info, lens, context=context, taken_ns=view.frame.device_ns)


def signal_step(
    config: SignalsConfig, *, looks_twice: bool = False, home: StreamInfo | None = None
) -> SignalStep | None:
    """All signals of the table; None where none are wanted.

    Args:
        looks_twice: faces are read in other pictures as well: signals are taken from the camera that is best.
        home: the stream that faces are looked for in first, whose camera the zones speak of.
    """
    if not config.enabled:
        return None
    return SignalStep(
        lambda: make_signals(config, looks_twice=looks_twice, home=home),
        lambda: FaceSmoother(config.smoothing),
        config.spectra,
    )
