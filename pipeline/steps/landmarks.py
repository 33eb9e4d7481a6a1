"""68 landmarks, eye openness and presence of all faces, with one call of the FaceLandmarks model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

from drivers.frame import StreamKind
from engines.models.face_landmarks import LandmarkResult
from pipeline.steps.close_crop import CLOSE_MM, within_ten_mm
from pipeline.steps.crop import Crop, CropConfig, Cutout, code_depth, cut
from pipeline.steps.eye_state import LEAST_EVIDENCE, READ_IN, EyeReader, blended
from pipeline.steps.register import View
from recordings.observation import Box, EyeOpenness, HeadPose, Landmarks

RIGHT_EYE = slice(36, 42)
LEFT_EYE = slice(42, 48)
LEAST_CLOSE_MM = 150.0
"""A closer crop than this has no room for brows and chin: what is read in it is no face."""


class LandmarkConfig(BaseModel):
    """When landmarks and eyes are believed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_contrast: float = Field(
        10.0, ge=0, le=255, description="a picture whose crop spans fewer gray levels is dark: depth is read instead"
    )
    least_size: float = Field(
        0.18, ge=0, le=1, description="landmarks that span less of the crop (width or height) are no face"
    )
    blind: float = Field(
        0.7,
        ge=0,
        le=1,
        description="a picture in which so much of the face is white or black is not read where depth can be",
    )
    close_mm: float = Field(
        CLOSE_MM,
        ge=0,
        le=2000,
        description="width and height of the crop round a face that was read in the FrameSet before; 0: the papers' "
        "crop always, for a model that has learned nothing else",
    )
    sure_confidence: float = Field(
        0.4, ge=0, le=1, description="landmarks with less mean confidence speak against a face"
    )
    eyes_yaw_deg: float = Field(50.0, gt=0, le=90, description="beyond this an eye's openness is not measured")
    eyes_pitch_deg: float = Field(40.0, gt=0, le=90, description="beyond this an eye's openness is not measured")
    eyes_confidence: float = Field(0.25, ge=0, le=1, description="least mean confidence of an eye's six landmarks")
    forehead: float = Field(0.28, ge=0, le=1, description="forehead above the brows, as a share of brows to chin")
    margin: float = Field(0.05, ge=0, le=1, description="margin of the box at sides and chin, as a share of its size")

    @field_validator("close_mm")
    @classmethod
    def _room_for_a_face(cls, value: float) -> float:
        if 0 < value < LEAST_CLOSE_MM:
            raise ValueError(f"close_mm must be 0 (never) or at least {LEAST_CLOSE_MM:g}: {value:g} cuts faces off")
        return value


