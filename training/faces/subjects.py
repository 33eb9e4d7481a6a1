"""People with several readings each: what face_verifier compares. From people.py's views, else from the samples."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.normalise import encode_depth
from training.augment import Light, View, center_distance, patch_mask, random_view, sensor_depth
from training.faces import sensors
from training.faces.people import DepthView, People
from training.faces.sample import REGION_MM, SIZE, VALIDATION_MODULUS
from training.feed import FaceStore

CODE_SIZE = 96
FOCALS = (365.0, 365.0, 365.0, 525.0, 580.0, 424.0, 212.0)
"""Focal lengths of depth cameras in their own pixels: Kinect v2 (thrice), v1, RealSense, a small time-of-flight one."""
STEPS_MM = (0.0, 1.0, 2.0, 4.0, 8.0)
GROWTH = (0.87, 1.05)
"""The 320 mm crop covers so much of it: a person's readings of one call are all of one larger or smaller head."""
LOOK_FOR_MORE = 4000
"""New shards are looked for after so many readings."""
FURTHEST_YAW_DEG = 70.0


class Subjects:
    """Who there is, and a reading of any of them by a random depth camera from where they happened to be.

    People drawn by `training.faces.people` are used where the samples' folder has some; else the samples themselves.
    """

    def __init__(self, store: FaceStore) -> None:
        self._store = store
        self._people = People(store.folder)
        self._light = Light(3)
        self._readings = 0
        self._list()

    def _list(self) -> None:
        drawn = len(self._people) > 0
        number = self._people.person if drawn else self._store.identity
        yaw = self._people.pose_deg[:, 0] if drawn else self._store.pose[:, 0]
        usable = np.abs(yaw) <= FURTHEST_YAW_DEG
        if not drawn:
            usable &= (number >= 0) & (self._store.toward == 1)
        index = np.flatnonzero(usable)
        order = index[np.argsort(number[index], kind="stable")]
        people, starts = np.unique(number[order], return_index=True)
        self._views = dict(zip(people.tolist(), np.split(order, starts[1:]), strict=True))
        held = people % VALIDATION_MODULUS == 0
        self.train: list[int] = people[~held].tolist()
        self.held_out: list[int] = people[held].tolist()

    @property
    def train_views(self) -> int:
        """How many views of people there are to train on."""
        return sum(len(self._views[who]) for who in self.train)

    def read(self, who: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """(CODE_SIZE, CODE_SIZE) depth codes of person `who`, 0 = no reading."""
        return self.read_several(who, 1, rng)[0]

    def read_several(self, who: int, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """(count, CODE_SIZE, CODE_SIZE) depth codes of one person, from different views where there are enough."""
        self._readings += count
        if self._readings > LOOK_FOR_MORE:
            self._readings = 0
            if self._people.refresh():
                self._list()
        views = self._views[who]
        chosen = rng.permutation(views)[:count] if len(views) >= count else rng.choice(views, count)
        growth = float(rng.uniform(*GROWTH))
        return np.stack([self._read(int(index), growth, rng) for index in chosen])

    def _read(self, index: int, growth: float, rng: np.random.Generator) -> NDArray[np.uint8]:
        view = random_view(rng, CODE_SIZE, (growth * 0.985, growth * 1.015), 0.035, 8)
        if len(self._people):
            drawn = self._people.view(index)
            read, surface_mm = self._sense(drawn, rng), drawn.surface_mm
        else:
            read = sensor_depth(self._store.get("depth_sensor", index), self._light, rng)
            surface_mm = float(self._store.get("intrinsics", index)[0]) * REGION_MM / SIZE
        return cut_code(read, surface_mm, view, float(rng.normal(0, 4)))

    def _sense(self, drawn: DepthView, rng: np.random.Generator) -> NDArray[np.float32]:
        """What a depth camera reads: (n, n) mm at its own resolution, 0 = no reading."""
        surface = drawn.surface_mm
        native = int(np.clip(rng.choice(FOCALS) * REGION_MM / surface * rng.uniform(0.85, 1.15), 56, SIZE))
        depth = np.asarray(drawn.depth).astype(np.float32)
        echo = np.asarray(drawn.echo).astype(np.float32) * np.float32(rng.uniform(0.5, 1.2) / 255)
        behind = depth == 0
        if rng.random() < 0.5:
            wall = surface + rng.uniform(150, 1200) + rng.uniform(0, 150) * self._light.field(rng, depth.shape)
            depth, echo = np.where(behind, wall, depth), np.where(behind, np.float32(rng.uniform(0.05, 0.6)), echo)
        if rng.random() < 0.06:
            hidden = patch_mask(rng, SIZE)
            depth = np.where(hidden, surface - rng.uniform(20, 200), depth)
            echo = np.where(hidden, np.float32(rng.uniform(0.1, 0.6)), echo)
        small = sensors.resize(depth.astype(np.float32), native, cv2.INTER_NEAREST)
        light = sensors.resize(echo.astype(np.float32), native)
        worn = sensors.resize(np.ascontiguousarray(drawn.worn), native, cv2.INTER_NEAREST) > 0
        if rng.random() < 0.8:
            read = sensors.time_of_flight(small, light, worn, rng, strength=float(rng.uniform(0.4, 1.4)))
        else:
            focal, baseline = native / REGION_MM * surface, float(rng.choice([75.0, 50.0, 55.0]))
            read = sensors.structured_light(small, light, worn, rng, focal_px=focal, baseline_mm=baseline)
        out = read.astype(np.float32)
        step = rng.choice(STEPS_MM)
        if step:
            out = np.round(out / step) * step
        if rng.random() < 0.15:
            out = np.where(self._light.field(rng, out.shape) < rng.uniform(0.5, 1.0), out, 0)
        return out.astype(np.float32)


def cut_code(read: NDArray[np.float32], surface_mm: float, view: View, error_mm: float = 0.0) -> NDArray[np.uint8]:
    """Depth codes of the 320 mm crop that the pipeline would cut from a reading.

    Args:
        read: (n, n) mm of a region that is REGION_MM wide at `surface_mm`; 0 = no reading.
        view: where the crop lies; its zoom is taken relative to 320 mm at the distance that is measured there.
        error_mm: by how much that distance is wrong.

    Returns:
        (view.size, view.size) uint8.
    """
    n = read.shape[0]
    reach = n * 320.0 / REGION_MM
    x, y = ((n - 1) / 2 + np.array(view.shift) * reach).round().astype(int)
    half = max(4, round(28 * n / REGION_MM))
    around = read[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1]
    near = around[(around > 0) & (np.abs(around - surface_mm) < 250)]
    distance = float(np.median(near)) if near.size else (center_distance(read) or surface_mm)
    distance += error_mm
    exact = View(view.size, view.zoom * surface_mm / distance, view.shift, view.angle_deg, view.mirror)
    matrix = exact.matrix()
    grow = SIZE / n  # from the reading's pixels to the sample's
    matrix = matrix @ np.array([[grow, 0, grow / 2 - 0.5], [0, grow, grow / 2 - 0.5], [0, 0, 1]])
    crop = cv2.warpAffine(read, matrix, (view.size, view.size), flags=cv2.INTER_NEAREST, borderValue=0)
    return encode_depth(crop, distance)
