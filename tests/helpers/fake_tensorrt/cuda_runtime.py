"""The fake of ``cuda.bindings.runtime``: the functions that the backend uses."""

from __future__ import annotations

import ctypes
import enum
import types
from collections.abc import Callable
from typing import Any

from tests.helpers.fake_tensorrt.machine import Machine, ProcessCrashError, Stream

cudaError_t = enum.IntEnum(
    "cudaError_t",
    {
        "cudaSuccess": 0,
        "cudaErrorInvalidValue": 1,
        "cudaErrorMemoryAllocation": 2,
        "cudaErrorInsufficientDriver": 35,
        "cudaErrorDevicesUnavailable": 46,
        "cudaErrorNoDevice": 100,
        "cudaErrorInvalidDevice": 101,
        "cudaErrorECCUncorrectable": 214,
        "cudaErrorInvalidResourceHandle": 400,
        "cudaErrorIllegalAddress": 700,
        "cudaErrorLaunchFailure": 719,
        "cudaErrorStreamCaptureUnsupported": 900,
        "cudaErrorStreamCaptureInvalidated": 901,
        "cudaErrorUnknown": 999,
    },
)

_STICKY = ("cudaErrorECCUncorrectable", "cudaErrorIllegalAddress", "cudaErrorLaunchFailure", "cudaErrorUnknown")

cudaMemcpyKind = enum.IntEnum("cudaMemcpyKind", {"cudaMemcpyHostToDevice": 1, "cudaMemcpyDeviceToHost": 2})

cudaStreamCaptureMode = enum.IntEnum(
    "cudaStreamCaptureMode",
    {"cudaStreamCaptureModeGlobal": 0, "cudaStreamCaptureModeThreadLocal": 1, "cudaStreamCaptureModeRelaxed": 2},
)


class cudaStream_t(int):
    """A stream's handle."""


class cudaGraph_t(int):
    """A graph's handle."""


class cudaGraphExec_t(int):
    """A launchable graph's handle."""


class cudaDeviceProp:
    """What a GPU is; the few fields that the backend reads."""

    def __init__(self) -> None:
        self.name = b""
        self.major = 0
        self.minor = 0
        self.multiProcessorCount = 0
        self.totalGlobalMem = 0


