"""ONNX Runtime on the CPU: the fallback and the reference.

Measured with ONNX Runtime 1.31 on two cores with AVX-512, on networks of the shipped shapes and on quarter-width ones
of the papers' with random weights: results are byte-equal from run to run, from load to load, from process to process
and between 1, 2, 3, 4 and 8 threads, so the thread count is not part of the engine key. They lie within 1e-5 of
OpenVINO's in [-1, 1], and within 2e-4 px for landmarks.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
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
from engines.card import ModelCard, read_model
from engines.errors import BackendUnavailableError, InferenceError, ModelFileError
from engines.key import KEY_FORMAT, cpu_fields, engine_key

_ERRORS_ONLY = 3


class OnnxRuntimeBackend:
    """One model on ONNX Runtime's CPU provider in float32."""

    name = "onnxruntime"

    def __init__(self, options: LoadOptions | None = None) -> None:
        self._options = options or LoadOptions()
        self._threads = threads = self._options.threads
        self._lock = threading.Lock()
        self._card: ModelCard | None = None
        self._session: Any = None
        self._status = BackendStatus(self.name, "CPU", "", "f32", "", threads, ready=False)

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        try:
            import onnxruntime as ort
        except ImportError as error:
            raise BackendUnavailableError(
                f"the package onnxruntime cannot be imported ({error}); run: pip install onnxruntime"
            ) from error
        ort.disable_telemetry_events()  # Windows builds trace their use
        data = read_model(card, onnx_path)
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = _ERRORS_ONLY
        # idle workers sleep instead of spinning: the cores belong to the other models and threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's errors share no base class but this
            raise ModelFileError(
                f"{card.title}: ONNX Runtime cannot load {onnx_path}: {_short(error)}; export the model again"
            ) from error
        check_graph(card, [_tensor(t) for t in session.get_inputs()], [_tensor(t) for t in session.get_outputs()])
        fields = {
            "format": KEY_FORMAT,
            "model": card.sha256,
            "backend": self.name,
            "version": str(ort.__version__),
            "provider": "CPUExecutionProvider",
            "precision": "f32",
            **cpu_fields(),
        }
        with self._lock:
            self._card = card
            self._session = session
            self._status = BackendStatus(
                self.name, "CPU", fields["version"], "f32", engine_key(fields), self._threads, True, fields
            )

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        with self._lock:
            card, session = self._card, self._session
            if card is None or session is None:
                raise InferenceError("this ONNX Runtime model is not loaded or was closed; load it first")
            arrays, batch = checked_inputs(card, inputs)
            names = [spec.name for spec in card.outputs]
            rows: list[list[NDArray[np.float32]]] = []
            try:
                for i in range(batch):
                    rows.append(session.run(names, {name: a[i : i + 1] for name, a in arrays.items()}))
            except Exception as error:  # ONNX Runtime's errors share no base class but this
                raise InferenceError(f"{card.title}: ONNX Runtime failed: {_short(error)}") from error
            if batch == 1:
                results = dict(zip(names, rows[0], strict=True))
            else:
                results = {name: np.concatenate([row[k] for row in rows]) for k, name in enumerate(names)}
            return checked_outputs(card, results)

    def warm_up(self) -> None:
        card = self._card
        if card is None:
            raise InferenceError("this ONNX Runtime model is not loaded or was closed; load it first")
        self.infer({spec.name: np.zeros(spec.sizes, np.float32) for spec in card.inputs})

    def status(self) -> BackendStatus:
        return self._status

    def close(self) -> None:
        with self._lock:
            s = self._status
            self._card, self._session = None, None
            self._status = BackendStatus(
                s.name, s.device, s.version, s.precision, s.engine_key, s.threads, False, s.key_fields
            )


def _tensor(node: Any) -> GraphTensor:
    shape = tuple(size if isinstance(size, int) else -1 for size in node.shape)
    dtype = {"tensor(float)": "float32", "tensor(float16)": "float16"}.get(node.type, node.type)
    return GraphTensor(node.name, shape, dtype)


def _short(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
