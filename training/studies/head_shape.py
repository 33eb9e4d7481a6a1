"""`python -m training.studies.head_shape`: do the rig's heads have the outline and the relief of real ones?

One row for each height below or above the middle of the 51 inner landmarks, one column for each place beside it: the
median depth behind that height's middle of the face, in mm, and in how many pictures readings of the person lie
there on both sides. Faces seen from ahead (looks_ahead; the frontal pose of rap3df_set2). Needs no torch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.models.face_landmarks import FaceLandmarks
from engines.normalise import HALF_RANGE_MM, relief_of_code
from training.augment import CROP_MM, View
from training.faces.shards import ShardError
from training.feed import FaceStore
from training.measures.report import some
from training.real.crops import Region
from training.real.data import RealDataError, load_rap
from training.real.models import open_shelf
from training.truth import relief_truth

SIZE, POINTS_SIZE = 96, 128
INNER = slice(17, 68)
HEIGHTS_MM = (-100, -70, -40, 0, 40, 60, 80, 100)
"""Below the middle of the inner landmarks (negative: above): from the crown to the neck."""
ASIDE_MM = (0, 20, 40, 50, 60, 70, 80, 90)
AHEAD = 0.08
"""A face looks at the camera whose nose lies within this share of the jaw's width from the middle between its ends."""
PITCH_DEG = 10.0

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


def looks_ahead(points: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(N,) whether the faces with these (N, 68, 2) points are seen from ahead, wherever in the picture they stand."""
    across = points[:, 16] - points[:, 0]
    width = np.linalg.norm(across, axis=1)
    nose = points[:, 27:31].mean(axis=1) - (points[:, 16] + points[:, 0]) / 2
    return np.abs((nose * across).sum(axis=1)) < AHEAD * np.maximum(width, 1e-6) ** 2


def rendered(store: FaceStore, count: int) -> Iterator[Face]:
    """People of the rig who look ahead."""
    faces = np.concatenate([store.train_faces, store.held_out_faces])
    if len(faces) == 0:
        return
    points = np.stack([store.get("landmarks", int(index)) for index in faces])
    level = (np.abs(store.pose[faces, 1:]) < PITCH_DEG).all(axis=1)
    view = View(SIZE)
    for index in some(faces[level & looks_ahead(points)], count):
        truth = relief_truth(store, int(index), view)
        relief = np.where(truth.counts, relief_of_code(np.maximum(truth.code, 1.0)), np.nan)
        middle = view.points(store.get("landmarks", int(index)))[INNER].mean(axis=0) - (SIZE - 1) / 2
        yield relief.astype(np.float32), middle.astype(np.float64) * (CROP_MM / SIZE)


def recorded(data: Path, model: FaceLandmarks) -> Iterator[Face]:
    """The frontal pictures of rap3df_set2; where the face is, FaceLandmarks says.

    Raises:
        RealDataError: the recordings are not in `data`, or damaged.
    """
    rap = load_rap(data)
    if rap is None:
        raise RealDataError(f"There is no rap3df_set2 in {data}.")
    _, depths = rap.crops(SIZE)
    for index in np.flatnonzero(rap.enrol).tolist():
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
    parser = argparse.ArgumentParser(prog="python -m training.studies.head_shape", description=__doc__)
    parser.add_argument("--faces", type=Path, help="samples of training.faces.render")
    parser.add_argument("--data", type=Path, help="real recordings")
    parser.add_argument("--count", type=int, default=800, help="rendered people (800)")
    given = parser.parse_args(arguments)
    if given.faces is None and given.data is None:
        report("Nothing to measure: give --faces SAMPLES, --data DATA, or both.")
        return 2
    try:
        if given.faces is not None:
            report("\n".join(["rendered:", *table(rendered(FaceStore(given.faces), given.count))]))
        if given.data is not None:
            shelf = open_shelf(None)
            try:
                model = shelf.get("face_landmarks")
                if not isinstance(model, FaceLandmarks):
                    report("FaceLandmarks is not available, and says where the faces are.")
                    return 1
                report("\n".join(["rap3df_set2, frontal:", *table(recorded(given.data, model))]))
            finally:
                shelf.close()
    except (ShardError, RealDataError) as error:
        report(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
