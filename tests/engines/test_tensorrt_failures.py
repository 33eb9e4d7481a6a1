"""TensorRT's backend on a fake machine where something is missing, torn or breaks: each has its own error."""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path

import pytest

from engines.backend import LoadOptions
from engines.backends.tensorrt import PlanFile, TensorRtBackend
from engines.backends.tensorrt_build import build_plan, plan_fields
from engines.card import ModelCard, load_card
from engines.errors import (
    BackendUnavailableError,
    DeviceLostError,
    DeviceMemoryError,
    InferenceError,
    ModelFileError,
    NoDriverError,
    NotBuiltError,
    PlanError,
    WrongVersionError,
)
from engines.store import EngineStore
from tests.helpers.backend_calls import reference, some_input
from tests.helpers.fake_tensorrt import VERSIONS, Machine, installed
from tests.helpers.fake_tensorrt.use import UNTOUCHED, built, loaded, same

both = pytest.mark.parametrize("major", [10, 11])


# what is missing on the machine


def load_plainly(card: ModelCard) -> None:
    TensorRtBackend(plans=PlanFile(card.onnx_path)).load(card, card.onnx_path)


@both
def test_no_driver_is_told_before_tensorrt_is_touched(card: ModelCard, major: int):
    with installed(Machine(driver=0), major) as machine, pytest.raises(NoDriverError, match="no NVIDIA driver"):
        load_plainly(card)
    assert machine.contexts == 0


@both
def test_a_runtime_that_complains_is_never_used(card: ModelCard, major: int):
    """The driver serves cuda-python but not TensorRT: the Runtime is truthy and would end the process."""
    machine = Machine(driver=12080, runtime=12080, tensorrt_needs=13000)
    with installed(machine, major), pytest.raises(WrongVersionError, match="needs a newer NVIDIA driver"):
        load_plainly(card)
    gc.collect()
    assert machine.crashes == 0  # deleting it would end the process, too


def test_an_old_driver_no_gpu_and_no_such_gpu_have_their_own_words(card: ModelCard):
    with installed(Machine(driver=12080)), pytest.raises(WrongVersionError, match=r"can do CUDA 12.8.*made for 13.0"):
        load_plainly(card)
    with installed(Machine(names=())), pytest.raises(NoDriverError, match="no GPU that it can use"):
        load_plainly(card)
    with installed(Machine()), pytest.raises(NoDriverError, match="no GPU number 7: the driver finds 2"):
        TensorRtBackend(LoadOptions(device=7)).load(card, card.onnx_path)


def test_missing_packages_are_named(card: ModelCard):
    # The patch ends before the fakes do: else it would put a fake back that is gone.
    with installed(Machine()), pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setitem(sys.modules, "engines.backends.tensorrt_graph", None)
        with pytest.raises(BackendUnavailableError, match=r"package onnx.*tapetum\[tensorrt\]"):
            load_plainly(card)
        monkeypatch.setitem(sys.modules, "tensorrt", None)
        with pytest.raises(BackendUnavailableError, match=r"package tensorrt.*pip install 'tapetum\[tensorrt\]'"):
            load_plainly(card)
        monkeypatch.setitem(sys.modules, "cuda.bindings.runtime", None)
        with pytest.raises(BackendUnavailableError, match="cuda-python"):
            load_plainly(card)


@pytest.mark.parametrize("version", ["8.6.1", "12.0.0.1", ""])
def test_a_tensorrt_of_another_major_is_refused(card: ModelCard, version: str):
    with installed(Machine(), 11, version or "none"), pytest.raises(WrongVersionError, match="written for 10 and 11"):
        load_plainly(card)


# what is wrong with the plan


def test_without_a_plan_it_says_what_to_run_and_builds_nothing(trt: Machine, card: ModelCard, tmp_path: Path):
    with pytest.raises(NotBuiltError, match="tapetum engines build face_landmarks"):
        TensorRtBackend().load(card, card.onnx_path)
    assert trt.notes == []


