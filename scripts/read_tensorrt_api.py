"""Reads the names and signatures of the real TensorRT and CUDA bindings that this program relies on, without a GPU.

    pip install tensorrt_cu13_bindings==11.4.0.106 cuda-bindings    # in an environment of its own; so, too, 10.16.1.11
    python scripts/read_tensorrt_api.py tests/helpers/tensorrt_api.json

adds what it finds to the file, under the versions found. The bindings need the libraries of TensorRT, which are large
and lie on NVIDIA's own index; only their names are asked for here, so empty ones take their place, made by the C
compiler (gcc or cc). The tests import this file.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import inspect
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

TENSORRT = {
    "Builder": [
        "__init__",
        "build_serialized_network",
        "create_builder_config",
        "create_network",
        "create_optimization_profile",
    ],
    "BuilderFlag": [],
    "DataType": [],
    "Dims": [],
    "IBuilderConfig": [
        "add_optimization_profile",
        "builder_optimization_level",
        "clear_flag",
        "max_aux_streams",
        "progress_monitor",
        "set_flag",
        "set_memory_pool_limit",
    ],
    "ICudaEngine": [
        "create_execution_context",
        "get_tensor_dtype",
        "get_tensor_mode",
        "get_tensor_name",
        "get_tensor_profile_shape",
        "get_tensor_shape",
        "num_io_tensors",
        "num_optimization_profiles",
    ],
    "IExecutionContext": [
        "execute_async_v3",
        "get_tensor_shape",
        "infer_shapes",
        "set_input_shape",
        "set_optimization_profile_async",
        "set_tensor_address",
    ],
    "IHostMemory": ["nbytes"],
    "ILogger": ["__init__", "log", "Severity", "INTERNAL_ERROR", "ERROR", "WARNING", "INFO", "VERBOSE"],
    "ILogger.Severity": [],
    "INetworkDefinition": ["get_input", "get_output", "num_inputs", "num_outputs"],
    "IOptimizationProfile": ["set_shape"],
    "IProgressMonitor": ["__init__", "phase_finish", "phase_start", "step_complete"],
    "ITensor": ["dtype", "name", "shape"],
    "MemoryPoolType": [],
    "NetworkDefinitionCreationFlag": [],
    "OnnxParser": ["__init__", "get_error", "num_errors", "parse"],
    "ParserError": ["desc", "node", "node_name", "node_operator"],
    "Runtime": ["__init__", "deserialize_cuda_engine"],
    "TensorIOMode": [],
}
"""Class -> what is used of it. Enumerations are read whole."""

CUDA_FUNCTIONS = [
    "cudaDriverGetVersion",
    "cudaFree",
    "cudaFreeHost",
    "cudaGetDeviceCount",
    "cudaGetDeviceProperties",
    "cudaGetErrorString",
    "cudaGetLastError",
    "cudaGraphDestroy",
    "cudaGraphExecDestroy",
    "cudaGraphInstantiate",
    "cudaGraphLaunch",
    "cudaHostAlloc",
    "cudaMalloc",
    "cudaMemcpyAsync",
    "cudaPeekAtLastError",
    "cudaRuntimeGetVersion",
    "cudaSetDevice",
    "cudaStreamBeginCapture",
    "cudaStreamCreateWithFlags",
    "cudaStreamDestroy",
    "cudaStreamEndCapture",
    "cudaStreamSynchronize",
]
CUDA_ENUMS = ["cudaError_t", "cudaMemcpyKind", "cudaStreamCaptureMode"]
CUDA_CONSTANTS = ["cudaHostAllocDefault", "cudaStreamNonBlocking"]
CUDA_PROPERTIES = ["name", "major", "minor", "multiProcessorCount", "totalGlobalMem"]

_STUB = "void *%s(void) { return 0; }\n"
_ENTRIES = (
    "createInferBuilder_INTERNAL",
    "createInferRefitter_INTERNAL",
    "createInferRuntime_INTERNAL",
    "createNvOnnxParserRefitter_INTERNAL",
    "createNvOnnxParser_INTERNAL",
    "getBuilderPluginRegistry",
    "getNvOnnxParserVersion",
    "getPluginRegistry",
    "initLibNvInferPlugins",
)


def import_tensorrt() -> Any:
    """The module tensorrt, or its bindings alone over empty libraries.

    Raises:
        ImportError: neither is installed, or there is no C compiler for the empty libraries.
    """
    try:
        return importlib.import_module("tensorrt")
    except ImportError:
        pass
    try:
        return importlib.import_module("tensorrt_bindings")
    except ImportError as error:
        missing = re.search(r"\.so\.(\d+): cannot open", str(error))
        if missing is None:
            raise
    _load_stubs(missing[1])
    for name in [n for n in sys.modules if n.split(".")[0] == "tensorrt_bindings"]:
        del sys.modules[name]  # half imported
    return importlib.import_module("tensorrt_bindings")


def _load_stubs(major: str) -> None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise ImportError("the bindings need TensorRT's libraries, or a C compiler to make empty ones")
    with tempfile.TemporaryDirectory() as folder:
        for library in ("nvinfer", "nvinfer_plugin", "nvonnxparser"):
            source, made = Path(folder, f"{library}.c"), Path(folder, f"lib{library}.so.{major}")
            source.write_text("".join(_STUB % name for name in _ENTRIES) if library == "nvinfer" else "int unused;\n")
            subprocess.run([compiler, "-shared", "-fPIC", f"-Wl,-soname,{made.name}", "-o", made, source], check=True)
            ctypes.CDLL(str(made), mode=ctypes.RTLD_GLOBAL)


def parameters(doc: str, name: str) -> list[list[str]]:
    """Parameter names of each overload, without self, from the first lines that the binding generators write."""
    found = []
    for match in re.finditer(rf"^(?:\d+\. )?{re.escape(name)}\((.*)$", doc, re.MULTILINE):
        if match[1].startswith("*args"):
            continue
        names, depth, part = [], 0, ""
        for char in match[1]:
            if char == ")" and depth == 0:
                break
            depth += {"(": 1, "[": 1, "<": 1, ")": -1, "]": -1, ">": -1}.get(char, 0)
            if char == "," and depth == 0:
                names.append(_name(part))
                part = ""
            else:
                part += char
        names.append(_name(part))
        found.append([n for n in names if n and n != "self"])
    return found


def _name(part: str) -> str:
    """``size_t size``, ``kind: cudaMemcpyKind``, ``flags: int = 0``: the parameter's name."""
    words = part.split(":")[0].split("=")[0].split()
    return words[-1] if words else ""


