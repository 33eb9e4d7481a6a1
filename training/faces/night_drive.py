"""The synthetic night drive: a driver seen by a depth camera with infrared and by a thermal camera beside it.

Six and a half seconds at 15 frames/s: the driver talks, looks into both mirrors, up and down, blinks, puts glasses
on at about 60 % and smiles, while street lamps pass and headlights follow. One identity, which no training run uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Extrinsics, Intrinsics
from training.faces import sensors
from training.faces.cabin import cabin
from training.faces.expression import Expression, both
from training.faces.identity import draw_identity
from training.faces.light import Lighting, Shaded, see, shade
from training.faces.model import FaceModel
from training.faces.rasterizer import project
from training.faces.scene import Figure, Outfit, Rig, moved, with_surroundings
from training.faces.studio import visible_landmarks

FRAMES = 100
FRAME_RATE = 15.0
DRIVER = 9_000_110
"""Identity number; far beyond those of training runs."""
CABIN_CELSIUS = 21.0
GLASS_CELSIUS = 9.5
"""Window glass: opaque for a thermal camera, and cold at night."""
DEPTH_LIMIT_MM = 2300.0
"""Range of the time-of-flight camera."""
NIR_GAIN = 470.0
"""Counts for one unit of light: fixed, since this camera brings its own light."""


@dataclass(frozen=True)
class Camera:
    """One camera of the rig; the rig's axes are those of the depth and infrared camera."""

    intrinsics: Intrinsics
    extrinsics: Extrinsics


@dataclass(frozen=True, eq=False)
class NightFrame:
    """One instant: what the cameras give, and the truth."""

    number: int
    time_s: float
    depth: NDArray[np.uint16]
    """(288, 320) mm along z, 0 = no reading."""
    infrared: NDArray[np.uint8]
    """(288, 320) on the grid of `depth`."""
    thermal: NDArray[np.uint16]
    """(120, 160) hundredths of a kelvin."""
    landmarks: NDArray[np.float32]
    """(68, 2) pixels of the infrared picture, iBUG order."""
    visible: NDArray[np.bool_]
    """(68,)."""
    thermal_landmarks: NDArray[np.float32]
    """(68, 2) pixels of the thermal picture."""
    pose_deg: NDArray[np.float32]
    """(3,) yaw, pitch, roll."""
    head_center_m: NDArray[np.float32]
    """(3,) in the rig's axes."""
    openness: NDArray[np.float32]
    """(2,) right and left eye."""
    glasses: bool
    """Whether glasses sit on the nose (not while they are being put on)."""


def cameras() -> dict[str, Camera]:
    """Return the cameras by stream: "depth" and "infrared" (one sensor) and "thermal"."""
    depth = Camera(Intrinsics.from_fov(320, 288, 64.0), Extrinsics())
    turn = np.radians(-3.5)  # toed in, towards the driver
    rotation = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    thermal = Camera(Intrinsics.from_fov(160, 120, 57.0), Extrinsics.from_arrays(rotation, (0.060, 0.0, 0.0)))
    return {"depth": depth, "infrared": depth, "thermal": thermal}


def frames(face_model: FaceModel, seed: int, count: int = FRAMES) -> Iterator[NightFrame]:
    """Render the drive; the same model and seed give the same bytes.

    Args:
        count: number of frames; fewer stop early (the script is not squeezed).
    """
    rig = Rig(face_model)
    person = draw_identity(DRIVER, len(face_model.identity_modes))
    surroundings = cabin(CABIN_CELSIUS, np.random.default_rng([seed, 50]))
    lenses_of = cameras()
    for number in range(count):
        time_s = number / FRAME_RATE
        rng = np.random.default_rng([seed, 51, number])
        action = _action(SCRIPT_END * number / FRAMES)
        figure = with_surroundings(
            rig.pose_person(
                person,
                action.expression,
                action.outfit,
                action.pose_deg,
                action.center_mm,
                CABIN_CELSIUS,
                seed,
                body_turn=0.12,
            ),
            surroundings,
        )
        depth, infrared, marks, visible = _night_camera(figure, lenses_of["depth"], time_s, seed, rng)
        thermal, thermal_marks = _thermal_camera(figure, lenses_of["thermal"], seed, rng)
        yield NightFrame(
            number=number,
            time_s=time_s,
            depth=depth,
            infrared=infrared,
            thermal=thermal,
            landmarks=marks,
            visible=visible,
            thermal_landmarks=thermal_marks,
            pose_deg=np.array(action.pose_deg, np.float32),
            head_center_m=(figure.head_center_mm / 1000).astype(np.float32),
            openness=figure.openness,
            glasses=action.outfit.glasses and action.outfit.glasses_offset_cm == (0.0, 0.0, 0.0),
        )


