"""ONNX Runtime on an NVIDIA GPU, by its CUDA execution provider.

ONNX Runtime falls back to the CPU in silence, when it loads (a library of CUDA is missing) and in the middle of a call.
Here both are errors: what really runs is read back from the session, and the fallback of a call is switched off.

Calls are padded with zeros to the bucket, one larger than the last is cut into pieces of that size: so kernels are
chosen for few shapes, and the memory stops growing after the first call of each. cuDNN's rules choose them, not a
measurement, whose winner may differ from load to load. Float32 is not TF32. A plain run is used rather than bound
buffers: the copies are the same, and outputs are the caller's own.
"""

from __future__ import annotations

import logging
import os
import platform
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
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
from engines.backends.onnxruntime_library import SILENCE, import_onnxruntime
from engines.card import ModelCard, read_model
from engines.errors import (
    BackendUnavailableError,
    DeviceLostError,
    DeviceMemoryError,
    InferenceError,
    ModelFileError,
    NoDriverError,
    UnsupportedGraphError,
    WrongVersionError,
)
from engines.gpu import Gpu, gpu_facts, why_no_gpu
from engines.key import KEY_FORMAT, engine_key
from engines.onnx_file import check_onnx
from engines.registry import BACKENDS
from engines.verified import verified

log = logging.getLogger(__name__)

PROVIDER = "CUDAExecutionProvider"

MEMORY_LIMIT = 2 * 2**30
"""Bytes of a model's arena on the GPU. The papers' largest network takes a quarter of it at a batch of 8."""

_ERRORS_ONLY = 3
_ASK_TIMEOUT_S = 60.0

# so heavy that they must not run on the CPU in secret; shapes and indices are computed there on purpose
_HEAVY = {"Conv", "ConvTranspose", "Gemm", "MatMul", "QLinearConv", "FusedConv", "NhwcFusedConv"}

_MEMORY = (
    "out of memory",
    "Failed to allocate memory",
    "bad allocation",
    "ALLOC_FAILED",
    "BFCArena",
    "CUDA failure 2:",
)
_LOST = (
    "illegal memory access",
    "unspecified launch failure",
    "device-side assert",
    "uncorrectable ECC",
    "misaligned address",
    "launch timed out",
    "no CUDA-capable device",
    "GPU is lost",
    "CUDA failure 999",
)
_VERSION = ("driver version is insufficient", "no kernel image", "CUDA failure 35:", "CUDA failure 209:")
_UNSUPPORTED = ("NOT_IMPLEMENTED", "Could not find an implementation", "Unsupported model IR version", "is till opset")