def read_tensorrt(trt: Any) -> dict[str, Any]:
    """Class -> name -> overloads' parameters, None for what is no function; enumerations -> member -> value."""
    told: dict[str, Any] = {}
    for path, names in TENSORRT.items():
        kind = trt
        for part in path.split("."):
            kind = getattr(kind, part)
        members = getattr(kind, "__members__", None)
        if members is not None:
            told[path] = {name: int(value) for name, value in sorted(members.items())}
            continue
        told[path] = {}
        for name in names:
            value = inspect.getattr_static(kind, name)
            doc = getattr(getattr(kind, name), "__doc__", "") or ""
            is_function = (
                callable(getattr(kind, name)) and not isinstance(value, property) and not inspect.isclass(value)
            )
            told[path][name] = parameters(doc, name) if is_function else None
    return told


def read_cuda(runtime: Any) -> dict[str, Any]:
    """Function -> parameters; enumerations -> member -> value; constants; fields of cudaDeviceProp."""
    return {
        "functions": {n: parameters(getattr(runtime, n).__doc__ or "", n)[0] for n in CUDA_FUNCTIONS},
        "enums": {n: {m.name: int(m) for m in getattr(runtime, n)} for n in CUDA_ENUMS},
        "constants": {n: int(getattr(runtime, n)) for n in CUDA_CONSTANTS},
        "cudaDeviceProp": [n for n in CUDA_PROPERTIES if hasattr(runtime.cudaDeviceProp, n)],
    }


def main() -> int:
    """Add what is installed here to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    path: Path = parser.parse_args().file
    data: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.is_file() else {"tensorrt": {}, "cuda": {}}
    try:
        trt = import_tensorrt()
        data["tensorrt"][trt.__version__] = read_tensorrt(trt)
    except ImportError as error:
        sys.stderr.write(f"no TensorRT here: {error}\n")
    try:
        from importlib.metadata import version

        data["cuda"][version("cuda-bindings")] = read_cuda(importlib.import_module("cuda.bindings.runtime"))
    except ImportError as error:
        sys.stderr.write(f"no cuda-bindings here: {error}\n")
    path.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n")
    sys.stdout.write(f"{path}: TensorRT {', '.join(data['tensorrt'])}; cuda-bindings {', '.join(data['cuda'])}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
