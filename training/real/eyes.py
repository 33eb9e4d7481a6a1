"""Pairs of one eye and its face, as the paper's Haar pair builder makes them, and how like the truth a face is.

A picture gives two pairs where the frontal cascade finds exactly one face and the eye cascade, in that face's upper
60 %, exactly two eyes that do not overlap. Eyes are 32 px, faces 128 px, square.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import cv2.data
import numpy as np
from numpy.typing import NDArray

from training.real.color import structural_similarity

EYE_PX, FACE_PX = 32, 128
UPPER = 0.6
STEP, NEIGHBORS = 1.1, 5


Found = tuple[NDArray, NDArray]
"""A face (x, y, w, h), and its eyes (2, 4)."""


@dataclass(frozen=True)
class EyePairs:
    """(P,) row of the picture each, eyes (P, 32, 32, 3) and faces (P, 128, 128, 3), BGR uint8, and (P,) whether the eye
    is the one on the picture's left."""

    row: NDArray[np.int64]
    eye: NDArray[np.uint8]
    face: NDArray[np.uint8]
    left: NDArray[np.bool_]


class PairBuilder:
    """Haar's frontal face and eye cascades, set as the definition has them."""

    def __init__(self) -> None:
        folder = cv2.data.haarcascades
        self._face = cv2.CascadeClassifier(f"{folder}haarcascade_frontalface_default.xml")
        self._eye = cv2.CascadeClassifier(f"{folder}haarcascade_eye.xml")

    def find(self, bgr: NDArray[np.uint8]) -> Found | None:
        """The face (x, y, w, h) and its two eyes (2, 4), left in the picture first; None unless exactly these."""
        gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
        faces = self._face.detectMultiScale(gray, STEP, NEIGHBORS)
        if len(faces) != 1:
            return None
        x, y, w, h = (int(v) for v in faces[0])
        eyes = self._eye.detectMultiScale(gray[y : y + round(UPPER * h), x : x + w], STEP, NEIGHBORS)
        if len(eyes) != 2:
            return None
        eyes = np.asarray(sorted(np.asarray(eyes).tolist()))
        if not _apart(eyes[0], eyes[1]):
            return None
        return np.asarray(faces[0]), eyes + np.array([x, y, 0, 0])

    def find_all(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Found | None]:
        """Face and eyes of every BGR picture."""
        return [self.find(picture) for picture in pictures]

    def pairs(self, pictures: Sequence[NDArray[np.uint8]], places: Sequence[Found | None] | None = None) -> EyePairs:
        """All pairs of BGR pictures, two of each that gives any.

        Args:
            pictures: eyes and faces are cut from these.
            places: where they are; None looks for them.
        """
        rows, eyes, faces, lefts = [], [], [], []
        for i, found in enumerate(self.find_all(pictures) if places is None else places):
            if found is None:
                continue
            face = _square(pictures[i], found[0], FACE_PX)
            for eye, left in zip(found[1], (True, False), strict=True):
                rows.append(i)
                eyes.append(_square(pictures[i], eye, EYE_PX))
                faces.append(face)
                lefts.append(left)
        return EyePairs(
            np.array(rows, np.int64),
            np.array(eyes, np.uint8).reshape(-1, EYE_PX, EYE_PX, 3),
            np.array(faces, np.uint8).reshape(-1, FACE_PX, FACE_PX, 3),
            np.array(lefts, bool),
        )


def _apart(a: NDArray, b: NDArray) -> bool:
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return bool(w <= 0 or h <= 0)


def _square(picture: NDArray[np.uint8], box: NDArray, size: int) -> NDArray[np.uint8]:
    x, y, w, h = (int(v) for v in box)
    return cv2.resize(picture[y : y + h, x : x + w], (size, size), interpolation=cv2.INTER_LINEAR)


def score_one(found: NDArray[np.uint8], truth: NDArray[np.uint8]) -> dict[str, float]:
    """L1 of 255, SSIM of the luma, and the distance of histograms of gradients (shapes without their light)."""
    gray, wanted = cv2.cvtColor(found, cv2.COLOR_BGR2GRAY), cv2.cvtColor(truth, cv2.COLOR_BGR2GRAY)
    whole = np.ones(gray.shape, bool)
    return {
        "L1": float(np.abs(found.astype(float) - truth).mean()),
        "SSIM": structural_similarity(gray, wanted, whole),
        "HOG distance": float(np.linalg.norm(_gradients(gray) - _gradients(wanted))),
    }


def _gradients(gray: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Dalal and Triggs' descriptor of a 128 px picture, of length 1."""
    hog = cv2.HOGDescriptor((FACE_PX, FACE_PX), (32, 32), (16, 16), (16, 16), 9)
    values = np.asarray(hog.compute(gray), float).ravel()
    return values / max(float(np.linalg.norm(values)), 1e-9)


def baselines(pairs: EyePairs, subject: NDArray) -> dict[str, NDArray[np.uint8]]:
    """For each pair the mean face of other subjects, and the face of the other subject with the most alike eye."""
    mean = np.zeros(pairs.face.shape)
    for who in np.unique(subject):
        others = subject != who
        mean[subject == who] = pairs.face[others].mean(axis=0) if others.any() else 0
    flat = pairs.eye.reshape(len(pairs.eye), -1).astype(np.float64)
    nearest = np.zeros(len(flat), int)
    for i in range(len(flat)):
        apart = ((flat - flat[i]) ** 2).sum(axis=1)
        apart[subject == subject[i]] = np.inf
        nearest[i] = int(np.argmin(apart))
    return {
        "mean face of other people": np.clip(np.round(mean), 0, 255).astype(np.uint8),
        "face of the nearest other eye": pairs.face[nearest],
    }
