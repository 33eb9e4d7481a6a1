"""The CUDA runtime as TensorRT's backend needs it: every status checked, every failure with its own error.

The package cuda-python brings the runtime library itself; only the driver must be there.
"""

from __future__ import annotations

import ctypes
import importlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.errors import (
    BackendUnavailableError,
    DeviceLostError,
    DeviceMemoryError,
    InferenceError,
    NoDriverError,
    WrongVersionError,
)
from engines.gpu import gpu_facts

log = logging.getLogger(__name__)

INSTALL = "pip install 'tapetum[tensorrt]'"

STICKY = frozenset(
    {
        "cudaErrorIllegalAddress",
        "cudaErrorLaunchTimeout",
        "cudaErrorLaunchFailure",
        "cudaErrorHardwareStackError",
        "cudaErrorIllegalInstruction",
        "cudaErrorMisalignedAddress",
        "cudaErrorInvalidAddressSpace",
        "cudaErrorInvalidPc",
        "cudaErrorAssert",
        "cudaErrorECCUncorrectable",
        "cudaErrorNvlinkUncorrectable",
        "cudaErrorContextIsDestroyed",
        "cudaErrorDevicesUnavailable",
        "cudaErrorDeviceUninitialized",
        "cudaErrorMpsServerNotReady",
        "cudaErrorCudartUnloading",
        "cudaErrorUnknown",
    }
)
"""After one of these the process can no longer use the device (CUDA Runtime API, the enumeration cudaError)."""


@dataclass(frozen=True, slots=True)
class Device:
    """One GPU and what drives it.

    Attributes:
        index: as CUDA counts.
        name: for people.
        compute: compute capability, e.g. ``8.9``.
        processors: number of streaming multiprocessors.
        memory: bytes.
        driver: the CUDA version that the driver can do, e.g. ``13.0``.
        kernel_driver: the driver's own version, e.g. ``580.65``; empty where it cannot be read.
        runtime: version of the CUDA runtime that this program calls.
    """

    index: int
    name: str
    compute: str
    processors: int
    memory: int
    driver: str
    kernel_driver: str
    runtime: str


class Cuda:
    """Calls into the CUDA runtime's Python bindings, each of which returns its status first."""

    def __init__(self, runtime: Any) -> None:
        self.rt = runtime

    def call(self, name: str, *args: Any) -> Any:
        """Call a function by name; returns what it gives beside the status (None, one value, or a tuple).

        Raises:
            DeviceMemoryError: no memory left on the device or, pinned, on the host.
            DeviceLostError: the device cannot be used any more by this process.
            InferenceError: any other status but success.
        """
        status, *rest = getattr(self.rt, name)(*args)
        if int(status) != 0:
            raise self.error(name, status)
        return rest[0] if len(rest) == 1 else tuple(rest) or None

    def error(self, name: str, status: Any) -> InferenceError:
        """The error that a status of a call means."""
        kind = getattr(status, "name", str(status))
        told = f"{name} gave {kind} ({self.text(status)})"
        if kind == "cudaErrorMemoryAllocation":
            self.rt.cudaGetLastError()  # not sticky: taken note of
            return DeviceMemoryError(f"the GPU's memory does not suffice: {told}")
        if kind in STICKY:
            return DeviceLostError(
                f"the GPU is lost to this process: {told}; the program must be started again to use it"
            )
        self.rt.cudaGetLastError()
        return InferenceError(f"the GPU refused a call: {told}")

    def text(self, status: Any) -> str:
        """CUDA's own words for a status."""
        told = self.rt.cudaGetErrorString(status)[-1]
        return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)

    def pending(self) -> InferenceError | None:
        """What went wrong in a call that told it to nobody, once; None where nothing did."""
        status = self.rt.cudaPeekAtLastError()[0]
        return None if int(status) == 0 else self.error("an earlier call", status)

    def free(self, name: str, *args: Any) -> None:
        """Release something: a lost device refuses even that, and nobody can do anything about it."""
        try:
            self.call(name, *args)
        except InferenceError as error:
            log.debug("%s", error)


def load_cuda() -> Cuda:
    """The CUDA runtime of the package cuda-python.

    Raises:
        BackendUnavailableError: it is not installed.
    """
    try:
        return Cuda(importlib.import_module("cuda.bindings.runtime"))
    except ImportError as first:
        try:
            return Cuda(importlib.import_module("cuda.cudart"))  # before cuda-python 12.8
        except ImportError:
            raise BackendUnavailableError(
                f"the package cuda-python cannot be imported ({first}); run: {INSTALL}"
            ) from first


