"""Rendered drives: drivers who glance at the road, mirrors, instruments, screen and lap, with eyes and head.

Each has an own share of head and eyes; near infrared at 10 frames/s, seen by a camera that stands 6 degrees aside and 8
below; and the faces as the shipped landmark model reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics
from engines.loading import load_models
from pipeline.signals.gaze import angles, direction
from pipeline.steps.crop import crop_at, cut
from pipeline.steps.pose import solve_pose
from recordings.observation import EyeOpenness, Face, HeadPose, Landmarks

RATE_HZ = 10.0
LENS = Intrinsics(256, 256, 628.0, 628.0, 127.5, 127.5)
"""The middle of a camera with 640 x 480 px and 54 degrees: eyes of 24 px at 0.75 m."""
CAMERA = HeadPose(6.0, 8.0, 0.0)
"""A head that looks straight ahead, as the camera of the drives sees it."""

PLACES: Mapping[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "road": ((0.0, 1.0), (4.0, 2.5)),
    "instruments": ((0.0, -17.0), (3.0, 1.5)),
    "inside mirror": ((-40.0, 11.0), (2.0, 2.0)),
    "left mirror": ((38.0, -6.0), (3.0, 2.0)),
    "centre screen": ((-32.0, -20.0), (3.0, 2.0)),
    "lap": ((0.0, -45.0), (6.0, 4.0)),
}
"""What is glanced at: middle and spread, degrees (to own left, up)."""


def script(rng: np.random.Generator, seconds: float) -> list[tuple[str, float, float, float]]:
    """Target, yaw, pitch of the gaze and the head's share, for each frame: glances with ways of 0.3 s between."""
    frames = round(seconds * RATE_HZ)
    own_share = rng.uniform(0.4, 0.85)
    out: list[tuple[str, float, float, float]] = []
    now, road = np.array([0.0, 1.0]), True
    share = own_share
    while len(out) < frames:
        name = "road" if road else str(rng.choice(list(PLACES)[1:]))
        middle, spread = PLACES[name]
        goal = np.array([rng.normal(middle[0], spread[0]), rng.normal(middle[1], spread[1])])
        stay = rng.uniform(1.5, 5.0) if road else rng.uniform(0.6, 2.6)
        next_share = float(np.clip(own_share + rng.normal(0, 0.1), 0.3, 0.95))
        for k in range(max(round((0.3 + stay) * RATE_HZ), 1)):
            t = min((k + 1) / (0.3 * RATE_HZ), 1.0)
            s = t * t * (3 - 2 * t)
            yaw, pitch = now + (goal - now) * s + rng.normal(0, 0.6, 2)
            out.append((name, float(yaw), float(pitch), share + (next_share - share) * s))
        now, share, road = goal, next_share, not road
    return out[:frames]


def render(
    face_model: Path, people: int, seconds: float, first: int = 0, rigs_eyes: bool = False
) -> dict[str, NDArray[Any]]:
    """Pictures and truth of so many drives.

    Args:
        first: number of the first driver; others are other people with other glances.
        rigs_eyes: the face model's own, too large eyeballs; else eyes turn as people's do (peoples_eyes.py).
    """
    from benchmarks.peoples_eyes import with_peoples_eyes
    from training.faces.expression import Expression, both
    from training.faces.identity import draw_identity
    from training.faces.light import Lighting, see
    from training.faces.model import load_face_model
    from training.faces.night import Camera, read_infrared, shade_person
    from training.faces.scene import Outfit, Rig

    model = load_face_model(face_model)
    rig, camera = Rig(model), Camera.aside(LENS, 0.0)
    kept: dict[str, list[Any]] = {n: [] for n in ("nir", "who", "gaze", "pose", "eyes", "center", "open")}
    aside = CAMERA.rotation()
    for who in range(first, first + people):
        rng = np.random.default_rng([311, who])
        person = draw_identity(9_100_000 + 10 * who, len(model.identity_modes))
        light = rng.uniform(0.0, 0.4)
        at = np.array([rng.normal(0, 8), rng.normal(0, 8) + 10, rng.uniform(790, 900)], np.float32)
        blink_at = rng.uniform(1.0, 3.0)
        for number, (_, yaw, pitch, share) in enumerate(script(rng, seconds)):
            head = HeadPose(yaw * share, pitch * share, 0.04 * yaw)
            x, y, z = (head.rotation().T @ direction(yaw, pitch)).tolist()
            eyes = (
                float(np.clip(np.degrees(np.arctan2(x, -z)), -28, 28)),
                float(np.clip(np.degrees(np.arcsin(-y)), -24, 18)),
            )
            true = angles(head.rotation() @ direction(*eyes))
            pose = HeadPose.from_rotation(aside @ head.rotation())
            time_s = number / RATE_HZ
            shut = abs(time_s - blink_at) < 0.12
            if time_s > blink_at + 0.12:
                blink_at = time_s + rng.uniform(2.0, 5.0)
            center = at + np.array([0.35 * yaw * share, rng.normal(0, 1), rng.normal(0, 1)], np.float32)
            angles_deg = (pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
            expression = Expression(both("eyeBlink", 1.0) if shut else {}, eyes)
            figure = rig.pose_person(
                person, expression, Outfit(glasses=who % 4 == 3), angles_deg, center, 22.0, who, body_turn=0.12
            )
            if not rigs_eyes:
                figure = with_peoples_eyes(figure, rig, person, angles_deg, eyes)
            seen = see(figure, camera.pinhole(), *camera.size)
            lighting = Lighting(
                directions=np.array([[0.5, -0.6, -0.62]], np.float32), colors=np.full((1, 3), 0.1, np.float32),
                nir=np.array([light * (0.5 + 0.5 * np.sin(time_s))], np.float32), sky=np.full(3, 0.004, np.float32),
                ground=np.full(3, 0.002, np.float32), ambient_nir=0.02, ring=0.4,
            )  # fmt: skip
            kept["nir"].append(read_infrared(shade_person(figure, camera, seen, lighting, who).nir, rng, 450.0))
            kept["who"].append(who)
            kept["gaze"].append(true)
            kept["pose"].append(angles_deg)
            kept["eyes"].append(eyes)
            kept["center"].append(center)
            kept["open"].append(float(figure.openness.min()))
    return {name: np.array(values) for name, values in kept.items()}


def read_faces(data: Mapping[str, NDArray[Any]]) -> list[Face]:
    """The faces as the shipped model reads them."""
    models = load_models()
    model = models.face_landmarks
    assert model is not None
    rng = np.random.default_rng(5)
    out = []
    for nir, center in zip(data["nir"], data["center"], strict=True):
        x, y = LENS.project(center[None] / 1000.0)[0]
        distance = float(center[2]) - 90.0
        box = crop_at(
            (float(x + rng.normal(0, 2)), float(y + rng.normal(0, 2))),
            distance * float(1 + 0.01 * rng.normal()),
            LENS,
            320.0,
        )
        shown = cut(nir, box, model.size)
        told = model.many([shown.pixels], [None if shown.inside.all() else shown.inside])[0]
        points = (told.points + 0.5) * (box.w / model.size, box.h / model.size) + (box.x, box.y)
        landmarks = Landmarks(points.astype(np.float32), told.confidence)
        solved = solve_pose(landmarks, LENS)
        invalid = {"pose": solved} if isinstance(solved, str) else {}
        eyes = EyeOpenness(float(told.openness[0]), float(told.openness[1]))
        pose = None if isinstance(solved, str) else solved.pose
        out.append(Face(1, "infrared", box, 0.95, distance / 1000.0, None, box, landmarks, pose, eyes, invalid=invalid))
    models.close()
    return out
