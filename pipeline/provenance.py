"""What a result came from: models, engine keys, configuration, versions."""

from __future__ import annotations

import platform
from collections.abc import Collection, Mapping
from importlib import metadata
from typing import Any

from engines.loading import Models
from engines.served import Ran
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


Engines = Mapping[str, Mapping[str, str | int]]
"""Model name -> what it ran on: what a schedule entry stores."""


def schedule_engines(models: Models) -> Engines:
    """Which models run on which backend, engine key and batch size, where nothing else happens."""
    return {
        name: {"backend": str(d["backend"]), "engine_key": str(d["engine_key"]), "batch": int(d["batch"])}
        for name, d in models.describe().items()
        if "missing" not in d
    }


def engines_of(
    usual: Engines, ran: Mapping[str, Ran], rests: Collection[str] = (), failed: Collection[str] = ()
) -> Engines:
    """What one FrameSet's models ran on: the usual, but for what was asked of them.

    Args:
        usual: from :func:`schedule_engines`, before the FrameSet.
        ran: from ``Models.ran``, after it.
        rests: models that rested to keep the latency budget.
        failed: models that could not compute it, their fallback neither.
    """
    out: dict[str, Mapping[str, str | int]] = dict(usual)
    for name, what in ran.items():
        entry: dict[str, str | int] = {
            "backend": what.backend,
            "engine_key": what.engine_key,
            "batch": what.batch,
        }
        if what.retried:
            entry["retried"] = 1
        out[name] = entry
    for name in rests:
        if name in out:
            out[name] = {**out[name], "rested": 1}
    for name in failed:
        if name in out:
            out[name] = {**out[name], "failed": 1}
    return out
