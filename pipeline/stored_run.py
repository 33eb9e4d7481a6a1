"""What the results in a session were made with, read back: configuration, models, and what of it differs here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from engines.loading import HELPERS, MODEL_NAMES, OPTIONAL_NAMES, Models, load_models
from pipeline.compare_observations import Mode
from pipeline.config import EngineConfig, PipelineConfig
from pipeline.errors import ConfigError
from pipeline.provenance import run_record, schedule_engines
from recordings.session import ScheduleEntry

PACKAGES: Final = ("tapetum", "numpy", "opencv-python-headless")
"""Whose versions may change an observation's bytes beside the engines, whose own versions are in their keys."""


BEFORE_THERE_WERE: Final[Mapping[str, Any]] = {
    "signals": {"enabled": False},
    "take_over": {"patience_s": 0.0},
    "second_look": {"looks": 0},
}
"""What a configuration says that is older than these settings: results were computed without them."""


_NEWER: Final = set(BEFORE_THERE_WERE)


def stored_config(run: Mapping[str, Any] | None) -> PipelineConfig:
    """The configuration that a session's results were computed with.

    Raises:
        ConfigError: the session stores none, or one that this version does not understand.
    """
    stored = (run or {}).get("configuration")
    if not isinstance(stored, dict):
        raise ConfigError("the session does not store the configuration that its results were computed with")
    try:
        return PipelineConfig.model_validate({**BEFORE_THERE_WERE, **stored})
    except ValidationError as error:
        wrong = ", ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        raise ConfigError(f"this version does not understand the stored configuration ({wrong})") from error


def added_settings(run: Mapping[str, Any] | None) -> list[str]:
    """Settings that this version has and the stored configuration does not name: they take their defaults.

    Whole groups that are newer than the recording are none of them: see :data:`BEFORE_THERE_WERE`.
    """
    stored = (run or {}).get("configuration")
    if not isinstance(stored, dict):
        return []
    return _added({**BEFORE_THERE_WERE, **stored}, PipelineConfig().model_dump(mode="json", exclude=_NEWER), "")


def load_as_stored(
    run: Mapping[str, Any] | None, schedule: Sequence[ScheduleEntry], engines: EngineConfig, weights: Path | None
) -> Models:
    """The models that ran then, and no other: what was missing then is missing again, with the same reason.

    Raises:
        EngineError: as :func:`engines.loading.load_models`.
    """
    ran = {name for entry in schedule for name in entry.engines}
    names = [name for name in (*MODEL_NAMES, *HELPERS, *OPTIONAL_NAMES) if name in ran]
    models = load_models(engines.policy, engines.threads, names, weights)
    absent = (run or {}).get("missing_models")
    if not isinstance(absent, dict):
        return models
    missing = {str(k): str(v) for k, v in absent.items() if k not in ran}
    return replace(models, missing={**missing, **models.missing})


@dataclass(frozen=True, slots=True)
class EngineCheck:
    """How stored results are to be compared.

    Attributes:
        mode: ``bytes`` where everything that computed them is the same here, else ``tolerances``.
        reasons: what differs, in words.
        engines_differ: models whose engine is not the stored one.
    """

    mode: Mode
    reasons: tuple[str, ...] = field(default=())
    engines_differ: tuple[str, ...] = field(default=())


def compare_engines(
    run: Mapping[str, Any] | None, schedule: Sequence[ScheduleEntry], models: Models, config: PipelineConfig
) -> EngineCheck:
    """What of the stored results' engines, library versions and platform is not the same here."""
    now = schedule_engines(models)
    differ: dict[str, str] = {}
    stored: dict[str, set[str]] = {}
    for entry in schedule:
        for name, how in entry.engines.items():
            stored.setdefault(name, set()).add(str(how.get("engine_key")))
    for name in sorted({*stored, *now}):
        key = str(now[name]["engine_key"]) if name in now else ""
        keys = stored.get(name, set())
        if keys != {key}:
            differ[name] = _engine_words(name, run, models, keys, key)
    reasons = list(differ.values())
    here = run_record(models, config)
    versions = (run or {}).get("versions")
    if isinstance(versions, dict):
        for package in PACKAGES:
            was, is_now = versions.get(package), here["versions"].get(package)
            if was is not None and was != is_now:
                reasons.append(f"{package} {was} then, {is_now} now")
    platform = (run or {}).get("platform")
    if platform is not None and platform != here["platform"]:
        reasons.append(f"{platform} then, {here['platform']} now")
    return EngineCheck("tolerances" if reasons else "bytes", tuple(reasons), tuple(differ))


def _engine_words(name: str, run: Mapping[str, Any] | None, models: Models, keys: set[str], key: str) -> str:
    """``face_landmarks: backend openvino then, onnxruntime now``, or the keys where no more is stored."""
    if not keys:
        return f"{name} runs now and did not then"
    if not key:
        return f"{name} ran then and is not there now"
    if len(keys) > 1:
        return f"{name} ran on {len(keys)} engines, one after the other: {', '.join(sorted(keys))}"
    models_then = (run or {}).get("models")
    then = models_then.get(name, {}).get("engine_key_fields") if isinstance(models_then, dict) else None
    fields = models.loaded()[name].status().key_fields
    if isinstance(then, dict) and then:
        # A backend of another name has other fields, too: that one word says it all.
        wanted = ("backend",) if then.get("backend") != fields.get("backend") else sorted({*then, *fields})
        found = [
            f"{k} {then.get(k, 'not set')} then, {fields.get(k, 'not set')} now"
            for k in wanted
            if then.get(k) != fields.get(k)
        ]
        if found:
            return f"{name}: {'; '.join(found)}"
    return f"{name}: engine {', '.join(keys)} then, {key} now"


def _added(stored: Mapping[str, Any], default: Mapping[str, Any], where: str) -> list[str]:
    found = []
    for name, value in default.items():
        if name not in stored:
            found.append(f"{where}{name}")
        elif isinstance(value, dict) and isinstance(stored[name], dict):
            found += _added(stored[name], value, f"{where}{name}.")
    return found
