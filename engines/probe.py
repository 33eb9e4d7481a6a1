"""Whether a backend computes here, tried in a child process: a library or driver may end the process that asks it.

The child loads a tiny model with known weights, computes it, and compares the numbers with NumPy's. What worked is
remembered until a package, the driver or the processor changes; what failed is tried again at the next start.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import logging
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import LoadOptions
from engines.card import load_card
from engines.errors import EngineError
from engines.folders import cache_folder
from engines.key import cpu_fields
from engines.registry import BACKENDS, BackendInfo, make_backend

log = logging.getLogger(__name__)

TIMEOUT_S = 60.0
"""A first import from a cold disk takes seconds; a driver that hangs takes for ever."""

BUILD_TIMEOUT_S = 180.0
"""The same where the tiny model must be built first."""

PROBE_CARD = Path(__file__).parent / "probe_model" / "probe.json"
TOLERANCE = 2e-3
"""Largest difference from NumPy; half precision rounds the probe's numbers by less than 1e-3."""

_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Probe:
    """What trying a backend showed.

    Attributes:
        name: of the backend.
        ok: it loaded the tiny model and computed it right.
        reason: why it does not run here; empty when it does.
        found: what really ran: device, version, precision.
        seconds: that the try took.
    """

    name: str
    ok: bool
    reason: str = ""
    found: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def probe_backend(name: str) -> Probe:
    """Try a backend in a child process, once in this process's life.

    Never raises. Takes ``TIMEOUT_S`` at most, or ``BUILD_TIMEOUT_S`` where the tiny model must be built.
    """
    info = BACKENDS[name]
    lacking = [package for package in info.packages if importlib.util.find_spec(package) is None]
    if lacking:
        return Probe(name, False, f"not installed (no package {', '.join(lacking)}); run: {info.install}")
    if info.needs_gpu:
        from engines.gpu import why_no_gpu

        if why := why_no_gpu():
            return Probe(name, False, why)
    return _probed(name)


def forget() -> None:
    """Forget what this process found, not what the disk remembers."""
    _probed.cache_clear()


@functools.cache
def _probed(name: str) -> Probe:
    info = BACKENDS[name]
    mark = _fingerprint(info)
    remembered = _remembered(name, mark)
    if remembered is not None:
        return remembered
    probe = _try(name, BUILD_TIMEOUT_S if info.builds else TIMEOUT_S)
    if probe.ok:
        _remember(probe, mark)
    return probe


def _try(name: str, timeout_s: float = TIMEOUT_S) -> Probe:
    start = time.monotonic()
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "engines.probe", name],
            capture_output=True,
            timeout=timeout_s,
            text=True,
            check=False,
            errors="replace",
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    except subprocess.TimeoutExpired:
        return Probe(name, False, f"its probe gave no answer within {timeout_s:.0f} s and was ended")
    except OSError as error:
        return Probe(name, False, f"its probe could not be started: {error}")
    seconds = time.monotonic() - start
    lines = [line for line in child.stdout.splitlines() if line.strip()]
    if child.returncode == 0 and lines:
        try:
            told = json.loads(lines[-1])
            return Probe(name, bool(told["ok"]), str(told["reason"]), told["found"], seconds)
        except (ValueError, KeyError, TypeError):
            log.debug("the probe of %s printed %r", name, lines[-1])
    return Probe(name, False, _crash(child.returncode, child.stderr), {}, seconds)


def _crash(returncode: int, stderr: str) -> str:
    said = [line.strip() for line in stderr.splitlines() if line.strip()]
    last = f": {said[-1][:300]}" if said else ""
    if returncode < 0:
        try:
            what = signal.Signals(-returncode).name
        except ValueError:
            what = f"signal {-returncode}"
        return f"its library ended the probing process by {what}{last}"
    return f"its probe ended with exit code {returncode}{last}"


def run_probe(name: str) -> dict[str, Any]:
    """What the child process does: load, compute, compare. Returns the fields of a :class:`Probe`, ready for JSON."""
    card = load_card(PROBE_CARD)
    picture = np.linspace(-1, 1, 64, dtype=np.float32).reshape(1, 1, 8, 8)
    try:
        backend = make_backend(name, LoadOptions(buckets=(1,)))
        backend.load(card, card.onnx_path)
        try:
            answer = backend.infer({"image": picture})["answer"]
            status = backend.status()
        finally:
            backend.close()
    except EngineError as error:
        return {"ok": False, "reason": str(error), "found": {}}
    worst = float(np.abs(answer - probe_answer(picture)).max())
    found = {"device": status.device, "version": status.version, "precision": status.precision}
    if not worst <= TOLERANCE:
        return {"ok": False, "reason": f"it computes wrong numbers: off by {worst:.3g} in the probe", "found": found}
    return {"ok": True, "reason": "", "found": found}


def probe_answer(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """The probe model in NumPy: (1, 1, 8, 8) to (1, 2, 8, 8), a 3x3 convolution with zero padding, cut at zero."""
    weights = (np.arange(18, dtype=np.float32).reshape(2, 3, 3) - 8) / 16
    padded = np.pad(picture[0, 0], 1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    sums = np.einsum("yxij,oij->oyx", windows, weights) + np.array([0.25, -0.5], np.float32)[:, None, None]
    answer: NDArray[np.float32] = np.maximum(sums, 0)[None].astype(np.float32)
    return answer


def _fingerprint(info: BackendInfo) -> str:
    """What a remembered answer holds for: packages, interpreter, processor, kernel, driver."""
    versions = {package: _version(package) for package in info.packages}
    driver = Path("/proc/driver/nvidia/version")
    facts = {
        **cpu_fields(),
        "python": sys.version,
        "executable": sys.executable,
        "kernel": platform.release(),
        "driver": driver.read_text("utf-8", "replace") if driver.is_file() else "",
        "packages": json.dumps(versions, sort_keys=True),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        spec = importlib.util.find_spec(package)  # onnxruntime-gpu brings the package onnxruntime under another name
        return "" if spec is None or spec.origin is None else f"{spec.origin} {Path(spec.origin).stat().st_mtime_ns}"


def _file() -> Path:
    return cache_folder() / "probes.json"


def _read() -> dict[str, Any]:
    try:
        data = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):  # not there, torn, or not ours to read: then nothing is remembered
        return {}
    return data if isinstance(data, dict) else {}


def _remembered(name: str, mark: str) -> Probe | None:
    told = _read().get(name)
    if not isinstance(told, dict) or told.get("mark") != mark or told.get("ok") is not True:
        return None
    found = told.get("found")
    return Probe(name, True, "", found if isinstance(found, dict) else {}, 0.0)


def _remember(probe: Probe, mark: str) -> None:
    path = _file()
    with _LOCK:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            data = {**_read(), probe.name: {**asdict(probe), "mark": mark}}
            with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
                json.dump(data, file, indent=1)
            Path(file.name).replace(path)
        except OSError as error:  # a full or read-only disk: the next start probes again, that is all
            log.info("what the probe of %s found is not remembered: %s", probe.name, error)


if __name__ == "__main__":
    print(json.dumps(run_probe(sys.argv[1])))  # noqa: T201 - the answer to the parent
