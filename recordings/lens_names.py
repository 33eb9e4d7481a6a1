"""A lens in the words of others: `foxglove.CameraCalibration` and ROS `sensor_msgs/CameraInfo`, and back.

Both know OpenCV's models by name, and the same ones but for the fisheye's name: ``plumb_bob`` (five coefficients) and
``rational_polynomial`` (eight) in OpenCV's order, Kannala and Brandt's angles (four)
(https://docs.foxglove.dev/docs/sdk/schemas/camera-calibration, sensor_msgs/distortion_models.hpp).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drivers.distortion import BROWN_CONRADY, FISHEYE
from drivers.geometry import Intrinsics

PLUMB_BOB: Final = "plumb_bob"
RATIONAL: Final = "rational_polynomial"
FOXGLOVE_FISHEYE: Final = "kannala_brandt"
ROS_FISHEYE: Final = "equidistant"


def named(lens: Intrinsics, fisheye: str) -> tuple[str, tuple[float, ...]] | None:
    """The model's name and its coefficients; None for a lens that they have no word for.

    Args:
        fisheye: the word for the fisheye, :data:`FOXGLOVE_FISHEYE` or :data:`ROS_FISHEYE`.

    Returns:
        ``("", ())`` for a pinhole. A thin prism or a tilted sensor has a name only where it is all zeros.
    """
    if lens.model == FISHEYE:
        return fisheye, lens.distortion
    if lens.model != BROWN_CONRADY:
        return None
    if not lens.distortion:
        return "", ()
    if any(lens.distortion[8:]):
        return None
    if len(lens.distortion) < 8:
        return PLUMB_BOB, (*lens.distortion, 0.0)[:5]
    return RATIONAL, lens.distortion[:8]


def model_of(name: str, coefficients: Sequence[float]) -> tuple[str, tuple[float, ...]] | None:
    """Our model and its coefficients; None for a name or a number of coefficients that is none of these."""
    found = tuple(coefficients)
    if not name and not found:
        return BROWN_CONRADY, ()
    if name == PLUMB_BOB and len(found) in (0, 4, 5):
        return BROWN_CONRADY, found
    if name == RATIONAL and len(found) in (8, 12, 14):
        return BROWN_CONRADY, found
    if name in (FOXGLOVE_FISHEYE, ROS_FISHEYE) and len(found) == 4:
        return FISHEYE, found
    return None
