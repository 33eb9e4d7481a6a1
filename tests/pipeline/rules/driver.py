"""A driver as signals over time: blinks, mirrors, talking, sun, street lights, and pictures that fail now and then.

The spells are drawn from a seed. Lengths are those of attentive drivers: blinks of 0.1 to 0.35 s, 15 times a minute,
glances at mirrors and instruments of 0.4 to 1.6 s, a look over the shoulder of up to 2.4 s. Between two glances the
eyes are on the road for half a second at least: who does not come back for three seconds is not attentive. What is
measured of the gaze is wrong now and then, also right at the end of a glance.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from recordings.observation import Box, Face, Observation, SignalValue
from tests.pipeline.rules.tracks import BEGIN_NS, SECOND

MISSING = "no eyes are seen: the sun shines into the camera"


@dataclass(frozen=True)
class Habit:
    """Something that a driver, or a camera, does again and again: every so many seconds on average, for so long."""

    every_s: float
    least_s: float
    most_s: float


HABITS = {
    "blink": Habit(4.0, 0.1, 0.35),
    "long blink": Habit(300.0, 0.5, 0.7),
    "wrong gaze": Habit(25.0, 0.03, 0.4),
    "talking": Habit(120.0, 5.0, 40.0),
    "sun": Habit(180.0, 0.5, 12.0),
    "glare": Habit(30.0, 0.05, 0.3),
    "dropout": Habit(120.0, 0.1, 6.0),
    "wrong reading": Habit(15.0, 0.02, 0.12),
    "yawn": Habit(3000.0, 2.0, 4.0),
}

NEVER = Habit(1e12, 0.0, 0.0)
LEAST_BREAK_S = 0.3
"""Between two spells of one habit."""
GLANCES = (("mirror", 12, 0.5, 1.3), ("instruments", 6, 0.4, 1.6), ("shoulder", 1, 1.2, 2.4))
"""Name, how often beside the others, and the shortest and longest, seconds."""


class Glances:
    """One glance after the other, each back to the road before the next."""

    def __init__(self, rng: random.Random, added: Iterable[tuple[float, float]]) -> None:
        self._rng = rng
        self._added = sorted(added)
        self._begin_s = self._end_s = 0.0

    def at(self, t: float) -> bool:
        while t >= self._end_s:
            (_, _, least_s, most_s) = self._rng.choices(GLANCES, [often for _, often, _, _ in GLANCES])[0]
            self._begin_s = self._end_s + 0.5 + self._rng.expovariate(1 / 6.0)
            self._end_s = self._begin_s + self._rng.uniform(least_s, most_s)
        return self._begin_s <= t or any(begin <= t < end for begin, end in self._added)


class Spells:
    """The stretches of one habit, and of what a test adds."""

    def __init__(self, rng: random.Random, habit: Habit, added: Iterable[tuple[float, float]]) -> None:
        self._rng, self._habit = rng, habit
        self._added = sorted(added)
        self._begin_s = rng.expovariate(1 / habit.every_s)
        self._end_s = self._begin_s + rng.uniform(habit.least_s, habit.most_s)

    def at(self, t: float) -> bool:
        while t >= self._end_s:
            self._begin_s = self._end_s + LEAST_BREAK_S + self._rng.expovariate(1 / self._habit.every_s)
            self._end_s = self._begin_s + self._rng.uniform(self._habit.least_s, self._habit.most_s)
        return self._begin_s <= t or any(begin <= t < end for begin, end in self._added)


@dataclass
class Driver:
    """Makes observations at ``fps``.

    ``added``: habit -> (begin_s, end_s) of spells beside those that are drawn; ``without``: none of these is drawn.
    """

    seed: int = 1
    fps: float = 30.0
    added: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def observations(self, until_s: float) -> Iterator[Observation]:
        rng = random.Random(self.seed)
        spells = {
            name: Spells(rng, NEVER if name in self.without else habit, self.added.get(name, ()))
            for name, habit in HABITS.items()
        }
        glances = Glances(rng, self.added.get("glance", ()))
        signals = _Signals(1 / self.fps)
        for n in range(int(until_s * self.fps)):
            t = n / self.fps
            now = BEGIN_NS + round(t * SECOND)
            on = {name: spell.at(t) for name, spell in spells.items()} | {"glance": glances.at(t)}
            said = signals.step(t, on, rng)
            gone = on["dropout"]
            face = Face(1, "gray", Box(200 + rng.gauss(0, 2), 100, 120, 120), 0.9, signals=said)
            yield Observation(n, now, now, 0, {"gray": n}, () if gone else (face,))


class _Signals:
    """What the measuring of signals would say, from what the driver does."""

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s
        self._closed_s = self._off_s = self._on_s = self._sum_s = 0.0
        self._attention_s = 2.0
        self._minute: deque[float | None] = deque(maxlen=round(60 / step_s))
        self._closed_sum = self._known_sum = 0
        self._long: deque[float] = deque()
        self._yawns: deque[float] = deque()
        self._was_long = self._was_yawning = False

    def step(self, t: float, on: dict[str, bool], rng: random.Random) -> dict[str, SignalValue]:
        known = not on["sun"]
        closed = (on["blink"] or on["long blink"]) != on["wrong reading"]
        off = on["glance"] or on["wrong gaze"]
        if known:
            self._closed_s = self._closed_s + self._step_s if closed else 0.0
            self._glance(off)
        else:
            self._closed_s = self._off_s = 0.0
        self._count(closed if known else None)
        self._tell_long(t, on["yawn"])
        share = self._known_sum / (60 / self._step_s)
        sure = 0.45 if on["glare"] else 0.85 + 0.1 * rng.random()
        out: dict[str, SignalValue] = {}

        def tell(name: str, value: float, valid: bool = known) -> None:
            out[name] = SignalValue(value, "", sure) if valid else SignalValue(0.0, "", 0.0, MISSING)

        tell("eyes_closed", float(closed))
        tell("eyes_closed_s", self._closed_s)
        tell("perclos", self._closed_sum / max(self._known_sum, 1), share >= 0.7)
        tell("long_blink_rate", float(len(self._long)), share >= 0.7)
        tell("yawn_rate", 6.0 * len(self._yawns), True)
        tell("mouth_openness", 0.4 * rng.random() if on["talking"] else 0.05, True)
        tell("off_road_s", self._off_s)
        tell("off_road_sum_s", self._sum_s)
        tell("attention_s", max(self._attention_s, 0.0))
        tell("face_covered", 0.1 + 0.2 * rng.random(), True)
        return out

    def _glance(self, off: bool) -> None:
        step = self._step_s
        self._off_s = self._off_s + step if off else 0.0
        self._on_s = 0.0 if off else self._on_s + step
        self._sum_s = 0.0 if self._on_s >= 2.0 else self._sum_s + (step if off else 0.0)
        self._attention_s = min(2.0, max(0.0, self._attention_s + (-step if off else step)))

    def _count(self, closed: bool | None) -> None:
        if len(self._minute) == self._minute.maxlen and (oldest := self._minute[0]) is not None:
            self._known_sum -= 1
            self._closed_sum -= int(oldest)
        self._minute.append(None if closed is None else float(closed))
        if closed is not None:
            self._known_sum += 1
            self._closed_sum += int(closed)

    def _tell_long(self, t: float, yawning: bool) -> None:
        is_long = self._closed_s >= 0.5
        if is_long and not self._was_long:
            self._long.append(t)
        if yawning and not self._was_yawning:
            self._yawns.append(t)
        self._was_long, self._was_yawning = is_long, yawning
        while self._long and self._long[0] < t - 60:
            self._long.popleft()
        while self._yawns and self._yawns[0] < t - 600:
            self._yawns.popleft()
