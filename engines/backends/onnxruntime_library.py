"""The library ONNX Runtime itself: imported so that it tells nobody."""

from __future__ import annotations

import os
from typing import Any

from engines.errors import BackendUnavailableError

SILENCE = "ORT_DISABLE_TELEMETRY"


def import_onnxruntime(wheel: str = "onnxruntime") -> Any:
    """Import ONNX Runtime without its telemetry.

    From 1.31 on its import opens a database in the user's cache folder (Microsoft/DeveloperTools), puts a device
    number, the processor, the system and the program into it, and sends that to its maker, without asking.
    ``disable_telemetry_events`` comes too late for the first of it; the variable must be there before the import.
    Nothing may leave a machine that watches people.

    Args:
        wheel: that would bring it, for the error.

    Raises:
        BackendUnavailableError: onnxruntime is not installed.
    """
    os.environ[SILENCE] = "1"
    try:
        import onnxruntime
    except ImportError as error:
        raise BackendUnavailableError(
            f"the package onnxruntime cannot be imported ({error}); run: pip install {wheel}"
        ) from error
    onnxruntime.disable_telemetry_events()  # Windows builds trace their use
    return onnxruntime
