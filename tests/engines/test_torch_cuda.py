"""The torch backend: everything but the capture of CUDA graphs is tested on the CPU, and that on a GPU (-m gpu)."""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engines import gpu
from engines.backend import Backend, LoadOptions
from engines.backends.torch_cuda import TorchCudaBackend
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
    UnsupportedGraphError,
    WrongVersionError,
)
from engines.loading import WEIGHTS
from engines.registry import make_backend
from tests.engines.conftest import EditCard
from tests.helpers.backend_calls import right_numbers, some_input, wrong_from_threads
from tests.helpers.onnx_models import TinyGraph


class OnCpu(TorchCudaBackend):
    """The same code, on the CPU."""

    _device = "cpu"


def needs_torch() -> Any:
    return pytest.importorskip("torch", reason="torch is not installed (extra: torch)")


def loaded(path: Path, kind: type[TorchCudaBackend] = OnCpu, **options: Any) -> tuple[TorchCudaBackend, ModelCard]:
    needs_torch()
    card = load_card(path)
    backend = kind(LoadOptions(**options))
    backend.load(card, card.onnx_path)
    return backend, card


# --- what needs no torch


def test_it_is_a_backend_that_a_policy_can_name():
    backend = make_backend("torch", LoadOptions(precision="fp16"))
    assert isinstance(backend, Backend)
    assert backend.name == "torch"
    assert not backend.status().ready
    with pytest.raises(InferenceError, match="load it first"):
        backend.warm_up()
    backend.close()


def test_without_a_gpu_the_driver_is_missed_before_torch_is_imported(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "there is no GPU in this box")
    monkeypatch.setitem(sys.modules, "torch", None)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(NoDriverError, match="there is no GPU in this box"):
        make_backend("torch").load(card, card.onnx_path)


def test_without_torch_the_command_that_brings_it_is_named(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "")
    monkeypatch.setitem(sys.modules, "torch", None)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(BackendUnavailableError, match=r"torch cannot be imported .* pip install 'tapetum\[torch\]'"):
        make_backend("torch").load(card, card.onnx_path)


def test_int8_arithmetic_is_not_promised(weights: Path):
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(BackendUnavailableError, match="no int8 arithmetic"):
        make_backend("torch", LoadOptions(precision="int8")).load(card, card.onnx_path)


def test_an_int8_file_is_not_computed_as_fp32(weights: Path, edit_card: EditCard):
    card = load_card(edit_card("face_landmarks", {"precision": "int8"}))
    with pytest.raises(BackendUnavailableError, match="is int8, not fp32; use the file that it was quantised from"):
        make_backend("torch", LoadOptions(precision="fp32")).load(card, card.onnx_path)


# --- torch without CUDA, really


def test_a_torch_without_cuda_says_where_one_with_it_is(weights: Path, monkeypatch: pytest.MonkeyPatch):
    torch = needs_torch()
    if torch.version.cuda is not None:
        pytest.skip("the installed torch has CUDA")
    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "")
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(BackendUnavailableError, match="built without CUDA; install a build with it"):
        make_backend("torch").load(card, card.onnx_path)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("The NVIDIA driver on your system is too old (found version 11040).", WrongVersionError),
        ("Unexpected error from cudaGetDeviceCount()", NoDriverError),
    ],
)
def test_a_cuda_that_does_not_start_is_told_by_its_reason(
    weights: Path, monkeypatch: pytest.MonkeyPatch, said: str, kind: type[Exception]
):
    torch = needs_torch()

    def init() -> None:
        raise RuntimeError(said)

    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "")
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(torch.cuda, "init", init)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(kind, match=r"\(CUDA 13.0\) cannot use the GPU"):
        make_backend("torch").load(card, card.onnx_path)


