"""The search for an int8 file that is good enough: which ranges, and which layers go back to float.

What distorts the outputs is measured on the crops to calibrate on; the held-out crops only judge.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.backend import Arrays, Backend, LoadOptions
from engines.calibration import Calibration, Metric, main_metric
from engines.card import ModelCard
from engines.errors import BackendUnavailableError, InferenceError, QuantizeError, UnsupportedGraphError
from engines.graph_passes import Graph, run_passes
from engines.quantize_graph import Scheme, candidates, insert_pairs, make_plan
from engines.quantize_ranges import METHODS, observe
from engines.registry import make_backend

MOST_LOST = 0.01
"""An int8 file may lose so much of the model's main metric, relative to float32."""
MOST_IN_FLOAT = 0.5
"""Of the layers: with more of them left in float, int8 is not worth its file."""
FEW = 48
"""So many of the crops to calibrate on tell which layers distort the outputs."""
JUDGES = ("openvino", "onnxruntime")
"""The backends that run int8 on a CPU: the file must be good on each of them that is installed."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Rounded:
    """An int8 file and how it came about.

    Attributes:
        data: the ONNX file.
        method: how ranges were chosen.
        in_float: names of the layers that stayed in float.
    """

    data: bytes
    method: str
    in_float: tuple[str, ...]


class Prepared:
    """A float32 graph after its passes, with what was seen of its tensors."""

    def __init__(
        self, source: onnx.ModelProto, crops: Sequence[Mapping[str, NDArray[np.float32]]], scheme: Scheme
    ) -> None:
        self._scheme = scheme
        self.model = onnx.ModelProto()
        self.model.CopyFrom(source)
        if any(node.op_type in ("QuantizeLinear", "DequantizeLinear") for node in source.graph.node):
            raise QuantizeError("the file holds pairs of QuantizeLinear and DequantizeLinear already: it is int8")
        run_passes(self.model, scheme.passes)
        graph = Graph(self.model)
        graph.finish()  # every node has a name now
        self.layers = candidates(graph)
        if not self.layers or not crops:
            raise QuantizeError(f"nothing to round: {len(self.layers)} layers with weights, {len(crops)} crops")
        tensors = make_plan(graph, scheme).tensors
        self._seen = observe(self.model, tensors, crops)
        self._crops = crops

    def rounded(self, method: str, in_float: Collection[str] = ()) -> onnx.ModelProto:
        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        plan = make_plan(Graph(model), self._scheme, in_float)
        missing = [name for name in plan.tensors if name not in self._seen]
        if missing:
            self._seen.update(observe(self.model, missing, self._crops))
        insert_pairs(model, plan, self._seen, self._scheme, METHODS[method])
        model.producer_name = "tapetum"
        onnx.checker.check_model(model)
        return model


class Search:
    """One search for an int8 file that is good enough."""

    def __init__(self, card: ModelCard, crops: Calibration, scheme: Scheme, data: bytes, progress: Progress) -> None:
        self._card, self._crops, self._progress = card, crops, progress
        self._folder = tempfile.TemporaryDirectory()
        self._judges = [name for name in JUDGES if find_spec(name) is not None]
        self._source = data
        self._few = {name: array[:FEW] for name, array in crops.inputs.items()}
        self._reference: Arrays = {}
        progress(0.02, "looking at the crops")
        self._prepared = Prepared(onnx.load_from_string(data), crops.crops, scheme)

    def close(self) -> None:
        self._folder.cleanup()

    def find(self) -> tuple[Rounded, Metric, Metric]:
        """The first file that loses no more than MOST_LOST, and the metric in float32 and in int8."""
        self._progress(0.15, "measuring in float32")
        before = {name: self._metric(name, self._source) for name in self._judges}
        self._reference = self._outputs(self._judges[0], self._source, self._few)
        method = self._best_method()
        in_float: tuple[str, ...] = ()
        order: list[str] | None = None
        worst_text = ""
        while True:
            data = self._prepared.rounded(method, in_float).SerializeToString()
            after = {name: self._metric(name, data) for name in self._judges}
            worst = max(self._judges, key=lambda name: before[name].lost(after[name]))
            lost = before[worst].lost(after[worst])
            if lost <= MOST_LOST:
                return Rounded(data, method, in_float), before[worst], after[worst]
            worst_text = worst_text or _numbers(before[worst], after[worst], worst)
            order = order if order is not None else self._by_harm(method)
            more = max(1, len(in_float))  # 1, 2, 4, ... layers
            if len(in_float) + more > MOST_IN_FLOAT * len(order):
                raise QuantizeError(
                    f"{self._card.title} is not rounded to int8: {worst_text}, more than {MOST_LOST:.0%}; with the "
                    f"{len(in_float)} of {len(order)} layers that distort most in float still "
                    f"{_numbers(before[worst], after[worst], worst)}. It stays in float32"
                )
            in_float = tuple(order[: len(in_float) + more])
            self._progress(0.9, f"{len(in_float)} layers back in float")

    def _best_method(self) -> str:
        """The way to choose ranges that distorts the outputs least, on the crops to calibrate on."""
        methods = list(METHODS)
        harm = {}
        for i, method in enumerate(methods):
            self._progress(0.2 + 0.2 * i / len(methods), f"ranges by {method}")
            harm[method] = self._harm(self._prepared.rounded(method))
        return min(methods, key=lambda method: harm[method])

    def _by_harm(self, method: str) -> list[str]:
        """The layers, the one that distorts the outputs most when it alone is rounded first."""
        layers, harm = self._prepared.layers, {}
        for i, layer in enumerate(layers):
            self._progress(0.4 + 0.5 * i / len(layers), f"layer {i + 1} of {len(layers)} alone")
            harm[layer] = self._harm(self._prepared.rounded(method, [other for other in layers if other != layer]))
        return sorted(layers, key=lambda layer: -harm[layer])

    def _harm(self, model: onnx.ModelProto) -> float:
        """Mean distance of the outputs from float32, relative to how much they vary, averaged over the outputs."""
        found = self._outputs(self._judges[0], model.SerializeToString(), self._few)
        parts = []
        for name, wanted in self._reference.items():
            varies = float(np.abs(wanted - wanted.mean(axis=0)).mean())
            if varies > 0:
                parts.append(float(np.abs(found[name] - wanted).mean()) / varies)
        return float(np.mean(parts)) if parts else 0.0

    def _metric(self, judge: str, data: bytes) -> Metric:
        return main_metric(self._crops, self._outputs(judge, data, self._crops.held_out))

    def _outputs(self, judge: str, data: bytes, crops: Arrays) -> Arrays:
        path = Path(self._folder.name) / "candidate.onnx"
        path.write_bytes(data)
        card = self._card.model_copy(
            update={"file": path.name, "sha256": hashlib.sha256(data).hexdigest(), "folder": path.parent}
        )
        backend: Backend = make_backend(judge, LoadOptions(threads=1))
        try:
            backend.load(card, path)
            return backend.infer(crops)
        except (UnsupportedGraphError, BackendUnavailableError, InferenceError) as error:
            raise QuantizeError(f"{card.title}: {judge} does not run a file that was tried: {error}") from error
        finally:
            backend.close()


def _numbers(before: Metric, after: Metric, judge: str) -> str:
    return (
        f"on {judge} the {before.meaning} goes from {before.value:.4g} to {after.value:.4g} {before.unit}, "
        f"{before.lost(after):.2%} worse, on {before.on}"
    )
