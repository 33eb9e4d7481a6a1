"""What works here, what is missing, and how to get it."""

from __future__ import annotations

import ctypes.util
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from drivers.registry import families
from engines.errors import EngineError
from engines.gpu import gpu_facts, why_no_gpu
from engines.loading import load_models
from engines.probe import probe_backend
from engines.registry import BACKENDS
from engines.verified import verified
from pipeline.errors import PipelineError
from pipeline.exporters.registry import exporters
from pipeline.steps.haar import Haar
from recordings.errors import RecordingError
from recordings.importers.registry import importers
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session

QT_LIBRARIES = {
    "GL": "libgl1",
    "EGL": "libegl1",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-randr": "libxcb-randr0",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xcb-xinerama": "libxcb-xinerama0",
    "xcb-xkb": "libxcb-xkb1",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
    "glib-2.0": "libglib2.0-0",
}
"""Shared libraries that Qt's X11 window needs on Debian, and the package of each."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: ``ok``, ``missing`` (an optional part) or ``broken`` (a part that must work)."""

    name: str
    state: str
    found: str
    fix: str = ""

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "state": self.state, "found": self.found, "fix": self.fix}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Every check, in the order to read them."""

    checks: tuple[Check, ...]

    @property
    def is_healthy(self) -> bool:
        """True when nothing that must work is broken."""
        return not any(c.state == "broken" for c in self.checks)

    def to_json(self) -> dict[str, Any]:
        return {"healthy": self.is_healthy, "checks": [c.to_json() for c in self.checks]}


def examine() -> Diagnosis:
    """Look at everything. Takes a second or two: models are loaded and the window is probed in a child process."""
    return Diagnosis((*_base(), *_backends(), *_models(), *_window(), *_cameras(), *_formats(), *_later()))


def window_problem() -> str:
    """Why no window can be opened here; empty when one can.

    Qt aborts the process when it finds no display or a library is missing, so a child process tries it.
    """
    if util.find_spec("PyQt5") is None or util.find_spec("pyqtgraph") is None:
        return "the extra `gui` is not installed"
    if platform.system() == "Linux" and os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
        lacking = missing_qt_libraries()
        if lacking:
            return f"Qt lacks system libraries; install them with: apt install {' '.join(lacking)}"
    code = "from PyQt5.QtWidgets import QApplication; QApplication([])"
    try:
        probe = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, timeout=30, text=True, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"Qt could not be tried: {error}"
    if probe.returncode != 0:
        lines = [line for line in probe.stderr.strip().splitlines() if line.strip()]
        return f"Qt cannot open the display: {lines[0] if lines else f'exit code {probe.returncode}'}"
    return ""


def missing_qt_libraries() -> list[str]:
    """Debian packages of the shared libraries that are not found on this Linux machine; empty elsewhere."""
    if platform.system() != "Linux":
        return []
    return [package for name, package in QT_LIBRARIES.items() if ctypes.util.find_library(name) is None]


def _base() -> list[Check]:
    checks = [
        Check(
            "python", "ok" if sys.version_info >= (3, 11) else "broken", platform.python_version(), "use 3.11 or newer"
        ),
        Check("machine", "ok", f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"),
    ]
    for name in ("numpy", "opencv-python-headless", "openvino", "onnxruntime", "mcap", "foxglove-sdk", "pyarrow"):
        try:
            checks.append(Check(name, "ok", metadata.version(name)))
        except metadata.PackageNotFoundError:
            checks.append(Check(name, "broken", "not installed", "pip install tapetum (the base install brings it)"))
    for wrong in ("opencv-python", "opencv-contrib-python"):
        if _is_installed(wrong):
            fix = f"pip uninstall {wrong}, then pip install --force-reinstall 'opencv-python-headless<5'"
            checks.append(Check(wrong, "broken", "installed beside the headless build: Qt will abort", fix))
    checks.append(_cascades())
    checks.append(_video())
    checks.append(_sample())
    return checks


def _cascades() -> Check:
    try:
        Haar(1.2, 3)
    except PipelineError as error:
        return Check("face cascades", "broken", str(error), "pip install 'opencv-python-headless>=4.10,<5'")
    return Check("face cascades", "ok", "found")


def _video() -> Check:
    """Whether this OpenCV writes the video that batch makes."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "probe.mp4")
        writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"mp4v"), 15.0, (64, 64))
        opened = writer.isOpened()
        if opened:
            writer.write(np.zeros((64, 64, 3), np.uint8))
        writer.release()
    if opened:
        return Check("video writing", "ok", "MPEG-4")
    return Check("video writing", "missing", "OpenCV has no MPEG-4 encoder here", "use `tapetum batch --no-video`")


