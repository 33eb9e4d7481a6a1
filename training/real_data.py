"""Real recordings to measure on, never to train on: heads found from depth alone, cut out as the pipeline does.

The folders are those of the development data (see its README); none of it is part of this repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.normalise import encode_depth

CROP_MM = 320.0
HEAD_HALF_WIDTH_MM, HEAD_HALF_HEIGHT_MM = 80.0, 115.0
"""The head's ellipse about the crop's center, over which depth and colour are compared."""

KINECT_FX = 525.0
RAP3DF_FX = 365.0
KINECT_TOWARD = (*range(0, 15), *range(86, 100))
"""kinect_person frames in which the face looks toward the camera (both eyes seen), judged by eye."""
KINECT_AWAY = (*range(30, 67),)
"""kinect_person frames of the back of the head, judged by eye."""


class RealDataError(Exception):
    """A recording is missing or is not what was expected; the message names it."""


@dataclass(frozen=True)
class Head:
    """Where a head is: center in pixels and distance in mm."""

    x: float
    y: float
    distance_mm: float
    fx: float

    def cut(self, image: NDArray, size: int, smooth: bool = True) -> NDArray:
        """The 320 mm crop as (size, size[, C]): averaged over the source pixels, or nearest for depth."""
        width = CROP_MM * self.fx / self.distance_mm
        finer = 4 if smooth else 1
        n = size * finer
        scale = n / width
        offset = (n - 1) / 2 - np.array([self.x, self.y]) * scale
        matrix = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
        out = cv2.warpAffine(image, matrix, (n, n), flags=cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST)
        return cv2.resize(out, (size, size), interpolation=cv2.INTER_AREA) if smooth else out


@dataclass(frozen=True)
class RealSample:
    """One real picture with depth: color RGB uint8 (black where unknown), depth mm uint16 on the same grid."""

    name: str
    subject: str
    pose: str
    color: NDArray[np.uint8]
    depth_mm: NDArray[np.uint16]
    head: Head

    def gray(self, size: int) -> NDArray[np.uint8]:
        """The gray 320 mm crop."""
        return self.head.cut(cv2.cvtColor(self.color, cv2.COLOR_RGB2GRAY), size)

    def depth(self, size: int) -> NDArray[np.uint16]:
        """The depth 320 mm crop in mm."""
        return self.head.cut(self.depth_mm, size, smooth=False)

    def code(self, size: int) -> NDArray[np.uint8]:
        """The depth crop in the papers' 8 bits."""
        return encode_depth(self.depth(size), self.head.distance_mm)


def find_head(depth_mm: NDArray, fx: float) -> Head:
    """The nearest person's head from depth alone.

    Nearest body = pixels up to 350 mm behind the 5th percentile, largest blob. Head = its topmost 240 mm, narrowed
    to 220 mm across. Distance = median within 30 mm of the center.

    Raises:
        RealDataError: there is no valid depth.
    """
    valid = depth_mm > 0
    if not valid.any():
        raise RealDataError("A depth image without any valid pixel has no head.")
    body = valid & (depth_mm < np.percentile(depth_mm[valid], 5) + 350)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(body.astype(np.uint8))
    if count > 1:
        body = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    px_per_mm = fx / float(np.median(depth_mm[body]))
    wide = np.flatnonzero(body.sum(axis=1) >= 40 * px_per_mm)
    top = int(wide[0]) if wide.size else int(np.flatnonzero(body.any(axis=1))[0])
    rows, columns = np.nonzero(body[top : top + int(240 * px_per_mm)])
    for _ in range(4):
        near = np.abs(columns - np.median(columns)) < 110 * px_per_mm
        rows, columns = rows[near], columns[near]
    x, y = float(columns.mean()), float(rows.mean() + top)
    reach = max(3, int(30 * px_per_mm))
    around = depth_mm[max(0, int(y) - reach) : int(y) + reach + 1, max(0, int(x) - reach) : int(x) + reach + 1]
    if not (around > 0).any():
        raise RealDataError(f"There is no valid depth around the head found at {x:.0f}, {y:.0f}.")
    return Head(x, y, float(np.median(around[around > 0])), fx)


def require_folder(data: Path) -> None:
    """Raises RealDataError where `data` is no folder."""
    if not data.is_dir():
        found = "is a file" if data.exists() else "is missing"
        raise RealDataError(f"the folder {data} {found}; name the one that holds kinect_person, rap3df_set2 and so on.")


def kinect_person(data: Path) -> Iterator[RealSample]:
    """The turning person, frame by frame. Raises RealDataError if a file is missing."""
    require_folder(data)
    folder = data / "kinect_person"
    colors = sorted(p for p in folder.glob("*.jpg") if not p.stem.endswith("mask"))
    if not colors:
        raise RealDataError(f"{folder} holds no frames; it is part of the development data.")
    for path in colors:
        color, depth = cv2.imread(str(path)), cv2.imread(str(folder / f"{path.stem}_depth.png"), cv2.IMREAD_UNCHANGED)
        if color is None or depth is None:
            raise RealDataError(f"{path} or its depth image cannot be read.")
        head = find_head(depth, KINECT_FX)
        yield RealSample(path.stem, "person", "", cv2.cvtColor(color, cv2.COLOR_BGR2RGB), depth, head)


def rap3df(data: Path) -> Iterator[RealSample]:
    """Kinect v2 faces of 80 people in several poses. Raises RealDataError if the file is missing."""
    require_folder(data)
    path = data / "rap3df_set2" / "rap3df_set2.npz"
    if not path.exists():
        raise RealDataError(f"{path} is missing; it is part of the development data.")
    with np.load(path, allow_pickle=False) as file:
        columns = {name: file[name] for name in ("subject", "pose", "color_bgr", "depth_mm")}
    for row in range(len(columns["subject"])):
        depth = columns["depth_mm"][row]
        color = np.ascontiguousarray(columns["color_bgr"][row][..., ::-1])
        subject, pose = str(columns["subject"][row]), str(columns["pose"][row])
        yield RealSample(f"{row}", subject, pose, color, depth, find_head(depth, RAP3DF_FX))


def head_ellipse(size: int) -> NDArray[np.bool_]:
    """(size, size) True inside the head's ellipse about the center of a 320 mm crop."""
    axis = ((np.arange(size) + 0.5) / size - 0.5) * CROP_MM
    return (axis[None] / HEAD_HALF_WIDTH_MM) ** 2 + (axis[:, None] / HEAD_HALF_HEIGHT_MM) ** 2 <= 1
