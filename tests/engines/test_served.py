"""A model goes on while its engine fails, is swapped, or is closed: right numbers or a clear error, never a hang."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.backend import Arrays, BackendStatus
from engines.card import ModelCard, load_card
from engines.errors import (
    BackendUnavailableError,
    DeviceLostError,
    DeviceMemoryError,
    EngineError,
    InferenceError,
    InputError,
)
from engines.probe import PROBE_CARD, probe_answer
from engines.select import Selection
from engines.served import FAILURES_TO_LEAVE, ServedBackend

CARD = load_card(PROBE_CARD)
PICTURE = np.linspace(-1, 1, 64, dtype=np.float32).reshape(1, 1, 8, 8)
RIGHT = probe_answer(PICTURE)


class Engine:
    """A Backend in NumPy whose next calls can be made to fail."""

    def __init__(self, name: str, faults: Iterator[Exception | None] | None = None) -> None:
        self.name = name
        self.faults = faults or iter(())
        self.closed = 0
        self.calls = 0
        self.inside = threading.Event()
        self.leave = threading.Event()
        self.leave.set()

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        raise AssertionError("it is loaded already")

    def infer(self, inputs: Mapping[str, np.ndarray]) -> Arrays:
        if self.closed:
            raise InferenceError(f"{self.name} was closed")
        self.calls += 1
        self.inside.set()
        assert self.leave.wait(10)
        fault = next(self.faults, None)
        if fault is not None:
            raise fault
        return {"answer": probe_answer(inputs["image"])}

    def warm_up(self) -> None:
        self.infer({"image": PICTURE})

    def status(self) -> BackendStatus:
        return BackendStatus(self.name, "CPU", "1", "f32", f"key of {self.name}", 1, not self.closed)

    def close(self) -> None:
        self.closed += 1


def how(name: str) -> Selection:
    return Selection(name, {}, f"prefer {name}", False)


def always(error: Exception) -> Iterator[Exception | None]:
    while True:
        yield error


def served(
    engine: Engine, fallback: Engine | None = None, asked: list[Mapping[str, str]] | None = None
) -> ServedBackend:
    def make(without: Mapping[str, str]) -> tuple[Engine, Selection]:
        assert fallback is not None
        if asked is not None:
            asked.append(without)
        if fallback.name in without:
            raise BackendUnavailableError(f"{fallback.name}: {without[fallback.name]}")
        return fallback, how(fallback.name)

    return ServedBackend(CARD, engine, how(engine.name), None if fallback is None else make)


def ask(model: ServedBackend) -> None:
    np.testing.assert_array_equal(model.infer({"image": PICTURE})["answer"], RIGHT)


def test_a_failed_call_is_computed_again_by_the_fallback_and_told(caplog: pytest.LogCaptureFixture):
    first, second = Engine("first", iter([InferenceError("lost its way"), None])), Engine("second")
    asked: list[Mapping[str, str]] = []
    model = served(first, second, asked)
    ask(model)
    ran = model.ran()
    assert ran is not None
    assert (ran.backend, ran.engine_key, ran.retried) == ("second", "key of second", True)
    assert model.health.retried == 1
    assert "lost its way" in model.health.last_fault
    assert "lost its way" in caplog.text
    assert asked == [{"first": "failed: lost its way"}]
    ask(model)  # the engine is well again
    ran = model.ran()
    assert ran is not None
    assert (ran.backend, ran.retried) == ("first", False)
    assert model.ran() is None
    model.close()
    assert (first.closed, second.closed) == (1, 1)


def test_an_engine_that_fails_again_and_again_is_left_for_good():
    first, second = Engine("first", always(DeviceMemoryError("out of memory"))), Engine("second")
    model = served(first, second)
    for _ in range(FAILURES_TO_LEAVE + 2):
        ask(model)
    assert first.calls == FAILURES_TO_LEAVE
    assert first.closed == 1
    assert model.name == "second"
    assert model.selection.chosen == "second"
    assert "out of memory" in model.health.left
    assert model.health.failed == 0
    model.close()


def test_failures_that_are_not_in_a_row_do_not_end_an_engine():
    faults: list[Exception | None] = [InferenceError("now and then"), None] * 10
    first, second = Engine("first", iter(faults)), Engine("second")
    model = served(first, second)
    for _ in range(20):
        ask(model)
    assert model.name == "first"
    assert model.health.retried == 10
    model.close()


def test_a_lost_device_is_left_at_once():
    first, second = Engine("first", always(DeviceLostError("the GPU fell off the bus"))), Engine("second")
    model = served(first, second)
    ask(model)
    assert model.name == "second"
    assert first.calls == 1
    model.close()


def test_wrong_input_is_not_computed_again():
    first, second = Engine("first", always(InputError("a picture of nothing"))), Engine("second")
    model = served(first, second)
    with pytest.raises(InputError, match="a picture of nothing"):
        ask(model)
    assert second.calls == 0
    assert model.health.retried == 0
    model.close()


def test_when_the_fallback_fails_too_both_reasons_are_told():
    model = served(
        Engine("first", always(DeviceMemoryError("no memory"))), Engine("second", always(InferenceError("no luck")))
    )
    with pytest.raises(InferenceError, match="no memory; then second: no luck"):
        ask(model)
    assert model.health.failed == 1
    model.close()


def test_a_fallback_that_fails_is_replaced_by_the_next_and_not_asked_again():
    made: list[Engine] = []

    def make(without: Mapping[str, str]) -> tuple[Engine, Selection]:
        name = next(n for n in ("first", "second", "third") if n not in without)
        made.append(Engine(name, always(DeviceLostError("gone too")) if name == "second" else None))
        return made[-1], how(name)

    model = ServedBackend(CARD, Engine("first", always(DeviceLostError("gone"))), how("first"), make)
    for _ in range(5):
        ask(model)
    assert [engine.name for engine in made] == ["second", "third"]
    assert model.name == "third"
    assert model.selection.is_fallback
    assert model.selection.reasons == {"first": "failed: gone", "second": "failed: gone too"}
    assert model.health.failed == 0
    model.close()
    assert [engine.closed for engine in made] == [1, 1]


def test_what_failed_once_gets_another_chance_where_no_other_is_left():
    def make(without: Mapping[str, str]) -> tuple[Engine, Selection]:
        left = [name for name in ("first", "second") if name not in without]
        if not left:
            raise BackendUnavailableError("first and second have failed")
        return Engine(left[0]), how(left[0])

    model = ServedBackend(CARD, Engine("first", iter([DeviceLostError("gone for a moment")])), how("first"), make)
    ask(model)
    assert model.name == "second"
    model._engine.backend.faults = iter([InferenceError("once")])  # type: ignore[attr-defined]  # an Engine of ours
    ask(model)
    assert model.health.failed == 0
    assert model.health.retried == 2
    model.close()


def test_when_nothing_computes_no_frame_waits_for_another_search(monkeypatch: pytest.MonkeyPatch):
    searches = []

    def make(without: Mapping[str, str]) -> tuple[Engine, Selection]:
        searches.append(dict(without))
        raise BackendUnavailableError("onnxruntime: not installed")

    model = ServedBackend(CARD, Engine("first", always(InferenceError("no luck"))), how("first"), make)
    for _ in range(20):
        with pytest.raises(InferenceError, match=r"no luck; .*not installed"):
            ask(model)
    assert len(searches) == 1
    assert model.health.failed == 20
    monkeypatch.setattr("engines.served.HOPELESS_S", 0.0)
    model._hopeless_until = 0.0
    with pytest.raises(InferenceError, match="not installed"):
        ask(model)
    assert len(searches) == 2
    model.close()


def test_a_fallback_that_was_prepared_is_there_at_the_first_fault():
    first, second = Engine("first", iter([None, InferenceError("once")])), Engine("second")
    asked: list[Mapping[str, str]] = []
    model = served(first, second, asked)
    model.prepare()
    model.prepare()
    assert asked == [{"first": "it runs"}]
    ask(model)
    ask(model)
    assert len(asked) == 1
    assert model.health.retried == 1
    model.close()
    with pytest.raises(InferenceError, match="was closed"):
        model.prepare()


def test_without_a_fallback_the_error_says_that_there_is_none():
    model = served(Engine("only", iter([DeviceMemoryError("no memory")])))
    with pytest.raises(DeviceMemoryError, match="no memory; and there is no other to compute it: the policy allows"):
        ask(model)
    ask(model)
    model.close()


def test_a_fallback_that_cannot_be_made_is_told():
    def make(without: Mapping[str, str]) -> tuple[Engine, Selection]:
        raise BackendUnavailableError("onnxruntime: not installed")

    model = ServedBackend(CARD, Engine("first", always(InferenceError("no luck"))), how("first"), make)
    with pytest.raises(InferenceError, match=r"no luck; .*onnxruntime: not installed"):
        ask(model)
    model.close()


def test_an_offered_engine_runs_from_the_next_frame_on():
    first, second = Engine("first"), Engine("second")
    model = served(first)
    model.offer(second, how("second"))
    ask(model)
    assert (first.calls, second.calls) == (1, 0)
    assert model.turn()
    assert not model.turn()
    ask(model)
    assert (first.calls, second.calls) == (1, 1)
    assert (first.closed, second.closed) == (1, 0)
    assert model.health.swaps == 1
    model.close()


def test_of_two_offers_the_newest_counts_and_the_other_is_closed():
    offers = [Engine(f"offer {i}") for i in range(3)]
    model = served(Engine("first"))
    for one in offers:
        model.offer(one, how(one.name))
    assert model.turn()
    assert model.name == "offer 2"
    assert [one.closed for one in offers] == [1, 1, 0]
    model.close()


def test_a_swap_gives_a_left_engine_another_chance():
    model = served(Engine("first", always(DeviceLostError("gone"))), Engine("second"))
    ask(model)
    mended = Engine("first")
    model.offer(mended, how("first"))
    assert model.turn()
    ask(model)
    assert mended.calls == 1
    model.close()


def test_an_engine_is_not_closed_under_a_call():
    first, second = Engine("first"), Engine("second")
    first.leave.clear()
    model = served(first)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(ask, model)
        assert first.inside.wait(10)
        model.offer(second, how("second"))
        assert model.turn()
        assert first.closed == 0
        first.leave.set()
        call.result(10)
    assert first.closed == 1
    model.close()


def test_what_is_offered_to_a_closed_model_is_closed():
    model = served(Engine("first"))
    model.close()
    late = Engine("late")
    model.offer(late, how("late"))
    assert late.closed == 1
    assert not model.turn()
    model.close()


def test_a_served_model_is_not_loaded_a_second_time():
    model = served(Engine("first"))
    with pytest.raises(EngineError, match="offer it another engine"):
        model.load(CARD, CARD.onnx_path)
    model.close()


def test_24_threads_get_right_results_while_engines_fail_and_are_swapped():
    made: list[Engine] = []

    def flaky(name: str) -> Engine:
        now_and_then = itertools.cycle([InferenceError("now and then"), *[None] * 4])  # in C: many threads may ask it
        engine = Engine(name, now_and_then)
        made.append(engine)
        return engine

    def make(without: Mapping[str, str]) -> tuple[Engine, Selection]:
        engine = Engine("fallback")
        made.append(engine)
        return engine, how("fallback")

    model = ServedBackend(CARD, flaky("first"), how("first"), make)
    done = threading.Event()

    def swap() -> None:
        for i in range(50):
            engine = flaky(f"swap {i}")
            model.offer(engine, how(engine.name))
            model.turn()
            done.wait(0.002)

    with ThreadPoolExecutor(25) as pool:
        swapping = pool.submit(swap)
        for call in [pool.submit(lambda: [ask(model) for _ in range(20)]) for _ in range(24)]:
            call.result(30)
        done.set()
        swapping.result(30)
    model.close()
    assert model.health.calls == 24 * 20
    assert model.health.failed == 0
    assert all(engine.closed == 1 for engine in made)


def test_a_fallback_that_failed_for_another_call_meanwhile_is_not_what_runs_from_then_on():
    class SlowFirst(Engine):
        def infer(self, inputs: Mapping[str, np.ndarray]) -> Arrays:
            if self.calls:
                raise InferenceError("the second call failed")
            return super().infer(inputs)

    slow, spare = SlowFirst("slow"), Engine("spare")
    slow.leave.clear()
    made = iter([(slow, how("slow")), (spare, how("spare"))])
    engine = Engine("first", iter([DeviceLostError("gone"), InferenceError("lost its way")]))
    model = ServedBackend(CARD, engine, how("first"), lambda _: next(made))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, model)
        assert slow.inside.wait(10)
        ask(model)  # fails on the slow one as well, and is computed by the spare one
        slow.leave.set()
        first.result(10)
    assert model.name == "first"
    assert slow.closed == 1
    ask(model)
    assert (model.health.calls, model.health.failed) == (3, 0)
    model.close()


Step = Callable[[ServedBackend], None]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["ask", "fault", "lost", "offer", "turn", "ran"]), max_size=30))
def test_whatever_happens_in_whatever_order_answers_are_right_and_every_engine_is_closed_once(steps: list[str]):
    made = [Engine("first")]

    def make(without: Mapping[str, str]) -> tuple[Engine, Selection]:
        made.append(Engine("fallback"))
        return made[-1], how("fallback")

    model = ServedBackend(CARD, made[0], how("first"), make)
    answered = 0
    for step in steps:
        if step == "offer":
            made.append(Engine("offer"))
            model.offer(made[-1], how("offer"))
        elif step == "turn":
            model.turn()
        elif step == "ran":
            model.ran()
        else:
            current = next(e for e in made if not e.closed and e.name == model.name)
            error = {"fault": InferenceError("fault"), "lost": DeviceLostError("lost"), "ask": None}[step]
            current.faults = iter([error])
            ask(model)
            answered += 1
    model.close()
    model.close()
    assert model.health.calls == answered
    assert all(engine.closed == 1 for engine in made)
    assert replace(model.health, calls=0).failed == 0
