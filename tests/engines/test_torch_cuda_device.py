"""The torch backend and its device: failures, graphs that are captured, and (-m gpu) a real GPU.

Without a GPU a captured graph is pretended: it is replayed on the same memory, as CUDA would.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engines import gpu
from engines.backends.torch_cuda import TorchCudaBackend
from engines.errors import (
    BackendUnavailableError,
    DeviceLostError,
    DeviceMemoryError,
    InferenceError,
    WrongVersionError,
)
from engines.loading import WEIGHTS
from tests.engines.torch_on_cpu import loaded, needs_torch
from tests.helpers.backend_calls import right_numbers, some_input, wrong_from_threads


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
