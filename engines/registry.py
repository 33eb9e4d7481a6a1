"""The backends that this program knows: one line each. Their modules are imported only when they are made."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from engines.backend import Backend, LoadOptions, Precision


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """What is known of a backend before anything of it is imported.

    Attributes:
        name: as policies spell it.
        title: for people.
        module, maker: where its class is; the class takes :class:`LoadOptions`.
        packages: import names that must be there, without which nothing needs to be tried.
        install: the command that brings them.
        precisions: that it can compute in; ``file`` and ``int8`` run whatever pairs the file has.
        needs_gpu: whether it computes on an NVIDIA GPU only.
        builds: whether its engine is built once on the machine, which takes long and is kept in the store.
        unverified: why nobody may trust it yet, until a check on the real device has written its report; or empty.
    """

    name: str
    title: str
    module: str
    maker: str
    packages: tuple[str, ...]
    install: str
    precisions: tuple[Precision, ...]
    needs_gpu: bool = False
    builds: bool = False
    unverified: str = ""


_KNOWN = (
    BackendInfo(
        "openvino",
        "OpenVINO on the CPU",
        "engines.backends.openvino",
        "OpenVinoBackend",
        ("openvino",),
        "pip install openvino",
        ("file", "fp32", "bf16", "int8"),
    ),
    BackendInfo(
        "onnxruntime",
        "ONNX Runtime on the CPU",
        "engines.backends.onnxruntime",
        "OnnxRuntimeBackend",
        ("onnxruntime",),
        "pip install onnxruntime",
        ("file", "fp32", "int8"),
    ),
    BackendInfo(
        "tensorrt",
        "TensorRT on an NVIDIA GPU",
        "engines.backends.tensorrt",
        "TensorRtBackend",
        ("tensorrt", "cuda", "onnx"),
        "pip install 'tapetum[tensorrt]'",
        ("file", "fp32", "fp16", "int8"),
        needs_gpu=True,
        builds=True,
        unverified="has not run on a GPU yet; `tapetum engines check --backend tensorrt` verifies it",
    ),
    BackendInfo(
        "torch",
        "torch with CUDA graphs on an NVIDIA GPU",
        "engines.backends.torch_cuda",
        "TorchCudaBackend",
        ("torch", "onnx"),
        "pip install 'tapetum[torch]'",
        ("file", "fp32", "fp16"),
        needs_gpu=True,
        unverified="has not run on a GPU yet; `tapetum engines check --backend torch` verifies it",
    ),
    BackendInfo(
        "onnxruntime-cuda",
        "ONNX Runtime on an NVIDIA GPU",
        "engines.backends.onnxruntime_cuda",
        "OnnxRuntimeCudaBackend",
        ("onnxruntime",),
        "pip uninstall onnxruntime; pip install onnxruntime-gpu",
        ("file", "fp32", "int8"),
        needs_gpu=True,
        unverified="has not run on a GPU yet; `tapetum engines check --backend onnxruntime-cuda` verifies it",
    ),
)

BACKENDS: Mapping[str, BackendInfo] = {info.name: info for info in _KNOWN}
"""Name -> what is known of it; the order is that in which a policy's ``prefer`` tries those that it does not name."""

CPU_BACKENDS: tuple[str, ...] = tuple(info.name for info in _KNOWN if not info.needs_gpu)


def make_backend(name: str, options: LoadOptions | None = None) -> Backend:
    """An unloaded backend. Imports its module, but no library: that happens in ``load``."""
    info = BACKENDS[name]
    return cast(Backend, getattr(importlib.import_module(info.module), info.maker)(options or LoadOptions()))
