"""The models that a configuration asks for."""

from __future__ import annotations

from pathlib import Path

from engines.loading import Models, load_models, usual_names
from pipeline.config import PipelineConfig


def wanted_models(config: PipelineConfig, weights_dir: Path | None = None) -> tuple[str, ...]:
    """Names of the models that the steps run with this configuration: the usual ones, and those it switches on."""
    more = ("eye_to_face",) if config.generate.face_from_eye else ()
    return (*usual_names(weights_dir), *more)


def load_wanted(config: PipelineConfig, weights_dir: Path | None = None) -> Models:
    """Load them, as the configuration's engines say.

    Raises:
        EngineError: as :func:`engines.loading.load_models`.
    """
    engines = config.engines
    return load_models(engines.policy, engines.threads, wanted_models(config, weights_dir), weights_dir)
