"""A model file in int8: explicit Q/DQ pairs round its convolutions, calibrated on rendered crops.

Convolutions whose output mixes quantities of different range (the last ones) stay in float. Weights use 7 of their 8
bits, so that processors without VNNI do not overflow.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

FLOAT_LAST = 2
"""So many convolutions at the end of the graph stay in float."""


class QuantizeError(Exception):
    """The file cannot be quantised; the message says why."""


class _Crops(CalibrationDataReader):  # type: ignore[misc]  # the package has no types
    def __init__(self, name: str, crops: Sequence[NDArray[np.float32]]) -> None:
        self._items: Iterator[dict[str, NDArray[np.float32]]] = iter([{name: crop} for crop in crops])

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        return next(self._items, None)


def quantize_int8(source: Path, target: Path, crops: Sequence[NDArray[np.float32]]) -> None:
    """Write `source` (ONNX, float32) to `target` with int8 convolutions.

    Args:
        crops: float32 (1, C, H, W) network inputs to calibrate on; a few hundred.

    Raises:
        QuantizeError: the network has several inputs, or there is nothing to calibrate on.
    """
    model = onnx.load(source)
    if len(model.graph.input) != 1 or not crops:
        raise QuantizeError(
            f"{source.name}: int8 needs one input and crops, not {len(model.graph.input)}, {len(crops)}"
        )
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        convolutions = [n.name for n in onnx.load(prepared).graph.node if n.op_type == "Conv"]
        quantize_static(
            str(prepared),
            str(target),
            _Crops(model.graph.input[0].name, crops),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            op_types_to_quantize=["Conv", "Add"],
            nodes_to_exclude=convolutions[-FLOAT_LAST:],
        )
