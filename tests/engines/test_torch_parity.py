"""Every shipped model and every network of the papers gives on torch what it gives on ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from engines.card import load_card
from engines.loading import WEIGHTS
from tests.engines.int8_networks import crops, unet
from tests.engines.test_torch_graph import by_onnxruntime, by_torch  # skips without torch
from training.networks.registry import NETWORKS, NetworkSpec, TensorSpec

pytest.importorskip("torch", reason="torch is not installed (extra: torch)")
import torch

from engines.backends.torch_graph import computed, read_graph
from engines.backends.torch_graph_call import Known

SHIPPED = sorted(WEIGHTS.glob("*.onnx"))
ROUNDED = [path for path in SHIPPED if b"QuantizeLinear" in path.read_bytes()]
LARGE = ("gray_to_depth-seed", "depth_to_color-seed", "face_landmarks-seed", "face_box-seed", "eye_to_face-seed")

# the largest difference in half precision on the CPU, as a share of an output's range; int8 files also fall into
# another step of their rounding, which is 1/255 of a tensor's range at once
HALF = 0.01
ROUNDED_HALF = 0.2


def shipped(path: Path) -> NetworkSpec:
    """What the card of a shipped file says, in the words of a network's entry."""
    card = load_card(path.with_suffix(".json"))

    def tensors(specs: Any) -> tuple[TensorSpec, ...]:
        return tuple(
            TensorSpec(
                t.name, t.sizes[1:], -1.0 if t.low is None else t.low, 1.0 if t.high is None else t.high, t.meaning
            )
            for t in specs
        )

    return NetworkSpec(card.name, card.preset, "", "", "", tensors(card.inputs), tensors(card.outputs))


def example(spec: NetworkSpec, batch: int) -> dict[str, Any]:
    rng = np.random.default_rng(batch)
    return {t.name: rng.uniform(t.low, t.high, (batch, *t.shape)).astype(np.float32) for t in spec.inputs}


def worst(spec: NetworkSpec, ours: list[Any], theirs: list[Any]) -> float:
    """The largest difference as a share of each output's range."""
    return max(
        float(np.abs(a - b).max()) / (t.high - t.low) for t, a, b in zip(spec.outputs, ours, theirs, strict=True)
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("batch", [1, 3])
def test_a_shipped_model_agrees_with_onnx_runtime(path: Path, batch: int):
    data = path.read_bytes()
    spec = shipped(path)
    live = example(spec, batch)
    theirs = by_onnxruntime(data, live)
    rounded = b"QuantizeLinear" in data
    ours = by_torch(data, live)
    if rounded:  # a value at the border of two steps may fall into either, and what follows differs a little
        means = [np.abs(a - b).mean() / (t.high - t.low) for t, a, b in zip(spec.outputs, ours, theirs, strict=True)]
        assert max(means) < 0.01
        assert worst(spec, ours, theirs) < 0.15
    else:
        assert worst(spec, ours, theirs) < 1e-5
    assert worst(spec, by_torch(data, live, "f16"), theirs) < (ROUNDED_HALF if rounded else HALF)


@pytest.mark.parametrize("path", ROUNDED, ids=lambda path: path.stem)
def test_every_step_of_an_int8_file_is_the_file_s(path: Path):
    kinds = each_step(path.read_bytes(), example(shipped(path), 2))
    assert {"QuantizeLinear uint8", "DequantizeLinear float32", "Conv float32"} <= kinds


@pytest.mark.parametrize("backend", ["openvino", "onnxruntime", "signed"])
def test_every_step_of_an_int8_file_that_is_made_here_is_the_file_s(backend: str):
    from engines.quantize import quantise, scheme_for
    from engines.quantize_graph import Scheme

    scheme = Scheme(unsigned=False) if backend == "signed" else scheme_for(backend)
    made = quantise(unet(), crops(), scheme)
    live = {"gray": np.concatenate([crop["gray"] for crop in crops(3, seed=1)])}
    kinds = each_step(made.SerializeToString(), live)
    assert {"QuantizeLinear int8" if backend == "signed" else "QuantizeLinear uint8", "Conv float32"} <= kinds


def each_step(data: bytes, live: dict[str, Any]) -> set[str]:
    """Hand each node what ONNX Runtime had there, so that no rounding carries over to the next; what there was."""
    graph = read_graph(torch, "rounded", data)
    model = onnx.load_model_from_string(data)
    names = [name for node in graph.nodes for name in node.outputs]
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    there = dict(zip(names, by_onnxruntime(model.SerializeToString(), live), strict=True)) | live
    values = {name: Known(torch.from_numpy(value)) for name, value in there.items()} | dict(graph.weights)
    kinds = set()
    for node in graph.nodes:
        for name, found in computed(torch, node, values).items():
            ours, theirs = found.tensor.numpy(), there[name]
            kinds.add(f"{node.kind} {ours.dtype}")
            assert ours.dtype == theirs.dtype
            close = 1e-6 * max(1.0, float(np.abs(theirs).max())) if ours.dtype == np.float32 else 0.0
            np.testing.assert_allclose(ours.astype(float), theirs.astype(float), atol=close, rtol=0, err_msg=node.name)
    by_torch(data, live)  # and all of it together
    return kinds


@pytest.mark.parametrize(
    "spec",
    [pytest.param(s, marks=pytest.mark.slow if s.key in LARGE else ()) for s in NETWORKS],
    ids=lambda spec: spec.key,
)
def test_a_network_of_the_papers_or_ours_agrees_with_onnx_runtime(spec: NetworkSpec, tmp_path: Path):
    from training.export import export_onnx

    torch.manual_seed(0)
    path = export_onnx(spec.build(), spec, tmp_path / "network.onnx").path
    data, live = path.read_bytes(), example(spec, 2)
    theirs = by_onnxruntime(data, live)
    assert worst(spec, by_torch(data, live), theirs) < 1e-5
    assert worst(spec, by_torch(data, live, "f16"), theirs) < HALF
