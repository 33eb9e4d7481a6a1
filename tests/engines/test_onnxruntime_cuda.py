"""ONNX Runtime on CUDA: no silent fallback to the CPU. What needs the CUDA build runs with -m gpu."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest

from engines import gpu
from engines.backend import Backend, LoadOptions
from engines.backends import onnxruntime_cuda
from engines.backends.onnxruntime_cuda import OnnxRuntimeCudaBackend, provider_options
from engines.card import ModelCard, load_card
from engines.errors import (
    BackendUnavailableError,
    DeviceLostError,
    DeviceMemoryError,
    InferenceError,
    InputError,
    ModelFileError,
    ModelMismatchError,
    NoDriverError,
    WrongVersionError,
)
from engines.gpu import Gpu, GpuFacts
from engines.loading import WEIGHTS
from engines.registry import make_backend
from tests.engines.conftest import EditCard
from tests.helpers.backend_calls import right_numbers, some_input, wrong_from_threads

A_GPU = Gpu(0, "NVIDIA Pretended", 2**34, (9, 0), 132, "GPU-1")


@pytest.fixture
def a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose driver says that it has a GPU."""
    monkeypatch.setattr(onnxruntime_cuda, "why_no_gpu", lambda: "")
    monkeypatch.setattr(onnxruntime_cuda, "gpu_facts", lambda: GpuFacts("570.1", "12.8", (A_GPU,), True))


