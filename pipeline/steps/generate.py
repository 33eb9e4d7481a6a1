"""What a face would look like to another camera: relief from a gray picture, colour from depth. Both imagined."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from engines.card import ModelCard
from engines.loading import Models
from engines.models.gray_to_depth import ReliefResult
from pipeline.beside import Beside, in_turn
from pipeline.steps.crop import Crop, CropConfig, code_depth, cut
from pipeline.steps.landmarks import blind_share, contrast
from recordings.observation import GeneratedImage

RELIEF = "relief"
COLOR = "color"

NOT_NOW = "made every n-th FrameSet to keep the latency budget"
"""Why there is no image on a FrameSet on which its model rests: an old one is never shown for a new one."""


class GenerateConfig(BaseModel):
    """Which images are generated of each face."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    relief: bool = Field(True, description="relief from the gray picture (GrayToDepth)")
    color: bool = Field(True, description="colour from the depth camera (DepthToColor)")
    least_depth: float = Field(
        0.15, ge=0, le=1, description="least share of the crop with depth in range for a colour image"
    )
    most_blind: float = Field(
        0.7, ge=0, le=1, description="largest share of the face that is white or black in the picture, for a relief"
    )
    least_contrast: float = Field(
        5.0, ge=0, le=255, description="fewest gray levels that the picture's crop spans, for a relief"
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One face whose images are to be generated.

    Attributes:
        crop: the papers' crop of the face.
        refused: ``generated.NAME`` -> why an image is not to be made (other names are ignored).
    """

    crop: Crop
    refused: Mapping[str, str] = field(default_factory=dict)


Made = list[GeneratedImage | str]
"""The images of every face, or why there is none."""

Generated = tuple[tuple[GeneratedImage, ...], Mapping[str, str]]
"""The images of one face, and for those that are missing (``generated.NAME``) the reason."""


class Generator:
    """Runs each generating model once for all faces.

    Args:
        beside: relief and colour are made at once where there is one, else one after the other.

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
    ) -> list[Generated]:
        """The generated images of every face, in the order of the faces.

        Args:
            gray: uint8 (H, W), None when there is no picture.
            depth_mm: uint16 (H, W) on the same grid, None when there is no depth.
            faces: where they are.
            white: the level of ``gray`` from which on the sensor is full.
            rests: models that are not to run now.
        """
        self.seconds = {}
        took: list[float] = []

        def reliefs() -> Made:
            return self._reliefs(gray, faces, white, "gray_to_depth" in rests)

        def colors() -> Made:
            return self._colors(depth_mm, faces, "depth_to_color" in rests)

        made: dict[str, Made] = {}
        if self._config.relief and self._config.color:
            made[RELIEF], made[COLOR] = self._both(lambda: _timed(reliefs, took), lambda: _timed(colors, took))
        elif self._config.relief:
            made[RELIEF] = _timed(reliefs, took)
        elif self._config.color:
            made[COLOR] = _timed(colors, took)
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


def _of_one(made: Mapping[str, GeneratedImage | str]) -> Generated:
    images = tuple(result for result in made.values() if not isinstance(result, str))
    return images, {f"generated.{name}": result for name, result in made.items() if isinstance(result, str)}


def model_name(card: ModelCard) -> str:
    """How a model is named in observations: its card's name and version."""
    return f"{card.name} {card.version}"


def _missing(models: Models, name: str) -> str:
    return f"the model {name} is not loaded: {models.missing.get(name, 'it was not asked for')}"
