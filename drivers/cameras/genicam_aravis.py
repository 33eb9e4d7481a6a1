"""Aravis: loading it, finding a camera with it, and what its errors mean.

Aravis comes from the system's packages and is reached through PyGObject. It is imported by :func:`load` only.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from drivers.cameras import genicam_gvcp as gvcp
from drivers.cameras.genicam_presence import is_address
from drivers.errors import (
    CameraBusyError,
    CameraError,
    CameraLostError,
    CameraNotFoundError,
    CameraOpenError,
    CameraPermissionError,
    SdkMissingError,
    UnsupportedFeatureError,
)

APT: Final = "gir1.2-aravis-0.8 libgirepository1.0-dev libcairo2-dev"
EXTRA: Final = "genicam"

ASK_S: Final = 0.3
"""How long a camera may take to answer who it is."""

_USR: Final = Path("/usr")
_FAKE: Final = re.compile(r"Fake_\d+")


@dataclass(frozen=True, slots=True)
class Found:
    """A camera that Aravis or its answer to a broadcast shows.

    Attributes:
        opens: what Aravis opens it by: an address or its own name for it.
        detail: for people: how it is connected.
    """

    opens: str
    vendor: str
    model: str
    serial: str
    detail: str
    names: tuple[str, ...] = ()


def load() -> Any:
    """The Aravis library.

    Raises:
        SdkMissingError: PyGObject or Aravis' typelib is missing; the message names what brings them.
    """
    try:
        importlib.import_module("gi").require_version("Aravis", "0.8")
        return importlib.import_module("gi.repository.Aravis")
    except (ImportError, ValueError, AttributeError) as error:
        raise SdkMissingError(f"GenICam cameras need Aravis: {missing() or error}") from error


def missing() -> str:
    """What is not installed here and how to get it; empty when all is. Imports nothing."""
    how = f'sudo apt install {APT}, then pip install "tapetum[{EXTRA}]"'
    if importlib.util.find_spec("gi") is None:
        return f"PyGObject is not installed; {how}"
    asked = [Path(one) for one in os.environ.get("GI_TYPELIB_PATH", "").split(os.pathsep) if one]
    folders = ("lib", "lib64", "lib/*-*-*", "local/lib", "local/lib64", "local/lib/*-*-*")
    usual = [where for folder in folders for where in _USR.glob(f"{folder}/girepository-1.0")]
    if not any((where / "Aravis-0.8.typelib").is_file() for where in (*asked, *usual)):
        return f"its description for PyGObject (Aravis-0.8.typelib) is not installed; {how}"
    return ""


def find_all() -> list[dict[str, Any]]:
    """The cameras that are there, those of Aravis' own fake interface left out; takes about a second."""
    return [asdict(one) for one in _listed(load())]


def _listed(aravis: Any) -> list[Found]:
    aravis.update_device_list()
    out = []
    for n in range(aravis.get_n_devices()):
        protocol, address = aravis.get_device_protocol(n), aravis.get_device_address(n)
        if protocol == "Fake":
            continue
        out.append(
            Found(
                opens=address if protocol == "GigEVision" else aravis.get_device_id(n),
                vendor=aravis.get_device_vendor(n) or "",
                model=aravis.get_device_model(n) or "",
                serial=aravis.get_device_serial_nbr(n) or "",
                detail=f"{protocol} {address}".strip(),
                names=tuple(filter(None, (aravis.get_device_id(n), aravis.get_device_physical_id(n), address))),
            )
        )
    return sorted(out, key=lambda one: (one.detail.split()[0], one.serial, one.opens))


def open_camera(aravis: Any, target: str) -> Any:
    """An ``Aravis.Camera`` for a source's target: an address, a serial number, Aravis' own name, or empty for any.

    Raises:
        CameraNotFoundError: it is not there; the message lists what is.
        CameraBusyError, CameraPermissionError, CameraOpenError
    """
    if _FAKE.fullmatch(target):
        aravis.enable_interface("Fake")
        return _new(aravis, target, target)
    if is_address(target):
        if gvcp.ask(target, ASK_S) is None and gvcp.ask(target, ASK_S) is None:
            raise CameraNotFoundError(
                f"no GigE Vision camera answers at {target}{gvcp.subnet_hint(target)}; {_there(aravis)}"
            )
        return _new(aravis, target, target)
    heard = gvcp.look_around(ASK_S, (lambda one: one.is_called(target)) if target else None)
    heard = sorted((one for one in heard if not target or one.is_called(target)), key=lambda one: one.serial)
    if heard:
        address = heard[0].address
        return _new(aravis, address, target or heard[0].serial, gvcp.subnet_hint(address))
    listed = _listed(aravis)
    for one in listed:
        if not target or target == one.serial or target in one.names:
            return _new(aravis, one.opens, target or one.serial)
    wanted = f"there is no GenICam camera {target!r}" if target else "there is no GenICam camera"
    raise CameraNotFoundError(f"{wanted}; {_words(listed)}")


