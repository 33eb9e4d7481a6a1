"""When not to believe what was read of a face: what speaks against it, and how much its confidence falls.

The models answer whatever they are shown. Here what they cannot know is asked: does the border cut the face, is its
picture blinded, is it too small, is there a head's relief and size behind it. Every doubt is a reason for people and a
factor on the face's confidence; what falls is named in ``Face.invalid``. Under the name ``face`` stands what speaks
against the face as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Intrinsics, StreamKind
from pipeline.steps.crop import Crop
from pipeline.steps.flatness import FlatnessConfig, flat_reason, relief_of
from pipeline.steps.head_template import EYES_M, HEAD_SURFACE_M
from pipeline.steps.landmarks import LEFT_EYE, RIGHT_EYE, Reading
from pipeline.steps.palette import temperature_reason
from pipeline.steps.pose import SolvedPose
from pipeline.steps.register import View
from recordings.observation import Box

FACE = "face"
"""In ``Face.invalid``: why this is no face at all."""
READ = ("landmarks", "pose", "eyes")
GENERATED = ("generated.relief", "generated.color", "generated.face from eye")
"""What is imagined of a face falls with what it was imagined from."""


class ValidityConfig(BaseModel):
    """When a face and what was read of it are not believed. Lengths in px are of the picture that was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most_cut: float = Field(0.12, ge=0, le=1, description="share of the face's box that the border may cut off")
    eye_border: float = Field(
        0.06, ge=0, le=1, description="an eye nearer to the border than this share of the face's width is not believed"
    )
    most_blind: float = Field(
        0.7, ge=0, le=1, description="share of the face that may be white or black in its picture"
    )
    eyes_px: float = Field(
        10.0,
        ge=0,
        description="least distance of the outer eye corners, as if frontal, for eye openness and generated images",
    )
    landmarks_px: float = Field(6.5, ge=0, description="the same for landmarks and head pose")
    smallest: float = Field(0.55, ge=0, description="least size of a face at its distance, 1 is the average adult's")
    largest: float = Field(1.7, gt=0, description="largest such size")
    depth_trust: float = Field(
        0.85, ge=0, le=1, description="factor where a picture is there but does not show the face, and depth was read"
    )
    face_trust: float = Field(0.3, ge=0, le=1, description="factor on the confidence of what is no living face")
    palette_trust: float = Field(
        0.7,
        ge=0,
        le=1,
        description="factor where a thermal image is a picture of temperatures, in 8 bits or in colours",
    )
    mixed_trust: float = Field(
        0.6,
        ge=0,
        le=1,
        description="factor where two surfaces meet at the head's centre: somebody or a hand is before it",
    )
    no_depth_trust: float = Field(
        0.8, ge=0, le=1, description="factor where the depth camera sees nothing at the face: a screen, or out of range"
    )
    flatness: FlatnessConfig = Field(default_factory=FlatnessConfig)


@dataclass(slots=True)
class Doubts:
    """What speaks against a face: ``trust`` is the factor on its confidence, ``invalid`` names fields with reasons.

    A field keeps the first reason that is given for it.
    """

    trust: float = 1.0
    invalid: dict[str, str] = field(default_factory=dict)

    def add(self, reason: str, fields: Iterable[str], trust: float = 1.0) -> None:
        self.trust *= min(max(trust, 0.0), 1.0)
        for name in fields:
            self.invalid.setdefault(name, reason)


def doubts_of(
    view: View,
    crop: Crop,
    reading: Reading | None,
    solved: SolvedPose | None,
    intrinsics: Intrinsics,
    view_reason: str = "",
    config: ValidityConfig | None = None,
) -> Doubts:
    """Everything that speaks against one face, the gravest first.

    Args:
        view: the images.
        crop: of the face.
        reading: what the landmark model said and where; None where it is not believed anyway.
        solved: its head pose; None without one.
        intrinsics: of the view, or a guess.
        view_reason: what is wrong with the whole image (a palette in place of counts); empty if nothing is.
    """
    config = config or ValidityConfig()
    doubts = Doubts()
    if reading is not None:
        _no_head(doubts, view, crop, reading, solved, config)
        _cut(doubts, view, reading, config)
        _blind(doubts, view, reading, config)
        if crop.distance is not None and crop.distance.note:
            doubts.add(crop.distance.note, ("pose", "eyes"), config.mixed_trust)
    if solved is not None:
        _small(doubts, solved, intrinsics, config)
    if view.depth_mm is not None and crop.distance is None:
        doubts.trust *= config.no_depth_trust  # the reason stands at distance_m
    if view_reason:
        doubts.add(view_reason, ("eyes", "generated.relief"), config.palette_trust)
    if view.kind is StreamKind.THERMAL and (reason := temperature_reason(view.frame)):
        doubts.add(reason, ("temperature",))
    return doubts


