"""The papers' networks as files to measure speed on: random weights, their own shapes, float32 and int8.

Nobody trained them, and nothing may be concluded from what they give; how long they take does not depend on that. They
are made once, where torch is installed, and kept in the cache folder: afterwards they are measured without torch.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engines import card as cards
from engines.card import ModelCard, load_card
from engines.errors import EngineError
from engines.folders import cache_folder

if TYPE_CHECKING:
    from training.networks.registry import NetworkSpec, TensorSpec

CROPS = 4
"""Random inputs that ranges are taken from: they decide the values, not the time."""

ONLY = "random weights, for measuring speed only"


def seed_names() -> tuple[str, ...]:
    """The models that have a network of a paper's."""
    from training.networks.registry import NETWORKS

    return tuple(spec.name for spec in NETWORKS if spec.preset == "seed")


def seed_card(name: str) -> ModelCard:
    """The float32 file of a paper's network; made when it is not there.

    Raises:
        EngineError: it is not there, and torch is not installed: the message says what to do.
    """
    path = _folder() / f"{name}-seed.json"
    if not path.is_file():
        _make(name, path)
    return load_card(path)


def seed_int8_card(name: str, backend: str) -> ModelCard:
    """The int8 file of a paper's network for a backend; made when it is not there, or was made of another file.

    Raises:
        EngineError: it cannot be made; the message says why.
    """
    from engines.quantize import VERSION, quantise, scheme_for

    source = seed_card(name)
    mark = hashlib.sha256(f"{source.sha256} {VERSION} {scheme_for(backend)}".encode()).hexdigest()[:12]
    path = _folder() / f"{name}-seed-{backend}-int8-{mark}.json"
    if not path.is_file():
        import onnx

        rng = np.random.default_rng(0)
        crops = [
            {s.name: rng.uniform(s.low or 0.0, s.high or 1.0, s.sizes).astype(np.float32) for s in source.inputs}
            for _ in range(CROPS)
        ]
        model = quantise(onnx.load(source.onnx_path), crops, scheme_for(backend), method="widest")
        _write(path, source, model.SerializeToString(), "int8")
    return load_card(path)


def _folder() -> Path:
    return cache_folder() / "bench"


def _make(name: str, path: Path) -> None:
    try:
        torch = import_module("torch")

        from training.export import export_onnx
        from training.networks.registry import find_network
    except ImportError as error:
        raise EngineError(f"{name}-seed: not available: needs the extra train ({error})") from error
    torch.manual_seed(0)
    spec = find_network(name, "seed")
    target = path.with_suffix(".onnx")
    export_onnx(spec.build().eval(), spec, target)
    data = target.read_bytes()
    base = ModelCard(
        name=name,
        version="random",
        preset="seed",
        file=target.name,
        sha256=hashlib.sha256(data).hexdigest(),
        inputs=_tensors(spec, spec.inputs),
        outputs=_tensors(spec, spec.outputs),
        crop_rule=ONLY,
        normalisation=ONLY,
        training_data=(),
        trained_on=f"nothing: {ONLY}; {spec.source}",
        licence="Apache-2.0",
        measured=(),
        limits=(ONLY,),
        generated=False,
        folder=path.parent,
    )
    _write(path, base, data, "fp32")


def _tensors(spec: NetworkSpec, tensors: tuple[TensorSpec, ...]) -> tuple[cards.TensorSpec, ...]:
    return tuple(
        cards.TensorSpec(name=t.name, shape=("N", *t.shape), low=t.low, high=t.high, unit=t.unit, meaning=t.meaning)
        for t in tensors
    )


def _write(path: Path, base: ModelCard, data: bytes, precision: str) -> None:
    """The file first, the card last: a card that is there has its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.with_suffix(".onnx")
    made = {"file": file.name, "sha256": hashlib.sha256(data).hexdigest(), "precision": precision}
    card = ModelCard.model_validate({**base.model_dump(), **made})
    for target, content in ((file, data), (path, card.model_dump_json(indent=2).encode() + b"\n")):
        temporary = target.with_name(target.name + ".tmp")
        temporary.write_bytes(content)
        temporary.replace(target)
