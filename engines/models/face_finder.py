"""FaceFinder: a whole frame of gray, near infrared, depth or thermal to all faces in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import Backend, BackendStatus
from engines.card import ModelCard
from engines.errors import InputError
from engines.models.contract import check_contract

WIDTH, HEIGHT = 320, 240
STRIDE = 8
COLUMNS, ROWS = WIDTH // STRIDE, HEIGHT // STRIDE

NEAR_MM, FAR_MM = 250.0, 8000.0
"""Depth is coded by its logarithm between these; what lies outside counts as not read."""
_SPAN = math.log(FAR_MM / NEAR_MM)
FOCAL_PX = 300.0
"""A usual focal length in px of the network's picture."""
SMOOTH_PX = 1.3
"""Depth is smoothed by so much before its relief is lit: sensors' noise is as large as a nose."""
LAMP = (0.5, 0.87)
"""Direction of the light on the relief: from above, from the camera."""
TAIL_LOW, TAIL_HIGH = 0.01, 0.01
"""Shares of the pixels that a picture's contrast stretch puts into the outer tenths of the range."""
TAIL = 0.8
"""What the stretch keeps for the rest: a face that is smaller than the tail keeps its own contrast."""

LEAST_CHANCE = 0.3
"""Least confidence of a face: on rendered frames of held-out people one false square comes with it in four frames."""
LEAST_THERMAL = 0.41
"""The same in thermal pictures, which are full of warm things of a head's size, for whoever does not look closer."""
OVERLAP = 0.35
"""Of two squares that overlap by more (intersection over union) the surer one counts."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    """One face, in px of the frame that was handed in (pixel centers at integers).

    Attributes:
        x, y: the middle of the face's square.
        side: of the square: about 160 mm on the person.
        head: the head centre (x, y), inside the head.
        confidence: 0..1.
    """

    x: float
    y: float
    side: float
    head: tuple[float, float]
    confidence: float


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a frame lies in the network's picture: scaled alike both ways, in the middle."""

    scale: float
    left: int
    top: int
    width: int
    height: int

    @classmethod
    def of(cls, width: int, height: int) -> Letterbox:
        """The letterbox of a frame of that size."""
        scale = min(WIDTH / width, HEIGHT / height)
        inner = (min(max(round(width * scale), 1), WIDTH), min(max(round(height * scale), 1), HEIGHT))
        return cls(scale, (WIDTH - inner[0]) // 2, (HEIGHT - inner[1]) // 2, *inner)

    def back(self, x: float, y: float) -> tuple[float, float]:
        """From the network's picture to the frame."""
        return (x - self.left + 0.5) / self.scale - 0.5, (y - self.top + 0.5) / self.scale - 0.5


class FaceFinder:
    """Finds faces up to full profile; the back of a head is none. One network for every kind of camera."""

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        check_contract(
            "FaceFinder",
            card,
            {"image": (1, HEIGHT, WIDTH)},
            {"chance": (1, ROWS, COLUMNS), "face": (5, ROWS, COLUMNS)},
        )
        self.card = card
        self._backend = backend

    def picture(
        self, pixels: NDArray[Any], valid: NDArray[np.bool_] | None = None, least: float = LEAST_CHANCE, most: int = 16
    ) -> list[FoundFace]:
        """Find faces in a gray or near-infrared frame (or a thermal one: see thermal()), the surest first.

        Args:
            pixels: (H, W) uint8, uint16 or float32.
            valid: (H, W), True where a pixel was read; None takes all.
            least: least confidence.
            most: at most so many.

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        if pixels.ndim != 2 or min(pixels.shape) < 2 or pixels.dtype.name not in ("uint8", "uint16", "float32"):
            raise InputError(
                f"FaceFinder takes a frame of (H, W) uint8, uint16 or float32, was handed {pixels.shape} "
                f"{pixels.dtype.name}; convert it"
            )
        if valid is not None and (valid.shape != pixels.shape or valid.dtype != np.bool_):
            raise InputError(f"FaceFinder: valid is bool {pixels.shape}, found {valid.dtype.name} {valid.shape}")
        box = Letterbox.of(pixels.shape[1], pixels.shape[0])
        small = _shrunk(pixels, box, smooth=True)
        seen = None if valid is None else _shrunk(valid.astype(np.uint8), box, smooth=False) > 0
        return self._find(coded_picture(small, seen), box, least, most)

    def thermal(
        self, pixels: NDArray[Any], valid: NDArray[np.bool_] | None = None, least: float = LEAST_THERMAL, most: int = 16
    ) -> list[FoundFace]:
        """Find faces in a thermal frame, counts or any palette as gray; see picture(), whose errors it raises."""
        return self.picture(pixels, valid, least, most)

    def depth(self, depth_mm: NDArray[np.uint16], least: float = LEAST_CHANCE, most: int = 16) -> list[FoundFace]:
        """Find faces in a depth frame, (H, W) uint16 in mm, 0 = no reading; see picture().

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        if depth_mm.ndim != 2 or min(depth_mm.shape) < 2 or depth_mm.dtype != np.uint16:
            raise InputError(
                f"FaceFinder takes a depth frame of (H, W) uint16, was handed {depth_mm.shape} {depth_mm.dtype.name}; "
                "convert it to millimetres"
            )
        box = Letterbox.of(depth_mm.shape[1], depth_mm.shape[0])
        return self._find(coded_depth(_shrunk(depth_mm, box, smooth=False)), box, least, most)

    def _find(self, code: NDArray[np.float32], box: Letterbox, least: float, most: int) -> list[FoundFace]:
        image = np.full((1, 1, HEIGHT, WIDTH), -1.0, np.float32)
        image[0, 0, box.top : box.top + box.height, box.left : box.left + box.width] = code
        out = self._backend.infer({"image": image})
        found = []
        for x, y, side, head_x, head_y, chance in squares(out["chance"][0, 0], out["face"][0], least, most):
            middle = box.back(x, y)
            found.append(FoundFace(*middle, side / box.scale, box.back(head_x, head_y), chance))
        return found

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()


def coded_picture(pixels: NDArray[Any], valid: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """A picture as the network sees it: float32 in [-1, 1] of the same shape, -1 where invalid.

    The 1st and 99th percentile become -TAIL and TAIL; what lies beyond keeps its contrast up to the extremes, -1 and 1.
    """
    if pixels.dtype == np.uint8 and (valid is None or valid.all()):  # the same by a table, in a fifth of the time
        below = np.cumsum(np.bincount(pixels.ravel(), minlength=256))
        ranks = np.array([0, *_tail_ranks(pixels.size), pixels.size - 1])
        ends = np.searchsorted(below, ranks, side="right").astype(float)
        table = _stretched(np.arange(256, dtype=np.float32), *(float(v) for v in ends))
        code: NDArray[np.float32] = np.take(table, pixels)
        return code
    values = pixels.astype(np.float32)
    inside = np.isfinite(values) if pixels.dtype.kind == "f" else np.ones(values.shape, bool)
    if valid is not None:
        inside &= valid
    known = values.ravel() if inside.all() else values[inside]
    if not known.size:
        return np.full(values.shape, -1.0, np.float32)
    k, m = _tail_ranks(known.size)
    low, high = (float(v) for v in np.partition(known, (k, m))[[k, m]])
    code = _stretched(values, float(known.min()), low, high, float(known.max()))
    return np.where(inside, code, np.float32(-1.0))


def _tail_ranks(count: int) -> tuple[int, int]:
    """Which of so many values in rising order are the ends of what is stretched most."""
    return int(TAIL_LOW * (count - 1)), int((1 - TAIL_HIGH) * (count - 1))


def _stretched(
    values: NDArray[np.float32], lowest: float, low: float, high: float, highest: float
) -> NDArray[np.float32]:
    """Three straight pieces, from the lowest to low, to high, to the highest; nothing but 0 where all are one."""
    if highest <= lowest:
        return np.zeros(values.shape, np.float32)
    if high <= low:
        low, high = lowest, highest
    code = (values - np.float32(low)) * np.float32(2 * TAIL / (high - low)) - np.float32(TAIL)
    if low > lowest:
        tail = np.float32((1 - TAIL) / (low - lowest))
        code = np.where(values < low, (values - np.float32(low)) * tail - np.float32(TAIL), code)
    if highest > high:
        tail = np.float32((1 - TAIL) / (highest - high))
        code = np.where(values > high, (values - np.float32(high)) * tail + np.float32(TAIL), code)
    out: NDArray[np.float32] = np.clip(code, -1.0, 1.0).astype(np.float32)
    return out


def coded_depth(depth_mm: NDArray[Any], focal_px: float = FOCAL_PX) -> NDArray[np.float32]:
    """Depth as the network sees it, float32 in [-1, 1]; -1 where nothing was read.

    Half of it is the distance (near 1, far -0.9, by the logarithm), which separates people from what is behind them;
    half is the relief as a lamp above the camera would show it, in which a face looks like a face.

    Args:
        depth_mm: (H, W) at the size of the network's picture, 0 = no reading.
        focal_px: of that picture; a guess will do, it sets how steep slopes look.
    """
    import cv2  # not at the top: listing the models needs no image library

    z = depth_mm.astype(np.float32)
    inside = (z >= NEAR_MM) & (z <= FAR_MM)
    known = np.where(inside, z, np.float32(0.0))
    weight = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), SMOOTH_PX)
    smooth = cv2.GaussianBlur(known, (0, 0), SMOOTH_PX) / np.maximum(weight, np.float32(1e-3))
    steep = np.float32(focal_px / 8.0) / np.maximum(smooth, np.float32(NEAR_MM))
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) * steep
    along = cv2.Sobel(smooth, cv2.CV_32F, 0, 1) * steep
    lit = (np.float32(LAMP[1]) - np.float32(LAMP[0]) * along) / np.sqrt(1 + across * across + along * along)
    far = np.log(np.maximum(known, np.float32(NEAR_MM)) / np.float32(NEAR_MM)) / np.float32(_SPAN)
    code = 0.5 * (1.0 - np.float32(1.9) * far) + 0.5 * (2.0 * np.clip(lit, 0.0, 1.0) - 1.0)
    return np.where(inside, np.clip(code, -0.97, 1.0), np.float32(-1.0)).astype(np.float32)


