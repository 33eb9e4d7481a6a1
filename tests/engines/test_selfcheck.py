"""The self-check: an engine that computes wrong numbers, or too slowly, is found out; a sound one passes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines import selfcheck_golden, verified
from engines.backend import Arrays, Backend, BackendStatus
from engines.calibration import Calibration, load_calibration
from engines.card import ModelCard, TensorSpec, load_card
from engines.errors import DeviceMemoryError, InferenceError
from engines.loading import shipped
from engines.registry import make_backend
from engines.selfcheck import CheckLimits, check_threads, self_check
from engines.selfcheck_golden import ITEMS, golden_inputs, golden_set

Change = Callable[[str, NDArray[np.float32]], NDArray[np.float32]]


class Clock:
    """Seconds that pass only when a backend says that it computed."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Wrapped:
    """A loaded backend that changes what comes out, or pretends to take longer."""

    def __init__(
        self,
        inner: Backend,
        change: Change = lambda name, values: values,
        clock: Clock | None = None,
        seconds: float = 0.001,
        status: Mapping[str, Any] | None = None,
    ) -> None:
        self.inner, self.change, self.clock, self.seconds = inner, change, clock, seconds
        self.changed = status or {}
        self.closed = 0

    name = "wrapped"

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        self.inner.load(card, onnx_path)

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        if self.clock is not None:
            self.clock.now += self.seconds
        return {name: self.change(name, values) for name, values in self.inner.infer(inputs).items()}

    def warm_up(self) -> None:
        self.inner.warm_up()

    def status(self) -> BackendStatus:
        return replace(self.inner.status(), **self.changed)

    def close(self) -> None:
        self.closed += 1
        self.inner.close()


@pytest.fixture
def card(weights: Path) -> ModelCard:
    return load_card(weights / "face_landmarks.json")


@pytest.fixture
def reference(card: ModelCard) -> Iterator[Backend]:
    backend = make_backend("onnxruntime")
    backend.load(card, card.onnx_path)
    yield backend
    backend.close()


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


LIMITS = CheckLimits(calls=3)


def failures(card: ModelCard, reference: Backend, change: Change, precision: str = "f32") -> tuple[str, ...]:
    engine = Wrapped(reference, change, status={"precision": precision})
    return self_check(engine, card, reference, limits=LIMITS, clock=Clock()).failures


def test_a_sound_engine_passes_and_its_report_says_what_was_measured(card: ModelCard, reference: Backend):
    engine = make_backend("openvino")
    engine.load(card, card.onnx_path)
    report = self_check(engine, card, reference, limits=CheckLimits(calls=3, slower=1000))
    assert report.failures == ()
    assert check_threads(engine, card) == []
    engine.close()
    told = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert (told["ok"], told["model"], told["backend"], told["precision"]) == (True, card.name, "openvino", "f32")
    assert [batch["batch"] for batch in told["batches"]] == [1, 8]
    assert [output["name"] for output in told["batches"][0]["outputs"]] == [spec.name for spec in card.outputs]
    assert all(batch["ms"] > 0 and batch["limit_ms"] >= batch["reference_ms"] for batch in told["batches"])


@pytest.mark.parametrize("precision", ["f32", "f16", "int8"])
@pytest.mark.parametrize("output", ["points", "confidence", "openness"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda values: values * np.float32(1.05), id="5 % more"),
        pytest.param(lambda values: values * np.float32(0.95), id="5 % less"),
        pytest.param(lambda values: values + np.float32(0.05) * values.max(), id="5 % of the range more"),
        pytest.param(lambda values: values - np.float32(0.05) * values.max(), id="5 % of the range less"),
    ],
)
def test_an_engine_that_is_wrong_by_5_percent_is_found_out(
    reference: Backend, card: ModelCard, precision: str, output: str, fault: Any
):
    found = failures(card, reference, lambda name, values: fault(values) if name == output else values, precision)
    assert found, "a wrong engine passed"
    assert all(f"output {output} is off" in words for words in found)


