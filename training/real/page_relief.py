"""The page's part on GrayToDepth: rap3df_set2, beside a flat head, the mean of other people and Face Mesh."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from training.real import relief, sheets
from training.real.bench import FINE, Bench
from training.real.crops import CROP_MM, HALF_RANGE_MM, head_ellipse
from training.real.relief import SIZE
from training.real.tables import NOT_AVAILABLE, NOT_MEASURED, Column, Table

COLUMNS = (
    Column("aligned L1 mm", ".2f"),
    Column("normals deg", ".1f"),
    Column("raw L1 mm", ".2f"),
    Column("raw RMSE mm", ".2f"),
    Column("scale", ".2f"),
    Column("d1", ".3f"),
    Column("covered", ".1%"),
    Column("n", ".0f"),
)
_KEYS = dict(
    zip(
        (column.name for column in COLUMNS),
        ("aligned L1", "normals", "raw L1", "raw RMSE", "scale", "d1", "covered", "n"),
        strict=True,
    )
)
_WANTED = {
    "mesh": {"aligned L1 mm": "<= 5.0", "normals deg": "<= 15", "raw L1 mm": "<= 10"},
    "head": {"aligned L1 mm": "<= 11"},
    "all": {},
}
_TITLES = {"mesh": "under the face mesh", "head": "the whole head", "all": "all pixels of the crop"}

Found = Mapping[int, NDArray]


def tables(bench: Bench) -> list[Table]:
    """Three tables, one for each choice of pixels, where rap3df_set2 is there."""
    rap = bench.rap
    if rap is None:
        return []
    bench.say("relief: rap3df_set2")
    color, depth = rap.crops(SIZE)
    truth, distance = depth.astype(np.float64), rap.distance_mm
    valid = (truth > 0) & (np.abs(truth - distance[:, None, None]) <= HALF_RANGE_MM)
    methods: dict[str, Found | None] = {bench.shelf.title("gray_to_depth"): _ours(bench, color, distance)}
    flat = np.broadcast_to(distance[:, None, None], truth.shape)
    methods["a flat head (z = D)"] = dict(enumerate(flat))
    methods["mean of other people"] = dict(enumerate(relief.mean_relief(truth, distance, valid, rap.subject)))
    mesh = _mesh(bench, color, distance)
    methods["MediaPipe Face Mesh z"] = mesh
    masks = {"all": valid, "head": valid & head_ellipse(SIZE)}
    if mesh is not None:
        under = [np.isfinite(mesh[i]) if i in mesh else np.zeros((SIZE, SIZE), bool) for i in range(len(rap))]
        masks["mesh"] = masks["head"] & np.stack(under)
    out = [_table(bench, which, methods, truth, masks) for which in ("mesh", "head", "all")]
    _draw(bench, color, methods, truth, masks["head"])
    return out


def _ours(bench: Bench, color: NDArray[np.uint8], distance: NDArray) -> Found | None:
    model = bench.shelf.get("gray_to_depth")
    if model is None:
        return None
    gray = [cv2.cvtColor(one, cv2.COLOR_BGR2GRAY) for one in color]
    return {i: distance[i] - model(one).relief_mm.astype(float) for i, one in enumerate(gray)}


def _mesh(bench: Bench, color: NDArray[np.uint8], distance: NDArray) -> Found | None:
    """Face Mesh's z: in the unit of its x, nearer is smaller; scaled by the crop's mm a pixel, median moved to D."""
    answer = bench.peers.ask("mesh_depth", color, scale=FINE)
    if answer is None:
        return None
    z = {int(i): one.astype(float) * CROP_MM / SIZE for i, one in zip(answer["found"], answer["maps"], strict=True)}
    return {i: one - np.nanmedian(one) + distance[i] for i, one in z.items()}


def _table(
    bench: Bench, which: str, methods: Mapping[str, Found | None], truth: NDArray, masks: Mapping[str, NDArray]
) -> Table:
    rap = bench.rap
    assert rap is not None
    note = {
        "mesh": "Pixels under MediaPipe's mesh on the pictures where it answers; what a method says nothing of is left "
        "out ('covered').",
        "head": "Pixels in the ellipse of 160 x 230 mm, within 300 mm of the head's distance D; D is given to all.",
        "all": "Shoulders and what else lies within 300 mm of D.",
    }[which]
    table = Table(f"GrayToDepth: rap3df_set2, {_TITLES[which]}", COLUMNS, note)
    if which not in masks:
        table.add_gap("every method", f"{NOT_MEASURED}: the mesh is MediaPipe's")
        return table
    if _WANTED[which]:
        table.add("to reach", dict(_WANTED[which]))
    poses = (("", np.ones(len(rap), bool)), (", front", rap.enrol), (", other poses", ~rap.enrol))
    for label, chosen in poses if which != "all" else poses[:1]:
        for name, found in methods.items():
            if name.startswith("MediaPipe") and which != "mesh":
                continue
            if found is None:
                if not label:
                    table.add_gap(name, NOT_MEASURED if name.startswith("MediaPipe") else NOT_AVAILABLE)
                continue
            ids = [i for i in np.flatnonzero(chosen).tolist() if masks[which][i].any()]
            result = relief.score(found, truth, masks[which], rap.distance_mm, ids)
            table.add(name + label, {column: result.get(key) for column, key in _KEYS.items()})
    return table


def _draw(
    bench: Bench, color: NDArray[np.uint8], methods: Mapping[str, Found | None], truth: NDArray, mask: NDArray
) -> None:
    """From best to worst by our aligned error: picture, truth, ours aligned, its error, mean of others aligned."""
    rap, ours = bench.rap, methods[bench.shelf.title("gray_to_depth")]
    if bench.pictures is None or ours is None or rap is None:
        return
    mean = methods["mean of other people"]
    assert mean is not None
    errors = np.full(len(rap), np.nan)
    for i in range(len(rap)):
        known = mask[i] & np.isfinite(ours[i])
        if known.sum() > relief.FEWEST_PIXELS:
            errors[i] = relief.score_one(np.nan_to_num(ours[i]), truth[i], known, float(rap.distance_mm[i]))[
                "aligned L1"
            ]
    order = np.argsort(errors)[: int(np.isfinite(errors).sum())]
    picked = order[np.linspace(0, len(order) - 1, 48).astype(int)] if len(order) else order
    tiles = []
    for i in picked:
        distance = float(rap.distance_mm[i])
        strip = [
            sheets.with_text(sheets.enlarge(color[i], 110), f"{i} {rap.pose[i]}"),
            sheets.relief_tile(truth[i], mask[i], distance, 110),
        ]
        for found in (ours[i], mean[i]):
            known = mask[i] & np.isfinite(found)
            aligned = np.full(found.shape, np.nan)
            aligned[known] = relief.fitted(found[known], truth[i][known])[0]
            strip += [
                sheets.relief_tile(aligned, known, distance, 110),
                sheets.error_tile(aligned - truth[i], known, 110),
            ]
        sheets.with_text(strip[2], f"{errors[i]:.1f} mm")
        tiles.append(np.hstack(strip))
    sheets.save(bench.pictures, "relief-rap", sheets.sheet(tiles, 3))
