"""OpenCV's trained Haar cascades (Viola and Jones, CVPR 2001) at one scale: is there a face, and where.

OpenCV finds windows on several threads and in any order; what is given out here is sorted, so that the same image
gives the same answer.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

import cv2
import cv2.data
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import PipelineError
from recordings.observation import Box

Gray = NDArray[np.uint8]


class Look(enum.IntEnum):
    """Which way the faces look that a cascade was trained on; profiles of the other side are mirrored."""

    FRONTAL = 0
    IMAGE_LEFT = 1
    IMAGE_RIGHT = 2


@dataclass(frozen=True, slots=True)
class HaarHit:
    """A face: its box in px of the image, and how many overlapping windows agreed."""

    box: Box
    look: Look
    neighbors: int


class Haar:
    """The frontal cascade and the profile cascade for both sides."""

    def __init__(self, scale_step: float = 1.12, neighbors: int = 4) -> None:
        """
        Raises:
            PipelineError: OpenCV came without its cascade files.
        """
        self._scale_step = scale_step
        self._neighbors = neighbors
        self._frontal = _load("haarcascade_frontalface_default.xml")
        self._profile = _load("haarcascade_profileface.xml")

    def __call__(self, gray: Gray, look: Look, smallest_px: float, largest_px: float) -> list[HaarHit]:
        """Faces of one look, the surest first; sizes are those of the cascade's square windows in px."""
        mirrored = look is Look.IMAGE_RIGHT
        image = np.ascontiguousarray(gray[:, ::-1]) if mirrored else gray
        cascade = self._frontal if look is Look.FRONTAL else self._profile
        low, high = max(round(smallest_px), 20), max(round(largest_px), 21)
        boxes, counts = cascade.detectMultiScale2(
            image, self._scale_step, self._neighbors, minSize=(low, low), maxSize=(high, high)
        )
        hits = []
        for (x, y, w, h), count in zip(np.asarray(boxes).reshape(-1, 4), np.ravel(counts), strict=True):
            left = gray.shape[1] - x - w if mirrored else x
            # Windows cover whole pixels; boxes count from pixel centres.
            box = Box(float(left) - 0.5, float(y) - 0.5, float(w), float(h))
            hits.append(HaarHit(box, look, int(count)))
        hits.sort(key=lambda hit: (-hit.neighbors, hit.box.y, hit.box.x, hit.box.w))
        return hits


def _load(name: str) -> cv2.CascadeClassifier:
    path = Path(cv2.data.haarcascades) / name
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise PipelineError(
            f"the Haar cascade {path} cannot be read; OpenCV 5 has none: install opencv-python-headless>=4.10,<5"
        )
    return cascade
