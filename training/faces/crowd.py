"""Whole frames with 0 to MOST_PEOPLE people at any distance, read by every sensor at once, with their truth.

People (cutout.py) and surroundings (background.py) are drawn once and placed in several frames: most of the time goes
into drawing them, and what a detector must learn is where they stand, how large, before what and under which sensor.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces import sensors
from training.faces.background import PLACES, Backdrop, Painter, fractal
from training.faces.crowd_sample import FACE_MM, HEAD_FIELDS, HEIGHT, MOST_PEOPLE, WIDTH, CrowdSample
from training.faces.cutout import SHOTS, Cutout, draw_cutout, scaled
from training.faces.scene import Rig

FAR_MM = 8000.0
Plane = NDArray[np.float32]

_PLACES = [(paint, share) for paint, share in PLACES if paint.__name__ != "_crowd"]
"""Without the people that are part of a background: they have no truth."""


@dataclass(frozen=True, eq=False)
class Cast:
    """People and surroundings that the frames of one shard share."""

    people: tuple[Cutout, ...]
    places: tuple[Backdrop, ...]
    ambient_celsius: float


def draw_cast(rig: Rig, rng: np.random.Generator, first_identity: int, people: int, places: int) -> Cast:
    """Draw who and what the frames of a shard show."""
    ambient = float(np.clip(rng.normal(22, 4.5), 5, 33))
    cutouts = []
    for i in range(people):
        shot = SHOTS[rng.choice(len(SHOTS), p=[share for _, share in SHOTS])][0]
        cutouts.append(draw_cutout(rig, rng, shot, first_identity + i, ambient))
    return Cast(tuple(cutouts), tuple(_place(rng, ambient) for _ in range(places)), ambient)


def _place(rng: np.random.Generator, ambient_celsius: float) -> Backdrop:
    painter = Painter(HEIGHT, WIDTH, 1000.0, ambient_celsius, rng)
    shares = np.array([share for _, share in _PLACES])
    _PLACES[rng.choice(len(_PLACES), p=shares / shares.sum())][0](painter)
    return painter.finish()


@dataclass(frozen=True, eq=False)
class _Scene:
    """Light and geometry of a frame before any sensor, (HEIGHT, WIDTH) each."""

    gray: Plane
    nir: Plane
    celsius: Plane
    emissivity: Plane
    echo: Plane
    glass: NDArray[np.bool_]
    depth_mm: Plane
    owner: NDArray[np.uint8]


def draw_crowd(cast: Cast, rng: np.random.Generator, seed: int) -> CrowdSample:
    """Place people of the cast in one frame and photograph it."""
    count = int(rng.choice(MOST_PEOPLE + 1, p=[0.09, 0.41, 0.24, 0.14, 0.08, 0.04]))
    focal = float(np.exp(rng.uniform(np.log(170), np.log(460))))
    sizes = sorted(_size(rng, count) for _ in range(count))
    active = rng.random() < 0.6  # near infrared by the camera's own light
    mix = rng.dirichlet([3, 6, 1.5]).astype(np.float32)  # from red, green, blue to gray
    farthest = FACE_MM * focal / sizes[0] if count else 1000.0
    scene = _surroundings(cast, rng, mix, active, farthest * rng.uniform(1.05, 1.6) + 80)
    heads = np.full((MOST_PEOPLE, len(HEAD_FIELDS)), np.nan, np.float32)
    squares: list[tuple[slice, slice]] = []
    whole: list[float] = []
    for row, size in enumerate(sizes):
        person = scaled(_choose(cast, rng, size), size, bool(rng.random() < 0.5))
        at = _somewhere(rng, person)
        share = _put(scene, person, at, FACE_MM * focal / size, row + 1, mix, active, rng)
        center, box = person.center, person.box
        identity = person.identity
        heads[row] = (
            center[0] + at[0],
            center[1] + at[1],
            box[0] + at[0],
            box[1] + at[1],
            person.side,
            *person.pose_deg,
            FACE_MM * focal / size,
            0.0,
            0.0,
            identity,
        )
        squares.append(_square(heads[row]))
        whole.append(share)
    nearest = FACE_MM * focal / sizes[-1] if count else 1000.0
    if rng.random() < 0.3:
        _clutter_before(scene, cast, rng, nearest, mix)
    gray, nir, depth, thermal = _read(scene, cast, rng, focal)
    for row, square in enumerate(squares):
        own = scene.owner[square] == row + 1
        heads[row, 9] = own.sum() / max(whole[row], 1.0)
        heads[row, 10] = (depth[square][own] > 0).mean() if own.any() else 0.0
    return CrowdSample(gray, nir, depth, thermal, scene.owner, heads, np.int64(seed))


def _size(rng: np.random.Generator, count: int) -> float:
    largest = 230.0 if count <= 1 else 150.0
    return float(np.exp(rng.uniform(np.log(10.0), np.log(largest))))


def _choose(cast: Cast, rng: np.random.Generator, size: float) -> Cutout:
    fitting = [c for c in cast.people if c.shot.smallest <= size <= c.shot.largest]
    if not fitting:
        fitting = sorted(cast.people, key=lambda c: abs(np.log(c.shot.face_px / size)))[:1]
    return fitting[rng.integers(len(fitting))]


def _somewhere(rng: np.random.Generator, person: Cutout) -> tuple[int, int]:
    """Where the window's corner lies in the frame; heads may be cut by the border or lie outside."""
    loose = rng.random() < 0.15
    low, high = (-0.25, 1.2) if loose else (0.05, 0.95)
    x = rng.uniform(low, high) * WIDTH
    y = rng.uniform(low, high if loose else 0.75) * HEIGHT
    if person.side > 100:  # a large face is mostly in the frame
        x, y = rng.normal(0.5, 0.16) * WIDTH, rng.normal(0.5, 0.14) * HEIGHT
    return round(x - person.center[0]), round(y - person.center[1])


