"""Multiply-accumulates, counted by hand on small graphs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.card import load_card
from engines.macs import gmac
from tests.helpers.onnx_models import Shape, TinyGraph


def counted(folder: Path, graph: TinyGraph) -> int:
    graph.write(folder, "counted")
    card = load_card(folder / "counted.json")
    return round(1e9 * gmac(card, card.onnx_path))


def one(kind: str, weights: Shape, out: Shape, inputs: Shape = ("N", 8, 10, 12), **attributes: object) -> TinyGraph:
    graph = TinyGraph({"x": inputs}, {"y": out}, generated=False)
    graph.op(kind, "x", graph.constant(np.ones([int(s) for s in weights], np.float32)), to="y", **attributes)
    return graph


def test_a_convolution(tmp_path: Path):
    graph = one("Conv", (6, 8, 3, 3), ("N", 6, 5, 6), strides=[2, 2], pads=[1] * 4)
    assert counted(tmp_path, graph) == 6 * 5 * 6 * 8 * 9


def test_a_convolution_in_groups(tmp_path: Path):
    graph = one("Conv", (8, 2, 3, 3), ("N", 8, 8, 10), group=4)
    assert counted(tmp_path, graph) == 8 * 8 * 10 * 2 * 9


def test_a_transposed_convolution(tmp_path: Path):
    graph = one("ConvTranspose", (8, 5, 4, 4), ("N", 5, 20, 24), strides=[2, 2], pads=[1] * 4)
    assert counted(tmp_path, graph) == 8 * 10 * 12 * 5 * 16


def test_a_transposed_convolution_in_groups(tmp_path: Path):
    graph = one("ConvTranspose", (8, 3, 2, 2), ("N", 6, 20, 24), strides=[2, 2], group=2)
    assert counted(tmp_path, graph) == 8 * 10 * 12 * 3 * 4


def test_a_product_of_matrices(tmp_path: Path):
    assert counted(tmp_path, one("MatMul", (7, 9), ("N", 9), inputs=("N", 7))) == 7 * 9


@pytest.mark.parametrize("transposed", [0, 1])
def test_a_product_with_weights_either_way_round(tmp_path: Path, transposed: int):
    weights = (9, 7) if transposed else (7, 9)
    assert counted(tmp_path, one("Gemm", weights, ("N", 9), inputs=("N", 7), transB=transposed)) == 7 * 9


def test_what_multiplies_no_weights_counts_nothing(tmp_path: Path):
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)
    graph.op("Tanh", graph.op("Add", "x", "x"), to="y")
    assert counted(tmp_path, graph) == 0
