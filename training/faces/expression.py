"""What the face does: expression weights, gaze, and how open the eyes are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.faces.model import FaceModel

SIDES = ("_L", "_R")
YAWN_SHARE = 0.06
"""Yawns are rare in life and matter much: landmarks that never saw one put the mouth above it."""


@dataclass(frozen=True)
class Expression:
    """Weights (0..1) of the model's expression modes, and where both eyes look.

    gaze_deg: (to own left, up) relative to the head.
    """

    weights: dict[str, float] = field(default_factory=dict)
    gaze_deg: tuple[float, float] = (0.0, 0.0)

    def gaze(self) -> NDArray[np.float32]:
        """Return the unit vectors (2, 3) of right and left eye in model axes (x to own left, y up, z forward)."""
        left, up = np.radians(self.gaze_deg)
        direction = np.array([np.sin(left) * np.cos(up), np.sin(up), np.cos(left) * np.cos(up)], np.float32)
        return np.stack([direction, direction])

    def lids_follow(self) -> dict[str, float]:
        """Return the weights together with those by which the lids follow the gaze."""
        weights = dict(self.weights)
        up = self.gaze_deg[1]
        name, amount = ("eyeLookUp", up / 30.0) if up > 0 else ("eyeLookDown", -up / 30.0)
        for side in SIDES:
            weights[name + side] = float(np.clip(amount, 0.0, 1.0))
        return weights

    def on_top_of(self, neutral: dict[str, float]) -> dict[str, float]:
        """Return the weights with the lids' (lids_follow) added to those of a person's neutral face, at most 1.

        Lids that close take the neutral face's wide eyes back.
        """
        weights = self.lids_follow()
        for name, weight in neutral.items():
            shut = weights.get(name.replace("eyeWide", "eyeBlink"), 0.0)
            weights[name] = float(np.clip(weights.get(name, 0.0) + weight * (1.0 - shut), 0.0, 1.0))
        return weights


def both(name: str, weight: float, rng: np.random.Generator | None = None) -> dict[str, float]:
    """Return the weights of a mode's two sides, a little uneven if `rng` is given."""
    return {name + side: float(np.clip(weight * (rng.uniform(0.85, 1.1) if rng else 1.0), 0.0, 1.0)) for side in SIDES}


def draw_expression(rng: np.random.Generator) -> Expression:
    """Draw an expression: a third neutral, the others smile, talk, frown, squint; a fifth blink; one in 17 yawns."""
    weights: dict[str, float] = {}
    if rng.random() > 0.3:
        mouth = rng.random()
        if mouth < 0.35:
            weights |= both("mouthSmile", rng.uniform(0.2, 0.95), rng) | both("cheekSquint", rng.uniform(0, 0.5), rng)
        elif mouth < 0.5:
            weights |= both("mouthFrown", rng.uniform(0.2, 0.7), rng)
        elif mouth < 0.65:
            weights[str(rng.choice(["mouthPucker", "mouthFunnel"]))] = rng.uniform(0.3, 0.8)
        if rng.random() < 0.4:
            weights["jawOpen"] = rng.beta(1.2, 2.4)
            if rng.random() < 0.4:
                weights |= both("mouthUpperUp", rng.uniform(0.1, 0.5), rng)
                weights |= both("mouthLowerDown", rng.uniform(0.1, 0.6), rng)
        if rng.random() < 0.12:
            weights[str(rng.choice(["jawLeft", "jawRight", "mouthLeft", "mouthRight"]))] = rng.uniform(0.2, 0.7)
        brow = rng.random()
        if brow < 0.2:
            weights |= {"browInnerUp_L": rng.uniform(0.2, 0.8)} | both("browOuterUp", rng.uniform(0.2, 0.8), rng)
            weights["browInnerUp_R"] = weights["browInnerUp_L"]
        elif brow < 0.4:
            weights |= both("browDown", rng.uniform(0.3, 1.0), rng)
        if rng.random() < 0.15:
            weights |= both("noseSneer", rng.uniform(0.2, 0.7), rng)
    eyes = rng.random()
    if eyes < 0.13:
        weights |= both("eyeBlink", 1.0)
    elif eyes < 0.22:
        weights |= both("eyeBlink", rng.uniform(0.25, 0.95), rng)
    elif eyes < 0.24:
        weights[f"eyeBlink{rng.choice(SIDES)}"] = rng.uniform(0.7, 1.0)
    elif eyes < 0.36:
        weights |= both("eyeSquint", rng.uniform(0.2, 0.9), rng)
    elif eyes < 0.44:
        weights |= both("eyeWide", rng.uniform(0.2, 0.8), rng)
    gaze = (float(np.clip(rng.normal(0, 11), -28, 28)), float(np.clip(rng.normal(-2, 8), -24, 18)))
    if rng.random() < YAWN_SHARE:
        weights |= _yawn(rng)
    return Expression(weights, gaze)


def _yawn(rng: np.random.Generator) -> dict[str, float]:
    """Weights of a yawn: the jaw far down, no smile, the mouth drawn tall, the eyes narrowed or closed."""
    weights = {"jawOpen": float(rng.uniform(0.6, 1.0)), "mouthFunnel": float(rng.uniform(0.0, 0.4))}
    weights |= both("mouthSmile", 0.0) | both("mouthFrown", 0.0)
    weights |= both("browDown", rng.uniform(0.0, 0.5), rng)
    return weights | (both("eyeBlink", rng.uniform(0.3, 1.0), rng) if rng.random() < 0.6 else {})


RIGHT_LIDS = ((37, 41), (38, 40))
LEFT_LIDS = ((43, 47), (44, 46))
"""Pairs of landmarks on the upper and the lower lid."""


def eye_openness(
    model: FaceModel,
    coefficients: NDArray[np.float32],
    vertices: NDArray[np.float32],
    neutral_weights: dict[str, float] | None = None,
) -> NDArray[np.float32]:
    """Return (2,) how open the right and left eye are: the lids' gap over the gap of the same person's neutral eye.

    0 is the gap that the model's full blink leaves, 1 the neutral gap; wider eyes count as 1.

    Args:
        coefficients: identity coefficients of the person.
        vertices: (N, 3) the head with its expression, in model coordinates.
        neutral_weights: expression weights of this person's neutral face.
    """
    closed = {"eyeBlink_L": 1.0, "eyeBlink_R": 1.0}
    now = _lid_gaps(vertices[model.landmarks])
    neutral = _lid_gaps(_landmarks(model, coefficients, neutral_weights or {}))
    shut = np.minimum(_lid_gaps(_landmarks(model, coefficients, closed)), 0.5 * neutral)
    return np.clip((now - shut) / (neutral - shut), 0.0, 1.0).astype(np.float32)


def _lid_gaps(marks: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2,) mean height of the right and left eye's opening; lids that cross count as a negative gap."""
    return np.array(
        [np.mean([marks[upper, 1] - marks[lower, 1] for upper, lower in pairs]) for pairs in (RIGHT_LIDS, LEFT_LIDS)]
    )


def _landmarks(model: FaceModel, coefficients: NDArray[np.float32], weights: dict[str, float]) -> NDArray[np.float32]:
    """(68, 3) landmarks alone, without moving the other vertices."""
    columns = (model.landmarks[:, None] * 3 + np.arange(3)).ravel()
    flat = model.vertices.reshape(-1)[columns] + coefficients @ model.identity_modes[: len(coefficients), columns]
    for name, weight in weights.items():
        if name in model.expression_names:
            flat = flat + np.float32(weight) * model.expression_modes[model.expression_names.index(name)][columns]
    return flat.reshape(68, 3)
