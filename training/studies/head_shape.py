"""`python -m training.studies.head_shape`: do the rig's heads have the outline and the relief of real ones?

One row for each height below or above the middle of the 51 inner landmarks, one column for each place beside it: the
median depth behind that height's middle of the face, in mm, and in how many pictures readings of the person lie
there on both sides. Faces seen from ahead (looks_ahead; the frontal pose of rap3df_set2). Needs no torch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.models.face_landmarks import FaceLandmarks
from engines.normalise import HALF_RANGE_MM, relief_of_code
from training.augment import CROP_MM, View
from training.feed import FaceStore
from training.measures.report import some
from training.real.crops import Region
from training.studies.beside_real import command, faces_ahead, frontal_rap
from training.truth import relief_truth

SIZE, POINTS_SIZE = 96, 128
INNER = slice(17, 68)
HEIGHTS_MM = (-100, -70, -40, 0, 40, 60, 80, 100)
"""Below the middle of the inner landmarks (negative: above): from the crown to the neck."""
ASIDE_MM = (0, 20, 40, 50, 60, 70, 80, 90)

Profile = NDArray[np.float64]
Face = tuple[NDArray[np.float32], NDArray[np.float64]]
"""(SIZE, SIZE) relief in mm, NaN where nothing of the person is read, and (2,) the middle of the face, mm."""


def profile(face: Face) -> Profile:
    """(heights, places) relief in mm, the mean of left and right; NaN unless both are read."""
    relief, middle = face
    step = CROP_MM / SIZE
    rows = np.rint((np.array(HEIGHTS_MM) + middle[1]) / step + (SIZE - 1) / 2).astype(int)
    sides = []
    for sign in (-1, 1):
        columns = np.rint((sign * np.array(ASIDE_MM) + middle[0]) / step + (SIZE - 1) / 2).astype(int)
        inside = ((rows >= 0) & (rows < SIZE))[:, None] & ((columns >= 0) & (columns < SIZE))[None]
        found = relief[np.clip(rows, 0, SIZE - 1)[:, None], np.clip(columns, 0, SIZE - 1)[None]]
        sides.append(np.where(inside, found, np.nan))
    both = np.stack(sides)
    known = np.isfinite(both)
    return np.where(known.all(axis=0), np.where(known, both, 0.0).mean(axis=0), np.nan)


def rendered(store: FaceStore, count: int) -> Iterator[Face]:
    """People of the rig who look ahead."""
    view = View(SIZE)
    for index in some(faces_ahead(store), count):
        truth = relief_truth(store, int(index), view)
        relief = np.where(truth.counts, relief_of_code(np.maximum(truth.code, 1.0)), np.nan)
        middle = view.points(store.get("landmarks", int(index)))[INNER].mean(axis=0) - (SIZE - 1) / 2
        yield relief.astype(np.float32), middle.astype(np.float64) * (CROP_MM / SIZE)


def recorded(data: Path, model: FaceLandmarks) -> Iterator[Face]:
    """The frontal pictures of rap3df_set2; where the face is, FaceLandmarks says.

    Raises:
        RealDataError: the recordings are not in `data`, or damaged.
    """
    rap, frontal = frontal_rap(data)
    _, depths = rap.crops(SIZE)
    for index in frontal:
        picture = Region.of(rap.heads[index]).cut(rap.bgr[index].mean(axis=2).astype(np.float32), POINTS_SIZE)
        points = model(picture).points[INNER].mean(axis=0) - (POINTS_SIZE - 1) / 2
        relief = rap.distance_mm[index] - depths[index].astype(np.float32)
        known = (depths[index] > 0) & (np.abs(relief) <= HALF_RANGE_MM)
        yield np.where(known, relief, np.nan).astype(np.float32), points.astype(np.float64) * (CROP_MM / POINTS_SIZE)


def table(faces: Iterator[Face] | Sequence[Face]) -> list[str]:
    """Rows in Markdown: depth in mm behind the row's middle, and in percent how often both sides are read there."""
    each = [profile(face) for face in faces]
    if not each:
        return ["No face here looks ahead."]
    profiles = np.stack(each)
    lines = [
        "| mm below the middle | " + " | ".join(f"{place} aside" for place in ASIDE_MM) + " |",
        "|---" * (len(ASIDE_MM) + 1) + "|",
    ]
    for row, height in enumerate(HEIGHTS_MM):
        cells = []
        for place in range(len(ASIDE_MM)):
            behind = profiles[:, row, 0] - profiles[:, row, place]
            known = np.isfinite(profiles[:, row, place])
            both = np.isfinite(behind)
            depth = f"{np.median(behind[both]):.0f}" if both.any() else "-"
            cells.append(f"{depth} ({100 * known.mean():.0f} %)")
        lines.append(f"| {height} | " + " | ".join(cells) + " |")
    return [*lines, f"{len(profiles)} faces."]


def main(arguments: Sequence[str] | None = None, report: Callable[[str], None] = print) -> int:
    """The command. Returns its exit code."""
    return command(
        "python -m training.studies.head_shape",
        __doc__,
        lambda store, count: {"rendered": table(rendered(store, count))},
        lambda data, model: {"rap3df_set2, frontal": table(recorded(data, model))},
        arguments,
        report,
    )


if __name__ == "__main__":
    sys.exit(main())