def cut_share(box: Box, width: int, height: int) -> float:
    """Share 0..1 of a box that lies outside an image of that size."""
    if box.area <= 0:
        return 0.0
    w = min(box.x + box.w, width) - max(box.x, 0.0)
    h = min(box.y + box.h, height) - max(box.y, 0.0)
    return 1.0 - max(w, 0.0) * max(h, 0.0) / box.area


def _no_head(
    doubts: Doubts, view: View, crop: Crop, reading: Reading, solved: SolvedPose | None, config: ValidityConfig
) -> None:
    """A surface without a face's relief, or of another size than a face's."""
    if view.depth_mm is None or crop.distance is None:
        return
    everything = (FACE, "pose", "eyes", *GENERATED)
    relief = relief_of(view.depth_mm, reading.landmarks, config.flatness)
    reason = "" if relief is None else flat_reason(relief, None if solved is None else solved.pose, config.flatness)
    if reason:
        doubts.add(reason, everything, config.face_trust)
    elif solved is not None and view.intrinsics is not None:
        size = crop.distance.mm / max((solved.center_m[2] - HEAD_SURFACE_M) * 1000.0, 1.0)
        if not config.smallest < size < config.largest:
            reason = f"a picture or a doll: {size:.1f} times the size of a face at its distance"
            doubts.add(reason, everything, config.face_trust)


def _cut(doubts: Doubts, view: View, reading: Reading, config: ValidityConfig) -> None:
    """A face of which the border takes a part: its landmarks are guessed there, and crowd at the border."""
    height, width = view.shape
    share = cut_share(reading.box, width, height)
    if share > config.most_cut:
        reason = f"cut by the border: {100 * share:.0f} % of the face lie outside"
        doubts.add(reason, (*READ, *GENERATED), 1.0 - 1.5 * share)
    elif share > 0.0:
        doubts.trust *= 1.0 - 1.5 * share
    points = np.concatenate((reading.landmarks.points[RIGHT_EYE], reading.landmarks.points[LEFT_EYE]))
    margin = config.eye_border * reading.box.w
    if _reaches_out(points, width, height, margin):
        doubts.add("an eye lies at the border of the picture", ("eyes",))


def _reaches_out(points: NDArray[np.float32], width: int, height: int, margin: float) -> bool:
    low, high = points.min(axis=0), points.max(axis=0)
    return bool(min(low) < margin or high[0] > width - 1 - margin or high[1] > height - 1 - margin)


def _blind(doubts: Doubts, view: View, reading: Reading, config: ValidityConfig) -> None:
    """White where the sensor is full, black where it got nothing: the less of the face is left, the less is known."""
    if reading.from_kind is StreamKind.DEPTH:
        trust = 1.0 if view.gray is None else config.depth_trust
        doubts.add("read from depth, which does not show whether eyes are open", ("eyes",), trust)
    if reading.from_kind is StreamKind.THERMAL:
        doubts.add("read from a thermal image, which hardly shows whether eyes are open", ("eyes",))
    half = config.most_blind / 2
    if reading.blind > half:
        reason = f"blinded: {100 * reading.blind:.0f} % of the face is white or black"
        names = (*READ, "generated.relief") if reading.blind > config.most_blind else ()
        doubts.add(reason, names, 1.0 - (reading.blind - half) / (1.0 - half))


def _small(doubts: Doubts, solved: SolvedPose, intrinsics: Intrinsics, config: ValidityConfig) -> None:
    """A face of few pixels: between an open and a closed lid there is nothing left to see."""
    pixels = EYES_M * intrinsics.fx / solved.center_m[2]
    where = f"too far: {pixels:.1f} px between the outer eye corners"
    if pixels < config.landmarks_px:
        doubts.add(f"{where}, {config.landmarks_px:g} are needed", (*READ, *GENERATED))
    if pixels < config.eyes_px:
        doubts.add(f"{where}, {config.eyes_px:g} are needed", ("eyes", *GENERATED), pixels / config.eyes_px)
