"""Start training from a shipped model file: its weights go back into the network, batch norms included.

An exported file has its batch norms folded into the convolutions. They come back by measuring: the folded network looks
at training items, and every batch norm gets the mean and the variance of what its convolution gives, with a scale and
a shift that undo them. The network then answers as the file does, and can go on learning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from engines.card import load_card
from engines.errors import EngineError
from training.export import fold_batch_norm
from training.feed import FaceStore
from training.networks.registry import NetworkSpec
from training.tasks.task import Task

PREFIXES = ("", "landmarks.", "eyes.")
"""Where a network's own names may lie in a file: alone, or as a part of the shipped pair of landmarks and eyes."""
LEAST_SHARE = 0.9
"""Of a network's parameters that must be found in the file; the others start anew (training-only heads)."""


class WarmStartError(Exception):
    """The file can't be read or holds another network; the message says what was missing."""


def file_name(path: Path) -> str:
    """A file's model and version where its card lies beside it ("face_finder 0.2.0"), else its name."""
    try:
        card = load_card(path.with_suffix(".json"))
    except EngineError:
        return path.name
    return f"{card.name} {card.version}"


def file_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """All weights of an ONNX file by their names in torch, as float32 (half precision and int8 widened).

    Raises:
        WarmStartError: the file can't be read.
    """
    try:
        model = onnx.load(path)
    except Exception as error:  # protobuf and onnx raise many kinds for a torn file
        raise WarmStartError(f"{path} can't be read as an ONNX file ({error}); name a shipped model file") from error
    raw = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    out: dict[str, NDArray[np.float32]] = {}
    for name, value in raw.items():
        if name.endswith("_half"):
            out[name.removesuffix("_half")] = value.astype(np.float32)
        elif value.dtype == np.float32 and not name.endswith(("_scale", "_quantized")):
            out[name] = value
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0].endswith("_quantized"):
            axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
            quantized, scale, zero = (raw[name] for name in node.input)
            shape = [-1 if i == axis and scale.ndim else 1 for i in range(quantized.ndim)]
            value = (quantized.astype(np.float32) - zero.reshape(shape)) * scale.reshape(shape)
            out[node.input[0].removesuffix("_quantized")] = value.astype(np.float32)
    return out


def looks_of(
    task: Task, spec: NetworkSpec, store: FaceStore, count: int, batch: int = 64
) -> Iterator[tuple[Tensor, ...]]:
    """The network's inputs in `count` training items, in batches; pictures on 0..255 become [-1, 1].

    Raises:
        WarmStartError: the items do not hold an input of the network.
    """
    rng = np.random.default_rng(5)
    for first in range(0, count, batch):
        items = [task.make_item(store, rng) for _ in range(min(batch, count - first))]
        inputs = []
        for place, wanted in enumerate(spec.inputs):
            name = wanted.name if wanted.name in items[0] else "image"
            if name not in items[0] or (place and name == "image"):
                raise WarmStartError(f"{spec.key}: its training items have no {wanted.name}; train it from nothing")
            values = torch.from_numpy(np.stack([item[name] for item in items]))
            inputs.append(
                values if values.dtype != torch.uint8 else values.float().reshape(-1, *wanted.shape) / 127.5 - 1
            )
        yield tuple(inputs)


def start_from_file(network: nn.Module, path: Path, looks: Iterable[tuple[Tensor, ...]]) -> float:
    """Give `network` the weights of the file at `path`; returns the share of its parameters that the file has.

    Args:
        looks: inputs of the network from training items; the more, the better the batch norms' statistics.

    Raises:
        WarmStartError: the file can't be read, or is of another network.
    """
    folded, found, share = _folded(network, path)
    _unfold(network, folded, found, looks)
    return share


def folded_from_file(network: nn.Module, path: Path) -> nn.Module:
    """A copy of `network` with the weights of the file at `path`, batch norms folded: it can't learn any more.

    Raises:
        WarmStartError: the file can't be read, or is of another network.
    """
    return _folded(network, path)[0].eval().requires_grad_(False)


def _folded(network: nn.Module, path: Path) -> tuple[nn.Module, dict[str, Tensor], float]:
    """The folded network with the file's weights, these, and their share of its parameters. Raises WarmStartError."""
    weights = file_weights(path)
    folded = fold_batch_norm(network)
    own = folded.state_dict()
    prefix = max(PREFIXES, key=lambda p: sum(p + name in weights for name in own))
    found = {
        name: torch.from_numpy(weights[prefix + name].copy())
        for name, value in own.items()
        if prefix + name in weights and weights[prefix + name].shape == tuple(value.shape)
    }
    share = sum(t.numel() for t in found.values()) / max(sum(t.numel() for t in own.values()), 1)
    if share < LEAST_SHARE:
        raise WarmStartError(
            f"{path} has {share:.0%} of this network's weights, {LEAST_SHARE:.0%} are needed: it is another network's, "
            "or of a version with other layers; name another file or train from nothing"
        )
    folded.load_state_dict(found, strict=False)
    return folded, found, share


def _pairs(network: nn.Module, folded: nn.Module, prefix: str = "") -> Iterator[tuple[str, nn.Sequential, nn.Module]]:
    """Every convolution with a batch norm behind it: its name, the pair, and the folded convolution."""
    for (name, child), other in zip(network.named_children(), folded.children(), strict=True):
        layers = list(child.children())
        path = f"{prefix}{name}."
        if isinstance(child, nn.Sequential) and len(layers) >= 2 and isinstance(layers[1], nn.BatchNorm2d):
            yield f"{path}0", child, next(iter(other.children()))
        yield from _pairs(child, other, path)


@torch.no_grad()
def _unfold(
    network: nn.Module, folded: nn.Module, found: dict[str, Tensor], looks: Iterable[tuple[Tensor, ...]]
) -> None:
    pairs = list(_pairs(network, folded))
    sums: dict[str, list[Tensor]] = {}

    def count(name: str, output: Tensor) -> None:
        flat = output.transpose(0, 1).flatten(1).double()
        new = [torch.tensor(float(flat.shape[1])), flat.sum(dim=1), flat.square().sum(dim=1)]
        sums[name] = [a + b for a, b in zip(sums[name], new, strict=True)] if name in sums else new

    handles = [
        layer.register_forward_hook(lambda _module, _inputs, output, name=name: count(name, output))
        for name, _, layer in pairs
    ]
    for look in looks:
        folded(*look)
    for handle in handles:
        handle.remove()
    plain = network.state_dict()
    plain.update({name: value for name, value in found.items() if name in plain})
    network.load_state_dict(plain)
    for name, pair, layer in pairs:
        if f"{name}.weight" not in found or name not in sums:
            continue
        norm, bias = pair[1], layer.bias
        assert isinstance(norm, nn.BatchNorm2d)
        assert isinstance(bias, Tensor)
        number, total, squares = sums[name]
        shifted = total / number
        variance = (squares / number - shifted.square()).clamp(min=0).float()
        mean = shifted.float() - bias  # of the convolution alone
        norm.running_mean, norm.running_var = mean, variance
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.copy_(shifted.float())