def _sample() -> Check:
    found = []
    try:
        for name in BUNDLED:
            with SessionReader(bundled_session(name)) as reader:
                frames = sum(reader.count(s.name) for s in reader.streams)
                found.append(f"{name}: {len(reader.streams)} streams, {frames} frames")
    except RecordingError as error:
        return Check("bundled session", "broken", str(error), "install tapetum again")
    return Check("bundled session", "ok", "; ".join(found))


def _models() -> list[Check]:
    checks = []
    try:
        models = load_models()
    except EngineError as error:
        return [Check("models", "broken", str(error), "install tapetum again")]
    try:
        for name, told in models.describe().items():
            if name in models.missing:
                continue
            ruled_out = {k: v for k, v in told.get("reasons", {}).items() if not v.startswith("not in the policy")}
            reasons = "; ".join(f"{k}: {v}" for k, v in ruled_out.items())
            found = f"{told['name']} {told['version']} on {told['backend']}"
            checks.append(Check(f"model {name}", "ok", found + (f" (not on {reasons})" if reasons else "")))
        for name, reason in models.missing.items():
            checks.append(Check(f"model {name}", "broken", reason, "install tapetum again"))
    finally:
        models.close()
    return checks


def _window() -> list[Check]:
    problem = window_problem()
    if not problem:
        return [Check("window", "ok", "Qt opens a window here")]
    fix = "pip install 'tapetum[gui]'" if "extra" in problem else "`tapetum batch` works without a window"
    return [Check("window", "missing", problem, fix)]


def _cameras() -> list[Check]:
    """Every family of cameras; `tapetum doctor --camera SOURCE` examines one."""
    checks = []
    for family in families():
        found = family.title if family.available else f"{family.title}: {family.reason}"
        told = "; ".join(filter(None, (found, family.note)))
        checks.append(Check(f"camera {family.name}", "ok" if family.available else "missing", told, family.how))
    return checks


def _formats() -> list[Check]:
    """The formats that were never tried on the real thing; `tapetum session formats` tells them all."""
    unverified = [(f"import {one.name}", one.title) for one in importers()]
    unverified += [(f"export {one.name}", one.title) for one in exporters()]
    return [Check(name, "ok", title) for name, title in unverified if "UNVERIFIED" in title]


def _backends() -> list[Check]:
    """What can run the models, each tried in a child process, and the GPU that some of them need."""
    no_gpu = why_no_gpu()
    checks = [_gpu(no_gpu)]
    for info in BACKENDS.values():
        probe = probe_backend(info.name)
        unverified = info.unverified if info.unverified and verified(info.name) is None else ""
        told = f" (UNVERIFIED: {unverified})" if unverified else ""
        if probe.ok:
            found = ", ".join(f"{k} {v}" for k, v in probe.found.items() if v)
            checks.append(Check(f"backend {info.name}", "ok", found + told))
            continue
        reason = "needs a GPU" if info.needs_gpu and probe.reason == no_gpu else probe.reason
        # The CPU's own backends are part of the base install; a GPU's is optional.
        state = "missing" if info.needs_gpu else "broken"
        fix = "" if info.install in reason else info.install
        checks.append(Check(f"backend {info.name}", state, reason + told, fix))
    return checks


def _gpu(no_gpu: str) -> Check:
    facts = gpu_facts()
    if facts is None or no_gpu:
        return Check("gpu", "missing", no_gpu, "the models run on the CPU")
    gpus = "; ".join(gpu.text() for gpu in facts.gpus)
    return Check("gpu", "ok", f"{gpus}; driver {facts.driver or 'unknown'}, CUDA {facts.cuda or 'unknown'}")


def _later() -> list[Check]:
    return [
        Check(
            "torch (training)",
            "ok" if _is_installed("torch") else "missing",
            _version("torch"),
            "pip install 'tapetum[train]'",
        ),
        Check(
            "ray (cluster batch)",
            "missing",
            "not available in this version",
            "`tapetum batch --workers N` uses this machine",
        ),
    ]


def _is_installed(package: str) -> bool:
    return _version(package) != "not installed"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