def test_a_plan_from_the_store_is_used_and_a_flipped_bit_in_it_noticed(
    trt: Machine, card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    fields = plan_fields(card, UNTOUCHED)
    store = EngineStore()
    with store.draft(fields) as draft:
        entry = draft.commit(build_plan(card, UNTOUCHED, draft.folder), build_s=1.0)
    backend = TensorRtBackend()
    backend.load(card, card.onnx_path)
    same(backend.infer(some_input(card)), reference(card).infer(some_input(card)))
    backend.close()
    plan = bytearray(entry.artefact.read_bytes())
    plan[len(plan) // 2] ^= 1
    entry.artefact.chmod(0o600)
    entry.artefact.write_bytes(plan)
    with pytest.raises(PlanError, match="torn"):
        backend.load(card, card.onnx_path)


@pytest.mark.parametrize("keep", [0, 3, 19, 500, -1])
def test_a_truncated_plan_is_refused(trt: Machine, card: ModelCard, tmp_path: Path, keep: int):
    path = build_plan(card, UNTOUCHED, tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    backend = TensorRtBackend(plans=PlanFile(path))
    with pytest.raises(PlanError, match="torn; build it again"):
        backend.load(card, card.onnx_path)
    assert trt.left() == []


def test_a_plan_of_another_version_names_both(card: ModelCard, tmp_path: Path):
    with installed(Machine(), 10):
        plans = built(card, tmp_path)
    with installed(Machine(), 11), pytest.raises(WrongVersionError) as told:
        TensorRtBackend(plans=plans).load(card, card.onnx_path)
    assert f"built with TensorRT {VERSIONS[10]}, this is TensorRT {VERSIONS[11]}" in str(told.value)


@both
def test_a_plan_of_another_gpu_names_both(card: ModelCard, tmp_path: Path, major: int):
    with installed(Machine(), major):
        plans = built(card, tmp_path)
    other = Machine(compute=(9, 0))
    with installed(other, major), pytest.raises(PlanError, match=r"compute capability 8\.9, this one has 9\.0"):
        TensorRtBackend(plans=plans).load(card, card.onnx_path)
    with installed(other, major):
        assert plan_fields(card, UNTOUCHED)["compute_capability"] == "9.0"


def test_a_plan_of_another_model_or_other_batches_is_refused(
    trt: Machine, weights: Path, card: ModelCard, tmp_path: Path
):
    plans = built(load_card(weights / "gray_to_depth.json"), tmp_path)
    with pytest.raises(PlanError, match="another model's plan"):
        TensorRtBackend(plans=plans).load(card, card.onnx_path)
    plans = built(card, tmp_path, LoadOptions(buckets=(1, 2)))
    with pytest.raises(PlanError, match=r"batches \[1, 2\], asked for are \[1, 2, 4, 8\]"):
        TensorRtBackend(plans=plans).load(card, card.onnx_path)
    with pytest.raises(PlanError, match="cannot be read"):
        TensorRtBackend(plans=PlanFile(tmp_path / "nowhere")).load(card, card.onnx_path)


def test_a_swapped_model_file_is_refused_though_the_plan_is_whole(
    trt11: Machine, weights: Path, card: ModelCard, tmp_path: Path
):
    plans = built(card, tmp_path)
    card.onnx_path.write_bytes((weights / "gray_to_depth.onnx").read_bytes())
    with pytest.raises(ModelFileError, match="torn or another one"):
        TensorRtBackend(plans=plans).load(card, card.onnx_path)


# what goes wrong while it runs


@pytest.mark.parametrize("function", ["cudaMalloc", "cudaHostAlloc"])
def test_no_memory_while_loading_is_told_and_all_is_given_back(
    trt: Machine, card: ModelCard, tmp_path: Path, function: str
):
    plans = built(card, tmp_path)
    trt.fail[function] = "cudaErrorMemoryAllocation"
    backend = TensorRtBackend(plans=plans)
    with pytest.raises(DeviceMemoryError, match="memory does not suffice"):
        backend.load(card, card.onnx_path)
    gc.collect()
    assert trt.left() == []
    backend.load(card, card.onnx_path)  # when there is memory again
    backend.close()


@pytest.mark.parametrize("memory", [2_000, 300_000, 700_000])
def test_a_gpu_that_is_too_small_is_told(trt: Machine, card: ModelCard, tmp_path: Path, memory: int):
    plans = built(card, tmp_path)
    trt.memory = memory
    with pytest.raises(DeviceMemoryError):
        TensorRtBackend(plans=plans).load(card, card.onnx_path)
    gc.collect()
    assert trt.left() == []


def test_a_call_that_fails_is_an_error_of_its_own_and_the_next_one_works(trt: Machine, card: ModelCard, tmp_path: Path):
    backend = loaded(card, tmp_path)
    right = backend.infer(some_input(card, 3))
    for function in ("cudaGraphLaunch", "cudaStreamSynchronize"):
        trt.fail[function] = "cudaErrorInvalidValue"
        with pytest.raises(InferenceError, match=f"{function} gave cudaErrorInvalidValue") as told:
            backend.infer(some_input(card, 3, seed=9))
        assert type(told.value) is InferenceError
        same(backend.infer(some_input(card, 3)), right, atol=0)
    backend.close()
    assert backend.status().ready is False


def test_an_enqueue_that_answers_false_is_no_result(trt: Machine, card: ModelCard, tmp_path: Path):
    trt.no_capture = True
    backend = loaded(card, tmp_path)
    right = backend.infer(some_input(card, 2))
    trt.refuse_enqueue = 1
    with pytest.raises(InferenceError, match=r"could not compute a batch of 2.*a kernel could not be launched"):
        backend.infer(some_input(card, 2, seed=5))
    same(backend.infer(some_input(card, 2)), right, atol=0)
    backend.close()


@pytest.mark.parametrize("error", ["cudaErrorIllegalAddress", "cudaErrorECCUncorrectable", "cudaErrorUnknown"])
def test_a_lost_device_is_asked_nothing_more(trt: Machine, card: ModelCard, tmp_path: Path, error: str):
    backend = loaded(card, tmp_path)
    trt.fail["cudaStreamSynchronize"] = error
    with pytest.raises(DeviceLostError, match=f"{error}.*must be started again"):
        backend.infer(some_input(card))
    trt.calls.clear()
    for _ in range(3):
        with pytest.raises(DeviceLostError, match=error):
            backend.infer(some_input(card))
    assert not trt.calls
    backend.close()  # frees nothing, raises nothing
    with pytest.raises((DeviceLostError, NoDriverError, BackendUnavailableError)):
        backend.load(card, card.onnx_path)


def test_whoever_waits_for_a_lane_hears_of_a_lost_device(trt11: Machine, card: ModelCard, tmp_path: Path):
    backend = loaded(card, tmp_path)
    trt11.fail["cudaStreamSynchronize"] = "cudaErrorLaunchFailure"
    answers: list[type] = []

    def call() -> None:
        try:
            backend.infer(some_input(card))
        except InferenceError as error:
            answers.append(type(error))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == [DeviceLostError] * 8
    backend.close()
