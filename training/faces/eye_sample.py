"""EyeSample: the region about both eyes of one face in fine light, before any sensor, with how far they are open.

Eyes are a few pixels of a camera's picture, and which ones hangs on camera and distance: so what is stored is the
light itself on a grid finer than any patch, and the sensor is drawn while a network trains (training/eye_augment.py).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from training.faces.expression import SIDES, Expression, both, draw_expression
from training.faces.identity import Identity, draw_identity
from training.faces.light import shade
from training.faces.rasterizer import project
from training.faces.scene import Outfit, Rig
from training.faces.studio import SITUATIONS, draw_lighting

WIDTH, HEIGHT = 192, 96
"""Size of a sample in pixels."""
PIXELS_PER_MM = 1.05
"""At the eyes."""
GLASSES_SHARE = 0.5
SUNGLASSES_SHARE = 0.06
FIRST_PERSON = 2_000_000
"""Number of the first person; beyond those of the faces, far below those of what is measured."""
HELD_OUT_EVERY = 10
"""Identities divisible by this number are held out."""


@dataclass(frozen=True)
class EyeSample:
    """Both eyes of one face. Pixel centers at integers."""

    gray: NDArray[np.float16]
    """(HEIGHT, WIDTH) visible light, linear, times `cover`."""
    nir: NDArray[np.float16]
    """(HEIGHT, WIDTH) near infrared, linear, times `cover`."""
    glass: NDArray[np.uint8]
    """(HEIGHT, WIDTH) 255 where spectacles' glass lies before it."""
    cover: NDArray[np.uint8]
    """(HEIGHT, WIDTH) 255 where the figure is, 0 where the background would be."""
    landmarks: NDArray[np.float32]
    """(68, 2) x, y in pixels, iBUG order, hidden ones too."""
    openness: NDArray[np.float32]
    """(2,) right eye, left eye: 0 closed .. 1 as open as this person's neutral eye."""
    pose_deg: NDArray[np.float32]
    """(3,) yaw, pitch, roll."""
    identity: np.int32
    seed: np.int64


LAYOUT: dict[str, tuple[tuple[int, ...], np.dtype]] = {
    "gray": ((HEIGHT, WIDTH), np.dtype(np.float16)),
    "nir": ((HEIGHT, WIDTH), np.dtype(np.float16)),
    "glass": ((HEIGHT, WIDTH), np.dtype(np.uint8)),
    "cover": ((HEIGHT, WIDTH), np.dtype(np.uint8)),
    "landmarks": ((68, 2), np.dtype(np.float32)),
    "openness": ((2,), np.dtype(np.float32)),
    "pose_deg": ((3,), np.dtype(np.float32)),
    "identity": ((), np.dtype(np.int32)),
    "seed": ((), np.dtype(np.int64)),
}
"""Shape and dtype of every field; the files of a shard put the sample number before this shape."""

assert tuple(LAYOUT) == tuple(field.name for field in fields(EyeSample))

LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def draw_eyes(rig: Rig, seed: int, identity: int) -> EyeSample:
    """Draw the sample `seed` of person `identity`. The same arguments give the same bytes."""
    rng = np.random.default_rng([seed, 61])
    person = draw_identity(identity, len(rig.model.identity_modes))
    wears = rng.random() < GLASSES_SHARE
    dark = rng.random() < SUNGLASSES_SHARE
    if wears or dark:
        person = _other_glasses(person, rng)
    outfit = Outfit(
        glasses=wears and not dark,
        sunglasses=dark,
        hat=bool(rng.random() < 0.1),
        mask=bool(rng.random() < 0.08),
        glasses_offset_cm=(float(rng.normal(0, 0.08)), float(rng.uniform(-0.6, 0.25)), float(rng.uniform(-0.1, 0.4))),
        hand_at_cm=_hand(rng) if rng.random() < 0.05 else None,
    )
    yaw, pitch, roll = np.clip(rng.normal((0, -3, 0), (17, 11, 7)), (-48, -34, -20), (48, 30, 20))
    pose = (float(yaw), float(pitch), float(roll))
    away_mm = float(np.exp(rng.uniform(np.log(400), np.log(1500))))
    center = np.array([rng.uniform(-0.25, 0.25) * away_mm, rng.uniform(-0.2, 0.2) * away_mm, away_mm + 95], np.float32)
    figure = rig.pose_person(person, eyes_expression(rng), outfit, pose, center, 22.0, seed)
    eyes = figure.landmarks_mm[36:48].mean(axis=0)
    focal = PIXELS_PER_MM * float(eyes[2])
    middle = np.array([(WIDTH - 1) / 2, (HEIGHT - 1) / 2]) - focal * eyes[:2] / eyes[2]
    intrinsics = np.array([focal, focal, *middle], np.float32)
    weights = np.array([weight for _, weight in SITUATIONS])
    situation = SITUATIONS[rng.choice(len(SITUATIONS), p=weights / weights.sum())][0]
    shaded = shade(figure, intrinsics, HEIGHT, WIDTH, draw_lighting(rng, situation, away_mm), seed)
    return EyeSample(
        gray=np.clip(shaded.color @ LUMA, 0, 6e4).astype(np.float16),
        nir=np.clip(shaded.nir, 0, 6e4).astype(np.float16),
        glass=np.round(255 * np.clip(shaded.glass, 0, 1)).astype(np.uint8),
        cover=np.round(255 * np.clip(shaded.cover, 0, 1)).astype(np.uint8),
        landmarks=project(figure.landmarks_mm, intrinsics)[:, :2].copy(),
        openness=figure.openness.astype(np.float32),
        pose_deg=np.array(pose, np.float32),
        identity=np.int32(identity),
        seed=np.int64(seed),
    )


def eyes_expression(rng: np.random.Generator) -> Expression:
    """Draw an expression whose eyes are open, closed or anything between, squeezed, winking or looking anywhere."""
    drawn = draw_expression(rng)
    weights = {name: weight for name, weight in drawn.weights.items() if not name.startswith("eye")}
    kind = rng.random()
    lids = 0.0 if kind < 0.27 else rng.uniform(0.92, 1.0) if kind < 0.48 else rng.uniform(0, 1)
    each = np.clip(lids + rng.normal(0, 0.03, 2) * (lids > 0), 0, 1)
    if rng.random() < 0.06:
        each[rng.integers(2)] = rng.uniform(0, 1)  # a wink
    weights |= {f"eyeBlink{side}": float(weight) for side, weight in zip(SIDES, each, strict=True)}
    manner = rng.random()
    if manner < 0.3:
        weights |= both("eyeSquint", rng.uniform(0.1, 1.0), rng) | both("cheekSquint", rng.uniform(0, 1.0), rng)
        if rng.random() < 0.4:
            weights |= both("browDown", rng.uniform(0.2, 1.0), rng)
    elif manner < 0.42:  # a yawn
        weights |= {"jawOpen": float(rng.uniform(0.5, 1.0))} | both("eyeSquint", rng.uniform(0.2, 0.9), rng)
        weights |= both("cheekSquint", rng.uniform(0.2, 0.8), rng) | both("browInnerUp", rng.uniform(0, 0.6))
    elif manner < 0.5:
        weights |= both("eyeWide", rng.uniform(0.1, 0.8), rng)
    gaze = drawn.gaze_deg
    if rng.random() < 0.2:
        gaze = (gaze[0], float(rng.uniform(-24, -8)))
    return Expression(weights, gaze)


def _other_glasses(person: Identity, rng: np.random.Generator) -> Identity:
    """Spectacles of many kinds: thin metal, thick plastic, small, large, dark, light."""
    shape = (
        float(rng.uniform(2.0, 3.0)),
        float(rng.uniform(1.2, 2.4)),
        float(rng.uniform(2.0, 7.0)),
        float(np.exp(rng.uniform(np.log(0.05), np.log(0.34)))),
    )
    color = rng.choice([0.02, 0.05, 0.15, 0.35, 0.7]) * np.array([1, rng.uniform(0.8, 1), rng.uniform(0.6, 1)])
    return replace(
        person,
        glasses_shape=shape,
        glasses_color=color.astype(np.float32),
        texture_seed=int(rng.integers(1 << 31)),
    )


def _hand(rng: np.random.Generator) -> tuple[float, float, float]:
    """Where a palm is that may hide an eye, in model axes (cm)."""
    return float(rng.uniform(-6, 6)), float(rng.uniform(-4, 5)), float(rng.uniform(12, 15))
