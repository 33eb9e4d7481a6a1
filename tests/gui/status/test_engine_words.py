"""What is said of the engines: nothing is kept from the operator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.keeper import EngineState
from engines.registry import BACKENDS
from gui.status.engine_words import (
    all_reasons,
    coming_badge,
    engine_badge,
    pace_badge,
    state_text,
    troubles,
    wish_title,
)
from pipeline.pacing import Pace
from tests.gui.status.engine_states import LEFT, NO_TENSORRT, NOT_BUILT, UNVERIFIED, building, fallen, state


def test_what_runs_as_it_was_asked_for_is_said_without_a_warning() -> None:
    badge = engine_badge([state(), state("face_finder")], {}, 0)
    assert badge.text == "OpenVINO · CPU"
    assert not badge.warn


def test_before_anything_is_loaded_nothing_is_said() -> None:
    assert engine_badge([], {}, 0).text == ""


@pytest.mark.parametrize(
    ("engine", "word", "whole"),
    [
        (fallen(), "FALLBACK", NO_TENSORRT),
        (state(retried=3, fault="openvino: out of memory"), "3 calls retried", "openvino: out of memory"),
        (state(retried=1), "1 call retried", "computed again by the fallback"),
        (state(failed=2), "2 calls failed", "by no engine"),
        (state("a", "onnxruntime", reasons={"openvino": LEFT}), "left OpenVINO", "the device is lost"),
        (state("a", "torch:fp16", device="NVIDIA H100", note=UNVERIFIED), "UNVERIFIED", "engines check"),
        (state(trouble="openvino:int8: it loses 1.8 %"), "change failed", "it loses 1.8 %"),
    ],
)
def test_whatever_is_wrong_with_an_engine_warns_in_words_and_is_told_whole(
    engine: EngineState, word: str, whole: str
) -> None:
    badge = engine_badge([engine], {}, 0)
    assert badge.warn
    assert word in badge.text
    assert whole in badge.tip
    assert word in troubles(engine)
    assert whole in state_text(engine)


def test_frames_that_nothing_computed_and_missing_models_come_into_the_badge() -> None:
    assert engine_badge([state()], {}, 7).text.startswith("7 frames NOT COMPUTED")
    badge = engine_badge([], {"face_finder": "there is no card"}, 0)
    assert badge.warn
    assert "1 model missing" in badge.text
    assert "there is no card" in badge.tip


def test_of_many_troubles_the_worst_stands_first_and_the_others_are_counted() -> None:
    badge = engine_badge([fallen(failed=1, retried=2)], {}, 3)
    assert badge.text == "3 frames NOT COMPUTED (+3)"


def test_a_fallback_of_some_models_says_of_how_many() -> None:
    assert "FALLBACK for 1 of 2" in engine_badge([fallen(), state("face_finder")], {}, 0).text


def test_a_note_that_is_no_warning_is_told_but_does_not_warn() -> None:
    noted = state(note="what is not int8 is computed in bf16")
    assert not engine_badge([noted], {}, 0).warn
    assert "bf16" in state_text(noted)


@given(st.sets(st.sampled_from(sorted(BACKENDS))), st.sampled_from(sorted(BACKENDS)))
def test_every_backend_that_does_not_run_has_a_reason(told: set[str], runs: str) -> None:
    reasons = dict(all_reasons(state("face_finder", runs, reasons=dict.fromkeys(told, "no driver"))))
    assert {*reasons, runs} == set(BACKENDS)
    assert runs not in reasons
    assert all(reasons.values())


def test_reasons_are_in_the_words_of_people() -> None:
    reasons = dict(all_reasons(fallen()))
    assert reasons["onnxruntime"] == "not needed: OpenVINO runs"
    assert reasons["openvino:int8"] == NOT_BUILT
    assert wish_title("onnxruntime-cuda") != wish_title("onnxruntime")


@pytest.mark.parametrize("pace", [Pace(), Pace(every={"face_landmarks": 1}, note="latency budget 20 ms: measuring")])
def test_without_a_resting_model_there_is_no_badge_of_the_budget(pace: Pace) -> None:
    assert pace_badge(pace).text == ""


def test_resting_models_are_named_landmarks_first() -> None:
    note = "relief every 3rd frame, landmarks every 2nd frame: 17 ms of 20 ms"
    badge = pace_badge(Pace(every={"gray_to_depth": 3, "depth_to_color": 1, "face_landmarks": 2}, note=note))
    assert badge.text == "landmarks every 2nd frame (+1)"
    assert note in badge.tip
    assert not badge.warn, "the operator has set it"


def test_a_budget_that_is_not_kept_warns() -> None:
    note = "the latency budget of 5 ms cannot be kept: 9 ms even so (every model on every frame)"
    badge = pace_badge(Pace(every={"face_landmarks": 1}, note=note))
    assert badge.warn
    assert badge.text == "BUDGET NOT KEPT"
    assert badge.tip.startswith("The latency budget of 5 ms cannot be kept")
    resting = pace_badge(Pace(every={"face_landmarks": 8}, note=note))
    assert resting.text == "BUDGET NOT KEPT · landmarks every 8th frame"


def test_a_build_is_told_with_its_phase_and_how_far_it_is() -> None:
    badge = coming_badge([state("face_finder", coming="onnxruntime"), building()])
    assert badge.text == "42 % measuring in float32: Face landmarks (+1)"
    assert "12\u00a0s" in badge.tip
    assert "Face finder: ONNX Runtime: loading" in badge.tip
    assert coming_badge([state(coming="onnxruntime")]).text == "loading: Face landmarks"
    assert coming_badge([state()]).text == ""