# ---- the script: keys (script time, value), smoothly interpolated ----

SCRIPT_END = 8.0
"""Script time of the end of the last frame; all times below are script time."""

YAW = ((0.0, 0), (0.8, 3), (1.5, 48), (2.0, 50), (2.6, 0), (3.2, -46), (3.6, -50), (4.1, -4), (5.2, 2), (5.9, 8),
       (6.3, -6), (6.8, 2), (7.2, -24), (7.6, -20), (8.0, 0))  # fmt: skip
PITCH = ((0.0, 0), (1.6, 3), (2.6, 0), (3.4, 2), (4.1, 0), (4.35, 17), (4.6, 17), (4.95, -19), (5.3, -14), (5.7, 0),
         (6.5, 3), (7.2, -3), (8.0, 0))  # fmt: skip
ROLL = ((0.0, 0), (1.6, -5), (2.6, 1), (3.4, 5), (4.2, 0), (5.8, -3), (6.4, 7), (7.0, 2), (8.0, 0))
BLINKS = ((0.55, 0.22), (1.35, 0.2), (2.45, 0.24), (3.15, 0.2), (4.05, 0.26), (5.55, 0.3), (6.35, 0.2), (7.45, 0.36))
"""Middle and half width."""
TALK = ((0.15, 1.25), (2.65, 3.1), (5.75, 6.45))
"""From, to."""
SMILE = ((0.0, 0), (2.2, 0), (2.7, 0.25), (3.2, 0), (6.3, 0), (6.7, 0.85), (7.2, 0.9), (7.6, 0.2), (8.0, 0))
GLASSES_FROM, GLASSES_ON = 4.55, 5.15
"""When the glasses come into sight and when they sit."""


@dataclass(frozen=True, eq=False)
class _Action:
    expression: Expression
    outfit: Outfit
    pose_deg: tuple[float, float, float]
    center_mm: NDArray[np.float32]


def _at(keys: tuple[tuple[float, float], ...], time_s: float) -> float:
    times = [key[0] for key in keys]
    after = int(np.clip(np.searchsorted(times, time_s, side="right"), 1, len(keys) - 1))
    (start, low), (end, high) = keys[after - 1], keys[after]
    t = float(np.clip((time_s - start) / (end - start), 0, 1))
    return low + (high - low) * t * t * (3 - 2 * t)


