"""The page's part on landmarks: rap3df_set2 colour, infrared and depth, and portraits."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import StreamKind
from engines.normalise import encode_depth
from pipeline.steps.close_crop import CLOSE_MM, face_middle, within_ten_mm
from pipeline.steps.landmarks import LandmarkConfig
from training.real import landmarks, sheets
from training.real.bench import FINE, Bench
from training.real.crops import CROP_MM, Region
from training.real.detection import is_match
from training.real.finders import Picture, faces_of_stills
from training.real.landmarks import LandmarkScore, Points
from training.real.tables import NOT_AVAILABLE, NOT_MEASURED, Column, Table

COLUMNS = (
    Column("error", ".2%"),
    Column("median", ".2%"),
    Column("over 10 %", ".1%"),
    Column("front, error", ".2%"),
    *(Column(part, ".1%") for part in landmarks.PARTS),
    Column("brows low by", "+.1%"),
    Column("answers", "s"),
)
SIZE = 128
EYES_MM = 92.0
"""Outer eye corners of an adult are about so far apart; with it a crop is cut from points alone."""
VALID_EVIDENCE = 0.5
"""An answer is valid from this evidence on: presence, lowered where the points' mean confidence is below 0.4."""


@dataclass(frozen=True)
class Answers:
    """(N, 68, 2) points in px of the pictures and (N,) evidence, NaN and 0 where there is none."""

    points: Points
    evidence: NDArray[np.float64]

    @property
    def valid(self) -> Points:
        """The points of valid answers, NaN elsewhere."""
        return np.where((self.evidence >= VALID_EVIDENCE)[:, None, None], self.points, np.nan)


def tables(bench: Bench) -> list[Table]:
    """Every table on landmarks that the recordings allow."""
    out = []
    if bench.rap is not None:
        out += _rap(bench)
    if bench.portraits:
        out.append(_portraits(bench))
    return out


def read(
    model: object,
    images: list[NDArray],
    regions: list[Region],
    valid: list[NDArray] | None = None,
    share: float = 1.0,
) -> Answers:
    """The model's points in crops of gray pictures (H, W).

    Args:
        valid: which pixels of each were read (depth).
        share: of the papers' crop that the regions are wide.
    """
    config = LandmarkConfig()
    points, evidence = np.full((len(images), 68, 2), np.nan), np.zeros(len(images))
    for i, (image, region) in enumerate(zip(images, regions, strict=True)):
        nearest = valid is not None
        crop = region.cut(image, SIZE, nearest=nearest)
        seen = np.ones(image.shape[:2], np.uint8) if valid is None else valid[i].astype(np.uint8)
        mask = region.cut(seen, SIZE, nearest=True) > 0
        result = model(crop, None if mask.all() else mask)
        points[i] = region.to_image(result.points, SIZE)
        sure = min(float(within_ten_mm(result.confidence, share).mean()) / config.sure_confidence, 1.0)
        small = float(np.ptp(result.points, axis=0).min()) / SIZE < config.least_size
        evidence[i] = 0.0 if small else result.presence * sure
    return Answers(points, evidence)


def read_closely(
    model: object, images: list[NDArray], regions: list[Region], first: Answers, valid: list[NDArray] | None = None
) -> Answers:
    """What the program reads of a face from its second frame on: in a closer crop, round the points of the look before.

    Args:
        regions: the papers' crops that `first` was read in.
    """
    share = CLOSE_MM / CROP_MM
    close = []
    for region, points in zip(regions, first.points, strict=True):
        x, y = face_middle(points) + 0.5
        width = share * region.width
        close.append(Region(float(x) - width / 2, float(y) - width / 2, width))
    return read(model, images, close, valid, share)


def _cells(result: LandmarkScore, front: LandmarkScore | None = None) -> dict[str, float | int | str | None]:
    cells: dict[str, float | int | str | None] = {
        "error": result.mean,
        "median": result.median,
        "over 10 %": result.far_off,
        **result.parts,
        "brows low by": result.low["brows"],
        "answers": f"{result.answers} of {result.asked}",
    }
    if front is not None:
        cells["front, error"] = front.mean
    return cells


# -- rap3df_set2 ------------------------------------------------------------------------------------------------------