def squares(
    chance: NDArray[np.float32], face: NDArray[np.float32], least: float, most: int
) -> list[tuple[float, float, float, float, float, float]]:
    """The network's answer as faces: x, y, side, head x, head y in px of its picture, and confidence, surest first.

    Args:
        chance: (ROWS, COLUMNS). face: (5, ROWS, COLUMNS).
    """
    sure = chance >= least
    if not sure.any():
        return []
    padded = np.pad(chance, 1, constant_values=-1.0)
    around = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).max(axis=(2, 3))
    rows, columns = np.nonzero(sure & (chance >= around))
    order = np.argsort(-chance[rows, columns], kind="stable")[: 4 * most]
    kept: list[tuple[float, float, float, float, float, float]] = []
    for i in order:
        r, c = rows[i], columns[i]
        x, y, side, head_x, head_y = (float(v) for v in face[:, r, c])
        candidate = (x, y, side, head_x, head_y, float(chance[r, c]))
        if all(not _same(candidate, other) for other in kept):
            kept.append(candidate)
            if len(kept) == most:
                break
    return kept


def _same(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two squares overlap too much, or one lies in the middle of the other."""
    across = min(a[0] + a[2] / 2, b[0] + b[2] / 2) - max(a[0] - a[2] / 2, b[0] - b[2] / 2)
    along = min(a[1] + a[2] / 2, b[1] + b[2] / 2) - max(a[1] - a[2] / 2, b[1] - b[2] / 2)
    if across <= 0 or along <= 0:
        return False
    common = across * along
    small = min(a[2], b[2]) ** 2
    return common / (a[2] ** 2 + b[2] ** 2 - common) > OVERLAP or common / small > 0.75


def _shrunk(pixels: NDArray[Any], box: Letterbox, smooth: bool) -> NDArray[Any]:
    if (box.width, box.height) == (pixels.shape[1], pixels.shape[0]):
        return pixels
    import cv2  # not at the top: listing the models needs no image library

    if not smooth:
        how = cv2.INTER_NEAREST
    else:
        how = cv2.INTER_AREA if box.scale < 1 else cv2.INTER_LINEAR
    out: NDArray[Any] = cv2.resize(np.ascontiguousarray(pixels), (box.width, box.height), interpolation=how)
    return out
