"""The fake's half that builds: Builder, network, ONNX parser, configuration, profiles, progress."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from tests.helpers.fake_tensorrt.engine import Dims, write_plan
from tests.helpers.fake_tensorrt.machine import Machine

_MAX_OPSET = 25


class IHostMemory(bytes):
    """What a build gives: a buffer."""

    @property
    def nbytes(self) -> int:
        return len(self)


class ParserError:
    """One fault that the parser found."""

    def __init__(self, number: int, node: Any, text: str) -> None:
        self._number, self._node, self._text = number, node, text

    def node(self) -> int:
        return self._number

    def node_name(self) -> str:
        return str(self._node.name) if self._node is not None else ""

    def node_operator(self) -> str:
        return str(self._node.op_type) if self._node is not None else ""

    def desc(self) -> str:
        return self._text


class IProgressMonitor:
    """Told of a build's phases."""

    def __init__(self) -> None:
        self._begun = True

    def phase_start(self, phase_name: str, parent_phase: str, num_steps: int) -> None:
        raise NotImplementedError

    def step_complete(self, phase_name: str, step: int) -> bool:
        raise NotImplementedError

    def phase_finish(self, phase_name: str) -> None:
        raise NotImplementedError


class IOptimizationProfile:
    """Smallest, best and largest shape of each input."""

    def __init__(self) -> None:
        self._shapes: dict[str, list[list[int]]] = {}

    def set_shape(self, input: str, min: Any, opt: Any, max: Any) -> None:
        self._shapes[input] = [list(min), list(opt), list(max)]

    def __bool__(self) -> bool:
        return all(0 < a <= b <= c for s in self._shapes.values() for a, b, c in zip(*s, strict=True))


class INetworkDefinition:
    """A network."""

    def __init__(self) -> None:
        self._model: Any = None
        self._bytes = b""
        self._float: Any = None
        self._strongly_typed = False

    def _of(self, values: Any) -> list[Any]:
        weights = {t.name for t in self._model.graph.initializer}
        out = []
        for value in values:
            if value.name in weights:
                continue
            kind = value.type.tensor_type
            dtype = self._float if kind.elem_type == onnx.TensorProto.FLOAT else f"ONNX type {kind.elem_type}"
            shape = Dims(d.dim_value if d.HasField("dim_value") else -1 for d in kind.shape.dim)
            out.append(types.SimpleNamespace(name=value.name, dtype=dtype, shape=shape))
        return out

    @property
    def num_inputs(self) -> int:
        return len(self._of(self._model.graph.input))

    @property
    def num_outputs(self) -> int:
        return len(self._of(self._model.graph.output))

    def get_input(self, index: int) -> Any:
        return self._of(self._model.graph.input)[index]

    def get_output(self, index: int) -> Any:
        return self._of(self._model.graph.output)[index]


class IBuilderConfig:
    """How to build."""

    def __init__(self) -> None:
        self.builder_optimization_level = 3
        self.max_aux_streams = -1
        self.progress_monitor: Any = None
        self._profiles: list[Any] = []
        self._flags: set[Any] = set()
        self._pools: dict[Any, int] = {}

    def set_memory_pool_limit(self, pool: Any, pool_size: int) -> None:
        self._pools[pool] = pool_size

    def set_flag(self, flag: Any) -> None:
        self._flags.add(flag)

    def clear_flag(self, flag: Any) -> None:
        self._flags.discard(flag)

    def add_optimization_profile(self, profile: Any) -> int:
        if not profile:
            return -1
        self._profiles.append(profile)
        return len(self._profiles) - 1


