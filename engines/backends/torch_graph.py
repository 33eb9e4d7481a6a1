"""An ONNX file as a torch computation: read once, then planned for each batch size.

A plan computes every shape, index and constant beforehand, on the host: what is left is a plain list of torch calls
without a question to the device between them, which is what a CUDA graph can capture. What cannot be computed exactly
as ONNX says is refused with the node's name; nothing is approximated but what half precision rounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import GraphTensor
from engines.backends.torch_graph_call import Call, Known, Node, Operator
from engines.backends.torch_graph_layers import LAYERS
from engines.backends.torch_graph_shapes import SHAPES
from engines.errors import ModelFileError, UnsupportedGraphError

OPSETS = (13, 21)
"""The first and last version of ONNX's operators that the translation was written against."""

TRANSLATION = "1"
"""Rises whenever the same file may give other bytes; part of the engine key."""

OPERATORS: Mapping[str, Operator] = LAYERS | SHAPES

_TYPES = {"float32", "float16", "uint8", "int8", "int32", "int64", "bool"}


@dataclass(frozen=True, slots=True)
class TorchGraph:
    """An ONNX file, read and checked.

    Attributes:
        title: of the model, for messages.
        inputs, outputs: as the file declares them; a dynamic size is -1.
        nodes: those that depend on the inputs or on the batch size, in the order of computation.
        weights: name -> tensor on the host, of everything that depends on neither.
    """

    title: str
    inputs: tuple[GraphTensor, ...]
    outputs: tuple[GraphTensor, ...]
    nodes: tuple[Node, ...]
    weights: Mapping[str, Known] = field(repr=False)

    @property
    def fixed_batch(self) -> int | None:
        """The batch size, where the file allows one only."""
        sizes = {tensor.shape[0] for tensor in self.inputs if tensor.shape and tensor.shape[0] > 0}
        return max(sizes) if sizes else None


def read_graph(torch: Any, title: str, data: bytes) -> TorchGraph:
    """Read an ONNX file.

    Args:
        torch: the module.
        title: of the model, for messages.
        data: the file.

    Raises:
        ModelFileError: it is torn.
        UnsupportedGraphError: an operator, attribute, opset or external weights that are not computed here.
    """
    import onnx

    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's errors have no public base class
        raise ModelFileError(f"{title}: the ONNX file is torn ({error}); fetch it again") from error
    if not model.graph.node or not model.graph.output:
        raise ModelFileError(f"{title}: the ONNX file holds no network; fetch it again")
    try:
        opset = _opset(model)
        if model.functions or model.graph.sparse_initializer:
            raise UnsupportedGraphError("the torch backend computes no functions and no sparse weights of an ONNX file")
        weights = {tensor.name: Known(_weight(torch, onnx, tensor), tensor.name) for tensor in model.graph.initializer}
        declared = [tensor for tensor in model.graph.input if tensor.name not in weights]
        nodes = [_node(onnx, node, opset, i) for i, node in enumerate(model.graph.node)]
        left = _fold(torch, nodes, weights)
    except UnsupportedGraphError as error:
        raise UnsupportedGraphError(f"{title}: {error}; another backend runs this model") from error
    graph = TorchGraph(
        title,
        tuple(_declared(onnx, tensor) for tensor in declared),
        tuple(_declared(onnx, tensor) for tensor in model.graph.output),
        tuple(left),
        weights,
    )
    _check_names(graph)
    return graph


def call_of(torch: Any, node: Node, values: Mapping[str, Any]) -> Call:
    """The node with its inputs' values; inputs that are left out are None."""
    return Call(torch, node, tuple(values[name] if name else None for name in node.inputs))


def failed(node: Node, error: Exception) -> UnsupportedGraphError:
    """The error for a node that torch does not take."""
    said = " ".join(str(error).split())[:200]
    return UnsupportedGraphError(
        f"the torch backend cannot run node {node.name!r} (operator {node.kind}, opset {node.opset}): {said}"
    )


def _opset(model: Any) -> int:
    for entry in model.opset_import:
        if entry.domain in ("", "ai.onnx"):
            opset = int(entry.version)
            if not OPSETS[0] <= opset <= OPSETS[1]:
                raise UnsupportedGraphError(
                    f"the file is of opset {opset}; the torch backend computes {OPSETS[0]} to {OPSETS[1]}"
                )
            return opset
    raise UnsupportedGraphError("the file does not say its opset")


