"""ONNX Runtime on the CPU: the fallback and the reference.

Measured with ONNX Runtime 1.31 on two cores with AVX-512, on networks of the shipped shapes and on quarter-width ones
of the papers' with random weights: results are byte-equal from run to run, from load to load, from process to process
and between 1, 2, 3, 4 and 8 threads, so the thread count is not part of the engine key. They lie within 1e-5 of
OpenVINO's in [-1, 1], and within 2e-4 px for landmarks. Faces computed in one batch are not byte-equal to single ones.

One face is computed by all threads. Of several faces each thread computes one by itself, for which there is a second
session of one thread: no thread waits for another, and the results have the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import (
    Arrays,
    BackendStatus,
    GraphTensor,
    LoadOptions,
    check_graph,
    checked_inputs,
    checked_outputs,
)
from engines.backends.cpu_precision import check_precision
from engines.backends.onnxruntime_library import import_onnxruntime
from engines.card import ModelCard, read_model
from engines.errors import BackendUnavailableError, InferenceError, ModelFileError, UnsupportedGraphError
from engines.key import KEY_FORMAT, cpu_fields, engine_key
from engines.onnx_file import check_onnx, operations
from engines.pool import OutputPool, Shared

_ERRORS_ONLY = 3
_INT8 = ("QLinearConv", "ConvInteger", "QLinearMatMul", "MatMulInteger", "QGemm", "DynamicQuantizeMatMul")
_FLOAT = ("Conv", "FusedConv", "ConvTranspose", "MatMul", "Gemm", "FusedMatMul", "FusedGemm")

WAITING = 2
"""Calls at a time beside those that the threads compute: while one computes, another's tensors are made known."""


@dataclass(frozen=True, slots=True)
class _Session:
    """A session, and what says where its tensors lie: each call needs one of these for itself."""

    session: Any
    bindings: Shared[Any]

    def compute(self, arrays: Arrays, results: Arrays, faces: range) -> None:
        """Compute these faces, read and written where they lie."""
        with self.bindings.one() as binding:
            tensors = [(binding.bind_input, n, a, a.__array_interface__["data"][0]) for n, a in arrays.items()]
            tensors += [(binding.bind_output, n, a, a.__array_interface__["data"][0]) for n, a in results.items()]
            for face in faces:
                for bind, name, array, start in tensors:
                    bind(name, "cpu", 0, np.float32, (1, *array.shape[1:]), start + face * array.strides[0])
                self.session.run_with_iobinding(binding)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """All that a call needs. Calls that are under way keep theirs when the model is closed."""

    card: ModelCard
    single: _Session
    streams: _Session | None
    workers: ThreadPoolExecutor | None
    outputs: OutputPool
    threads: int


