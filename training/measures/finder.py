"""face_finder: faces found, squares that fit, and false ones, on rendered frames and on real recordings.

found: the square's middle lies in the reference box enlarged by half. fits: intersection over union is 0.5 or more.
false: a square that matches no reference in the first sense.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.card import Measured
from engines.models.face_finder import FaceFinder, FoundFace
from training.faces.crowd_sample import COLUMN
from training.faces.crowd_shards import CrowdStore
from training.finder_truth import kinds, placed
from training.measures.report import EvaluationError, Report, some
from training.real_data import RealDataError, find_head, kinect_person, rap3df

RAP3DF_FX, KINECT_FX = 365.0, 525.0
FACE_MM, FACE_BELOW_MM = 160.0, 15.0
"""The reference square round a head that depth has found."""
ENLARGED = 1.5
FITS = 0.5
KINECT_FACE = (*range(23), *range(75, 100))
"""Frames of kinect_person in which a face is seen, up to the full profile; judged by eye."""
KINECT_BACK = (*range(30, 67),)
"""Frames of kinect_person that show the back of the head."""
TINY_PX = 16.0
MISSED = "faces not found at IoU >= 0.5"

Box = tuple[float, float, float, float]
"""left, top, right, bottom in px."""


@dataclass
class Tally:
    """What was counted over some pictures."""

    pictures: int = 0
    faces: int = 0
    found: int = 0
    fits: int = 0
    false: int = 0

    def add(self, boxes: Sequence[Box], references: Sequence[Box], unasked: Sequence[Box] = ()) -> None:
        """Count one picture; `unasked` boxes may be found or not."""
        self.pictures += 1
        self.faces += len(references)
        for reference in references:
            self.found += any(is_match(box, reference) for box in boxes)
            self.fits += any(is_match(box, reference) and overlap(box, reference) >= FITS for box in boxes)
        known = [*references, *unasked]
        self.false += sum(not any(is_match(box, one) for one in known) for box in boxes)

    def tell(self, report: Report, on: str) -> None:
        """Note the shares."""
        if self.faces:
            report.add("found", 100 * self.found / self.faces, "%", on)
            report.add("IoU >= 0.5", 100 * self.fits / self.faces, "%", on)
        report.add("false a picture", self.false / max(self.pictures, 1), "1", on)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    across, along = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or along <= 0:
        return 0.0
    common = across * along
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)


def is_match(box: Box, reference: Box) -> bool:
    """Whether the box's middle lies in the reference enlarged by half."""
    apart_x = abs(box[0] + box[2] - reference[0] - reference[2]) / 2
    apart_y = abs(box[1] + box[3] - reference[1] - reference[3]) / 2
    reach_x, reach_y = (ENLARGED * (reference[k + 2] - reference[k]) / 2 for k in (0, 1))
    return apart_x <= reach_x and apart_y <= reach_y


def box_of(face: FoundFace) -> Box:
    """The square of a found face."""
    half = face.side / 2
    return face.x - half, face.y - half, face.x + half, face.y + half


def synthetic(model: FaceFinder, store: CrowdStore, count: int) -> list[Measured]:
    """Each modality on frames of held-out people, as rendered. Raises EvaluationError."""
    frames = some(store.held_out_faces, count)
    if len(frames) == 0:
        raise EvaluationError(
            "There are no held-out frames among these samples: every twelfth shard that training.faces.crowd_render "
            "makes is held out."
        )
    report = Report("face_finder", real=False)
    faces_of_all = fits_of_all = 0
    for modality in ("gray", "nir", "depth", "thermal"):
        all_sizes, small = Tally(), Tally()
        for index in frames:
            pixels = store.get("depth_mm" if modality == "depth" else modality, int(index))
            look = {"depth": model.depth, "thermal": model.thermal}.get(modality, model.picture)
            faces = look(np.array(pixels))
            boxes = [box_of(face) for face in faces]
            heads = store.get("heads", int(index))
            heads = placed(heads[np.isfinite(heads[:, 0])])
            kind = kinds(heads, modality, pixels.shape[1], pixels.shape[0])
            squares = [_square(head) for head in heads]
            sides = heads[:, COLUMN["side"]]
            asked = [s for s, k in zip(squares, kind, strict=True) if k == 1]
            unasked = [s for s, k in zip(squares, kind, strict=True) if k == -1]
            all_sizes.add(boxes, asked, unasked)
            tiny = [s for s, k, side in zip(squares, kind, sides, strict=True) if k == 1 and side < TINY_PX]
            small.add(boxes, tiny, squares)
        on = f"{modality}, {len(frames)} rendered frames of held-out people with {all_sizes.faces} faces"
        all_sizes.tell(report, on)
        faces_of_all, fits_of_all = faces_of_all + all_sizes.faces, fits_of_all + all_sizes.fits
        if small.faces:
            report.add("found", 100 * small.found / small.faces, "%", f"{on}, {small.faces} below {TINY_PX:.0f} px")
    if faces_of_all:
        missed = 100 * (1 - fits_of_all / faces_of_all)
        report.add(MISSED, missed, "%", f"all four, {len(frames)} rendered frames of held-out people")
    return report.values


