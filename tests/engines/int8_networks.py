"""Small networks for the tests of int8: a U-Net with everything that is rounded, and one that int8 spoils."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engines.calibration import LOSSLESS, save_calibration
from engines.card import ModelCard, load_card

SIDE = 96


class Net:
    """A graph under construction with seeded weights."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.nodes: list[Any] = []
        self.constants: dict[str, NDArray[Any]] = {}

    def conv(self, x: str, inputs: int, outputs: int, kernel: int = 3, after: str = "Relu", stride: int = 1) -> str:
        name = f"conv{len(self.nodes)}"
        scale = np.sqrt(2 / (inputs * kernel * kernel))
        self.constants[f"{name}.weight"] = self.rng.normal(0, scale, (outputs, inputs, kernel, kernel)).astype("f4")
        self.constants[f"{name}.bias"] = self.rng.normal(0, 0.05, outputs).astype("f4")
        facts = {"pads": [kernel // 2] * 4, "strides": [stride] * 2}
        self.add("Conv", [x, f"{name}.weight", f"{name}.bias"], name, name=name, **facts)
        return self.add(after, [name], f"{name}.out") if after else name

    def up(self, x: str, inputs: int, outputs: int) -> str:
        name = f"up{len(self.nodes)}"
        self.constants[f"{name}.weight"] = self.rng.normal(0, 0.1, (inputs, outputs, 2, 2)).astype("f4")
        return self.add("ConvTranspose", [x, f"{name}.weight"], name, name=name, strides=[2, 2])

    def add(self, kind: str, inputs: list[str], output: str, **facts: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **facts))
        return output

    def model(self, inputs: dict[str, int], outputs: tuple[str, ...] = ("relief", "foreground")) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes,
            "net",
            [helper.make_tensor_value_info(k, TensorProto.FLOAT, ["N", c, SIDE, SIDE]) for k, c in inputs.items()],
            [helper.make_tensor_value_info(k, TensorProto.FLOAT, ["N", 1, SIDE, SIDE]) for k in outputs],
            [numpy_helper.from_array(v, k) for k, v in self.constants.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        onnx.checker.check_model(model, full_check=True)
        return model


def unet(seed: int = 0) -> onnx.ModelProto:
    """Leaky functions, pooling, a sum, a transposed convolution and a join of skips, as gray_to_depth has outputs."""
    net = Net(seed)
    a = net.conv("gray", 1, 16, 5, "LeakyRelu")
    b = net.conv(net.add("MaxPool", [a], "pooled", kernel_shape=[2, 2], strides=[2, 2]), 16, 32)
    c = net.conv(b, 32, 32, after="")
    d = net.add("Relu", [net.add("Add", [b, c], "sum")], "residual")
    e = net.add("Relu", [net.up(d, 32, 16)], "larger")
    f = net.conv(net.add("Concat", [a, e], "joined", axis=1), 32, 16)
    net.add("Tanh", [net.conv(f, 16, 1, after="")], "relief")
    net.add("Sigmoid", [net.conv(f, 16, 1, after="")], "foreground")
    return net.model({"gray": 1})


def spoilt() -> onnx.ModelProto:
    """One layer weighs a map that is always zero a million times as much as the others: 8 bits leave it only that."""
    net = Net(5)
    first = net.conv("gray", 1, 16)
    net.constants["conv0.weight"][0], net.constants["conv0.bias"][0] = 0, -1
    second = net.conv(first, 16, 16)
    net.constants["conv2.weight"][:, 0] = 1e6
    third = net.conv(net.conv(second, 16, 16), 16, 16)
    net.add("Tanh", [net.conv(third, 16, 1, after="")], "relief")
    net.add("Sigmoid", [net.conv(third, 16, 1, after="")], "foreground")
    return net.model({"gray": 1})


def pictures(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """(count, 1, SIDE, SIDE) smooth pictures."""
    rng = np.random.default_rng(seed)
    small = rng.uniform(0, 255, (count, 1, 12, 12))
    return np.kron(small, np.ones((8, 8))).astype(np.uint8)


def crops(count: int = 6, seed: int = 0) -> list[dict[str, NDArray[np.float32]]]:
    """Inputs of unet()."""
    return [{"gray": p[None].astype(np.float32) / 127.5 - 1} for p in pictures(count, seed)]


def write(model: onnx.ModelProto, folder: Path, likeness: Path, found: NDArray[np.float32], off: float) -> ModelCard:
    """Write a model as a gray_to_depth with its calibration file, of whose truth it is `off` (coded) wrong.

    Args:
        likeness: the card of a gray_to_depth, of which all but file and checksum are taken.
        found: (8, 1, SIDE, SIDE) its relief for pictures(8, 1).
    """
    data = model.SerializeToString()
    (folder / "gray_to_depth-plus.onnx").write_bytes(data)
    fields = json.loads(likeness.read_text())
    fields |= {"file": "gray_to_depth-plus.onnx", "sha256": hashlib.sha256(data).hexdigest(), "precision": "fp32"}
    fields |= {"preset": "plus", "name": "gray_to_depth"}
    there = {output.name for output in model.graph.output}
    fields["outputs"] = [output for output in fields["outputs"] if output["name"] in there]
    path = folder / "gray_to_depth-plus.json"
    path.write_text(json.dumps(fields))
    noise = np.random.default_rng(2).choice([-off, off], found[:, 0].shape)
    relief = np.clip(np.rint((found[:, 0] + 1) * 127.5 + noise), 1, 255).astype(np.uint8)
    save_calibration(
        folder / "gray_to_depth-plus-calibration.npz",
        "gray_to_depth",
        "plus",
        "drawn by a test",
        {"gray": pictures(8)},
        {"gray": pictures(8, 1)},
        {"relief": relief},
        {"gray": LOSSLESS, "relief": LOSSLESS},
    )
    return load_card(path)
