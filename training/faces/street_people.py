"""Who stands and walks in the night street, and what they do: keys (s, value), smoothly interpolated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recordings.samples.truth import EventTruth
from training.faces.coat import Cloth
from training.faces.expression import Expression, both
from training.faces.identity import HairStyle
from training.faces.night import Action, Blink, Keys, at
from training.faces.scene import Outfit


@dataclass(frozen=True)
class Role:
    """Somebody's part in the scene: who, dressed how, where and when."""

    id: int
    identity: int
    hair: HairStyle
    outfit: Outfit
    coat: Cloth
    trousers: Cloth
    body_turn: float
    x_mm: Keys
    y_mm: float
    z_mm: Keys
    yaw: Keys
    pitch: Keys
    roll: Keys
    blinks: tuple[Blink, ...]
    talks: tuple[tuple[float, float], ...] = ()
    smile: Keys = ((0.0, 0.0), (1.0, 0.0))
    step_hz: float = 0.0
    """Steps a second while walking; 0 stands."""


TURNS_AWAY = (2.1, 4.4)

ROLES = (
    Role(
        1, 9_000_301, HairStyle.SHORT, Outfit(),
        Cloth((0.10, 0.035, 0.03), 0.27, 7.0), Cloth((0.03, 0.035, 0.05), 0.3), 0.30,
        x_mm=((0.0, 265), (2.0, 262), (3.2, 280), (4.6, 266), (7.0, 260)), y_mm=12.0,
        z_mm=((0.0, 1235), (7.0, 1215)),
        yaw=((0.0, -7), (1.2, -3), (2.0, -6), (2.7, -92), (3.7, -97), (4.5, -8), (5.4, 4), (7.0, -6)),
        pitch=((0.0, -1), (1.0, 2), (2.7, -4), (4.6, 0), (7.0, -2)),
        roll=((0.0, 1), (1.6, -3), (4.8, 2), (7.0, 0)),
        blinks=(Blink(0.7), Blink(1.9, 0.1, 0.1), Blink(4.35, 0.1, 0.1), Blink(5.7)),
        talks=((0.2, 1.7), (5.9, 6.8)),
        smile=((0.0, 0.0), (4.6, 0.0), (5.2, 0.8), (5.8, 0.3), (7.0, 0.1)),
    ),
    Role(
        2, 9_000_312, HairStyle.MEDIUM, Outfit(mask=True),
        Cloth((0.05, 0.06, 0.07), 0.26, 5.0), Cloth((0.02, 0.02, 0.025), 0.2), 1.0,
        x_mm=((-3.0, -1210), (10.0, 330)), y_mm=55.0,
        z_mm=((0.0, 2330), (7.0, 2140)),
        yaw=((0.0, 24), (1.5, 12), (2.6, 8), (4.0, 26), (5.6, 14), (7.0, 24)),
        pitch=((0.0, -3), (3.0, 0), (7.0, -4)),
        roll=((0.0, 0), (2.4, 3), (7.0, -1)),
        blinks=(Blink(1.1), Blink(3.1), Blink(4.9, 0.1, 0.1), Blink(6.4)),
        step_hz=1.7,
    ),
    Role(
        3, 9_000_327, HairStyle.BUZZ, Outfit(),
        Cloth((0.14, 0.13, 0.10), 0.5, 4.0), Cloth((0.05, 0.06, 0.09), 0.35), 0.4,
        x_mm=((-2.0, -250), (9.0, -300)), y_mm=-42.0,
        z_mm=((-1.5, 3900), (8.5, 2750)),
        yaw=((0.0, 4), (2.2, -14), (4.0, 6), (7.0, -2)),
        pitch=((0.0, -5), (3.5, -2), (7.0, -3)),
        roll=((0.0, 0), (3.0, -2), (7.0, 1)),
        blinks=(Blink(0.4), Blink(2.0), Blink(3.7, 0.1, 0.1), Blink(6.0)),
        step_hz=1.6,
    ),
)  # fmt: skip


def events() -> tuple[EventTruth, ...]:
    """What happens, as the script has it, by its beginning."""
    found = [EventTruth("blink", role.id, b.begin_s, b.end_s) for role in ROLES for b in role.blinks]
    found.append(EventTruth("head turned away", 1, *TURNS_AWAY))
    return tuple(sorted(found, key=lambda event: event.begin_s))


def act(role: Role, time_s: float) -> Action:
    """What somebody does."""
    own = 0.7 * role.id
    stride = 2 * np.pi * role.step_hz * time_s
    sway = np.sin(2 * np.pi * 0.31 * time_s + own)
    walking = 1.0 if role.step_hz else 0.0
    x = _steady(role.x_mm, time_s) if walking else at(role.x_mm, time_s)
    z = _steady(role.z_mm, time_s) if walking else at(role.z_mm, time_s)
    center = np.array(
        [
            x + 6 * sway + 14 * walking * np.sin(stride / 2 + own),
            role.y_mm + 2 * sway + 13 * walking * np.cos(stride + own),
            z,
        ],
        np.float32,
    )
    pose = (
        at(role.yaw, time_s) + 0.8 * sway,
        at(role.pitch, time_s) + 0.7 * walking * np.sin(stride + own),
        at(role.roll, time_s) + 0.8 * walking * np.sin(stride / 2 + own),
    )
    weights = both("eyeBlink", max(blink.weight(time_s) for blink in role.blinks))
    smile = at(role.smile, time_s)
    weights |= both("mouthSmile", smile) | both("cheekSquint", 0.5 * smile) | both("mouthUpperUp", 0.2 * smile)
    talking = max((np.clip(min(time_s - start, end - time_s) / 0.12, 0, 1) for start, end in role.talks), default=0.0)
    syllable = np.abs(np.sin(2 * np.pi * 1.9 * time_s)) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * time_s))
    weights["jawOpen"] = float(0.4 * talking * syllable + 0.1 * smile)
    weights["mouthFunnel"] = float(0.4 * talking * np.clip(np.sin(2 * np.pi * 1.3 * time_s + 1), 0, 1))
    gaze = (float(np.clip(-0.5 * pose[0], -16, 16)), float(np.clip(-0.4 * pose[1], -8, 8)))  # mostly at the camera
    if abs(pose[0]) > 45:
        gaze = (float(np.sign(pose[0]) * 6), 0.0)
    return Action(Expression(weights, gaze), (float(pose[0]), float(pose[1]), float(pose[2])), center)


def _steady(keys: Keys, time_s: float) -> float:
    """Like `at`, at an even pace."""
    return float(np.interp(time_s, [key[0] for key in keys], [key[1] for key in keys]))
