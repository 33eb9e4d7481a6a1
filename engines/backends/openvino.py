"""OpenVINO on the CPU: the default backend.

Measured with OpenVINO 2026.4 on two cores with AVX-512, on networks of the shipped shapes and on quarter-width ones of
the papers' with random weights: results are byte-equal from run to run, from load to load and from process to process,
on an idle and on an overloaded machine. They are not byte-equal between instruction sets, nor, for some networks,
between 1 and 2 threads (the papers' gray-to-depth: 5e-6 apart). The engine key therefore holds the thread count that
OpenVINO really took, which is at most the number of cores.

One face is computed by all threads. Of several faces, each thread computes one by itself, which is 4 to 12 % quicker,
wherever that gives the same bytes: tried when the model is loaded; the engine key and the note say what was found.

Left to itself, OpenVINO computes in bfloat16 where the CPU has it, and says nothing. Here that happens only when it is
asked for, by the precision ``bf16``: twice as quick as float32 where the CPU multiplies bfloat16 (AVX-512 BF16, AMX).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
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
from engines.backends.openvino_library import import_openvino, openvino_core
from engines.card import ModelCard, TensorSpec, read_model
from engines.errors import BackendUnavailableError, InferenceError, ModelFileError, UnsupportedGraphError
from engines.key import KEY_FORMAT, cpu_fields, engine_key
from engines.onnx_file import check_onnx
from engines.pool import OutputPool, Shared

WAITING = 2
"""Requests for one face at a time: while one computes, the pixels of the next are copied."""

_COUNTED = ("Convolution", "Deconvolution", "FullyConnected", "MatMul")
_INT8 = ("i8", "u8")


@dataclass(slots=True, eq=False)
class _Request:
    """One of OpenVINO's requests with the arrays that it reads and writes in place, each at a batch of one."""

    request: Any
    inputs: Arrays
    outputs: Arrays

    def fill(self, arrays: Arrays, face: int) -> None:
        for name, buffer in self.inputs.items():
            buffer[0] = arrays[name][face]

    def give(self, results: Arrays, face: int) -> None:
        for name, buffer in self.outputs.items():
            results[name][face] = buffer[0]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """All that a call needs. Calls that are under way keep theirs when the model is closed."""

    card: ModelCard
    single: Shared[_Request]
    streams: Shared[_Request] | None
    outputs: OutputPool


