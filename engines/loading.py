"""The models that this program uses: load them, say what runs them, and say what is missing and why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engines.backend import Backend
from engines.card import ModelCard, load_card
from engines.errors import BackendUnavailableError, EngineError, PolicyError, UnknownModelError
from engines.models.depth_to_color import DepthToColor
from engines.models.eye_state import EyeState
from engines.models.eye_to_face import EyeToFace
from engines.models.face_finder import FaceFinder
from engines.models.face_landmarks import FaceLandmarks
from engines.models.face_verifier import FaceVerifier
from engines.models.gray_to_depth import GrayToDepth
from engines.policy import Policy, PolicyLike, effective_policy
from engines.select import Selection, select_backend
from engines.served import MakeFallback, Ran, ServedBackend, ServedHealth

log = logging.getLogger(__name__)

Model = GrayToDepth | DepthToColor | FaceLandmarks
OptionalModel = FaceVerifier | EyeToFace
AnyModel = Model | OptionalModel | FaceFinder | EyeState

WEIGHTS = Path(__file__).parent / "weights"
"""The folder with the shipped ONNX files and their cards."""

PRESET = "plus"
"""The preset that runs: the improved networks; ``seed`` are the papers' own."""

_MODELS: Mapping[str, Callable[[Backend, ModelCard], Model]] = {
    "gray_to_depth": GrayToDepth,
    "depth_to_color": DepthToColor,
    "face_landmarks": FaceLandmarks,
}

MODEL_NAMES: tuple[str, ...] = tuple(_MODELS)

_OPTIONAL: Mapping[str, Callable[[Backend, ModelCard], OptionalModel]] = {
    "face_verifier": FaceVerifier,
    "eye_to_face": EyeToFace,
}

OPTIONAL_NAMES: tuple[str, ...] = tuple(_OPTIONAL)
"""Models that nothing runs unless somebody asks for them by name: they look at who somebody is, or imagine a face."""

FINDER = "face_finder"
"""This model runs wherever its card is there, and nobody misses it: without it, shapes and cascades find the faces."""

EYE_STATE = "eye_state"
"""The same: without it, the landmark model says how far eyes are open."""

HELPERS: tuple[str, ...] = (FINDER, EYE_STATE)
"""Models that run wherever their card is there."""

_MAKERS: Mapping[str, Callable[[Backend, ModelCard], AnyModel]] = {
    **_MODELS,
    **_OPTIONAL,
    FINDER: FaceFinder,
    EYE_STATE: EyeState,
}


def shipped(name: str, weights_dir: Path | None = None, preset: str = PRESET) -> Path:
    """The path of a model's card; the file need not be there.

    It is ``<name>-<preset>.json``, as training writes it, or ``<name>.json`` in a folder with one preset only.

    Raises:
        UnknownModelError: no model has that name.
    """
    if name not in _MAKERS:
        raise UnknownModelError(f"there is no model {name!r}; there are {', '.join(_MAKERS)}")
    folder = weights_dir or WEIGHTS
    path, plain = folder / f"{name}-{preset}.json", folder / f"{name}.json"
    return plain if plain.is_file() and not path.is_file() else path


def broken_models(weights_dir: Path | None = None) -> dict[str, str]:
    """Model name -> why its card or file cannot be used, of those that cannot. Loads no backend."""
    broken = {}
    for name in MODEL_NAMES:
        try:
            load_card(shipped(name, weights_dir))
        except EngineError as error:
            broken[name] = str(error)
    return broken


def shipped_optional(weights_dir: Path | None = None) -> tuple[str, ...]:
    """Names of the models whose card is there, of those that need not be: without one, nobody misses the model."""
    return tuple(name for name in (*OPTIONAL_NAMES, *HELPERS) if shipped(name, weights_dir).is_file())


