"""Which models rest on a FrameSet so that a latency budget is kept, chosen from what the steps took so far.

The budget is processing time per FrameSet: the seconds of all steps from registration to the generated images,
averaged over the FrameSets that were looked at. What waits, records or draws does not count. One FrameSet may take
more, the mean does not: a slow model runs on every n-th FrameSet, n at most 8, and slow models take turns.

A Pacer asks no clock: it is told what the steps took, and says what is to rest. Whoever runs the steps stores what
rested, so that the run can be computed again without a Pacer.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

PACED: Final = ("eye_to_face", "gray_to_depth", "depth_to_color", "face_landmarks")
"""The models that may rest, those that give way first at the front. FaceFinder has its own rule (find.model_every)."""

WORDS: Final = {
    "eye_to_face": "face from eye",
    "gray_to_depth": "relief",
    "depth_to_color": "depth to colour",
    "face_landmarks": "landmarks",
}

LONGEST: Final = 8
"""No model rests for more than 7 FrameSets in a row."""

REPLAN: Final = 15
"""FrameSets between two decisions: those before them are what the next one is made from."""

SPARE: Final = 0.1
"""Share of the budget that must be left over before a model may run more often again."""

_REST_WINDOW: Final = 32
_MODEL_WINDOW: Final = 16
_WORTH: Final = 0.01  # of the budget: a model that takes less never rests for a budget that cannot be kept anyway
_STAND_INS: Final = {"face_landmarks": "follow"}  # the step that does a resting model's work


@dataclass(frozen=True, slots=True)
class Pace:
    """What rests on one FrameSet.

    Attributes:
        rests: models that are not to run on this FrameSet.
        every: model name -> n, for every model that may rest: it runs on every n-th FrameSet.
        note: in words for the screen; empty without a budget.
    """

    rests: frozenset[str] = frozenset()
    every: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


class Pacer:
    """Chooses n for every slow model: ``plan`` before each FrameSet, ``took`` after it.

    Generated images give way first and landmarks last; every n is as small as the budget allows. What is chosen stays
    for at least 15 FrameSets, and is given back only where 10 % of the budget would be left over.
    """

    def __init__(self, budget_ms: float) -> None:
        """Take the budget.

        Args:
            budget_ms: mean processing time per FrameSet in milliseconds; 0 is no budget: nothing ever rests.

        Raises:
            ValueError: it is negative or not finite.
        """
        if not (math.isfinite(budget_ms) and budget_ms >= 0.0):
            raise ValueError(f"a latency budget is a number of milliseconds from 0 on, found {budget_ms}")
        self._budget = budget_ms / 1000.0
        self._models: tuple[str, ...] = ()
        self._every: dict[str, int] = {}
        self._phase: dict[str, int] = {}
        self._rested: dict[str, int] = {}
        self._rests: frozenset[str] = frozenset()
        self._count = 0
        self._since_decision = 0
        self._note = ""
        self._costs = _Costs()

    def plan(self, models: Iterable[str]) -> Pace:
        """What rests on the FrameSet that comes next.

        Args:
            models: names of the loaded models; those that never rest may be among them.
        """
        loaded = set(models)
        paced = tuple(name for name in PACED if name in loaded)
        if self._budget == 0.0:
            return Pace(every=dict.fromkeys(paced, 1))
        if paced != self._models:
            self._models = paced
            self._apply({name: self._every.get(name, 1) for name in paced})
            self._note = f"latency budget {1000 * self._budget:g} ms: measuring"
        elif self._since_decision >= REPLAN:
            self._decide()
        rests = set()
        for name in paced:
            waited = self._rested.get(name, 0) + 1
            if (self._count + self._phase[name]) % self._every[name] == 0 or waited >= self._every[name]:
                self._rested[name] = 0
            else:
                self._rested[name] = waited
                rests.add(name)
        self._count += 1
        self._rests = frozenset(rests)
        return Pace(self._rests, dict(self._every), self._note)

    def took(
        self, seconds: Mapping[str, float], models: Mapping[str, float], rests: Collection[str] | None = None
    ) -> None:
        """What a FrameSet took.

        A FrameSet at which nothing was looked (a stale frame, a closed shutter) says nothing of what looking takes.

        Args:
            seconds: step -> seconds, the time of the models among them, as ``Process.timings``.
            models: model name -> its own seconds, as ``Process.model_seconds``.
            rests: the models that rested on it; None where it is the one that ``plan`` was last asked for.
        """
        if self._budget == 0.0 or not any(spent > 0.0 for step, spent in seconds.items() if step != "register"):
            return
        rested = self._rests if rests is None else rests
        self._since_decision += 1
        rest = sum(seconds.values())
        for name in self._models:
            stands_in = seconds.get(_STAND_INS.get(name, ""), 0.0)
            rest -= models.get(name, 0.0) + stands_in
            self._costs.add(name, models.get(name, 0.0) + stands_in, rested=name in rested)
        self._costs.rest.append(max(rest, 0.0))

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _decide(self) -> None:
        self._since_decision = 0
        self._costs.forget({name for name, every in self._every.items() if every == 1})
        if self._mean(self._every) > self._budget:
            # Never less rest than now, where it saves anything: what is given back is given back with some to spare.
            least = {name: n if self._costs.saving(name) > 0.0 else 1 for name, n in self._every.items()}
            wanted = self._smallest(self._budget, least)
        else:
            wanted = self._smallest((1.0 - SPARE) * self._budget, dict.fromkeys(self._models, 1))
            if _burden(wanted) >= _burden(self._every):
                wanted = self._every
        if wanted != self._every:
            self._apply(wanted)
        self._note = self._words()

    def _apply(self, every: Mapping[str, int]) -> None:
        self._every = dict(every)
        self._phase = _phases({name: (n, self._costs.run(name)) for name, n in every.items()})

    def _mean(self, every: Mapping[str, int]) -> float:
        """Expected seconds per FrameSet."""
        return self._costs.others() + sum(self._costs.mean(name, n) for name, n in every.items())

    def _smallest(self, target: float, least: Mapping[str, int]) -> dict[str, int]:
        """The smallest n of every model, from ``least`` on, with which the mean keeps ``target`` seconds.

        Where none do, the largest, but for models with which nothing is saved.
        """
        every = dict(least)
        for group in ([name for name in self._models if name != "face_landmarks"], ["face_landmarks"]):
            while self._mean(every) > target:
                open_ = [n for n in group if n in every and every[n] < LONGEST and self._costs.is_worth_resting(n)]
                if not open_:
                    break
                every[max(open_, key=lambda name: self._saves(name, every[name]))] += 1
        # The last step may have saved more than was missing: give back what is not needed, landmarks first.
        limit = target if self._mean(every) <= target else self._mean(every) + _WORTH * self._budget
        for name in reversed(self._models):
            while every[name] > least[name] and self._mean({**every, name: every[name] - 1}) <= limit:
                every[name] -= 1
        return every

    def _saves(self, name: str, every: int) -> float:
        return self._costs.mean(name, every) - self._costs.mean(name, every + 1)

    def _words(self) -> str:
        """``depth to colour every 3rd frame: 12 ms of 20 ms``, or that the budget is not kept."""
        slowed = [f"{WORDS[name]} every {_ordinal(n)} frame" for name, n in self._every.items() if n > 1]
        mean, budget = 1000.0 * self._mean(self._every), 1000.0 * self._budget
        what = ", ".join(slowed) or "every model on every frame"
        if mean <= budget:
            return f"{what}: {mean:.{_digits(budget)}f} ms of {budget:g} ms"
        takes = f"{mean:.{_digits(budget)}f} ms"
        return f"the latency budget of {budget:g} ms cannot be kept: {takes} even so ({what})"


class _Costs:
    """Running estimates in seconds: of each model when it runs and when it rests, and of everything else."""

    def __init__(self) -> None:
        self.rest: deque[float] = deque(maxlen=_REST_WINDOW)
        self._runs: dict[str, deque[float]] = {}
        self._rests: dict[str, deque[float]] = {}

    def add(self, name: str, seconds: float, *, rested: bool) -> None:
        kept = self._rests if rested else self._runs
        kept.setdefault(name, deque(maxlen=_MODEL_WINDOW)).append(max(seconds, 0.0))

    def forget(self, names: Iterable[str]) -> None:
        """What a resting model cost grows old while it does not rest: it may come to rest better one day."""
        for name in names:
            if self._rests.get(name):
                self._rests[name].popleft()

    def others(self) -> float:
        return _robust_mean(self.rest)

    def run(self, name: str) -> float:
        return _robust_mean(self._runs.get(name, ()))

    def mean(self, name: str, every: int) -> float:
        """Of a model that runs on every n-th FrameSet; while it rests, some faces must be read all the same."""
        return self.run(name) - self.saving(name) * (every - 1) / every

    def saving(self, name: str) -> float:
        """What a FrameSet takes less when the model rests, as far as is known."""
        return self.run(name) - _robust_mean(self._rests.get(name, ()))

    def is_worth_resting(self, name: str) -> bool:
        """Whether resting saves more than what noise could look like."""
        return self.saving(name) > 0.1 * self.run(name)


def _burden(every: Mapping[str, int]) -> tuple[int, int]:
    """How much a plan costs whoever looks at the results: landmarks first."""
    landmarks = every.get("face_landmarks", 1)
    return landmarks, sum(every.values()) - landmarks


def _robust_mean(values: Iterable[float]) -> float:
    """The mean with the largest eighth brought down to the largest of the others: one stall says little of a cost."""
    ordered = np.sort(np.fromiter(values, np.float64))
    if not ordered.size:
        return 0.0
    keep = ordered.size - ordered.size // 8
    return float(np.minimum(ordered, ordered[keep - 1]).mean())


def _phases(models: Mapping[str, tuple[int, float]]) -> dict[str, int]:
    """For each model (n, seconds) a phase, so that the slow ones fall together as seldom and as lightly as they can."""
    period = math.lcm(*(n for n, _ in models.values())) if models else 1
    load = np.zeros(period)
    found: dict[str, int] = {}
    for name in sorted(models, key=lambda name: (-models[name][1], PACED.index(name))):
        n, seconds = models[name]
        loads = []
        for phase in range(n):
            trial = load.copy()
            trial[(-phase) % n :: n] += max(seconds, 1e-9)
            loads.append((float(trial.max()), float((trial**2).sum()), phase))
        found[name] = min(loads)[2]
        load[(-found[name]) % n :: n] += max(seconds, 1e-9)
    return found


def _ordinal(n: int) -> str:
    return f"{n}{ {2: 'nd', 3: 'rd'}.get(n, 'th') }"


def _digits(budget_ms: float) -> int:
    return 0 if budget_ms >= 10.0 else 1
