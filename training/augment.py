"""What a training sample may look like: crops, clutter behind the head, light, sensors, patches.

Everything works on the pixel grid of `FaceSample` (SIZE px for REGION_MM) and on plain NumPy arrays; a `View` says
which part of it becomes the crop. Images are float32 on 0..255 until they are stretched. The stretch and the depth
code are those of the models in `engines/models`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.normalise import HALF_RANGE_MM, code_of_unit, stretch
from training.faces.sample import REGION_MM, SIZE

CROP_MM = 320.0
"""What the papers' dynamic crop covers."""

MIRROR = np.array(
    [
        *(*range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31),
        *(45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, 54, 53, 52, 51, 50, 49, 48),
        *(59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65),
    ]
)
"""Which landmark a landmark becomes in the mirror (SPEC 1.4); an involution."""

Gray = NDArray[np.float32]


@dataclass(frozen=True)
class View:
    """The crop that is cut from a sample.

    zoom: the crop covers CROP_MM * zoom. shift: the crop's center away from the sample's, as a share of the crop.
    angle_deg: rotation of the picture, clockwise on the screen. mirror: left and right swapped. aspect: how much wider
    the picture is made, before it is rotated.
    """

    size: int
    zoom: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    angle_deg: float = 0.0
    mirror: bool = False
    aspect: float = 1.0

    def matrix(self) -> NDArray[np.float64]:
        """(2, 3) affine from sample pixels to crop pixels (pixel centers at integers)."""
        span = SIZE * CROP_MM * self.zoom / REGION_MM  # sample pixels across the crop
        scale = self.size / span
        turn = np.deg2rad(self.angle_deg)
        linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        linear = linear @ np.diag([self.aspect, 1.0])
        if self.mirror:
            linear = np.diag([-1.0, 1.0]) @ linear
        source = (SIZE - 1) / 2 + np.array(self.shift) * span
        target = (self.size - 1) / 2
        return np.column_stack([linear, target - linear @ source])

    def image(self, pixels: NDArray, border: int = cv2.BORDER_REFLECT_101) -> NDArray:
        """`pixels` (S, S[, C]) of any depth OpenCV knows, cut out with bilinear interpolation."""
        return cv2.warpAffine(pixels, self.matrix(), (self.size, self.size), flags=cv2.INTER_LINEAR, borderMode=border)

    def labels(self, pixels: NDArray, border: int = cv2.BORDER_REFLECT_101) -> NDArray:
        """`pixels` cut out without mixing neighbors (depth, masks)."""
        return cv2.warpAffine(pixels, self.matrix(), (self.size, self.size), flags=cv2.INTER_NEAREST, borderMode=border)

    def points(self, landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """(68, 2) landmarks in crop pixels, renumbered when mirrored."""
        matrix = self.matrix()
        moved = landmarks @ matrix[:, :2].T + matrix[:, 2]
        return (moved[MIRROR] if self.mirror else moved).astype(np.float32)


def random_view(rng: np.random.Generator, size: int, zoom: tuple[float, float], shift: float, angle_deg: float) -> View:
    """A view with zoom drawn log-uniformly between two bounds, shift and angle uniform within +- their bounds."""
    return View(
        size,
        float(np.exp(rng.uniform(np.log(zoom[0]), np.log(zoom[1])))),
        (float(rng.uniform(-shift, shift)), float(rng.uniform(-shift, shift))),
        float(rng.uniform(-angle_deg, angle_deg)),
        bool(rng.random() < 0.5),
    )


def center_distance(depth_mm: NDArray, half: int = 4) -> float:
    """Mean valid depth (mm) around the crop's center; the window grows when it is empty. 0 if nothing is valid."""
    middle = depth_mm.shape[0] // 2
    for reach in (half, 2 * half, 4 * half):
        window = depth_mm[middle - reach : middle + reach + 1, middle - reach : middle + reach + 1]
        valid = window[window > 0]
        if valid.size:
            return float(valid.mean())
    return 0.0


def code_depth(depth_mm: NDArray, distance_mm: float) -> NDArray[np.float32]:
    """The papers' depth code, not rounded: 1 .. 255, near is bright; 0 where invalid or outside the window."""
    depth = depth_mm.astype(np.float32)
    inside = (depth > 0) & (np.abs(depth - distance_mm) <= HALF_RANGE_MM)
    code = 1 + 254 * (distance_mm + HALF_RANGE_MM - depth) / (2 * HALF_RANGE_MM)
    return np.where(inside, code, 0).astype(np.float32)


def stretched(image: NDArray, valid: NDArray[np.bool_] | None = None) -> NDArray[np.uint8]:
    """The models' contrast stretch (engines.normalise.stretch) of a picture on 0..255, kept in 8 bits."""
    levels = np.clip(np.rint(image), 0, 255).astype(np.uint8)
    return code_of_unit(stretch(levels, valid))


class Light:
    """Random changes that light, lens and sensor make to a gray, near-infrared or thermal picture.

    Noise and shading come from banks drawn once: fresh normal numbers for every picture cost more than the rest.
    """

    def __init__(self, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self._noise = rng.standard_normal((512, 512), np.float32)
        fields = [
            cv2.resize(rng.uniform(-1, 1, (n, n)).astype(np.float32), (160, 160), interpolation=cv2.INTER_CUBIC)
            for n in rng.integers(2, 7, 64)
        ]
        self._shading = np.stack(fields)

    def noise(self, rng: np.random.Generator, shape: tuple[int, int]) -> Gray:
        """Standard normal noise (a view into the bank)."""
        y, x = rng.integers(0, 512 - shape[0] + 1), rng.integers(0, 512 - shape[1] + 1)
        return self._noise[y : y + shape[0], x : x + shape[1]]

    def field(self, rng: np.random.Generator, shape: tuple[int, int]) -> Gray:
        """A smooth random field, about -1..1 (a view into the bank)."""
        return self._shading[rng.integers(len(self._shading)), : shape[0], : shape[1]]

    def texture(self, rng: np.random.Generator, shape: tuple[int, int]) -> Gray:
        """A random surface on 0..255: a level, a gradient, some grain."""
        level, slope, grain = rng.uniform(0, 255), rng.uniform(0, 90), rng.choice([0.0, 8.0, 30.0])
        picture = level + slope * self.field(rng, shape) + grain * self.noise(rng, shape)
        return np.clip(picture, 0, 255).astype(np.float32)

    def picture(
        self, image: Gray, rng: np.random.Generator, invert: float = 0.03, coarse: float = 0.35, smallest: int = 28
    ) -> Gray:
        """`image` (float32, 0..255) under other light, through a worse lens and sensor; same shape and range.

        invert: probability of the negative (thermal polarity). coarse: probability of a low resolution, `smallest` px
        at the least.
        """
        shape = image.shape[:2]
        if rng.random() < 0.5:
            image = image * np.exp(rng.uniform(0.1, 0.8) * self.field(rng, shape))
        if rng.random() < 0.5:
            image = 255 * np.power(np.clip(image, 0, 255) / 255, np.exp(rng.uniform(-0.7, 0.7)), dtype=np.float32)
        if rng.random() < 0.2:
            image = (image - 128) * rng.uniform(1.2, 2.5) + rng.uniform(80, 176)
        image = np.clip(image, 0, 255).astype(np.float32)
        if rng.random() < invert:
            image = 255 - image
        if rng.random() < 0.25:
            image = _blur(image, rng)
        if rng.random() < coarse:
            image = self._coarse(image, rng, smallest)
        if rng.random() < 0.6:
            image = image + rng.exponential(5.0) * self.noise(rng, shape)
        if rng.random() < 0.1:
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 80))]
            data = cv2.imencode(".jpg", np.clip(image, 0, 255).astype(np.uint8), quality)[1]
            image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE).astype(np.float32)
        return np.clip(image, 0, 255).astype(np.float32)

    def heat(self, celsius: Gray, rng: np.random.Generator) -> Gray:
        """A thermal picture (degrees Celsius) as a camera shows it, 0..255: gain, hot things, a palette's luma, dots.

        A gain that is set by something hot in the picture leaves the rest flat; one that is set too narrow burns the
        face out, and so do palettes whose white end begins early.
        """
        low, high = np.percentile(celsius[::2, ::2], (rng.uniform(0, 25), rng.uniform(75, 100)))
        if rng.random() < 0.25:
            high = low + (high - low) * rng.uniform(0.5, 0.97)
        if rng.random() < 0.12:
            high += (high - low) * rng.uniform(0.2, 1.5)
        image = np.clip((celsius - low) * (255 / max(high - low, 0.5)), 0, 255).astype(np.float32)
        if rng.random() < 0.35:
            image = 255 * np.power(image / 255, rng.uniform(0.2, 0.8), dtype=np.float32)
        if rng.random() < 0.4:
            image = _palette_luma(rng)[np.rint(image).astype(np.uint8)]
        if rng.random() < 0.08:
            rows, columns = rng.integers(0, image.shape[0], (2, rng.integers(1, 8)))
            image[rows, columns] = rng.choice([0.0, 255.0])
        return image

    def _coarse(self, image: Gray, rng: np.random.Generator, smallest: int) -> Gray:
        size = image.shape[0]
        small = int(np.exp(rng.uniform(np.log(smallest), np.log(size * 0.8))))
        low = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            low = low + rng.exponential(4.0) * self.noise(rng, low.shape)
        how = cv2.INTER_LINEAR if rng.random() < 0.6 else cv2.INTER_CUBIC if rng.random() < 0.7 else cv2.INTER_NEAREST
        return cv2.resize(low, (size, size), interpolation=how)


