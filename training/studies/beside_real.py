"""What studies of rendered beside real faces share: who looks ahead, and the command with --faces and --data."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.models.face_landmarks import FaceLandmarks
from training.faces.shards import ShardError
from training.feed import FaceStore
from training.real.data import RapFaces, RealDataError, load_rap
from training.real.models import open_shelf

AHEAD = 0.08
"""A face looks at the camera whose nose lies within this share of the jaw's width from the middle between its ends."""
PITCH_DEG = 10.0

Tables = dict[str, list[str]]
"""Rows in Markdown by their heading."""


def looks_ahead(points: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(N,) whether the faces with these (N, 68, 2) points are seen from ahead, wherever in the picture they stand."""
    across = points[:, 16] - points[:, 0]
    width = np.linalg.norm(across, axis=1)
    nose = points[:, 27:31].mean(axis=1) - (points[:, 16] + points[:, 0]) / 2
    return np.abs((nose * across).sum(axis=1)) < AHEAD * np.maximum(width, 1e-6) ** 2


def faces_ahead(store: FaceStore) -> NDArray[np.int64]:
    """Samples of heads that look ahead, those for training and those held out."""
    faces = np.concatenate([store.train_faces, store.held_out_faces]).astype(np.int64)
    if len(faces) == 0:
        return faces
    points = np.stack([store.get("landmarks", int(index)) for index in faces])
    level = (np.abs(store.pose[faces, 1:]) < PITCH_DEG).all(axis=1)
    return faces[level & looks_ahead(points)]


def frontal_rap(data: Path) -> tuple[RapFaces, list[int]]:
    """rap3df_set2 and its frontal pictures. Raises RealDataError: it is not in `data`, or damaged."""
    rap = load_rap(data)
    if rap is None:
        raise RealDataError(f"There is no rap3df_set2 in {data}.")
    return rap, np.flatnonzero(rap.enrol).tolist()


def command(
    prog: str,
    description: str | None,
    of_rendered: Callable[[FaceStore, int], Tables],
    of_recorded: Callable[[Path, FaceLandmarks], Tables],
    arguments: Sequence[str] | None,
    report: Callable[[str], None],
) -> int:
    """Report the tables of what was asked for. Returns the exit code."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("--faces", type=Path, help="samples of training.faces.render")
    parser.add_argument("--data", type=Path, help="real recordings")
    parser.add_argument("--count", type=int, default=800, help="rendered people (800)")
    given = parser.parse_args(arguments)
    if given.faces is None and given.data is None:
        report("Nothing to measure: give --faces SAMPLES, --data DATA, or both.")
        return 2
    try:
        if given.faces is not None:
            _tell(of_rendered(FaceStore(given.faces), given.count), report)
        if given.data is not None:
            shelf = open_shelf(None)
            try:
                model = shelf.get("face_landmarks")
                if not isinstance(model, FaceLandmarks):
                    report("FaceLandmarks is not available, and says where the faces are.")
                    return 1
                _tell(of_recorded(given.data, model), report)
            finally:
                shelf.close()
    except (ShardError, RealDataError) as error:
        report(str(error))
        return 1
    return 0


def _tell(tables: Tables, report: Callable[[str], None]) -> None:
    for heading, rows in tables.items():
        report("\n".join([f"{heading}:", *rows]))