@pytest.mark.parametrize("precision", ["f32", "f16", "int8"])
def test_points_in_another_order_or_of_another_face_are_found_out(reference: Backend, card: ModelCard, precision: str):
    def mirrored(name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
        return values[:, ::-1].copy() if name == "points" else values

    assert failures(card, reference, mirrored, precision)
    # the tiny model's faces are nearly alike: rounding would cover their differences
    assert precision != "f32" or failures(card, reference, lambda name, values: np.roll(values, 1, axis=0), "f32")


def test_rounding_within_the_precision_passes(card: ModelCard, reference: Backend):
    dice = np.random.default_rng(0)

    def noisy(share: float) -> Change:
        def change(name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
            noise = dice.standard_normal(values.shape) * share * max(float(np.ptp(values)), float(values.max()))
            return (values + noise).astype(np.float32)

        return change

    assert failures(card, reference, noisy(1e-3), "f16") == ()
    assert failures(card, reference, noisy(1e-3), "f32")
    assert failures(card, reference, noisy(1e-2), "f16")
    assert failures(card, reference, noisy(6e-2), "int8")


def test_nan_a_failed_call_and_a_missing_output_are_found_out(card: ModelCard, reference: Backend):
    def spoil(name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
        values = values.copy()
        values.flat[-1] = np.nan
        return values

    assert "NaN or infinity in output" in failures(card, reference, spoil)[0]

    def fail(name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
        if len(values) > 1:
            raise DeviceMemoryError("the GPU's memory is full")
        return values

    assert failures(card, reference, fail) == ("batch 8: the GPU's memory is full",)
    assert "not of the shape" in failures(card, reference, lambda name, values: values[..., :1])[0]
    assert "nobody has said" in failures(card, reference, lambda name, values: values, "fp4")[0]


def test_a_reference_that_fails_is_an_error_not_a_verdict(card: ModelCard, reference: Backend):
    gone = make_backend("onnxruntime")
    with pytest.raises(InferenceError):
        self_check(reference, card, gone)


@pytest.mark.parametrize(("times", "slow"), [(1.9, False), (2.5, True)])
def test_an_engine_is_slow_by_the_measure_of_the_reference_beside_it(
    card: ModelCard, reference: Backend, times: float, slow: bool
):
    for machine in (0.01, 1.0):  # a fast machine and one that is a hundred times slower
        clock = Clock()
        report = self_check(
            Wrapped(reference, clock=clock, seconds=machine * times),
            card,
            Wrapped(reference, clock=clock, seconds=machine),
            limits=LIMITS,
            clock=clock,
        )
        assert bool(report.failures) == slow
        assert report.batches[0].ms == pytest.approx(machine * times * 1e3)
        assert not slow or "a call takes" in report.failures[0]


def test_a_hiccup_is_no_slowness_and_a_short_call_never_slow(card: ModelCard, reference: Backend):
    clock = Clock()
    calls = 0

    class Hiccup(Wrapped):
        def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
            nonlocal calls
            calls += 1
            self.seconds = 9.0 if calls < 5 else 0.01
            return super().infer(inputs)

    right = Wrapped(reference, clock=clock, seconds=0.01)
    assert self_check(Hiccup(reference, clock=clock), card, right, limits=LIMITS, clock=clock).ok
    quick = Wrapped(reference, clock=clock, seconds=0.0015)
    quicker = Wrapped(reference, clock=clock, seconds=0.0001)
    assert self_check(quick, card, quicker, limits=LIMITS, clock=clock).ok


def test_results_that_get_mixed_up_between_threads_are_found_out(card: ModelCard, reference: Backend):
    assert check_threads(reference, card, threads=4) == []
    kept: dict[str, NDArray[np.float32]] = {}
    wrong = check_threads(Wrapped(reference, lambda name, values: kept.setdefault(name, values)), card, threads=4)
    assert wrong == []  # each call gave the same: alone, too

    class Mixed(Wrapped):
        calls = 0

        def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
            self.calls += 1
            late = self.calls > 4
            return {name: values + np.float32(1e-6 if late else 0) for name, values in super().infer(inputs).items()}

    assert "4 threads at once" in check_threads(Mixed(reference), card, threads=4)[0]


@pytest.mark.parametrize("fault", [np.float32(np.nan), RuntimeError("a library's own error")])
def test_a_thread_that_ends_by_an_error_is_not_well(card: ModelCard, reference: Backend, fault: Any):
    class Faulty(Wrapped):
        calls = 0

        def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
            self.calls += 1
            if self.calls <= 4:  # alone all is well
                return super().infer(inputs)
            if isinstance(fault, Exception):
                raise fault
            return {name: values * fault for name, values in super().infer(inputs).items()}

    wrong = check_threads(Faulty(reference), card, threads=4)
    assert wrong
    assert "4 threads at once" in wrong[0]


# golden inputs


@settings(max_examples=20)
@given(st.integers(1, 9), st.integers(0, 5))
def test_golden_inputs_are_pictures_within_the_cards_range(batch: int, seed: int):
    card = load_card(shipped("face_landmarks"))
    spec = TensorSpec(name="x", shape=("N", 2, 20, 12), low=-3.0, high=5.0, unit="1", meaning="x")
    made = golden_inputs(card.model_copy(update={"inputs": (spec,)}), batch, seed)["x"]
    assert (made.shape, made.dtype) == ((batch, 2, 20, 12), np.float32)
    assert made.min() >= -3.0
    assert made.max() <= 5.0
    assert np.ptp(made[0]) > 4.0
    again = golden_inputs(card.model_copy(update={"inputs": (spec,)}), batch, seed)["x"]
    np.testing.assert_array_equal(made, again)
    assert len({item.tobytes() for item in made}) == batch


def test_golden_inputs_suit_every_shipped_model():
    for name in ("gray_to_depth", "depth_to_color", "face_landmarks", "face_finder", "face_verifier"):
        card = load_card(shipped(name))
        inputs = golden_set(card)
        assert all(spec.check(inputs[spec.name]).shape[0] == ITEMS for spec in card.inputs)


def test_the_crops_that_ship_are_golden(card: ModelCard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    crops = np.linspace(-1, 1, 3 * 128 * 128, dtype=np.float32).reshape(3, 1, 128, 128)
    there = tmp_path / "crops.npz"
    there.touch()
    monkeypatch.setattr(selfcheck_golden, "calibration_path", lambda card: there)
    held_out = Calibration("x", {}, {"image": crops}, {}, "", "")
    monkeypatch.setattr(selfcheck_golden, "load_calibration", lambda card: held_out)
    np.testing.assert_array_equal(golden_set(card, 2)["image"], crops[:2])
    np.testing.assert_array_equal(golden_set(card, 8)["image"], crops[[0, 1, 2, 0, 1, 2, 0, 1]])


def test_torn_crops_stop_no_check(card: ModelCard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: Any):
    torn = tmp_path / "crops.npz"
    torn.write_bytes(b"torn")
    monkeypatch.setattr(selfcheck_golden, "calibration_path", lambda card: torn)
    monkeypatch.setattr(selfcheck_golden, "load_calibration", lambda card: load_calibration(card, tmp_path))
    (tmp_path / f"{card.name}-{card.preset}-calibration.npz").write_bytes(b"torn")
    assert golden_set(card)["image"].shape == (ITEMS, 1, 128, 128)
    assert "made-up pictures" in caplog.text


# what is kept from run to run


def test_a_backend_is_verified_until_a_library_or_the_driver_changes(cache: Path, monkeypatch: pytest.MonkeyPatch):
    assert verified.verified("tensorrt") is None
    assert verified.versions("onnxruntime")["onnxruntime"].startswith("onnxruntime")
    assert "driver" in verified.versions("torch")
    assert verified.versions("tensorrt")["tensorrt"]
    verified.keep_verified("tensorrt", {"ok": True, "gpu": "H100"})
    told = verified.verified("tensorrt")
    assert told is not None
    assert told["gpu"] == "H100"
    driver = cache / "driver"
    driver.write_text("NVRM version: 560.28\n")
    monkeypatch.setattr(verified, "_DRIVER", driver)
    assert verified.verified("tensorrt") is None
    verified.keep_verified("tensorrt", {"ok": False})
    assert verified.verified("tensorrt") is None
    verified.keep_verified("tensorrt", {"ok": True}).chmod(0o666)
    assert verified.verified("tensorrt") is None
