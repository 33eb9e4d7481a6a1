"""The papers' dynamic face crop, cutting it out of an image, and the 8-bit depth coding that the networks read.

Dynamic crop ("Face Verification from Depth using Privileged Information", seed 001): a box of ``w = fx R / D`` by
``h = fy R / D`` pixels round the head centre, R = 320 mm, D = the mean of the valid depths round the head centre.
Where the paper is silent: the mean is over an 11 x 11 window (21 and 41 when it holds no reading), and what lies
outside the image is filled with 0.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Intrinsics
from engines.normalise import HALF_RANGE_MM, encode_depth, relief_of_code
from pipeline.percentiles import percentiles
from recordings.observation import Box

Depth = NDArray[np.uint16]


class CropConfig(BaseModel):
    """How the region round a head is measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region_mm: float = Field(320.0, gt=0, le=2000, description="R: width and height of the crop at the head")
    windows_px: tuple[int, ...] = Field((11, 21, 41), description="windows for D, tried in turn")
    depth_half_range_mm: float = Field(
        HALF_RANGE_MM, gt=0, le=5000, description="L: the depth coding covers D - L to D + L"
    )
    mixed_depth_mm: float = Field(
        120.0, gt=0, description="depths round the head centre that span more than this are noted as mixed"
    )
    default_fov_deg: float = Field(
        60.0, gt=5, lt=170, description="horizontal field of view that an uncalibrated camera is taken to have"
    )


class CropFailure(enum.StrEnum):
    """Why there is no crop; the text is for people."""

    OUTSIDE = "the head centre lies outside the image"
    NO_DEPTH = "no depth reading round the head centre"


@dataclass(frozen=True, slots=True)
class Distance:
    """D, in millimetres, the window it was found in, and a note when that window holds more than one surface."""

    mm: float
    window_px: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crop:
    """The region round a head: ``box`` in px of the stream, ``distance`` None where it did not come from depth."""

    box: Box
    distance: Distance | None = None


def head_distance(
    depth_mm: Depth,
    center_px: tuple[float, float],
    config: CropConfig | None = None,
    *,
    about_mm: float | None = None,
) -> Distance | CropFailure:
    """D: the mean of the valid depths in the first window round ``center_px`` that holds any.

    Args:
        depth_mm: uint16 (H, W), 0 = no reading.
        center_px: (x, y), pixel centres at integers.
        about_mm: where the head is known to be: depths more than ``mixed_depth_mm`` * 2 from it (the wall beside
            its edge, a hand before it) are left out. The papers take every valid depth: None.
    """
    config = config or CropConfig()
    height, width = depth_mm.shape
    if not (math.isfinite(center_px[0]) and math.isfinite(center_px[1])):
        return CropFailure.OUTSIDE
    x, y = math.floor(center_px[0] + 0.5), math.floor(center_px[1] + 0.5)
    if not (0 <= x < width and 0 <= y < height):
        return CropFailure.OUTSIDE
    for size in config.windows_px:
        r = size // 2
        window = depth_mm[max(y - r, 0) : y + r + 1, max(x - r, 0) : x + r + 1]
        valid = window[window > 0]
        if about_mm is not None:
            valid = valid[np.abs(valid - about_mm) <= 2.0 * config.mixed_depth_mm]
        if valid.size:
            low, high = percentiles(valid, 10, 90)
            note = ""
            if high - low > config.mixed_depth_mm:
                note = (
                    f"depths round the head centre span {high - low:.0f} mm: "
                    "something is held before the face, or its edge is there"
                )
            return Distance(float(valid.mean(dtype=np.float64)), size, note)
    return CropFailure.NO_DEPTH


def dynamic_crop(
    depth_mm: Depth,
    center_px: tuple[float, float],
    intrinsics: Intrinsics,
    config: CropConfig | None = None,
    *,
    about_mm: float | None = None,
) -> Crop | CropFailure:
    """The papers' crop: R mm wide and high at the distance of the head. It may reach outside the image.

    Args:
        depth_mm: uint16 (H, W) on the grid of ``intrinsics``, 0 = no reading.
        center_px: the head centre (x, y), pixel centres at integers.
        about_mm: as in :func:`head_distance`.
    """
    config = config or CropConfig()
    distance = head_distance(depth_mm, center_px, config, about_mm=about_mm)
    if isinstance(distance, CropFailure):
        return distance
    return Crop(crop_at(center_px, distance.mm, intrinsics, config.region_mm), distance)