def make_network_classes(machine: Machine, m: Any) -> None:
    """Put the classes into the module."""

    class OnnxParser:
        def __init__(self, network: Any, logger: Any) -> None:
            self._network, self._logger = network, logger
            self._errors: list[ParserError] = []

        @property
        def num_errors(self) -> int:
            return len(self._errors)

        def get_error(self, index: int) -> ParserError:
            return self._errors[index]

        def parse(self, model: Any) -> bool:
            try:
                parsed = onnx.load_from_string(bytes(model))
                onnx.checker.check_model(parsed, full_check=True)
            except Exception as error:  # noqa: BLE001 - onnx and protobuf raise several kinds
                self._errors.append(ParserError(-1, None, f"Failed to parse the ONNX model: {error}"))
            else:
                self._errors.extend(_faults(parsed, machine.bad_ops))
            for fault in self._errors:
                self._logger.log(m.ILogger.ERROR, f"ModelImporter.cpp: {fault.desc()}")
            if self._errors:
                return False
            self._network._model, self._network._bytes, self._network._float = parsed, bytes(model), m.DataType.FLOAT
            return True

    class Builder:
        def __init__(self, logger: Any) -> None:
            if machine.driver < machine.tensorrt_needs:
                logger.log(
                    m.ILogger.ERROR,
                    "createInferBuilder: Error Code 6: API Usage Error (CUDA initialization failure with error: 35)",
                )
                raise TypeError("pybind11::init(): factory function returned nullptr")
            self._logger = logger

        def create_network(self, flags: int = 0) -> Any:
            network = INetworkDefinition()
            network._strongly_typed = m.__version__.startswith("11.") or bool(
                flags & 1 << int(m.NetworkDefinitionCreationFlag.STRONGLY_TYPED)
            )
            return network

        def create_builder_config(self) -> Any:
            config = IBuilderConfig()
            config.set_flag(m.BuilderFlag.TF32)  # on by default
            return config

        def create_optimization_profile(self) -> Any:
            return IOptimizationProfile()

        def build_serialized_network(self, network: Any, config: Any) -> Any:
            machine.notes.append(
                {
                    "typed": network._strongly_typed,
                    "flags": {f.name for f in config._flags},
                    "pools": dict(config._pools),
                    "aux": config.max_aux_streams,
                }
            )
            names = {network.get_input(i).name for i in range(network.num_inputs)}
            if not config._profiles or any(p._shapes.keys() != names for p in config._profiles):
                self._logger.log(m.ILogger.ERROR, "Error Code 4: Internal Error (a dynamic input lacks a profile)")
                return None
            if not machine.build_memory:
                self._logger.log(m.ILogger.ERROR, "Error Code 1: Cuda Runtime (out of memory)")
                return None
            if config.progress_monitor is not None and not _phases(config.progress_monitor, len(config._profiles)):
                return None
            header = {
                "version": m.__version__,
                "compute": list(machine.compute),
                "profiles": [p._shapes for p in config._profiles],
            }
            return IHostMemory(write_plan(header, network._bytes))

    kinds = (Builder, OnnxParser, ParserError, IProgressMonitor, IOptimizationProfile, INetworkDefinition)
    for kind in (*kinds, IBuilderConfig, IHostMemory):
        setattr(m, kind.__name__, kind)


def _phases(monitor: Any, profiles: int) -> bool:
    monitor.phase_start("Building an engine from subgraph", None, profiles)
    for i in range(profiles):
        monitor.phase_start("Computing profile costs", "Building an engine from subgraph", 5)
        for k in range(5):
            if not monitor.step_complete("Computing profile costs", k):
                return False
        monitor.phase_finish("Computing profile costs")
        if not monitor.step_complete("Building an engine from subgraph", i):
            return False
    monitor.phase_finish("Building an engine from subgraph")
    return True


def _faults(model: Any, bad_ops: frozenset[str]) -> list[ParserError]:
    """What TensorRT's parser is known to refuse: operations, and roundings that are not symmetric and of 8 bits."""
    found = []
    constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    if any(o.domain == "" and o.version > _MAX_OPSET for o in model.opset_import):
        found.append(ParserError(-1, None, "the opset is not supported"))
    for i, node in enumerate(model.graph.node):
        if node.op_type in bad_ops or node.domain not in ("", "ai.onnx"):
            found.append(ParserError(i, node, "Plugin not found, are the plugin name, version, and namespace correct?"))
        if node.op_type not in ("QuantizeLinear", "DequantizeLinear"):
            continue
        zero = constants.get(node.input[2]) if len(node.input) > 2 else None
        if node.input[1] not in constants or zero is None:
            found.append(ParserError(i, node, "scale and zero point must be initializers"))
        elif zero.any():
            found.append(ParserError(i, node, "TRT only supports symmetric quantization - zeroPt must be all zeros"))
        elif zero.dtype != np.int8:
            found.append(
                ParserError(i, node, f"only activation types allowed as input to this layer, not {zero.dtype}")
            )
        elif node.op_type == "DequantizeLinear" and node.input[0] in constants:
            found.append(ParserError(i, node, "a constant must go through a pair"))
    return found
