"""Depth of one camera on the pixel grid of another, each through its own lens; the nearest surface wins.

Every reading is drawn as the rectangle that its pixel covers in the other image, no more: so a near surface has no gaps
through which what lies behind it would shine, and what the depth camera cannot see stays without a reading. What does
not depend on the depth (rays, maps of the lens) is computed once.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError
from drivers.frame import Intrinsics, StreamInfo

NEAREST_MM: Final = 50.0
"""What would lie nearer to the other camera than this is no picture in it."""
_NONE: Final = int(np.iinfo(np.uint16).max)
"""No reading, while drawing."""
_SWELL: Final = 1.01
"""Of a pixel's rectangle: neighbours that rounding parts meet again."""
_MOST_PIXELS: Final = 32
"""Across the rectangle of one reading; one that is nearer to the other camera would only be a blot."""
_WIDEST_RAY: Final = 5.0
"""Of the other camera: x/z and y/z of 79 degrees. A lens that sees farther to the side gets no depth there."""
_MOST_AREA: Final = 4_000_000
_SAME_SURFACE: Final = 0.03
"""Neighbours that differ by less than this share of their depth are one surface."""

_AROUND: Final = np.ones((3, 3), np.uint8)

FloatImage = NDArray[np.float32]
DepthImage = NDArray[np.uint16]


class DepthProjector:
    """Call it with depth (H, W) uint16 mm of ``source``; it gives (H', W') uint16 mm on the grid of ``to``.

    For every pixel of the source, ``u = (A z + B) / (C z + D)`` on the pinhole image of the other camera, A and C
    images, B and D numbers. Where that camera's lens distorts, its own pixels are looked up there at the end.

    Raises:
        CalibrationError: one of the streams has no intrinsics.
    """

    def __init__(self, source: StreamInfo, to: StreamInfo) -> None:
        a, b = source.intrinsics, to.intrinsics
        if a is None or b is None:
            raise CalibrationError(f"depth of {source.name} needs intrinsics of both streams to be seen in {to.name}")
        self._shape = (a.height, a.width)
        back = to.extrinsics.matrix().T
        rays = rays_of(a)
        turned = rays @ (back @ source.extrinsics.matrix()).T
        offset = back @ (np.array(source.extrinsics.translation_m) - np.array(to.extrinsics.translation_m)) * 1000.0
        grid = _Grid(b)
        self._grid = grid
        seen = np.asarray(np.isfinite(turned).all(axis=2))
        turned[~seen] = (0.0, 0.0, -1.0)  # behind the other camera: no reading

        self._a_u = (b.fx * turned[..., 0] + grid.cx * turned[..., 2]).astype(np.float32)
        self._a_v = (b.fy * turned[..., 1] + grid.cy * turned[..., 2]).astype(np.float32)
        self._c = turned[..., 2].astype(np.float32)
        self._b_u = float(b.fx * offset[0] + grid.cx * offset[2])
        self._b_v = float(b.fy * offset[1] + grid.cy * offset[2])
        self._d = float(offset[2])
        across, down = _footprint(turned, seen)
        self._half_u = np.float32(0.5 * _SWELL * b.fx * across)
        self._half_v = np.float32(0.5 * _SWELL * b.fy * down)
        # Of the other camera's smaller pixels several lie in each; of larger ones, several of ours lie in one.
        self._is_coarse = min(b.fx * across, b.fy * down) < 0.9

    def __call__(self, depth_mm: NDArray[np.uint16]) -> NDArray[np.uint16]:
        if depth_mm.shape != self._shape:
            raise CalibrationError(f"depth of {self._shape} pixels was announced, found {depth_mm.shape}")
        z = depth_mm.astype(np.float32)
        far = self._c * z
        far += self._d
        ahead = (depth_mm > 0) & (far > NEAREST_MM)
        np.maximum(far, NEAREST_MM, out=far)
        u = self._a_u * z
        u += self._b_u
        u /= far
        v = self._a_v * z
        v += self._b_v
        v /= far
        z /= far  # from here on: how much larger a pixel is than at the same depth
        # Rounds; what is too far for 16 bits reads as _NONE.
        mm = np.asarray(cv2.add(far, 0.0, dtype=cv2.CV_16U), np.uint16)  # type: ignore[call-overload]  # stubs know no scalar
        out = self._draw(u, v, z, mm, ahead)
        if self._is_coarse:
            # No pixel's middle may lie in a lost reading while the other camera's large pixel sees those beside it.
            beside = self._scatter(np.rint(u, out=u), np.rint(v, out=v), mm, ahead)
            np.copyto(out, beside, where=out == _NONE)
        width, height = self._grid.size
        return self._grid.look_up(closed(out[:-1].reshape(height, width)))

    def _draw(
        self, u: FloatImage, v: FloatImage, scale: FloatImage, mm: DepthImage, ahead: NDArray[np.bool_]
    ) -> DepthImage:
        """The readings' rectangles, flat, one dummy pixel at the end, _NONE where there is no reading."""
        half_u, half_v = scale * self._half_u, scale * self._half_v
        left, top = u - half_u, v - half_v
        half_u += u
        half_v += v
        # Half-open: a pixel whose middle lies on the border of two readings belongs to one.
        more_u = np.ceil(half_u, out=half_u)
        more_v = np.ceil(half_v, out=half_v)
        more_u -= np.ceil(left, out=left)
        more_v -= np.ceil(top, out=top)
        most = np.maximum(more_u, more_v)
        ahead &= np.minimum(more_u, more_v) > 0
        out = self._scatter(left, top, mm, ahead)
        most *= ahead
        many = np.flatnonzero(most > 1)
        if not len(many):
            return out
        left, top, mm = left.ravel()[many], top.ravel()[many], mm.ravel()[many]
        more_u, more_v = more_u.ravel()[many], more_v.ravel()[many]
        for i in range(min(int(more_u.max()), _MOST_PIXELS)):
            for j in range(min(int(more_v.max()), _MOST_PIXELS)):
                if i or j:
                    inside = (more_u > i) & (more_v > j)
                    self._scatter(left + np.float32(i), top + np.float32(j), mm, inside, out)
        return out

    def _scatter(
        self, u: FloatImage, v: FloatImage, mm: DepthImage, ahead: NDArray[np.bool_], out: DepthImage | None = None
    ) -> DepthImage:
        """Each reading to the pixel (u, v), whole numbers; the nearest stays."""
        width, height = self._grid.size
        if out is None:
            out = np.full(width * height + 1, _NONE, np.uint16)
        outside = (u < 0) | (u >= width) | (v < 0) | (v >= height)
        outside |= ~ahead
        at = (v * np.float32(width) + u).astype(np.int32)  # float32 holds whole numbers up to 16 million
        np.copyto(at, width * height, where=outside)
        np.minimum.at(out, at.ravel(), mm.ravel())
        return out