def make_runtime(machine: Machine) -> Any:
    """The module, bound to a machine."""
    ok = cudaError_t.cudaSuccess

    def failed(name: str) -> tuple[Any, ...]:
        machine.last_error = name
        return (cudaError_t[name],)

    def checked(count: int = 0) -> Callable[[Callable[..., tuple[Any, ...]]], Callable[..., tuple[Any, ...]]]:
        """Let the machine's faults come first; ``count`` values go with a status."""

        def wrap(function: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
            name = function.__name__

            def call(*args: Any) -> tuple[Any, ...]:
                with machine.lock:
                    machine.calls[name] += 1
                    if not machine.driver:
                        return (cudaError_t.cudaErrorInsufficientDriver, *[None] * count)
                    fault = machine.fail.pop(name, "")
                    if fault in _STICKY:
                        machine.lost = fault
                    if machine.lost or fault:
                        return (*failed(machine.lost or fault), *[None] * count)
                    given = function(*args)
                    return given if len(given) > 1 or given[0] == ok else (*given, *[None] * count)

            call.__name__ = name
            call.__wrapped__ = function  # type: ignore[attr-defined]  # inspect.signature looks for it
            return call

        return wrap

    def stream_of(stream: int) -> Stream | None:
        found = machine.streams.get(int(stream))
        return found if found is not None and found.device == machine.device else None

    def cudaDriverGetVersion() -> tuple[Any, ...]:
        return ok, machine.driver

    def cudaRuntimeGetVersion() -> tuple[Any, ...]:
        return ok, machine.runtime

    @checked(1)
    def cudaGetDeviceCount() -> tuple[Any, ...]:
        return (ok, len(machine.names)) if machine.names else failed("cudaErrorNoDevice")

    @checked()
    def cudaSetDevice(device: int) -> tuple[Any, ...]:
        if not 0 <= device < len(machine.names):
            return failed("cudaErrorInvalidDevice")
        machine.chosen.device = device
        return (ok,)

    @checked(1)
    def cudaGetDeviceProperties(device: int) -> tuple[Any, ...]:
        about = cudaDeviceProp()
        about.name = machine.names[device].encode()
        about.major, about.minor = machine.compute
        about.multiProcessorCount = machine.processors
        about.totalGlobalMem = machine.memory
        return ok, about

    def cudaGetErrorString(error: Any) -> tuple[Any, ...]:
        return ok, f"fake words for {cudaError_t(error).name}".encode()

    def cudaPeekAtLastError() -> tuple[Any, ...]:
        return (cudaError_t[machine.lost or machine.last_error or "cudaSuccess"],)

    def cudaGetLastError() -> tuple[Any, ...]:
        told, machine.last_error = cudaPeekAtLastError(), ""
        return told

    @checked(1)
    def cudaMalloc(size: int) -> tuple[Any, ...]:
        address = machine.allocate("device", size)
        return (ok, address) if address is not None else failed("cudaErrorMemoryAllocation")

    @checked(1)
    def cudaHostAlloc(size: int, flags: int) -> tuple[Any, ...]:
        return ok, machine.allocate("pinned", size)

    def release(address: int, where: str) -> tuple[Any, ...]:
        machine.memory_at(address, 1, where)
        del machine.allocations[address]
        return (ok,)

    @checked()
    def cudaFree(devPtr: int) -> tuple[Any, ...]:
        return release(devPtr, "device")

    @checked()
    def cudaFreeHost(ptr: int) -> tuple[Any, ...]:
        return release(ptr, "pinned")

    @checked()
    def cudaMemcpyAsync(dst: int, src: int, count: int, kind: Any, stream: Any) -> tuple[Any, ...]:
        found = stream_of(stream)
        if found is None:
            return failed("cudaErrorInvalidResourceHandle")
        to_device = kind == cudaMemcpyKind.cudaMemcpyHostToDevice
        a, b = ("device", "pinned") if to_device else ("pinned", "device")

        def copy() -> None:
            machine.memory_at(dst, count, a)
            machine.memory_at(src, count, b)
            ctypes.memmove(dst, src, count)

        (found.work if found.captured is None else found.captured).append(copy)
        return (ok,)

    @checked(1)
    def cudaStreamCreateWithFlags(flags: int) -> tuple[Any, ...]:
        handle = cudaStream_t(machine.handle())
        machine.streams[int(handle)] = Stream(machine.device)
        return ok, handle

    @checked()
    def cudaStreamDestroy(stream: Any) -> tuple[Any, ...]:
        return (ok,) if machine.streams.pop(int(stream), None) else failed("cudaErrorInvalidResourceHandle")

    @checked()
    def cudaStreamSynchronize(stream: Any) -> tuple[Any, ...]:
        found = stream_of(stream)
        if found is None:
            return failed("cudaErrorInvalidResourceHandle")
        if found.captured is not None:
            found.capture_broken = True
            return failed("cudaErrorStreamCaptureUnsupported")
        work, found.work = found.work, []
        for one in work:
            one()
            if machine.lost:
                return failed(machine.lost)
        return (ok,)

    @checked()
    def cudaStreamBeginCapture(stream: Any, mode: Any) -> tuple[Any, ...]:
        found = stream_of(stream)
        if found is None or found.captured is not None:
            return failed("cudaErrorInvalidResourceHandle")
        if mode != cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal:
            raise ProcessCrashError("a capture in another mode would forbid other threads their calls")
        found.captured, found.capture_broken = [], False
        return (ok,)

    @checked(1)
    def cudaStreamEndCapture(stream: Any) -> tuple[Any, ...]:
        found = stream_of(stream)
        if found is None or found.captured is None:
            return failed("cudaErrorInvalidValue")
        work, found.captured = found.captured, None
        if found.capture_broken:
            return failed("cudaErrorStreamCaptureInvalidated")
        handle = cudaGraph_t(machine.handle())
        machine.graphs[int(handle)] = work
        return ok, handle

    @checked(1)
    def cudaGraphInstantiate(graph: Any, flags: int) -> tuple[Any, ...]:
        handle = cudaGraphExec_t(machine.handle())
        machine.launchable[int(handle)] = (machine.device, list(machine.graphs[int(graph)]))
        return ok, handle

    @checked()
    def cudaGraphLaunch(graphExec: Any, stream: Any) -> tuple[Any, ...]:
        found, (device, work) = stream_of(stream), machine.launchable[int(graphExec)]
        if found is None or device != machine.device:
            return failed("cudaErrorInvalidResourceHandle")
        found.work.extend(work)
        return (ok,)

    @checked()
    def cudaGraphExecDestroy(graphExec: Any) -> tuple[Any, ...]:
        del machine.launchable[int(graphExec)]
        return (ok,)

    @checked()
    def cudaGraphDestroy(graph: Any) -> tuple[Any, ...]:
        del machine.graphs[int(graph)]
        return (ok,)

    module = types.ModuleType("cuda.bindings.runtime")
    for name, value in list(locals().items()):
        if name.startswith("cuda"):
            setattr(module, name, value)
    for kind in (cudaError_t, cudaMemcpyKind, cudaStreamCaptureMode, cudaStream_t, cudaDeviceProp):
        setattr(module, kind.__name__, kind)
    module.cudaHostAllocDefault = 0  # type: ignore[attr-defined]  # modules are written to like this
    module.cudaStreamNonBlocking = 1  # type: ignore[attr-defined]  # modules are written to like this
    return module
