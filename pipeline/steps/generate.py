"""What models imagine of a face: its relief from a gray picture, its colour from depth, a face from one eye."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from engines.card import ModelCard
from engines.loading import Models
from engines.models.eye_to_face import EyeFaceResult
from engines.models.gray_to_depth import ReliefResult
from pipeline.beside import Beside, in_turn
from pipeline.steps.crop import Crop, CropConfig, code_depth, cut
from pipeline.steps.eye_square import cut_square, eye_square
from pipeline.steps.landmarks import blind_share, contrast
from recordings.observation import GeneratedImage, HeadPose, Landmarks

RELIEF = "relief"
COLOR = "color"
FACE_FROM_EYE = "face from eye"

NOT_NOW = "made every n-th FrameSet to keep the latency budget"
"""Why there is no image on a FrameSet on which its model rests: an old one is never shown for a new one."""


class GenerateConfig(BaseModel):
    """Which images are generated of each face."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    relief: bool = Field(True, description="relief from the gray picture (GrayToDepth)")
    color: bool = Field(True, description="colour from the depth camera (DepthToColor)")
    face_from_eye: bool = Field(
        False, description="a face from one eye of a colour or gray picture (EyeToFace); an eye does not tell a face"
    )
    least_depth: float = Field(
        0.15, ge=0, le=1, description="least share of the crop with depth in range for a colour image"
    )
    most_blind: float = Field(
        0.7, ge=0, le=1, description="largest share of the face that is white or black in the picture, for a relief"
    )
    least_contrast: float = Field(
        5.0, ge=0, le=255, description="fewest gray levels that the picture's crop spans, for a relief"
    )
    least_eye_px: float = Field(9.0, ge=1, description="least side of an eye's square, for a face from it")
    eye_turned_deg: float = Field(
        25.0, ge=0, le=90, description="how far a head may be turned aside, up or down, for a face from its eye"
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One face whose images are to be generated.

    Attributes:
        crop: the papers' crop of the face.
        refused: ``generated.NAME`` -> why an image is not to be made, and ``eyes`` why the eyes are not believed (other
            names are ignored).
        landmarks: where the eyes are, in the picture's pixels; None where that is not known.
        pose: of the head; None where it is not known.
    """

    crop: Crop
    refused: Mapping[str, str] = field(default_factory=dict)
    landmarks: Landmarks | None = None
    pose: HeadPose | None = None


Made = list[GeneratedImage | str]
"""The images of every face, or why there is none."""

Generated = tuple[tuple[GeneratedImage, ...], Mapping[str, str]]
"""The images of one face, and for those that are missing (``generated.NAME``) the reason."""


class Generator:
    """Runs each generating model once for all faces.

    Args:
        beside: the relief is made beside all others where there is one, else one image is made after the other.

    Attributes:
        seconds: model -> what it took in the last call.
        rest_seconds: what everything but the models took then, as if one came after the other.
    """

    def __init__(
        self,
        models: Models,
        config: GenerateConfig | None = None,
        crop: CropConfig | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._models = models
        self._config = config or GenerateConfig()
        self._crop = crop or CropConfig()
        self._both = beside or in_turn
        self.seconds: dict[str, float] = {}
        self.rest_seconds = 0.0

    def __call__(
        self,
        gray: NDArray[np.uint8] | None,
        depth_mm: NDArray[np.uint16] | None,
        faces: Sequence[Wanted],
        white: int = 250,
        rests: Collection[str] = frozenset(),
        color: NDArray[np.uint8] | None = None,
    ) -> list[Generated]:
        """The generated images of every face, in the order of the faces.

        Args:
            gray: uint8 (H, W), None when there is no picture.
            depth_mm: uint16 (H, W) on the same grid, None when there is no depth.
            faces: where they are.
            white: the level of ``gray`` from which on the sensor is full.
            rests: models that are not to run now.
            color: uint8 (H, W, 3) RGB, the picture that ``gray`` is the luma of; None where that is no colour picture.
        """
        self.seconds = {}
        took: list[float] = []
        makers: dict[str, Callable[[], Made]] = {
            RELIEF: lambda: self._reliefs(gray, faces, white, "gray_to_depth" in rests),
            COLOR: lambda: self._colors(depth_mm, faces, "depth_to_color" in rests),
            FACE_FROM_EYE: lambda: self._faces(gray, color, faces, white, "eye_to_face" in rests),
        }

        def make(*names: str) -> dict[str, Made]:
            return {name: _timed(makers[name], took) for name in names}

        wanted = ((COLOR, self._config.color), (FACE_FROM_EYE, self._config.face_from_eye))
        others = [name for name, is_on in wanted if is_on]
        if self._config.relief and others:
            first, second = self._both(lambda: make(RELIEF), lambda: make(*others))
            made = {**first, **second}
        else:
            made = make(*([RELIEF] if self._config.relief else others))
        self.rest_seconds = max(0.0, sum(took) - sum(self.seconds.values()))
        return [_of_one({name: results[i] for name, results in made.items()}) for i in range(len(faces))]

    def _reliefs(self, gray: NDArray[np.uint8] | None, faces: Sequence[Wanted], white: int, rests: bool) -> Made:
        model = self._models.gray_to_depth
        if model is None:
            return [_missing(self._models, "gray_to_depth")] * len(faces)
        if rests:
            return [face.refused.get(f"generated.{RELIEF}") or NOT_NOW for face in faces]
        crops = [
            face.refused.get(f"generated.{RELIEF}") or self._gray_crop(gray, face.crop, model.size, white)
            for face in faces
        ]
        start = time.perf_counter()
        results = iter(model.many([crop for crop in crops if not isinstance(crop, str)]))
        self.seconds["gray_to_depth"] = time.perf_counter() - start
        named = model_name(model.card)
        return [crop if isinstance(crop, str) else _relief(named, next(results)) for crop in crops]

    def _colors(self, depth_mm: NDArray[np.uint16] | None, faces: Sequence[Wanted], rests: bool) -> Made:
        model = self._models.depth_to_color
        if model is None:
            return [_missing(self._models, "depth_to_color")] * len(faces)
        if rests:
            return [face.refused.get(f"generated.{COLOR}") or NOT_NOW for face in faces]
        codes = [
            face.refused.get(f"generated.{COLOR}") or self._depth_crop(depth_mm, face.crop, model.size)
            for face in faces
        ]
        start = time.perf_counter()
        results = iter(model.many([code for code in codes if not isinstance(code, str)]))
        self.seconds["depth_to_color"] = time.perf_counter() - start
        named = model_name(model.card)
        return [code if isinstance(code, str) else GeneratedImage(COLOR, named, next(results).color) for code in codes]

    def _faces(
        self,
        gray: NDArray[np.uint8] | None,
        color: NDArray[np.uint8] | None,
        faces: Sequence[Wanted],
        white: int,
        rests: bool,
    ) -> Made:
        model = self._models.eye_to_face
        if model is None:
            return [_missing(self._models, "eye_to_face")] * len(faces)
        if rests:
            return [face.refused.get(f"generated.{FACE_FROM_EYE}") or NOT_NOW for face in faces]
        eyes = [self._eye(gray, color, face, model.size, white) for face in faces]
        start = time.perf_counter()
        shown = [eye for eye in eyes if not isinstance(eye, str)]
        results = iter(model.many([eye for eye, _ in shown], [left for _, left in shown]))
        self.seconds["eye_to_face"] = time.perf_counter() - start
        named = model_name(model.card)
        return [eye if isinstance(eye, str) else _face(named, next(results), color is None) for eye in eyes]

    def _eye(
        self, gray: NDArray[np.uint8] | None, color: NDArray[np.uint8] | None, face: Wanted, size: int, white: int
    ) -> tuple[NDArray[np.uint8], bool] | str:
        """The eye that a face is made from and whether it is on the picture's left, or why none is made."""
        for name in (f"generated.{FACE_FROM_EYE}", "eyes"):
            if reason := face.refused.get(name):
                return reason
        if gray is None:
            return "there is no picture to make it from"
        if face.landmarks is None or face.pose is None:
            return "where the eyes are is not known"
        turned = max(abs(face.pose.yaw_deg), abs(face.pose.pitch_deg))
        if turned > self._config.eye_turned_deg:
            return f"the head is turned by {turned:.0f} degrees: its eye is hardly seen"
        square = eye_square(face.landmarks.points, face.pose.yaw_deg)
        if square is None or square.side_px < self._config.least_eye_px:
            found = 0.0 if square is None else square.side_px
            return f"the eye is {found:.1f} px wide, {self._config.least_eye_px:g} are needed"
        if not square.inside(*gray.shape):
            return "an eye lies at the border of the picture"
        shown = cut_square(gray, square, size)
        if (blind := float(np.mean((shown <= 1) | (shown >= white)))) > self._config.most_blind:
            return f"{100 * blind:.0f} % of the eye is white or black in the picture"
        eye = np.repeat(shown[..., None], 3, axis=2) if color is None else cut_square(color, square, size)
        return eye, square.left

    def _gray_crop(self, gray: NDArray[np.uint8] | None, crop: Crop, size: int, white: int) -> NDArray[np.uint8] | str:
        """What a relief is made from, or why none is."""
        if gray is None:
            return "there is no picture to make it from"
        shown = cut(gray, crop.box, size)
        if (blind := blind_share(shown, white)) > self._config.most_blind:
            return f"{100 * blind:.0f} % of the face is white or black in the picture"
        if contrast(shown.pixels[shown.inside]) < self._config.least_contrast:
            return "the picture shows next to nothing at the face"
        return shown.pixels

    def _depth_crop(self, depth_mm: NDArray[np.uint16] | None, crop: Crop, size: int) -> NDArray[np.uint8] | str:
        """What a colour image is made from, or why none is."""
        if depth_mm is None:
            return "there is no depth to make it from"
        if crop.distance is None:
            return "there is no depth reading at the face to make it from"
        code = code_depth(cut(depth_mm, crop.box, size, nearest=True).pixels, crop.distance.mm, self._crop)
        share = float((code > 0).mean())
        if share < self._config.least_depth:
            return f"only {100 * share:.0f} % of the crop has depth in range"
        return code


def _timed(make: Callable[[], Made], took: list[float]) -> Made:
    """What ``make`` makes; ``took`` gets the seconds."""
    start = time.perf_counter()
    try:
        return make()
    finally:
        took.append(time.perf_counter() - start)


def _relief(model: str, result: ReliefResult) -> GeneratedImage:
    return GeneratedImage(RELIEF, model, result.code, result.relief_mm, result.confidence)


def _face(model: str, result: EyeFaceResult, is_gray: bool) -> GeneratedImage | str:
    """A face; of an eye without colour one without colour. A reason where the eye showed nothing."""
    if not result.valid:
        return result.reason
    luma = cv2.cvtColor(result.color, cv2.COLOR_RGB2GRAY) if is_gray else None
    pixels = result.color if luma is None else np.repeat(luma[..., None], 3, axis=2)
    return GeneratedImage(FACE_FROM_EYE, model, np.ascontiguousarray(pixels, np.uint8))


def _of_one(made: Mapping[str, GeneratedImage | str]) -> Generated:
    images = tuple(result for result in made.values() if not isinstance(result, str))
    return images, {f"generated.{name}": result for name, result in made.items() if isinstance(result, str)}


def model_name(card: ModelCard) -> str:
    """How a model is named in observations: its card's name and version."""
    return f"{card.name} {card.version}"


def _missing(models: Models, name: str) -> str:
    return f"the model {name} is not loaded: {models.missing.get(name, 'it was not asked for')}"
