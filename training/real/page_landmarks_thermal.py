"""The page's part on landmarks in thermal pictures: valid answers on lepton_faces, and a sheet of all of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engines.normalise import code_of_unit, stretch
from training.real import landmarks, sheets
from training.real.bench import Bench
from training.real.crops import Region
from training.real.frontal import FRONTAL
from training.real.landmarks import Points
from training.real.page_landmarks import VALID_EVIDENCE, Answers, nearest_points, read, read_closely
from training.real.tables import NOT_AVAILABLE, NOT_MEASURED, Column, Table

BOX_HEIGHT_MM = 200.0
"""What the reference boxes of lepton_faces cover from chin to hairline."""


def tables(bench: Bench) -> list[Table]:
    """One table, where lepton_faces is there."""
    return [] if bench.thermal is None else [_table(bench)]


def region_of_box(box: NDArray) -> Region:
    """The 320 mm square that goes with a reference box from chin to hairline, which is higher than it is wide."""
    width = float(box[3] - box[1]) * 320.0 / BOX_HEIGHT_MM
    return Region(float(box[0] + box[2] - width) / 2, float(box[1] + box[3] - width) / 2, width)


def within(points: NDArray, box: NDArray) -> bool:
    """Whether the points lie where the face is: nine in ten inner ones in the box, spread over two fifths of it."""
    inner = points[landmarks.INNER] + 0.5
    grown = (box[2:] - box[:2]) * 0.1
    inside = ((inner >= box[:2] - grown) & (inner <= box[2:] + grown)).all(axis=1).mean()
    return bool(inside >= 0.9 and np.ptp(inner[:, 1]) >= 0.4 * (box[3] - box[1]))


def _table(bench: Bench) -> Table:
    thermal = bench.thermal
    assert thermal is not None
    bench.say("landmarks: lepton_faces")
    palettes = np.array(thermal.palette)
    front = np.array([name in FRONTAL for name in thermal.names])
    names = sorted(set(palettes.tolist()))
    columns = (
        Column("valid", ".1%"),
        Column("valid and within the box", ".1%"),
        *(Column(f"valid, {name}", ".0%") for name in names),
        Column("valid, turned faces", ".1%"),
    )
    note = (
        f"{int(front.sum())} pictures judged frontal by eye, {int((~front).sum())} of turned, bowed or covered faces. "
        "Crop from the reference box; valid: evidence (presence, lowered by unsure points) of "
        f"{VALID_EVIDENCE} or more. The sheet of all of them shows whether eyes, nose and mouth are where they are."
    )
    table = Table("FaceLandmarks: lepton_faces", columns, note)
    table.add("to reach", {"valid": ">= 90 %"})

    def add(name: str, points: Points, valid: NDArray[np.bool_]) -> None:
        placed = np.array([v and within(p, b) for v, p, b in zip(valid, points, thermal.boxes, strict=True)])
        cells: dict[str, float | int | str | None] = {
            "valid": _share(valid, front),
            "valid and within the box": _share(placed, front),
            "valid, turned faces": _share(valid, ~front),
        }
        for palette in names:
            cells[f"valid, {palette}"] = _share(valid, front & (palettes == palette))
        table.add(name, cells)

    regions = [region_of_box(box) for box in thermal.boxes]
    model = bench.shelf.get("face_landmarks")
    first = None if model is None else read(model, thermal.gray, regions)
    ours = None if first is None else read_closely(model, thermal.gray, regions, first)
    if first is None or ours is None:
        table.add_gap("FaceLandmarks", NOT_AVAILABLE)
    else:
        name = bench.shelf.title("face_landmarks")
        add(f"{name}, crop from the reference", first.points, first.evidence >= VALID_EVIDENCE)
        add(f"{name}, read again closely", ours.points, ours.evidence >= VALID_EVIDENCE)
        steps = np.stack([nearest_points(f, b) for f, b in zip(bench.thermal_faces, thermal.boxes, strict=True)])
        add(f"{name}, the steps", steps, np.isfinite(steps).all(axis=(1, 2)))
    _peers(bench, table, regions, add)
    if ours is not None and bench.pictures is not None:
        _draw(bench, ours, regions, front)
    return table


def _share(flags: NDArray[np.bool_], where: NDArray[np.bool_]) -> float | None:
    """The share of True where it is asked for; None where that is nowhere."""
    return float(flags[where].mean()) if where.any() else None


def _peers(
    bench: Bench, table: Table, regions: list[Region], add: Callable[[str, Points, NDArray[np.bool_]], None]
) -> None:
    thermal = bench.thermal
    assert thermal is not None
    cut = [r.cut(image, 256) for r, image in zip(regions, thermal.gray, strict=True)]
    crops = np.stack([code_of_unit(stretch(one)) for one in cut])  # with the contrast that our model gets
    mesh = bench.peers.ask("mesh", crops, scale=1)
    found = bench.peers.ask("dlib68", crops, scale=1)
    for name, answer in (("MediaPipe Face Mesh, same crop", mesh), ("dlib HOG and 68 points, same crop", found)):
        if answer is None:
            table.add_gap(name, NOT_MEASURED)
            continue
        points = answer["points"]
        if points.shape[1] != 68:
            points = points[:, landmarks.MESH_OF_68, :2]
        points = np.stack([r.to_image(p - 0.5, 256) for r, p in zip(regions, points, strict=True)])
        add(name, points, np.isfinite(points).all(axis=(1, 2)))


def _draw(bench: Bench, ours: Answers, regions: list[Region], front: NDArray[np.bool_]) -> None:
    """All faces, 60 a sheet, bare and with the points: light blue where the answer is valid, red where not."""
    thermal = bench.thermal
    assert thermal is not None
    for title, rows in (("frontal", np.flatnonzero(front)), ("turned", np.flatnonzero(~front))):
        for k, start in enumerate(range(0, len(rows), 60)):
            tiles = []
            for i in rows[start : start + 60]:
                tile = regions[i].cut(thermal.bgr[i], 150)
                valid = ours.evidence[i] >= VALID_EVIDENCE
                points = regions[i].to_crop(ours.points[i], 150)
                plain = sheets.with_text(tile.copy(), thermal.names[i])
                sheets.with_points(tile, points, sheets.CYAN if valid else sheets.RED)
                tiles.append(np.hstack([plain, sheets.with_text(tile, f"{ours.evidence[i]:.2f}")]))
            sheets.save(bench.pictures, f"landmarks-lepton-{title}-{k + 1}", sheets.sheet(tiles, 6))