def _action(time_s: float) -> _Action:
    """What the driver does at an instant."""
    road = [np.sin(2 * np.pi * f * time_s + p) for f, p in ((1.7, 0.3), (2.9, 1.1), (0.8, 2.0), (4.3, 0.5))]
    yaw = _at(YAW, time_s) + 0.7 * road[2]
    pitch = _at(PITCH, time_s) + 0.6 * road[0] + 0.3 * road[3]
    roll = _at(ROLL, time_s) + 0.5 * road[1]
    center = np.array(
        [-8 + 3 * road[2] - 0.5 * yaw, -28 + 2.5 * road[0] + 1.2 * road[3], 845 + 2 * road[1]], np.float32
    )
    weights: dict[str, float] = {}
    closed = max(np.clip(1.6 * (1 - abs(time_s - middle) / half), 0, 1) for middle, half in BLINKS)
    weights |= both("eyeBlink", float(closed))
    smile = _at(SMILE, time_s)
    weights |= both("mouthSmile", smile) | both("cheekSquint", 0.5 * smile) | both("mouthUpperUp", 0.25 * smile)
    talking = max(np.clip(min(time_s - start, end - time_s) / 0.12, 0, 1) for start, end in TALK)
    syllable = np.abs(np.sin(2 * np.pi * 1.9 * time_s)) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * time_s))
    weights["jawOpen"] = float(0.42 * talking * syllable + 0.12 * smile)
    weights["mouthFunnel"] = float(0.4 * talking * np.clip(np.sin(2 * np.pi * 1.3 * time_s + 1), 0, 1))
    surprise = _at(((0.0, 0), (4.1, 0), (4.4, 0.6), (4.8, 0), (8.0, 0)), time_s)
    weights |= both("browOuterUp", surprise) | both("browInnerUp", surprise) | both("eyeWide", 0.3 * surprise)
    gaze = (
        float(np.clip(0.3 * _at(YAW, time_s + 0.12), -18, 18)),
        float(np.clip(0.4 * _at(PITCH, time_s + 0.12), -14, 12)),
    )
    share = float(np.clip((time_s - GLASSES_FROM) / (GLASSES_ON - GLASSES_FROM), 0, 1))
    away = (1 - share * share * (3 - 2 * share)) if share < 1 else 0.0
    offset = (-1.0 * away, -15.0 * away, 9.0 * away)
    handling = GLASSES_FROM <= time_s < GLASSES_ON + 0.35
    release = float(np.clip((time_s - GLASSES_ON) / 0.35, 0, 1))
    hand = (-9.6 + offset[0] - 4 * release, -3.5 + offset[1] - 16 * release, 5.5 + offset[2] + 3 * release)
    outfit = Outfit(
        glasses=time_s >= GLASSES_FROM,
        glasses_offset_cm=offset,
        hand_at_cm=hand if handling else None,
        at_the_wheel=True,
    )
    return _Action(Expression(weights, gaze), outfit, (float(yaw), float(pitch), float(roll)), center)


# ---- light and sensors ----


def _lighting(time_s: float) -> Lighting:
    """The camera's ring light, a passing street lamp, the headlights of the car behind."""
    phase = (time_s / 1.6) % 1.0  # a lamp every 1.6 s: from ahead, over the roof, to behind
    angle = np.radians(20 + 150 * phase)
    lamp = np.array([0.75 * np.sin(angle) + 0.25, -0.55, -np.cos(angle)])
    passing = float(np.exp(-(((phase - 0.42) / 0.17) ** 2)))
    follower = np.array([-0.35, -0.05, 0.93])
    directions = np.stack([lamp / np.linalg.norm(lamp), follower / np.linalg.norm(follower)]).astype(np.float32)
    flicker = 0.03 * (1 + np.sin(2 * np.pi * 0.37 * time_s))
    return Lighting(
        directions=directions,
        colors=np.array([[0.30, 0.19, 0.08], [0.05, 0.05, 0.05]], np.float32)
        * np.array([[passing], [1.0]], np.float32),
        nir=np.array([0.55 * passing, 0.05 + flicker], np.float32),
        sky=np.full(3, 0.004, np.float32),
        ground=np.full(3, 0.002, np.float32),
        ambient_nir=0.008 + 0.01 * passing,
        ring=0.42,
    )


def _outside(time_s: float, camera: Intrinsics, seed: int) -> NDArray[np.float32]:
    """What shines through the windows in near infrared (H, W): lamps that fall behind, headlights that follow."""
    rng = np.random.default_rng([seed, 52])
    picture = np.full((camera.height, camera.width), 0.004, np.float32)
    picture += np.linspace(0.012, 0.0, camera.height, dtype=np.float32)[:, None]
    lights: list[tuple[NDArray, float, float]] = []
    for side, lamp_x in ((-1, -9.0), (1, 6.5)):
        for k in range(7):
            z = (k * 22.0 + 13.75 * time_s + (9 if side > 0 else 0)) % 154.0 + 1.5
            lights.append((np.array([lamp_x, -4.2, z]), 6.0, 0.2))
    for k in range(26):  # lit house windows along the street
        z = (rng.uniform(0, 120) + 13.75 * time_s) % 120.0 + 3
        lights.append(
            (np.array([rng.choice([-13.0, 10.0]), rng.uniform(-6, 0.5), z]), rng.uniform(0.1, 0.5), 0.45 + 0 * k)
        )
    sway = 0.12 * np.sin(2 * np.pi * 0.3 * time_s)
    for x in (-0.65, 0.65):
        lights.append((np.array([x - 0.6 + sway, -0.75, 13.0 + 1.5 * np.sin(0.8 * time_s)]), 7.0, 0.12))
    rows, columns = np.mgrid[: camera.height, : camera.width].astype(np.float32)
    for place, power, radius_m in lights:
        pixel = camera.project(place[None])[0]
        size = max(camera.fx * radius_m / place[2], 0.9)
        if not (-20 < pixel[0] < camera.width + 20 and -20 < pixel[1] < camera.height + 20):
            continue
        squared = (columns - pixel[0]) ** 2 + (rows - pixel[1]) ** 2
        glow = np.exp(-squared / (2 * size * size)) + 0.03 * np.exp(-squared / (2 * (6 * size) ** 2))
        picture += (power * min(1.0, 25.0 / place[2])) * glow * 0.12
    return picture