class OnnxRuntimeCudaBackend:
    """One model on one GPU. Calls from several threads wait for each other: the arena and the stream are one."""

    name = "onnxruntime-cuda"

    def __init__(self, options: LoadOptions | None = None) -> None:
        self._options = options or LoadOptions()
        self._lock = threading.Lock()
        self._card: ModelCard | None = None
        self._session: Any = None
        self._lost = ""
        self._status = BackendStatus(self.name, "cuda", "", "f32", "", 1, ready=False)

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        if self._options.precision == "fp16":
            raise BackendUnavailableError(
                f"{card.title}: ONNX Runtime computes in what the file says; ask for fp32, or for torch:fp16"
            )
        check_precision(card, self._options, self.name)
        if why := why_no_gpu():
            raise NoDriverError(f"ONNX Runtime cannot compute on a GPU: {why}")
        ort = _import()
        data = read_model(card, onnx_path)
        check_onnx(card, onnx_path, data)
        facts, number = gpu_facts(), self._options.device
        gpus = facts.gpus if facts is not None else ()
        if not 0 <= number < len(gpus):
            raise BackendUnavailableError(f"there is no GPU number {number}: {len(gpus)} found, counted from 0")
        session = _session(ort, card, data, onnx_path, number)
        _check_what_runs(ort, session, card, onnx_path, number)
        check_graph(card, [_tensor(t) for t in session.get_inputs()], [_tensor(t) for t in session.get_outputs()])
        driver = (facts.driver or f"of CUDA {facts.cuda}") if facts is not None else ""
        status = self._told(ort, card, session, gpus[number], driver)
        with self._lock:
            self._card, self._session, self._lost, self._status = card, session, "", status

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        card = self._loaded()
        arrays, faces = checked_inputs(card, inputs)
        names = [spec.name for spec in card.outputs]
        with self._lock:
            self._loaded()  # nobody has closed it since
            bucket = self._status.batch_of(faces)
            pieces: list[list[NDArray[np.float32]]] = []
            try:
                for start in range(0, faces, bucket):
                    piece = {name: _padded(a[start : start + bucket], bucket) for name, a in arrays.items()}
                    pieces.append(self._session.run(names, piece))
            except Exception as error:  # ONNX Runtime's errors share no base class but this
                fault = _call_error(card, error)
                if isinstance(fault, DeviceLostError):
                    self._let_go(str(fault))
                raise fault from error
        if len(pieces) == 1 and faces == bucket:
            return checked_outputs(card, dict(zip(names, pieces[0], strict=True)))
        joined = {name: np.concatenate([piece[k] for piece in pieces])[:faces] for k, name in enumerate(names)}
        return checked_outputs(card, joined)

    def warm_up(self) -> None:
        """Every bucket once: each is a new shape, for which kernels are chosen and memory is taken."""
        card = self._loaded()
        for bucket in self._status.buckets:
            self.infer({spec.name: np.zeros((bucket, *spec.sizes[1:]), np.float32) for spec in card.inputs})

    def status(self) -> BackendStatus:
        return self._status

    def close(self) -> None:
        with self._lock:
            self._let_go("")

    def _loaded(self) -> ModelCard:
        if self._card is None:
            if self._lost:
                raise DeviceLostError(self._lost)
            raise InferenceError("this ONNX Runtime model is not loaded or was closed; load it first")
        return self._card

    def _let_go(self, lost: str) -> None:
        self._card, self._session, self._lost = None, None, lost
        self._status = replace(self._status, ready=False, note=lost or self._status.note)

    def _told(self, ort: Any, card: ModelCard, session: Any, gpu: Gpu, driver: str) -> BackendStatus:
        fixed = {size for t in session.get_inputs() if isinstance(size := t.shape[0], int)}
        buckets = tuple(sorted(fixed or set(self._options.buckets)))
        fields = {
            "format": KEY_FORMAT,
            "model": card.sha256,
            "backend": self.name,
            "version": str(ort.__version__),
            "build": str(ort.get_build_info()),
            "cuda": str(getattr(ort, "cuda_version", "")),
            "provider": PROVIDER,
            "precision": "f32",
            "driver": driver,
            "gpu": gpu.name,
            "capability": ".".join(map(str, gpu.capability)),
            "multiprocessors": str(gpu.multiprocessors),
            "tf32": "off",
            "kernels": "deterministic, by cuDNN's rules",
            "buckets": ", ".join(map(str, buckets)),
            "os": f"{platform.system()} {platform.machine()}",
        }
        note = "" if verified(self.name) else f"UNVERIFIED: {BACKENDS[self.name].unverified}"
        key = engine_key(fields)
        return BackendStatus(
            self.name, gpu.name, fields["version"], "f32", key, 1, True, fields, "bucket", buckets, note
        )


def _import() -> Any:
    """onnxruntime, once it is sure that it was built with CUDA.

    Raises:
        BackendUnavailableError: it is not there, or it is the build for the CPU.
    """
    how = BACKENDS[OnnxRuntimeCudaBackend.name].install
    ort = import_onnxruntime("onnxruntime-gpu")
    available = ort.get_available_providers()
    if PROVIDER not in available:
        raise BackendUnavailableError(
            f"the installed onnxruntime {ort.__version__} is a build without CUDA (it has {', '.join(available)}); "
            f"run: {how}"
        )
    preload = getattr(ort, "preload_dlls", None)  # since 1.21
    if preload is not None:
        # finds CUDA's libraries where pip puts them; it prints what it misses, and stdout belongs to the commands
        vars(ort).setdefault("print", lambda *said: log.debug("%s", " ".join(map(str, said))))
        preload()
    return ort


def provider_options(device: int) -> dict[str, str]:
    """What the CUDA provider is told; ONNX Runtime takes text only."""
    return {
        "device_id": str(device),
        "use_tf32": "0",
        "cudnn_conv_algo_search": "HEURISTIC",
        "gpu_mem_limit": str(MEMORY_LIMIT),
        "arena_extend_strategy": "kSameAsRequested",
        "do_copy_in_default_stream": "1",
    }


