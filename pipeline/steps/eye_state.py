"""How far the eyes of all faces are open, each by a close look at its pixels, with one call of the EyeState model.

Where the model is missing, or the picture is none of light (depth, thermal), the landmark model's own openness stays.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import StreamKind
from engines.models.eye_state import EyeJudgement
from pipeline.steps.eye_patch import EyePatches, cut_eyes, eyes_span
from pipeline.steps.register import View

READ_IN: Final = frozenset({StreamKind.COLOR, StreamKind.GRAY, StreamKind.INFRARED})
"""Pictures that show lids."""
LEAST_INSIDE: Final = 0.75
"""An eye of which less lies inside the picture is not judged."""
LEAST_EVIDENCE: Final = 0.2
"""Of what is less likely a face (0..1) the eyes are not looked at."""
MOST_SHARE: Final = 0.7
"""Of an eye's openness that is the word of the model of single eyes where that is sure of it."""
AROUND: Final = 1.0
"""Of the distance between the outer eye corners: so far about the eyes a colour frame is turned to gray."""


class EyeStateModel(Protocol):
    """What this step needs of the EyeState model."""

    def many(self, patches: NDArray[np.uint8]) -> list[EyeJudgement]: ...


@dataclass(frozen=True, slots=True)
class EyesSeen:
    """Both eyes of one face.

    Attributes:
        openness: of the person's right and left eye, 0..1.
        sure: how far each is believed, 0..1; 0 where the eye cannot be judged.
    """

    openness: tuple[float, float]
    sure: tuple[float, float]


def blended(seen: EyesSeen, openness: tuple[float, float]) -> tuple[float, float]:
    """Openness of the right and the left eye from both models: the surer the one of single eyes is, the more it counts.

    Their errors have little in common, so that the two together flicker less than either on small or noisy eyes.

    Args:
        openness: as the landmark model has it.
    """
    shares = (MOST_SHARE * sure for sure in seen.sure)
    right, left = (
        share * own + (1.0 - share) * other for share, own, other in zip(shares, seen.openness, openness, strict=True)
    )
    return right, left


class EyeReader:
    """Cuts both eyes of every face out of its picture and asks the model once for all of them.

    ``model_seconds`` is what the model took in the last call.
    """

    def __init__(self, model: EyeStateModel) -> None:
        self._model = model
        self.model_seconds = 0.0

    def many(self, asks: Sequence[tuple[View, NDArray[np.float32]]]) -> list[EyesSeen | None]:
        """The eyes of all faces; None where a View's picture shows no lids or the points span nothing.

        Args:
            asks: of each face the images, and its landmarks (68, 2) in their pixels.
        """
        cuts = [self._cut(view, points) for view, points in asks]
        shown = [patches.pixels for patches in cuts if patches is not None]
        self.model_seconds = 0.0
        if not shown:
            return [None] * len(cuts)
        start = time.perf_counter()
        told = iter(self._model.many(np.concatenate(shown)))
        self.model_seconds = time.perf_counter() - start
        return [None if patches is None else _seen(patches, next(told), next(told)) for patches in cuts]

    @staticmethod
    def _cut(view: View, points: NDArray[np.float32]) -> EyePatches | None:
        if view.kind not in READ_IN:
            return None
        if view.gray is not None:
            return cut_eyes(view.gray, points)
        # Of a colour frame whose luma nobody needs as a whole, the part about the eyes.
        span = eyes_span(points)
        center = points[36:48].mean(axis=0)
        if not (np.isfinite(span) and np.isfinite(center).all()):
            return None
        left, top = (max(int(v - AROUND * span), 0) for v in center)
        right, bottom = (max(int(v + AROUND * span) + 1, 0) for v in center)
        part = np.asarray(view.frame.pixels)[top:bottom, left:right]
        if part.ndim != 3 or 0 in part.shape:
            return None
        luma = np.asarray(cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY), np.uint8)
        return cut_eyes(luma, points - np.array([left, top], np.float32))


def _seen(patches: EyePatches, right: EyeJudgement, left: EyeJudgement) -> EyesSeen:
    sure = tuple(
        one.confidence if inside >= LEAST_INSIDE else 0.0
        for one, inside in zip((right, left), patches.inside, strict=True)
    )
    return EyesSeen((right.openness, left.openness), (sure[0], sure[1]))
