"""What rests to keep a latency budget: never more than is needed, never for ever, and the same tomorrow."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.config import PipelineConfig
from pipeline.pacing import LONGEST, PACED, REPLAN, Pace, Pacer
from pipeline.schedule import rests_of
from recordings.session import ScheduleEntry

COSTS = st.fixed_dictionaries({name: st.floats(0.0, 0.06) for name in PACED})
"""Seconds that each model takes when it runs."""


class Rig:
    """Steps that take what they are told to take, where what rests takes nothing (or what ``leak`` says)."""

    def __init__(
        self,
        budget_ms: float,
        costs: Mapping[str, float],
        rest: float = 0.004,
        noise: float = 0.0,
        leak: Mapping[str, float] | None = None,
        seed: int = 0,
    ) -> None:
        self.pacer = Pacer(budget_ms)
        self.costs, self.rest, self.leak = dict(costs), rest, dict(leak or {})
        self._noise, self._random = noise, np.random.default_rng(seed)
        self.paces: list[Pace] = []
        self.seconds: list[float] = []

    def _some(self, seconds: float) -> float:
        if self._noise == 0.0:
            return seconds
        return float(seconds * self._random.uniform(1.0 - self._noise, 1.0 + self._noise))

    def run(self, frame_sets: int) -> Rig:
        for _ in range(frame_sets):
            pace = self.pacer.plan(self.costs)
            models = {
                name: self._some(self.leak.get(name, 0.0) if name in pace.rests else cost)
                for name, cost in self.costs.items()
            }
            steps = {"find": self._some(self.rest), "models": sum(models.values())}
            self.pacer.took(steps, models)
            self.paces.append(pace)
            self.seconds.append(sum(steps.values()))
        return self

    def mean(self, last: int) -> float:
        return float(np.mean(self.seconds[-last:]))

    def least(self) -> float:
        """Seconds that cannot be got below."""
        return self.rest + sum(cost / LONGEST for cost in self.costs.values())


@given(COSTS, st.floats(0.0, 60.0))
@settings(max_examples=25, deadline=None)
def test_nothing_rests_for_ever(costs: dict[str, float], budget_ms: float) -> None:
    paces = Rig(budget_ms, costs).run(150).paces
    for name in PACED:
        rested = [name in pace.rests for pace in paces]
        assert all(not all(rested[i : i + LONGEST]) for i in range(len(rested) - LONGEST + 1)), name
    for pace in paces:
        assert all(1 <= n <= LONGEST for n in pace.every.values())
        assert pace.rests <= {name for name, n in pace.every.items() if n > 1}


@given(COSTS, st.floats(5.0, 80.0))
@settings(max_examples=25, deadline=None)
def test_a_budget_that_can_be_kept_is_kept_and_no_model_rests_more_than_that_takes(
    costs: dict[str, float], budget_ms: float
) -> None:
    rig = Rig(budget_ms, costs).run(80)
    every, budget = rig.paces[-1].every, budget_ms / 1000.0

    def mean(n: Mapping[str, int]) -> float:
        return rig.rest + sum(costs[name] / n[name] for name in n)

    if rig.least() > budget * (1 + 1e-9):
        assert "cannot be kept" in rig.paces[-1].note
        return
    assert mean(every) <= budget * (1 + 1e-9)
    for name, n in every.items():
        assert n == 1 or mean({**every, name: n - 1}) > 0.89 * budget, f"{name} rests more than it must"
    if every["face_landmarks"] > 1:
        others = {name: LONGEST for name in every if name != "face_landmarks"}
        assert mean({"face_landmarks": 1, **others}) > 0.89 * budget, "generated images give way first"


@given(COSTS, st.floats(5.0, 80.0), st.integers(0, 3))
@settings(max_examples=10, deadline=None)
def test_noise_of_a_fifth_does_not_make_the_plan_flap(costs: dict[str, float], budget_ms: float, seed: int) -> None:
    rig = Rig(budget_ms, costs, noise=0.2, seed=seed).run(600)
    plans = [tuple(pace.every.items()) for pace in rig.paces[150:]]
    changes = sum(a != b for a, b in itertools.pairwise(plans))
    assert changes <= 12, "of 30 decisions, which all change where it flaps"
    if rig.least() <= 0.95 * budget_ms / 1000.0:
        assert rig.mean(300) <= 1.05 * budget_ms / 1000.0


@given(COSTS)
@settings(max_examples=8, deadline=None)
def test_without_a_budget_every_model_runs_on_every_frame_set(costs: dict[str, float]) -> None:
    paces = Rig(0.0, costs).run(60).paces
    assert {(p.rests, p.note) for p in paces} == {(frozenset(), "")}
    assert all(p.every == dict.fromkeys(PACED, 1) for p in paces)


def test_generated_images_give_way_before_landmarks_and_it_is_said_in_words() -> None:
    costs = {"gray_to_depth": 0.001, "depth_to_color": 0.024, "face_landmarks": 0.006}
    rig = Rig(20.0, costs).run(60)
    assert rig.paces[0].note == "latency budget 20 ms: measuring"
    assert rig.paces[-1].every == {"gray_to_depth": 1, "depth_to_color": 3, "face_landmarks": 1}
    assert rig.paces[-1].note == "depth to colour every 3rd frame: 19 ms of 20 ms"
    tight = Rig(10.5, costs).run(60).paces[-1]
    assert tight.note == (
        "relief every 3rd frame, depth to colour every 8th frame, landmarks every 2nd frame: 10 ms of 10.5 ms"
    )


def test_a_budget_that_cannot_be_kept_is_said_with_what_it_takes() -> None:
    rig = Rig(6.0, {"face_landmarks": 0.08}).run(60)
    assert rig.paces[-1].note == (
        "the latency budget of 6 ms cannot be kept: 14.0 ms even so (landmarks every 8th frame)"
    )
    nothing = Rig(2.0, {"face_finder": 0.08}).run(60)
    assert nothing.paces[-1].every == {}
    assert "cannot be kept: 84.0 ms even so (every model on every frame)" in nothing.paces[-1].note


def test_slow_models_take_turns() -> None:
    costs = {"gray_to_depth": 0.02, "depth_to_color": 0.02, "face_landmarks": 0.02}
    rig = Rig(14.1, costs).run(60)
    rig.run(840)
    every = rig.paces[-1].every
    assert every == {"gray_to_depth": 8, "depth_to_color": 8, "face_landmarks": 4}
    assert max(rig.seconds[-840:]) < 0.025, "never two of them on one frame"
    assert rig.mean(840) == pytest.approx(0.004 + 0.02 / 8 + 0.02 / 8 + 0.02 / 4), "840 is a multiple of every period"


def test_what_got_faster_runs_more_often_again() -> None:
    rig = Rig(20.0, {"face_landmarks": 0.06}).run(100)
    assert rig.paces[-1].every == {"face_landmarks": 4}
    rig.costs["face_landmarks"] = 0.01
    rig.run(200)
    assert rig.paces[-1].every == {"face_landmarks": 1}
    assert rig.paces[-1].note == "every model on every frame: 14 ms of 20 ms"


def test_a_model_that_cannot_rest_is_not_said_to() -> None:
    """Faces that nothing can follow are read all the same: resting saves nothing."""
    rig = Rig(20.0, {"face_landmarks": 0.06}, leak={"face_landmarks": 0.06}).run(100)
    assert rig.paces[-1].every == {"face_landmarks": 1}
    assert "cannot be kept" in rig.paces[-1].note
    rig.leak["face_landmarks"] = 0.0
    rig.run(REPLAN * 40)
    assert rig.paces[-1].every == {"face_landmarks": 4}, "it is tried again"


def test_following_is_the_cost_of_landmarks_that_rest() -> None:
    pacer = Pacer(20.0)
    for _ in range(300):
        pace = pacer.plan(["face_landmarks"])
        rests = "face_landmarks" in pace.rests
        models = {"face_landmarks": 0.0 if rests else 0.04}
        steps = {"find": 0.004, "follow": 0.01 if rests else 0.0, "models": sum(models.values())}
        pacer.took(steps, models)
    # 4 + 10 + 30 / n <= 20
    assert pacer.plan(["face_landmarks"]).every == {"face_landmarks": 5}


def test_one_stall_and_frames_that_show_nothing_change_no_plan() -> None:
    rig = Rig(20.0, {"face_landmarks": 0.03}).run(100)
    every = rig.paces[-1].every
    for _ in range(90):
        assert rig.pacer.plan(rig.costs).every == every
        rig.pacer.took({"register": 0.0001, "find": 0.0}, {"face_landmarks": 0.0})  # a shutter that is closed
    rig.pacer.plan(rig.costs)
    rig.pacer.took({"find": 0.5}, {})
    rig.run(120)
    assert {tuple(p.every.items()) for p in rig.paces[100:]} == {tuple(every.items())}


def test_models_that_come_and_go_are_paced_from_then_on() -> None:
    rig = Rig(20.0, {"face_landmarks": 0.01}).run(50)
    rig.costs["depth_to_color"] = 0.03
    rig.run(100)
    assert rig.paces[-1].every["depth_to_color"] == 5
    del rig.costs["depth_to_color"]
    rig.run(50)
    assert rig.paces[-1].every == {"face_landmarks": 1}


@pytest.mark.parametrize("budget", [-1.0, math.nan, math.inf])
def test_no_budget_is_refused(budget: float) -> None:
    with pytest.raises(ValueError, match="latency budget"):
        Pacer(budget)


def test_the_budget_is_a_setting_and_off_by_default() -> None:
    assert PipelineConfig().engines.latency_budget_ms == 0.0
    assert PipelineConfig.model_validate({"engines": {"latency_budget_ms": 20}}).engines.latency_budget_ms == 20.0
    for wrong in (-1.0, math.nan, math.inf):
        with pytest.raises(ValidationError, match="latency_budget_ms"):
            PipelineConfig.model_validate({"engines": {"latency_budget_ms": wrong}})


def test_what_rested_is_read_from_a_schedule_entry() -> None:
    engines: dict[str, dict[str, str | int]] = {
        "face_landmarks": {"backend": "openvino", "engine_key": "k", "batch": 1, "rested": 1},
        "gray_to_depth": {"backend": "openvino", "engine_key": "k", "batch": 1, "rested": 0},
        "depth_to_color": {"backend": "openvino", "engine_key": "k", "batch": 1},
    }
    entry = ScheduleEntry.from_json(ScheduleEntry(3, {"gray": 3}, engines).to_json())
    assert rests_of(entry) == {"face_landmarks"}
    assert rests_of(ScheduleEntry(3, {"gray": 3})) == frozenset()
