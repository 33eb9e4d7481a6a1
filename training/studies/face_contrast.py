"""`python -m training.studies.face_contrast`: are lips, eyes and hollows of the rig as dark as those of real faces?

How bright parts of the face are beside the cheeks of the same face, in the values of the picture (0..255, as cameras
give them): the median over faces seen from ahead. Faces whose cheeks are black or burnt out do not count. No torch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.models.face_landmarks import FaceLandmarks
from training.feed import FaceStore
from training.measures.report import some
from training.real.crops import Region
from training.studies.beside_real import command, faces_ahead, frontal_rap

FINE = 4
"""Pictures are enlarged so many times, that parts of two pixels can be cut out of them."""
POINTS_SIZE = 128
DARKEST, BRIGHTEST = 25.0, 235.0
"""Of the cheeks."""
KEYS = ("color", "nir")

Face = tuple[NDArray[np.uint8], NDArray[np.float64]]
"""(H, W, 3) RGB or (H, W) infrared, and the 68 points (68, 2) in its pixels (x, y)."""


def parts(points: NDArray[np.float64]) -> dict[str, list[NDArray[np.float64]]]:
    """Polygons (K, 2) of the parts of a face with these 68 points; a disk is drawn as one with many corners."""
    p = points
    across = float(np.linalg.norm(p[45] - p[36]))

    def disk(middle: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
        angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        return middle + radius * across * np.stack([np.cos(angle), np.sin(angle)], axis=1)

    return {
        "cheeks": [disk((p[41] + p[48]) / 2, 0.10), disk((p[46] + p[54]) / 2, 0.10)],
        "upper lip": [np.concatenate([p[48:55], p[60:65][::-1]])],
        "lower lip": [np.concatenate([p[54:60], p[48:49], p[60:61], p[64:68][::-1]])],
        "eyes": [p[36:42], p[42:48]],
        "under the brows": [disk((p[37] + p[38] + 2 * p[19]) / 4, 0.04), disk((p[43] + p[44] + 2 * p[24]) / 4, 0.04)],
        "tip of the nose": [disk(p[30], 0.05)],
        "under the nose": [disk(p[33], 0.05)],
        "forehead": [disk((p[21] + p[22]) / 2 + 0.6 * (p[27] - p[30]), 0.12)],
    }


def contrasts(face: Face) -> dict[str, NDArray[np.float64]] | None:
    """Mean of each part over the mean of the cheeks, a number a channel; None where cheeks are black or burnt out."""
    picture, points = face
    fine = cv2.resize(picture, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_CUBIC)
    fine = fine.reshape(*fine.shape[:2], -1).astype(np.float64)
    means = {}
    for name, polygons in parts((points + 0.5) * FINE - 0.5).items():
        mask = np.zeros(fine.shape[:2], np.uint8)
        for polygon in polygons:
            cv2.fillPoly(mask, [np.round(polygon).astype(np.int32)], 1)
        if not mask.any():
            return None
        means[name] = fine[mask > 0].mean(axis=0)
    cheeks = means.pop("cheeks")
    if cheeks.min() < DARKEST or cheeks.max() > BRIGHTEST:
        return None
    return {name: mean / cheeks for name, mean in means.items()}


def rendered(store: FaceStore, count: int, key: str) -> Iterator[Face]:
    """People of the rig who look ahead, in the samples' `key` (color, nir)."""
    seen = [index for index in faces_ahead(store) if store.get("visible", int(index))[17:].mean() > 0.9]
    for index in some(np.array(seen, np.int64), count):
        yield np.ascontiguousarray(store.get(key, int(index))), store.get("landmarks", int(index)).astype(np.float64)


def recorded(data: Path, model: FaceLandmarks, key: str) -> Iterator[Face]:
    """The frontal pictures of rap3df_set2 in `key` (color, nir); where its parts are, FaceLandmarks says in colour.

    Raises:
        RealDataError: the recordings are not in `data`, or damaged.
    """
    rap, frontal = frontal_rap(data)
    for index in frontal:
        region = Region.of(rap.heads[index])
        gray = region.cut(rap.bgr[index].mean(axis=2).astype(np.float32), POINTS_SIZE)
        points = model(gray).points.astype(np.float64)
        picture = rap.bgr[index][..., ::-1] if key == "color" else rap.infrared[index]
        yield np.ascontiguousarray(picture), region.to_image(points, POINTS_SIZE)


def table(faces: Iterable[Face]) -> list[str]:
    """Rows in Markdown: each part's brightness over that of the cheeks, a number a channel."""
    each = [one for face in faces if (one := contrasts(face)) is not None]
    if not each:
        return ["No face here looks ahead in good light."]
    channels = len(next(iter(each[0].values())))
    names = ("red", "green", "blue") if channels == 3 else ("brightness",)
    lines = [f"| over the cheeks | {' | '.join(names)} |", "|---" * (channels + 1) + "|"]
    for part in each[0]:
        middle = np.median([one[part] for one in each], axis=0)
        lines.append(f"| {part} | " + " | ".join(f"{value:.2f}" for value in middle) + " |")
    return [*lines, f"{len(each)} faces."]


def main(arguments: Sequence[str] | None = None, report: Callable[[str], None] = print) -> int:
    """The command. Returns its exit code."""
    return command(
        "python -m training.studies.face_contrast",
        __doc__,
        lambda store, count: {f"rendered, {key}": table(rendered(store, count, key)) for key in KEYS},
        lambda data, model: {f"rap3df_set2, frontal, {key}": table(recorded(data, model, key)) for key in KEYS},
        arguments,
        report,
    )


if __name__ == "__main__":
    sys.exit(main())
