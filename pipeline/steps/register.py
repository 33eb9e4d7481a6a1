"""From a FrameSet to a View: the image in which faces are looked for, with depth on the same pixel grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, FrameSet, Intrinsics, StreamInfo, StreamKind
from drivers.related import Relations
from pipeline.steps.rig_depth import RigDepth, can_register, depth_mm_of, shares_grid
from pipeline.steps.take_over import Reference

__all__ = ["IMAGE_ORDER", "Registrar", "View", "depth_mm_of", "gray_of"]

IMAGE_ORDER = (StreamKind.COLOR, StreamKind.GRAY, StreamKind.INFRARED, StreamKind.DEPTH, StreamKind.THERMAL)
"""Which stream faces are looked for in: the first of these kinds on depth's own grid, else the first that depth can
be registered to, else the first."""

NO_DEPTH = "no depth stream"
OLD_DEPTH = "the depth picture is old"


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The reference image of a FrameSet.

    Attributes:
        frame: the reference frame; boxes and landmarks are in its pixels.
        gray: uint8 (H, W): luma of colour, the 8 bits of gray or infrared; for depth or thermal alone, None.
        depth_mm: uint16 (H, W) millimetres on the same grid, 0 = no reading; None without depth.
        intrinsics: of that grid; None when nobody calibrated it.
        depth: the depth frame behind ``depth_mm``.
        no_depth: why there is no ``depth_mm``, for people.
        thermal: the thermal frame of the FrameSet, on its own grid.
        related: which streams of the rig have places in one space.
    """

    frame: Frame
    gray: NDArray[np.uint8] | None
    depth_mm: NDArray[np.uint16] | None
    intrinsics: Intrinsics | None
    depth: Frame | None = None
    no_depth: str = NO_DEPTH
    thermal: Frame | None = None
    related: Relations = field(default_factory=lambda: Relations(()))

    @property
    def stream(self) -> str:
        return self.frame.stream

    @property
    def kind(self) -> StreamKind:
        return self.frame.kind

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.frame.info.height, self.frame.info.width

    @property
    def white(self) -> int:
        """The level of ``gray`` from which on the sensor is taken to be full; see :func:`gray_of` for 16 bits."""
        return 250 if self.frame.pixels.dtype == np.uint8 else 234


class Registrar:
    """Makes a View of every FrameSet, in order; the best stream is its reference, another where that gives nothing.

    Args:
        streams: of the rig.
        patience_s: see :class:`pipeline.steps.take_over.TakeOverConfig`.
    """

    def __init__(self, streams: Sequence[StreamInfo], patience_s: float = 0.0) -> None:
        self._depth = next((s for s in streams if s.kind is StreamKind.DEPTH), None)
        self._rig_depth = RigDepth(streams)
        order = _order_of(streams, self._depth, self._rig_depth.related)
        self._serving = Reference(order, patience_s)
        self._reference = order[0] if order else None

    def reset(self) -> None:
        """Forget which cameras were silent: the best one is to serve."""
        self._serving.reset()

    @property
    def rig_depth(self) -> RigDepth:
        """Metres for the pixels of the other streams."""
        return self._rig_depth

    @property
    def reference(self) -> StreamInfo | None:
        """The stream that faces are looked for in now; None when the rig has no stream at all."""
        return self._reference

    def __call__(self, frame_set: FrameSet) -> View | None:
        """The View of a FrameSet; None when it misses the reference frame."""
        self._reference = self._serving.step(frame_set)
        if self._reference is None:
            return None
        frame = frame_set.frames.get(self._reference.name)
        if frame is None:
            return None
        related, depth, why = self._rig_depth.related, None, NO_DEPTH
        if self._depth is not None and related(self._depth, frame.info):
            depth = frame_set.frames.get(self._depth.name)
            # What an old frame shows is not where anybody is now. Of the reference frame itself the process says so.
            if depth is not None and depth is not frame and depth.flags & FrameFlag.STALE:
                depth, why = None, OLD_DEPTH
        warm = (one for one in frame_set.frames.values() if one.kind is StreamKind.THERMAL)
        return View(
            frame=frame,
            gray=gray_of(frame),
            depth_mm=None if depth is None else self._rig_depth.of(depth, frame.info),
            intrinsics=frame.info.intrinsics,
            depth=depth,
            no_depth=why,
            thermal=next((one for one in warm if related(one.info, frame.info)), None),
            related=related,
        )


def gray_of(frame: Frame) -> NDArray[np.uint8] | None:
    """uint8 (H, W) of a colour, gray or infrared frame: ITU-R 601 luma, or the sensor's counts in 8 bits.

    16-bit images are scaled so that their 99.5th percentile is 235: the sensor's range says nothing of the scene's.
    None for depth and thermal, which are no pictures.
    """
    if frame.kind is StreamKind.COLOR:
        return np.asarray(cv2.cvtColor(np.asarray(frame.pixels), cv2.COLOR_RGB2GRAY), np.uint8)
    if frame.kind in (StreamKind.GRAY, StreamKind.INFRARED):
        if frame.pixels.dtype == np.uint8:
            return np.asarray(frame.pixels)
        sample = frame.pixels[::4, ::4]
        top = max(float(np.percentile(sample, 99.5)), 1.0)
        return np.asarray(cv2.convertScaleAbs(np.asarray(frame.pixels), alpha=235.0 / top), np.uint8)
    return None


def _order_of(streams: Sequence[StreamInfo], depth: StreamInfo | None, related: Relations) -> list[StreamInfo]:
    """The streams in which faces can be looked for, the best first."""
    left, order = list(streams), []
    while (best := _reference_of(left, depth, related)) is not None:
        order.append(best)
        left = [s for s in left if s.name != best.name]
    return order


def _reference_of(streams: Sequence[StreamInfo], depth: StreamInfo | None, related: Relations) -> StreamInfo | None:
    ordered = sorted(streams, key=lambda s: IMAGE_ORDER.index(s.kind))
    if depth is not None:
        pictures = [s for s in ordered if s.kind not in (StreamKind.DEPTH, StreamKind.THERMAL)]
        # On depth's own grid nothing is lost or guessed, and the infrared of a depth camera sees in the dark.
        for fits in (shares_grid, can_register):
            for stream in pictures:
                if related(depth, stream) and fits(depth, stream):
                    return stream
    return ordered[0] if ordered else None