def _rap(bench: Bench) -> list[Table]:
    rap = bench.rap
    assert rap is not None
    model, reference = bench.shelf.get("face_landmarks"), bench.rap_dlib
    gray = [cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) for image in rap.bgr]
    codes = [encode_depth(z, float(d)) for z, d in zip(rap.depth_mm, rap.distance_mm, strict=True)]
    sorts = {
        "colour": (gray, None, rap.bgr, "<= 3.7 %"),
        "infrared": (list(bench.rap_infrared), None, bench.rap_infrared, "<= 5 %"),
        "depth alone": (codes, [code > 0 for code in codes], None, ""),
    }
    out = []
    for sort, (images, valid, pictures, wanted) in sorts.items():
        bench.say(f"landmarks: rap3df_set2, {sort}")
        note = (
            "Mean distance of the 51 inner points to dlib's in the colour picture, over dlib's distance of the outer "
            "eye corners, where dlib's HOG sees a face; all poses, and the frontal pose of enrolment; brows, nose, "
            "eyes and mouth by themselves, and how far the brows lie below dlib's."
        )
        table = Table(f"FaceLandmarks: rap3df_set2, {sort}", COLUMNS, note)
        if wanted:
            table.add("to reach", {"error": wanted})
        first = None if model is None else read(model, images, bench.rap_regions, valid)
        ours = None if first is None else read_closely(model, images, bench.rap_regions, first, valid)
        if reference is None:
            table.add_gap(bench.shelf.title("face_landmarks"), f"{NOT_MEASURED}: dlib is the reference")
        else:
            _rap_rows(table, bench, first, ours, reference, pictures)
        out.append(table)
        _draw_rap(bench, sort, images, ours, reference)
        if sort == "infrared":
            out.append(_infrared_itself(bench, first, ours))
    return out


def _infrared_itself(bench: Bench, first: Answers | None, ours: Answers | None) -> Table:
    """The same against dlib's points in the infrared picture: colour does not lie exactly on it."""
    note = (
        "As above, but dlib's points are those in the infrared picture itself (enlarged), where its HOG sees a face: "
        "dlib is weaker there, but colour is registered to the depth camera's picture a little beside it."
    )
    table = Table("FaceLandmarks: rap3df_set2, infrared, against dlib in infrared", COLUMNS, note)
    answer = bench.peers.ask("dlib68", bench.rap_infrared, scale=FINE)
    if answer is None:
        table.add_gap(bench.shelf.title("face_landmarks"), f"{NOT_MEASURED}: dlib is the reference")
    else:
        _rap_rows(table, bench, first, ours, answer["points"] - 0.5, bench.rap_infrared, own=False)
    return table


def _rap_rows(
    table: Table,
    bench: Bench,
    first: Answers | None,
    ours: Answers | None,
    reference: Points,
    pictures: NDArray[np.uint8] | None,
    own: bool = True,
) -> None:
    """Rows of all methods.

    Args:
        first, ours: of the first look, and of the closer one.
        own: with dlib's points in the infrared picture where `pictures` is that.
    """
    rap = bench.rap
    assert rap is not None

    def add(name: str, points: Points) -> None:
        front = landmarks.score(points, reference, rap.enrol)
        table.add(name, _cells(landmarks.score(points, reference), front))

    if first is None or ours is None:
        table.add_gap("FaceLandmarks", NOT_AVAILABLE)
    else:
        name = bench.shelf.title("face_landmarks")
        add(f"{name}, first look", first.points)
        add(f"{name}, read again closely", ours.points)
        add("the same, valid answers only", ours.valid)
    in_crop = np.stack([r.to_crop(p, SIZE) for r, p in zip(bench.rap_regions, reference, strict=True)])
    means = landmarks.mean_shapes(in_crop, rap.subject, rap.pose)
    add(
        "mean points of other people in that pose",
        np.stack([r.to_image(p, SIZE) for r, p in zip(bench.rap_regions, means, strict=True)]),
    )
    if pictures is None:
        return
    answer = bench.peers.ask("mesh", pictures, scale=FINE)
    if answer is None:
        table.add_gap("MediaPipe Face Mesh", NOT_MEASURED)
    else:
        add("MediaPipe Face Mesh", answer["points"][:, landmarks.MESH_OF_68, :2] - 0.5)
    if pictures.ndim == 3 and own:
        found = bench.peers.ask("dlib68", pictures, scale=FINE)
        if found is not None:
            add("dlib in the infrared picture", found["points"] - 0.5)


def _draw_rap(bench: Bench, sort: str, images: list[NDArray], ours: Answers | None, reference: Points | None) -> None:
    """The worst 72 and 24 even ones: ours yellow (red where not valid), dlib green."""
    if bench.pictures is None or ours is None:
        return
    known = reference if reference is not None else np.full_like(ours.points, np.nan)
    errors = np.nan_to_num(landmarks.inner_errors(ours.points, known), nan=-1.0)
    order = [*np.argsort(-errors, kind="stable")[:72], *np.linspace(0, len(images) - 1, 24).astype(int)]
    tiles = []
    for i in order:
        region = bench.rap_regions[i]
        tile = sheets.enlarge(region.cut(images[i], 150, nearest=sort == "depth alone"), 150)
        sheets.with_points(tile, region.to_crop(known[i], 150), sheets.GREEN)
        color = sheets.YELLOW if ours.evidence[i] >= VALID_EVIDENCE else sheets.RED
        sheets.with_points(tile, region.to_crop(ours.points[i], 150), color)
        tiles.append(sheets.with_text(tile, f"{i} {errors[i]:.0%}" if errors[i] >= 0 else f"{i}"))
    sheets.save(bench.pictures, f"landmarks-rap-{sort.replace(' ', '-')}", sheets.sheet(tiles, 12))


