"""The fake's half that runs: Runtime, ICudaEngine, IExecutionContext."""

from __future__ import annotations

import ctypes
import json
import struct
from typing import Any

import numpy as np
import onnxruntime

from tests.helpers.fake_tensorrt.machine import Machine, ProcessCrashError

MAGIC = b"ftrt"
FOOTER = b"endofplan"


class Dims(tuple):
    """Sizes."""


def write_plan(header: dict[str, Any], onnx_bytes: bytes) -> bytes:
    """A fake plan: as little guarded against flipped bits as a real one."""
    text = json.dumps(header).encode()
    return MAGIC + struct.pack("<QQ", len(text), len(onnx_bytes)) + text + onnx_bytes + FOOTER


def make_engine_classes(machine: Machine, m: Any) -> None:
    """Put the classes into the module."""
    error = m.ILogger.ERROR

    class Runtime:
        def __init__(self, logger: Any) -> None:
            if not getattr(logger, "_begun", False):
                raise TypeError("ILogger.__init__() must be called when overriding __init__")
            self._logger = logger
            self._broken = machine.driver < machine.tensorrt_needs
            if self._broken:
                logger.log(
                    error,
                    "createInferRuntime: Error Code 6: API Usage Error (CUDA initialization failure with error: 35 In "
                    "checkCudaInstallation at runtime.cpp:960)",
                )
                logger.log(error, "Error Code 1: Cuda Runtime (cudaError 35: CUDA driver version is insufficient)")

        def __del__(self) -> None:
            if getattr(self, "_broken", False):
                machine.crashes += 1  # the real one ends the process

        def deserialize_cuda_engine(self, serialized_engine: Any) -> Any:
            if self._broken:
                raise ProcessCrashError("deserialize_cuda_engine without a driver: segmentation fault")
            told = self._read(bytes(serialized_engine))
            if isinstance(told, str):
                self._logger.log(error, told)
                self._logger.log(error, "deserializeCudaEngine: Error Code 4: Internal Error (deserialization failed.)")
                return None
            return told

        def _read(self, plan: bytes) -> Any:
            if plan[:4] != MAGIC or len(plan) < 20:
                return (
                    "Error Code 1: Serialization (Serialization assertion magicTagRead == kMAGIC_TAG failed.Magic tag "
                    "does not match)"
                )
            text_size, onnx_size = struct.unpack("<QQ", plan[4:20])
            if len(plan) != 20 + text_size + onnx_size + len(FOOTER) or not plan.endswith(FOOTER):
                return "Error Code 1: Serialization (Serialization assertion plan.header.size == blobSize failed.)"
            try:
                header = json.loads(plan[20 : 20 + text_size])
            except ValueError:
                return "Error Code 1: Serialization (Serialization assertion count == mCount failed.)"
            if header["version"] != m.__version__:
                return (
                    "Error Code 6: API Usage Error (The engine plan file is not compatible with this version of "
                    f"TensorRT, expecting library version {m.__version__} got {header['version']}, please rebuild.)"
                )
            if header["compute"] != list(machine.compute):
                here, there = (".".join(map(str, c)) for c in (machine.compute, header["compute"]))
                return (
                    "Error Code 6: API Usage Error (The engine plan file is generated on an incompatible device, "
                    f"expecting compute {here} got compute {there}, please rebuild.)"
                )
            if machine.used + onnx_size > machine.memory:
                return "Error Code 2: OutOfMemory (Requested size was too large.)"
            return ICudaEngine._of(header, plan[20 + text_size : 20 + text_size + onnx_size], self._logger)

    class ICudaEngine:
        _header: dict[str, Any]
        _logger: Any
        _session: Any

        @classmethod
        def _of(cls, header: dict[str, Any], onnx_bytes: bytes, logger: Any) -> Any:
            engine = cls()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            options.log_severity_level = 4
            engine._header, engine._logger = header, logger
            engine._session = onnxruntime.InferenceSession(onnx_bytes, options, providers=["CPUExecutionProvider"])
            return engine

        def _tensors(self) -> dict[str, Any]:
            return {t.name: t for t in (*self._session.get_inputs(), *self._session.get_outputs())}

        @property
        def num_io_tensors(self) -> int:
            return len(self._tensors())

        @property
        def num_optimization_profiles(self) -> int:
            return len(self._header["profiles"])

        def get_tensor_name(self, index: int) -> str:
            return list(self._tensors())[index]

        def get_tensor_mode(self, name: str) -> Any:
            inputs = [t.name for t in self._session.get_inputs()]
            return m.TensorIOMode.INPUT if name in inputs else m.TensorIOMode.OUTPUT

        def get_tensor_dtype(self, name: str) -> Any:
            return m.DataType.FLOAT if self._tensors()[name].type == "tensor(float)" else m.DataType.HALF

        def get_tensor_shape(self, name: str) -> Dims:
            return Dims(s if isinstance(s, int) else -1 for s in self._tensors()[name].shape)

        def get_tensor_profile_shape(self, name: str, profile_index: int) -> list[Dims]:
            return [Dims(shape) for shape in self._header["profiles"][profile_index][name]]

        def create_execution_context(self) -> Any:
            scratch = machine.allocate("device", 4096)
            if scratch is None:
                self._logger.log(error, "Error Code 2: OutOfMemory (no further information)")
                return None
            return IExecutionContext._of(self, scratch)

    class IExecutionContext:
        @classmethod
        def _of(cls, engine: Any, scratch: int) -> Any:
            context = cls()
            machine.contexts += 1
            context._engine, context._scratch = engine, scratch
            context._profile: int | None = None
            context._shapes: dict[str, tuple[int, ...]] = {}
            context._addresses: dict[str, int] = {}
            context._enqueued = False
            return context

        def __del__(self) -> None:
            if machine.allocations.pop(getattr(self, "_scratch", -1), None):
                machine.contexts -= 1

        def _refuse(self, text: str) -> bool:
            self._engine._logger.log(error, f"IExecutionContext: Error Code 3: API Usage Error ({text})")
            return False

        def set_optimization_profile_async(self, profile_index: int, stream_handle: int) -> bool:
            if not 0 <= profile_index < self._engine.num_optimization_profiles or stream_handle not in machine.streams:
                return self._refuse(f"no profile {profile_index} or no such stream")
            self._profile, self._shapes = profile_index, {}
            return True

        def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
            if self._profile is None:
                return self._refuse("choose a profile first")
            smallest, _, largest = self._engine.get_tensor_profile_shape(name, self._profile)
            if len(shape) != len(smallest) or not all(
                a <= s <= b for a, s, b in zip(smallest, shape, largest, strict=True)
            ):
                return self._refuse(f"{name}: {shape} is not within the profile")
            self._shapes[name] = tuple(shape)
            self._enqueued = False
            return True

        def infer_shapes(self) -> list[str]:
            return [t.name for t in self._engine._session.get_inputs() if t.name not in self._shapes]

        def get_tensor_shape(self, name: str) -> Dims:
            known = self._shapes.get(name)
            if known is None:
                batch = next(iter(self._shapes.values()))[0]
                known = tuple(batch if s == -1 else s for s in self._engine.get_tensor_shape(name))
            return Dims(known)

        def set_tensor_address(self, name: str, memory: int) -> bool:
            if name not in self._engine._tensors():
                return self._refuse(f"no tensor {name}")
            self._addresses[name] = memory
            return True

        def execute_async_v3(self, stream_handle: int) -> bool:
            stream = machine.streams.get(stream_handle)
            if machine.lost or stream is None or stream.device != machine.device:
                return self._refuse("the stream cannot be used")
            if self._addresses.keys() != self._engine._tensors().keys() or self.infer_shapes():
                return self._refuse("shapes or addresses are missing")
            if machine.refuse_enqueue:
                machine.refuse_enqueue -= 1
                return self._refuse("a kernel could not be launched")
            if stream.captured is not None and (machine.no_capture or not self._enqueued):
                stream.capture_broken = True
                return self._refuse("operation not permitted when stream is capturing")
            shapes, addresses = dict(self._shapes), dict(self._addresses)

            def compute() -> None:
                fed = {name: _array(machine, addresses[name], shape).copy() for name, shape in shapes.items()}
                names = [t.name for t in self._engine._session.get_outputs()]
                for name, value in zip(names, self._engine._session.run(names, fed), strict=True):
                    _array(machine, addresses[name], value.shape)[...] = value

            (stream.work if stream.captured is None else stream.captured).append(compute)
            self._enqueued = True
            return True

    for kind in (Runtime, ICudaEngine, IExecutionContext, Dims):
        setattr(m, kind.__name__, kind)


def _array(machine: Machine, address: int, shape: tuple[int, ...]) -> Any:
    size = int(np.prod(shape))
    machine.memory_at(address, size * 4, "device")
    return np.ctypeslib.as_array((ctypes.c_float * size).from_address(address)).reshape(shape)
