"""The telemetry of a FLIR Boson: two rows above the picture, of which the counters are read here.

Its layout is in a document that FLIR gives to buyers only. These places (frame counter, frame of the last flat-field
correction, temperature of the sensor) are where two readers agree that others published for the Boson 640: Elphel's
Boson640Telemetry and a wrapper of flirpy. Pairs of words have the higher one first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

WORDS: Final = 60
_FPA_K: Final = (200.0, 400.0)


@dataclass(frozen=True, slots=True)
class BosonTelemetry:
    """One frame's telemetry.

    Attributes:
        serial: of the camera.
        frame_counter: 32 bits.
        last_ffc_frame: the frame counter at the last flat-field correction.
        fpa_k: temperature of the sensor in kelvin.
    """

    serial: int
    frame_counter: int
    last_ffc_frame: int
    fpa_k: float

    @classmethod
    def parse(cls, rows: NDArray[Any]) -> Self | None:
        """From the rows of telemetry, (2, W) uint16; None when they cannot be any."""
        words = np.ascontiguousarray(rows).reshape(-1)
        if words.size < WORDS:
            return None
        w = [int(v) for v in words[:WORDS]]
        found = cls(_pair(w, 1), _pair(w, 42), _pair(w, 44), w[47] / 10)
        makes_sense = _FPA_K[0] <= found.fpa_k <= _FPA_K[1] and found.last_ffc_frame <= found.frame_counter
        return found if makes_sense else None


def _pair(words: list[int], at: int) -> int:
    return words[at] << 16 | words[at + 1]