def _square(head: NDArray[np.float32]) -> tuple[slice, slice]:
    """The part of the frame that a face's square covers."""
    x, y, half = head[2], head[3], head[4] / 2
    rows = slice(int(np.clip(np.ceil(y - half), 0, HEIGHT)), int(np.clip(np.ceil(y + half), 0, HEIGHT)))
    columns = slice(int(np.clip(np.ceil(x - half), 0, WIDTH)), int(np.clip(np.ceil(x + half), 0, WIDTH)))
    return rows, columns


def _surroundings(
    cast: Cast, rng: np.random.Generator, mix: NDArray[np.float32], active: bool, nearest_mm: float
) -> _Scene:
    planes = _planes(cast, rng, mix)
    if rng.random() < 0.65:  # parts of other places, as doors, windows, furniture and tools give them
        for _ in range(rng.integers(1, 4)):
            inside = _shape(rng) > 0
            planes[inside] = _planes(cast, rng, mix)[inside]
    color, emission, nir, nir_emission, depth, warmer = (np.ascontiguousarray(planes[..., k]) for k in range(6))
    low = float(depth.min())
    depth = (depth - low) * np.float32(rng.uniform(0.3, 2.0)) + np.float32(nearest_mm)
    light = np.clip(1 + 0.4 * fractal(rng, HEIGHT, WIDTH, 2, 2), 0.15, 3.0)
    level = np.exp(rng.normal(-0.2, 0.8))
    gray = color * light * np.float32(level) + emission * np.float32(rng.uniform(0, 2.5) * level)
    reach = np.square(nearest_mm / depth) if active else light
    night = np.exp(rng.normal(-0.7, 0.9))
    infrared = nir * reach * np.float32(night) + nir_emission * np.float32(rng.uniform(0, 1.5))
    celsius = cast.ambient_celsius + rng.uniform(0.5, 2.0) * warmer
    celsius += np.float32(rng.choice([0.0, 1.0, 3.0])) * fractal(rng, HEIGHT, WIDTH, 2, 2)
    for _ in range(rng.integers(0, 4) if rng.random() < 0.5 else 0):
        _warm_thing(celsius, rng)
    return _Scene(
        gray.astype(np.float32),
        infrared.astype(np.float32),
        celsius.astype(np.float32),
        np.full((HEIGHT, WIDTH), 0.94, np.float32),
        (nir * np.float32(0.8)).astype(np.float32),
        np.zeros((HEIGHT, WIDTH), bool),
        depth.astype(np.float32),
        np.zeros((HEIGHT, WIDTH), np.uint8),
    )


