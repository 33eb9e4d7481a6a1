"""How long the parts of a face are: nose and mouth nearer to the eyes or farther than the model's modes have them.

The model's faces are long in the middle. Over the distance of the outer eye corners its nose ends at 0.52 below the
eyes and its mouth lies at 0.80; on photographs of people, read by a detector trained on iBUG's points, it is 0.475 and
0.75, with chins at the same height (1.27) and a deviation of 0.045. What is drawn here goes from the model's faces to
well beyond the mean of the photographs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HEIGHT_CM = np.array([-7.6, -5.6, -4.4, -3.4, -1.15, 1.2, 2.9], np.float32)
"""Heights on the template from the chin up to below the lower lids, which stay."""
LIFT = np.array([0.0, 0.8, 1.1, 1.0, 0.8, 0.4, 0.0], np.float32)
"""How much of the mouth's lift each height gets."""
DROP = np.array([1.0, 0.6, 0.2, 0.0, 0.0, 0.0, 0.0], np.float32)
"""The same of the chin's drop; what is below the chin follows it."""


def draw_lift(rng: np.random.Generator) -> float:
    """How much higher than the model's somebody's mouth lies, cm."""
    return float(np.clip(rng.normal(0.38, 0.26), -0.25, 0.95))


def draw_drop(rng: np.random.Generator) -> float:
    """How much lower than the model's somebody's chin lies, cm."""
    return float(np.clip(rng.normal(0.0, 0.22), -0.5, 0.5))


def in_proportion(
    vertices: NDArray[np.float32], template: NDArray[np.float32], mouth_lift_cm: float, chin_drop_cm: float
) -> NDArray[np.float32]:
    """Return (N, 3) vertices with the mouth and the chin moved along the face.

    Args:
        vertices: (N, 3) a head in model coordinates (cm, y up).
        template: (N, 3) the model's mean head: where a vertex belongs to is read off its height there.
        mouth_lift_cm: how far the mouth goes up; the nose's end goes along by four fifths.
        chin_drop_cm: how far the chin goes down.
    """
    height = template[:, 1]
    moved = vertices.copy()
    moved[:, 1] += mouth_lift_cm * np.interp(height, HEIGHT_CM, LIFT).astype(np.float32)
    moved[:, 1] -= chin_drop_cm * np.interp(height, HEIGHT_CM, DROP).astype(np.float32)
    return moved
