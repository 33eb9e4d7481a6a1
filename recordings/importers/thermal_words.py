"""What a user says of counts whose file does not: how many kelvin one is.

FLIR's temperature-linear modes give counts that are kelvin times a fixed number: 0.04 K a count in the high and 0.4 K
in the low resolution of Tau 2, Vue Pro R and Duo Pro R (Duo Pro R user guide, 6.2.2), 0.01 K and 0.1 K those of
Lepton; the first Duo's TIFF have 0.01 K.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drivers.frame import KelvinMap
from recordings.errors import SessionImportError
from recordings.importers import words

SCALES: Final = {"tlinear-high": 0.04, "tlinear-low": 0.4, "centikelvin": 0.01, "decikelvin": 0.1}
"""Words for ``--set scale=`` -> kelvin a count."""

SCALE_WORDS: Final = ("gain", "offset", "scale")


def kelvin_given(extra: Mapping[str, str]) -> tuple[KelvinMap | None, str]:
    """(the map that ``--set scale=``, or ``gain=`` and ``offset=`` say, a note for people); None when nothing is said.

    Raises:
        SessionImportError: they contradict each other, or are no numbers.
    """
    gain, offset = words.number(extra, "gain", low=1e-9, high=1e3), words.number(extra, "offset", low=-1e4, high=1e4)
    if "scale" in extra:
        if gain is not None or offset is not None:
            raise SessionImportError("give either --set scale= or --set gain= (and offset=), not both")
        gain = SCALES[words.choice(extra, "scale", tuple(SCALES), "")]
    if gain is None:
        if offset is not None:
            raise SessionImportError("--set offset= needs --set gain=, the kelvin a count")
        hint = f"--set scale={'|'.join(SCALES)}, or --set gain= offset= (kelvin)"
        return None, f"not radiometric; if it is, say how: {hint}"
    return KelvinMap(gain, offset or 0.0), f"kelvin = counts x {gain:g}{f' + {offset:g}' if offset else ''}"
