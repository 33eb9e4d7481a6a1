"""The child process of one build: ``python -m engines.build_child``, its request as one line of JSON on stdin.

Its own stdout carries lines of JSON: ``{"progress": 0.4, "phase": "..."}`` and at the end ``{"done": {...}}`` or
``{"failed": {...}}``. Whatever a library prints goes to stderr. It ends at once when its stdin does: when whoever
started it is dead or has no more use for it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_NICE = 10
"""The frames go first."""

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


def main() -> None:
    """Do the request, tell the answer, end. Never returns: libraries that crash when they are unloaded cannot."""
    tell = _take_stdout()
    try:
        request = json.loads(sys.stdin.buffer.readline())
        _begin(request)
        tell({"done": _build(request, tell)})
    except BaseException as error:  # noqa: BLE001 - whatever it is, whoever waits is to know it
        traceback.print_exc()
        sys.stderr.flush()
        tell({"failed": _told(error)})
    os._exit(0)


def _build(request: Mapping[str, Any], tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    from engines.backend import LoadOptions
    from engines.build_recipes import function
    from engines.card import ModelCard, read_model

    asked = dict(request["options"])
    options = LoadOptions(**{**asked, "buckets": tuple(asked["buckets"])})
    share = 0.9 if request["check"] else 1.0

    def progress(done: float, phase: str) -> bool:
        tell({"progress": share * min(max(float(done), 0.0), 1.0), "phase": str(phase)})
        return True

    progress(0.0, "reading the model")
    card = ModelCard.model_validate(request["card"])
    read_model(card, card.onnx_path)
    folder = Path(request["folder"])
    artefact = Path(function(request["run"])(card, options, folder, progress))
    if artefact.parent != folder or not artefact.is_file():
        raise FileNotFoundError(f"the build told {artefact}, which is no file in its folder")
    check = None
    if request["check"]:
        tell({"progress": share, "phase": "checking its numbers"})
        check = function(request["check"])(card, options, artefact).to_json()
    return {"artefact": artefact.name, "check": check}


def _begin(request: Mapping[str, Any]) -> None:
    tempfile.tempdir = request["scratch"]
    os.environ["TMPDIR"] = request["scratch"]
    watch = threading.Thread(target=_end_with_stdin, name="stdin")
    watch.start()
    if sys.platform.startswith("linux"):
        import ctypes
        import signal

        # A library that computes for minutes without letting go of Python's lock would keep the thread above waiting.
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != request["parent"]:
            os._exit(1)
    if sys.platform != "win32":
        import resource

        os.nice(_NICE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if request["address_bytes"]:
            _, most = resource.getrlimit(resource.RLIMIT_AS)
            limit = request["address_bytes"] if most == resource.RLIM_INFINITY else min(request["address_bytes"], most)
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _end_with_stdin() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)


def _take_stdout() -> Callable[[dict[str, Any]], None]:
    """Keep stdout for the answers and give libraries stderr in its place."""
    own = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    lock = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\n"
        with lock:
            while data:
                data = data[os.write(own, data) :]

    return tell


def _told(error: BaseException) -> dict[str, str]:
    from engines.errors import EngineError
    from engines.store_files import FULL

    if isinstance(error, EngineError):
        return {"kind": type(error).__name__, "message": str(error)}
    if isinstance(error, MemoryError) or "bad_alloc" in str(error):
        return {"kind": "MemoryError", "message": str(error)}
    if isinstance(error, OSError) and error.errno in FULL:
        return {"kind": "StoreError", "message": f"the disk is full ({error.filename or 'the folder of the build'})"}
    return {"kind": "BuildError", "message": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
