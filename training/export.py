"""A trained network as one ONNX file: batch norm folded, weights stored in half precision, parity proven."""

from __future__ import annotations

import copy
import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engines import card as card_module
from engines.backends.onnxruntime_library import import_onnxruntime
from engines.card import Measured, ModelCard, TrainingData
from training.card_texts import CARD_TEXTS
from training.networks.registry import NetworkSpec, TensorSpec
from training.quantize import quantize_int8

OPSET = 17
PARITY = 1e-3
"""Largest difference allowed between torch and ONNX Runtime, relative to the range of an output."""
HALF_FROM = 256
"""Tensors with fewer values stay in single precision: they cost nothing."""


class ExportError(Exception):
    """The exported file does not do what the network does; the message gives the largest difference."""


@dataclass(frozen=True)
class Exported:
    """What was written."""

    path: Path
    sha256: str
    bytes: int
    worst: dict[str, float]
    """Largest absolute difference of each output between torch and ONNX Runtime, as a share of its range."""


def fold_batch_norm(network: nn.Module) -> nn.Module:
    """A copy in evaluation mode whose batch norms are folded into the convolutions before them."""
    folded = copy.deepcopy(network).eval()
    _fold(folded)
    return folded


def _fold(module: nn.Module) -> None:
    for child in module.children():
        layers = list(child.children())
        if (
            isinstance(child, nn.Sequential)
            and len(layers) >= 2
            and isinstance(layers[0], nn.Conv2d | nn.ConvTranspose2d)
            and isinstance(layers[1], nn.BatchNorm2d)
        ):
            transpose = isinstance(layers[0], nn.ConvTranspose2d)
            child[0] = fuse_conv_bn_eval(layers[0], layers[1], transpose=transpose)  # type: ignore[type-var]  # transposed ones are allowed too
            child[1] = nn.Identity()
        _fold(child)


def round_to_half(network: nn.Module) -> nn.Module:
    """Round the weights that will be stored in half precision, so that torch shows what the file will do."""
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.numel() >= HALF_FROM:
                parameter.copy_(parameter.half().float())
    return network


def export_onnx(network: nn.Module, spec: NetworkSpec, path: Path, half: bool = True) -> Exported:
    """Write `network` to `path` and prove that ONNX Runtime gives what torch gives, for batches of 1 and 3.

    Inputs and outputs are float32 with a dynamic batch; with `half` the weights are stored in half precision and
    widened when the file is loaded.

    Raises:
        ExportError: an output differs by more than PARITY of its range.
    """
    folded = fold_batch_norm(network)
    if half:
        round_to_half(folded)
    example = _example(spec, 2)
    names_in, names_out = [t.name for t in spec.inputs], [t.name for t in spec.outputs]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with warnings.catch_warnings():
        # the newer exporter writes opset 18 and converts it down with a warning; this one writes 17
        warnings.simplefilter("ignore")
        torch.onnx.export(
            folded,
            tuple(torch.from_numpy(example[name]) for name in names_in),
            str(temporary),
            opset_version=OPSET,
            input_names=names_in,
            output_names=names_out,
            dynamic_axes={name: {0: "N"} for name in names_in + names_out},
            dynamo=False,
        )
    model = onnx.load(temporary)
    if half:
        _store_half(model)
    for output, tensor in zip(model.graph.output, spec.outputs, strict=True):
        dims = output.type.tensor_type.shape.dim
        for dim, size in zip(list(dims)[1:], tensor.shape, strict=True):
            dim.dim_value = size
    model.producer_name, model.producer_version, model.doc_string = "tapetum", "", spec.summary
    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString()
    worst = _parity(folded, spec, data)
    if max(worst.values()) > PARITY:
        temporary.unlink()
        raise ExportError(f"{spec.key}: ONNX Runtime differs from torch by {worst} of the range, more than {PARITY}.")
    temporary.write_bytes(data)
    temporary.replace(path)
    return Exported(path, hashlib.sha256(data).hexdigest(), len(data), worst)


