"""A rotation as a quaternion."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def quaternion(rotation: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """x, y, z, w of a 3 x 3 rotation, w >= 0; from its largest component, so that nothing is divided by little."""
    m = np.asarray(rotation, np.float64)
    squares = [
        1.0 + m[0, 0] - m[1, 1] - m[2, 2],
        1.0 - m[0, 0] + m[1, 1] - m[2, 2],
        1.0 - m[0, 0] - m[1, 1] + m[2, 2],
        1.0 + m[0, 0] + m[1, 1] + m[2, 2],
    ]
    x_y, x_z, y_z = m[1, 0] + m[0, 1], m[0, 2] + m[2, 0], m[2, 1] + m[1, 2]
    w_x, w_y, w_z = m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]
    # Each row is the quaternion times four times one of its components.
    rows = (
        (squares[0], x_y, x_z, w_x),
        (x_y, squares[1], y_z, w_y),
        (x_z, y_z, squares[2], w_z),
        (w_x, w_y, w_z, squares[3]),
    )
    row = rows[int(np.argmax(squares))]
    length = math.copysign(math.sqrt(sum(float(v) ** 2 for v in row)), row[3])
    return tuple(float(v) / length for v in row)  # type: ignore[return-value]  # four values in, four out