def test_a_gpu_that_is_not_there_is_told_with_the_number_of_those_that_are(
    weights: Path, monkeypatch: pytest.MonkeyPatch
):
    torch = needs_torch()
    monkeypatch.setattr("engines.backends.torch_cuda.why_no_gpu", lambda: "")
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(torch.cuda, "init", lambda: None)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    card = load_card(weights / "face_landmarks.json")
    with pytest.raises(BackendUnavailableError, match="no GPU number 2: 2 found"):
        make_backend("torch", LoadOptions(device=2)).load(card, card.onnx_path)


# --- computing, on the CPU


@pytest.mark.parametrize("name", ["gray_to_depth", "depth_to_color", "face_landmarks"])
@pytest.mark.parametrize("faces", [1, 2, 3, 8, 19])
def test_any_number_of_faces_gives_what_the_reference_gives(weights: Path, name: str, faces: int):
    backend, card = loaded(weights / f"{name}.json")
    inputs = some_input(card, faces)
    ours, theirs = backend.infer(inputs), right_numbers(weights / f"{name}.json", inputs)
    assert ours.keys() == theirs.keys()
    for output, array in ours.items():
        assert array.dtype == np.float32
        np.testing.assert_allclose(array, theirs[output], atol=1e-4, rtol=0)
    backend.close()


@pytest.mark.parametrize("name", ["face_landmarks-plus", "face_verifier-plus"])
def test_shipped_models_in_half_precision_stay_close(name: str):
    path = WEIGHTS / f"{name}.json"
    backend, card = loaded(path, precision="fp16", buckets=(1, 4))
    inputs = some_input(card, 2)
    ours, theirs = backend.infer(inputs), right_numbers(path, inputs)
    assert backend.status().precision == "f16"
    for spec in card.outputs:
        wide = (spec.high or 1.0) - (spec.low or 0.0)
        np.testing.assert_allclose(ours[spec.name], theirs[spec.name], atol=0.01 * wide, rtol=0)
    assert any(ours[spec.name].tobytes() != theirs[spec.name].tobytes() for spec in card.outputs)


