"""An exported file in int8 that is shipped: the pairs of engines/quantize.py, made for every processor.

Weights use 7 of their 8 bits, so that processors without VNNI do not overflow. The last layers, whose output mixes
quantities of different range, stay in float.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.errors import QuantizeError
from engines.graph_passes import Graph
from engines.quantize import quantise
from engines.quantize_graph import Scheme, candidates

FLOAT_LAST = 2
"""So many convolutions at the end of the graph stay in float."""


def quantize_int8(source: Path, target: Path, crops: Sequence[NDArray[np.float32]]) -> None:
    """Write `source` (ONNX, float32) to `target` with int8 layers.

    Args:
        crops: float32 (1, C, H, W) network inputs to calibrate on; a few hundred.

    Raises:
        QuantizeError: the network has several inputs, or there is nothing to calibrate on.
    """
    model = onnx.load(source)
    graph = Graph(model)
    if len(graph.inputs) != 1 or not crops:
        raise QuantizeError(f"{source.name}: int8 needs one input and crops, not {len(graph.inputs)}, {len(crops)}")
    graph.finish()  # every node has a name now
    convolutions = {node.name for node in graph.nodes if node.op_type == "Conv"}
    last = [name for name in candidates(graph) if name in convolutions][-FLOAT_LAST:]
    rounded = quantise(model, [{graph.inputs[0]: crop} for crop in crops], Scheme(weight_bits=7), in_float=last)
    target.write_bytes(rounded.SerializeToString())


__all__ = ["QuantizeError", "quantize_int8"]
