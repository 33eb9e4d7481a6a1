"""The models that are measured: those that are shipped, and a reason for each that is not."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engines.card import load_card
from engines.errors import EngineError
from engines.loading import PRESET, WEIGHTS, Models, load_models
from engines.select import select_backend
from training.wrong_use import WrongUseError

CLASSES = {
    "face_finder": "FaceFinder",
    "face_landmarks": "FaceLandmarks",
    "gray_to_depth": "GrayToDepth",
    "depth_to_color": "DepthToColor",
    "face_verifier": "FaceVerifier",
    "eye_to_face": "EyeToFace",
}
"""Name of a model's card and module -> its class in engines/models."""


class NoModelsError(WrongUseError):
    """The folder of models is missing or holds none of these; the message names it."""


@dataclass
class Shelf:
    """Models by name, why the others are missing, and those that the steps run with."""

    steps: Models
    loaded: dict[str, Any] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> Any | None:
        return self.loaded.get(name)

    def title(self, name: str) -> str:
        """Class and version, as rows name them."""
        model = self.loaded.get(name)
        return CLASSES[name] if model is None else f"{CLASSES[name]} {model.card.version}"

    def close(self) -> None:
        self.steps.close()
        for model in self.loaded.values():
            model.close()


def require_cards(folder: Path) -> None:
    """Raises NoModelsError where `folder` is none, or holds no card of any of these models."""
    instead = "--weights names a folder of models with their cards; without it those that ship are measured"
    if not folder.is_dir():
        raise NoModelsError(f"{folder} is {'a file' if folder.exists() else 'missing'}; {instead}")
    if not any(_card_of(name, folder).is_file() for name in CLASSES):
        cards = ", ".join(f"{name}-{PRESET}.json" for name in CLASSES)
        raise NoModelsError(f"{folder} holds no card of a model that is measured ({cards}); {instead}")


def open_shelf(weights: Path | None) -> Shelf:
    """Every model whose class, card and file are there; a torn one counts as missing, with its reason.

    Raises:
        EngineError: a backend that the environment requires cannot run.
    """
    shelf = Shelf(load_models(weights_dir=weights))
    for name, kind in CLASSES.items():
        path = _card_of(name, weights or WEIGHTS)
        try:
            make = getattr(importlib.import_module(f"engines.models.{name}"), kind)
        except (ModuleNotFoundError, AttributeError):
            shelf.missing[name] = f"this version has no {kind}"
            continue
        if not path.is_file():
            shelf.missing[name] = f"the folder of models has no {path.name}"
            continue
        try:
            card = load_card(path)
            backend, _ = select_backend(card)
            shelf.loaded[name] = make(backend, card)
        except EngineError as error:
            shelf.missing[name] = str(error)
    return shelf


def _card_of(name: str, folder: Path) -> Path:
    path, plain = folder / f"{name}-{PRESET}.json", folder / f"{name}.json"
    return plain if plain.is_file() and not path.is_file() else path
