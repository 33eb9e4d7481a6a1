"""What a frame may look like to the finder: cuts, palettes, sensors, borders, wrapped infrared, things before faces."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.models.face_finder import FOCAL_PX, coded_depth, coded_picture
from training.augment import Light
from training.faces.crowd_sample import COLUMN
from training.finder_decoys import draw_decoys
from training.finder_truth import BELOW, placed

Plane = NDArray[np.float32]
Heads = NDArray[np.float32]

DECOYS = 0.35
"""Share of the pictures in which things stand that are no faces."""


@dataclass(frozen=True)
class Cut:
    """Which part of a frame becomes (a part of) the network's picture."""

    matrix: NDArray[np.float64]
    """(2, 3) affine from frame pixels to picture pixels."""
    scale: float
    angle_deg: float
    mirror: bool
    width: int
    height: int

    def image(self, pixels: NDArray, fill: float = 0.0) -> NDArray:
        """`pixels` cut out with bilinear interpolation (averaged when it shrinks much)."""
        how = cv2.INTER_AREA if self.scale < 0.6 else cv2.INTER_LINEAR
        return cv2.warpAffine(pixels, self.matrix, (self.width, self.height), flags=how, borderValue=fill)

    def labels(self, pixels: NDArray, fill: float = 0.0) -> NDArray:
        """`pixels` cut out without mixing neighbors."""
        return cv2.warpAffine(pixels, self.matrix, (self.width, self.height), flags=cv2.INTER_NEAREST, borderValue=fill)

    def heads(self, heads: Heads) -> Heads:
        """People's rows (K, HEAD_FIELDS) in picture pixels; rows without a person are left out."""
        out = placed(heads[np.isfinite(heads[:, 0])])
        side = out[:, COLUMN["side"]]
        out[:, COLUMN["box_y"]] -= BELOW * side  # below on the screen, whichever way the picture is turned
        for x, y in (("center_x", "center_y"), ("box_x", "box_y")):
            points = out[:, [COLUMN[x], COLUMN[y]]]
            out[:, [COLUMN[x], COLUMN[y]]] = points @ self.matrix[:, :2].T + self.matrix[:, 2]
        out[:, COLUMN["side"]] = side * self.scale
        out[:, COLUMN["box_y"]] += BELOW * side * self.scale
        if self.mirror:
            out[:, COLUMN["yaw"]] *= -1
        return out


def draw_cut(rng: np.random.Generator, shape: tuple[int, int], heads: Heads, width: int, height: int) -> Cut:
    """A random part of a frame (H, W); mostly one with a head in it, its size drawn evenly by its logarithm."""
    rows, columns = shape
    present = heads[np.isfinite(heads[:, 0]) & (heads[:, COLUMN["visible"]] > 0.3)]
    fit = min(width / columns, height / rows)
    scale = fit * float(np.exp(rng.uniform(np.log(0.75), np.log(1.8))))
    focus = np.array([columns, rows]) * rng.uniform(0.3, 0.7, 2)
    target = np.array([width, height]) * rng.uniform(0.35, 0.65, 2)
    if len(present) and rng.random() < 0.75:
        head = present[rng.integers(len(present))]
        side = float(head[COLUMN["side"]])
        wanted = float(np.exp(rng.uniform(np.log(9.0), np.log(0.85 * height))))
        scale = float(np.clip(wanted / side, 0.6 * fit, 2.4))
        focus = head[[COLUMN["box_x"], COLUMN["box_y"]]].astype(np.float64)
        target = np.array([width, height]) * rng.uniform(0.08, 0.92, 2)
    angle = float(rng.normal(0, 5)) if rng.random() < 0.8 else float(rng.uniform(-25, 25))
    mirror = bool(rng.random() < 0.5)
    if rng.random() < 0.85:  # the frame fills the picture where it is large enough
        seen = np.array([columns - focus[0] if mirror else focus[0], focus[1]])
        room = np.array([width, height]) - scale * np.array([columns, rows])
        corner = target - scale * seen
        target = np.clip(corner, np.minimum(room, 0), np.maximum(room, 0)) + scale * seen
    turn = np.deg2rad(angle)
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    if mirror:
        linear = np.diag([-1.0, 1.0]) @ linear
    return Cut(np.column_stack([linear, target - linear @ focus]), scale, angle, mirror, width, height)


