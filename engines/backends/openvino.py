"""OpenVINO on the CPU: the default backend.

Measured with OpenVINO 2026.4 on two cores with AVX-512, on networks of the shipped shapes and on quarter-width ones of
the papers' with random weights: results are byte-equal from run to run, from load to load and from process to process,
on an idle and on an overloaded machine. They are not byte-equal between instruction sets, nor, for the papers'
gray-to-depth network, between 1 and 2 threads (5e-6 apart; the other networks and the shipped ones are equal). The
engine key therefore holds the thread count that OpenVINO really took, which is at most the number of cores.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
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
from engines.card import ModelCard, TensorSpec, read_model
from engines.errors import BackendUnavailableError, InferenceError, ModelFileError
from engines.key import KEY_FORMAT, cpu_fields, engine_key

_IMPORTING = threading.Lock()
_CORES: list[Any] = []
"""The one Core of this process, once there is one."""


class OpenVinoBackend:
    """One model compiled for the CPU in float32, for the lowest latency of one face."""

    name = "openvino"

    def __init__(self, options: LoadOptions | None = None) -> None:
        self._options = options or LoadOptions()
        self._threads = threads = self._options.threads
        self._lock = threading.Lock()
        self._card: ModelCard | None = None
        self._request: Any = None
        # The request computes from and into these; what leaves this class is a copy.
        self._inputs: Arrays = {}
        self._outputs: Arrays = {}
        self._status = BackendStatus(self.name, "CPU", "", "f32", "", threads, ready=False)

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        ov = _import_openvino()
        data = read_model(card, onnx_path)
        try:
            core = _core(ov)
            model = core.read_model(model=data)
        except RuntimeError as error:
            raise ModelFileError(
                f"{card.title}: OpenVINO cannot read {onnx_path}: {_short(error)}; export the model again"
            ) from error
        check_graph(card, [_tensor(t) for t in model.inputs], [_tensor(t) for t in model.outputs])
        try:
            model.reshape({spec.name: list(spec.sizes) for spec in card.inputs})
            compiled = core.compile_model(
                model,
                "CPU",
                {
                    "INFERENCE_PRECISION_HINT": "f32",
                    "PERFORMANCE_HINT": "LATENCY",
                    "NUM_STREAMS": "1",
                    "INFERENCE_NUM_THREADS": str(self._threads),
                    # Pinned, the threads of two workers share one core and leave the other idle.
                    "ENABLE_CPU_PINNING": "NO",
                },
            )
            taken = int(compiled.get_property("INFERENCE_NUM_THREADS"))
            request = compiled.create_infer_request()
            inputs = _buffers(ov, request, compiled.input, card.inputs)
            outputs = _buffers(ov, request, compiled.output, card.outputs)
        except RuntimeError as error:
            raise BackendUnavailableError(
                f"{card.title}: OpenVINO cannot compile it for this CPU: {_short(error)}"
            ) from error
        fields = {
            "format": KEY_FORMAT,
            "model": card.sha256,
            "backend": self.name,
            "version": str(ov.__version__).split("-")[0],
            "build": str(ov.__version__),
            "precision": "f32",
            "threads": str(taken),
            **cpu_fields(),
        }
        with self._lock:
            self._card = card
            self._request = request
            self._inputs, self._outputs = inputs, outputs
            self._status = BackendStatus(
                self.name, "CPU", fields["version"], "f32", engine_key(fields), taken, True, fields
            )

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        with self._lock:
            card, request = self._card, self._request
            if card is None or request is None:
                raise InferenceError("this OpenVINO model is not loaded or was closed; load it first")
            arrays, batch = checked_inputs(card, inputs)
            results = {name: np.empty((batch, *a.shape[1:]), np.float32) for name, a in self._outputs.items()}
            try:
                for i in range(batch):
                    for name, buffer in self._inputs.items():
                        np.copyto(buffer[0], arrays[name][i])
                    request.infer()
                    for name, buffer in self._outputs.items():
                        np.copyto(results[name][i], buffer[0])
            except RuntimeError as error:
                raise InferenceError(f"{card.title}: OpenVINO failed: {_short(error)}") from error
            return checked_outputs(card, results)

    def warm_up(self) -> None:
        card = self._card
        if card is None:
            raise InferenceError("this OpenVINO model is not loaded or was closed; load it first")
        self.infer({spec.name: np.zeros(spec.sizes, np.float32) for spec in card.inputs})

    def status(self) -> BackendStatus:
        return self._status

    def close(self) -> None:
        with self._lock:
            s = self._status
            self._card, self._request, self._inputs, self._outputs = None, None, {}, {}
            self._status = BackendStatus(
                s.name, s.device, s.version, s.precision, s.engine_key, s.threads, False, s.key_fields
            )


def _core(ov: Any) -> Any:
    """The process's Core, made once and kept to the end.

    With a Core, OpenVINO puts a stack for signals of its own in the place of the thread's, and takes it away with the
    Core. Of two Cores that end in the order in which they began, the second puts a freed stack back: the next SIGTERM
    or Ctrl-C then ends the process with a segmentation fault.
    """
    with _IMPORTING:
        if not _CORES:
            _CORES.append(ov.Core())
        return _CORES[0]


def _import_openvino() -> Any:
    """Import OpenVINO without its telemetry.

    Its import sends usage statistics to a server and writes files to ~/intel, without asking. Nothing may leave a
    machine that watches people, so OpenVINO is made to take the stub that it brings for when the telemetry package
    is not installed.
    """
    modules: dict[str, Any] = sys.modules
    with _IMPORTING:
        hide = "openvino" not in modules and "openvino_telemetry" not in modules
        if hide:
            modules["openvino_telemetry"] = None  # bars the import
        try:
            import openvino
        except ImportError as error:
            raise BackendUnavailableError(
                f"the package openvino cannot be imported ({error}); run: pip install openvino"
            ) from error
        finally:
            if hide:
                del modules["openvino_telemetry"]
        return openvino


def _buffers(ov: Any, request: Any, port: Callable[[str], Any], specs: tuple[TensorSpec, ...]) -> Arrays:
    """Arrays at a batch of one that the request reads or writes in place."""
    buffers: Arrays = {}
    for spec in specs:
        buffers[spec.name] = np.zeros(spec.sizes, np.float32)
        request.set_tensor(port(spec.name), ov.Tensor(buffers[spec.name], shared_memory=True))
    return buffers


def _tensor(port: Any) -> GraphTensor:
    shape = tuple(int(d.get_length()) if d.is_static else -1 for d in port.partial_shape)
    dtype = {"f32": "float32", "f16": "float16"}.get(kind := port.element_type.get_type_name(), kind)
    names = port.get_names()
    return GraphTensor(port.get_any_name() if names else "(no name)", shape, dtype)


def _short(error: Exception) -> str:
    """The last telling line of an OpenVINO error, which carries source files and stack lines."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
