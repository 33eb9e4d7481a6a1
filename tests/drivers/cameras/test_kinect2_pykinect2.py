"""pykinect2 0.1.0 is mended while it is imported: on the lines it really has, and on the package itself where it is.

Python on Linux lacks what Windows brings; what its modules ask for while they are imported is stood in for here.
"""

from __future__ import annotations

import ctypes
import ctypes.wintypes
import importlib
import importlib.machinery
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.cameras.kinect2_pykinect2 import FAULTS, load, mend, why_unavailable
from drivers.errors import SdkMissingError

# The names and the faulty lines of the real files; the rest of them is left out.
V2 = r"""# -*- coding: mbcs -*-
import ctypes
import comtypes
from ctypes import *
from comtypes import *
from comtypes import GUID
from ctypes import HRESULT
from comtypes import COMMETHOD
INT_PTR = c_int
from ctypes.wintypes import _ULARGE_INTEGER
from ctypes.wintypes import _FILETIME
WSTRING = c_wchar_p
from _ctypes import COMError

class IKinectSensor(comtypes.IUnknown):
    _case_insensitive_ = True
    _iid_ = GUID('{3C6EBA94-0DE1-4360-B6D4-653A10794C8B}')
    _idlflags_ = []
IKinectSensor._methods_ = [
    COMMETHOD([], HRESULT, 'SubscribeIsAvailableChanged',
              ( ['retval', 'out'], POINTER(INT_PTR), 'waitableHandle' )),
    COMMETHOD([], HRESULT, 'Open'),
]
class tagSTATSTG(Structure):
    pass
tagSTATSTG._fields_ = [
    ('pwcsName', WSTRING),
    ('type', c_ulong),
    ('cbSize', _ULARGE_INTEGER),
    ('mtime', _FILETIME),
    ('ctime', _FILETIME),
    ('atime', _FILETIME),
    ('grfMode', c_ulong),
    ('grfLocksSupported', c_ulong),
    ('clsid', GUID),
    ('grfStateBits', c_ulong),
    ('reserved', c_ulong),
]
assert sizeof(tagSTATSTG) == 72, sizeof(tagSTATSTG)
from comtypes import _check_version; _check_version('')

class DefaultKinectSensor:
    _kinect20 = ctypes.WinDLL('Kinect20')
    _GetDefaultKinectSensorProto = _kinect20.GetDefaultKinectSensor

__name__ = 'PyKinectV2'
"""
RUNTIME = r"""
import numpy
import time

class PyKinectRuntime(object):
    def __init__(self, frame_source_types):
        start_clock = time.clock()
        self._last_color_frame_access = start_clock
        self.bodies = numpy.ndarray((6), dtype=numpy.object)
"""