class Sensor:
    """Random changes that cameras make; banks of noise are drawn once, since fresh numbers cost more than the rest."""

    def __init__(self, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self._noise = rng.standard_normal((512, 512), np.float32)
        small = [rng.uniform(-1, 1, (n, n)).astype(np.float32) for n in rng.integers(2, 9, 24)]
        self._fields = [cv2.resize(field, (320, 240), interpolation=cv2.INTER_CUBIC) for field in small]
        self._light = Light(seed)

    def noise(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Plane:
        """Standard normal noise (a view into the bank)."""
        y, x = rng.integers(0, 512 - shape[0] + 1), rng.integers(0, 512 - shape[1] + 1)
        return self._noise[y : y + shape[0], x : x + shape[1]]

    def field(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Plane:
        """A smooth random field, about -1..1 (a view into the bank)."""
        field = self._fields[rng.integers(len(self._fields))]
        y, x = rng.integers(0, 240 - shape[0] + 1), rng.integers(0, 320 - shape[1] + 1)
        return field[y : y + shape[0], x : x + shape[1]]

    def gray(
        self, image: Plane, owner: NDArray[np.uint8], inside: NDArray[np.bool_], rng: np.random.Generator
    ) -> Plane:
        """Visible light, float32 (0..255): registered to depth now and then, so that only people are left."""
        image = self._photographed(image, rng)
        if rng.random() < 0.18:
            image = np.where(self._people_only(owner, rng), image, np.float32(0))
        return coded_picture(image, inside)

    def infrared(
        self, image: Plane, owner: NDArray[np.uint8], inside: NDArray[np.bool_], rng: np.random.Generator
    ) -> Plane:
        """Near infrared; some cameras keep the low 8 bits only, so that what is bright wraps round."""
        if rng.random() < 0.35:
            image = image * np.float32(rng.uniform(0.8, 2.6))
            if rng.random() < 0.6:  # surroundings much brighter or darker than the person
                strength = np.float32(np.exp(rng.normal(-0.2, 0.9)))
                image = np.where(owner > 0, image, image * strength)
            image = image + np.float32(rng.uniform(0, 12)) * self.noise(rng, image.shape)
            image = np.mod(np.maximum(image, 0), np.float32(rng.choice([255.0, 256.0, 200.0, 128.0])))
            if rng.random() < 0.5:
                return coded_picture(image, inside)
            high = np.percentile(image[::4, ::4], 99)
            return coded_picture(np.clip(image, 0, high), inside)
        image = self._photographed(image, rng)
        return coded_picture(image, inside)

    def thermal(self, counts: Plane, inside: NDArray[np.bool_], rng: np.random.Generator) -> Plane:
        """Counts, or a picture in any palette turned to gray."""
        if rng.random() < 0.5:  # before the palette, which makes edges of it
            strength = np.float32(rng.exponential(0.02) * _spread(counts, inside))
            counts = counts + strength * self._grain(rng, counts.shape)
        known = counts[inside][::7] if inside.any() else counts.ravel()[::7]
        low, high = (float(v) for v in np.percentile(known, [rng.uniform(0, 3), 100 - rng.uniform(0, 4)]))
        if rng.random() < 0.2:
            low += rng.uniform(0, 0.5) * (high - low)
        unit = np.clip((counts - low) / max(high - low, 1.0), 0, 1) if rng.random() < 0.75 else counts
        if unit is counts:
            image = (counts - low) * np.float32(255.0 / max(high - low, 1.0))
        else:
            image = 255 * (self._palette(unit, rng) if rng.random() < 0.6 else unit ** np.exp(rng.normal(0, 0.3)))
            if rng.random() < 0.12:
                image = 255 - image
        image = self._coarse(image.astype(np.float32), rng) if rng.random() < 0.6 else image
        if rng.random() < 0.5:
            image = image + np.float32(rng.exponential(3.0)) * self.noise(rng, image.shape)
        if rng.random() < 0.35:
            image = _jpeg(image, rng)
        return coded_picture(image.astype(np.float32), inside)

    def depth(self, depth_mm: NDArray[np.uint16], owner: NDArray[np.uint8], rng: np.random.Generator) -> Plane:
        """Depth in mm with more noise, steps, holes, and at times nothing but what is near."""
        z = depth_mm.astype(np.float32)
        valid = z > 0
        if rng.random() < 0.3:
            valid &= self._people_only(owner, rng)
        elif rng.random() < 0.3 and valid.any():
            valid &= z < np.quantile(z[valid][::9], rng.uniform(0.3, 0.95))
        if rng.random() < 0.3:  # another distance than the perspective says: other lenses, children
            z = z * np.float32(np.exp(rng.uniform(-0.5, 0.5)))
        if rng.random() < 0.5:
            z = z + np.float32(rng.exponential(4.0)) * self.noise(rng, z.shape)
        if rng.random() < 0.3:
            step = np.float32(rng.choice([4.0, 8.0, 16.0, 30.0]))
            z = np.round(z / step) * step
        if rng.random() < 0.3:
            valid &= self.field(rng, z.shape) < rng.uniform(0.5, 1.0)
        if rng.random() < 0.3:
            valid &= self.noise(rng, z.shape) < rng.uniform(1.0, 3.0)
        focal = FOCAL_PX * float(np.exp(rng.uniform(-0.6, 0.7)))
        return coded_depth(np.where(valid, z, 0), focal)

    def decoys(self, image: Plane, heads: Heads, rng: np.random.Generator) -> Plane:
        """The picture or the thermal counts with things in it that are no faces, in DECOYS of the pictures."""
        return draw_decoys(image, heads, self.field, self.noise, rng) if rng.random() < DECOYS else image

    def _grain(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Plane:
        """Noise of a thermal sensor: of its pixels, and of its rows and columns."""
        grain = self.noise(rng, shape)
        lines = rng.normal(0, 0.4, 2)
        return grain + lines[0] * self.noise(rng, (shape[0], 1)) + lines[1] * self.noise(rng, (1, shape[1]))

    def _people_only(self, owner: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.bool_]:
        """Where people are, with a ragged edge."""
        mask = (owner > 0).astype(np.float32)
        soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.6, 3.0))
        soft = soft + np.float32(rng.uniform(0, 0.25)) * self.noise(rng, owner.shape)
        out: NDArray[np.bool_] = soft > rng.uniform(0.3, 0.7)
        if rng.random() < 0.3:
            out |= self.field(rng, owner.shape) > rng.uniform(0.5, 0.9)
        return out

    def _photographed(self, image: Plane, rng: np.random.Generator) -> Plane:
        """Other light, a worse lens and sensor; float32 on 0..255."""
        if rng.random() < 0.4:
            image = image * np.exp(np.float32(rng.uniform(0.1, 0.9)) * self.field(rng, image.shape))
        if rng.random() < 0.5:
            power = np.float32(np.exp(rng.uniform(-0.7, 0.7)))
            image = 255 * np.power(np.clip(image, 0, 255) / np.float32(255), power)
        if rng.random() < 0.2:
            image = np.clip(
                (image - 128) * np.float32(rng.uniform(1.2, 2.5)) + np.float32(rng.uniform(80, 176)), 0, 255
            )
        if rng.random() < 0.25:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 2.0))
        if rng.random() < 0.35:
            image = self._coarse(image, rng)
        if rng.random() < 0.5:
            image = image + np.float32(rng.exponential(5.0)) * self.noise(rng, image.shape)
        if rng.random() < 0.2:
            image = _jpeg(image, rng)
        return image.astype(np.float32)

    def _coarse(self, image: Plane, rng: np.random.Generator) -> Plane:
        """A picture of a coarser camera, enlarged again."""
        factor = float(np.exp(rng.uniform(np.log(1.2), np.log(3.2))))
        size = (max(round(image.shape[1] / factor), 16), max(round(image.shape[0] / factor), 12))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.6:
            small = small + np.float32(rng.exponential(4.0)) * self.noise(rng, small.shape)
        how = cv2.INTER_LINEAR if rng.random() < 0.75 else cv2.INTER_CUBIC
        return cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=how)

    def _palette(self, unit: Plane, rng: np.random.Generator) -> Plane:
        """What a palette of colours becomes in gray: a few straight pieces from dark to bright, or up and down."""
        count = int(rng.integers(3, 8))
        knots = np.concatenate([[0], np.sort(rng.uniform(0.05, 0.95, count - 2)), [1]])
        colors = rng.uniform(0, 1, (count, 3))
        if rng.random() < 0.8:  # vivid: each channel is mostly on or off
            colors = np.clip((colors - 0.5) * 3 + 0.5, 0, 1)
        if rng.random() < 0.8:  # from dark to bright on the whole
            colors = colors * np.linspace(0.3, 1, count)[:, None]
            colors[-1] = rng.uniform(0.75, 1.0)
        heights = colors @ np.array([0.299, 0.587, 0.114])
        if rng.random() < 0.4:
            heights = np.sort(heights)
        return np.interp(unit, knots, heights).astype(np.float32)

    def cover(self, code: Plane, heads: Heads, depth: bool, rng: np.random.Generator) -> None:
        """Put something before a face, in place: a hand, a bar, a patch; less than half of the face."""
        if not len(heads) or rng.random() > 0.2:
            return
        head = heads[rng.integers(len(heads))]
        side = float(head[COLUMN["side"]])
        if side < 14:
            return
        mask = np.zeros(code.shape, np.uint8)
        turn = rng.uniform(0, 2 * np.pi)
        reach = side * rng.uniform(0.3, 0.6)
        x, y = head[COLUMN["box_x"]] + reach * np.cos(turn), head[COLUMN["box_y"]] + reach * np.sin(turn)
        axes = side * rng.uniform(0.08, 0.3, 2)
        if rng.random() < 0.5:
            cv2.ellipse(
                mask, (int(x), int(y)), (int(axes[0]) + 1, int(axes[1]) + 1), rng.uniform(0, 180), 0, 360, 1, -1
            )
        else:
            corners = cv2.boxPoints(((x, y), (2 * axes[0], 2 * axes[1]), rng.uniform(0, 180)))
            cv2.fillPoly(mask, [corners.astype(np.int32)], 1)
        inside = mask > 0
        if depth:
            code[inside] = -1.0 if rng.random() < 0.5 else np.clip(code[inside] + rng.uniform(0.02, 0.3), -1, 1)
        else:
            level = rng.uniform(-1, 1) + rng.uniform(0, 0.3) * self.noise(rng, code.shape)
            code[inside] = np.clip(level, -1, 1)[inside]


def _spread(counts: Plane, inside: NDArray[np.bool_]) -> float:
    """What lies between the coldest and the warmest of a picture, but for 2 % on either side."""
    known = counts[inside][::7] if inside.any() else counts.ravel()[::7]
    low, high = np.percentile(known, (2, 98))
    return float(high - low)


def _jpeg(image: Plane, rng: np.random.Generator) -> Plane:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 90))]
    data = cv2.imencode(".jpg", np.clip(image, 0, 255).astype(np.uint8), quality)[1]
    return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE).astype(np.float32)
