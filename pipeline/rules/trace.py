"""What signals did in the last seconds, in bounded memory: the evidence of an event."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from pipeline.rules.condition import Values
from recordings.event import Evidence
from recordings.observation import SignalValue

TRACE_S: Final = 10.0
STEP_S: Final = 0.1
"""Of a camera that is faster, instants between are left out."""


class Trace:
    """Some signals of one face, or of the scene, over the last :data:`TRACE_S` seconds.

    Args:
        signals: names, each kept once.
    """

    __slots__ = ("_kept", "_signals")

    def __init__(self, signals: Iterable[str]) -> None:
        self._signals = tuple(dict.fromkeys(signals))
        self._kept: deque[tuple[int, tuple[float | None, ...]]] = deque(maxlen=round(TRACE_S / STEP_S) + 1)

    def add(self, device_ns: int, values: Values) -> None:
        """An instant; one right after the last kept is left out."""
        if self._kept and 0 <= device_ns - self._kept[-1][0] < STEP_S * 0.95e9:
            return
        self._kept.append((device_ns, tuple(_number(values.get(name)) for name in self._signals)))

    def clear(self) -> None:
        """Forget everything: what was is of another time, or of somebody else."""
        self._kept.clear()

    def evidence(self, device_ns: int, values: Values, signals: Iterable[str]) -> tuple[Evidence, ...]:
        """The named ones of its signals, now and before; those of which nothing is said are left out."""
        out = []
        for name in signals:
            now = values.get(name)
            if now is None:
                continue
            index = self._signals.index(name)
            kept = ((at - device_ns, values_then[index]) for at, values_then in self._kept)
            trace = tuple((round(ago / 1e9, 3), value) for ago, value in kept if ago >= -TRACE_S * 1e9)
            out.append(Evidence(name, now, trace))
        return tuple(out)


def _number(said: SignalValue | None) -> float | None:
    return None if said is None or said.reason else said.value