class _Grid:
    """The other camera's image as a pinhole with its matrix would give it, large enough for all that its lens sees."""

    def __init__(self, lens: Intrinsics) -> None:
        self.size = (lens.width, lens.height)
        self.cx, self.cy = lens.cx, lens.cy
        self._maps: tuple[NDArray[np.int16], NDArray[np.uint16]] | None = None
        if not lens.has_distortion:
            return
        rays = rays_of(lens)[..., :2]
        rays[~(np.abs(rays) <= _WIDEST_RAY).all(axis=2)] = np.nan
        if not np.isfinite(rays).any():
            raise CalibrationError(f"the lens {lens.model} {lens.distortion} sees nothing; check the calibration")
        flat = rays * [lens.fx, lens.fy] + [lens.cx, lens.cy]
        low = np.floor(np.nanmin(flat, axis=(0, 1))) - 1
        high = np.ceil(np.nanmax(flat, axis=(0, 1))) + 1
        # A wide lens has far corners; what lies outside of a grid that can be drawn in time gets no depth.
        room = np.array(self.size) * max(1.0, math.sqrt(_MOST_AREA / (lens.width * lens.height)) / 2)
        middle = np.array([lens.cx, lens.cy])
        low, high = np.maximum(low, np.floor(middle - room)), np.minimum(high, np.ceil(middle + room))
        self.size = (int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1)
        self.cx, self.cy = lens.cx - low[0], lens.cy - low[1]
        at = np.nan_to_num(flat - low, nan=-10.0).clip(-10.0, 32_000.0).astype(np.float32)
        self._maps = cv2.convertMaps(at[..., 0], at[..., 1], cv2.CV_16SC2, nninterpolation=True)

    def look_up(self, image: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """The image as the lens shows it."""
        if self._maps is None:
            return image
        return np.asarray(cv2.remap(image, *self._maps, cv2.INTER_NEAREST), np.uint16)


def rays_of(lens: Intrinsics) -> NDArray[np.float64]:
    """Where every pixel looks: (H, W, 3), z = 1, as its lens bends it; NaN for pixels that the lens does not reach."""
    v, u = np.mgrid[0 : lens.height, 0 : lens.width]
    pixels = np.stack([u.ravel(), v.ravel()], axis=1).astype(np.float64)
    return lens.back_project(pixels, 1.0, undistort=True).reshape(lens.height, lens.width, 3)


def closed(depth_mm: DepthImage) -> DepthImage:
    """Close single pixels between two of one surface, and write 0 for _NONE.

    Noise and slant part readings that were neighbours; what lies behind them, or nothing, would show in between.
    """
    # Opening takes away what is farther than all around it.
    opened = cv2.morphologyEx(depth_mm, cv2.MORPH_OPEN, _AROUND)
    around = cv2.addWeighted(opened, 1.0 + _SAME_SURFACE, opened, 0.0, 0.0)
    stands_out = np.asarray(cv2.compare(depth_mm, around, cv2.CMP_GT))
    out = np.asarray(cv2.threshold(depth_mm, _NONE - 1, 0, cv2.THRESH_TOZERO_INV)[1], np.uint16)
    height, width = out.shape
    at = np.flatnonzero(stands_out)
    rows, columns = np.divmod(at, width)
    at = at[(rows > 0) & (rows < height - 1) & (columns > 0) & (columns < width - 1)]
    seen, flat = depth_mm.ravel(), out.ravel()
    for step in (1, width):
        a, b = seen[at - step].astype(np.int32), seen[at + step].astype(np.int32)
        near = np.minimum(a, b)
        close = (np.abs(a - b) <= _SAME_SURFACE * near) & (near + _SAME_SURFACE * near < seen[at]) & (a + b < 2 * _NONE)
        flat[at[close]] = ((a + b) // 2)[close]
    return out


def _footprint(rays: NDArray[np.float64], seen: NDArray[np.bool_]) -> tuple[float, float]:
    """How large a pixel of the source is on the other camera's plane z = 1, right and down: the usual one."""
    ahead = seen & (rays[..., 2] > 0.1)
    if not ahead.any():
        return 1e-3, 1e-3
    plane = np.where(ahead[..., None], rays[..., :2] / np.where(ahead, rays[..., 2], 1.0)[..., None], np.nan)
    along = np.abs(np.diff(plane, axis=1)).reshape(-1, 2)
    across = np.abs(np.diff(plane, axis=0)).reshape(-1, 2)
    size = np.nanmedian(along, axis=0) + np.nanmedian(across, axis=0)
    return float(size[0]), float(size[1])
