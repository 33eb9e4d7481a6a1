"""The page's part on FaceVerifier: distance-matched pairs of rap3df_set2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.real import verification
from training.real.bench import FINE, Bench
from training.real.crops import head_ellipse
from training.real.data import RAP_LABELS
from training.real.relief import SIZE
from training.real.tables import NOT_AVAILABLE, NOT_MEASURED, Column, Table
from training.real.verification import Pairs, Reliefs

COLUMNS = (
    Column("accuracy", ".1%"),
    Column("front, accuracy", ".1%"),
    Column("worse half", ".1%"),
    Column("EER", ".1%"),
    Column("AUC", ".3f"),
    Column("front, AUC", ".3f"),
)
FALLBACK = np.array([96.0, 115.0, 288.0, 307.0]) / FINE
"""Where dlib looks for its points in a 96 px crop in which its HOG sees no face."""


def tables(bench: Bench) -> list[Table]:
    """One table, where rap3df_set2 is there."""
    rap = bench.rap
    if rap is None:
        return []
    bench.say("verification: rap3df_set2")
    color, depth = rap.crops(SIZE)
    reliefs = Reliefs(depth, rap.distance_mm)
    pairs = verification.matched_pairs(rap.subject, rap.distance_mm, reliefs.front())
    note = (
        f"{len(pairs.a)} pairs, half of them of one person, matched in their difference of distances "
        f"({int(pairs.front.sum())} of two near-frontal pictures). Subjects in halves: the threshold from one, tried "
        f"on the other, both ways. {RAP_LABELS}"
    )
    table = Table("FaceVerifier: rap3df_set2", COLUMNS, note)
    likeness = np.array([reliefs.likeness(int(i), int(j)) for i, j in zip(pairs.a, pairs.b, strict=True)])
    colors = bench.peers.ask("descriptor", color, scale=FINE, fallback=FALLBACK)
    by_depth = verification.evaluate(likeness[:, 0], pairs)["accuracy"]
    by_color = None if colors is None else -_apart(colors["descriptor"], pairs)
    if by_color is not None:
        half_way = (by_depth + verification.evaluate(by_color, pairs)["accuracy"]) / 2
        table.add("to reach: half way from aligned depth to dlib's colour network", {"accuracy": half_way})
    if bench.shelf.get("face_verifier") is None:
        table.add_gap("FaceVerifier", NOT_AVAILABLE)
    else:
        codes = bench.rap_codes(SIZE)
        _add(table, bench.shelf.title("face_verifier"), _ours(bench, codes, pairs), pairs)
        # what lies beside the head tells recordings apart, and with them people
        alone = np.where(head_ellipse(SIZE), codes, 0).astype(np.uint8)
        _add(table, "the same, shown the head's ellipse only", _ours(bench, alone, pairs), pairs)
    _add(table, "aligned depth", likeness[:, 0], pairs)
    _add(table, "angle of normals", likeness[:, 1], pairs)
    if by_color is None:
        table.add_gap("dlib's colour network (looks at the picture)", NOT_MEASURED)
    else:
        _add(table, "dlib's colour network (looks at the picture)", by_color, pairs)
    distance = rap.distance_mm
    _add(table, "distance alone (leak check)", -np.abs(distance[pairs.a] - distance[pairs.b]), pairs)
    behind = reliefs.background
    _add(table, "background alone (leak check)", -np.abs(behind[pairs.a] - behind[pairs.b]), pairs)
    return [table]


def _ours(bench: Bench, codes: NDArray[np.uint8], pairs: Pairs) -> NDArray[np.float64]:
    """Cosines of the model's templates; a template that it calls not valid is compared all the same."""
    model = bench.shelf.loaded["face_verifier"]
    templates = [model(code) for code in codes]
    embedding = np.stack([template.embedding for template in templates]).astype(float)
    return (embedding[pairs.a] * embedding[pairs.b]).sum(axis=1)


def _apart(descriptor: NDArray, pairs: Pairs) -> NDArray[np.float64]:
    return np.linalg.norm(descriptor[pairs.a] - descriptor[pairs.b], axis=1)


def _add(table: Table, name: str, score: NDArray, pairs: Pairs) -> None:
    every = verification.evaluate(score, pairs)
    front = verification.evaluate(score[pairs.front], pairs.where(pairs.front))
    table.add(
        name,
        {
            "accuracy": every["accuracy"],
            "front, accuracy": front["accuracy"],
            "worse half": every["worse half"],
            "EER": every["EER"],
            "AUC": every["AUC"],
            "front, AUC": front["AUC"],
        },
    )