class OpenVinoBackend:
    """One model compiled for the CPU, in the precision of its file."""

    name = "openvino"

    def __init__(self, options: LoadOptions | None = None) -> None:
        self._options = options or LoadOptions()
        self._loaded: _Loaded | None = None
        self._status = BackendStatus(self.name, "CPU", "", "f32", "", self._options.threads, ready=False)

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        check_precision(card, self._options, "OpenVINO on the CPU", others=("bf16",))
        ov = import_openvino()
        data = read_model(card, onnx_path)
        check_onnx(card, onnx_path, data)
        threads = self._options.threads
        floats = "bf16" if str(self._options.precision) == "bf16" else "f32"
        try:
            core = openvino_core()
            if floats == "bf16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
                raise BackendUnavailableError(f"{card.title}: this CPU does not compute in bf16; use fp32, or int8")
            model = core.read_model(model=data)
        except RuntimeError as error:
            raise _unreadable(card, onnx_path, error) from error
        check_graph(card, [_tensor(t) for t in model.inputs], [_tensor(t) for t in model.outputs])
        try:
            model.reshape({spec.name: list(spec.sizes) for spec in card.inputs})
            compiled = core.compile_model(model, "CPU", {**_config(threads, floats), "PERFORMANCE_HINT": "LATENCY"})
            device = " ".join(compiled.get_property("EXECUTION_DEVICES"))
            taken = int(compiled.get_property("INFERENCE_NUM_THREADS"))
            single = Shared([_request(ov, compiled, card) for _ in range(WAITING)])
            streams = None
            if taken > 1:
                apart = core.compile_model(model, "CPU", _config(taken, floats, streams=taken))
                several = Shared([_request(ov, apart, card) for _ in range(taken)])
                streams = several if _same_bytes(card, single, several) else None
            int8, all_layers = _layers(compiled)
            taken_floats = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        except RuntimeError as error:
            raise UnsupportedGraphError(
                f"{card.title}: OpenVINO cannot compile {onnx_path} for this CPU: {_short(error)}"
            ) from error
        if taken_floats != floats:
            raise BackendUnavailableError(f"{card.title}: OpenVINO was asked for {floats}, but takes {taken_floats}")
        if device != "CPU":
            raise BackendUnavailableError(f"{card.title}: OpenVINO was asked for the CPU, but computes on {device}")
        if self._options.precision == "int8" and not int8:
            raise BackendUnavailableError(
                f"{card.title}: OpenVINO computes all {all_layers} layers of {card.file} in float on this CPU, though "
                f"the file is int8; use the fp32 file"
            )
        precision = "int8" if int8 else floats
        fields = {
            "format": KEY_FORMAT,
            "model": card.sha256,
            "backend": self.name,
            "version": str(ov.__version__).split("-")[0],
            "build": str(ov.__version__),
            "precision": precision,
            "floats": floats,
            "int8_layers": f"{int8} of {all_layers}",
            "threads": str(taken),
            "streams": str(taken if streams else 1),
            **cpu_fields(),
        }
        notes = []
        if card.precision == "int8" and not int8:
            notes.append("the file is int8, but OpenVINO computes all of its layers in float on this CPU")
        if int8 and floats != "f32":
            notes.append(f"what is not int8 is computed in {floats}")
        if taken > 1 and streams is None:
            notes.append(f"several faces run one after another on {taken} threads: side by side, their bytes differ")
        self._loaded = _Loaded(card, single, streams, OutputPool({s.name: s.sizes[1:] for s in card.outputs}))
        self._status = BackendStatus(
            self.name, device, fields["version"], precision, engine_key(fields), taken, True, fields,
            note="; ".join(notes),
        )  # fmt: skip

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        loaded = self._loaded
        if loaded is None:
            raise InferenceError("this OpenVINO model is not loaded or was closed; load it first")
        arrays, faces = checked_inputs(loaded.card, inputs)
        results = loaded.outputs.take(faces)
        together = _side_by_side(faces, loaded.streams.count) if loaded.streams else 0
        try:
            if loaded.streams and together:
                _compute_apart(loaded.streams, arrays, results, together)
            if together < faces:
                with loaded.single.one() as one:
                    for face in range(together, faces):
                        one.fill(arrays, face)
                        one.request.infer()
                        one.give(results, face)
        except RuntimeError as error:
            raise InferenceError(f"{loaded.card.title}: OpenVINO failed: {_short(error)}") from error
        return checked_outputs(loaded.card, results)

    def warm_up(self) -> None:
        loaded = self._loaded
        if loaded is None:
            raise InferenceError("this OpenVINO model is not loaded or was closed; load it first")
        for faces in (1, loaded.streams.count) if loaded.streams else (1,):
            self.infer({s.name: np.zeros((faces, *s.sizes[1:]), np.float32) for s in loaded.card.inputs})

    def status(self) -> BackendStatus:
        return self._status

    def close(self) -> None:
        self._loaded = None
        self._status = replace(self._status, ready=False)


def _config(threads: int, floats: str, streams: int = 1) -> dict[str, str]:
    return {
        # else OpenVINO computes in bfloat16 wherever the CPU has it, and says nothing
        "INFERENCE_PRECISION_HINT": floats,
        "NUM_STREAMS": str(streams),
        "INFERENCE_NUM_THREADS": str(threads),
        # Pinned, the threads of two workers share one core and leave the other idle.
        "ENABLE_CPU_PINNING": "NO",
    }


def _side_by_side(faces: int, streams: int) -> int:
    """How many of the faces are computed side by side, one thread each; the others follow on all threads.

    A last round that would leave half of the threads idle or more is quicker on all threads.
    """
    left = faces % streams
    return faces - left if 2 * left <= streams else faces


