"""The self-check of an engine when it is loaded here for the first time; what passed is remembered by its key.

The engine key holds the model, the backend and its version, the precision, the driver and the processor: what decides
the numbers. An engine that fails is not used by this process, nor by a later one until its key is another.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engines.backend import Backend, LoadOptions
from engines.card import ModelCard
from engines.errors import QuarantinedError
from engines.folders import cache_folder
from engines.registry import BACKENDS, make_backend
from engines.selfcheck import self_check
from engines.selfcheck_files import REFERENCE

log = logging.getLogger(__name__)

MOST = 500
"""Engines remembered; the oldest are forgotten, and checked again if they come back."""

_LOCK = threading.Lock()


def check_first_load(backend: Backend, card: ModelCard, loaded: ModelCard) -> None:
    """Check a loaded engine against the fp32 reference, unless its key has passed before.

    Args:
        backend: what was loaded.
        card: of the model.
        loaded: the card of the file that was loaded: the model's own, or its int8 variant, which was checked against
            its original when it was built.

    Raises:
        QuarantinedError: it gives wrong numbers or is too slow, now or when it was first loaded.
        EngineError: the reference could not be loaded.
    """
    status = backend.status()
    if status.name == REFERENCE:  # it is what the others are compared with
        return
    told = _read().get(status.engine_key)
    if told is None:
        told = _check(backend, loaded)
        _remember(status.engine_key, told)
    if told:
        raise QuarantinedError(
            f"{card.title} on {BACKENDS[status.name].title} failed its self-check and is not used: {told}; after a "
            f"repair: tapetum engines check --backend {status.name}"
        )


def _check(backend: Backend, card: ModelCard) -> str:
    """What is wrong, in words; empty when nothing is."""
    reference = make_backend(REFERENCE, LoadOptions(threads=backend.status().threads or 1))
    try:
        reference.load(card, card.onnx_path)
        report = self_check(backend, card, reference)
    finally:
        reference.close()
    return "; ".join(report.failures)


def remember_check(engine_key: str, failures: str) -> None:
    """Replace what is remembered of an engine, after a check on purpose. ``failures``: empty when it passed."""
    _remember(engine_key, failures)


def forget_failures() -> int:
    """Let every engine that failed its first check be checked again when it is loaded next; returns how many."""
    failed = [key for key, told in _read().items() if told]
    if failed:
        _write(lambda known: {key: told for key, told in known.items() if not told})
    return len(failed)


def _file() -> Path:
    return cache_folder() / "checked.json"


def _read() -> dict[str, str]:
    try:
        data: Any = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):  # not there, torn, or not ours to read: then it is checked again
        return {}
    if not isinstance(data, dict):
        return {}
    return {key: value for key, value in data.items() if isinstance(key, str) and isinstance(value, str)}


def _remember(engine_key: str, told: str) -> None:
    _write(lambda known: {**{key: value for key, value in known.items() if key != engine_key}, engine_key: told})


def _write(change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    path = _file()
    with _LOCK:
        kept = dict(list(change(_read()).items())[-MOST:])
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.write_text(json.dumps(kept, indent=1), "utf-8")
            temporary.replace(path)
        except OSError as error:  # a full or read-only disk: the next start checks again, that is all
            log.info("what the self-checks found is not remembered: %s", error)
