"""The package tensorrt, imported and its version proven."""

from __future__ import annotations

import ctypes
import importlib
import importlib.metadata
import re
from typing import Any

from engines.backends.tensorrt_cuda import INSTALL
from engines.errors import BackendUnavailableError, WrongVersionError

MAJORS = (10, 11)


def load_tensorrt() -> Any:
    """The module tensorrt, of a version that this program is written for.

    Raises:
        BackendUnavailableError: it is not installed, or lacks its libraries.
        WrongVersionError: it is older or newer.
    """
    try:
        trt = importlib.import_module("tensorrt")
    except Exception as error:  # besides ImportError, a missing shared library shows itself in several kinds
        raise BackendUnavailableError(
            f"the package tensorrt cannot be imported ({type(error).__name__}: {error}); run: {INSTALL}"
        ) from error
    version = str(getattr(trt, "__version__", ""))
    major = re.match(r"(\d+)\.", version)
    if major is None or int(major[1]) not in MAJORS:
        raise WrongVersionError(
            f"TensorRT {version or 'without a version'} is installed, this program is written for "
            f"{' and '.join(map(str, MAJORS))}; run: pip install 'tensorrt>={MAJORS[0]},<{MAJORS[-1] + 1}'"
        )
    return trt


def begin(kind: Any, logger: Any) -> Any:
    """A Builder or Runtime; None where TensorRT could not make one, which its bindings tell by a TypeError."""
    try:
        made = kind(logger)
    except TypeError:  # "factory function returned nullptr"
        return None
    return made or None


def keep_forever(*objects: Any) -> None:
    """Let no destructor of these run, not even at the end of the process.

    A Runtime that was made without a driver ends the process by a segmentation fault when it is deleted (seen with the
    lean runtimes of 10.16 and 11.4), and what a call that never ended still uses must not be freed under it.
    """
    for one in objects:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))


def distribution_of(version: str) -> str:
    """Which of TensorRT's packages is installed, e.g. ``tensorrt-cu13 11.4.0.106``: they bring different CUDAs."""
    for name in ("tensorrt_cu13_libs", "tensorrt_cu12_libs", "tensorrt_cu13", "tensorrt_cu12", "tensorrt"):
        try:
            return f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            continue
    return f"not by pip {version}"
