"""From a source string such as ``virtual:night.mcap`` to a camera; which families there are, and what is plugged in.

Families are found through the entry-point group ``tapetum.cameras``, the built-in ones too. The entry names a class
with two class methods: ``discover() -> list[CameraId]`` and ``from_source(rest: str) -> Camera``, where ``rest`` is
what follows the colon. It may carry ``title`` and ``extra`` as class attributes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from drivers.camera import Camera, CameraId
from drivers.errors import CameraOpenError, UnknownCameraError

log = logging.getLogger(__name__)

GROUP = "tapetum.cameras"


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of camera.

    Attributes:
        name: what stands before the colon of a source.
        title: for people.
        extra: the pip extra that brings its library, empty when none is needed.
        available: whether it can be opened here.
        reason: why it is not available.
        how: what to do about it.
    """

    name: str
    title: str
    extra: str
    available: bool
    reason: str = ""
    how: str = ""


_TITLES: Mapping[str, str] = {"virtual": "A recorded session, played as a live camera"}

_LATER = "not available in this version"
_MEANWHILE = "record with the vendor's own tool and import the images: tapetum session import FOLDER -o FILE"


def _later(name: str, title: str, extra: str = "") -> Family:
    return Family(name, title, extra, available=False, reason=_LATER, how=_MEANWHILE)


_NOT_BUILT: Mapping[str, Family] = {
    family.name: family
    for family in (
        _later("realsense", "Intel RealSense depth cameras", "realsense"),
        _later("kinect2", "Microsoft Kinect v2 (Windows)", "kinect"),
        _later("kinect1", "Microsoft Kinect v1", "kinect"),
        _later("thermal", "Thermal cameras over V4L2 (16 bits)"),
        _later("genicam", "GigE Vision and USB3 Vision cameras", "genicam"),
        _later("webcam", "Webcams"),
        _later("rtsp", "Network cameras over RTSP"),
    )
}


def families() -> list[Family]:
    """Every known family, the available ones first. Raises nothing: what cannot be loaded says why."""
    found: dict[str, Family] = {}
    for name, entry in _entries().items():
        try:
            kind = _load(entry)
        except CameraOpenError as error:
            found[name] = Family(
                name, name, "", available=False, reason=str(error), how="install it again: pip install -e ."
            )
        else:
            title = _TITLES.get(name) or str(getattr(kind, "title", name))
            found[name] = Family(name, title, str(getattr(kind, "extra", "")), available=True)
    every = {**_NOT_BUILT, **found}
    return sorted(every.values(), key=lambda f: (not f.available, f.name))


def discover() -> list[CameraId]:
    """What is plugged in or bundled, over all available families. A family that fails is logged and left out."""
    out: list[CameraId] = []
    for name, entry in _entries().items():
        try:
            out.extend(_load(entry).discover())
        except Exception as error:  # noqa: BLE001  a vendor's library may raise anything, the others still count
            log.warning("looking for %s cameras failed: %s", name, error)
    return out


def open_camera(source: str) -> Camera:
    """The camera that a source string names, made but not yet opened.

    Raises:
        UnknownCameraError: no family answers to it, or its family is not built yet.
        CameraOpenError: its family cannot be loaded.
        UnsupportedFeatureError: the rest of the string makes no sense to the family.
    """
    name, colon, rest = source.partition(":")
    entries = _entries()
    if not colon or name not in entries:
        if colon and name in _NOT_BUILT:
            family = _NOT_BUILT[name]
            raise UnknownCameraError(f"{family.title} ({name}:) are {family.reason}; {family.how}")
        known = ", ".join(f"{n}:" for n in sorted(entries)) or "none (install the program: pip install -e .)"
        hint = "" if colon else f"; to play a recorded session write virtual:{source}"
        raise UnknownCameraError(f"no camera answers to {source!r}; the families here are {known}{hint}")
    return cast(Camera, _load(entries[name]).from_source(rest))


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name)}


def _load(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        raise CameraOpenError(
            f"the camera family {entry.name!r} ({entry.value}) cannot be loaded: {error}; install it again"
        ) from error