def _weight(torch: Any, onnx: Any, tensor: Any) -> Any:
    if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
        raise UnsupportedGraphError(
            f"the values of {tensor.name!r} lie in another file; export the model with its weights inside"
        )
    array = onnx.numpy_helper.to_array(tensor)
    if array.dtype.name not in _TYPES:
        raise UnsupportedGraphError(f"{tensor.name!r} is of type {array.dtype.name}; known are {', '.join(_TYPES)}")
    return torch.from_numpy(np.array(array))


def _node(onnx: Any, proto: Any, opset: int, i: int) -> Node:
    attributes: dict[str, Any] = {}
    node = Node(proto.name or f"(node {i})", proto.op_type, opset, tuple(proto.input), tuple(proto.output), attributes)
    operator = OPERATORS.get(node.kind)
    if operator is None or proto.domain not in ("", "ai.onnx"):
        node.refuse("the operator is not known here" + (f" (domain {proto.domain})" if proto.domain else ""))
    for attribute in proto.attribute:
        if attribute.name not in operator.attributes:
            node.refuse(f"its attribute {attribute.name!r} is not known here")
        attributes[attribute.name] = _attribute(onnx, node, attribute)
    return node


def _attribute(onnx: Any, node: Node, attribute: Any) -> Any:
    if attribute.ref_attr_name:
        node.refuse(f"its attribute {attribute.name!r} refers to a function's")
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, onnx.TensorProto):
        if value.data_location == onnx.TensorProto.EXTERNAL or value.external_data:
            node.refuse("its values lie in another file; export the model with its weights inside")
        array: NDArray[Any] = onnx.numpy_helper.to_array(value)
        if array.dtype.name not in _TYPES:
            node.refuse(f"its values are of type {array.dtype.name}; known are {', '.join(_TYPES)}")
        return array
    return value


def _fold(torch: Any, nodes: Sequence[Node], weights: dict[str, Known]) -> list[Node]:
    """Compute what depends on weights alone, such as those that are stored in half precision; returns the others."""
    left: list[Node] = []
    for node in nodes:
        if not all(name in weights for name in node.inputs if name):
            left.append(node)
            continue
        for name, known in computed(torch, node, weights).items():
            weights[name] = Known(known.tensor, name)
    needed = {name for node in left for name in node.inputs}
    outputs = {name for node in nodes for name in node.outputs} - {name for node in nodes for name in node.inputs}
    for name in [name for name in weights if name not in needed | outputs]:
        del weights[name]
    return left


def computed(torch: Any, node: Node, values: Mapping[str, Any]) -> dict[str, Known]:
    """The outputs of a node whose inputs are all known.

    Raises:
        UnsupportedGraphError: torch does not take it.
    """
    try:
        built = OPERATORS[node.kind].build(call_of(torch, node, values))
        handed = [None if v is None else v.tensor for v in built.operands if v is None or isinstance(v, Known)]
        results = built.compute(*handed)
    except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError) as error:
        raise failed(node, error) from error
    given = results if isinstance(results, tuple | list) else (results,)
    return {name: Known(result) for name, result in zip(node.outputs, given, strict=False) if name}


def _declared(onnx: Any, info: Any) -> GraphTensor:
    tensor = info.type.tensor_type
    shape = tuple(int(d.dim_value) if d.HasField("dim_value") else -1 for d in tensor.shape.dim)
    name = onnx.TensorProto.DataType.Name(tensor.elem_type).lower()
    return GraphTensor(info.name, shape, {"float": "float32"}.get(name, name))


def _check_names(graph: TorchGraph) -> None:
    """Prove that every node finds its inputs: a file that was cut and mended by hand may not."""
    there = {*graph.weights, *(tensor.name for tensor in graph.inputs)}
    for node in graph.nodes:
        if lost := [name for name in node.inputs if name and name not in there]:
            raise ModelFileError(f"{graph.title}: node {node.name!r} reads {lost[0]!r}, which nothing makes")
        there.update(node.outputs)
    if lost := [tensor.name for tensor in graph.outputs if tensor.name not in there]:
        raise ModelFileError(f"{graph.title}: nothing makes the output {lost[0]!r}")
