"""The page's part on head_scan: all models on drawn views of one scanned head, whose depth has no noise."""

from __future__ import annotations

import importlib.util

import cv2
import numpy as np

from drivers.frame import Intrinsics, StreamKind
from training.real import color, detection, landmarks, relief, sheets
from training.real.bench import Bench
from training.real.crops import HALF_RANGE_MM, Region, code_depth, head_ellipse
from training.real.finders import Picture, boxes_of, faces_of_stills, finder_boxes
from training.real.head_scan import FX, HEIGHT, VIEWS, WIDTH, View, draw, load_scan
from training.real.page_landmarks import SIZE as POINTS_SIZE
from training.real.page_landmarks import VALID_EVIDENCE, read
from training.real.tables import NOT_AVAILABLE, NOT_MEASURED, Cell, Column, Table

COLUMNS = (Column("all views"), Column("frontal view"))


def tables(bench: Bench) -> list[Table]:
    """One table, where the scan is there."""
    scan = load_scan(bench.data)
    if scan is None:
        return []
    bench.say("head_scan")
    note = (
        f"{len(VIEWS)} views (yaw up to 40, pitch up to 20 degrees) of one scanned bald head with closed eyes, "
        "640x480, 0.8 m: one person, so no more than a check."
    )
    table = Table("head_scan", COLUMNS, note, first="what")
    if importlib.util.find_spec("numba") is None:
        table.add_gap("all models", f'{NOT_MEASURED}: drawing needs numba (pip install "tapetum[train]")')
        return [table]
    views = [draw(scan, yaw, pitch) for yaw, pitch in VIEWS]
    _finding(bench, table, views)
    _points(bench, table, views)
    _relief(bench, table, views)
    _color(bench, table, views)
    return [table]


def _both(values: list[float]) -> dict[str, Cell]:
    known = [value for value in values if np.isfinite(value)]
    return {"all views": float(np.mean(known)) if known else None, "frontal view": float(values[0])}


def _finding(bench: Bench, table: Table, views: list[View]) -> None:
    references = np.stack([view.head.face_box for view in views])
    grid = Intrinsics(WIDTH, HEIGHT, FX, FX, WIDTH / 2, HEIGHT / 2)
    model = bench.shelf.get("face_finder")
    for name, pictures in (
        ("colour", [Picture(StreamKind.COLOR, np.ascontiguousarray(v.bgr[..., ::-1])) for v in views]),
        ("depth", [Picture(StreamKind.DEPTH, v.depth_mm) for v in views]),
    ):
        if model is None:
            table.add_gap(f"FaceFinder, {name}: found", NOT_AVAILABLE)
        else:
            ours = detection.score([finder_boxes(model, one) for one in pictures], references)
            table.add(f"{bench.shelf.title('face_finder')}, {name}: found", _both(ours.is_found.astype(float).tolist()))
        steps = detection.score([boxes_of(f) for f in faces_of_stills(pictures, bench.shelf.steps, grid)], references)
        table.add(f"the steps, {name}: found", _both(steps.is_found.astype(float).tolist()))


def _points(bench: Bench, table: Table, views: list[View]) -> None:
    model = bench.shelf.get("face_landmarks")
    if model is None:
        table.add_gap("FaceLandmarks: error to dlib's", NOT_AVAILABLE)
        return
    regions = [Region.of(view.head) for view in views]
    answers = read(model, [cv2.cvtColor(view.bgr, cv2.COLOR_BGR2GRAY) for view in views], regions)
    name = bench.shelf.title("face_landmarks")
    valid = (answers.evidence >= VALID_EVIDENCE).astype(float)
    table.add(f"{name}: valid answers", _both(valid.tolist()))
    crops = np.stack([r.cut(view.bgr, 3 * POINTS_SIZE) for r, view in zip(regions, views, strict=True)])
    dlib = bench.peers.ask("dlib68", crops, scale=1)
    reference = np.full((len(views), 68, 2), np.nan)
    if dlib is None:
        table.add_gap(f"{name}: error to dlib's", NOT_MEASURED)
    else:
        back = [r.to_image(p - 0.5, 3 * POINTS_SIZE) for r, p in zip(regions, dlib["points"], strict=True)]
        reference = np.stack(back)
        errors = landmarks.inner_errors(answers.points, reference)
        table.add(f"{name}: error to dlib's, % of the eye distance", _both((100 * errors).tolist()))
    tiles = []
    for view, region, ours, theirs in zip(views, regions, answers.points, reference, strict=True):
        tile = sheets.with_points(region.cut(view.bgr, 300), region.to_crop(theirs, 300), sheets.GREEN)
        tiles.append(sheets.with_points(tile, region.to_crop(ours, 300), sheets.YELLOW))
    sheets.save(bench.pictures, "head-scan-landmarks", sheets.sheet(tiles, 5))


def _relief(bench: Bench, table: Table, views: list[View]) -> None:
    model = bench.shelf.get("gray_to_depth")
    if model is None:
        table.add_gap("GrayToDepth: aligned L1", NOT_AVAILABLE)
        return
    each: list[dict[str, float]] = []
    for view in views:
        region, distance = Region.of(view.head), view.head.distance_mm
        truth = region.cut(view.depth_mm, relief.SIZE, nearest=True).astype(float)
        gray = cv2.cvtColor(region.cut(view.bgr, relief.SIZE), cv2.COLOR_BGR2GRAY)
        found = distance - model(gray).relief_mm.astype(float)
        mask = head_ellipse(relief.SIZE) & (np.abs(truth - distance) <= HALF_RANGE_MM) & np.isfinite(found)
        enough = mask.sum() > relief.FEWEST_PIXELS
        each.append(relief.score_one(np.nan_to_num(found), truth, mask, distance) if enough else {})
    for key, words in (("aligned L1", "aligned L1 mm"), ("normals", "normals deg"), ("raw L1", "raw L1 mm")):
        values = [one.get(key, float("nan")) for one in each]
        table.add(f"{bench.shelf.title('gray_to_depth')}, whole head: {words}", _both(values))


def _color(bench: Bench, table: Table, views: list[View]) -> None:
    model = bench.shelf.get("depth_to_color")
    if model is None:
        table.add_gap("DepthToColor: SSIM", NOT_AVAILABLE)
        return
    each, tiles = [], []
    for view in views:
        region = Region.of(view.head)
        code = code_depth(region.cut(view.depth_mm, color.SIZE, nearest=True), view.head.distance_mm)
        found = np.ascontiguousarray(model(code).color[..., ::-1])
        truth = region.cut(view.bgr, color.SIZE)
        each.append(color.score_one(found, truth))
        tiles.append(np.hstack([sheets.enlarge(one, 150) for one in (code, found, truth)]))
    for key in ("SSIM", "L1"):
        table.add(f"{bench.shelf.title('depth_to_color')}: {key}", _both([one[key] for one in each]))
    sheets.save(bench.pictures, "head-scan-color", sheets.sheet(tiles, 3))
