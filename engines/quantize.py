"""A model's int8 file, made on this machine from its calibration crops and refused when it costs quality.

The file is ONNX with explicit pairs of QuantizeLinear and DequantizeLinear (see quantize_graph.py), so every backend
runs it as it is. First everything that can be is rounded; while that loses more of the model's main metric than
MOST_LOST, the layers that distort its outputs most go back to float. Which ones these are is measured on the crops to
calibrate on; the held-out crops only judge.

Needs the package ``onnx``.
"""

from __future__ import annotations

import functools
import hashlib
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import Arrays, Backend, LoadOptions
from engines.calibration import Calibration, Metric, load_calibration, main_metric
from engines.card import Measured, ModelCard, read_model
from engines.errors import BackendUnavailableError, InferenceError, QuantizeError, UnsupportedGraphError
from engines.registry import make_backend

if TYPE_CHECKING:
    import onnx

    from engines.quantize_graph import Scheme
    from engines.quantize_ranges import Seen

MOST_LOST = 0.01
"""An int8 file may lose so much of the model's main metric, relative to float32."""
MOST_IN_FLOAT = 0.5
"""Of the layers: with more of them left in float, int8 is not worth its file."""
VERSION = "1"
"""Changes when the same source and crops give another file."""
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


def scheme_for(backend: str) -> Scheme:
    """How a CPU backend wants its pairs, on this processor.

    Measured (docs/results.md): OpenVINO computes transposed convolutions in int8 and fuses functions and sums; ONNX
    Runtime leaves transposed convolutions in float, and fuses a convolution only with a pair right behind it.

    Raises:
        QuantizeError: the package onnx is missing, or the backend is none of the CPU's.
    """
    graph = _module("quantize_graph")
    bits = 8 if has_vnni() else 7
    if backend == "openvino":
        return graph.Scheme(weight_bits=bits)  # type: ignore[no-any-return]  # imported late: onnx is an extra
    if backend == "onnxruntime":
        passes = ("fold_constants", "fold_batch_norm", "own_biases", "sub_pixel")
        return graph.Scheme(split=True, weight_bits=bits, passes=passes)  # type: ignore[no-any-return]  # as above
    raise QuantizeError(f"int8 files are made for {' and '.join(JUDGES)}, not for {backend!r}")