def _planes(cast: Cast, rng: np.random.Generator, mix: NDArray[np.float32]) -> NDArray[np.float32]:
    """A view of a place (H, W, 6): gray, its own light, near infrared, the same, depth, warmth above the air's."""
    place = cast.places[rng.integers(len(cast.places))]
    planes = [place.color @ mix, place.emission @ mix, place.nir, place.nir_emission, place.depth_mm]
    return _view(np.dstack([*planes, place.celsius - cast.ambient_celsius]).astype(np.float32), rng)


def _shape(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A mask of some simple shape anywhere in the frame."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    center = (float(rng.uniform(0, WIDTH)), float(rng.uniform(0, HEIGHT)))
    a, b = (float(v) for v in np.exp(rng.uniform(np.log(6), np.log(110), 2)))
    tilt = float(rng.normal(0, 4) if rng.random() < 0.7 else rng.uniform(0, 180))
    kind = rng.random()
    if kind < 0.6:
        cv2.fillPoly(mask, [cv2.boxPoints((center, (2 * a, 2 * b), tilt)).astype(np.int32)], 1)
    elif kind < 0.85:
        cv2.ellipse(mask, (int(center[0]), int(center[1])), (int(a) + 1, int(b) + 1), tilt, 0, 360, 1, -1)
    else:
        turns = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 8)))
        spokes = rng.uniform(0.3, 1, len(turns))[:, None] * np.stack([a * np.cos(turns), b * np.sin(turns)], axis=1)
        cv2.fillPoly(mask, [(spokes + center).astype(np.int32)], 1)
    return mask


