"""pykinect2 0.1.0 as it stands on PyPI, mended while it is imported.

Its files were made for Python 2 and 32 bits. Where a line that is known to be wrong is found, a right one is compiled
in its place, in memory; a newer version, or one that its user mended, has no such line and is taken as it is.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import logging
import sys
import types
from dataclasses import dataclass
from typing import Any, Final

from drivers.errors import SdkMissingError

log = logging.getLogger(__name__)

PACKAGE: Final = "pykinect2"


@dataclass(frozen=True, slots=True)
class Fault:
    """A line, or part of one, that is wrong, and what stands there instead."""

    module: str
    wrong: str
    right: str
    why: str


FAULTS: Final = (
    Fault(
        "PyKinectV2",
        "assert sizeof(tagSTATSTG) == 72, sizeof(tagSTATSTG)",
        "assert sizeof(tagSTATSTG) in (72, 80), sizeof(tagSTATSTG)",
        "its pointer is 8 bytes wide in a 64-bit Python, which makes it 80",
    ),
    Fault(
        "PyKinectV2",
        "from comtypes import _check_version; _check_version('')",
        "pass",
        "newer comtypes refuse a module that names no version of their code generator",
    ),
    Fault(
        "PyKinectV2",
        "INT_PTR = c_int\n",
        "INT_PTR = c_ssize_t\n",
        "the SDK writes a handle as wide as a pointer into it",
    ),
    Fault("PyKinectRuntime", "time.clock()", "time.perf_counter()", "Python 3.8 took time.clock away"),
    Fault("PyKinectRuntime", "dtype=numpy.object)", "dtype=object)", "numpy 1.24 took numpy.object away"),
)


def mend(module: str, source: str) -> tuple[str, list[Fault]]:
    """The text with every fault that is in it mended, and which those were."""
    source = source.replace("\r\n", "\n")
    found = [fault for fault in FAULTS if fault.module == module and fault.wrong in source]
    for fault in found:
        source = source.replace(fault.wrong, fault.right)
    return source, found


class MendingLoader(importlib.machinery.SourceFileLoader):
    """Compiles the mended text; never takes or leaves bytecode on disk, which would be that of the text as it is."""

    def get_code(self, fullname: str) -> types.CodeType:
        path = self.get_filename(fullname)
        # Its first line names an encoding that only Windows knows; beyond ASCII there is nothing in it.
        text = self.get_data(path).decode("latin-1")
        module = fullname.rpartition(".")[2]
        mended, found = mend(module, text)
        for fault in found:
            log.info("%s mended: %s (%s)", fullname, fault.wrong.strip(), fault.why)
        return compile(mended, path, "exec", dont_inherit=True)


def why_unavailable() -> str:
    """ "" when pykinect2 and comtypes are here; whether the SDK itself is, only its import tells."""
    missing = [name for name in (PACKAGE, "comtypes") if importlib.util.find_spec(name) is None]
    return f'{" and ".join(missing)} missing: `pip install "tapetum[kinect]"` brings it' if missing else ""


def load(module: str = "PyKinectV2") -> Any:
    """A module of pykinect2, mended.

    ``PyKinectRuntime`` is not used here: it leaves a thread behind, waits without a limit, tells no new frame from an
    old one, and has neither infrared nor the camera's clock. ``PyKinectV2``, the interfaces of the SDK, has them.

    Raises:
        SdkMissingError: pykinect2, comtypes or Microsoft's runtime is missing; says which, and how to get it.
    """
    name = f"{PACKAGE}.{module}"
    if name in sys.modules:
        return sys.modules[name]
    if reason := why_unavailable():
        raise SdkMissingError(reason)
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise SdkMissingError(
            f"{PACKAGE} has no {module}: install it again (`pip install --force-reinstall {PACKAGE}`)"
        )
    loader = MendingLoader(name, found.origin)
    spec = importlib.util.spec_from_file_location(name, found.origin, loader=loader)
    assert spec is not None  # a loader was given
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    try:
        loader.exec_module(made)
    except OSError as error:
        del sys.modules[name]
        raise SdkMissingError(
            f"Microsoft's Kinect for Windows Runtime 2.0 is not installed ({error}): download it, or the SDK, from "
            "microsoft.com, and plug the Kinect into a USB 3 port"
        ) from error
    except ImportError as error:
        del sys.modules[name]
        raise SdkMissingError(f"{PACKAGE} does not load here ({error}); it needs Windows and comtypes") from error
    except BaseException:  # whatever it was goes on, only not half done
        del sys.modules[name]
        raise
    setattr(sys.modules[PACKAGE], module, made)
    return made