@functools.cache
def has_vnni() -> bool:
    """Whether this processor adds products of bytes in 32 bits. Others saturate at 16: weights take 7 bits there."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return False  # not Linux: 7 bits are right on every processor
    words = set(text.split("\n\n", 1)[0].replace("\t", " ").split())
    return bool(words & {"avx512_vnni", "avx_vnni", "asimddp"})


def int8_fields(card: ModelCard, backend: str = "openvino", calibration: Path | None = None) -> dict[str, str]:
    """Everything that decides the bytes of a model's int8 file, in clear.

    Args:
        backend: for which the pairs are placed.
        calibration: folder with the calibration files; None takes the shipped ones.

    Raises:
        QuantizeError: it cannot be made: see build_int8.
    """
    passes = _module("graph_passes").PASSES
    scheme = scheme_for(backend)
    crops = load_calibration(card, calibration)
    versions = ", ".join(f"{name} {passes[name][0]}" for name in scheme.passes)
    return {
        "source": card.sha256,
        "calibration": crops.sha256,
        "quantizer": f"tapetum {VERSION}",
        "onnx": metadata.version("onnx"),
        "passes": versions,
        "pairs": f"{'uint8' if scheme.unsigned else 'int8'}, {'split' if scheme.split else 'fused'}",
        "weight_bits": str(scheme.weight_bits),
        "made_for": backend,
    }


def build_int8(
    card: ModelCard,
    folder: Path,
    progress: Progress,
    backend: str = "openvino",
    calibration: Path | None = None,
) -> Path:
    """Make the int8 file of a model and its card, judged on held-out crops.

    Args:
        card: of the float32 model.
        folder: for the two files.
        progress: told the share done (0..1) and what is being done.
        backend: for which the pairs are placed; every backend runs the file.
        calibration: folder with the calibration files; None takes the shipped ones.

    Returns:
        The path of the new card.

    Raises:
        QuantizeError: it is int8 already, a package or the calibration crops are missing, the graph holds nothing to
            round, or more than MOST_LOST of the main metric would be lost.
        ModelFileError: the source file is missing or torn.
    """
    if card.precision == "int8":
        raise QuantizeError(
            f"{card.title} is int8 already: its file {card.file} holds explicit pairs; run it with the precision 'file'"
        )
    scheme = scheme_for(backend)
    progress(0.0, "reading")
    crops = load_calibration(card, calibration)
    work = _Work(card, crops, scheme, read_model(card, card.onnx_path), progress)
    try:
        rounded, before, after = work.find()
    finally:
        work.close()
    progress(0.98, "writing")
    return _write(card, folder, rounded, before, after, backend, crops)


def quantise(
    source: onnx.ModelProto,
    crops: Sequence[Mapping[str, NDArray[np.float32]]],
    scheme: Scheme | None = None,
    method: str = "least error",
    in_float: Collection[str] = (),
) -> onnx.ModelProto:
    """A copy of a float32 model with its layers rounded to 8 bits; nothing judges what that costs.

    Args:
        crops: network inputs by name, each (1, ...) float32.
        scheme: None takes OpenVINO's on this processor.
        method: how ranges are chosen, one of quantize_ranges.METHODS.
        in_float: names of layers that stay in float.

    Raises:
        QuantizeError: there is nothing to round or nothing to calibrate on.
    """
    prepared = _Prepared(source, crops, scheme or scheme_for("openvino"))
    return prepared.rounded(method, in_float)


class _Prepared:
    """A float32 graph after its passes, with what was seen of its tensors."""

    def __init__(self, source: Any, crops: Sequence[Mapping[str, NDArray[np.float32]]], scheme: Scheme) -> None:
        import onnx

        passes, self._graphs = _module("graph_passes"), _module("quantize_graph")
        self._ranges = _module("quantize_ranges")
        self._scheme = scheme
        self.model = onnx.ModelProto()
        self.model.CopyFrom(source)
        if any(node.op_type in ("QuantizeLinear", "DequantizeLinear") for node in source.graph.node):
            raise QuantizeError("the file holds pairs of QuantizeLinear and DequantizeLinear already: it is int8")
        passes.run_passes(self.model, scheme.passes)
        graph = passes.Graph(self.model)
        graph.finish()  # every node has a name now
        self.layers: list[str] = self._graphs.candidates(graph)
        if not self.layers or not crops:
            raise QuantizeError(f"nothing to round: {len(self.layers)} layers with weights, {len(crops)} crops")
        tensors = list(self._graphs.make_plan(graph, scheme).tensors)
        self._seen: dict[str, Seen] = self._ranges.observe(self.model, tensors, crops)
        self._crops = crops

    def rounded(self, method: str, in_float: Collection[str] = ()) -> onnx.ModelProto:
        import onnx

        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        plan = self._graphs.make_plan(_module("graph_passes").Graph(model), self._scheme, in_float)
        missing = [name for name in plan.tensors if name not in self._seen]
        if missing:
            self._seen.update(self._ranges.observe(self.model, missing, self._crops))
        self._graphs.insert_pairs(model, plan, self._seen, self._scheme, self._ranges.METHODS[method])
        model.producer_name = "tapetum"
        onnx.checker.check_model(model)
        return model


class _Work:
    """One search for an int8 file that is good enough."""

    def __init__(self, card: ModelCard, crops: Calibration, scheme: Scheme, data: bytes, progress: Progress) -> None:
        import onnx

        self._card, self._crops, self._progress = card, crops, progress
        self._folder = tempfile.TemporaryDirectory()
        self._judges = [name for name in JUDGES if _is_there(name)]
        self._source = data
        self._few = {name: array[:FEW] for name, array in crops.inputs.items()}
        self._reference: Arrays = {}
        progress(0.02, "looking at the crops")
        self._prepared = _Prepared(onnx.load_from_string(data), crops.crops, scheme)

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
        methods: list[str] = list(_module("quantize_ranges").METHODS)
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

    def _harm(self, model: Any) -> float:
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


def _is_there(name: str) -> bool:
    try:
        import_module({"openvino": "engines.backends.openvino"}.get(name, f"engines.backends.{name}"))
        metadata.version(name)
    except (ImportError, metadata.PackageNotFoundError):
        return False
    return True


def _numbers(before: Metric, after: Metric, judge: str) -> str:
    return (
        f"on {judge} the {before.meaning} goes from {before.value:.4g} to {after.value:.4g} {before.unit}, "
        f"{before.lost(after):.2%} worse, on {before.on}"
    )


def _write(
    card: ModelCard, folder: Path, rounded: Rounded, before: Metric, after: Metric, backend: str, crops: Calibration
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{card.name}-{card.preset}-int8"
    command = f"tapetum engines build {card.name} --precision int8"
    lost = Measured(
        metric=f"lost by int8: {before.meaning}",
        value=round(100 * before.lost(after), 3),
        unit="%",
        on=before.on,
        command=command,
    )
    own = [
        Measured(metric=f"{m.meaning}, {kind}", value=round(m.value, 4), unit=m.unit, on=m.on, command=command)
        for kind, m in (("float32", before), ("int8", after))
    ]
    kept = f"{len(rounded.in_float)} layers left in float ({', '.join(rounded.in_float)})" if rounded.in_float else ""
    how = f"rounded to int8 for {backend}: ranges by {rounded.method} on {len(crops.crops)} crops"
    made = replace_card(
        card,
        file=f"{stem}.onnx",
        sha256=hashlib.sha256(rounded.data).hexdigest(),
        precision="int8",
        trained_on="; ".join(text for text in (card.trained_on, how, kept) if text),
        measured=(lost, *own, *card.measured),
        folder=folder,
    )
    target = folder / made.file
    for path, data in ((target, rounded.data), (folder / f"{stem}.json", _card_text(made).encode())):
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_bytes(data)
        temporary.replace(path)
    return folder / f"{stem}.json"


def replace_card(card: ModelCard, **changes: Any) -> ModelCard:
    """A copy of a card with some fields changed, validated."""
    return ModelCard.model_validate({**card.model_dump(), "folder": card.folder, **changes})


def _card_text(card: ModelCard) -> str:
    return card.model_dump_json(indent=2) + "\n"


def _module(name: str) -> Any:
    try:
        return import_module(f"engines.{name}")
    except ImportError as error:
        if error.name is None or not error.name.startswith("onnx"):
            raise
        raise QuantizeError(
            f"rounding a model to int8 needs the package onnx ({error}); run: pip install 'tapetum[quantize]'"
        ) from error
