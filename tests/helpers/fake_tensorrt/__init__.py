"""A machine with an NVIDIA GPU and TensorRT 10 or 11, made of Python: for tests only.

    with installed(Machine(), major=11) as machine: ...

The two modules have the names, signatures and manners that the real ones document (tests/engines/test_tensorrt_api.py
compares them with the real ones), and the networks compute with ONNX Runtime, so that the numbers are right. Work that
is put on a stream is done when somebody waits for the stream, never before; memory is checked at every copy; whoever
uses a device from a thread that has not chosen it is refused. What the fake cannot show: speed, TensorRT's own rounding
and its choice of kernels, and whether the documentation is right.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from tests.helpers.fake_tensorrt.cuda_runtime import make_runtime
from tests.helpers.fake_tensorrt.machine import Machine, ProcessCrashError
from tests.helpers.fake_tensorrt.module import VERSIONS, make_tensorrt

__all__ = ["VERSIONS", "Machine", "ProcessCrashError", "installed"]


@contextmanager
def installed(machine: Machine, major: int = 11, version: str | None = None) -> Iterator[Machine]:
    """Let ``import tensorrt`` and ``import cuda.bindings.runtime`` find the fakes, which share one machine."""
    cuda, bindings = types.ModuleType("cuda"), types.ModuleType("cuda.bindings")
    runtime = make_runtime(machine)
    modules = {
        "cuda": cuda,
        "cuda.bindings": bindings,
        "cuda.bindings.runtime": runtime,
        "tensorrt": make_tensorrt(machine, major, version),
    }
    for name, module in modules.items():
        module.__spec__ = importlib.machinery.ModuleSpec(name, None)
    with mock.patch.dict(sys.modules, modules):
        yield machine