def _pinhole(camera: Intrinsics) -> NDArray[np.float32]:
    return np.array([camera.fx, camera.fy, camera.cx, camera.cy], np.float32)


def _night_camera(
    figure: Figure, camera: Camera, time_s: float, seed: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint16], NDArray[np.uint8], NDArray[np.float32], NDArray[np.bool_]]:
    """Read depth and infrared, and project the landmarks into them."""
    lens = camera.intrinsics
    pinhole = _pinhole(lens)
    lighting = _lighting(time_s)
    seen = see(figure, pinhole, lens.height, lens.width)
    shaded = shade(figure, pinhole, lens.height, lens.width, lighting, seed)
    light = shaded.nir + _outside(time_s, lens, seed) * (1 - shaded.cover)
    light = cv2.GaussianBlur(light, (0, 0), 0.45) + 0.02 * cv2.GaussianBlur(light, (0, 0), 9.0)  # optics, veiling glare
    infrared = sensors.expose_nir(light, rng, gain=NIR_GAIN, read_noise=0.4, shot_noise=0.055)
    echo = shaded.echo * np.maximum(shaded.cosine, 0.02)
    in_range = np.where(seen.depth_mm < DEPTH_LIMIT_MM, seen.depth_mm, np.inf).astype(np.float32)
    depth = sensors.time_of_flight(
        in_range, echo, seen.glass, rng, strength=0.22, weakest_echo=(0.012, 0.15), edge_shares=(0.2, 0.12)
    )
    marks, visible = visible_landmarks(figure, pinhole, seen)
    return depth, infrared, marks, visible


def _thermal_camera(
    figure: Figure, camera: Camera, seed: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Read the thermal picture, and project the landmarks into it."""
    lens = camera.intrinsics
    pinhole = _pinhole(lens)
    rotation = camera.extrinsics.matrix().T.astype(np.float32)
    translation = (-camera.extrinsics.matrix().T @ np.array(camera.extrinsics.translation_m) * 1000).astype(np.float32)
    own = moved(figure, rotation, translation)
    dark = Lighting(
        directions=np.array([[0, -1, 0]], np.float32),
        colors=np.zeros((1, 3), np.float32),
        nir=np.zeros(1, np.float32),
        sky=np.zeros(3, np.float32),
        ground=np.zeros(3, np.float32),
        ambient_nir=0.0,
        ring=0.0,
    )
    shaded = shade(own, pinhole, lens.height, lens.width, dark, seed)
    heat = _heat(shaded, lens)
    slant = np.clip(1 - shaded.cosine / np.maximum(shaded.cover, 1e-3), 0, 1)
    emissivity = np.where(shaded.cover > 0.5, 0.98 * (1 - 0.3 * slant**4), 0.90).astype(np.float32)
    counts = sensors.read_kelvin(
        heat, emissivity, rng, ambient_celsius=CABIN_CELSIUS, netd_kelvin=0.022, column_kelvin=0.008
    )
    return counts, project(own.landmarks_mm, pinhole)[:, :2]


def _heat(shaded: Shaded, lens: Intrinsics) -> NDArray[np.float32]:
    """Temperature (H, W) in degrees Celsius, with window glass where the cabin is open."""
    gradient = np.linspace(-1.2, 1.2, lens.height, dtype=np.float32)[:, None]
    return shaded.celsius + (GLASS_CELSIUS + gradient) * (1 - shaded.cover)