class LandmarkModel(Protocol):
    """What this step needs of the FaceLandmarks model."""

    size: int

    def many(
        self, crops: Sequence[NDArray[Any]], valids: Sequence[NDArray[np.bool_] | None]
    ) -> list[LandmarkResult]: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of one crop.

    Attributes:
        landmarks: in px of the stream.
        openness: of the person's right and left eye, 0..1.
        presence: 0..1 that a face is seen, up to the profile, as the model has it.
        evidence: the same, lowered where the model is unsure of the landmarks: real faces have a mean confidence of
            0.4 or more, backs of heads and bodies half of it.
        from_kind: which image was read: the picture's kind, depth or thermal.
        box: round the landmarks, with the forehead.
        blind: share 0..1 of the middle of the crop that is white (the sensor is full) or black in the picture.
        beside: depth was read although the picture of this crop could have been.
        eyes_sure: how far the openness of either eye is believed, 0..1; None where the model of single eyes was silent.
    """

    landmarks: Landmarks
    openness: tuple[float, float]
    presence: float
    evidence: float
    from_kind: StreamKind
    box: Box
    blind: float = 0.0
    beside: bool = False
    eyes_sure: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """What is to be read.

    Attributes:
        view: the images.
        crop: where the face is in them; depth is read only where it has a distance.
        depth_first: read depth, where there is any, even beside a picture with light in it.
        share: of the papers' crop that ``crop`` is wide.
    """

    view: View
    crop: Crop
    depth_first: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Image:
    """A crop for the model, what of it is inside the image or valid (None: all), and what a Reading says of it."""

    pixels: NDArray[Any]
    valid: NDArray[np.bool_] | None
    kind: StreamKind
    blind: float = 0.0
    beside: bool = False


class LandmarkReader:
    """Cuts the crops out of the image that shows most, and asks the model once for all of them.

    ``model_seconds`` is what the model took in the last call.
    """

    def __init__(
        self,
        model: LandmarkModel,
        config: LandmarkConfig | None = None,
        crop: CropConfig | None = None,
        eyes: EyeReader | None = None,
    ) -> None:
        self._model = model
        self._eyes = eyes
        self._config = config or LandmarkConfig()
        self._crop = crop or CropConfig()
        self.model_seconds = 0.0

    def __call__(self, view: View, crop: Crop, *, depth_first: bool = False) -> Reading | None:
        """The reading of one face; see many()."""
        return self.many(view, [(crop, depth_first)])[0]

    def many(self, view: View, asks: Sequence[tuple[Crop, bool]]) -> list[Reading | None]:
        """The readings of all faces of one View; see read()."""
        return self.read([Ask(view, crop, depth_first) for crop, depth_first in asks])

    def read(self, asks: Sequence[Ask]) -> list[Reading | None]:
        """The readings of all faces, with one call of the model; None where a View holds no image to read."""
        chosen = [self._image(ask.view, ask.crop, ask.depth_first) for ask in asks]
        shown = [image for image in chosen if image is not None]
        start = time.perf_counter()
        results = iter(self._model.many([image.pixels for image in shown], [image.valid for image in shown]))
        self.model_seconds = time.perf_counter() - start
        readings = [
            None if image is None else self._reading(next(results), ask, image)
            for ask, image in zip(asks, chosen, strict=True)
        ]
        return readings if self._eyes is None else self._closely(self._eyes, asks, readings)

    def _closely(
        self, eyes: EyeReader, asks: Sequence[Ask], readings: Sequence[Reading | None]
    ) -> list[Reading | None]:
        """The readings with what the model of single eyes says, of those that may be faces seen by light."""
        told = list(readings)
        lit = [
            (i, asks[i].view, one)
            for i, one in enumerate(readings)
            if one is not None and one.from_kind in READ_IN and one.evidence >= LEAST_EVIDENCE
        ]
        for (i, _, one), seen in zip(lit, eyes.many([(view, r.landmarks.points) for _, view, r in lit]), strict=True):
            if seen is not None:
                told[i] = replace(one, openness=blended(seen, one.openness), eyes_sure=seen.sure)
        self.model_seconds += eyes.model_seconds
        return told

    def _reading(self, result: LandmarkResult, ask: Ask, image: _Image) -> Reading:
        size, crop = self._model.size, ask.crop
        points = (result.points.astype(np.float64) + 0.5) * (crop.box.w / size, crop.box.h / size)
        points += (crop.box.x, crop.box.y)
        span = np.ptp(result.points, axis=0) / size
        presence = result.presence
        if not np.isfinite(result.points).all() or float(span.min()) < self._config.least_size:
            presence = 0.0
        confidence = within_ten_mm(result.confidence, ask.share)
        landmarks = Landmarks(np.nan_to_num(points).astype(np.float32), confidence)
        sure = float(confidence.mean()) / max(self._config.sure_confidence, 1e-6)
        return Reading(
            landmarks=landmarks,
            openness=(float(result.openness[0]), float(result.openness[1])),
            presence=float(presence),
            evidence=float(presence * min(sure, 1.0)),
            from_kind=image.kind,
            box=box_of(landmarks.points, self._config),
            blind=image.blind,
            beside=image.beside,
        )

    def _image(self, view: View, crop: Crop, depth_first: bool) -> _Image | None:
        """The crop to read: the picture; depth where there is none or it is dark or glaring; thermal by itself."""
        size = self._model.size
        has_depth = view.depth_mm is not None and crop.distance is not None
        shown = self._picture(view, crop.box)
        seen = False
        if shown is not None:
            blind = blind_share(shown, view.white)
            seen = blind <= self._config.blind and contrast(shown.pixels[shown.inside]) >= self._config.least_contrast
            if not has_depth or (seen and not depth_first):
                return _Image(shown.pixels, None if shown.inside.all() else shown.inside, view.kind, blind)
        if view.depth_mm is not None and crop.distance is not None:
            code = code_depth(cut(view.depth_mm, crop.box, size, nearest=True).pixels, crop.distance.mm, self._crop)
            return _Image(code, code > 0, StreamKind.DEPTH, beside=seen)
        if view.kind is StreamKind.THERMAL:
            warm = cut(np.asarray(view.frame.pixels), crop.box, size)
            return _Image(warm.pixels, None if warm.inside.all() else warm.inside, StreamKind.THERMAL)
        return None

    def _picture(self, view: View, box: Box) -> Cutout | None:
        """The gray picture's crop; of a colour frame whose luma nobody needs as a whole, the crop's alone."""
        if view.gray is not None:
            return cut(view.gray, box, self._model.size)
        if view.kind is not StreamKind.COLOR:
            return None
        shown = cut(np.asarray(view.frame.pixels), box, self._model.size)
        luma = np.asarray(cv2.cvtColor(shown.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        return Cutout(luma, shown.inside, box)


def blind_share(shown: Cutout, white: int) -> float:
    """Share 0..1 of the middle of a gray crop that is white or black; what lies outside the image does not count.

    Args:
        white: the level from which on a pixel is white.
    """
    size = shown.pixels.shape[0]
    middle = slice(size // 4, size - size // 4)
    values = shown.pixels[middle, middle][shown.inside[middle, middle]]
    if values.size == 0:
        return 0.0
    return 1.0 - np.count_nonzero((values > 1) & (values < white)) / values.size


def contrast(values: NDArray[np.uint8]) -> float:
    """Gray levels between the 2nd and the 98th percentile; 0 for nothing."""
    if values.size == 0:
        return 0.0
    below = np.cumsum(np.bincount(values, minlength=256))
    low, high = np.searchsorted(below, (0.02 * values.size, 0.98 * values.size))
    return float(high - low)


def box_of(points: NDArray[np.float32], config: LandmarkConfig | None = None) -> Box:
    """The face's box: round the 68 points (N, 2) with a margin, and up over the forehead that no landmark marks."""
    config = config or LandmarkConfig()
    left, top = points.min(axis=0).astype(float)
    right, bottom = points.max(axis=0).astype(float)
    w, h = right - left, bottom - top
    aside, over = config.margin * w, config.forehead * h
    return Box(float(left - aside), float(top - over), float(w + 2 * aside), float(h + over + config.margin * h))


def eyes_of(reading: Reading, pose: HeadPose | None, config: LandmarkConfig | None = None) -> EyeOpenness | str:
    """Openness of both eyes, or the reason why it cannot be told."""
    config = config or LandmarkConfig()
    if pose is None:
        return "without a head pose nobody knows whether the eyes can be seen"
    if abs(pose.yaw_deg) > config.eyes_yaw_deg:
        return f"the head is turned by {abs(pose.yaw_deg):.0f} degrees: one eye is hidden"
    if abs(pose.pitch_deg) > config.eyes_pitch_deg:
        return f"the head is tilted by {abs(pose.pitch_deg):.0f} degrees: the lids are hidden"
    sure = min(float(reading.landmarks.confidence[eye].mean()) for eye in (RIGHT_EYE, LEFT_EYE))
    if sure < config.eyes_confidence:
        return f"the landmarks of an eye are unsure (confidence {sure:.2f})"
    right, left = (min(max(v, 0.0), 1.0) for v in reading.openness)
    return EyeOpenness(right, left, reading.eyes_sure)
