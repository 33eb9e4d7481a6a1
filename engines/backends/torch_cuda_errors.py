"""What a failure of torch or CUDA means for whoever called: which of our errors it is."""

from __future__ import annotations

from typing import Any

from engines.errors import (
    BackendUnavailableError,
    DeviceLostError,
    DeviceMemoryError,
    EngineError,
    InferenceError,
    WrongVersionError,
)

_MEMORY = ("out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED", "cudaErrorMemoryAllocation")

STICKY = (
    46,  # devices unavailable
    100,  # no device
    101,  # invalid device
    214,  # uncorrectable ECC error
    220,  # NVLink, uncorrectable
    226,  # contained, the process must end
    700,  # illegal address
    702,  # launch timed out
    709,  # the context is destroyed
    710,  # device-side assert
    714,  # hardware stack error
    715,  # illegal instruction
    716,  # misaligned address
    717,  # invalid address space
    718,  # invalid program counter
    719,  # launch failure
    720,
    999,  # unknown
)
"""CUDA's codes after which a process gets nothing more from the device (driver_types.h: "must be terminated")."""

_LOST = (
    "illegal memory access",
    "unspecified launch failure",
    "device-side assert",
    "uncorrectable ECC",
    "uncorrectable NVLink",
    "misaligned address",
    "illegal instruction",
    "launch timed out",
    "hardware stack error",
    "invalid program counter",
    "operation not supported on global/shared address space",
    "context is destroyed",
    "no CUDA-capable device",
    "CUDA-capable device(s) is/are busy or unavailable",
    "GPU is lost",
    "CUDA error: unknown error",
)


def _said(error: Exception) -> str:
    """The first lines; torch adds advice for its developers behind them."""
    text = str(error).split("CUDA kernel errors might", 1)[0].split("Compile with", 1)[0]
    return " ".join(text.split())[:300] or type(error).__name__


def device_fault(torch: Any, title: str, error: Exception) -> InferenceError | None:
    """The error of the device itself: its memory, or that it is lost; None for any other."""
    said = _said(error)
    no_memory = getattr(torch, "OutOfMemoryError", None) or torch.cuda.OutOfMemoryError
    if isinstance(error, no_memory) or any(sign in said for sign in _MEMORY):
        return DeviceMemoryError(f"{title}: the GPU's memory does not suffice ({said}); free some, or use less of it")
    if getattr(error, "error_code", None) in STICKY or any(sign in said for sign in _LOST):
        return DeviceLostError(f"{title}: the GPU or its driver has given up ({said}); nothing more is computed on it")
    return None


def call_error(torch: Any, title: str, error: Exception) -> InferenceError:
    """The error that a failed call is answered with."""
    return device_fault(torch, title, error) or InferenceError(f"{title}: torch failed: {_said(error)}")


def load_error(torch: Any, title: str, error: Exception) -> EngineError:
    """The error that a failed load is answered with."""
    said = _said(error)
    if "no kernel image is available" in said or getattr(error, "error_code", None) == 209:
        return WrongVersionError(
            f"{title}: torch {torch.__version__} (CUDA {torch.version.cuda}) holds no code for this GPU ({said}); "
            "install a build of torch for it"
        )
    if "driver version is insufficient" in said or "PTX was compiled with an unsupported toolchain" in said:
        return WrongVersionError(
            f"{title}: the driver is too old for torch {torch.__version__} (CUDA {torch.version.cuda}): {said}"
        )
    fault = device_fault(torch, title, error)
    return fault or BackendUnavailableError(f"{title}: torch cannot prepare it for this GPU: {said}")
