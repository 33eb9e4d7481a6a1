"""What the operator chose comes back at the next start; what cannot is said, and what is configured runs."""

from __future__ import annotations

from typing import Any

import pytest

from engines.engine_state import EngineState
from engines.errors import EngineError
from gui.feed import FeedStatus, Mode, Phase
from gui.settings import Settings
from gui.status.engine_memory import PREFIX, EngineMemory
from gui.status.engine_orders import EngineOrders
from tests.gui.status.engine_states import building, state

MODEL = "face_landmarks"
CONFIGURED = "prefer openvino, onnxruntime"


class Run:
    """A live run that does what it is told, and settings that outlive it."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.swaps: list[tuple[str, str]] = []
        self.error: EngineError | None = None
        self.orders = EngineOrders(self.swap, EngineMemory(self.settings))

    def swap(self, model: str, policy: str) -> None:
        if self.error is not None:
            raise self.error
        self.swaps.append((model, policy))

    def tell(self, *states: EngineState, phase: Phase = Phase.RUNNING) -> None:
        self.orders.follow(FeedStatus(Mode.LIVE, "virtual:", phase, engines=states))

    def said(self, model: str = MODEL) -> tuple[str, bool]:
        answer = self.orders.answer(model)
        return answer.words, answer.warn

    def kept(self, model: str = MODEL) -> Any:
        return self.settings.get(PREFIX + model)


def own(**more: Any) -> EngineState:
    return state(**{"configured": CONFIGURED, **more})


@pytest.fixture(autouse=True)
def _no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAPETUM_BACKEND", raising=False)


def test_a_choice_is_asked_for_again_at_the_next_start() -> None:
    first = Run()
    first.tell(own())
    first.orders.ask([own()], "openvino:int8")
    first.tell(own(coming="openvino:int8"))
    first.tell(own(wish="openvino:int8"))
    assert first.said() == ("OpenVINO int8 runs now.", False)
    again = Run(first.settings)
    again.tell(own(), phase=Phase.LOADING)
    assert again.swaps == [], "no model is there yet"
    again.tell(own(), own(model="face_finder"))
    assert again.swaps == [(MODEL, "openvino:int8")], "of the other model nothing is remembered"
    assert again.said()[0] == "Asked for OpenVINO int8, as it is remembered."
    for _ in range(3):
        again.tell(own())
    assert len(again.swaps) == 1, "it is asked for once"
    again.tell(own(wish="openvino:int8"))
    assert again.orders.trouble == ""


def test_what_already_runs_is_not_asked_for_at_the_start() -> None:
    run = Run()
    run.settings.set(PREFIX + MODEL, "openvino")
    run.tell(own())
    assert run.swaps == []


def test_a_window_that_is_closed_while_the_engine_is_built_asks_again_next_time() -> None:
    first = Run()
    first.orders.ask([own()], "openvino:int8")
    first.tell(building())
    again = Run(first.settings)
    again.tell(own())
    assert again.swaps == [(MODEL, "openvino:int8")]


@pytest.mark.parametrize(
    ("value", "why"),
    [("abacus", "abacus"), ("openvino:fp16", "fp16"), (5, "5"), ([], "[]"), ("", "makes no sense"), ("a b", "a")],
)
def test_nonsense_is_said_and_what_is_configured_runs(value: Any, why: str) -> None:
    run = Run()
    run.settings.set(PREFIX + MODEL, value)
    run.tell(own())
    assert run.swaps == []
    assert run.orders.trouble.startswith("Face landmarks: what was remembered of its engine makes no sense")
    assert why in run.orders.trouble
    assert run.orders.trouble.endswith("OpenVINO runs, as configured.")
    run.orders.as_configured([own()])
    assert run.orders.trouble == ""
    assert run.kept() is None


def test_what_is_remembered_and_cannot_run_any_more_is_said_until_it_is_undone() -> None:
    run = Run()
    run.settings.set(PREFIX + MODEL, "tensorrt:fp16")
    run.tell(own())
    run.tell(own(asked=1, trouble="tensorrt:fp16: no driver"))
    lasting = "Face landmarks: TensorRT fp16, which is remembered, cannot run now; OpenVINO runs."
    assert run.orders.trouble.startswith(lasting)
    assert "no driver" in run.orders.trouble
    assert run.kept() == "tensorrt:fp16", "a card that is unplugged for a night is no other choice"
    run.orders.as_configured([own()])
    assert run.orders.trouble == ""
    assert run.kept() is None
    assert run.swaps == [(MODEL, "tensorrt:fp16")], "what is configured runs already"


def test_as_configured_brings_the_configured_engine_back() -> None:
    run = Run()
    run.orders.ask([own()], "onnxruntime")
    run.tell(own(wish="onnxruntime"))
    run.orders.as_configured([own(wish="onnxruntime")])
    assert run.swaps[-1] == (MODEL, CONFIGURED)
    assert run.kept() is None
    run.tell(own())
    assert run.said() == ("OpenVINO runs now.", False)


def test_a_choice_that_does_not_come_is_not_remembered() -> None:
    run = Run()
    run.orders.ask([own()], "onnxruntime")
    run.tell(own(wish="onnxruntime"))
    run.orders.ask([own(wish="onnxruntime")], "tensorrt")
    assert run.kept() == "tensorrt"
    run.tell(own(wish="onnxruntime", coming="tensorrt"))
    run.tell(own(wish="onnxruntime", trouble="tensorrt: not installed"))
    assert run.said() == ("ONNX Runtime goes on. tensorrt: not installed", True)
    assert run.kept() == "onnxruntime"
    assert run.orders.trouble == "", "whoever asked is told where they asked"


def test_a_build_that_was_given_up_is_no_failure_and_not_remembered() -> None:
    run = Run()
    run.orders.ask([own()], "openvino:int8")
    run.tell(building())
    run.tell(own(given_up="openvino:int8"))
    assert run.said() == ("OpenVINO int8 was given up; OpenVINO goes on.", False)
    assert run.kept() is None


def test_a_failure_from_before_is_no_answer() -> None:
    run = Run()
    run.orders.ask([own(asked=3, trouble="the one before")], "onnxruntime")
    run.tell(own(asked=3, trouble="the one before"))
    assert "Asked for ONNX Runtime" in run.said()[0]
    run.tell(own(asked=4, trouble="onnxruntime: no memory"))
    assert run.said() == ("OpenVINO goes on. onnxruntime: no memory", True)


def test_two_choices_in_a_row_fall_back_to_what_was_remembered_before_both() -> None:
    run = Run()
    run.orders.ask([own()], "openvino:int8")
    run.tell(building())
    run.orders.ask([building()], "onnxruntime:int8")
    run.tell(own(asked=2, trouble="it loses too much"))
    assert run.kept() is None


def test_one_backend_for_all_models_is_remembered_for_each() -> None:
    run = Run()
    models = [own(), own(model="face_finder"), own(model="gray_to_depth")]
    run.orders.ask(models, "onnxruntime")
    assert [model for model, _ in run.swaps] == [one.model for one in models]
    run.tell(
        *(state(one.model, "onnxruntime") for one in models[:2]), own(model="gray_to_depth", asked=1, trouble="no")
    )
    assert run.said() == ("ONNX Runtime runs now.", False)
    assert run.said("gray_to_depth") == ("OpenVINO goes on. no", True)
    assert [run.kept(one.model) for one in models] == ["onnxruntime", "onnxruntime", None]
    run.orders.as_configured([state(one.model, "onnxruntime", configured=CONFIGURED) for one in models[:2]])
    assert run.swaps[-2:] == [(MODEL, CONFIGURED), ("face_finder", CONFIGURED)]


def test_what_is_refused_at_once_is_said_and_not_remembered() -> None:
    run = Run()
    run.error = EngineError("no picture runs yet")
    run.orders.ask([own()], "onnxruntime")
    assert run.said() == ("no picture runs yet", True)
    assert run.kept() is None


def test_the_environment_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPETUM_BACKEND", "require onnxruntime")
    run = Run()
    run.settings.set(PREFIX + MODEL, "openvino:int8")
    run.tell(own(wish="onnxruntime"))
    assert run.swaps == []
    assert run.kept() == "openvino:int8", "at the start after that it counts again"


def test_in_a_replay_nothing_is_asked_for() -> None:
    settings = Settings()
    settings.set(PREFIX + MODEL, "onnxruntime")
    orders = EngineOrders(None, EngineMemory(settings))
    orders.follow(FeedStatus(Mode.REPLAY, "x", Phase.RUNNING, engines=(own(),)))
    assert orders.answer(MODEL).words == ""
    assert orders.trouble == ""