def crop_at(
    center_px: tuple[float, float], distance_mm: float, intrinsics: Intrinsics, region_mm: float = 320.0
) -> Box:
    """The box of ``w = fx R / D``, ``h = fy R / D`` px centred at ``center_px``; D and R in mm."""
    w = intrinsics.fx * region_mm / distance_mm
    h = intrinsics.fy * region_mm / distance_mm
    return Box(center_px[0] - w / 2, center_px[1] - h / 2, w, h)


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A crop resampled to a square grid.

    Attributes:
        pixels: (S, S) or (S, S, C) of the source's dtype, 0 outside the source.
        inside: bool (S, S), whether the pixel lies in the source image.
        box: where it was cut, in px of the source.
    """

    pixels: NDArray[Any]
    inside: NDArray[np.bool_]
    box: Box

    def to_source(self, points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Points (N, 2) of this grid to px of the source; pixel centres are at integers on both."""
        size = self.pixels.shape[0]
        scale = np.array([self.box.w / size, self.box.h / size])
        out: NDArray[np.float64] = (np.asarray(points, np.float64) + 0.5) * scale + np.array([self.box.x, self.box.y])
        return out

    def from_source(self, points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Points (N, 2) in px of the source to this grid."""
        size = self.pixels.shape[0]
        scale = np.array([self.box.w / size, self.box.h / size])
        out: NDArray[np.float64] = (np.asarray(points, np.float64) - np.array([self.box.x, self.box.y])) / scale - 0.5
        return out


def cut(pixels: NDArray[Any], box: Box, size: int, *, nearest: bool = False) -> Cutout:
    """Resample ``box`` of an image to ``size`` x ``size`` px; outside the image there is 0.

    Args:
        pixels: (H, W) or (H, W, C), uint8, uint16 or float32.
        box: in px of that image, any size greater than 0, may reach outside.
        nearest: take the nearest pixel: for depth and other counts that must not be mixed. Otherwise bilinear,
            after averaging whole blocks when the box is more than twice as large as the result.

    Raises:
        ValueError: the box has no area or is not finite.
    """
    if not (box.w > 0 and box.h > 0 and all(map(math.isfinite, (box.x, box.y, box.w, box.h)))):
        raise ValueError(f"a box to cut needs finite numbers and an area, found {box}")
    height, width = pixels.shape[:2]
    # Centre of grid pixel j in the source: u = x + (j + 1/2) w / S.
    xs = box.x + (np.arange(size) + 0.5) * (box.w / size)
    ys = box.y + (np.arange(size) + 0.5) * (box.h / size)
    columns = np.floor(xs + 0.5).astype(np.int64)
    rows = np.floor(ys + 0.5).astype(np.int64)
    inside_x = (columns >= 0) & (columns < width)
    inside_y = (rows >= 0) & (rows < height)
    inside = inside_y[:, None] & inside_x[None, :]
    if nearest:
        out = pixels[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
        if not inside.all():
            out[~inside] = 0
        return Cutout(out, inside, box)
    return Cutout(_warp(pixels, box, size), inside, box)


def _warp(pixels: NDArray[Any], box: Box, size: int) -> NDArray[Any]:
    scale_x, scale_y = box.w / size, box.h / size
    x, y, step = box.x, box.y, int(min(scale_x, scale_y))
    source = pixels
    if step >= 2:
        # Whole blocks a little beyond the box, so that its edge is mixed with the image and not with the filling.
        left, top = max(math.floor(x) - step, 0), max(math.floor(y) - step, 0)
        right = min(math.ceil(x + box.w) + 2 * step, pixels.shape[1])
        bottom = min(math.ceil(y + box.h) + 2 * step, pixels.shape[0])
        across, down = (right - left) // step, (bottom - top) // step
        if across > 0 and down > 0:
            block = pixels[top : top + down * step, left : left + across * step]
            source = cv2.resize(block, (across, down), interpolation=cv2.INTER_AREA)
            # Block pixel k is centred at left + (k + 1/2) step - 1/2.
            x, y = (x - left + 0.5) / step - 0.5, (y - top + 0.5) / step - 0.5
            scale_x, scale_y = scale_x / step, scale_y / step
    to_source = np.array([[scale_x, 0.0, x + scale_x / 2], [0.0, scale_y, y + scale_y / 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(source, to_source, (size, size), flags=flags))


def code_depth(depth_mm: Depth, distance_mm: float, config: CropConfig | None = None) -> NDArray[np.uint8]:
    """The papers' 8-bit depth of a crop: ``d8 = 1 + round(254 (D + L - z) / (2 L))`` within [D - L, D + L], else 0.

    Near is bright. The same function codes what the networks are trained on.
    """
    config = config or CropConfig()
    return encode_depth(depth_mm, distance_mm, config.depth_half_range_mm)


def decode_depth(code: NDArray[np.uint8], distance_mm: float, config: CropConfig | None = None) -> NDArray[np.float32]:
    """Millimetres (float32, any shape) from the coding: ``z = D + L - 2 L (d8 - 1) / 254``; NaN where there is 0.

    The round trip is off by at most half a step, 1.19 mm for L = 300 mm.
    """
    config = config or CropConfig()
    return np.float32(distance_mm) - relief_of_code(code, config.depth_half_range_mm)
