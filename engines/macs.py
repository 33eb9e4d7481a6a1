"""How many multiplications with addition one face costs, counted from the graph: what a rate is measured against."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

from engines.backends.openvino_library import openvino_core
from engines.card import ModelCard, read_model


def gmac(card: ModelCard, onnx_path: Path) -> float:
    """10^9 multiply-accumulates for one face: convolutions, transposed ones and matrix products.

    Bias, normalisation, activations and resizing are not counted. A transposed convolution counts what each input
    value is multiplied with, also where the product falls off the edge of the output.

    Raises:
        BackendUnavailableError: openvino is not installed. ModelFileError: the file is missing or torn.
        RuntimeError: OpenVINO cannot read the graph.
    """
    model = openvino_core().read_model(model=read_model(card, onnx_path))
    model.reshape({spec.name: list(spec.sizes) for spec in card.inputs})
    return sum(node_macs(node) for node in model.get_ordered_ops()) / 1e9


def node_macs(node: Any) -> int:
    """Multiply-accumulates of one operation of an OpenVINO graph with known shapes; 0 for what is not counted.

    Source of the formulas: the operations' own definitions (OpenVINO operation set 1), where the weights are
    (out, in, k...), with groups (groups, out, in, k...), transposed (in, out, k...).
    """
    kind = node.get_type_name()
    if kind == "Convolution":
        return int(prod(_out(node)) * prod(_in(node, 1)[1:]))
    if kind == "GroupConvolution":
        return int(prod(_out(node)) * prod(_in(node, 1)[2:]))
    if kind == "ConvolutionBackpropData":
        return int(prod(_in(node, 0)) * prod(_in(node, 1)[1:]))
    if kind == "GroupConvolutionBackpropData":
        return int(prod(_in(node, 0)) * prod(_in(node, 1)[2:]))
    if kind == "MatMul":
        left = _in(node, 0)
        inner = left[-1] if len(left) == 1 or not node.get_attributes()["transpose_a"] else left[-2]
        return int(prod(_out(node)) * inner)
    return 0


def _out(node: Any) -> list[int]:
    return [int(size) for size in node.output(0).shape]


def _in(node: Any, index: int) -> list[int]:
    return [int(size) for size in node.input_value(index).shape]