class OnnxRuntimeBackend:
    """One model on ONNX Runtime's CPU provider, in the precision of its file."""

    name = "onnxruntime"

    def __init__(self, options: LoadOptions | None = None) -> None:
        self._options = options or LoadOptions()
        self._loaded: _Loaded | None = None
        self._status = BackendStatus(self.name, "CPU", "", "f32", "", self._options.threads, ready=False)

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        check_precision(card, self._options, "ONNX Runtime on the CPU")
        ort = import_onnxruntime()
        data = read_model(card, onnx_path)
        check_onnx(card, onnx_path, data)
        threads = self._options.threads
        int8 = layers = 0
        try:
            if card.precision == "int8":
                int8, layers = _int8_layers(ort, data)
            session = ort.InferenceSession(data, _options(ort, threads), providers=["CPUExecutionProvider"])
            apart = (
                ort.InferenceSession(data, _options(ort, 1), providers=session.get_providers()) if threads > 1 else None
            )
        except Exception as error:  # ONNX Runtime's errors share no base class but this
            raise _refused(card, onnx_path, error) from error
        check_graph(card, [_tensor(t) for t in session.get_inputs()], [_tensor(t) for t in session.get_outputs()])
        provider = session.get_providers()[0]
        if provider != "CPUExecutionProvider":
            raise BackendUnavailableError(f"{card.title}: ONNX Runtime was asked for the CPU, but runs on {provider}")
        note = ""
        if card.precision == "int8" and not int8:
            note = f"the file is int8, but ONNX Runtime computes all of its {layers} layers in float on this CPU"
            if self._options.precision == "int8":
                raise BackendUnavailableError(f"{card.title}: {note}; use the fp32 file")
        fields = {
            "format": KEY_FORMAT,
            "model": card.sha256,
            "backend": self.name,
            "version": str(ort.__version__),
            "provider": provider,
            "precision": "int8" if int8 else "f32",
            **({"int8_layers": f"{int8} of {layers}"} if layers else {}),
            **cpu_fields(),
        }
        if self._loaded is not None:
            self.close()
        self._loaded = _Loaded(
            card,
            _Session(session, Shared([session.io_binding() for _ in range(WAITING)])),
            _Session(apart, Shared([apart.io_binding() for _ in range(threads + WAITING)])) if apart else None,
            ThreadPoolExecutor(threads - 1, "onnxruntime") if apart else None,
            OutputPool({spec.name: spec.sizes[1:] for spec in card.outputs}),
            threads,
        )
        self._status = BackendStatus(
            self.name, "CPU", fields["version"], fields["precision"], engine_key(fields), threads, True, fields,
            note=note,
        )  # fmt: skip

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        loaded = self._loaded
        if loaded is None:
            raise InferenceError("this ONNX Runtime model is not loaded or was closed; load it first")
        arrays, faces = checked_inputs(loaded.card, inputs)
        results = loaded.outputs.take(faces)
        try:
            if loaded.streams and loaded.workers and faces > 1:
                _compute_apart(loaded, loaded.streams, loaded.workers, arrays, results, faces)
            else:
                loaded.single.compute(arrays, results, range(faces))
        except Exception as error:  # ONNX Runtime's errors share no base class but this
            raise InferenceError(f"{loaded.card.title}: ONNX Runtime failed: {_short(error)}") from error
        return checked_outputs(loaded.card, results)

    def warm_up(self) -> None:
        loaded = self._loaded
        if loaded is None:
            raise InferenceError("this ONNX Runtime model is not loaded or was closed; load it first")
        for faces in (1, loaded.threads) if loaded.streams else (1,):
            self.infer({s.name: np.zeros((faces, *s.sizes[1:]), np.float32) for s in loaded.card.inputs})

    def status(self) -> BackendStatus:
        return self._status

    def close(self) -> None:
        loaded, self._loaded = self._loaded, None
        self._status = replace(self._status, ready=False)
        if loaded and loaded.workers:
            loaded.workers.shutdown()


def _compute_apart(
    loaded: _Loaded, streams: _Session, workers: ThreadPoolExecutor, arrays: Arrays, results: Arrays, faces: int
) -> None:
    """Each thread computes some of the faces; those that are left over follow on all threads.

    A last round that would leave half of the threads idle or more is quicker on all threads.
    """
    threads = loaded.threads
    left = faces % threads
    together = faces - left if 2 * left <= threads else faces
    others: list[Future[None]] = []
    try:
        for first in range(1, min(threads, together)):
            others.append(workers.submit(streams.compute, arrays, results, range(first, together, threads)))
        streams.compute(arrays, results, range(0, together, threads))
    finally:
        failed = [error for other in others if (error := other.exception())]  # waits: they write into the results
    if failed:
        raise failed[0]
    loaded.single.compute(arrays, results, range(together, faces))


def _options(ort: Any, threads: int) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = _ERRORS_ONLY
    # idle workers sleep instead of spinning: the cores belong to the other models and threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _int8_layers(ort: Any, data: bytes) -> tuple[int, int]:
    """How many of the layers that do most of the work really run in int8, and how many there are.

    ONNX Runtime tells it in one way: it writes the graph that it made of the file.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs.onnx"
        options = _options(ort, 1)
        options.optimized_model_filepath = str(path)
        ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        found = operations(path.read_bytes())
    int8 = sum(found[kind] for kind in _INT8)
    return int8, int8 + sum(found[kind] for kind in _FLOAT)


def _tensor(node: Any) -> GraphTensor:
    shape = tuple(size if isinstance(size, int) else -1 for size in node.shape)
    dtype = {"tensor(float)": "float32", "tensor(float16)": "float16"}.get(node.type, node.type)
    return GraphTensor(node.name, shape, dtype)


def _refused(card: ModelCard, path: Path, error: Exception) -> ModelFileError | UnsupportedGraphError:
    """ONNX Runtime names what is wrong by the class of its exception, for operations in words only."""
    kind, words = type(error).__name__, str(error)
    unknown = "is not a registered function/op" in words or "No Op registered for" in words
    if unknown or kind == "NotImplemented":
        return UnsupportedGraphError(
            f"{card.title}: {path} holds operations that ONNX Runtime does not know: {_short(error)}; export the model "
            f"without them, or use another backend"
        )
    if "opset versions" in words or "IR version" in words:
        return UnsupportedGraphError(
            f"{card.title}: {path} is newer than what this ONNX Runtime reads: {_short(error)}; export it with opset 17"
        )
    return ModelFileError(f"{card.title}: ONNX Runtime cannot load {path}: {_short(error)}; export the model again")


def _short(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][-300:] if lines else type(error).__name__