def _view(planes: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A part of a place, mirrored or not."""
    share = rng.uniform(0.5, 1.0)
    width, height = int(share * WIDTH), int(share * HEIGHT)
    x, y = int(rng.integers(0, WIDTH - width + 1)), int(rng.integers(0, HEIGHT - height + 1))
    part = planes[y : y + height, x : x + width]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    halves = [np.ascontiguousarray(part[..., k : k + 3]) for k in (0, 3)]  # OpenCV takes four planes at most
    return np.concatenate([cv2.resize(half, (WIDTH, HEIGHT)) for half in halves], axis=2)


def _warm_thing(celsius: Plane, rng: np.random.Generator) -> None:
    """A screen, radiator, lamp, cup, or a warm wall: as warm as a face or warmer, of any simple shape."""
    mask = np.zeros(celsius.shape, np.uint8)
    center = (int(rng.uniform(0, WIDTH)), int(rng.uniform(0, HEIGHT)))
    a, b = np.exp(rng.uniform(np.log(3), np.log(70), 2))
    tilt = rng.normal(0, 8) if rng.random() < 0.7 else rng.uniform(0, 180)
    if rng.random() < 0.65:
        cv2.fillPoly(mask, [cv2.boxPoints((center, (2 * a, 2 * b), tilt)).astype(np.int32)], 1)
    else:
        cv2.ellipse(mask, center, (int(a) + 1, int(b) + 1), tilt, 0, 360, 1, -1)
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), rng.uniform(0.5, 4))
    celsius += soft * np.float32(rng.uniform(1, 16))


def _put(
    scene: _Scene,
    person: Cutout,
    at: tuple[int, int],
    distance_mm: float,
    owner: int,
    mix: NDArray[np.float32],
    active: bool,
    rng: np.random.Generator,
) -> float:
    """Draw a person over the scene; returns how many of the person's pixels lie in the face's square, inside or not."""
    height, width = person.relief_mm.shape
    top, left = max(at[1], 0), max(at[0], 0)
    bottom, right = min(at[1] + height, HEIGHT), min(at[0] + width, WIDTH)
    solid = person.planes[..., 8] > 0.5
    half = person.side / 2
    rows = slice(max(int(person.box[1] - half), 0), max(int(person.box[1] + half), 0))
    columns = slice(max(int(person.box[0] - half), 0), max(int(person.box[0] + half), 0))
    in_square = float(solid[rows, columns].sum())
    if bottom <= top or right <= left:
        return in_square
    own = np.s_[top - at[1] : bottom - at[1], left - at[0] : right - at[0]]
    part = np.s_[top:bottom, left:right]
    planes, relief = person.planes[own], person.relief_mm[own]
    cover = planes[..., 8]
    rest = 1 - cover
    solid_here = solid[own]
    inside = person.planes[rows, columns]
    lit = inside[..., :3] @ mix
    known = inside[..., 8] > 0.5

    def gain(values: Plane, spread: float) -> np.float32:
        median = float(np.median(values[known])) if known.any() else 1.0
        return np.float32(np.exp(rng.normal(0, spread)) * 0.3 / max(median, 1e-4))

    scene.gray[part] = planes[..., :3] @ mix * gain(lit, 0.35) + scene.gray[part] * rest
    infrared = gain(inside[..., 3], 0.25 if active else 0.4)
    scene.nir[part] = planes[..., 3] * infrared + scene.nir[part] * rest
    scene.celsius[part] = planes[..., 4] + scene.celsius[part] * rest
    slant = np.clip(1 - planes[..., 5] / np.maximum(cover, 1e-3), 0, 1)
    scene.emissivity[part] = np.where(solid_here, 0.98 * (1 - 0.3 * slant**4), scene.emissivity[part])
    scene.echo[part] = planes[..., 6] * np.maximum(planes[..., 5], 0.02) + scene.echo[part] * rest
    here = np.isfinite(relief)
    scene.depth_mm[part] = np.where(here, relief + np.float32(distance_mm), scene.depth_mm[part])
    scene.glass[part] = np.where(here, planes[..., 7] > 0.5, scene.glass[part])
    scene.owner[part] = np.where(solid_here, owner, scene.owner[part])
    return in_square


def _clutter_before(
    scene: _Scene, cast: Cast, rng: np.random.Generator, nearest_mm: float, mix: NDArray[np.float32]
) -> None:
    """Something before the people: a table's edge, a pole, a plant, a raised arm, with a place's texture."""
    place = cast.places[rng.integers(len(cast.places))]
    warm = rng.random() < 0.3
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for _ in range(rng.integers(1, 3)):
        kind = rng.random()
        if kind < 0.4:  # from below or a side
            edge = HEIGHT * rng.uniform(0.55, 1.0)
            corners = np.array(
                [[0, edge + rng.normal(0, 20)], [WIDTH, edge + rng.normal(0, 20)], [WIDTH, HEIGHT], [0, HEIGHT]]
            )
            part = corners + np.array([rng.choice([-1, 0, 1]) * rng.uniform(0.2, 0.8) * WIDTH, 0])
            cv2.fillPoly(mask, [part.astype(np.int32)], 1)
        else:
            size = np.exp(rng.uniform(np.log(6), np.log(90), 2))
            center = (rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT))
            if kind < 0.75:
                long = (float(size[0]), float(size[1] * rng.choice([1, 4])))
                cv2.fillPoly(mask, [cv2.boxPoints((center, long, rng.uniform(0, 180))).astype(np.int32)], 1)
            else:
                axes = (int(size[0] / 2) + 1, int(size[1] / 2) + 1)
                cv2.ellipse(mask, (int(center[0]), int(center[1])), axes, rng.uniform(0, 180), 0, 360, 1, -1)
    inside = mask > 0
    shade = np.float32(np.exp(rng.normal(-0.3, 0.8)))
    scene.gray[inside] = (place.color @ mix)[inside] * shade
    scene.nir[inside] = place.nir[inside] * np.float32(np.exp(rng.normal(-0.2, 0.8)))
    temperature = rng.uniform(29, 34) if warm else cast.ambient_celsius + rng.uniform(-1, 4)
    scene.celsius[inside] = temperature + 0.5 * (place.celsius[inside] - cast.ambient_celsius)
    scene.emissivity[inside] = 0.95
    scene.echo[inside] = place.nir[inside] * 0.8
    scene.depth_mm[inside] = nearest_mm * rng.uniform(0.5, 0.95) + 0.05 * (place.depth_mm[inside] - 1000)
    scene.glass[inside] = False
    scene.owner[inside] = 0


def _read(
    scene: _Scene, cast: Cast, rng: np.random.Generator, focal: float
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint16], NDArray[np.uint16]]:
    """What the cameras make of the scene: gray, near infrared, depth, thermal."""
    metered = scene.owner > 0
    if metered.sum() < 30 or rng.random() < 0.3:
        metered = np.ones_like(metered)
    brightness = float(np.exp(rng.uniform(np.log(0.03), np.log(0.42))))
    gain = np.float32(brightness / max(float(np.median(scene.gray[metered])), 1e-3))
    light = cv2.GaussianBlur(scene.gray * gain, (0, 0), rng.uniform(0.3, 0.7))
    if rng.random() < 0.12:
        angle, length = rng.uniform(0, np.pi), rng.uniform(1.5, 8.0)
        light = sensors.motion_blur(light, (length * np.cos(angle), length * np.sin(angle)))
    grain = rng.exponential(0.008) + 0.001
    noise = rng.standard_normal(light.shape, dtype=np.float32)
    light = light + noise * np.float32(grain) * (0.3 + np.sqrt(np.clip(light, 0, 2)))
    light = np.clip(light / (1 + 0.25 * light) * 1.15, 0, 1) ** np.float32(1 / 2.2)
    gray = (255 * light).astype(np.uint8)

    subject = scene.nir[metered]
    nir = sensors.expose_nir(
        cv2.GaussianBlur(scene.nir, (0, 0), 0.4),
        rng,
        gain=float(rng.uniform(40, 215)) / max(float(np.percentile(subject, 75)), 1e-4),
        read_noise=float(rng.uniform(0.5, 3.0)),
        shot_noise=float(rng.uniform(0.05, 0.3)),
    )

    near = np.where(scene.depth_mm < FAR_MM, scene.depth_mm, np.inf).astype(np.float32)
    if rng.random() < 0.5:
        baseline = float(rng.choice([75.0, 50.0, 55.0]))
        depth = sensors.structured_light(
            np.where(np.isfinite(near), near, 0), scene.echo, scene.glass, rng, focal_px=focal, baseline_mm=baseline
        )
    else:
        depth = sensors.time_of_flight(near, scene.echo, scene.glass, rng, strength=float(rng.uniform(0.3, 1.6)))

    blur = rng.uniform(0.4, 1.3)
    thermal = sensors.read_kelvin(
        cv2.GaussianBlur(scene.celsius, (0, 0), blur),
        cv2.GaussianBlur(scene.emissivity, (0, 0), blur),
        rng,
        ambient_celsius=cast.ambient_celsius,
        netd_kelvin=float(rng.uniform(0.02, 0.12)),
        column_kelvin=float(rng.uniform(0, 0.08)),
        offset_kelvin=float(rng.normal(0, 0.4)),
    )
    return gray, nir, depth, thermal
