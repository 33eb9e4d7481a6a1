"""Depth of one camera on the pixel grid of another.

Every depth pixel goes through both cameras (the intrinsics' distortion is not applied: a calibrated rig gives
undistorted streams); the nearest surface wins. What does not depend on the depth is computed once.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError
from drivers.frame import StreamInfo

NEAREST_MM = 50.0
"""What would lie nearer to the other camera than this is no picture in it."""
_FAR = np.iinfo(np.uint16).max


class DepthProjector:
    """Call it with depth (H, W) uint16 mm of ``source``; it gives (H', W') uint16 mm on the grid of ``to``.

    ``u' = (A z + B) / (C z + D)`` for every source pixel, A and C images, B and D numbers. Depth is drawn at its own
    camera's pixel pitch, since a finer grid would only have holes, and then enlarged to the nearest neighbour.

    Raises:
        CalibrationError: one of the streams has no intrinsics.
    """

    def __init__(self, source: StreamInfo, to: StreamInfo) -> None:
        a, b = source.intrinsics, to.intrinsics
        if a is None or b is None:
            raise CalibrationError(f"depth of {source.name} needs intrinsics of both streams to be seen in {to.name}")
        v, u = np.mgrid[0 : a.height, 0 : a.width]
        rays = np.stack([(u - a.cx) / a.fx, (v - a.cy) / a.fy, np.ones(u.shape)], axis=-1).reshape(-1, 3)
        back = to.extrinsics.matrix().T
        rays = rays @ (back @ source.extrinsics.matrix()).T
        offset_m = np.array(source.extrinsics.translation_m) - np.array(to.extrinsics.translation_m)
        offset = back @ offset_m * 1000.0

        pitch = max(b.fx / a.fx, b.fy / a.fy, 1.0)
        self._size = (int(np.ceil(b.width / pitch)), int(np.ceil(b.height / pitch)))
        self._full = (b.width, b.height)
        sx, sy = self._size[0] / b.width, self._size[1] / b.height
        fx, fy = b.fx * sx, b.fy * sy
        cx, cy = (b.cx + 0.5) * sx - 0.5, (b.cy + 0.5) * sy - 0.5
        self._a_u = (fx * rays[:, 0] + cx * rays[:, 2]).astype(np.float32)
        self._a_v = (fy * rays[:, 1] + cy * rays[:, 2]).astype(np.float32)
        self._c = rays[:, 2].astype(np.float32)
        self._b_u = np.float32(fx * offset[0] + cx * offset[2])
        self._b_v = np.float32(fy * offset[1] + cy * offset[2])
        self._d = np.float32(offset[2])

    def __call__(self, depth_mm: NDArray[np.uint16]) -> NDArray[np.uint16]:
        flat = depth_mm.ravel()
        at = np.flatnonzero(flat)
        # Far first, so that the nearest is written last and stays; a stable sort of uint16 is a quick radix sort.
        at = at[np.argsort(flat[at], kind="stable")[::-1]]
        z = flat[at].astype(np.float32)
        depth = self._c[at] * z + self._d
        ahead = depth > NEAREST_MM
        at, z, depth = at[ahead], z[ahead], depth[ahead]
        x = np.rint((self._a_u[at] * z + self._b_u) / depth)
        y = np.rint((self._a_v[at] * z + self._b_v) / depth)
        width, height = self._size
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        out = np.zeros(width * height, np.uint16)
        where = y[inside].astype(np.int32) * width + x[inside].astype(np.int32)
        out[where] = np.clip(np.rint(depth[inside]), 1, _FAR - 1).astype(np.uint16)
        closed = _close_holes(out.reshape(height, width))
        if self._size == self._full:
            return closed
        return np.asarray(cv2.resize(closed, self._full, interpolation=cv2.INTER_NEAREST), np.uint16)


def _close_holes(depth_mm: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Fill the single holes that rounding leaves: those with readings on opposite sides, from the nearest neighbour."""
    kernel = np.ones((3, 3), np.uint8)
    hole = depth_mm == 0
    nearest = np.asarray(cv2.erode(np.where(hole, np.uint16(_FAR), depth_mm), kernel), np.uint16)
    surrounded = cv2.morphologyEx((~hole).astype(np.uint8), cv2.MORPH_CLOSE, kernel) > 0
    fill = hole & surrounded & (nearest < _FAR)
    out: NDArray[np.uint16] = depth_mm.copy()
    out[fill] = nearest[fill]
    return out
