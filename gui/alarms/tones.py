"""The tones of the alarms, made of sines: a burst for each severity, told apart by rhythm, speed and pitch. No Qt here.

After the idea of IEC 60601-1-8, in words of our own: the worse it is, the more and the faster the pulses. Severe:
three and two quick ones, and the same again. A warning: three slower ones. A notice: one low and long. Every pulse
has a fundamental between 300 and 700 Hz with harmonics, so that it is heard beside one tone of a machine and by ears
that lost the high ones, and rises and falls softly, so that it startles nobody.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gui.alarms.book import Severity

RATE_HZ: Final = 22_050
_EDGE_S: Final = 0.02
_HARMONICS: Final = (1.0, 0.6, 0.4, 0.3, 0.2)


@dataclass(frozen=True, slots=True)
class Burst:
    """Pulses of a pitch, and the silence after each of them but the last, s."""

    pitch_hz: float
    pulse_s: float
    gaps_s: tuple[float, ...]
    again_s: float | None
    """From one burst to the next while nobody acknowledges; None: it sounds once."""

    @property
    def pulses(self) -> int:
        return len(self.gaps_s) + 1

    @property
    def length_s(self) -> float:
        return self.pulses * self.pulse_s + sum(self.gaps_s)


BURSTS: Final = {
    Severity.ALARM: Burst(660.0, 0.12, (0.08, 0.08, 0.25, 0.08, 0.6, 0.08, 0.08, 0.25, 0.08), 5.0),
    Severity.WARNING: Burst(494.0, 0.2, (0.2, 0.2), 15.0),
    Severity.NOTICE: Burst(330.0, 0.35, (), None),
}


def samples(severity: Severity, volume: float) -> NDArray[np.int16]:
    """A burst as mono samples at ``RATE_HZ``.

    Args:
        volume: 0..1; beyond that the nearest of them.
    """
    burst = BURSTS[severity]
    pulse = _pulse(burst.pitch_hz, burst.pulse_s)
    parts = [pulse]
    for gap_s in burst.gaps_s:
        parts += [np.zeros(round(gap_s * RATE_HZ)), pulse]
    parts.append(np.zeros(round(0.05 * RATE_HZ)))  # some players cut the end off
    whole = np.concatenate(parts) * min(max(volume, 0.0), 1.0)
    return np.round(whole * 32_767).astype(np.int16)


def wav(severity: Severity, volume: float) -> bytes:
    """A burst as a WAV file, 16 bit mono."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples(severity, volume).astype("<i2").tobytes())
    return out.getvalue()


def _pulse(pitch_hz: float, length_s: float) -> NDArray[np.float64]:
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    tone = sum(a * np.sin(2 * np.pi * pitch_hz * (n + 1) * t) for n, a in enumerate(_HARMONICS))
    edge = np.clip(np.minimum(t, length_s - t) / _EDGE_S, 0.0, 1.0)
    shaped: NDArray[np.float64] = np.asarray(tone) * np.sin(0.5 * np.pi * edge) ** 2
    return shaped / np.abs(shaped).max()


class Repeater:
    """Says when a burst is due: at once for what is new, then again and again while it is open."""

    def __init__(self) -> None:
        self._ring = -1
        self._severity: Severity | None = None
        self._last_s = 0.0

    def due(self, severity: Severity | None, ring: int, now_s: float) -> bool:
        """Asked a few times a second.

        Args:
            severity: of the worst that is to be heard now; None when there is nothing.
            ring: the newest of all that is to be heard.
            now_s: a monotonic clock.
        """
        if severity is None:
            self._severity = None
            return False
        is_new = ring > self._ring or (self._severity is None and BURSTS[severity].again_s is not None)
        self._ring = max(self._ring, ring)
        self._severity = severity
        again_s = BURSTS[severity].again_s
        if is_new or (again_s is not None and now_s - self._last_s >= again_s):
            self._last_s = now_s
            return True
        return False