def _compute_apart(streams: Shared[_Request], arrays: Arrays, results: Arrays, faces: int) -> None:
    """Compute the first faces, each by one thread, as many at once as there are requests free."""
    with streams.several(min(faces, streams.count)) as requests:
        started = 0
        done = 0
        try:
            for face in range(faces):
                one = requests[face % len(requests)]
                if face >= len(requests):
                    one.request.wait()
                    one.give(results, done)
                    done += 1
                one.fill(arrays, face)
                one.request.start_async()
                started += 1
            while done < faces:
                one = requests[done % len(requests)]
                one.request.wait()
                one.give(results, done)
                done += 1
        finally:
            for face in range(done, started):  # only after a failure: nobody may get a request that still runs
                with contextlib.suppress(RuntimeError):  # the first failure is the one that is told
                    requests[face % len(requests)].request.wait()


def _same_bytes(card: ModelCard, single: Shared[_Request], streams: Shared[_Request]) -> bool:
    """Whether a face computed by one thread has the bytes of one computed by all, tried on two faces."""
    rng = np.random.default_rng(0)
    for _ in range(2):
        face = {
            s.name: rng.uniform(
                -1.0 if s.low is None else s.low, 1.0 if s.high is None else s.high, s.sizes
            ).astype(np.float32)
            for s in card.inputs
        }  # fmt: skip
        with single.one() as one, streams.one() as other:
            one.fill(face, 0)
            one.request.infer()
            other.fill(face, 0)
            other.request.start_async()
            other.request.wait()
            if any(one.outputs[name].tobytes() != other.outputs[name].tobytes() for name in one.outputs):
                return False
    return True


def _request(ov: Any, compiled: Any, card: ModelCard) -> _Request:
    request = compiled.create_infer_request()
    inputs = _buffers(ov, request, compiled.input, card.inputs)
    return _Request(request, inputs, _buffers(ov, request, compiled.output, card.outputs))


def _buffers(ov: Any, request: Any, port: Callable[[str], Any], specs: tuple[TensorSpec, ...]) -> Arrays:
    """Arrays at a batch of one that the request reads or writes in place."""
    buffers: Arrays = {}
    for spec in specs:
        buffers[spec.name] = np.zeros(spec.sizes, np.float32)
        request.set_tensor(port(spec.name), ov.Tensor(buffers[spec.name], shared_memory=True))
    return buffers


def _layers(compiled: Any) -> tuple[int, int]:
    """How many of the layers that do most of the work really run in int8, and how many there are."""
    int8 = count = 0
    for node in compiled.get_runtime_model().get_ops():
        about = node.get_rt_info()
        if str(about["layerType"].astype(str)) in _COUNTED:
            count += 1
            int8 += str(about["runtimePrecision"].astype(str)) in _INT8
    return int8, count


def _tensor(port: Any) -> GraphTensor:
    shape = tuple(int(d.get_length()) if d.is_static else -1 for d in port.partial_shape)
    dtype = {"f32": "float32", "f16": "float16"}.get(kind := port.element_type.get_type_name(), kind)
    names = port.get_names()
    return GraphTensor(port.get_any_name() if names else "(no name)", shape, dtype)


def _unreadable(card: ModelCard, path: Path, error: RuntimeError) -> ModelFileError | UnsupportedGraphError:
    """OpenVINO has one kind of exception; what is wrong stands in the words."""
    for line in str(error).splitlines():
        _, found, operations = line.partition("No conversion rule found for operations:")
        if found:
            return UnsupportedGraphError(
                f"{card.title}: {path} holds operations that OpenVINO does not know: {operations.strip()}; export the "
                f"model without them, or use another backend"
            )
    if "OpConversionFailure" in str(error) or "OpValidationFailure" in str(error):
        return UnsupportedGraphError(f"{card.title}: OpenVINO cannot convert {path}: {_short(error)}")
    return ModelFileError(f"{card.title}: OpenVINO cannot read {path}: {_short(error)}; export the model again")


def _short(error: Exception) -> str:
    """The last telling line of an OpenVINO error, which carries source files and stack lines."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
