"""The synthetic night drive: a driver who grows drowsy, seen by a depth camera with infrared and a thermal camera.

Twelve seconds at 10 frames/s: he blinks and looks into the mirror, yawns, his blinks grow long, he looks away at a
phone for two seconds, his eyes fall shut while his head sinks, and he starts up. Street lamps pass and headlights
follow. One identity, which no training run uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics
from recordings.samples.truth import EventTruth, FrameTruth
from training.faces.cabin import cabin
from training.faces.coat import Arms, Cloth, belt, coat, dressed
from training.faces.expression import Expression, both
from training.faces.identity import UPRIGHT, HairStyle, Identity, draw_identity
from training.faces.light import Lighting, see, shade
from training.faces.model import FaceModel
from training.faces.night import (
    NO_LIGHT,
    Action,
    Blink,
    Camera,
    Keys,
    at,
    marks_of,
    person_of,
    read_depth,
    read_infrared,
    read_thermal,
    shade_person,
)
from training.faces.scene import Figure, Outfit, Rig, with_surroundings

FRAMES = 118
FRAME_RATE = 10.0
DRIVER = 9_000_110
"""Identity number; far beyond those of training runs."""
CABIN_CELSIUS = 21.0
KELVIN_STEP = 0.02
"""What a count of the thermal camera is worth."""
GLASS_CELSIUS = 9.5
"""Window glass: opaque for a thermal camera, and cold at night."""
DEPTH_LIMIT_MM = 1700.0
"""Range of the time-of-flight camera."""
NIR_GAIN = 470.0
"""Counts for one unit of light: fixed, since this camera brings its own light."""
BODY_TURN = 0.12
JACKET = Cloth((0.05, 0.06, 0.09), 0.34, 5.5)


@dataclass(frozen=True, eq=False)
class NightFrame:
    """One instant: what the cameras give, and the truth."""

    depth: NDArray[np.uint16]
    """(240, 320) mm along z, 0 = no reading."""
    infrared: NDArray[np.uint8]
    """(240, 320) on the grid of `depth`."""
    thermal: NDArray[np.uint16]
    """(120, 160) in steps of KELVIN_STEP."""
    truth: FrameTruth
    """Marks in "infrared" and "thermal"."""


def cameras() -> dict[str, Camera]:
    """Return the cameras by stream: "depth" and "infrared" (one sensor) and "thermal"."""
    depth = Camera.aside(Intrinsics.from_fov(320, 240, 54.0), 0.0)
    thermal = Camera.aside(Intrinsics.from_fov(160, 120, 44.0), 0.060, turn_deg=-3.5)  # toed in, towards the driver
    return {"depth": depth, "infrared": depth, "thermal": thermal}


def driver(modes: int) -> Identity:
    """Return who drives."""
    return replace(draw_identity(DRIVER, modes), hair_style=HairStyle.SHORT, hair_thickness_cm=1.4, build=UPRIGHT)


def frames(face_model: FaceModel, seed: int, count: int = FRAMES, every: int = 1) -> Iterator[NightFrame]:
    """Render the drive; the same model and seed give the same bytes.

    Args:
        count: number of frames; fewer stop early (the script is not squeezed).
        every: 1 renders every frame, 2 each second one, ...: a quick look.
    """
    rig = Rig(face_model)
    person = driver(len(face_model.identity_modes))
    clothes = [*coat(JACKET, CABIN_CELSIUS, Arms.WHEEL, seed), belt(CABIN_CELSIUS)]
    surroundings = cabin(CABIN_CELSIUS, np.random.default_rng([seed, 50]))
    lenses_of = cameras()
    for number in range(0, count, every):
        time_s = number / FRAME_RATE
        rng = np.random.default_rng([seed, 51, number])
        action = act(time_s)
        figure = rig.pose_person(
            person,
            action.expression,
            Outfit(),
            action.pose_deg,
            action.center_mm,
            CABIN_CELSIUS,
            seed,
            body_turn=BODY_TURN,
        )
        figure = dressed(rig, figure, action.pose_deg, BODY_TURN, clothes)
        yield _photograph(with_surroundings(figure, surroundings), action, number, lenses_of, seed, rng)


# ---- the script: keys (s, value), smoothly interpolated ----

END = FRAMES / FRAME_RATE

YAW: Keys = ((0.0, 0), (0.9, 2), (1.2, 24), (1.75, 24), (2.1, 0), (3.0, 2), (6.2, -2), (7.3, 2), (7.65, -36),
             (8.5, -34), (9.65, -37), (10.0, -1), (10.6, 4), (11.6, 9), (11.8, -4), (12.2, 0))  # fmt: skip
PITCH: Keys = ((0.0, 0), (1.2, 3), (2.1, 0), (2.8, 0), (3.8, 9), (5.1, 8), (6.0, -2), (7.3, -4), (7.65, -13),
               (9.65, -14), (10.0, -3), (10.4, -6), (11.3, -19), (11.57, -22), (11.8, 5), (12.2, 1))  # fmt: skip
ROLL: Keys = ((0.0, 0), (1.4, -4), (2.2, 1), (4.2, -3), (6.1, 2), (7.8, 4), (9.7, 4), (10.1, 0), (11.55, 10),
              (11.85, 0), (12.2, 0))  # fmt: skip
YAWN: Keys = ((0.0, 0), (2.8, 0), (3.9, 1), (5.1, 0.95), (6.1, 0), (12.2, 0))
DROOP: Keys = ((0.0, 0), (5.6, 0.05), (6.8, 0.22), (7.5, 0.05), (9.8, 0.05), (10.2, 0.4), (11.6, 0.4), (11.8, 0),
               (12.2, 0))  # fmt: skip
"""How far the lids hang between the blinks."""
START: Keys = ((0.0, 0), (11.55, 0), (11.75, 1), (12.2, 0.6))
"""Wide eyes and raised brows: he has noticed."""
BLINKS = (Blink(0.55), Blink(1.0), Blink(1.95), Blink(2.45))
LONG_BLINKS = (Blink(6.15, 0.14, 0.30, 0.22), Blink(6.8, 0.16, 0.50, 0.24))
MICROSLEEP = Blink(10.05, 0.35, 1.25, 0.12)
LOOKS_AWAY = (7.5, 9.85)
YAWNS = (2.9, 6.0)
NODS = (10.2, 11.75)
SLEEPING = 0.8
"""Lids that have come down so far are shut: a microsleep lasts from then to their opening."""


def events() -> tuple[EventTruth, ...]:
    """What happens, as the script has it, by its beginning."""
    found = [EventTruth("blink", 1, b.begin_s, b.end_s) for b in BLINKS]
    found += [EventTruth("long blink", 1, b.begin_s, b.end_s) for b in LONG_BLINKS]
    shut = MICROSLEEP.begin_s + SLEEPING * MICROSLEEP.closing
    found.append(EventTruth("microsleep", 1, shut, shut + (1 - SLEEPING) * MICROSLEEP.closing + MICROSLEEP.closed))
    found.append(EventTruth("yawn", 1, *YAWNS))
    found.append(EventTruth("look away", 1, *LOOKS_AWAY))
    found.append(EventTruth("nod", 1, *NODS))
    return tuple(sorted(found, key=lambda event: event.begin_s))


def act(time_s: float) -> Action:
    """What the driver does."""
    road = [np.sin(2 * np.pi * f * time_s + p) for f, p in ((1.7, 0.3), (2.9, 1.1), (0.8, 2.0), (4.3, 0.5))]
    yaw = at(YAW, time_s) + 0.7 * road[2]
    pitch = at(PITCH, time_s) + 0.6 * road[0] + 0.3 * road[3]
    roll = at(ROLL, time_s) + 0.5 * road[1]
    sunk = np.clip(-at(PITCH, time_s) / 22, 0, 1)
    center = np.array(
        [-8 + 3 * road[2] - 0.5 * yaw, -20 + 2.5 * road[0] + 1.2 * road[3] + 16 * sunk, 800 + 2 * road[1] - 22 * sunk],
        np.float32,
    )
    yawn, start = at(YAWN, time_s), at(START, time_s)
    squeezed = 0.7 * np.clip(1.6 * yawn - 0.6, 0, 1)
    lids = max([b.weight(time_s) for b in (*BLINKS, *LONG_BLINKS, MICROSLEEP)] + [at(DROOP, time_s), squeezed])
    weights = both("eyeBlink", float(lids)) | both("eyeSquint", float(0.7 * yawn)) | both("cheekSquint", 0.5 * yawn)
    weights |= both("browOuterUp", 0.7 * start + 0.15 * yawn) | both("browInnerUp", 0.7 * start + 0.45 * yawn)
    weights |= both("eyeWide", 0.6 * start) | both("noseSneer", 0.25 * yawn)
    weights |= both("mouthUpperUp", 0.3 * yawn) | both("mouthLowerDown", 0.25 * yawn) | both("mouthStretch", 0.2 * yawn)
    weights["jawOpen"] = float(np.clip(1.0 * yawn + 0.10 * at(DROOP, time_s), 0, 1))
    away = LOOKS_AWAY[0] <= time_s <= LOOKS_AWAY[1] - 0.15
    gaze = (
        float(np.clip(0.3 * at(YAW, time_s + 0.12), -18, 18)),
        float(np.clip(0.35 * at(PITCH, time_s + 0.12), -7, 5)) - (3.0 if away else 0.0),
    )
    return Action(Expression(weights, gaze), (float(yaw), float(pitch), float(roll)), center)


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
    lights: list[tuple[NDArray[np.float64], float, float]] = []
    for side, lamp_x in ((-1, -9.0), (1, 6.5)):
        for k in range(7):
            z = (k * 22.0 + 13.75 * time_s + (9 if side > 0 else 0)) % 154.0 + 1.5
            lights.append((np.array([lamp_x, -4.2, z]), 6.0, 0.2))
    for _ in range(26):  # lit house windows along the street
        z = (rng.uniform(0, 120) + 13.75 * time_s) % 120.0 + 3
        lights.append((np.array([rng.choice([-13.0, 10.0]), rng.uniform(-6, 0.5), z]), rng.uniform(0.1, 0.5), 0.45))
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


def _photograph(
    figure: Figure,
    action: Action,
    number: int,
    lenses_of: dict[str, Camera],
    seed: int,
    rng: np.random.Generator,
) -> NightFrame:
    """Read all cameras and write down the truth."""
    time_s = number / FRAME_RATE
    camera = lenses_of["depth"]
    seen = see(figure, camera.pinhole(), *camera.size)
    shaded = shade_person(figure, camera, seen, _lighting(time_s), seed)
    light = shaded.nir + _outside(time_s, camera.intrinsics, seed) * (1 - shaded.cover)
    infrared = read_infrared(light, rng, NIR_GAIN)
    echo = shaded.echo * np.maximum(shaded.cosine, 0.02)
    depth = read_depth(seen.depth_mm, echo, seen.glass, rng, DEPTH_LIMIT_MM)

    beside = lenses_of["thermal"]
    own = beside.own(figure)
    seen_warm = see(own, beside.pinhole(), *beside.size)
    warm = shade(own, beside.pinhole(), *beside.size, NO_LIGHT, seed)
    gradient = np.linspace(-1.2, 1.2, beside.size[0], dtype=np.float32)[:, None]
    celsius = warm.celsius + (GLASS_CELSIUS + gradient) * (1 - warm.cover)
    thermal = read_thermal(celsius, warm.cosine, warm.cover, rng, CABIN_CELSIUS, seed, KELVIN_STEP)

    marks = {
        "infrared": marks_of(figure, camera, seen, seen.depth_mm),
        "thermal": marks_of(own, beside, seen_warm, seen_warm.depth_mm),
    }
    person = person_of(1, figure, camera, seen, action.pose_deg, action.expression.gaze_deg, marks)
    return NightFrame(depth, infrared, thermal, FrameTruth(number, time_s, (person,)))
