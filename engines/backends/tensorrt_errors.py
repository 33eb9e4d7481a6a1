"""What TensorRT said, kept, and which of our errors it means.

TensorRT answers None or False and tells the reason to a logger. The texts looked for here were read in the lean runtime
libraries of 10.16 and 11.4 and in reports of users (docs/tensorrt.md names them); a text that no rule knows still ends
in an error of the right kind for the call, with the text quoted.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import deque
from typing import Any

from engines.errors import (
    BuildError,
    BuildLimitError,
    DeviceMemoryError,
    EngineError,
    InferenceError,
    NoDriverError,
    PlanError,
    UnsupportedGraphError,
    WrongVersionError,
)

log = logging.getLogger(__name__)

KEPT = 200
"""Messages that are remembered."""

_QUOTED = 400
"""Characters of what TensorRT said that go into an error."""

_LEVELS = {"VERBOSE": logging.DEBUG, "INFO": logging.DEBUG, "WARNING": logging.DEBUG}

_LIBRARY = re.compile(r"expecting library version\s+(\S+?)\s+got\s+([^\s,]+)", re.IGNORECASE)
_COMPUTE = re.compile(r"expecting compute\s+(\S+?)\s+got compute\s+([^\s,]+)", re.IGNORECASE)
_OTHER_VERSION = (
    "not compatible with this version of TensorRT",
    "Version tag does not match",
    "stdVersionRead == kSERIALIZATION_VERSION",
    "plan major version does not match",
    "incompatible with the version of this library",
    "old deserialization call on a newer plan",
)
_OTHER_MACHINE = (
    "generated on an incompatible device",
    "Platform specific tag mismatch",
    "not compatible with this hardware-compatible engine",
)
_MEMORY = re.compile(r"out of memory|OutOfMemory|cudaErrorMemoryAllocation|insufficient memory", re.IGNORECASE)
_OLD_DRIVER = re.compile(r"error:? 35\b|driver version is insufficient", re.IGNORECASE)


class Messages:
    """What TensorRT's logger was told, the last ``KEPT`` of it, with the thread that it was told on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[tuple[int, int, str, str]] = deque(maxlen=KEPT)
        self._count = 0

    def add(self, severity: str, text: str) -> None:
        """Called from C++: must never raise."""
        with self._lock:
            self._kept.append((self._count, threading.get_ident(), severity, text))
            self._count += 1
        log.log(_LEVELS.get(severity, logging.INFO), "TensorRT %s: %s", severity, text)

    def mark(self) -> int:
        """A point in time, for :meth:`since`."""
        with self._lock:
            return self._count

    def since(self, mark: int, own: bool = False) -> list[str]:
        """Which errors were told since a mark: on this thread; where this one told none and not ``own``, on any."""
        with self._lock:
            new = [entry for entry in self._kept if entry[0] >= mark and entry[2] in ("INTERNAL_ERROR", "ERROR")]
        mine = [entry for entry in new if entry[1] == threading.get_ident()]
        return [text for _, _, _, text in (mine if own else mine or new)]


_LOGGERS: dict[Any, tuple[Any, Messages]] = {}
_LOGGERS_LOCK = threading.Lock()


def logger_of(trt: Any) -> tuple[Any, Messages]:
    """The one logger of this process: TensorRT keeps the first that it is handed and warns of any other."""
    with _LOGGERS_LOCK:
        if trt not in _LOGGERS:
            messages = Messages()

            def begin(self: Any) -> None:
                trt.ILogger.__init__(self)

            def keep(self: Any, severity: Any, msg: str) -> None:
                messages.add(getattr(severity, "name", str(severity)), msg)

            kind = type("KeptLogger", (trt.ILogger,), {"__init__": begin, "log": keep})
            _LOGGERS[trt] = (kind(), messages)
        return _LOGGERS[trt]


def quoted(said: list[str]) -> str:
    """What TensorRT said, short enough for an error: the first lines tell the cause, the later ones who noticed."""
    text = " | ".join(" ".join(line.split()) for line in said)
    if not text:
        return "TensorRT said nothing more"
    return f"TensorRT said: {text if len(text) <= _QUOTED else text[:_QUOTED] + '...'}"


def refused_runtime(version: str, said: list[str]) -> EngineError:
    """Making a Runtime logged an error. The object that it gives then ends the process when it is used."""
    if any(_OLD_DRIVER.search(text) for text in said):
        return WrongVersionError(
            f"TensorRT {version} needs a newer NVIDIA driver than this machine has; update the driver, or install the "
            f"package that is made for an older CUDA (tensorrt-cu12 instead of tensorrt-cu13). {quoted(said)}"
        )
    if any(_MEMORY.search(text) for text in said):
        return DeviceMemoryError(f"the GPU has no memory left for TensorRT {version} to start. {quoted(said)}")
    return NoDriverError(f"TensorRT {version} cannot start on this machine's GPU. {quoted(said)}")


def refused_plan(title: str, version: str, said: list[str]) -> EngineError:
    """Reading a plan gave None. TensorRT's "expecting" is what runs, "got" is what the plan was made with."""
    every = " ".join(said)
    if found := _LIBRARY.search(every):
        return WrongVersionError(
            f"{title}: the plan was built with TensorRT {found[2]}, this is TensorRT {found[1]}; build it again: "
            f"tapetum engines build. {quoted(said)}"
        )
    if any(text in every for text in _OTHER_VERSION):
        return WrongVersionError(
            f"{title}: the plan was built with another TensorRT than {version}; build it again: tapetum engines build. "
            f"{quoted(said)}"
        )
    if found := _COMPUTE.search(every):
        return PlanError(
            f"{title}: the plan was built for a GPU of compute capability {found[2]}, this one has {found[1]}; build "
            f"it again: tapetum engines build. {quoted(said)}"
        )
    if any(text in every for text in _OTHER_MACHINE):
        return PlanError(
            f"{title}: the plan was built on another kind of machine; build it again: tapetum engines build. "
            f"{quoted(said)}"
        )
    if _MEMORY.search(every):
        return DeviceMemoryError(f"{title}: the GPU's memory does not suffice for the plan. {quoted(said)}")
    return PlanError(f"{title}: TensorRT {version} cannot read the plan, which is torn; build it again. {quoted(said)}")


def failed_call(title: str, what: str, said: list[str]) -> InferenceError:
    """A call at run time answered None or False."""
    if any(_MEMORY.search(text) for text in said):
        return DeviceMemoryError(f"{title}: the GPU's memory does not suffice to {what}. {quoted(said)}")
    return InferenceError(f"{title}: TensorRT could not {what}. {quoted(said)}")


def refused_graph(title: str, version: str, parser: Any, said: list[str]) -> UnsupportedGraphError:
    """The ONNX parser refused a graph: names the first nodes and their operations."""
    nodes = []
    for i in range(min(int(parser.num_errors), 3)):
        error = parser.get_error(i)
        name = error.node_name() or f"number {error.node()}"
        nodes.append(f"node {name} ({error.node_operator() or 'unknown operation'}): {error.desc()}")
    told = "; ".join(nodes) if nodes else quoted(said)
    return UnsupportedGraphError(f"{title}: TensorRT {version} cannot run it: {told}")


def failed_build(title: str, version: str, said: list[str]) -> BuildError:
    """The builder gave None without having been cancelled."""
    if any(_MEMORY.search(text) for text in said):
        return BuildLimitError(
            f"{title}: the GPU's memory does not suffice to build it; close what else uses the GPU and try again. "
            f"{quoted(said)}"
        )
    return BuildError(f"{title}: TensorRT {version} could not build it. {quoted(said)}")
