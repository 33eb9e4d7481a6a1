"""Engines come and go while a program runs: built beside the picture, swapped between two frames."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines import keeper as module
from engines.backend import LoadOptions
from engines.build import Build, BuildProgress
from engines.card import ModelCard
from engines.errors import BuildCancelledError, BuildError, NotBuiltError, PolicyError, UnknownModelError
from engines.keeper import EngineKeeper, EngineState, states_of
from engines.loading import Models, load_models
from engines.policy import Wish
from engines.store import EngineStore

CROP = (np.arange(128 * 128).reshape(128, 128) % 251).astype(np.uint8)


@pytest.fixture
def models(weights: Path) -> Iterator[Models]:
    loaded = load_models("prefer onnxruntime", names=["face_landmarks"], weights_dir=weights)
    yield loaded
    loaded.close()


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not what():
        assert time.monotonic() < end, "it did not happen within 10 s"
        time.sleep(0.005)


def state(keeper: EngineKeeper) -> EngineState:
    return keeper.status()[0]


class FakeBuild:
    """A build that waits until it may end."""

    def __init__(self, recipe: str, card: ModelCard, options: LoadOptions) -> None:
        self.recipe, self.options = recipe, options
        self.may_end = threading.Event()
        self.cancelled = False
        self.error: Exception | None = None

    def start(self) -> FakeBuild:
        return self

    def __enter__(self) -> FakeBuild:
        return self

    def __exit__(self, *_: object) -> None: ...

    def progress(self) -> BuildProgress:
        return BuildProgress("building", 0.4, "calibrating")

    def cancel(self) -> None:
        self.cancelled = True
        self.may_end.set()

    def result(self, timeout: float | None = None) -> None:
        assert self.may_end.wait(10)
        if self.cancelled:
            raise BuildCancelledError("the build was cancelled")
        if self.error is not None:
            raise self.error


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[FakeBuild]:
    """int8 is not built until a build has ended; the builds that were asked for."""
    made: list[FakeBuild] = []
    load = module.load_wish

    def load_wish(card: ModelCard, wish: Wish, threads: int = 1) -> Any:
        if wish.precision == "int8" and not any(b.may_end.is_set() and not b.cancelled for b in made):
            raise NotBuiltError("face_landmarks (int8) was not built on this machine")
        return load(card, Wish(wish.backend), threads)

    monkeypatch.setattr(module, "load_wish", load_wish)
    return made


def keeper_of(models: Models, builds: list[FakeBuild]) -> EngineKeeper:
    def make(recipe: str, card: ModelCard, options: LoadOptions) -> Build:
        builds.append(FakeBuild(recipe, card, options))
        return builds[-1]  # type: ignore[return-value]  # it has what the keeper calls

    return EngineKeeper(models, make_build=make)


def test_a_model_is_swapped_between_two_frames_and_not_before(models: Models):
    assert models.face_landmarks is not None
    before = models.face_landmarks(CROP)
    keeper = EngineKeeper(models)
    keeper.swap("face_landmarks", "openvino")
    until(lambda: models.served["face_landmarks"]._offered is not None)
    assert state(keeper).wish == "onnxruntime"
    assert state(keeper).coming == "openvino"
    assert keeper.turn() == ("face_landmarks",)
    assert keeper.turn() == ()
    assert (state(keeper).wish, state(keeper).coming, state(keeper).swaps) == ("openvino", "", 1)
    assert state(keeper).reasons["onnxruntime"] == "openvino runs"
    np.testing.assert_allclose(models.face_landmarks(CROP).points, before.points, atol=1e-2)
    assert keeper.close()


def test_the_picture_goes_on_while_an_engine_is_built(models: Models, builds: list[FakeBuild]):
    assert models.face_landmarks is not None
    keeper = keeper_of(models, builds)
    keeper.swap("face_landmarks", "openvino:int8")
    until(lambda: state(keeper).build is not None)
    build = state(keeper).build
    assert build is not None
    assert (build.fraction, build.phase) == (0.4, "calibrating")
    assert builds[0].recipe == "int8"
    models.face_landmarks(CROP)
    assert keeper.turn() == ()
    builds[0].may_end.set()
    until(lambda: bool(keeper.turn()))
    assert state(keeper).wish == "openvino:int8"
    assert state(keeper).build is None
    assert keeper.close()


def test_a_build_that_fails_leaves_what_runs_and_says_why(models: Models, builds: list[FakeBuild]):
    assert models.face_landmarks is not None
    keeper = keeper_of(models, builds)
    keeper.swap("face_landmarks", "openvino:int8")
    until(lambda: bool(builds))
    builds[0].error = BuildError("it costs 4 % of the landmarks' accuracy, at most 1 % is allowed")
    builds[0].may_end.set()
    until(lambda: state(keeper).trouble != "")
    assert "it costs 4 %" in state(keeper).trouble
    assert (state(keeper).wish, state(keeper).coming) == ("onnxruntime", "")
    assert keeper.turn() == ()
    models.face_landmarks(CROP)
    assert keeper.close()


def test_a_build_can_be_given_up(models: Models, builds: list[FakeBuild]):
    keeper = keeper_of(models, builds)
    assert not keeper.cancel_build()
    keeper.swap("face_landmarks", "openvino:int8")
    until(lambda: state(keeper).build is not None)
    assert keeper.cancel_build()
    until(lambda: state(keeper).given_up != "")
    told = state(keeper)
    assert (told.given_up, told.trouble, told.coming) == ("openvino:int8", "", ""), "given up is no trouble"
    assert told.wish == "onnxruntime"
    keeper.swap("face_landmarks", "openvino")
    assert state(keeper).given_up == "", "something else was asked for"
    assert keeper.close()


def test_after_a_build_that_was_given_up_nothing_else_of_the_policy_is_tried(models: Models, builds: list[FakeBuild]):
    keeper = keeper_of(models, builds)
    keeper.swap("face_landmarks", "prefer openvino:int8, openvino")
    until(lambda: state(keeper).build is not None)
    assert keeper.cancel_build()
    until(lambda: state(keeper).given_up == "openvino:int8")
    assert models.served["face_landmarks"]._offered is None
    assert keeper.close()


def test_what_waits_for_its_turn_can_be_given_up_with_the_build(weights: Path, builds: list[FakeBuild]):
    names = ["face_landmarks", "gray_to_depth", "depth_to_color"]
    models = load_models("prefer onnxruntime", names=names, weights_dir=weights)
    keeper = keeper_of(models, builds)
    assert not keeper.cancel_build(with_waiting=True)
    for name in names:
        keeper.swap(name, "openvino:int8")
    until(lambda: len(builds) == 1)
    assert keeper.cancel_build(with_waiting=True)
    until(lambda: all(one.given_up == "openvino:int8" for one in keeper.status()))
    assert len(builds) == 1, "the others never began"
    keeper.swap("face_landmarks", "openvino")
    until(lambda: "face_landmarks" in keeper.turn())
    assert keeper.close()
    models.close()


def test_a_build_that_is_given_up_in_the_moment_in_which_it_begins_does_not_begin(
    weights: Path, builds: list[FakeBuild]
):
    models = load_models("prefer onnxruntime", names=["face_landmarks"], weights_dir=weights)
    is_made, may_go_on = threading.Event(), threading.Event()

    def make(recipe: str, card: ModelCard, options: LoadOptions) -> Build:
        builds.append(FakeBuild(recipe, card, options))
        is_made.set()
        assert may_go_on.wait(10)
        return builds[-1]  # type: ignore[return-value]  # it has what the keeper calls

    keeper = EngineKeeper(models, make_build=make)
    keeper.swap("face_landmarks", "openvino:int8")
    assert is_made.wait(10)
    assert keeper.cancel_build(with_waiting=True)
    may_go_on.set()
    until(lambda: state(keeper).given_up == "openvino:int8")
    assert not builds[0].may_end.is_set(), "it was never started, and so nobody had to end it"
    assert keeper.close()
    models.close()


def test_what_failed_says_nothing_of_what_was_asked_for_after_it(models: Models, builds: list[FakeBuild]):
    keeper = keeper_of(models, builds)
    keeper.swap("face_landmarks", "openvino:int8")
    until(lambda: state(keeper).build is not None)
    keeper.swap("face_landmarks", "openvino")
    builds[0].cancel()
    until(lambda: "face_landmarks" in keeper.turn())
    told = state(keeper)
    assert (told.wish, told.given_up, told.trouble, told.coming) == ("openvino", "", "", "")
    assert keeper.close()


def test_the_policy_that_a_model_was_loaded_by_is_told_after_a_swap(models: Models):
    keeper = EngineKeeper(models)
    assert state(keeper).configured == "prefer onnxruntime"
    keeper.swap("face_landmarks", "openvino")
    until(lambda: bool(keeper.turn()))
    assert state(keeper).configured == "prefer onnxruntime"
    assert keeper.close()


def test_what_builds_took_here_is_told_before_one_is_asked_for(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path))
    with EngineStore().draft({"kind": "int8", "model": "face_landmarks", "preset": "tiny"}) as draft:
        (draft.folder / "card.json").write_text("{}")
        draft.commit(draft.folder / "card.json", build_s=41.5)
    keeper = EngineKeeper(models)
    assert state(keeper).build_times == {}, "nobody has looked yet"
    keeper.start()
    until(lambda: "int8" in state(keeper).build_times)
    assert state(keeper).build_times["int8"].last_s == 41.5
    assert "tensorrt" not in state(keeper).build_times
    assert keeper.close()


def test_closing_ends_a_build_within_its_deadline(models: Models, builds: list[FakeBuild]):
    keeper = keeper_of(models, builds)
    keeper.swap("face_landmarks", "openvino:int8")
    until(lambda: bool(builds))
    assert keeper.close(5.0)
    assert builds[0].cancelled
    keeper.swap("face_landmarks", "openvino")  # too late: nothing begins, nothing hangs
    assert keeper.close()


def test_what_the_policy_wants_and_was_not_built_is_built_beside_the_picture(
    weights: Path, builds: list[FakeBuild], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engines.select.load_wish", module.load_wish)
    models = load_models("prefer openvino:int8, openvino", names=["face_landmarks"], weights_dir=weights)
    keeper = keeper_of(models, builds)
    assert state(keeper).wish == "openvino"
    assert state(keeper).is_fallback
    keeper.start()
    until(lambda: bool(builds))
    builds[0].may_end.set()
    until(lambda: bool(keeper.turn()))
    assert state(keeper).wish == "openvino:int8"
    assert not state(keeper).is_fallback
    assert keeper.close()
    models.close()


def test_of_several_wishes_the_first_that_can_takes_over(models: Models):
    keeper = EngineKeeper(models)
    keeper.swap("face_landmarks", "prefer tensorrt:fp16, openvino")
    until(lambda: bool(keeper.turn()))
    assert state(keeper).wish == "openvino"
    assert state(keeper).is_fallback
    assert keeper.close()


def test_what_cannot_be_swapped_is_refused_at_once(models: Models):
    keeper = EngineKeeper(models)
    with pytest.raises(UnknownModelError, match=r"no loaded model 'gray_to_depth'.*face_landmarks"):
        keeper.swap("gray_to_depth", "openvino")
    with pytest.raises(PolicyError, match="abacus"):
        keeper.swap("face_landmarks", "abacus")
    assert keeper.close()


def test_a_backend_that_is_not_here_leaves_what_runs(models: Models):
    keeper = EngineKeeper(models)
    keeper.swap("face_landmarks", "require tensorrt")
    until(lambda: state(keeper).trouble != "")
    assert "not installed" in state(keeper).trouble
    assert state(keeper).wish == "onnxruntime"
    assert keeper.close()


def test_without_a_keeper_the_states_are_told_as_well(models: Models):
    (told,) = states_of(models)
    assert (told.model, told.wish, told.device) == ("face_landmarks", "onnxruntime", "CPU")


def test_the_fallback_is_there_before_an_engine_fails(models: Models):
    keeper = EngineKeeper(models)
    keeper.start()
    until(lambda: models.served["face_landmarks"]._standby is not None)
    assert keeper.close()
    assert models.served["face_landmarks"]._standby is not None


def test_after_a_build_what_the_policy_puts_first_is_still_missed(models: Models, builds: list[FakeBuild]):
    keeper = keeper_of(models, builds)
    keeper.swap("face_landmarks", "prefer tensorrt:fp16, openvino:int8")
    until(lambda: bool(builds))
    builds[0].may_end.set()
    until(lambda: bool(keeper.turn()))
    told = state(keeper)
    assert (told.wish, told.is_fallback) == ("openvino:int8", True)
    assert "not installed" in told.reasons["tensorrt:fp16"]
    assert keeper.close()


def test_a_plan_of_an_int8_file_needs_that_file_first(models: Models, monkeypatch: pytest.MonkeyPatch):
    made: list[tuple[str, str]] = []

    class Recorded(FakeBuild):
        def __init__(self, recipe: str, card: ModelCard, options: LoadOptions) -> None:
            super().__init__(recipe, card, options)
            made.append((recipe, card.precision))
            self.may_end.set()

    @contextmanager
    def variant(card: ModelCard, precision: str) -> Iterator[ModelCard]:
        if not made:
            raise NotBuiltError("not built")
        yield card.model_copy(update={"precision": "int8"})

    monkeypatch.setattr(module, "variant_of", variant)
    keeper = EngineKeeper(models, make_build=Recorded)  # type: ignore[arg-type]  # it has what the keeper calls
    assert models.face_landmarks is not None
    keeper._built(models.face_landmarks.card, Wish("tensorrt", "int8"))
    assert made == [("int8", "fp32"), ("tensorrt", "int8")]
