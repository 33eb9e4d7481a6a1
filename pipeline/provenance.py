"""What a result came from: models, engine keys, configuration, versions."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from engines.loading import Models
from pipeline.config import PipelineConfig

PACKAGES = ("tapetum", "numpy", "opencv-python-headless", "openvino", "onnxruntime", "foxglove-sdk", "pyarrow")


def versions() -> dict[str, str]:
    """Of the packages whose change may change a result; "not installed" where one is absent."""
    out = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            out[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            out[name] = "not installed"
    return out


def run_record(models: Models, config: PipelineConfig) -> dict[str, Any]:
    """JSON-able: everything that a run's observations depend on, and no time of day."""
    return {
        "models": models.describe(),
        "missing_models": dict(models.missing),
        "configuration": config.model_dump(mode="json"),
        "versions": versions(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def schedule_engines(models: Models) -> Mapping[str, Mapping[str, str | int]]:
    """Which models run on which backend, engine key and batch size: what a schedule entry stores."""
    return {
        name: {"backend": str(d["backend"]), "engine_key": str(d["engine_key"]), "batch": 1}
        for name, d in models.describe().items()
        if "missing" not in d
    }
