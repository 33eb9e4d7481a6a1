"""What a face would look like to another camera: relief from a gray picture, colour from depth. Both imagined."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from engines.card import ModelCard
from engines.loading import Models
from pipeline.steps.crop import Crop, CropConfig, code_depth, cut
from pipeline.steps.landmarks import blind_share, contrast
from recordings.observation import GeneratedImage

RELIEF = "relief"
COLOR = "color"


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


class Generator:
    """Runs the two generating models on one face's crop. ``model_seconds`` is what they took in the last call."""

    def __init__(self, models: Models, config: GenerateConfig | None = None, crop: CropConfig | None = None) -> None:
        self._models = models
        self._config = config or GenerateConfig()
        self._crop = crop or CropConfig()
        self.model_seconds = 0.0

    def __call__(
        self,
        gray: NDArray[np.uint8] | None,
        depth_mm: NDArray[np.uint16] | None,
        crop: Crop,
        refused: Mapping[str, str] | None = None,
        white: int = 250,
    ) -> tuple[tuple[GeneratedImage, ...], Mapping[str, str]]:
        """The generated images of one face, and for those that are missing the reason.

        Args:
            gray: uint8 (H, W), None when there is no picture.
            depth_mm: uint16 (H, W) on the same grid, None when there is no depth.
            crop: the papers' crop of the face.
            refused: ``generated.NAME`` -> why an image is not to be made (other names are ignored).
            white: the level of ``gray`` from which on the sensor is full.
        """
        refused = refused or {}
        self.model_seconds = 0.0
        images: list[GeneratedImage] = []
        reasons: dict[str, str] = {}
        made: dict[str, GeneratedImage | str] = {}
        if self._config.relief:
            made[RELIEF] = refused.get(f"generated.{RELIEF}") or self._relief(gray, crop, white)
        if self._config.color:
            made[COLOR] = refused.get(f"generated.{COLOR}") or self._color(depth_mm, crop)
        for name, result in made.items():
            if isinstance(result, str):
                reasons[f"generated.{name}"] = result
            else:
                images.append(result)
        return tuple(images), reasons

    def _relief(self, gray: NDArray[np.uint8] | None, crop: Crop, white: int) -> GeneratedImage | str:
        model = self._models.gray_to_depth
        if model is None:
            return _missing(self._models, "gray_to_depth")
        if gray is None:
            return "there is no picture to make it from"
        shown = cut(gray, crop.box, model.size)
        if (blind := blind_share(shown, white)) > self._config.most_blind:
            return f"{100 * blind:.0f} % of the face is white or black in the picture"
        if contrast(shown.pixels[shown.inside]) < self._config.least_contrast:
            return "the picture shows next to nothing at the face"
        pixels = shown.pixels
        start = time.perf_counter()
        result = model(pixels)
        self.model_seconds += time.perf_counter() - start
        return GeneratedImage(RELIEF, model_name(model.card), result.code, result.relief_mm)

    def _color(self, depth_mm: NDArray[np.uint16] | None, crop: Crop) -> GeneratedImage | str:
        model = self._models.depth_to_color
        if model is None:
            return _missing(self._models, "depth_to_color")
        if depth_mm is None:
            return "there is no depth to make it from"
        if crop.distance is None:
            return "there is no depth reading at the face to make it from"
        code = code_depth(cut(depth_mm, crop.box, model.size, nearest=True).pixels, crop.distance.mm, self._crop)
        share = float((code > 0).mean())
        if share < self._config.least_depth:
            return f"only {100 * share:.0f} % of the crop has depth in range"
        start = time.perf_counter()
        result = model(code)
        self.model_seconds += time.perf_counter() - start
        return GeneratedImage(COLOR, model_name(model.card), result.color)


def model_name(card: ModelCard) -> str:
    """How a model is named in observations: its card's name and version."""
    return f"{card.name} {card.version}"


def _missing(models: Models, name: str) -> str:
    return f"the model {name} is not loaded: {models.missing.get(name, 'it was not asked for')}"
