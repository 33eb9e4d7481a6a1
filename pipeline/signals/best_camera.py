"""A signal that several cameras of the rig can read: asked of each, and told of the one that is surest now.

Every camera has the signal's own memory (what is usual for this person looks different in each), and each is asked when
the face is read there. The camera that the face was found in serves, until another has been surer by ``better`` for
``patience_s``, or knows something where it knows nothing; it takes over again when it has been as sure for as long. Who
has just taken over serves for ``stay_s`` first. What a camera said last holds for ``hold_s`` with falling confidence:
so long it may miss pictures, or wait for its turn. Then it is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from pipeline.signals.sight import Sight, Signal
from recordings.observation import SignalValue

FADE: Final = 0.5
"""Share of the confidence that is left when what was said last is given up."""


class BestCameraConfig(BaseModel):
    """When a signal is taken from another camera than the one that the face was found in."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    better: float = Field(1.25, ge=1, le=10, description="times the confidence that another camera must have")
    patience_s: float = Field(0.5, ge=0, le=10, description="for how long, without a break")
    least: float = Field(0.2, ge=0, le=1, description="confidence without which no other camera takes over")
    stay_s: float = Field(0.5, ge=0, le=10, description="a camera that has just taken over serves at least so long")
    hold_s: float = Field(
        0.5, gt=0, le=0.9, description="what a camera said last holds so long; without anything new it is given up then"
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a camera said last, and when."""

    device_ns: int
    values: Mapping[str, SignalValue]


class BestCamera:
    """The signal of one face, over all cameras that read the face.

    Args:
        make: a signal for one camera.
        by: the name of the value whose confidence is compared.
        lasting: names of values that grow over minutes: where the serving camera does not know one yet, another's
            counts.
    """

    def __init__(
        self,
        make: Callable[[], Signal],
        by: str,
        config: BestCameraConfig | None = None,
        lasting: tuple[str, ...] = (),
    ) -> None:
        self._make, self._by, self._lasting = make, by, lasting
        self._config = config or BestCameraConfig()
        self._signals: dict[str, Signal] = {}
        self._told: dict[str, _Told] = {}
        self._serves = ""
        self._changed_ns: int | None = None
        self._rival: tuple[str, int] | None = None
        """The camera that is surer than the serving one, and since when."""

    @property
    def serves(self) -> str:
        """The stream that the signal is taken from; '' before the first step."""
        return self._serves

    @property
    def is_wanting(self) -> bool:
        """Whether the camera that serves does not know it."""
        one = self._told.get(self._serves)
        return one is not None and _sure(one, self._by) <= 0.0

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """See Signal."""
        now, own = sight.device_ns, sight.info.name
        told = self._of(own).step(sight, known)
        if not sight.elsewhere and self._serves in ("", own) and len(self._told) <= 1:
            # A rig of one camera, or nothing seen in another one so far.
            self._told = {own: _Told(now, told)}
            self._serves = own
            return told
        hold_ns = round(self._config.hold_s * 1e9)
        self._told = {n: one for n, one in self._told.items() if 0 <= now - one.device_ns <= hold_ns}
        self._told[own] = _Told(now, told)
        for name, there in sight.elsewhere.items():
            self._told[name] = _Told(now, self._of(name).step(there, known))
        self._choose(now, own)
        return self._values(now, own)

    def _of(self, stream: str) -> Signal:
        signal = self._signals.get(stream)
        if signal is None:
            signal = self._signals[stream] = self._make()
        return signal

    def _choose(self, now: int, own: str) -> None:
        sure = {name: _sure(one, self._by) for name, one in self._told.items()}
        if self._changed_ns is not None and now < self._changed_ns:
            self._changed_ns = self._rival = None
        mine = sure.get(self._serves)
        if mine is None:
            self._changed_ns = now if self._serves else None
            self._serves, mine, self._rival = own, sure[own], None
        # What was said a moment ago is no ground to take over: the mouth may have been covered since.
        fresh = [n for n in sorted(sure) if self._told[n].device_ns == now and n != self._serves]
        rivals = [n for n in fresh if sure[n] > 0.0 and (n == own or sure[n] >= self._config.least)]
        if not rivals:
            if self._rival is not None and self._rival[0] not in self._told:
                self._rival = None
            return
        # Of equally sure ones the camera that the face was found in, then the first by name.
        best = max(rivals, key=lambda name: (sure[name], name == own))
        if mine <= 0.0:
            if self._changed_ns is None or now - self._changed_ns >= self._config.stay_s * 1e9:
                self._take(best, now)
            return
        if sure[best] < mine if best == own else sure[best] <= mine * self._config.better:
            self._rival = None
            return
        if self._rival is None or self._rival[0] != best or now < self._rival[1]:
            self._rival = (best, now)
        if now - self._rival[1] >= self._config.patience_s * 1e9:
            self._take(best, now)

    def _take(self, name: str, now: int) -> None:
        self._serves, self._changed_ns, self._rival = name, now, None

    def _fade(self, one: _Told, now: int) -> float:
        return 1.0 - (1.0 - FADE) * (now - one.device_ns) / (self._config.hold_s * 1e9)

    def _values(self, now: int, own: str) -> Mapping[str, SignalValue]:
        one = self._told[self._serves]
        told = dict(one.values) if self._serves == own else self._from(self._serves, now)
        for name in self._lasting:
            if name in told and not told[name].is_valid:
                others = [self._from(stream, now)[name] for stream in self._told if stream != self._serves]
                told[name] = max((v for v in others if v.is_valid), key=lambda v: v.confidence, default=told[name])
        return told

    def _from(self, stream: str, now: int) -> dict[str, SignalValue]:
        """What a camera said, with its name; less sure the longer ago it is."""
        one = self._told[stream]
        fade = self._fade(one, now)
        return {
            name: SignalValue(v.value, v.unit, v.confidence * fade, v.reason, v.label, stream)
            for name, v in one.values.items()
        }


def _sure(one: _Told, name: str) -> float:
    """The confidence of what a camera said; 0 where it does not know."""
    value = one.values.get(name)
    return value.confidence if value is not None and value.is_valid else 0.0
