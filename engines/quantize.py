"""A model's int8 file, made on this machine from its calibration crops and refused when it costs quality.

The file is ONNX with explicit pairs of QuantizeLinear and DequantizeLinear (see quantize_graph.py), so every backend
runs it as it is. First everything that can be is rounded; while that loses more than a percent of the model's main
metric, the layers that distort its outputs most go back to float (quantize_search.py).

Needs the package ``onnx``.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engines.calibration import Calibration, Metric, load_calibration
from engines.card import Measured, ModelCard, read_model
from engines.errors import QuantizeError
from engines.registry import CPU_BACKENDS

if TYPE_CHECKING:
    import onnx

    from engines.quantize_graph import Scheme
    from engines.quantize_search import Rounded

VERSION = "1"
"""Changes when the same source and crops give another file."""

Progress = Callable[[float, str], None]


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
    raise QuantizeError(f"int8 files are made for {' and '.join(CPU_BACKENDS)}, not for {backend!r}")


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
            round, or more than a percent of the main metric would be lost.
        ModelFileError: the source file is missing or torn.
    """
    if card.precision == "int8":
        raise QuantizeError(
            f"{card.title} is int8 already: its file {card.file} holds explicit pairs; run it with the precision 'file'"
        )
    scheme = scheme_for(backend)
    progress(0.0, "reading")
    crops = load_calibration(card, calibration)
    search = _module("quantize_search").Search(card, crops, scheme, read_model(card, card.onnx_path), progress)
    try:
        rounded, before, after = search.find()
    finally:
        search.close()
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
    prepared = _module("quantize_search").Prepared(source, crops, scheme or scheme_for("openvino"))
    rounded: onnx.ModelProto = prepared.rounded(method, in_float)
    return rounded


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