def find_device(cuda: Cuda, index: int) -> Device:
    """Prove that there is a driver and a GPU, and make it this thread's. Asks CUDA only, never TensorRT, whose runtime
    ends the process where there is none.

    Raises:
        NoDriverError: no driver, or no GPU of that number.
        WrongVersionError: the driver is older than the CUDA runtime needs.
    """
    try:
        driver_status, driver = cuda.rt.cudaDriverGetVersion()
        _, runtime = cuda.rt.cudaRuntimeGetVersion()
        status, count = cuda.rt.cudaGetDeviceCount()
    except Exception as error:  # the bindings raise errors of their own kinds where a library cannot be loaded
        raise NoDriverError(f"the NVIDIA driver cannot be asked ({error}); install the driver") from error
    if int(driver_status) != 0 or not driver:
        raise NoDriverError(
            "there is no NVIDIA driver on this machine (CUDA finds none); TensorRT needs an NVIDIA GPU and its driver, "
            "see nvidia-smi"
        )
    if driver // 1000 < runtime // 1000:
        raise WrongVersionError(
            f"the NVIDIA driver can do CUDA {_version(driver)}, this cuda-python is made for {_version(runtime)}; "
            f"update the driver, or run: pip install 'cuda-python<{runtime // 1000}'"
        )
    if int(status) != 0:
        kind = getattr(status, "name", str(status))
        if kind == "cudaErrorInsufficientDriver":
            raise WrongVersionError(f"the NVIDIA driver is too old: {cuda.text(status)}; update it")
        raise NoDriverError(
            f"there is a driver, but no GPU that it can use: {kind} ({cuda.text(status)}); see nvidia-smi"
        )
    if not 0 <= index < count:
        raise NoDriverError(f"there is no GPU number {index}: the driver finds {count}, counted from 0")
    use_device(cuda, index)
    about = cuda.call("cudaGetDeviceProperties", index)
    name = about.name.decode("utf-8", "replace") if isinstance(about.name, bytes) else str(about.name)
    return Device(
        index,
        name.rstrip("\0"),
        f"{about.major}.{about.minor}",
        int(about.multiProcessorCount),
        int(about.totalGlobalMem),
        _version(driver),
        _kernel_driver(),
        _version(runtime),
    )


def use_device(cuda: Cuda, index: int) -> None:
    """Make a GPU this thread's: CUDA remembers it by thread."""
    cuda.call("cudaSetDevice", index)


def _version(number: int) -> str:
    return f"{number // 1000}.{number % 1000 // 10}"


def _kernel_driver(path: Path = Path("/sys/module/nvidia/version")) -> str:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:  # another system than Linux: nvidia-smi knows
        facts = gpu_facts()
        return facts.driver if facts else ""


class Buffer:
    """One tensor's memory on the device, and its page-locked twin on the host as a NumPy array."""

    def __init__(self, cuda: Cuda, shape: tuple[int, ...]) -> None:
        self._cuda = cuda
        self.nbytes = int(np.prod(shape)) * 4
        self.device = int(cuda.call("cudaMalloc", self.nbytes))
        try:
            self.pinned = int(cuda.call("cudaHostAlloc", self.nbytes, int(cuda.rt.cudaHostAllocDefault)))
        except InferenceError:
            cuda.free("cudaFree", self.device)
            raise
        memory = (ctypes.c_float * (self.nbytes // 4)).from_address(self.pinned)
        self.host: NDArray[np.float32] = np.ctypeslib.as_array(memory).reshape(shape)
        self.host[...] = 0

    def to_device(self, stream: Any) -> None:
        """Copy host to device, in the stream's order."""
        kind = self._cuda.rt.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._cuda.call("cudaMemcpyAsync", self.device, self.pinned, self.nbytes, kind, stream)

    def to_host(self, stream: Any) -> None:
        """Copy device to host, in the stream's order."""
        kind = self._cuda.rt.cudaMemcpyKind.cudaMemcpyDeviceToHost
        self._cuda.call("cudaMemcpyAsync", self.pinned, self.device, self.nbytes, kind, stream)

    def close(self) -> None:
        """Free both. The array ``host`` must not be used afterwards."""
        del self.host
        self._cuda.free("cudaFree", self.device)
        self._cuda.free("cudaFreeHost", self.pinned)
