"""The real recordings that everything is measured on, as they lie in the folder of development data.

None of it is part of this repository, and no shipped weight was trained on any of it.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.real.crops import Head, Region, find_head

RAP_FX, KINECT_FX = 365.0, 525.0

KINECT_FACE = (*range(23), *range(75, 100))
"""kinect_person frames that show a face (up to three quarters), and those of the back of the head."""
KINECT_BACK = (*range(30, 67),)


class RealDataError(Exception):
    """A recording is not what was expected; the message names the file and what to do."""


RAP_LABELS = (
    "Labels are taken as recorded: at least six people have two, and at least two labels stand for two people, so that "
    "'another person' is at times the same."
)
"""What the pictures of rap3df_set2 show of its labels, seen by eye; it goes with every figure about identity."""


@dataclass(frozen=True)
class RapFaces:
    """rap3df_set2: (N, 149, 119) Kinect v2 crops of 80 people; colour registered to depth, black where there is none.

    ``enrol`` is True for the frontal pose of enrolment, False for all others.
    """

    subject: NDArray[np.str_]
    pose: NDArray[np.str_]
    bgr: NDArray[np.uint8]
    depth_mm: NDArray[np.uint16]
    infrared: NDArray[np.uint8]
    heads: tuple[Head, ...]

    @property
    def enrol(self) -> NDArray[np.bool_]:
        return np.isin(self.pose, ["front", "enrol"])

    @property
    def distance_mm(self) -> NDArray[np.float64]:
        return np.array([head.distance_mm for head in self.heads])

    def __len__(self) -> int:
        return len(self.heads)

    def crops(self, size: int) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
        """Colour (N, size, size, 3) and depth (N, size, size) in the 320 mm crop of every sample."""
        regions = [Region.of(head) for head in self.heads]
        color = np.stack([r.cut(image, size) for r, image in zip(regions, self.bgr, strict=True)])
        depth = np.stack([r.cut(image, size, nearest=True) for r, image in zip(regions, self.depth_mm, strict=True)])
        return color, depth

    def boxes(self) -> NDArray[np.float64]:
        """(N, 4) reference boxes, from depth alone."""
        return np.stack([head.face_box for head in self.heads])


@dataclass(frozen=True)
class Turning:
    """kinect_person: one person turning round once; 640x480 colour (BGR) and depth on one grid."""

    bgr: list[NDArray[np.uint8]]
    depth_mm: list[NDArray[np.uint16]]
    heads: tuple[Head, ...]


@dataclass(frozen=True)
class ThermalFaces:
    """lepton_faces: 160x120 thermal pictures in five palettes, a face box (left, top, right, bottom) px each."""

    names: tuple[str, ...]
    bgr: list[NDArray[np.uint8]]
    boxes: NDArray[np.float64]
    palette: tuple[str, ...]

    @property
    def gray(self) -> list[NDArray[np.uint8]]:
        """What the pictures show in one channel: of a palette, its luma."""
        return [cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) for image in self.bgr]


def load_rap(data: Path) -> RapFaces | None:
    """None where the recording is not there. Raises RealDataError if the file is another than expected."""
    path = data / "rap3df_set2" / "rap3df_set2.npz"
    if not path.is_file():
        return None
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            subject, pose = file["subject"].astype(str), file["pose"].astype(str)
            bgr, depth, infrared = file["color_bgr"], file["depth_mm"], file["ir"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise RealDataError(f"{path} cannot be read ({error}); fetch it again") from error
    try:
        heads = tuple(find_head(one, RAP_FX) for one in depth)
    except ValueError as error:
        raise RealDataError(f"{path}: {error}") from error
    return RapFaces(subject, pose, bgr, depth, infrared, heads)


def load_turning(data: Path) -> Turning | None:
    """None where the recording is not there. Raises RealDataError for a missing or broken image."""
    folder = data / "kinect_person"
    paths = sorted(p for p in folder.glob("*.jpg") if not p.stem.endswith("mask"))
    if not paths:
        return None
    color, depth = [], []
    for path in paths:
        color.append(_read(path, cv2.IMREAD_COLOR))
        depth.append(_read(path.with_name(f"{path.stem}_depth.png"), cv2.IMREAD_UNCHANGED))
    return Turning(color, depth, tuple(find_head(one, KINECT_FX) for one in depth))


def load_thermal(data: Path) -> ThermalFaces | None:
    """None where the recording is not there. Raises RealDataError for a missing or broken file."""
    paths = sorted((data / "lepton_faces" / "images").glob("*.jpeg"), key=lambda p: _numbers(p.stem))
    if not paths:
        return None
    images, boxes = [], []
    for path in paths:
        image = _read(path, cv2.IMREAD_COLOR)
        boxes.append(_yolo_box(path.parents[1] / "annotations" / f"{path.stem}.txt", image.shape))
        images.append(image)
    palettes = tuple(palette_of(image) for image in images)
    return ThermalFaces(tuple(path.stem for path in paths), images, np.array(boxes), palettes)


def load_portraits(data: Path) -> dict[str, NDArray[np.uint8]]:
    """Name -> BGR picture; empty where there are none. Raises RealDataError for a broken one."""
    return {path.stem: _read(path, cv2.IMREAD_COLOR) for path in sorted((data / "portraits").glob("*.jpg"))}


def palette_of(bgr: NDArray[np.uint8]) -> str:
    """Which of the Lepton's palettes a picture is coloured with, by the share of its hues: gray, iron, lava, rainbow
    or high contrast."""
    hue, saturation, _ = cv2.split(cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV))
    if float(saturation.mean()) < 25:
        return "gray"
    colored = saturation > 100
    total = max(1, int(colored.sum()))

    def share(low: int, high: int) -> float:
        return float((colored & (hue >= low) & (hue < high)).sum()) / total

    if share(40, 110) > 0.03:
        return "rainbow" if share(110, 130) > share(140, 160) else "high contrast"
    return "iron" if share(120, 170) > 0.05 else "lava"


def _numbers(stem: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in stem.split("_"))


def _read(path: Path, how: int) -> NDArray:
    image = cv2.imread(str(path), how)
    if image is None:
        raise RealDataError(f"{path} is missing or no picture; fetch the recording again")
    return image


def _yolo_box(path: Path, shape: tuple[int, ...]) -> list[float]:
    try:
        _, x, y, w, h = (float(word) for word in path.read_text("utf-8").split()[:5])
    except (OSError, ValueError) as error:
        raise RealDataError(f"{path} holds no face box ({error}); fetch the recording again") from error
    height, width = shape[:2]
    return [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height]