def usual_names(weights_dir: Path | None = None) -> tuple[str, ...]:
    """Names of the models that run unless somebody says otherwise."""
    return (*MODEL_NAMES, *(name for name in HELPERS if shipped(name, weights_dir).is_file()))


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded models.

    Attributes:
        gray_to_depth, depth_to_color, face_landmarks: None where ``missing`` says why, or not asked for.
        face_verifier, eye_to_face: the same, and only loaded when asked for by name.
        face_finder, eye_state: the same, and only where their cards are there.
        selections: model name -> which backend runs it, and why not the others.
        missing: model name -> why it could not be loaded.
        served: model name -> the engine behind it, which may fail over or be changed.
    """

    gray_to_depth: GrayToDepth | None = None
    depth_to_color: DepthToColor | None = None
    face_landmarks: FaceLandmarks | None = None
    face_verifier: FaceVerifier | None = None
    eye_to_face: EyeToFace | None = None
    face_finder: FaceFinder | None = None
    eye_state: EyeState | None = None
    selections: Mapping[str, Selection] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    served: Mapping[str, ServedBackend] = field(default_factory=dict)

    def selection(self, name: str) -> Selection | None:
        """How the engine that runs now was chosen; None for a model that was not loaded by this program's rules."""
        served = self.served.get(name)
        return self.selections.get(name) if served is None else served.selection

    def turn(self) -> tuple[str, ...]:
        """At a frame boundary: let the engines that were offered run from now on. The names of models that changed."""
        return tuple(name for name, served in self.served.items() if served.turn())

    def ran(self, names: Collection[str] | None = None) -> dict[str, Ran]:
        """Model name -> what its calls since the last question ran on, of those that were called.

        Args:
            names: of the models that are asked; None asks all.
        """
        asked = self.served if names is None else [name for name in self.served if name in names]
        ran = {name: self.served[name].ran() for name in asked}
        return {name: what for name, what in ran.items() if what is not None}

    def health(self) -> dict[str, ServedHealth]:
        """Model name -> what happened to its engine so far."""
        return {name: served.health for name, served in self.served.items()}

    def loaded(self) -> dict[str, AnyModel]:
        """Model name -> model, of those that are there."""
        every = {name: getattr(self, name) for name in _MAKERS}
        return {name: model for name, model in every.items() if model is not None}

    def describe(self) -> dict[str, dict[str, Any]]:
        """What runs, ready for JSON: of a loaded model its card and engine, of a missing one the reason."""
        out: dict[str, dict[str, Any]] = {}
        for name, model in self.loaded().items():
            card, status = model.card, model.status()
            selection = self.selection(name)
            out[name] = {
                "name": card.name,
                "version": card.version,
                "preset": card.preset,
                "sha256": card.sha256,
                "generated": card.generated,
                "backend": status.name,
                "device": status.device,
                "backend_version": status.version,
                "engine_key": status.engine_key,
                "engine_key_fields": dict(status.key_fields),
                "precision": status.precision if card.precision == "fp32" else card.precision,
                "threads": status.threads,
                "batch": status.batch_of(1),
                "policy": "" if selection is None else selection.policy,
                "is_fallback": selection is not None and selection.is_fallback,
                "reasons": {} if selection is None else dict(selection.reasons),
                "note": status.note,
            }
        for name, reason in self.missing.items():
            out[name] = {"missing": reason}
        return out

    def warm_up(self) -> None:
        """Compute once with every model, so that the first face does not pay for what happens once."""
        for model in self.loaded().values():
            model.warm_up()

    def close(self) -> None:
        """Release every model. Safe to call twice."""
        for model in self.loaded().values():
            model.close()


def load_models(
    policy: PolicyLike = None,
    threads: int | None = None,
    names: Sequence[str] | None = None,
    weights_dir: Path | None = None,
) -> Models:
    """Load models. One that is missing or torn never stops the others: ``Models.missing`` says why.

    Args:
        policy: which backends may run them, see :func:`engines.select.parse_policy`.
        threads: that one call computes with; None takes the default.
        names: of the models; None takes the usual ones (usual_names).
        weights_dir: the folder with cards and ONNX files; None takes the shipped one.

    Raises:
        PolicyError: the policy or the number of threads makes no sense.
        UnknownModelError: a name is no model's.
        BackendUnavailableError: the policy requires a backend that cannot run here.
    """
    wanted = effective_policy(policy)
    loaded: dict[str, Any] = {}
    selections: dict[str, Selection] = {}
    served: dict[str, ServedBackend] = {}
    missing: dict[str, str] = {}
    for name in usual_names(weights_dir) if names is None else dict.fromkeys(names):
        path = shipped(name, weights_dir)
        try:
            card = load_card(path)
            backend, selection = select_backend(card, wanted, threads)
            served[name] = ServedBackend(card, backend, selection, _fallbacks(card, wanted, threads))
            loaded[name] = _MAKERS[name](served[name], card)
            selections[name] = selection
        except EngineError as error:
            required = wanted.mode == "require" and isinstance(error, BackendUnavailableError)
            if required or isinstance(error, PolicyError):
                Models(**loaded).close()
                raise
            missing[name] = str(error)
    for name, reason in missing.items():
        log.warning("model %s is missing: %s", name, reason)
    return Models(
        **loaded, selections=selections, missing=missing, served={n: s for n, s in served.items() if n in loaded}
    )


def _fallbacks(card: ModelCard, policy: Policy, threads: int | None) -> MakeFallback | None:
    """How another backend is selected when one fails; None where the policy names one only."""
    if len(policy.order()) < 2:
        return None

    def make(without: Mapping[str, str]) -> tuple[Backend, Selection]:
        return select_backend(card, policy, threads, without)

    return make