def _session(ort: Any, card: ModelCard, data: bytes, onnx_path: Path, device: int) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    try:
        return ort.InferenceSession(data, options, providers=[(PROVIDER, provider_options(device))], enable_fallback=0)
    except Exception as error:  # ONNX Runtime's errors share no base class but this
        said = _short(error)
        if any(sign in said for sign in _VERSION):
            raise WrongVersionError(f"{card.title}: ONNX Runtime {ort.__version__} and the driver: {said}") from error
        fault = _device_error(card, said)
        if fault is not None:
            raise fault from error
        if "CUDA" in said or "cuDNN" in said or "CUDNN" in said:
            raise BackendUnavailableError(f"{card.title}: ONNX Runtime cannot use the GPU: {said}") from error
        if any(sign in said for sign in _UNSUPPORTED):
            raise UnsupportedGraphError(f"{card.title}: ONNX Runtime cannot run {onnx_path}: {said}") from error
        raise ModelFileError(
            f"{card.title}: ONNX Runtime cannot load {onnx_path}: {said}; export the model again"
        ) from error


def _check_what_runs(ort: Any, session: Any, card: ModelCard, onnx_path: Path, device: int) -> None:
    """Prove that the GPU computes the model.

    Raises:
        BackendUnavailableError: ONNX Runtime fell back to the CPU without a word to us; with what it logged.
    """
    running = session.get_providers()
    if PROVIDER not in running:
        raise BackendUnavailableError(
            f"{card.title}: ONNX Runtime {ort.__version__} would have computed on the CPU ({', '.join(running)}) "
            f"instead of the GPU: {why_it_fell_back(onnx_path, device)}"
        )
    session.disable_fallback()  # of single calls
    ask = getattr(session, "get_provider_graph_assignment_info", None)
    if ask is None:  # older than 1.24
        return
    elsewhere = [
        node.op_type
        for part in ask()
        if part.ep_name != PROVIDER
        for node in part.get_nodes()
        if node.op_type in _HEAVY
    ]
    if elsewhere:
        kinds = ", ".join(sorted(set(elsewhere)))
        raise BackendUnavailableError(
            f"{card.title}: ONNX Runtime would compute {len(elsewhere)} of its layers ({kinds}) on the CPU: the CUDA "
            "provider has no code for them"
        )


_LOG_MARKS = re.compile(r"\x1b\[[\d;]*m|.*\[[A-Z]:onnxruntime:[^\]]*\]|.*\[ONNXRuntimeError\] : \d+ : \w+ : ")
"""Colours, time and source file, which begin every line of the log."""

_ASK = """
import sys
import onnxruntime as ort
ort.InferenceSession(sys.argv[1], providers=[("CUDAExecutionProvider", {"device_id": sys.argv[2]})], enable_fallback=0)
"""


def why_it_fell_back(onnx_path: Path, device: int) -> str:
    """What ONNX Runtime logs about it, which it writes to stderr only: so it is asked again in a child process."""
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-c", _ASK, str(onnx_path), str(device)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ASK_TIMEOUT_S,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, SILENCE: "1"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"the reason could not be found out ({error})"
    said = dict.fromkeys(_LOG_MARKS.sub("", line).strip() for line in child.stderr.splitlines())
    telling = [line for line in said if "Failed to" in line or "CUDAExecutionProvider" in line or "error:" in line]
    telling.sort(key=lambda line: "Failed to load" not in line)  # the library that is missing says most
    return "; ".join(telling)[:600] or "it gave no reason"


def _padded(array: NDArray[np.float32], bucket: int) -> NDArray[np.float32]:
    if len(array) == bucket:
        return array
    padded = np.zeros((bucket, *array.shape[1:]), np.float32)
    padded[: len(array)] = array
    return padded


def _device_error(card: ModelCard, said: str) -> InferenceError | None:
    if any(sign in said for sign in _MEMORY):
        return DeviceMemoryError(f"{card.title}: the GPU's memory does not suffice ({said}); free some")
    if any(sign in said for sign in _LOST):
        return DeviceLostError(
            f"{card.title}: the GPU or its driver has given up ({said}); nothing more is computed on it"
        )
    return None


def _call_error(card: ModelCard, error: Exception) -> InferenceError:
    said = _short(error)
    return _device_error(card, said) or InferenceError(f"{card.title}: ONNX Runtime failed: {said}")


def _tensor(node: Any) -> GraphTensor:
    shape = tuple(size if isinstance(size, int) else -1 for size in node.shape)
    dtype = {"tensor(float)": "float32", "tensor(float16)": "float16"}.get(node.type, node.type)
    return GraphTensor(node.name, shape, dtype)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:400] or type(error).__name__