class _Library:
    """What ``ctypes.WinDLL`` gives: any function, with attributes that can be set."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, function: str) -> Any:
        made = types.SimpleNamespace()
        setattr(self, function, made)
        return made


def _refuse(actual: str, tlib_cached_mtime: float | None = None) -> None:
    if actual != "1.4.17":
        raise ImportError("Wrong version")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """comtypes, and the parts of ctypes that only Windows has; gives the libraries that were asked for."""
    asked: list[str] = []

    def library(name: str) -> _Library:
        asked.append(name)
        return _Library(name)

    class Guid(ctypes.Structure):
        _fields_ = (("bytes", ctypes.c_byte * 16),)

        def __init__(self, text: str = "") -> None:
            super().__init__()

    comtypes: Any = types.ModuleType("comtypes")
    comtypes.__spec__ = importlib.machinery.ModuleSpec("comtypes", None)
    comtypes.IUnknown = type("IUnknown", (ctypes.Structure,), {})
    comtypes.GUID = Guid
    comtypes.HRESULT = ctypes.c_long
    comtypes.COMMETHOD = lambda *parts: parts
    comtypes.helpstring = comtypes.dispid = lambda what: what
    comtypes.BSTR = ctypes.c_wchar_p
    comtypes._check_version = _refuse
    comtypes.hresult = types.SimpleNamespace()

    class FileTime(ctypes.Structure):
        _fields_ = (("low", ctypes.c_uint32), ("high", ctypes.c_uint32))

    monkeypatch.setattr(ctypes, "c_ulong", ctypes.c_uint32)  # as wide as on Windows
    monkeypatch.setattr(ctypes, "c_long", ctypes.c_int32)
    monkeypatch.setattr(ctypes.wintypes, "_FILETIME", FileTime)
    monkeypatch.setitem(sys.modules, "comtypes", comtypes)
    monkeypatch.setattr("_ctypes.COMError", type("COMError", (Exception,), {}), raising=False)
    monkeypatch.setattr(ctypes, "WinDLL", library, raising=False)
    monkeypatch.setattr(ctypes, "windll", _Library("windll"), raising=False)
    monkeypatch.setattr(ctypes, "HRESULT", ctypes.c_long, raising=False)
    yield asked
    for name in [name for name in sys.modules if name.partition(".")[0] == "pykinect2"]:
        del sys.modules[name]
    importlib.invalidate_caches()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pykinect2"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "PyKinectV2.py").write_bytes(V2.replace("\n", "\r\n").encode())
    (folder / "PyKinectRuntime.py").write_bytes(RUNTIME.replace("\n", "\r\n").encode())
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def test_the_interfaces_load_although_their_file_is_faulty(package: Path, windows: list[str]) -> None:
    with pytest.raises((SyntaxError, AssertionError, ImportError)):
        importlib.import_module("pykinect2.PyKinectV2")
    sdk = load()
    assert ctypes.sizeof(sdk.tagSTATSTG) == (80 if ctypes.sizeof(ctypes.c_void_p) == 8 else 72)
    assert ctypes.sizeof(sdk.INT_PTR) == ctypes.sizeof(ctypes.c_void_p)
    assert windows[:1] == ["Kinect20"]
    assert load() is sdk
    assert sys.modules["pykinect2.PyKinectV2"] is sdk
    assert not list(package.rglob("PyKinectV2*.pyc")), "no bytecode of another text"


def test_the_runtime_class_is_mended_too(package: Path, windows: list[str]) -> None:
    made = load("PyKinectRuntime").PyKinectRuntime(0)
    assert made._last_color_frame_access > 0
    assert len(made.bodies) == 6


def test_a_file_without_the_faults_is_taken_as_it_is() -> None:
    text = "INT_PTR = c_longlong\nassert sizeof(tagSTATSTG) == 80\n"
    assert mend("PyKinectV2", text) == (text, [])
    assert mend("PyKinectRuntime", V2.replace("\r\n", "\n"))[1] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.wrong.strip()[:30])
def test_every_known_fault_is_found_and_mended(fault: Any) -> None:
    text, found = mend(fault.module, V2 + RUNTIME)
    assert fault in found
    assert fault.wrong not in text
    assert fault.right in text


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, windows: list[str], package: Path) -> None:
    def no_library(name: str) -> Any:
        raise FileNotFoundError(f"Could not find module '{name}'")

    assert why_unavailable() == ""
    monkeypatch.setattr(ctypes, "WinDLL", no_library)
    with pytest.raises(SdkMissingError, match=r"Kinect for Windows Runtime 2\.0 is not installed"):
        load()
    assert "pykinect2.PyKinectV2" not in sys.modules


def test_without_pykinect2_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SdkMissingError, match=r"pykinect2 and comtypes missing.*tapetum\[kinect\]"):
        load()


def test_the_real_package_loads(windows: list[str]) -> None:
    found = importlib.util.find_spec("pykinect2")
    if found is None or not found.submodule_search_locations:
        pytest.skip("pykinect2 is not installed here (pip install --no-deps pykinect2)")
    folder = Path(found.submodule_search_locations[0])
    for module in ("PyKinectV2", "PyKinectRuntime"):
        text = (folder / f"{module}.py").read_text(encoding="latin-1")
        known = [fault for fault in FAULTS if fault.module == module]
        assert mend(module, text)[1] == known, "each fault is in the file as it is on PyPI"
    sdk = load()
    assert ctypes.sizeof(sdk.tagSTATSTG) == (80 if ctypes.sizeof(ctypes.c_void_p) == 8 else 72)
    assert {"IKinectSensor", "ICoordinateMapper", "_CameraSpacePoint", "_WaitForMultipleObjects"} <= set(vars(sdk))
    assert [name for name in dir(sdk.DefaultKinectSensor) if name == "_GetDefaultKinectSensorProto"]
