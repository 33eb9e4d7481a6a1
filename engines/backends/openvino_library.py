"""The library OpenVINO itself: imported in one way only, with one Core a process."""

from __future__ import annotations

import sys
import threading
from typing import Any

from engines.errors import BackendUnavailableError

_IMPORTING = threading.Lock()
_CORES: list[Any] = []
"""The one Core of this process, once there is one."""


def openvino_core() -> Any:
    """The process's Core, made once and kept to the end.

    With a Core, OpenVINO puts a stack for signals of its own in the place of the thread's, and takes it away with the
    Core. Of two Cores that end in the order in which they began, the second puts a freed stack back: the next SIGTERM
    or Ctrl-C then ends the process with a segmentation fault.

    Raises:
        BackendUnavailableError: openvino is not installed.
    """
    ov = import_openvino()
    with _IMPORTING:
        if not _CORES:
            _CORES.append(ov.Core())
        return _CORES[0]


def import_openvino() -> Any:
    """Import OpenVINO without its telemetry.

    Its import sends usage statistics to a server and writes files to ~/intel, without asking. Nothing may leave a
    machine that watches people, so OpenVINO is made to take the stub that it brings for when the telemetry package
    is not installed. Nothing here imports OpenVINO in another way.

    Raises:
        BackendUnavailableError: openvino is not installed.
    """
    modules: dict[str, Any] = sys.modules
    with _IMPORTING:
        hide = "openvino" not in modules and "openvino_telemetry" not in modules
        if hide:
            modules["openvino_telemetry"] = None  # bars the import
        try:
            import openvino
        except ImportError as error:
            raise BackendUnavailableError(
                f"the package openvino cannot be imported ({error}); run: pip install openvino"
            ) from error
        finally:
            if hide:
                del modules["openvino_telemetry"]
        return openvino