def _example(spec: NetworkSpec, count: int) -> dict[str, NDArray[np.float32]]:
    rng = np.random.default_rng(count)
    return {t.name: rng.uniform(t.low, t.high, (count, *t.shape)).astype(np.float32) for t in spec.inputs}


def _parity(network: nn.Module, spec: NetworkSpec, data: bytes) -> dict[str, float]:
    session = import_onnxruntime().InferenceSession(data, providers=["CPUExecutionProvider"])
    worst = {tensor.name: 0.0 for tensor in spec.outputs}
    for count in (1, 3):
        example = _example(spec, count)
        with torch.no_grad():
            wanted = network(*(torch.from_numpy(v) for v in example.values()))
        wanted = wanted if isinstance(wanted, tuple) else (wanted,)
        found = session.run([t.name for t in spec.outputs], example)
        for tensor, a, b in zip(spec.outputs, wanted, found, strict=True):
            difference = float(np.abs(a.numpy() - b).max()) / (tensor.high - tensor.low)
            worst[tensor.name] = max(worst[tensor.name], difference)
    return worst


def _store_half(model: onnx.ModelProto) -> None:
    """Replace large float32 constants by float16 ones and a cast back."""
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < HALF_FROM:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], name=name + "_widen", to=TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)


def ship(
    network: nn.Module,
    spec: NetworkSpec,
    weights: Path,
    samples: int,
    trained_on: str,
    version: str = "0.1.0",
    measured: Sequence[Measured] = (),
    crops: Sequence[NDArray[np.float32]] = (),
) -> Exported:
    """Write `KEY.onnx` and its card `KEY.json` into `weights`.

    samples: number of rendered samples that training drew from. trained_on: in words, with steps and time.
    crops: network inputs (1, C, H, W) to calibrate int8 on; without them the file stays in float.

    Raises:
        ExportError: the file does not do what the network does. QuantizeError: it can't be quantised.
    """
    target = weights / f"{spec.key}.onnx"
    if crops:
        done = export_onnx(network, spec, target.with_suffix(".float.tmp"), half=False)
        quantize_int8(done.path, target, crops)
        done.path.unlink()
        data = target.read_bytes()
        done = Exported(target, hashlib.sha256(data).hexdigest(), len(data), done.worst)
    else:
        done = export_onnx(network, spec, target)
    about = CARD_TEXTS[spec.name]
    card = ModelCard(
        name=spec.name,
        version=version,
        preset=spec.preset,
        file=done.path.name,
        sha256=done.sha256,
        inputs=tuple(_card_tensor(tensor) for tensor in spec.inputs),
        outputs=tuple(_card_tensor(tensor) for tensor in spec.outputs),
        crop_rule=about.crop_rule,
        normalisation=about.normalisation,
        training_data=(
            TrainingData(
                name="synthetic faces and clutter rendered by training/faces from the ICT-FaceKit face model (MIT)",
                licence="Apache-2.0 (renders); MIT (face model, see NOTICE)",
                count=samples,
            ),
        ),
        trained_on=trained_on,
        licence="Apache-2.0",
        measured=tuple(measured),
        limits=about.limits,
        generated=about.generated,
        precision="int8" if crops else "fp32",
    )
    write_card(weights / f"{spec.key}.json", card)
    return done


def write_card(path: Path, card: ModelCard) -> None:
    """Write a card as JSON: a temporary file first, then renamed."""
    temporary = path.with_suffix(".json.tmp")
    temporary.write_text(card.model_dump_json(indent=2) + "\n", "utf-8")
    temporary.replace(path)


def _card_tensor(tensor: TensorSpec) -> card_module.TensorSpec:
    return card_module.TensorSpec(
        name=tensor.name,
        shape=("N", *tensor.shape),
        low=tensor.low,
        high=tensor.high,
        unit=tensor.unit,
        meaning=tensor.meaning,
    )
