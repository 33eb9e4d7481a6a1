"""Tiny ONNX models with the shipped models' inputs and outputs, made in code: tests need no shipped weights.

They compute something plausible that depends on the input: FaceLandmarks gives a frontal face in the middle of the
crop, GrayToDepth a dome that is surer in its middle, DepthToColor a tinted copy. The same bytes come out every time.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from pipeline.steps.close_crop import CLOSE_MM

PX_PER_MM = 128 / CLOSE_MM
"""As a face stands in the crop from the second look on; in the first it is larger than life."""
CROP_CENTER = 63.5
MIDDLE_MM = 6.4
"""The middle of eyes and mouth lies so far below the template's own."""

Shape = tuple[int | str, ...]


def write_tiny_models(
    folder: Path, names: Sequence[str] = ("gray_to_depth", "depth_to_color", "face_landmarks")
) -> Path:
    """Write ``<name>.onnx`` and its card ``<name>.json`` for each name. Returns the folder, made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    makers = {
        "gray_to_depth": _gray_to_depth,
        "depth_to_color": _depth_to_color,
        "face_landmarks": _face_landmarks,
    }
    for name in names:
        makers[name]().write(folder, name)
    return folder


def face_template() -> NDArray[np.float32]:
    """A plain frontal face, (68, 2) float32 in px of the 128 x 128 crop of 224 mm, iBUG order."""
    t = np.zeros((68, 2))
    jaw = np.linspace(math.pi, 0.0, 17)
    t[0:17] = np.stack([70 * np.cos(jaw), -15 + 85 * np.sin(jaw)], 1)
    brow = np.linspace(-58, -14, 5)
    t[17:22] = np.stack([brow, -52 + 0.012 * (brow + 36) ** 2], 1)
    t[22:27] = t[17:22][::-1] * (-1, 1)
    t[27:31] = np.stack([np.zeros(4), np.linspace(-32, 8, 4)], 1)
    t[31:36] = np.stack([np.linspace(-15, 15, 5), [18, 21, 23, 21, 18]], 1)
    t[36:42] = [(-45, -32), (-37, -37), (-27, -37), (-18, -31), (-27, -27), (-37, -27)]
    t[42:48] = [(18, -31), (27, -37), (37, -37), (45, -32), (37, -27), (27, -27)]
    t[48:60] = _oval(25, 11, 12)
    t[60:68] = _oval(19, 3, 8)
    return ((t - (0.0, MIDDLE_MM)) * PX_PER_MM + CROP_CENTER).astype(np.float32)


def _oval(half_width: float, half_height: float, points: int) -> NDArray[np.float64]:
    angle = math.pi + 2 * math.pi * np.arange(points) / points
    return np.stack([half_width * np.cos(angle), 45 + half_height * np.sin(angle)], 1)


class TinyGraph:
    """An ONNX graph under construction, opset 17, with a dynamic batch ``N``."""

    def __init__(self, inputs: dict[str, Shape], outputs: dict[str, Shape], generated: bool) -> None:
        self.inputs, self.outputs, self.generated = inputs, outputs, generated
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, array: NDArray[Any]) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def op(self, kind: str, *inputs: str, to: str = "", **attributes: Any) -> str:
        out = to or f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def conv(self, x: str, weights: NDArray[np.float32]) -> str:
        half = weights.shape[-1] // 2
        return self.op("Conv", x, self.constant(weights), pads=[half] * 4)

    def to_bytes(self) -> bytes:
        graph = helper.make_graph(
            self._nodes,
            "tiny",
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, list(s)) for n, s in self.inputs.items()],
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, list(s)) for n, s in self.outputs.items()],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        data: bytes = model.SerializeToString(deterministic=True)
        return data

    def write(self, folder: Path, name: str) -> None:
        data = self.to_bytes()
        (folder / f"{name}.onnx").write_bytes(data)
        card = tiny_card(name, data, self.inputs, self.outputs, self.generated)
        (folder / f"{name}.json").write_text(json.dumps(card, indent=2))


def tiny_card(
    name: str, onnx_bytes: bytes, inputs: dict[str, Shape], outputs: dict[str, Shape], generated: bool
) -> dict[str, Any]:
    """The JSON of a card for a model made here."""

    def specs(tensors: dict[str, Shape]) -> list[dict[str, Any]]:
        return [
            {"name": n, "shape": list(s), "dtype": "float32", "low": None, "high": None, "unit": "1", "meaning": n}
            for n, s in tensors.items()
        ]

    return {
        "name": name,
        "version": "0-tiny",
        "preset": "tiny",
        "file": f"{name}.onnx",
        "sha256": hashlib.sha256(onnx_bytes).hexdigest(),
        "inputs": specs(inputs),
        "outputs": specs(outputs),
        "crop_rule": "320 mm square",
        "normalisation": "engines/normalise.py",
        "training_data": [],
        "trained_on": "nothing: made in code for tests",
        "licence": "Apache-2.0",
        "measured": [],
        "limits": ["for tests only"],
        "generated": generated,
    }


def _bump(size: int) -> NDArray[np.float32]:
    """(1, 1, size, size): 1 in the middle, 0 on an upright ellipse that fills most of the crop, negative outside."""
    y, x = np.mgrid[0:size, 0:size] / (size - 1) * 2 - 1
    bump: NDArray[np.float32] = (1 - (x / 0.55) ** 2 - (y / 0.75) ** 2).astype(np.float32)
    return bump[None, None]


_SMOOTH = np.full((1, 1, 3, 3), 1 / 9, np.float32)


def _gray_to_depth() -> TinyGraph:
    image: Shape = ("N", 1, 96, 96)
    g = TinyGraph({"gray": image}, {"relief": image, "foreground": image, "error": image}, generated=True)
    smooth = g.conv("gray", 0.2 * _SMOOTH)
    g.op("Tanh", g.op("Add", smooth, g.constant(0.5 * _bump(96))), to="relief")
    g.op("Sigmoid", g.op("Add", smooth, g.constant(8 * _bump(96))), to="foreground")
    # In units of 300 mm: some 5 mm in the middle, 80 mm at the rim.
    g.op("Sigmoid", g.op("Sub", smooth, g.constant(np.float32(1.0) + 3 * _bump(96))), to="error")
    return g


def _depth_to_color() -> TinyGraph:
    g = TinyGraph({"depth": ("N", 1, 64, 64)}, {"color": ("N", 3, 64, 64)}, generated=True)
    tint = np.array([1.0, 0.7, 0.5], np.float32)[:, None, None, None]
    g.op("Tanh", g.conv("depth", tint * _SMOOTH), to="color")
    return g


def _face_landmarks() -> TinyGraph:
    outputs: dict[str, Shape] = {
        "points": ("N", 68, 2),
        "confidence": ("N", 68),
        "openness": ("N", 2),
        "presence": ("N", 1),
    }
    g = TinyGraph({"image": ("N", 1, 128, 128)}, outputs, generated=False)
    flat = g.constant(np.array([0, 1], np.int64))
    mean = g.op("Reshape", g.op("GlobalAveragePool", "image"), flat)  # (N, 1)
    shift = g.op("Mul", g.op("Reshape", mean, g.constant(np.array([0, 1, 1], np.int64))), g.constant(_column(0.5)))
    g.op("Add", g.constant(face_template()[None]), shift, to="points")
    ones = g.constant(np.ones((1, 68), np.float32))
    g.op("Sigmoid", g.op("MatMul", g.op("Add", mean, g.constant(_column(2.5))), ones), to="confidence")
    two = g.constant(np.array([[1.0, 0.9]], np.float32))
    g.op("Sigmoid", g.op("MatMul", g.op("Add", mean, g.constant(_column(2.0))), two), to="openness")
    g.op("Sigmoid", g.op("Add", mean, g.constant(_column(3.5))), to="presence")
    return g


def _column(value: float) -> NDArray[np.float32]:
    return np.array([[value]], np.float32)
