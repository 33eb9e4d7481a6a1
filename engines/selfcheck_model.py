"""The whole check of one model on one backend, as `tapetum engines check` makes it, and the facts of the machine."""

from __future__ import annotations

import datetime
import os
import platform
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from engines.backend import BUCKETS, LoadOptions, Precision
from engines.card import ModelCard
from engines.errors import BackendUnavailableError
from engines.first_load import remember_check
from engines.gpu import gpu_facts
from engines.key import cpu_fields
from engines.policy import Wish
from engines.probe import probe_backend
from engines.registry import BACKENDS, make_backend
from engines.selfcheck import CheckLimits, CheckReport, check_threads, self_check
from engines.selfcheck_files import loaded, reference_for
from engines.variants import variant_of
from engines.verified import versions

THREADS = 8
"""That call at once."""


def check_model(card: ModelCard, wish: Wish, threads: int = 1, limits: CheckLimits | None = None) -> CheckReport:
    """Load a model on a backend and check it: numbers and speed at every batch size, and eight threads at once.

    Args:
        card: of the model; for int8, of the file that the int8 file was made from.
        wish: the backend and the precision.
        threads: CPU threads of one call.
        limits: see :class:`engines.selfcheck.CheckLimits`.

    Returns:
        The report. It also counts for the loading of this engine from now on: one that failed is not loaded, one that
        passes is loaded again.

    Raises:
        NotBuiltError: the engine, or the int8 file, must be built first.
        EngineError: it cannot be loaded, or the reference cannot.
    """
    probe = probe_backend(wish.backend)
    if not probe.ok:
        raise BackendUnavailableError(probe.reason)
    precision: Precision = "file" if wish.precision == "int8" else wish.precision
    with ExitStack() as stack:
        source = stack.enter_context(variant_of(card, wish.precision))
        backend = stack.enter_context(
            loaded(make_backend(wish.backend, LoadOptions(precision=precision, threads=threads)), source)
        )
        reference = stack.enter_context(reference_for(card))
        status = backend.status()
        batches = sorted({*BUCKETS, *status.buckets, 3})
        report = self_check(backend, source, reference, limits=limits, batches=batches)
        report = replace(report, failures=(*report.failures, *check_threads(backend, source, THREADS)))
    remember_check(report.engine_key, "; ".join(report.failures))
    return report


def machine_facts(backend_name: str) -> dict[str, Any]:
    """What a report must say of the machine that it was made on; no names of people or of the machine."""
    gpu = gpu_facts() if BACKENDS[backend_name].needs_gpu else None
    return {
        "when": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "cpu": cpu_fields(),
        "cores": os.cpu_count(),
        "libraries": versions(backend_name),
        "gpu": None
        if gpu is None
        else {"driver": gpu.driver, "cuda": gpu.cuda, "gpus": [one.text() for one in gpu.gpus], "usable": gpu.usable},
    }