def take_control(camera: Any, target: str, deadline_s: float, is_closing: Callable[[], bool]) -> None:
    """Make sure that this program controls a GigE Vision camera.

    An application that died without a word keeps the control until its heartbeat has been missed for long enough, so
    that is waited for.

    Args:
        deadline_s: monotonic seconds; how long that is waited for.

    Raises:
        CameraBusyError: another application has the control and keeps it.
    """
    if not camera.is_gv_device():
        return
    device = camera.get_device()
    while not device.is_controller():
        if time.monotonic() >= deadline_s or is_closing():
            which = target or device.get_device_address().get_address().to_string()
            raise CameraBusyError(
                f"the GigE Vision camera {which} is controlled by another application; close that one, or wait until "
                "the camera has missed its heartbeat"
            )
        with contextlib.suppress(glib_error()):  # "access denied", or no answer at all
            device.take_control()
        time.sleep(0.05)


def glib_error() -> type[Exception]:
    """What Aravis raises. Known only once PyGObject is loaded."""
    kind: type[Exception] = importlib.import_module("gi.repository.GLib").Error
    return kind


def as_error(error: Exception, doing: str) -> CameraError:
    """What an error of Aravis means.

    Args:
        doing: how the message begins: what was tried.
    """
    words = str(getattr(error, "message", error))
    said = f"{doing}: {words}" if doing else words
    if getattr(error, "domain", "") == "arv-device-error-quark":
        name = _code_name(getattr(error, "code", -1))
        if name in ("TIMEOUT", "NOT_CONNECTED", "TRANSFER_ERROR"):
            return CameraLostError(f"{said}; the camera does not answer")
        if name in ("NOT_CONTROLLER", "PROTOCOL_ERROR_ACCESS_DENIED", "PROTOCOL_ERROR_BUSY"):
            return CameraBusyError(f"{said}; another application controls the camera: close that one")
        if name == "NOT_FOUND":
            return CameraNotFoundError(said)
        if name == "FEATURE_NOT_FOUND":
            return UnsupportedFeatureError(said)
    if getattr(error, "domain", "") == "arv-gc-error-quark":
        return UnsupportedFeatureError(said)
    if re.search(r"LIBUSB_ERROR_ACCESS|permission|access denied", words, re.IGNORECASE):
        return CameraPermissionError(
            f"{said}; a udev rule for USB3 Vision cameras is missing: see docs/cameras/genicam.md"
        )
    if re.search(r"LIBUSB_ERROR_BUSY|claim", words, re.IGNORECASE):
        return CameraBusyError(f"{said}; another application has the camera: close that one")
    return CameraOpenError(said)


def _code_name(code: int) -> str:
    values = load().DeviceError.__enum_values__
    return str(values[code].value_name).removeprefix("ARV_DEVICE_ERROR_") if code in values else ""


def _new(aravis: Any, opens: str, target: str, hint: str = "") -> Any:
    try:
        return aravis.Camera.new(opens)
    except glib_error() as error:
        raise as_error(error, f"the GenICam camera {target} could not be opened{hint}") from error


def _there(aravis: Any) -> str:
    heard = [Found(one.address, one.vendor, one.model, one.serial, one.address) for one in gvcp.look_around(ASK_S)]
    return _words(heard or _listed(aravis))


def _words(found: list[Found]) -> str:
    if not found:
        return (
            "none is there at all: check power and cable, and that the firewall lets UDP port 3956 through; "
            "genicam:Fake_1 is Aravis' own simulation"
        )
    return (
        "there "
        + ("is " if len(found) == 1 else "are ")
        + ", ".join(f"genicam:{one.serial or one.opens} ({one.vendor} {one.model}, {one.detail})" for one in found)
    )