# -- portraits --------------------------------------------------------------------------------------------------------


def region_of_points(points: NDArray) -> Region:
    """The 320 mm square that goes with 68 points: round the middle of nose bridge and eyes, scaled by the eyes or
    (for a turned head) by bridge to chin, whichever is larger."""
    eyes = float(np.linalg.norm(points[36] - points[45])) / EYES_MM
    chin = float(np.linalg.norm(points[27] - points[8])) / 110.0
    center = points[[27, 28, 29, 30, 36, 39, 42, 45]].mean(axis=0)
    width = 320.0 * max(eyes, chin)
    return Region(float(center[0] + 0.5 - width / 2), float(center[1] + 0.5 - width / 2), width)


def _portraits(bench: Bench) -> Table:
    bench.say("landmarks: portraits")
    names, images = list(bench.portraits), list(bench.portraits.values())
    note = (
        "Faces that dlib's HOG finds in the portraits, as above. 'Own crop': from dlib's points, for the model alone; "
        "'the steps': the program looks at the picture as at an uncalibrated camera's."
    )
    table = Table(
        "FaceLandmarks: portraits", tuple(column for column in COLUMNS if not column.name.startswith("front")), note
    )
    table.add("to reach", {"error": "<= 3.7 %"})
    boxes = bench.peers.ask("detect", images, scale=1, detector="dlib_hog")
    model = bench.shelf.get("face_landmarks")
    if boxes is None:
        table.add_gap(bench.shelf.title("face_landmarks"), f"{NOT_MEASURED}: dlib is the reference")
        return table
    where = boxes["image"]
    faces = [images[i] for i in where]
    answer = bench.peers.ask("dlib68", faces, scale=1, boxes=boxes["boxes"])
    assert answer is not None
    reference = answer["points"] - 0.5
    regions = [region_of_points(points) for points in reference]
    gray = [cv2.cvtColor(face, cv2.COLOR_BGR2GRAY) for face in faces]
    first = None if model is None else read(model, gray, regions)
    ours = None if first is None else read_closely(model, gray, regions, first)
    if first is None or ours is None:
        table.add_gap("FaceLandmarks", NOT_AVAILABLE)
    else:
        name = bench.shelf.title("face_landmarks")
        table.add(f"{name}, own crop, first look", _cells(landmarks.score(first.points, reference)))
        table.add(f"{name}, own crop, read again closely", _cells(landmarks.score(ours.points, reference)))
        pictures = [Picture(StreamKind.COLOR, np.ascontiguousarray(image[..., ::-1])) for image in images]
        seen = faces_of_stills(pictures, bench.shelf.steps)
        steps = np.stack([nearest_points(seen[i], box) for i, box in zip(where, boxes["boxes"], strict=True)])
        table.add(f"{name}, the steps", _cells(landmarks.score(steps, reference)))
    mesh = bench.peers.ask("mesh", [r.cut(f, 512) for r, f in zip(regions, faces, strict=True)], scale=1)
    if mesh is None:
        table.add_gap("MediaPipe Face Mesh", NOT_MEASURED)
    else:
        points = mesh["points"][:, landmarks.MESH_OF_68, :2] - 0.5
        table.add(
            "MediaPipe Face Mesh",
            _cells(
                landmarks.score(np.stack([r.to_image(p, 512) for r, p in zip(regions, points, strict=True)]), reference)
            ),
        )
    tiles = []
    for i, (region, face) in enumerate(zip(regions, faces, strict=True)):
        tile = region.cut(face, 300)
        sheets.with_points(tile, region.to_crop(reference[i], 300), sheets.GREEN)
        if ours is not None:
            sheets.with_points(tile, region.to_crop(ours.points[i], 300), sheets.YELLOW)
        tiles.append(sheets.with_text(tile, names[where[i]]))
    sheets.save(bench.pictures, "landmarks-portraits", sheets.sheet(tiles, 5))
    return table


def nearest_points(faces: list, box: NDArray) -> NDArray[np.float64]:
    """Points of the reported face that matches the box; NaN without one."""
    for face in faces:
        b = face.box
        if face.landmarks is not None and is_match((b.x, b.y, b.x + b.w, b.y + b.h), box):
            return face.landmarks.points.astype(float)
    return np.full((68, 2), np.nan)
