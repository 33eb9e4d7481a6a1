"""Find heads and faces: heads by their shape in depth, faces by Haar cascades where there is a picture.

With depth, every point of a thinned depth image asks whether it could be the middle of a head: an ellipse of head
size round it lies at its depth, and an arch over and beside it does not. The offsets are scaled by f / z, so one
shape serves every distance (the depth comparisons of Shotton et al., CVPR 2011, in a shape set by hand). Without
depth, Haar cascades (Viola and Jones, CVPR 2001; OpenCV's trained files) look at the whole image, made small.

Thermal images alone are searched for warm heads (warm.py): cascades that were trained on visible light find one face
in a hundred there.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Intrinsics
from pipeline.steps.crop import CropFailure, cut, head_distance
from pipeline.steps.haar import Haar, HaarHit, Look
from pipeline.steps.warm import WarmHead, find_warm_heads
from recordings.observation import Box

Gray = NDArray[np.uint8]
Depth = NDArray[np.uint16]

HEAD_WIDTH_MM = 150.0
HEAD_HEIGHT_MM = 220.0
"""An adult's head, ear to ear and chin to crown."""


class FindConfig(BaseModel):
    """How heads and faces are looked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    near_mm: float = Field(250.0, gt=0, description="nearest distance of a head in depth")
    far_mm: float = Field(4500.0, gt=0, description="farthest distance of a head in depth")
    search_width_px: int = Field(214, ge=64, le=1024, description="depth is thinned to at most this width")
    head_score: float = Field(0.75, ge=0, le=1, description="least share of a head's shape that must be there")
    max_heads: int = Field(12, ge=1, le=64, description="most candidates of one frame")
    haar_width_px: int = Field(320, ge=80, le=1280, description="width at which Haar searches whole images")
    haar_every: int = Field(
        6, ge=1, le=60, description="with depth, Haar searches the whole image at every n-th FrameSet only"
    )
    haar_neighbors: int = Field(4, ge=1, le=20, description="overlapping hits that make a detection")
    haar_scale_step: float = Field(1.2, gt=1.01, le=1.5, description="ratio of one Haar scale to the next")


class Source(enum.StrEnum):
    """What found a detection."""

    DEPTH = "depth shape"
    HAAR = "haar cascade"
    WARM = "warm shape"


@dataclass(frozen=True, slots=True)
class Detection:
    """A head or face found in one frame.

    Attributes:
        center_px: the head centre (x, y) in px of the stream.
        box: round the face, px of the stream.
        score: 0..1 within its source; scores of different sources do not compare.
        source: what found it.
        distance_mm: of the surface there; None without depth.
        look: which way it seems to look.
    """

    center_px: tuple[float, float]
    box: Box
    score: float
    source: Source
    distance_mm: float | None = None
    look: Look = Look.FRONTAL


# -- heads by their shape in depth ------------------------------------------------------------------------------------


def _ellipse_mm() -> NDArray[np.float32]:
    """(25, 2) points x, y within a head's outline, mm from its middle."""
    points = []
    for y in (-70.0, -35.0, 0.0, 35.0, 70.0):
        reach = 0.8 * HEAD_WIDTH_MM / 2 * (1.0 - (y / (HEAD_HEIGHT_MM / 2)) ** 2) ** 0.5
        points += [(x * reach, y) for x in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    return np.array(points, np.float32)


def _arch_mm() -> NDArray[np.float32]:
    """(13, 2) points x, y on an arch from beside the left cheek over the crown to the right, clear of a head."""
    angles = np.radians(np.linspace(-12.0, 192.0, 13))
    return np.stack([145.0 * np.cos(angles), -185.0 * np.sin(angles)], axis=1).astype(np.float32)


_ELLIPSE_MM = _ellipse_mm()
_ARCH_MM = _arch_mm()
_SIDES = (slice(0, 4), slice(4, 9), slice(9, 13))  # of the arch: image right, over the crown, image left
_ARCH_FIRST = _ARCH_MM[[1, 6, 11]]  # enough of it to dismiss walls and chests at once
_NOTHING_MM = 1e6  # stands for "no reading": far behind everything
_SAME_HEAD_MM = 130.0  # surfaces of one head lie within this of its middle
_BEHIND_MM = 110.0  # what lies this much farther is no part of the head
_BEFORE_MM = 150.0  # what lies this much nearer hides whatever is there
_SPACING_MM = 35.0  # of the points that are asked


def find_heads(depth_mm: Depth, intrinsics: Intrinsics, config: FindConfig | None = None) -> list[Detection]:
    """Candidates for heads, best first, at most ``config.max_heads``; backs of heads and other round things too.

    Args:
        depth_mm: uint16 (H, W), 0 = no reading.
        intrinsics: of that grid.
    """
    config = config or FindConfig()
    step = max(1, -(-depth_mm.shape[1] // config.search_width_px))
    sampled = np.ascontiguousarray(depth_mm[step // 2 :: step, step // 2 :: step])
    thin: Depth = np.asarray(cv2.medianBlur(sampled, 3), np.uint16)  # single wild readings are no shape
    fx, fy = intrinsics.fx / step, intrinsics.fy / step
    # A margin of "no reading" lets the offsets reach outside the image; what lies there is nobody's.
    reach = float(np.abs(_ARCH_MM).max()) / config.near_mm
    across, down = int(reach * fx) + 2, int(reach * fy) + 2
    grid = np.full((thin.shape[0] + 2 * down, thin.shape[1] + 2 * across), _NOTHING_MM, np.float32)
    inner = grid[down : down + thin.shape[0], across : across + thin.shape[1]]
    np.copyto(inner, thin, where=thin > 0)
    flat, width = grid.ravel(), grid.shape[1]

    points = _points_to_ask(thin, fx, config)
    z = thin[points[:, 1], points[:, 0]].astype(np.float32)
    origin = (points[:, 1] + down) * width + points[:, 0] + across

    def look(at: NDArray[np.intp], offsets_mm: NDArray[np.float32]) -> NDArray[np.float32]:
        """Depth (k, n) at ``offsets_mm`` (k, 2) from the points ``at`` (n,), minus their own."""
        near = z[at]
        x = np.rint(offsets_mm[:, :1] * np.float32(fx) / near).astype(np.int32)
        y = np.rint(offsets_mm[:, 1:] * np.float32(fy) / near).astype(np.int32)
        out: NDArray[np.float32] = flat.take(origin[at] + y * width + x) - near
        return out

    at = np.flatnonzero((look(np.arange(len(z)), _ARCH_FIRST) > _BEHIND_MM).sum(axis=0) >= 2)
    arch = _clear(look(at, _ARCH_MM))
    at, arch = at[arch >= config.head_score], arch[arch >= config.head_score]
    score = arch * _filled(look(at, _ELLIPSE_MM))
    at, score = at[score >= config.head_score], score[score >= config.head_score]
    return _heads(points[at], z[at], score, intrinsics, step, config)


def _points_to_ask(thin: Depth, fx: float, config: FindConfig) -> NDArray[np.int32]:
    """(n, 2) x, y of the thinned image to try: within range, and no denser than a head needs."""
    wanted = (thin >= config.near_mm) & (thin <= config.far_mm)
    # Near heads are large: every second point will do where that is still less than the spacing.
    coarse = thin > _SPACING_MM * fx / 2.0
    coarse[::2, ::2] = True
    y, x = np.nonzero(wanted & coarse)
    return np.stack([x, y], axis=1).astype(np.int32)


def _clear(relative_mm: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) share of the arch (k, n) that is no part of the head; what lies before it tells half.

    The worst of its three sides limits it: the corner of a wall is clear on two.
    """
    clear = (relative_mm > _BEHIND_MM) + np.float32(0.5) * (relative_mm < -_BEFORE_MM)
    sides = np.stack([clear[side].mean(axis=0, dtype=np.float32) for side in _SIDES])
    out: NDArray[np.float32] = np.minimum(clear.mean(axis=0, dtype=np.float32), sides.min(axis=0) + np.float32(0.25))
    return out


def _filled(relative_mm: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) share of the ellipse (k, n) at the head's depth; dark hair that gave no reading tells half."""
    same = np.abs(relative_mm) <= _SAME_HEAD_MM
    nothing = relative_mm > _NOTHING_MM / 2
    out: NDArray[np.float32] = (same + np.float32(0.5) * nothing).mean(axis=0, dtype=np.float32)
    return out


def _heads(
    points: NDArray[np.int32],
    z: NDArray[np.float32],
    score: NDArray[np.float32],
    intrinsics: Intrinsics,
    step: int,
    config: FindConfig,
) -> list[Detection]:
    """Points that could be the middle of a head to heads: the best, with what agrees nearby, then the next."""
    order = np.lexsort((points[:, 0], points[:, 1], -score))
    points, z, score = points[order], z[order], score[order]
    # Metres across are what tells two heads apart, whatever their distance.
    across = (points * step + step // 2).astype(np.float64)
    mm = np.stack(
        [
            (across[:, 0] - intrinsics.cx) * z / intrinsics.fx,
            (across[:, 1] - intrinsics.cy) * z / intrinsics.fy,
            z.astype(np.float64),
        ],
        axis=1,
    )
    free = np.ones(len(z), bool)
    out: list[Detection] = []
    for i in range(len(z)):
        if len(out) == config.max_heads:
            break
        if not free[i]:
            continue
        away = np.abs(mm - mm[i])
        near = free & (np.hypot(away[:, 0], away[:, 1]) < HEAD_WIDTH_MM / 2) & (away[:, 2] < _SAME_HEAD_MM)
        weight = score[near].astype(np.float64) - config.head_score + 0.02
        center = (across[near] * weight[:, None]).sum(axis=0) / weight.sum()
        distance = float(np.median(z[near]))
        free &= ~((np.hypot(away[:, 0], away[:, 1]) < 1.3 * HEAD_WIDTH_MM) & (away[:, 2] < 2 * _SAME_HEAD_MM))
        xy = (float(center[0]), float(center[1]))
        box = head_box(xy, distance, intrinsics)
        out.append(Detection(xy, box, float(score[i]), Source.DEPTH, distance))
    return out


def head_box(center_px: tuple[float, float], distance_mm: float, intrinsics: Intrinsics) -> Box:
    """The box of an average face (150 x 200 mm) round a head centre, px."""
    w = HEAD_WIDTH_MM * intrinsics.fx / distance_mm
    h = 200.0 * intrinsics.fy / distance_mm
    return Box(center_px[0] - w / 2, center_px[1] - h / 2, w, h)


# -- faces by Haar cascades -------------------------------------------------------------------------------------------

HAAR_FACE_MM = {Look.FRONTAL: 172.0, Look.IMAGE_LEFT: 195.0, Look.IMAGE_RIGHT: 195.0}
"""Width of the square that a cascade puts round an adult's face, measured on faces of known distance."""

_HEAD_UP = 0.075  # the head centre lies this share of a cascade's square above its middle
_SMALL_PX, _LARGE_PX = 24, 56  # windows of one octave; it overlaps the next, where neighbors would be cut off


class _Scale(enum.IntEnum):
    """How much a whole image is shrunk: to a quarter, half, once or twice of ``haar_width_px``."""

    CLOSE = 1
    NEAR = 2
    MIDDLE = 4
    FAR = 8


@dataclass(frozen=True, slots=True)
class _Slice:
    """A part of the search of a whole image that one FrameSet can afford."""

    look: Look
    scale: _Scale
    tile: int = 0


# The finer the scale, the more pixels: columns and rows that are searched one at a time.
_TILES = {_Scale.CLOSE: (1, 1), _Scale.NEAR: (1, 1), _Scale.MIDDLE: (2, 2), _Scale.FAR: (3, 2)}
_NEAR, _NEAR_LEFT, _NEAR_RIGHT = (_Slice(look, _Scale.NEAR) for look in Look)
_MIDDLE = tuple(_Slice(Look.FRONTAL, _Scale.MIDDLE, tile) for tile in range(4))
_FAR = tuple(_Slice(Look.FRONTAL, _Scale.FAR, tile) for tile in range(6))
# Small profiles are left out: the costliest search, for the fewest faces. Every second part looks for large faces.
_LARGE = (_NEAR, _NEAR_LEFT, _NEAR, _NEAR_RIGHT)
_BESIDE_DEPTH = tuple(part for middle in _MIDDLE for part in (_NEAR, middle))
_COARSE = tuple(part for pair in zip(_LARGE, _MIDDLE, strict=True) for part in pair)
_FINE = tuple(
    part
    for i, small in enumerate((_FAR[0], _MIDDLE[0], _FAR[1], _MIDDLE[1], _FAR[2], _FAR[3], _MIDDLE[2], _FAR[4]))
    for part in (_LARGE[i % 4], small)
) + tuple(part for pair in zip(_LARGE, (_MIDDLE[3], _FAR[5], _MIDDLE[0], _MIDDLE[1]), strict=True) for part in pair)


class Finder:
    """Finds candidates in one View after another; remembers only which part of the image search is due."""

    def __init__(self, config: FindConfig | None = None) -> None:
        self.config = config or FindConfig()
        self._haar = Haar(self.config.haar_scale_step, self.config.haar_neighbors)
        self._closely = Haar(1.12, 3)
        self._turn = 0

    def reset(self) -> None:
        """Forget everything, as if newly made."""
        self._turn = 0

    def __call__(
        self,
        gray: Gray | None,
        depth_mm: Depth | None,
        intrinsics: Intrinsics,
        thermal: NDArray[np.uint16] | None = None,
        *,
        busy: bool = False,
    ) -> list[Detection]:
        """Candidates of one frame: heads by depth first, best first, then faces by Haar that are not among them.

        Args:
            gray: uint8 (H, W), or None when there is no picture.
            depth_mm: uint16 (H, W) on the same grid, or None.
            intrinsics: of the grid (a guess will do: it sets the size of the head's shape).
            thermal: uint16 (H, W) counts, asked for only where there is neither picture nor depth.
            busy: faces are being followed already: the search for others may take twice as long.
        """
        turn, self._turn = self._turn, self._turn + 1
        heads = [] if depth_mm is None else find_heads(depth_mm, intrinsics, self.config)
        if gray is None:
            if depth_mm is None and thermal is not None:
                return [_warm(head) for head in find_warm_heads(thermal, turn or None, self.config.max_heads)]
            return heads
        out = list(heads)
        for part in self._due(turn, gray, depth_mm is not None, busy):
            for hit in self._search(gray, part):
                found = _detection(hit, depth_mm, intrinsics)
                if found is not None and not any(_same_head(found, other) for other in out):
                    out.append(found)
        return out[: self.config.max_heads]

    def _due(self, turn: int, gray: Gray, has_depth: bool, busy: bool) -> tuple[_Slice, ...]:
        """Which parts of the image search this FrameSet does. A first picture does all: it should not wait its turn."""
        if has_depth:
            every = self.config.haar_every
            return (_BESIDE_DEPTH[turn // every % len(_BESIDE_DEPTH)],) if turn % every == 0 else ()
        # An image that is small already has no more to show at the finest scale.
        cycle = _FINE if gray.shape[1] > 1.3 * self.config.haar_width_px else _COARSE
        if turn == 0:
            return tuple(dict.fromkeys(cycle))
        if busy:
            return (cycle[turn // 2 % len(cycle)],) if turn % 2 == 0 else ()
        return (cycle[turn % len(cycle)],)

    def _search(self, gray: Gray, part: _Slice) -> list[HaarHit]:
        """Faces of one look in one octave of sizes; the largest two octaves are one part."""
        height, width = gray.shape
        shrink = max(width * _Scale.MIDDLE / (self.config.haar_width_px * part.scale), 1.0)
        columns, rows = _TILES[part.scale]
        column, row = part.tile % columns, part.tile // columns
        # Tiles overlap by a face, so that none is cut in two.
        overlap = round(_LARGE_PX * shrink)
        left, right = column * width // columns, min((column + 1) * width // columns + overlap, width)
        top, bottom = row * height // rows, min((row + 1) * height // rows + overlap, height)
        size = (max(round((right - left) / shrink), _SMALL_PX), max(round((bottom - top) / shrink), _SMALL_PX))
        small = np.asarray(cv2.resize(gray[top:bottom, left:right], size, interpolation=cv2.INTER_AREA), np.uint8)
        scale = ((right - left) / size[0], (bottom - top) / size[1])
        largest = min(size) if part.scale is _Scale.CLOSE else _LARGE_PX
        hits = [_scaled(hit, scale, (left, top)) for hit in self._haar(small, part.look, _SMALL_PX, largest)]
        if part.scale is _Scale.NEAR:
            hits += self._search(gray, _Slice(part.look, _Scale.CLOSE))
        return hits

    def closely(self, gray: Gray, center_px: tuple[float, float], region_px: float, look: Look) -> HaarHit | None:
        """Whether one cascade sees a face of about the right size in the middle of a head's region.

        Args:
            gray: uint8 (H, W).
            center_px: the head centre.
            region_px: width of the papers' crop (320 mm) there.
        """
        side = region_px * _CLOSE_MM / 320.0
        box = Box(center_px[0] - side / 2, center_px[1] - side / 2, side, side)
        small = cut(gray, box, _CLOSE_PX)
        middle = (_CLOSE_PX - 1) / 2
        for hit in self._closely(small.pixels, look, 0.38 * _CLOSE_PX, 0.64 * _CLOSE_PX):
            x, y = hit.box.center
            if math.hypot(x - middle, y - middle) < 0.2 * _CLOSE_PX:
                scale = side / _CLOSE_PX
                corner = small.to_source(np.array([[hit.box.x, hit.box.y]]))[0]
                face = Box(float(corner[0]), float(corner[1]), hit.box.w * scale, hit.box.h * scale)
                return HaarHit(face, hit.look, hit.neighbors)
        return None


_CLOSE_MM = 360.0  # region that `closely` looks at, so that a face's surroundings are in it
_CLOSE_PX = 80  # and the size it is brought to, where a face is about 40 px wide


def _warm(head: WarmHead) -> Detection:
    w = head.width_px
    x, y = head.center_px
    return Detection(head.center_px, Box(x - w / 2, y - w * 2 / 3, w, w * 4 / 3), head.score, Source.WARM)


def head_of(hit: HaarHit) -> tuple[float, float]:
    """The head centre that goes with a cascade's square, px."""
    x, y = hit.box.center
    return x, y - _HEAD_UP * hit.box.h


def region_of(hit: HaarHit) -> float:
    """Width in px of the papers' crop (320 mm) for a face of that size."""
    return hit.box.w * 320.0 / HAAR_FACE_MM[hit.look]


def _detection(hit: HaarHit, depth_mm: Depth | None, intrinsics: Intrinsics) -> Detection | None:
    """A hit as a detection; None when depth says that a face there cannot have that size."""
    center = head_of(hit)
    score = min(hit.neighbors / 20.0, 1.0)
    side = hit.box.w * 150.0 / HAAR_FACE_MM[hit.look]
    box = Box(center[0] - side / 2, center[1] - side * 2 / 3, side, side * 4 / 3)
    if depth_mm is None:
        return Detection(center, box, score, Source.HAAR, None, hit.look)
    distance = head_distance(depth_mm, center)
    if isinstance(distance, CropFailure):
        return Detection(center, box, score, Source.HAAR, None, hit.look)
    width_mm = hit.box.w * distance.mm / intrinsics.fx
    if not 0.6 < width_mm / HAAR_FACE_MM[hit.look] < 1.5:
        return None
    return Detection(center, box, score, Source.HAAR, distance.mm, hit.look)


def _same_head(a: Detection, b: Detection) -> bool:
    far = max(a.box.w, b.box.w)
    return math.hypot(a.center_px[0] - b.center_px[0], a.center_px[1] - b.center_px[1]) < far


def _scaled(hit: HaarHit, scale: tuple[float, float], corner: tuple[int, int]) -> HaarHit:
    """A hit in a shrunken part of an image to px of the image: the part's corners scale, not its pixel centres."""
    b = hit.box
    x = (b.x + 0.5) * scale[0] - 0.5 + corner[0]
    y = (b.y + 0.5) * scale[1] - 0.5 + corner[1]
    return HaarHit(Box(x, y, b.w * scale[0], b.h * scale[1]), hit.look, hit.neighbors)
