"""What a signal is given of one face at one instant, and what a signal is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, Intrinsics, StreamInfo, StreamKind
from drivers.related import Relations
from recordings.observation import Face, Landmarks, SignalValue

Points = NDArray[np.float64]
"""(N, 2) pixels."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a comparison of a face with another view of it found.

    Attributes:
        distance: the landmarks' median distance, in eye distances; infinite where the other camera sees no face.
        confidence: 0..1.
        skew_s: between the two pictures.
    """

    distance: float
    confidence: float
    skew_s: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class OtherView:
    """The same face as another camera of the rig sees it.

    Attributes:
        frame: of that camera; its own device time may differ from the instant's.
        project: points (N, 2) in pixels of ``Sight.stream`` to pixels (N, 2) of this frame, at the face's distance; NaN
            where that camera does not see them. None where no calibration or no distance leads there.
        off_px: how far off the projection may be, in pixels of this frame (unknown depth of each point), or what
            reckons it when it is asked for.
        landmarks: the points as they were read in this camera's own picture; None where they were not, are not
            believed, or seem to be another face's.
        face: the same face as this camera's own picture shows it, in its pixels and axes, where it was read on this
            FrameSet (pipeline/steps/second_look.py): landmarks, pose and eyes with its own confidence and doubts.
        agrees: how well it agrees with the face in the reference stream, or why nobody knows; None: not asked.
    """

    frame: Frame
    project: Callable[[Points], Points] | None = None
    off_px: float | Callable[[], float] = 0.0
    landmarks: Landmarks | None = None
    face: Face | None = None
    agrees: Agreement | str | None = None

    @property
    def error_px(self) -> float:
        """How far off the projection may be, in pixels of this frame."""
        return self.off_px() if callable(self.off_px) else self.off_px

    @property
    def info(self) -> StreamInfo:
        return self.frame.info

    @property
    def kind(self) -> StreamKind:
        return self.frame.kind


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One face at one instant.

    Attributes:
        device_ns: of the instant, on the reference camera's clock, or on ours in a rig of several clocks; it may leap
            in either direction.
        face: as the steps said it, raw; its pixels are those of ``info``.
        landmarks: the points as they are to be used: smoothed where smoothing is on; None where there are none or
            they are not believed.
        info: the stream that the face was found in.
        intrinsics: of that stream; guessed from a usual field of view where ``is_calibrated`` is False.
        gray: uint8 (H, W), the picture of that stream for the models; None for depth or thermal alone.
        depth_mm: uint16 (H, W) on the same grid, 0 = no reading, from a sensor, never generated; None without depth.
        others: the other streams that look at it, by name (thermal among them, also where ``info`` is thermal itself).
        context: what is known beside the pictures: name -> value, e.g. ``speed_kmh``; absent where unknown.
        elsewhere: the same face at the same instant as other cameras show it, by stream: those that read it on this
            FrameSet and say that it is this face. Their own ``gray``, ``others`` and ``elsewhere`` are empty.
        taken_ns: when the picture of ``info`` was taken, on that camera's own clock: to be compared with other frames
            of that clock, never with instants. None: clock and time are the instant's.
        related: says which cameras the rig relates. None: those that are compared are the whole rig.
    """

    device_ns: int
    face: Face
    landmarks: Landmarks | None
    info: StreamInfo
    intrinsics: Intrinsics
    is_calibrated: bool = True
    gray: NDArray[np.uint8] | None = None
    depth_mm: NDArray[np.uint16] | None = None
    others: Mapping[str, OtherView] = field(default_factory=dict)
    context: Mapping[str, float] = field(default_factory=dict)
    elsewhere: Mapping[str, Sight] = field(default_factory=dict)
    taken_ns: int | None = None
    related: Relations | None = None

    @property
    def picture_ns(self) -> int:
        """When its picture was taken, on its camera's own clock."""
        return self.device_ns if self.taken_ns is None else self.taken_ns

    @property
    def kind(self) -> StreamKind:
        """Of the stream that the face was found in."""
        return self.info.kind

    def doubt(self, *names: str) -> str:
        """Why the named fields, or the face as a whole, are not believed; '' where they are."""
        invalid = self.face.invalid
        if invalid:  # of most faces nothing is
            for name in ("face", *names):
                if name in invalid:
                    return invalid[name]
        return ""


class Signal(Protocol):
    """One measured thing of one face over time. Every face has its own; a face that is lost takes it along.

    A step is a pure function of what was given to this object before: no clock, no chance, no thread. It is called
    for every FrameSet in which its face was seen, in order; between, time passes without it.
    """

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """What is measured now: name -> value, always the same names; a value that is not known has its reason.

        Args:
            known: what other signals said of this face at this instant (those before it in the table).

        Never raises for what a picture or a face may hold (NaN, nothing, points outside the image).
        """
        ...


@lru_cache(maxsize=512)  # a reason mostly stays for a while, and many signals share it
def unknown(unit: str, reason: str, label: str = "", source: str = "") -> SignalValue:
    """A value that is not known, and why. Its number is 0 with confidence 0, and nobody may show it."""
    return SignalValue(0.0, unit, 0.0, reason, label, source)
