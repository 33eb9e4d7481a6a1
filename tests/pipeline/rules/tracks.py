"""Signals as functions of time, made into observations of a camera at some rate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pipeline.rules.engine import RuleEngine
from pipeline.rules.load import read_rules
from pipeline.rules.model import RulesFile
from pipeline.rules.run import Change
from recordings.observation import Box, Face, Observation, SignalValue

Said = float | tuple[float, str] | SignalValue | None
"""A value; a value with its label; a whole SignalValue; None: unknown."""

SECOND = 1_000_000_000
BEGIN_NS = 5 * SECOND


def signal(said: Said) -> SignalValue:
    if isinstance(said, SignalValue):
        return said
    if said is None:
        return SignalValue(0.0, "", 0.0, "no eyes are seen")
    value, label = said if isinstance(said, tuple) else (said, "")
    return SignalValue(value, "", 0.9, "", label)


def face_of(number: int, said: Mapping[str, Said], x: float = 100.0, invalid: Mapping[str, str] | None = None) -> Face:
    """A face of 100 px at x."""
    signals = {name: signal(value) for name, value in said.items()}
    return Face(number, "gray", Box(x, 50, 100, 100), 0.9, signals=signals, invalid=invalid or {})


def observation_of(device_ns: int, faces: Iterable[Face] = (), status: str = "ok") -> Observation:
    return Observation(0, device_ns, device_ns, 0, {"gray": 0}, tuple(faces), status)


def times(until_s: float, fps: float) -> list[int]:
    """Instants of a camera, ns, from :data:`BEGIN_NS` on."""
    return [BEGIN_NS + round(n * SECOND / fps) for n in range(int(until_s * fps) + 1)]


def rules_of(text: str) -> RulesFile:
    """Rules of a file's text without its head."""
    return read_rules('name = "test"\n' + text, "test.toml")


def rule(when: str, more: str = "", name: str = "it") -> str:
    """A rule's text: the condition in braces, and other keys."""
    return f'[[rule]]\nname = "{name}"\ntext = "It happens"\nseverity = "alarm"\nwhen = {{ {when} }}\n{more}\n'


def engine_of(text: str) -> RuleEngine:
    return RuleEngine(rules_of(text))


def closed_for(seconds: float, begin_s: float = 2.0) -> Callable[[float], Mapping[str, Said]]:
    """Eyes that close once."""
    return lambda t: {"eyes_closed": float(begin_s - 1e-6 <= t < begin_s + seconds - 1e-6)}


CLOSED = rule('signal = "eyes_closed", at_least = 1', "for_s = 3.0\nclear_for_s = 0.5")
"""A rule over eyes that are closed for three seconds."""
RATES = (10.0, 30.0, 120.0)


def play(
    engine: RuleEngine,
    track: Callable[[float], Mapping[str, Said] | None],
    until_s: float,
    fps: float = 30.0,
    context: Callable[[float], Mapping[str, float]] = lambda _t: {},
    from_s: float = 0.0,
) -> list[tuple[float, Change]]:
    """One face's signals over time; None: no face. What came of it, with the second at which it did."""
    out = []
    for now in times(until_s, fps):
        t = (now - BEGIN_NS) / SECOND
        if t < from_s:
            continue
        said = track(t)
        faces = [] if said is None else [face_of(1, said)]
        out += [(t, change) for change in engine.step(observation_of(now, faces), context(t))]
    return out


def kinds(changes: Iterable[tuple[float, Change]]) -> list[str]:
    """As ``begun it``."""
    return [f"{change.kind} {change.event.name}" for _, change in changes]