def _palette_luma(rng: np.random.Generator) -> NDArray[np.float32]:
    """(256,) the brightness along a colour palette: rising (iron) or up and down (rainbow), drawn at random."""
    corners = int(rng.integers(3, 9))
    places = np.concatenate([[0], np.sort(rng.uniform(0, 255, corners - 2)), [255]])
    levels = rng.uniform(0, 255, corners)
    if rng.random() < 0.5:
        levels = np.sort(levels)
    return np.interp(np.arange(256), places, levels).astype(np.float32)


def without_color(picture: Gray, depth_mm: NDArray, rng: np.random.Generator) -> Gray:
    """A colour picture brought onto a depth camera's grid: black where there is no depth, seen from a little beside."""
    shift = int(rng.integers(-6, 7))
    unread = np.roll(depth_mm == 0, shift, axis=1)
    return np.where(unread, np.float32(0), picture)


def wrapped(picture: Gray, rng: np.random.Generator) -> Gray:
    """An infrared picture whose counts ran over the end of 8 bits and begin again at 0."""
    return np.mod(picture * np.float32(rng.uniform(1.05, 2.2)), 256).astype(np.float32)


def _blur(image: Gray, rng: np.random.Generator) -> Gray:
    if rng.random() < 0.6:
        return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 2.2))
    length = int(rng.integers(3, 9))
    kernel = np.zeros((length, length), np.float32)
    turn = rng.uniform(0, np.pi)
    reach = (length - 1) / 2 * np.array([np.cos(turn), np.sin(turn)])
    middle = (length - 1) / 2
    ends = [tuple(round(v) for v in middle + sign * reach) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def patch_mask(rng: np.random.Generator, size: int) -> NDArray[np.bool_]:
    """(size, size) True where something is held before the face: an ellipse or a bar at any angle."""
    mask = np.zeros((size, size), np.uint8)
    center = tuple(int(v) for v in rng.uniform(0.15, 0.85, 2) * size)
    axes = tuple(int(v) for v in rng.uniform(0.05, 0.22, 2) * size)
    if rng.random() < 0.5:
        cv2.ellipse(mask, center, axes, rng.uniform(0, 180), 0, 360, 1, -1)
    else:
        box = cv2.boxPoints((center, (2 * axes[0], 2 * axes[1]), rng.uniform(0, 180)))
        cv2.fillPoly(mask, [box.astype(np.int32)], 1)
    return mask.astype(bool)


def sensor_depth(depth_mm: NDArray, light: Light, rng: np.random.Generator) -> NDArray[np.float32]:
    """More of what depth sensors do: noise, coarse steps, low resolution, holes. mm, 0 = no reading."""
    depth = depth_mm.astype(np.float32)
    valid = depth > 0
    if rng.random() < 0.25:  # coarse sensor far away
        small = int(rng.integers(36, 100))
        index = np.arange(depth.shape[0]) * small // depth.shape[0] * depth.shape[0] // small
        depth = depth[np.ix_(index, index)]
        valid = depth > 0
    if rng.random() < 0.5:
        depth = depth + rng.exponential(3.0) * light.noise(rng, depth.shape)
    if rng.random() < 0.3:
        step = rng.choice([2.0, 4.0, 8.0, 16.0])
        depth = np.round(depth / step) * step
    if rng.random() < 0.3:  # holes of any shape
        valid = valid & (light.field(rng, depth.shape) < rng.uniform(0.5, 1.0))
    if rng.random() < 0.2:
        valid = valid & (light.noise(rng, depth.shape) < rng.uniform(1.2, 3.0))
    return np.where(valid, depth, 0).astype(np.float32)