def _square(head: NDArray[np.float32]) -> Box:
    x, y, half = (float(head[COLUMN[name]]) for name in ("box_x", "box_y", "side"))
    return x - half / 2, y - half / 2, x + half / 2, y + half / 2


def real(model: FaceFinder, data: Path) -> list[Measured]:
    """Kinect v2 heads, one person turning round, and Lepton pictures. Raises RealDataError."""
    report = Report("face_finder", real=True)
    for name, tally in rap_tallies(model, data).items():
        tally.tell(report, f"rap3df_set2, {tally.pictures} pictures, {name}")
    thermal = Tally()
    for picture, reference in lepton_faces(data):
        thermal.add([box_of(face) for face in model.thermal(picture)], [reference])
    thermal.tell(report, f"lepton_faces, {thermal.pictures} pictures, every palette as gray")
    for name, (seen, back) in turning_tallies(model, data).items():
        seen.tell(report, f"kinect_person, frames 0-22 and 75-99, {name}")
        back.tell(report, f"kinect_person, back of the head (frames 30-66), {name}")
    return report.values


def rap_tallies(model: FaceFinder, data: Path) -> dict[str, Tally]:
    """rap3df_set2 in colour (as gray), infrared (8 bits that wrap round, stretched to its 99th percentile), depth."""
    tallies = {"colour": Tally(), "infrared": Tally(), "depth alone": Tally()}
    infrared = rap_infrared(data)
    for row, sample in enumerate(rap3df(data)):
        reference = [reference_square(sample.depth_mm, RAP3DF_FX)]
        gray = cv2.cvtColor(sample.color, cv2.COLOR_RGB2GRAY)
        for name, faces in (
            ("colour", model.picture(gray)),
            ("infrared", model.picture(stretched_infrared(infrared[row]))),
            ("depth alone", model.depth(sample.depth_mm)),
        ):
            tallies[name].add([box_of(face) for face in faces], reference)
    return tallies


def turning_tallies(model: FaceFinder, data: Path) -> dict[str, tuple[Tally, Tally]]:
    """kinect_person in gray and in depth: frames with a face, and frames of the back of the head."""
    tallies = {"gray": (Tally(), Tally()), "depth": (Tally(), Tally())}
    for number, sample in enumerate(kinect_person(data)):
        reference = [reference_square(sample.depth_mm, KINECT_FX)]
        gray = cv2.cvtColor(sample.color, cv2.COLOR_RGB2GRAY)
        for name, faces in (("gray", model.picture(gray)), ("depth", model.depth(sample.depth_mm))):
            boxes = [box_of(face) for face in faces]
            if number in KINECT_FACE:
                tallies[name][0].add(boxes, reference)
            elif number in KINECT_BACK:
                tallies[name][1].add(boxes, [])
    return tallies


def reference_square(depth_mm: NDArray[np.uint16], fx: float) -> Box:
    """The square of 160 mm centred 15 mm below the head that depth shows."""
    head = find_head(depth_mm, fx)
    half = FACE_MM / 2 * fx / head.distance_mm
    y = head.y + FACE_BELOW_MM * fx / head.distance_mm
    return head.x - half, y - half, head.x + half, y + half


def rap_infrared(data: Path) -> NDArray[np.uint8]:
    """(N, H, W) infrared of rap3df_set2. Raises RealDataError if the file is missing."""
    path = data / "rap3df_set2" / "rap3df_set2.npz"
    if not path.exists():
        raise RealDataError(f"{path} is missing; it is part of the development data.")
    with np.load(path, allow_pickle=False) as file:
        pixels: NDArray[np.uint8] = file["ir"]
    return pixels


def stretched_infrared(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Infrared on 0..255, its 99th percentile at 255."""
    lit = pixels[pixels > 0]
    top = float(np.percentile(lit, 99)) if lit.size else 1.0
    return np.clip(pixels.astype(np.float32) * 255 / max(top, 1.0), 0, 255).astype(np.uint8)


def lepton_faces(data: Path) -> Iterator[tuple[NDArray[np.uint8], Box]]:
    """Lepton pictures as gray with the annotated face. Raises RealDataError if a file is missing."""
    folder = data / "lepton_faces"
    pictures = sorted((folder / "images").glob("*")) if folder.is_dir() else []
    if not pictures:
        raise RealDataError(f"{folder} holds no pictures; it is part of the development data.")
    for path in pictures:
        image = cv2.imread(str(path), cv2.IMREAD_COLOR)
        words = (folder / "annotations" / f"{path.stem}.txt").read_text().split()
        if image is None or len(words) < 5:
            raise RealDataError(f"{path} or its annotation cannot be read.")
        height, width = image.shape[:2]
        x, y, w, h = (float(word) for word in words[1:5])
        box = ((x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height)
        yield cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), box
