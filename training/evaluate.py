"""What `tapetum evaluate` does: the shipped ONNX files, run as the program runs them, on held-out data.

Needs no torch. Synthetic measures use identities that training never saw; real ones use the development data, which
training never sees at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engines.card import Measured, load_card
from engines.loading import WEIGHTS
from engines.models.depth_to_color import DepthToColor
from engines.models.eye_state import EyeState
from engines.models.eye_to_face import EyeToFace
from engines.models.face_finder import FaceFinder
from engines.models.face_landmarks import FaceLandmarks
from engines.models.face_verifier import FaceVerifier
from engines.models.gray_to_depth import GrayToDepth
from engines.select import select_backend
from training.measures import color, eye, eye_state, finder, landmarks, relief, verification
from training.measures.report import EvaluationError
from training.networks.registry import find_network
from training.real_data import require_folder
from training.sample_kinds import has_people, nothing_for
from training.stores import open_store

_MODELS: dict[str, Callable[..., Any]] = {
    "face_finder": FaceFinder,
    "face_landmarks": FaceLandmarks,
    "gray_to_depth": GrayToDepth,
    "depth_to_color": DepthToColor,
    "face_verifier": FaceVerifier,
    "eye_to_face": EyeToFace,
    "eye_state": EyeState,
}
_MEASURES: dict[str, Any] = {
    "face_finder": finder,
    "face_landmarks": landmarks,
    "gray_to_depth": relief,
    "depth_to_color": color,
    "face_verifier": verification,
    "eye_to_face": eye,
    "eye_state": eye_state,
}


def evaluate(
    name: str,
    preset: str = "plus",
    faces: Path | None = None,
    real: Path | None = None,
    weights: Path = WEIGHTS,
    count: int = 400,
) -> list[Measured]:
    """Measure a shipped model on rendered samples (`faces`) and on real recordings (`real`); either may be None.

    Args:
        count: at most so many held-out samples of each sort.

    Raises:
        UnknownNetworkError: there is no such network, or no such preset of it.
        EvaluationError: it has no evaluation, neither folder was given, or the samples hold no one to measure on.
        EngineError: the model is missing or torn.
        ShardError, RealDataError: a folder is not what was expected.
    """
    spec = find_network(name, preset)
    if preset != "plus" or name not in _MEASURES:
        raise EvaluationError(f"{spec.key} ships no file of its own, so there is nothing to evaluate.")
    if faces is None and real is None:
        raise EvaluationError("Nothing to evaluate on: name a folder of rendered samples, of real recordings, or both.")
    if real is not None:
        require_folder(real)  # before minutes of measuring on the other
    model = load_model(name, preset, weights)
    try:
        result: list[Measured] = []
        if faces is not None:
            store = open_store(spec, faces)
            if not len(store) and not has_people(spec, faces):
                raise EvaluationError(nothing_for(spec, faces))
            result += _MEASURES[name].synthetic(model, store, count)
        if real is not None:
            result += _MEASURES[name].real(model, real)
        return result
    finally:
        model.close()


def load_model(name: str, preset: str = "plus", weights: Path = WEIGHTS) -> Any:
    """The model of the card `NAME-PRESET.json` in `weights`, on the backend that this machine prefers.

    Raises:
        EngineError: the card or the model is missing or torn.
    """
    card = load_card(weights / f"{name}-{preset}.json")
    backend, _ = select_backend(card, None, None)
    return _MODELS[name](backend, card)


__all__ = ["EvaluationError", "evaluate", "load_model"]