@pytest.fixture
def on_cpu(a_gpu: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same code with ONNX Runtime's CPU provider in the place of CUDA's: real sessions, real numbers."""
    monkeypatch.setattr(onnxruntime_cuda, "PROVIDER", "CPUExecutionProvider")


def loaded(path: Path, **options: Any) -> tuple[OnnxRuntimeCudaBackend, ModelCard]:
    card = load_card(path)
    backend = OnnxRuntimeCudaBackend(LoadOptions(**options))
    backend.load(card, card.onnx_path)
    return backend, card


def test_it_is_a_backend_that_a_policy_can_name():
    backend = make_backend("onnxruntime-cuda")
    assert isinstance(backend, Backend)
    with pytest.raises(InferenceError, match="load it first"):
        backend.warm_up()
    backend.close()
    backend.close()


def test_without_a_gpu_the_reason_is_the_driver_s(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(onnxruntime_cuda, "why_no_gpu", lambda: "there is no GPU in this box")
    with pytest.raises(NoDriverError, match="there is no GPU in this box"):
        loaded(weights / "face_landmarks.json")


@pytest.mark.usefixtures("a_gpu")
def test_the_build_for_cpus_says_which_one_to_install(weights: Path):
    if "CUDAExecutionProvider" in ort.get_available_providers():
        pytest.skip("the installed onnxruntime has CUDA")
    with pytest.raises(BackendUnavailableError, match=r"a build without CUDA .* pip install onnxruntime-gpu"):
        loaded(weights / "face_landmarks.json")


@pytest.mark.usefixtures("a_gpu")
def test_a_missing_package_is_named(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(BackendUnavailableError, match="pip install onnxruntime-gpu"):
        loaded(weights / "face_landmarks.json")


@pytest.mark.usefixtures("a_gpu")
@pytest.mark.filterwarnings("ignore:Specified provider 'CUDAExecutionProvider'")
def test_a_fallback_to_the_cpu_is_an_error_with_its_reason(weights: Path, monkeypatch: pytest.MonkeyPatch):
    if "CUDAExecutionProvider" in ort.get_available_providers():
        pytest.skip("the installed onnxruntime has CUDA")
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"])
    with pytest.raises(BackendUnavailableError) as caught:
        loaded(weights / "face_landmarks.json")
    assert "would have computed on the CPU (CPUExecutionProvider) instead of the GPU" in str(caught.value)
    assert "'CUDAExecutionProvider' is not in available provider names" in str(caught.value)


def test_what_the_log_says_of_a_missing_library_is_told_without_its_trimmings(monkeypatch: pytest.MonkeyPatch):
    # written by onnxruntime-gpu 1.31.1 on a machine without CUDA
    log = (
        "\x1b[0;93m2026-11-21 22:31:46.270985433 [W:onnxruntime:Default, onnxruntime_pybind_state.cc:1295 "
        "CreateExecutionProviderFactoryInstance] Failed to create CUDAExecutionProvider. Require cuDNN 9.* and "
        "CUDA 13.*.\x1b[m\n"
        "\x1b[1;31m2026-11-21 22:31:46.270936621 [E:onnxruntime:Default, provider_bridge_ort.cc:2458 operator()] "
        "/onnxruntime_src/provider_bridge_ort.cc:2043 onnxruntime::Provider& Get() [ONNXRuntimeError] : 1 : FAIL : "
        "Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open\n"
    )
    monkeypatch.setattr(onnxruntime_cuda.subprocess, "run", lambda *_, **__: SimpleNamespace(stderr=log))
    assert onnxruntime_cuda.why_it_fell_back(Path("x.onnx"), 0) == (
        "Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open; "
        "Failed to create CUDAExecutionProvider. Require cuDNN 9.* and CUDA 13.*."
    )


def test_layers_that_would_run_on_the_cpu_are_an_error(weights: Path):
    def part(provider: str, *kinds: str) -> Any:
        nodes = [SimpleNamespace(op_type=kind) for kind in kinds]
        return SimpleNamespace(ep_name=provider, get_nodes=lambda: nodes)

    class Session:
        parts = (part("CUDAExecutionProvider", "Conv"), part("CPUExecutionProvider", "Shape", "Gather"))

        def get_providers(self) -> list[str]:
            return ["CUDAExecutionProvider", "CPUExecutionProvider"]

        def disable_fallback(self) -> None:
            self.strict = True

        def get_provider_graph_assignment_info(self) -> Any:
            return self.parts

    card = load_card(weights / "face_landmarks.json")
    session = Session()
    onnxruntime_cuda._check_what_runs(ort, session, card, card.onnx_path, 0)
    assert session.strict
    Session.parts = (part("CPUExecutionProvider", "Shape", "ConvTranspose", "ConvTranspose"),)
    with pytest.raises(BackendUnavailableError, match=r"2 of its layers \(ConvTranspose\) on the CPU"):
        onnxruntime_cuda._check_what_runs(ort, session, card, card.onnx_path, 0)


@pytest.mark.usefixtures("on_cpu")
def test_a_gpu_that_is_not_there_and_a_precision_that_is_not_are_refused(weights: Path):
    with pytest.raises(BackendUnavailableError, match="no GPU number 1: 1 found"):
        loaded(weights / "face_landmarks.json", device=1)
    with pytest.raises(BackendUnavailableError, match="computes in what the file says"):
        loaded(weights / "face_landmarks.json", precision="fp16")


def test_tf32_is_off_kernels_are_not_timed_and_memory_is_bounded():
    options = provider_options(3)
    assert options["device_id"] == "3"
    assert options["use_tf32"] == "0"
    assert options["cudnn_conv_algo_search"] == "HEURISTIC"
    assert int(options["gpu_mem_limit"]) == 2 * 2**30


@pytest.mark.usefixtures("on_cpu")
@pytest.mark.parametrize("name", ["gray_to_depth", "face_landmarks"])
def test_any_number_of_faces_gives_what_the_reference_gives(weights: Path, name: str):
    path = weights / f"{name}.json"
    backend, card = loaded(path, buckets=(1, 4))
    backend.warm_up()
    for faces in (1, 2, 4, 9):
        inputs = some_input(card, faces)
        ours, theirs = backend.infer(inputs), right_numbers(path, inputs)
        for output, array in ours.items():
            assert array.shape == theirs[output].shape
            np.testing.assert_allclose(array, theirs[output], atol=1e-4, rtol=0)
            array += 1  # the caller's own
    backend.close()
    with pytest.raises(InferenceError, match="closed"):
        backend.infer(some_input(card))


@pytest.mark.usefixtures("on_cpu")
def test_the_status_says_what_decides_the_bytes_and_that_nobody_has_verified_it(
    weights: Path, monkeypatch: pytest.MonkeyPatch
):
    status = loaded(weights / "face_landmarks.json", buckets=(2, 8))[0].status()
    assert (status.device, status.batch_rule, status.buckets) == ("NVIDIA Pretended", "bucket", (2, 8))
    assert status.note.startswith("UNVERIFIED: has not run on a GPU yet")
    monkeypatch.setattr(
        "engines.backends.onnxruntime_cuda.verified", lambda name: {"ok": True} if name == "onnxruntime-cuda" else None
    )
    assert loaded(weights / "face_landmarks.json")[0].status().note == ""
    fields = status.key_fields
    assert (fields["driver"], fields["gpu"], fields["capability"], fields["tf32"]) == (
        "570.1",
        "NVIDIA Pretended",
        "9.0",
        "off",
    )
    assert status.engine_key != loaded(weights / "face_landmarks.json", buckets=(1,))[0].status().engine_key


@pytest.mark.usefixtures("on_cpu")
def test_many_threads_at_once_get_their_own_results(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json", buckets=(1, 2))
    inputs = [some_input(card, 1 + seed % 3, seed) for seed in range(24)]
    right = [backend.infer(one)["points"].tobytes() for one in inputs]
    wrong = wrong_from_threads(backend, inputs, right, 3)
    assert wrong == []


@pytest.mark.usefixtures("on_cpu")
def test_bad_input_and_another_card_are_refused(weights: Path, edit_card: EditCard):
    backend, card = loaded(weights / "face_landmarks.json")
    with pytest.raises(InputError):
        backend.infer({"image": np.zeros((1, 2, 3), np.float32)})
    torn = (weights / "gray_to_depth.onnx").read_bytes()[:300]
    (weights / "gray_to_depth.onnx").write_bytes(torn)
    with pytest.raises(ModelFileError, match="no whole ONNX file"):
        loaded(edit_card("gray_to_depth", {"sha256": hashlib.sha256(torn).hexdigest()}))
    outputs = [{**spec.model_dump(), "shape": ["N", 7]} for spec in card.outputs]
    with pytest.raises(ModelMismatchError, match="the outputs of"):
        loaded(edit_card("face_landmarks", {"outputs": outputs}))


@pytest.mark.usefixtures("on_cpu")
@pytest.mark.parametrize(
    ("said", "kind", "goes_on"),
    [
        ("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer", DeviceMemoryError, True),
        ("CUDA failure 2: out of memory ; GPU=0", DeviceMemoryError, True),
        ("CUDA failure 700: an illegal memory access was encountered ; GPU=0", DeviceLostError, False),
        ("CUDA failure 719: unspecified launch failure ; GPU=0", DeviceLostError, False),
        ("Non-zero status code returned while running Conv node", InferenceError, True),
    ],
)
def test_a_failed_call_is_the_error_that_it_is(weights: Path, said: str, kind: type[Exception], goes_on: bool):
    backend, card = loaded(weights / "face_landmarks.json")
    session = backend._session

    def run(*_: Any) -> None:
        raise RuntimeError(said)

    backend._session = SimpleNamespace(run=run)
    with pytest.raises(InferenceError) as caught:
        backend.infer(some_input(card))
    assert type(caught.value) is kind
    assert backend.status().ready is goes_on
    backend._session = session
    if goes_on:
        backend.infer(some_input(card))
    else:
        with pytest.raises(DeviceLostError, match="given up"):
            backend.infer(some_input(card))


@pytest.mark.usefixtures("on_cpu")
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version", WrongVersionError),
        ("CUDA failure 209: no kernel image is available for execution on the device", WrongVersionError),
        ("CUDA failure 2: out of memory", DeviceMemoryError),
        ("CUDNN failure 1001: CUDNN_STATUS_NOT_INITIALIZED", BackendUnavailableError),
    ],
)
def test_a_failed_load_is_the_error_that_it_is(
    weights: Path, monkeypatch: pytest.MonkeyPatch, said: str, kind: type[Exception]
):
    def session(*_: Any, **__: Any) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(ort, "InferenceSession", session)
    with pytest.raises(kind) as caught:
        loaded(weights / "face_landmarks.json")
    assert type(caught.value) is kind


@pytest.mark.gpu
@pytest.mark.parametrize("path", sorted(WEIGHTS.glob("*.json")), ids=lambda path: path.stem)
def test_on_a_gpu_every_shipped_model_is_right_and_the_same_twice(path: Path):
    if why := gpu.why_no_gpu():
        pytest.skip(f"needs an NVIDIA GPU: {why}")
    if "CUDAExecutionProvider" not in ort.get_available_providers():
        pytest.skip("needs onnxruntime-gpu")
    (backend, card), (second, _) = loaded(path), loaded(path)
    assert backend.status().engine_key == second.status().engine_key
    for faces in (1, 3, 11):
        inputs = some_input(card, faces, seed=faces)
        ours, theirs = backend.infer(inputs), right_numbers(path, inputs)
        again = second.infer(inputs)
        for spec in card.outputs:
            wide = (spec.high or 1.0) - (spec.low or 0.0)
            loose = 0.2 if card.precision == "int8" else 1e-4
            np.testing.assert_allclose(ours[spec.name], theirs[spec.name], atol=loose * wide, rtol=0)
            assert ours[spec.name].tobytes() == again[spec.name].tobytes()
    backend.close()
    second.close()