def test_a_face_s_bytes_depend_on_nothing_but_the_batch_that_the_status_names(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json", buckets=(1, 4))
    status = backend.status()
    assert (status.batch_rule, status.buckets) == ("bucket", (1, 4))
    assert [status.batch_of(n) for n in (1, 2, 4, 5, 9)] == [1, 4, 4, 4, 4]
    nine = some_input(card, 9)
    together = backend.infer(nine)
    backend.infer(some_input(card, 4, seed=5))  # leaves something in the buffers
    for pick in ([0, 1], [3, 4, 8], [8, 7, 6, 5]):
        part = backend.infer({n: a[pick] for n, a in nine.items()})
        assert {n: a.tobytes() for n, a in part.items()} == {n: a[pick].tobytes() for n, a in together.items()}


def test_two_fresh_loads_give_the_same_key_and_bytes_and_other_choices_another_key(weights: Path):
    path = weights / "gray_to_depth.json"
    first, card = loaded(path)
    second, _ = loaded(path)
    assert first.status().engine_key == second.status().engine_key
    assert first.status().engine_key.startswith("torch-")
    a, b = (backend.infer(some_input(card)) for backend in (first, second))
    assert {n: x.tobytes() for n, x in a.items()} == {n: x.tobytes() for n, x in b.items()}
    others = [loaded(path, precision="fp16")[0], loaded(path, buckets=(1,))[0]]
    assert len({backend.status().engine_key for backend in (first, *others)}) == 3


def test_it_says_that_it_is_unverified_until_it_was_checked(weights: Path, monkeypatch: pytest.MonkeyPatch):
    backend, _ = loaded(weights / "face_landmarks.json")
    assert backend.status().note.startswith("UNVERIFIED: has not run on a GPU yet")
    monkeypatch.setattr("engines.backends.torch_cuda.verified", lambda name: {"ok": True} if name == "torch" else None)
    assert loaded(weights / "face_landmarks.json")[0].status().note == ""


def test_results_are_the_callers_own(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json")
    first = backend.infer(some_input(card, seed=1))
    kept = {n: a.copy() for n, a in first.items()}
    backend.infer(some_input(card, seed=2))
    backend.close()
    for n, a in first.items():
        np.testing.assert_array_equal(a, kept[n])
        a += 1  # and may be written to


def test_24_threads_at_once_get_their_own_results(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json", buckets=(1, 2))
    inputs = [some_input(card, faces=1 + seed % 3, seed=seed) for seed in range(24)]
    right = [backend.infer(one)["points"].tobytes() for one in inputs]
    wrong: list[int] = []
    start = threading.Barrier(24)

    def call(i: int) -> None:
        start.wait()
        for _ in range(5):
            if backend.infer(inputs[i])["points"].tobytes() != right[i]:
                wrong.append(i)

    threads = [threading.Thread(target=call, args=(i,)) for i in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_after_the_warm_up_nothing_grows(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json", buckets=(1, 4))
    inputs = [some_input(card, faces) for faces in (1, 3, 6)]

    def rounds(count: int) -> None:
        for _ in range(count):
            for one in inputs:
                backend.infer(one)

    rounds(3)
    tracemalloc.start()
    try:
        rounds(3)
        before = tracemalloc.get_traced_memory()[0]
        rounds(30)
        assert tracemalloc.get_traced_memory()[0] - before < 4096
    finally:
        tracemalloc.stop()


def test_settings_of_torch_are_as_they_were_after_loading(weights: Path):
    torch = needs_torch()

    def now() -> list[Any]:
        cudnn, matmul = torch.backends.cudnn, torch.backends.cuda.matmul
        return [
            cudnn.benchmark,
            cudnn.deterministic,
            cudnn.allow_tf32,
            matmul.allow_fp16_reduced_precision_reduction,
            torch.get_float32_matmul_precision(),
            torch.is_inference_mode_enabled(),
        ]

    before = now()
    loaded(weights / "face_landmarks.json")
    assert now() == before


def test_nothing_is_computed_in_tf32_while_kernels_are_chosen():
    torch = needs_torch()
    from engines.backends.torch_cuda_slot import exact

    with exact(torch):
        assert torch.backends.cudnn.allow_tf32 is False
        assert torch.backends.cuda.matmul.allow_tf32 is False
        assert torch.backends.cudnn.deterministic
        assert not torch.backends.cudnn.benchmark


# --- bad input


def test_an_opset_that_nobody_knows_and_weights_elsewhere_are_refused(tmp_path: Path):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed (extra: torch)")
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)
    graph.op("Add", "x", graph.constant(np.ones((1, 4), np.float32)), to="y")
    graph.write(tmp_path, "sum")

    def spoilt(change: Any) -> Path:
        model = onnx.load_model_from_string(graph.to_bytes())
        change(model)
        data = model.SerializeToString()
        (tmp_path / "sum.onnx").write_bytes(data)
        card = json.loads((tmp_path / "sum.json").read_text())
        (tmp_path / "sum.json").write_text(json.dumps({**card, "sha256": hashlib.sha256(data).hexdigest()}))
        return tmp_path / "sum.json"

    def newer(model: Any) -> None:
        model.opset_import[0].version = 25

    def elsewhere(model: Any) -> None:
        model.graph.initializer[0].data_location = onnx.TensorProto.EXTERNAL
        model.graph.initializer[0].external_data.add(key="location", value="weights.bin")

    with pytest.raises(UnsupportedGraphError, match="of opset 25"):
        loaded(spoilt(newer))
    with pytest.raises(ModelFileError, match="lie in another file"):
        loaded(spoilt(elsewhere))


def test_bad_input_is_refused_before_it_reaches_torch(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json")
    good = some_input(card)
    (name,) = good
    for bad in ({}, {"x": good[name]}, {name: good[name][:, :, :-1]}, {name: good[name] * np.nan}):
        with pytest.raises(InputError):
            backend.infer(bad)
    backend.infer(good)


def test_a_result_that_is_no_number_is_no_result(tmp_path: Path):
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)
    graph.op("Log", "x", to="y")
    graph.write(tmp_path, "log")
    backend, _ = loaded(tmp_path / "log.json")
    backend.infer({"x": np.ones((3, 4), np.float32)})  # the padding's logarithms are nobody's result
    with pytest.raises(InferenceError, match="NaN or infinity in output y"):
        backend.infer({"x": -np.ones((1, 4), np.float32)})


def test_a_torn_file_and_another_card_are_refused(weights: Path, edit_card: EditCard):
    specs = json.loads((weights / "gray_to_depth.json").read_text())["outputs"]
    path = edit_card("gray_to_depth", {"outputs": [{**specs[0], "shape": ["N", 1, 95, 96]}, *specs[1:]]})
    with pytest.raises(ModelMismatchError, match=r"gray_to_depth\.onnx"):
        loaded(path)
    torn = (weights / "face_landmarks.onnx").read_bytes()[:700]
    (weights / "face_landmarks.onnx").write_bytes(torn)
    path = edit_card("face_landmarks", {"sha256": hashlib.sha256(torn).hexdigest()})
    with pytest.raises(ModelFileError, match="no whole ONNX file"):
        loaded(path)


def test_a_file_whose_shapes_are_only_found_by_computing_is_held_to_its_card(tmp_path: Path):
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", "M")}, generated=False)
    graph.op("Concat", "x", "x", to="y", axis=1)
    graph.outputs = {"y": ("N", "M")}
    data = graph.to_bytes()
    graph.outputs = {"y": ("N", 4)}
    graph.write(tmp_path, "wide")
    (tmp_path / "wide.onnx").write_bytes(data)
    card = json.loads((tmp_path / "wide.json").read_text())
    (tmp_path / "wide.json").write_text(json.dumps({**card, "sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(ModelMismatchError, match=r"computes outputs of .*\(8, 8\)"):
        loaded(tmp_path / "wide.json")


def test_an_operator_that_nobody_knows_is_refused_by_name(tmp_path: Path):
    graph = TinyGraph({"x": ("N", 3, 3)}, {"y": ("N",)}, generated=False)
    graph.op("Det", "x", to="y")
    graph.write(tmp_path, "det")
    with pytest.raises(UnsupportedGraphError, match="operator Det, opset 17"):
        loaded(tmp_path / "det.json")


def test_a_file_for_one_batch_only_is_computed_face_by_face(tmp_path: Path):
    graph = TinyGraph({"x": (1, 4)}, {"y": (1, 2, 2)}, generated=False)
    graph.op("Reshape", "x", graph.constant(np.array([1, 2, 2])), to="y")
    data = graph.to_bytes()
    graph.inputs, graph.outputs = {"x": ("N", 4)}, {"y": ("N", 2, 2)}
    graph.write(tmp_path, "one")
    (tmp_path / "one.onnx").write_bytes(data)
    card = json.loads((tmp_path / "one.json").read_text())
    (tmp_path / "one.json").write_text(json.dumps({**card, "sha256": hashlib.sha256(data).hexdigest()}))
    backend, _ = loaded(tmp_path / "one.json")
    assert backend.status().buckets == (1,)
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    np.testing.assert_array_equal(backend.infer({"x": x})["y"], x.reshape(3, 2, 2))


# --- CUDA graphs, pretended: what was captured is replayed on the same memory, as CUDA would


class PretendedGraph:
    """Records the calls of the capture and repeats them into the very tensors that they gave."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.replays = 0

    def replay(self) -> None:
        self.replays += 1
        for function, args, kwargs, out in self.calls:
            again = function(*args, **kwargs)
            for old, new in zip(*((x if isinstance(x, tuple | list) else (x,)) for x in (out, again)), strict=True):
                old.copy_(new)

    def pool(self) -> str:
        return "the pool"

    def reset(self) -> None:
        self.calls.clear()


class PretendedStream:
    def __init__(self, device: int) -> None:
        self.synchronized = 0

    def synchronize(self) -> None:
        self.synchronized += 1


def pretended_cuda(captures: list[dict[str, Any]]) -> Any:
    """torch, whose CUDA is pretended on the CPU."""
    torch = needs_torch()
    from torch.utils._python_dispatch import TorchDispatchMode

    class Record(TorchDispatchMode):
        def __init__(self, graph: PretendedGraph) -> None:
            super().__init__()
            self.graph = graph

        def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            out = function(*args, **(kwargs or {}))
            self.graph.calls.append((function, args, kwargs or {}, out))
            return out

    @contextmanager
    def graph(cuda_graph: PretendedGraph, **asked: Any) -> Iterator[None]:
        inspect.signature(torch.cuda.graph).bind(cuda_graph, **asked)  # as the real one takes it
        captures.append(asked)
        with Record(cuda_graph):
            yield

    class Torch:
        cuda = SimpleNamespace(
            CUDAGraph=PretendedGraph,
            graph=graph,
            stream=lambda stream: nullcontext(),
            OutOfMemoryError=torch.OutOfMemoryError,
        )

        def __getattr__(self, name: str) -> Any:
            return getattr(torch, name)

        def zeros(self, *shape: Any, pin_memory: bool = False, **rest: Any) -> Any:
            return torch.zeros(*shape, **rest)

    return Torch()


class Pretending(TorchCudaBackend):
    """The way through the capture, on the CPU."""

    captures: list[dict[str, Any]]

    def _import(self) -> Any:
        self.captures = []
        return pretended_cuda(self.captures)

    def _chosen(self, torch: Any) -> tuple[str, Any]:
        return "cpu", PretendedStream(0)


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_captured_calls_are_replayed_on_their_own_buffers(weights: Path, precision: Any):
    torch = needs_torch()
    path = weights / "face_landmarks.json"
    plain, card = loaded(path, precision=precision, buckets=(1, 2, 4))
    backend, _ = loaded(path, Pretending, precision=precision, buckets=(1, 2, 4))
    assert [asked["pool"] for asked in backend.captures] == [None, "the pool", "the pool"]
    assert {asked["capture_error_mode"] for asked in backend.captures} == {"thread_local"}
    for faces in (1, 3, 2, 11, 1):
        inputs = some_input(card, faces, seed=faces)
        ours, theirs = backend.infer(inputs), plain.infer(inputs)
        assert {n: a.tobytes() for n, a in ours.items()} == {n: a.tobytes() for n, a in theirs.items()}
    graphs = {bucket: slot._graph for bucket, slot in backend._slots.items()}
    assert {bucket: graph.replays for bucket, graph in graphs.items()} == {1: 2, 2: 1, 4: 4}
    with torch.inference_mode():
        backend._slots[1].timed(eager=True)()  # measuring leaves the buffers where they are
    inputs = some_input(card, seed=77)
    assert backend.infer(inputs)["points"].tobytes() == plain.infer(inputs)["points"].tobytes()
    backend.close()
    assert not graphs[1].calls


def test_the_real_cuda_graph_has_what_is_asked_of_it():
    torch = needs_torch()
    assert {"replay", "pool", "reset"} <= set(dir(torch.cuda.CUDAGraph))
    assert "synchronize" in dir(torch.cuda.Stream)


# --- failures of the device


def failing(backend: TorchCudaBackend, error: Exception) -> None:
    """Let the next calls fail as torch fails."""

    def run(*_: Any) -> None:
        raise error

    for slot in backend._slots.values():
        slot.run = run  # type: ignore[method-assign]  # the seam of these tests


def test_memory_that_does_not_suffice_fails_one_call_only(weights: Path):
    torch = needs_torch()
    backend, card = loaded(weights / "face_landmarks.json")
    slots = dict(backend._slots)
    failing(backend, torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"))
    with pytest.raises(DeviceMemoryError, match="GPU's memory does not suffice"):
        backend.infer(some_input(card))
    for slot in slots.values():
        del slot.run
    backend.infer(some_input(card))


@pytest.mark.parametrize(
    "said",
    [
        "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported",
        "CUDA error: unspecified launch failure",
        "CUDA error: device-side assert triggered",
        "CUDA error: uncorrectable ECC error encountered",
    ],
)
def test_a_lost_device_is_asked_nothing_more(weights: Path, said: str):
    backend, card = loaded(weights / "face_landmarks.json")
    failing(backend, RuntimeError(said))
    with pytest.raises(DeviceLostError, match="has given up"):
        backend.infer(some_input(card))
    assert not backend.status().ready
    assert "has given up" in backend.status().note
    with pytest.raises(DeviceLostError, match="has given up"):
        backend.infer(some_input(card))
    backend.close()
    with pytest.raises(InferenceError, match="closed"):
        backend.infer(some_input(card))


def test_any_other_failure_is_a_failed_call(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json")
    failing(backend, RuntimeError("CUDA error: invalid argument"))
    with pytest.raises(InferenceError, match="torch failed: CUDA error: invalid argument") as caught:
        backend.infer(some_input(card))
    assert type(caught.value) is InferenceError
    assert backend.status().ready


def test_a_gpu_that_this_torch_has_no_code_for_is_a_wrong_version():
    from engines.backends.torch_cuda_errors import load_error

    torch = SimpleNamespace(__version__="2.13", version=SimpleNamespace(cuda="13.0"), OutOfMemoryError=MemoryError)
    error = RuntimeError("CUDA error: no kernel image is available for execution on the device")
    assert isinstance(load_error(torch, "Model 1", error), WrongVersionError)
    assert isinstance(load_error(torch, "Model 1", RuntimeError("CUDA out of memory.")), DeviceMemoryError)
    assert type(load_error(torch, "Model 1", RuntimeError("cuDNN error"))) is BackendUnavailableError


# --- on a GPU


@pytest.fixture
def _gpu() -> None:
    needs_torch()
    if why := gpu.why_no_gpu():
        pytest.skip(f"needs an NVIDIA GPU: {why}")


@pytest.mark.gpu
@pytest.mark.usefixtures("_gpu")
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
@pytest.mark.parametrize("path", sorted(WEIGHTS.glob("*.json")), ids=lambda path: path.stem)
def test_on_a_gpu_every_shipped_model_is_captured_and_right(path: Path, precision: Any):
    backend, card = loaded(path, TorchCudaBackend, precision=precision)
    try:
        assert all(slot.captured for slot in backend._slots.values())
        for faces in (1, 3, 8, 11):
            inputs = some_input(card, faces, seed=faces)
            ours, theirs = backend.infer(inputs), right_numbers(path, inputs)
            for spec in card.outputs:
                wide = (spec.high or 1.0) - (spec.low or 0.0)
                loose = 0.2 if card.precision == "int8" else 1e-4 if precision == "fp32" else 0.02
                np.testing.assert_allclose(ours[spec.name], theirs[spec.name], atol=loose * wide, rtol=0)
            again = backend.infer(inputs)
            assert {n: a.tobytes() for n, a in again.items()} == {n: a.tobytes() for n, a in ours.items()}
    finally:
        backend.close()


@pytest.mark.gpu
@pytest.mark.usefixtures("_gpu")
def test_on_a_gpu_two_loads_give_the_same_bytes_and_24_threads_their_own():
    path = WEIGHTS / "face_landmarks-plus.json"
    (first, card), (second, _) = (
        loaded(path, TorchCudaBackend, precision="fp16"),
        loaded(path, TorchCudaBackend, precision="fp16"),
    )
    assert first.status().engine_key == second.status().engine_key
    inputs = [some_input(card, faces=1 + seed % 5, seed=seed) for seed in range(24)]
    right = [first.infer(one)["points"].tobytes() for one in inputs]
    assert right == [second.infer(one)["points"].tobytes() for one in inputs]
    wrong = wrong_from_threads(first, inputs, right, 20)
    first.close()
    second.close()
    assert wrong == []
