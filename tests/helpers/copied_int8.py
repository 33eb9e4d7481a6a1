"""A build for tests of everything round it: the model's own file again, under a card that calls it int8."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from engines.backend import LoadOptions
from engines.card import ModelCard
from engines.errors import QuantizeError


def copy(card: ModelCard, options: LoadOptions, folder: Path, progress: Callable[[float, str], bool]) -> Path:
    """Write the model's bytes and a card into ``folder``; returns the card's path."""
    progress(0.5, "copying")
    (folder / card.file).write_bytes(card.onnx_path.read_bytes())
    path = folder / "card.json"
    told = {**card.model_dump(mode="json"), "precision": "int8"}
    path.write_text(json.dumps(told), "utf-8")
    return path


def fields(card: ModelCard, options: LoadOptions) -> dict[str, str]:
    return {"calibration": "none", "quantizer": "a copy"}


def refuse(card: ModelCard, options: LoadOptions, folder: Path, progress: Callable[[float, str], bool]) -> Path:
    """As a model that loses too much is refused."""
    raise QuantizeError(f"{card.title}: it loses 4 % of its landmark error, at most 1 % is allowed")
