"""The people of benchmarks/signals_eyes.py, who talk, blink, yawn and nod off: what they do, and their rendering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics

FPS, SECONDS = 10.0, 24.0
FIRST = 9_000_300
"""Number of the first identity; far beyond those of training runs."""
CLOSED = 0.2
"""True openness under which eyes are closed: P80."""
VIEWS = ("nir40", "nir20", "gray40", "gray20")
LENSES = {"40": Intrinsics.from_fov(320, 240, 54.0), "20": Intrinsics.from_fov(160, 120, 54.0)}
YAWNS = ((13.3, 15.8), (17.9, 20.3))
"""From half open to half open again."""
HAND = (18.0, 20.2)
TALK, LAUGH, DOWN = (2.5, 6.0), (6.1, 7.9), (10.1, 11.7)


def render(folder: Path, face_model: Path | None, people: int, first: int = 0) -> None:
    """Write ``N.npz`` for each person from ``first`` on: the pictures of each view, and the truth.

    Those that are there stay: a render that was stopped goes on.
    """
    from training.faces.model import find_face_model, load_face_model
    from training.faces.scene import Rig

    folder.mkdir(parents=True, exist_ok=True)
    rig = Rig(load_face_model(find_face_model(face_model)))
    for number in range(first, first + people):
        if (folder / f"{number}.npz").exists():
            continue
        np.savez_compressed(folder / f"{number}.tmp.npz", **_person(rig, number))
        (folder / f"{number}.tmp.npz").replace(folder / f"{number}.npz")
        print(f"person {number} is rendered", flush=True)


def _person(rig: Any, number: int) -> dict[str, NDArray[Any]]:
    from training.faces.identity import draw_identity
    from training.faces.light import see, shade
    from training.faces.night import Camera, marks_of, read_infrared
    from training.faces.night_drive import NIR_GAIN, _lighting
    from training.faces.scene import Outfit

    person = draw_identity(FIRST + number, len(rig.model.identity_modes))
    mouth = rig.model.vertices[rig.model.landmarks[62]]
    hand = tuple(float(v) for v in mouth + np.array([0.5, -1.0, 2.5], np.float32))
    out: dict[str, list[Any]] = {name: [] for name in (*VIEWS, "openness", "points", "time_s")}
    for k in range(round(SECONDS * FPS)):
        time_s = k / FPS + 0.0127 * (number + 1)
        rng = np.random.default_rng([number, 51, k])
        expression, pose, center = _act(time_s, number)
        hidden = HAND[0] <= time_s < HAND[1]
        outfit = Outfit(glasses=number % 3 == 2, hand_at_cm=hand if hidden else None)
        figure = rig.pose_person(person, expression, outfit, pose, center, 21.0, number)
        for size, lens in LENSES.items():
            camera = Camera.aside(lens, 0.0)
            night = shade(figure, camera.pinhole(), *camera.size, _lighting(time_s + number), number)
            light = (night.nir + 0.004 * (1 - night.cover)).astype(np.float32)
            out[f"nir{size}"].append(read_infrared(light, rng, NIR_GAIN))
            day = shade(figure, camera.pinhole(), *camera.size, _daylight(time_s), number)
            out[f"gray{size}"].append(_gray(day.color, day.cover, rng))
        camera = Camera.aside(LENSES["40"], 0.0)
        seen = see(figure, camera.pinhole(), *camera.size)
        out["points"].append(marks_of(figure, camera, seen, seen.depth_mm).points)
        out["openness"].append(figure.openness)
        out["time_s"].append(time_s)
    return {name: np.array(values) for name, values in out.items()}


def _act(time_s: float, number: int) -> tuple[Any, tuple[float, float, float], NDArray[np.float32]]:
    """Expression, yaw, pitch and roll, and where the head is (mm)."""
    from training.faces.expression import Expression, both
    from training.faces.night import Blink, at

    blinks = [Blink(t) for t in (0.6, 1.9, 3.4, 5.2, 8.2, 12.3, 21.2)]
    microsleep = Blink(22.0, 0.3, 1.4, 0.15)
    yawn_keys = ((12.9, 0), (13.8, 1), (15.2, 0.95), (16.0, 0)), ((17.6, 0), (18.4, 1), (19.8, 0.9), (20.5, 0))
    yaw_keys = ((8.0, 0), (8.4, 28), (9.3, 27), (9.8, 0))
    yawn = max(at(keys, time_s) for keys in yawn_keys)
    talks, laughs, looks_down = (a <= time_s < b for a, b in (TALK, LAUGH, DOWN))
    lids = max(b.weight(time_s) for b in (*blinks, Blink(16.5, 0.15, 0.55, 0.2), microsleep))
    lids = max(lids, 0.75 * float(np.clip(1.6 * yawn - 0.6, 0, 1)))
    nod, phase = microsleep.weight(time_s), 1.3 * number
    jaw = yawn
    if talks:
        jaw = 0.17 * (1 + np.sin(2 * np.pi * 3.3 * time_s + phase)) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.9 * time_s))
    weights = both("eyeBlink", lids) | both("eyeSquint", max(0.7 * yawn, 0.5 * laughs))
    weights |= both("cheekSquint", max(0.5 * yawn, 0.7 * laughs))
    if laughs:
        jaw = 0.38 + 0.12 * np.sin(2 * np.pi * 4.1 * time_s)
        weights |= both("mouthSmile", 0.85)
    weights["jawOpen"] = float(np.clip(jaw, 0, 1))
    weights |= both("mouthUpperUp", 0.3 * yawn) | both("mouthLowerDown", 0.25 * yawn) | both("browInnerUp", 0.45 * yawn)
    road = [np.sin(2 * np.pi * f * time_s + p + phase) for f, p in ((1.7, 0.3), (2.9, 1.1), (0.8, 2.0))]
    pose = (at(yaw_keys, time_s) + road[2], 6 * yawn - 7 * looks_down - 14 * nod + 0.6 * road[0], 0.6 * road[1])
    gaze = (float(np.clip(0.3 * at(yaw_keys, time_s + 0.1), -18, 18)), -19.0 if looks_down else -1.0)
    center = np.array([3 * road[2] - 0.5 * pose[0], -15 + 2.5 * road[0] + 10 * nod, 800 + 2 * road[1]], np.float32)
    return Expression(weights, gaze), (float(pose[0]), float(pose[1]), float(pose[2])), center


def _daylight(time_s: float) -> Any:
    from training.faces.light import Lighting

    toward = np.array([[0.5, -0.6, -0.6], [-0.7, -0.3, -0.6]], np.float32)
    strength = np.float32(1 + 0.35 * np.sin(2 * np.pi * 0.13 * time_s))
    return Lighting(
        directions=toward / np.linalg.norm(toward, axis=1, keepdims=True),
        colors=np.array([[0.55, 0.52, 0.48], [0.2, 0.2, 0.22]], np.float32) * strength,
        nir=np.array([0.3, 0.1], np.float32) * strength,
        sky=np.full(3, 0.22, np.float32),
        ground=np.full(3, 0.1, np.float32),
        ambient_nir=0.2,
        ring=0.0,
    )


def _gray(color: NDArray[np.float32], cover: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.uint8]:
    """What a gray camera with a fixed exposure makes of the light."""
    luma = np.array([[0.299, 0.587, 0.114]], np.float32)
    light = np.asarray(cv2.transform(np.ascontiguousarray(color), luma), np.float32) + np.float32(0.06) * (1 - cover)
    light = np.asarray(cv2.GaussianBlur(light * np.float32(1.1), (0, 0), 0.5), np.float32)
    grain = np.asarray(cv2.GaussianBlur(rng.standard_normal(light.shape, dtype=np.float32), (0, 0), 0.6), np.float32)
    light += 1.7 * grain * (0.0015 + 0.010 * np.sqrt(np.clip(light, 0, 2)))
    return np.asarray(255 * np.clip(light / (1 + 0.25 * light) * 1.15, 0, 1) ** (1 / 2.2), np.uint8)
