"""The page's part on EyeToFace: pairs that the Haar pair builder makes of rap3df_set2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.real import color, eyes, sheets
from training.real.bench import FINE, Bench
from training.real.data import RAP_LABELS
from training.real.tables import NOT_AVAILABLE, NOT_MEASURED, Cell, Column, Table

COLUMNS = (
    Column("descriptor distance", ".3f"),
    Column("rank-1 identity", ".1%"),
    Column("HOG distance", ".3f"),
    Column("SSIM", ".3f"),
    Column("L1", ".1f"),
    Column("n", ".0f"),
)
ENLARGED = 2
"""dlib looks at faces of 128 px enlarged so many times."""
FALLBACK = np.array([8.0, 8.0, 120.0, 120.0])
"""Where dlib takes the face to be where its HOG sees none: nearly all of the picture."""


def tables(bench: Bench) -> list[Table]:
    """Two tables, where rap3df_set2 is there: its colour pictures, and its infrared pictures."""
    rap = bench.rap
    if rap is None:
        return []
    bench.say("eye to face: rap3df_set2")
    large, infrared = ([_larger(one) for one in pictures] for pictures in (rap.bgr, _as_bgr(rap.infrared)))
    builder = eyes.PairBuilder()
    places = builder.find_all(large)
    note = (
        "one face and two eyes in it. Descriptor: dlib's colour network on the generated and the true face. HOG "
        "distance: 0 for the same shapes, up to 1.41; a network that judges pictures as people do is not used. "
        "EyeToFace is told which eye it is, as the program tells it; 'by a look at it' it is not. " + RAP_LABELS
    )
    found = []
    for kind, pictures, what in (
        ("", large, "colour pictures in which"),
        ("infrared", infrared, "infrared pictures in whose colour pictures"),
    ):
        pairs = builder.pairs(pictures, places)
        subject = rap.subject[pairs.row]
        who = f"{len(pairs.row)} pairs of {len(np.unique(subject))} people: {what} (enlarged {FINE} times) Haar finds "
        table = Table(", ".join(("EyeToFace: rap3df_set2", *([kind] if kind else []))), COLUMNS, who + note)
        table.add("to reach", {"descriptor distance": "below the mean face", "HOG distance": "below the mean face"})
        found.append(table)
        if len(pairs.row):
            _fill(bench, table, pairs, subject, f"eye-to-face-rap{kind and '-'}{kind}", is_gray=bool(kind))
    return found


def _fill(bench: Bench, table: Table, pairs: eyes.EyePairs, subject: NDArray, file: str, is_gray: bool) -> None:
    methods = eyes.baselines(pairs, subject)
    model = bench.shelf.get("eye_to_face")
    if model is None:
        table.add_gap("EyeToFace", NOT_AVAILABLE)
    else:
        title = bench.shelf.title("eye_to_face")
        told = generate(model, pairs.eye, pairs.left, is_gray)
        looked = generate(model, pairs.eye, None, is_gray)
        methods = {title: told, f"{title}, by a look at it": looked, **methods}
    truth = bench.peers.ask("descriptor", pairs.face, scale=ENLARGED, fallback=FALLBACK)
    for name, faces in {**methods, "the true face (ceiling)": pairs.face}.items():
        table.add(name, _cells(bench, faces, pairs, subject, truth))
    if bench.pictures is not None:
        tiles = []
        for i in np.linspace(0, len(pairs.row) - 1, 32).astype(int):
            strip = [pairs.eye[i], *(faces[i] for faces in methods.values()), pairs.face[i]]
            tiles.append(np.hstack([sheets.enlarge(one, 110) for one in strip]))
        sheets.save(bench.pictures, file, sheets.sheet(tiles, 4))


def _larger(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(picture, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_CUBIC), np.uint8)


def _as_bgr(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(pictures[..., None], 3, axis=-1)


def generate(
    model: Callable[..., Any], eye: NDArray[np.uint8], left: NDArray[np.bool_] | None = None, is_gray: bool = False
) -> NDArray[np.uint8]:
    """The model's face (N, 128, 128, 3) of every eye (N, 32, 32, 3); BGR here, RGB there as in every model.

    Args:
        left: (N,) whether it is on the picture's left; None leaves that to the model.
        is_gray: faces without colour, as the program shows those of eyes without colour.
    """
    sides = [None] * len(eye) if left is None else [bool(one) for one in left]
    made = [
        model(np.ascontiguousarray(one[..., ::-1]), side).color[..., ::-1] for one, side in zip(eye, sides, strict=True)
    ]
    faces = np.stack(made)
    return _as_bgr(np.stack([cv2.cvtColor(one, cv2.COLOR_BGR2GRAY) for one in faces])) if is_gray else faces


def _cells(
    bench: Bench,
    faces: NDArray[np.uint8],
    pairs: eyes.EyePairs,
    subject: NDArray,
    truth: dict[str, NDArray] | None,
) -> dict[str, Cell]:
    each = [eyes.score_one(found, wanted) for found, wanted in zip(faces, pairs.face, strict=True)]
    cells: dict[str, Cell] = {key: float(np.mean([one[key] for one in each])) for key in each[0]}
    cells["n"] = float(len(each))
    answer = bench.peers.ask("descriptor", faces, scale=ENLARGED, fallback=FALLBACK)
    if answer is None or truth is None:
        return cells | {"descriptor distance": NOT_MEASURED, "rank-1 identity": NOT_MEASURED}
    apart = np.linalg.norm(answer["descriptor"] - truth["descriptor"], axis=1)
    cells["descriptor distance"] = float(apart.mean())
    # the gallery holds true faces of the same person in other pictures only
    right = []
    for i in range(len(faces)):
        others = pairs.row != pairs.row[i]
        if (subject[others] == subject[i]).any():
            one = answer["descriptor"][i : i + 1], np.ones(1, bool), subject[i : i + 1]
            right.append(color.identity(*one, truth["descriptor"][others], subject[others]))
    cells["rank-1 identity"] = float(np.mean(right)) if right else None
    return cells
