"""Where a network is rounded to 8 bits: explicit QuantizeLinear/DequantizeLinear pairs that runtimes fuse.

A pair stands behind whatever makes a tensor that a rounded layer reads, however many rearrangements (pooling, slices,
joins) lie between: these then run on bytes. Tensors that are joined share one scale, so that the join copies bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, helper

from engines.graph_passes import Graph, attributes
from engines.quantize_ranges import Seen

WEIGHTED = frozenset({"Conv", "ConvTranspose", "Gemm", "MatMul"})
REARRANGING = frozenset(
    {"MaxPool", "Reshape", "Flatten", "Transpose", "DepthToSpace", "SpaceToDepth", "Slice", "Squeeze", "Unsqueeze"}
)
"""The values of their first input and no others come out: bytes stay bytes."""
FEWEST_WEIGHTS = 32
"""Layers with fewer weights than this are not worth a pair."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a runtime wants its pairs.

    Attributes:
        unsigned: activations in uint8, with a zero point where they go below zero; False: int8, symmetric (TensorRT).
        split: a pair behind every layer, before the function or addition that follows (ONNX Runtime fuses only so).
        weight_bits: 8, or 7 for processors that add pairs of products in 16 bits (no VNNI).
        passes: run before, by name (see graph_passes.PASSES).
    """

    unsigned: bool = True
    split: bool = False
    weight_bits: Literal[7, 8] = 8
    passes: tuple[str, ...] = ("fold_constants", "fold_batch_norm", "own_biases")


@dataclass(slots=True)
class Plan:
    """Which tensors get a pair, and who reads it.

    Attributes:
        layers: names of the rounded nodes.
        group: tensor -> the tensor that it shares its scale with (itself, if none).
        symmetric: tensors whose zero point must be zero.
        readers: tensor -> names of the nodes that read its rounded values.
    """

    layers: list[str] = field(default_factory=list)
    group: dict[str, str] = field(default_factory=dict)
    symmetric: set[str] = field(default_factory=set)
    readers: dict[str, set[str]] = field(default_factory=dict)

    @property
    def tensors(self) -> list[str]:
        return list(self.group)

    def root(self, name: str) -> str:
        while self.group[name] != name:
            name = self.group[name]
        return name

    def add(self, tensor: str, reader: str) -> None:
        self.group.setdefault(tensor, tensor)
        self.readers.setdefault(tensor, set()).add(reader)

    def join(self, a: str, b: str) -> None:
        self.group[self.root(b)] = self.root(a)


def candidates(graph: Graph) -> list[str]:
    """Names of the layers that can be rounded: those with weights, in the order of the graph."""
    return [node.name for node in graph.nodes if _is_weighted(graph, node)]


def _is_weighted(graph: Graph, node: NodeProto) -> bool:
    if node.op_type not in WEIGHTED or node.input[0] in graph.constants:
        return False
    weight = graph.constants.get(node.input[1])
    if weight is None or weight.dtype != np.float32 or weight.size < FEWEST_WEIGHTS or weight.ndim < 2:
        return False
    return node.op_type != "ConvTranspose" or attributes(node).get("group", 1) == 1


def make_plan(graph: Graph, scheme: Scheme, in_float: Collection[str] = ()) -> Plan:
    """Decide where the pairs stand; the layers named `in_float` are left alone."""
    plan = Plan()
    producers, consumers = graph.producers(), graph.consumers()
    rounded = {name for name in candidates(graph) if name not in in_float}
    for node in graph.nodes:
        if node.name in rounded:
            plan.layers.append(node.name)
            sources = _mark(graph, plan, producers, node.input[0], node.name)
            if node.op_type == "ConvTranspose":
                plan.symmetric |= sources
    for node in graph.nodes:
        if _is_sum(graph, node) and _touches(graph, node, producers, rounded, scheme):
            for name in node.input:
                own = producers.get(name)
                fused = own is not None and own.op_type in ("Conv", "ConvTranspose") and len(consumers[name]) == 1
                if scheme.split or not fused:
                    _mark(graph, plan, producers, name, node.name)
    if scheme.split:
        for name in plan.layers:
            node = next(n for n in graph.nodes if n.name == name)
            after = consumers[node.output[0]]
            if after and not (len(after) == 1 and after[0].op_type == "Relu"):
                for reader in after:
                    plan.add(node.output[0], reader.name)
    return plan


def _is_sum(graph: Graph, node: NodeProto) -> bool:
    return node.op_type == "Add" and not any(name in graph.constants for name in node.input)


def _touches(
    graph: Graph, node: NodeProto, producers: Mapping[str, NodeProto], rounded: Collection[str], scheme: Scheme
) -> bool:
    """Whether one side of a sum comes straight from a rounded layer."""
    for name in node.input:
        own = producers.get(name)
        while own is not None and own.op_type in REARRANGING | {"Relu"}:
            own = producers.get(own.input[0])
        if own is not None and own.name in rounded:
            return True
    return False


def _mark(graph: Graph, plan: Plan, producers: Mapping[str, NodeProto], tensor: str, reader: str) -> set[str]:
    """Put pairs where `tensor` comes from, through rearrangements; returns the tensors that got one."""
    maker = producers.get(tensor)
    if maker is not None and maker.op_type in REARRANGING:
        return _mark(graph, plan, producers, maker.input[0], maker.name)
    if maker is not None and maker.op_type == "Concat" and not any(n in graph.constants for n in maker.input):
        sources: set[str] = set()
        for name in maker.input:
            sources |= _mark(graph, plan, producers, name, maker.name)
        plan.add(tensor, reader)
        for name in sources:
            plan.join(tensor, name)
        return sources | {tensor}
    plan.add(tensor, reader)
    return {tensor}


def insert_pairs(
    model: onnx.ModelProto,
    plan: Plan,
    seen: Mapping[str, Seen],
    scheme: Scheme,
    method: Callable[[Seen], tuple[float, float]],
) -> None:
    """Write the pairs into the model; weights become int8 constants, one scale a channel."""
    graph = Graph(model)
    scales = _scales(plan, seen, scheme, method)
    made: dict[str, list[NodeProto]] = {}
    dequantised: dict[str, str] = {}
    shared: dict[str, tuple[str, str]] = {}
    for tensor in plan.tensors:
        root = plan.root(tensor)
        if root not in shared:
            scale, zero = scales[root]
            shared[root] = graph.constant(f"{root}_scale", scale), graph.constant(f"{root}_zero", zero)
        codes, back = graph.fresh(f"{tensor}_codes"), graph.fresh(f"{tensor}_rounded")
        made[tensor] = [
            helper.make_node("QuantizeLinear", [tensor, *shared[root]], [codes], name=f"{codes}_q"),
            helper.make_node("DequantizeLinear", [codes, *shared[root]], [back], name=f"{back}_dq"),
        ]
        dequantised[tensor] = back
    nodes: list[NodeProto] = [n for name in graph.inputs for n in made.get(name, [])]
    layers = set(plan.layers)
    for node in graph.nodes:
        for i, name in enumerate(node.input):
            if name in dequantised and node.name in plan.readers[name]:
                node.input[i] = dequantised[name]
        if node.name in layers:
            nodes.append(_quantised_weight(graph, node, scheme.weight_bits))
        nodes.append(node)
        for name in node.output:
            nodes += made.get(name, [])
    graph.nodes = nodes
    graph.finish()


def _scales(
    plan: Plan, seen: Mapping[str, Seen], scheme: Scheme, method: Callable[[Seen], tuple[float, float]]
) -> dict[str, tuple[NDArray[np.float32], NDArray[np.generic]]]:
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    symmetric = {plan.root(name) for name in plan.symmetric}
    for tensor in plan.tensors:
        least, most = method(seen[tensor])
        root = plan.root(tensor)
        low[root] = min(low.get(root, 0.0), least, 0.0)
        high[root] = max(high.get(root, 0.0), most, 0.0)
    out: dict[str, tuple[NDArray[np.float32], NDArray[np.generic]]] = {}
    for root in low:
        span = max(high[root] - low[root], 1e-6)
        if scheme.unsigned and low[root] >= 0:
            out[root] = np.float32(span / 255), np.uint8(0)  # type: ignore[assignment]  # scalars are arrays to ONNX
        elif not scheme.unsigned or root in symmetric:
            most = max(high[root], -low[root], 1e-6)
            out[root] = np.float32(most / 127), np.int8(0)  # type: ignore[assignment]  # as above
        else:
            scale = span / 255
            zero = np.uint8(np.clip(np.rint(-low[root] / scale), 0, 255))
            out[root] = np.float32(scale), zero  # type: ignore[assignment]  # as above
    return {k: (np.asarray(s), np.asarray(z)) for k, (s, z) in out.items()}


def _quantised_weight(graph: Graph, node: NodeProto, bits: int) -> NodeProto:
    weight = graph.constants[node.input[1]]
    axis = _channel_axis(node, weight)
    others = tuple(i for i in range(weight.ndim) if i != axis)
    most = 2 ** (bits - 1) - 1
    scale = np.maximum(np.abs(weight).max(axis=others), 1e-9).astype(np.float32) / np.float32(most)
    shape = [-1 if i == axis else 1 for i in range(weight.ndim)]
    codes = np.clip(np.rint(weight / scale.reshape(shape)), -most, most).astype(np.int8)
    stem = node.input[1]
    values = {"quantized": codes, "scale": scale, "zero": np.zeros(scale.shape, np.int8)}
    names = [f"{stem}_{part}" for part in values]  # two layers with the same weights share them; training reads them
    graph.constants.update(zip(names, values.values(), strict=True))
    back = graph.fresh(f"{stem}_rounded")
    node.input[1] = back
    return helper.make_node("DequantizeLinear", names, [back], name=f"{back}_dq", axis=axis)


def _channel_axis(node: NodeProto, weight: NDArray[np.generic]) -> int:
    if node.op_type == "Conv":
        return 0
    if node.op_type == "ConvTranspose":
        return 1
    if node.op_type == "Gemm":
        return 0 if attributes(node).get("transB", 0) else 1
    return weight.ndim - 1
