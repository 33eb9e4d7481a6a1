"""eye_to_face: faces imagined from one eye, beside the mean of other people. Pairs by OpenCV's Haar cascades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.card import Measured
from engines.models.eye_to_face import EyeToFace
from training.feed import FaceStore
from training.measures.report import EvaluationError, Report, some
from training.metrics import mean_absolute
from training.real_data import rap3df
from training.truth import LUMA

EYE, FACE = 32, 128
UPPER_PART = 0.6
"""Eyes are looked for in so much of the face box, from above."""
LARGER = 4
"""Small pictures are enlarged so many times before the cascades look: they want faces of 120 px."""
SCALES = 3


@dataclass(frozen=True)
class EyePair:
    """One eye (32, 32, 3) and the face that it belongs to (128, 128, 3), both RGB uint8; whether it is on the left."""

    eye: NDArray[np.uint8]
    face: NDArray[np.uint8]
    left: bool


@cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + f"haarcascade_{name}.xml")
    if cascade.empty():
        raise EvaluationError(f"OpenCV's cascade haarcascade_{name}.xml is missing from this installation of OpenCV.")
    return cascade


def haar_pairs(color: NDArray[np.uint8]) -> list[EyePair]:
    """The paper's pair builder: two pairs of a picture with exactly one face and exactly two eyes, else none.

    Args:
        color: (H, W, 3) RGB; faces from 120 px on are found.

    Raises:
        EvaluationError: OpenCV came without its cascades.
    """
    gray = cv2.cvtColor(color, cv2.COLOR_RGB2GRAY)
    faces = _cascade("frontalface_default").detectMultiScale(gray, 1.1, 5, minSize=(120, 120))
    if len(faces) != 1:
        return []
    x, y, w, h = (int(v) for v in faces[0])
    eyes = _cascade("eye").detectMultiScale(gray[y : y + int(UPPER_PART * h), x : x + w], 1.1, 5)
    if len(eyes) != 2:
        return []
    (a, *_), (b, *_) = first, second = sorted(tuple(int(v) for v in eye) for eye in eyes)
    if a + first[2] > b and first[1] < second[1] + second[3] and second[1] < first[1] + first[3]:
        return []
    face = _square(color[y : y + h, x : x + w], FACE)
    eyes = [_square(color[y + t : y + t + n, x + s : x + s + m], EYE) for s, t, m, n in (first, second)]
    return [EyePair(eyes[0], face, True), EyePair(eyes[1], face, False)]


def _square(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    out: NDArray[np.uint8] = cv2.resize(picture, (size, size), interpolation=cv2.INTER_LINEAR)
    return out


def structural_similarity(a: NDArray, b: NDArray) -> float:
    """Mean SSIM (Wang et al., 2004; Gaussian window of deviation 1.5) of two pictures on 0..255, channels averaged."""
    a, b = (picture.astype(np.float64) for picture in (a, b))

    def blurred(x: NDArray) -> NDArray:
        return np.asarray(cv2.GaussianBlur(x, (11, 11), 1.5))

    ma, mb = blurred(a), blurred(b)
    va, vb, both = blurred(a * a) - ma * ma, blurred(b * b) - mb * mb, blurred(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(np.mean((2 * ma * mb + c1) * (2 * both + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))))


def perceptual_distance(a: NDArray, b: NDArray) -> float:
    """1 - SSIM, averaged over three scales, each half as fine as the one before; 0 for equal pictures."""
    a, b = (picture.astype(np.float32) for picture in (a, b))
    total = 0.0
    for _ in range(SCALES):
        total += 1 - structural_similarity(a, b)
        a, b = (cv2.resize(x, (x.shape[1] // 2, x.shape[0] // 2), interpolation=cv2.INTER_AREA) for x in (a, b))
    return total / SCALES


def synthetic(model: EyeToFace, store: FaceStore, count: int) -> list[Measured]:
    """Pairs of rendered, held-out faces in which the cascades find a face and two eyes. Raises EvaluationError."""
    pairs, owner = [], []
    for index in some(store.held_out_faces, 4 * count):
        if store.toward[index] != 1:
            continue
        picture = cv2.resize(np.ascontiguousarray(store.get("color", int(index))), None, fx=3, fy=3)
        found = haar_pairs(picture)
        pairs += found
        owner += [str(store.identity[index])] * len(found)
        if len(pairs) >= 2 * count:
            break
    report = Report("eye_to_face", real=False)
    if len(set(owner)) < 2:
        report.add("rendered held-out faces with pairs", len(pairs) / 2, "1", f"{len(store.held_out_faces)} heads")
        return report.values
    _add(report, model, pairs, owner, f"{len(pairs)} eyes of rendered held-out faces")
    return report.values


def real(model: EyeToFace, data: Path) -> list[Measured]:
    """Pairs of rap3df_set2, beside the mean face of the other people in it. Raises RealDataError."""
    pairs, owner, seen = [], [], 0
    for who, picture in _enlarged(data):
        found = haar_pairs(picture)
        seen += 1
        pairs += found
        owner += [who] * len(found)
    report = Report("eye_to_face", real=True)
    report.add("pictures with one face and two eyes", len(pairs) / 2 / seen, "1", f"rap3df_set2, {seen} pictures")
    _add(report, model, pairs, owner, f"rap3df_set2, {len(pairs)} eyes by the Haar pair builder")
    return report.values


def _enlarged(data: Path) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    for sample in rap3df(data):
        yield sample.subject, cv2.resize(sample.color, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC)


def _add(report: Report, model: EyeToFace, pairs: Sequence[EyePair], owner: Sequence[str], on: str) -> None:
    faces = np.stack([pair.face for pair in pairs]).astype(np.float64)
    who = np.array(owner)
    total, number = faces.sum(axis=0), len(faces)
    rows: dict[str, list[tuple[float, float, float, float]]] = defaultdict(list)
    for i, pair in enumerate(pairs):
        own = who == who[i]
        mean = (total - faces[own].sum(axis=0)) / max(1, number - own.sum())
        for name, found in (("model", model(pair.eye, pair.left).color), ("mean face of other people", mean)):
            rows[name].append(_score(found, pair.face))
    for name, values in rows.items():
        level, skin, alike, apart = np.mean(values, axis=0)
        report.add(f"L1, {name}", level, "levels of 255", on)
        report.add(f"mean colour of the face's middle off by, {name}", skin, "levels of 255", on)
        report.add(f"SSIM of the brightness, {name}", alike, "1", on)
        report.add(f"perceptual distance (1 - SSIM over three scales), {name}", apart, "1", on)


def _score(found: NDArray, truth: NDArray) -> tuple[float, float, float, float]:
    middle = slice(FACE // 4, 3 * FACE // 4)
    skin = np.abs(found[middle, middle].mean(axis=(0, 1)) - truth[middle, middle].mean(axis=(0, 1))).mean()
    alike = structural_similarity(found @ LUMA.astype(np.float64), truth @ LUMA.astype(np.float64))
    return mean_absolute(found, truth), float(skin), alike, perceptual_distance(found, truth)
