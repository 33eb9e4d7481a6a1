"""The rig's people with eyes that turn as people's do.

The face model's eyeballs are too large: fitted spheres of 15.8 mm, 33 mm from front to back, where people's are 12 mm
and 24 mm (Gullstrand's eye). An iris that is painted on such a ball moves by 16 mm times the sine of the gaze, on
people by 10.45 mm: the eye turns about a point some 13.5 mm behind the front of the cornea (13 to 15 were measured),
and its pupil shows 3.05 mm behind that front (Gullstrand's entrance pupil). Here each point of the ball that is seen is
painted with what a camera sees through it: a disc of 5.9 mm radius round the pupil, at that distance from that point.

Smaller balls would leave gaps between the model's lids: the ball stays, and is a window.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.signals.gaze import direction
from recordings.observation import HeadPose
from training.faces.identity import Identity
from training.faces.materials import NIR, RED
from training.faces.regions import smooth_step
from training.faces.scene import Figure, Rig

BEHIND_CORNEA_MM: Final = 13.5
"""From the front of the cornea to the point that an eye turns about."""
LEVER_MM: Final = BEHIND_CORNEA_MM - 3.05
"""From there to where the pupil shows."""
IRIS_MM: Final = 5.9
PUPIL_MM: Final = 2.4
"""Radii; the pupil's in the dark."""
_WHITE: Final = np.array([0.58, 0.53, 0.50, 0.52], np.float32)


def with_peoples_eyes(
    figure: Figure,
    rig: Rig,
    person: Identity,
    pose_deg: tuple[float, float, float],
    gaze_deg: tuple[float, float],
) -> Figure:
    """The figure with irises where a person's would show who looks there.

    Args:
        figure: in camera axes, mm; its first vertices are those of the rig's model.
        gaze_deg: to own left and up, relative to the head.
    """
    attributes = figure.attributes.copy()
    turn = HeadPose(*pose_deg).rotation()
    gaze = turn @ np.array(direction(*gaze_deg))
    for name in ("eyeR", "eyeL"):
        rows = np.flatnonzero(rig.model.in_part(name))
        points = figure.points[rows].astype(np.float64)
        own = points @ turn
        low, high = own.min(axis=0), own.max(axis=0)
        pivot = turn @ np.array([*((low + high) / 2)[:2], low[2] + BEHIND_CORNEA_MM])
        attributes[rows, RED : NIR + 1] = _seen(points, pivot, gaze, person)
    return replace(figure, attributes=attributes)


def _seen(
    points: NDArray[np.float64], pivot: NDArray[np.float64], gaze: NDArray[np.float64], person: Identity
) -> NDArray[np.float32]:
    """(N, 4) red, green, blue and near infrared of what shows at points of the eye."""
    pupil = pivot + LEVER_MM * gaze
    along = points @ gaze
    # Where the ray from the camera through a point meets the iris' plane.
    hit = points * ((pupil @ gaze) / np.where(np.abs(along) < 1e-6, 1e-6, along))[:, None]
    out = np.linalg.norm(hit - pupil, axis=1).astype(np.float32)
    out[(points - pivot) @ gaze < 0] = 1e3  # the back of the eye
    iris = 1 - smooth_step(out, IRIS_MM - 0.35, IRIS_MM + 0.35)[:, None]
    dark = 1 - smooth_step(out, PUPIL_MM - 0.3, PUPIL_MM + 0.3)[:, None]
    limbus = np.exp(-(((out - IRIS_MM) / 0.6) ** 2))[:, None]
    inner = np.append(person.iris, 0.22 + 0.4 * person.iris.mean()).astype(np.float32)
    painted = _WHITE * (1 - iris) + inner * iris
    painted = painted * (1 - 0.45 * limbus) * (1 - dark) + 0.012 * dark
    return np.asarray(painted, np.float32)
