"""From a source string such as ``virtual:night.mcap`` to a camera; which families there are, and what is plugged in.

Families are found through the entry-point group ``tapetum.cameras``, the built-in ones too. The entry names a class
with two class methods: ``discover() -> list[CameraId]`` and ``from_source(rest: str) -> Camera``, where ``rest`` is
what follows the colon. It may carry ``title``, ``extra`` (of pip), ``apt`` (packages of Debian) and ``note`` (what
people should know) as class attributes, and a class method ``why_unavailable() -> str`` that says, without loading it,
what of its library is missing; empty when nothing is. ``options_after`` is the sign behind which options begin,
where it is not ``?``. docs/adding-a-camera.md shows a whole one.
"""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, cast

from drivers.camera import Camera, CameraId
from drivers.errors import CameraOpenError, UnknownCameraError

log = logging.getLogger(__name__)

GROUP = "tapetum.cameras"
HIDDEN: Final = "..."

_FAMILY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+.-]{0,30}")
_NO_FILE: Final = re.compile(r"[@=?&]")


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
        note: what people should know of it, such as that it never ran on a real device.
    """

    name: str
    title: str
    extra: str
    available: bool
    reason: str = ""
    how: str = ""
    note: str = ""


def families() -> list[Family]:
    """Every known family, the available ones first. Raises nothing: what cannot be loaded says why."""
    found = [_family(name, entry) for name, entry in _entries().items()]
    return sorted(found, key=lambda f: (not f.available, f.name))


def _family(name: str, entry: EntryPoint) -> Family:
    try:
        kind = _load(entry)
    except CameraOpenError as error:
        return Family(name, name, "", available=False, reason=str(error), how="`pip install -e .`")
    title, extra, apt = (str(getattr(kind, key, "")) for key in ("title", "extra", "apt"))
    reason = _why_unavailable(kind)
    how = " and ".join(
        ([f'`pip install "tapetum[{extra}]"`'] if extra else []) + ([f"`apt install {apt}`"] if apt else [])
    )
    return Family(
        name,
        title or name,
        extra,
        available=not reason,
        reason=reason,
        how=how if reason else "",
        note=str(getattr(kind, "note", "")),
    )


def _why_unavailable(kind: Any) -> str:
    ask = getattr(kind, "why_unavailable", None)
    if ask is None:
        return ""
    try:
        return str(ask())
    except Exception as error:  # noqa: BLE001  a family of another package may raise anything, the others still count
        return f"it cannot say whether it works here: {type(error).__name__}: {error}"


def discover() -> list[CameraId]:
    """What is plugged in, over all available families. A family that fails is logged and left out.

    All are asked at the same time: one that takes its time (a network, say) does not add to the others'.
    """
    entries = _entries()
    with ThreadPoolExecutor(max_workers=max(1, len(entries)), thread_name_prefix="discover") as pool:
        return [camera for found in pool.map(_discover, entries, entries.values()) for camera in found]


def _discover(name: str, entry: EntryPoint) -> list[CameraId]:
    try:
        kind = _load(entry)
        return [] if _why_unavailable(kind) else list(kind.discover())
    except Exception as error:  # noqa: BLE001  a vendor's library may raise anything, the others still count
        log.warning("looking for %s cameras failed: %s", name, error)
        return []


def open_camera(source: str) -> Camera:
    """The camera that a source string names, made but not yet opened.

    Raises:
        UnknownCameraError: no family answers to it.
        CameraOpenError: its family cannot be loaded.
        UnsupportedFeatureError: the rest of the string makes no sense to the family.
    """
    name, colon, rest = source.partition(":")
    entries = _entries()
    if not colon or name not in entries:
        known = ", ".join(f"{n}:" for n in sorted(entries)) or "none (install the program: pip install -e .)"
        shown = only_family(source)
        file = "FILE" if HIDDEN in shown else source
        hint = "" if colon else f"; to play a recorded session write virtual:{file}"
        raise UnknownCameraError(f"no camera answers to {shown!r}; the families here are {known}{hint}")
    return cast(Camera, _load(entries[name]).from_source(rest))


def shown_source(source: str) -> str:
    """A source for people: as its camera tells it, without passwords. Opens nothing, raises nothing.

    Where no camera can be made of it, nobody knows where in it a password stands: then it is :func:`only_family`.
    """
    try:
        return open_camera(source).source
    except Exception:  # noqa: BLE001  a family of another package may raise anything; whoever opens it is told
        return only_family(source)


def only_family(source: str) -> str:
    """What of a source cannot be a password: ``rtsp:...``; of one without a colon all, where it looks like a file."""
    name, colon, rest = source.partition(":")
    if colon:
        is_user = "@" in rest and not rest.startswith("//")  # user:password@host without a family before it
        return f"{name}:{HIDDEN}" if _FAMILY.fullmatch(name) and not is_user else HIDDEN
    return HIDDEN if _NO_FILE.search(source) else source


def options_after(source: str) -> str:
    """The sign behind which the options of a source begin: ``?``, or what its family says (``options_after``)."""
    name, _, _ = source.partition(":")
    entry = _entries().get(name)
    if entry is None:
        return "?"
    try:
        return str(getattr(_load(entry), "options_after", "?"))
    except CameraOpenError:  # whoever opens it is told
        return "?"


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name)}


def _load(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        raise CameraOpenError(
            f"the camera family {entry.name!r} ({entry.value}) cannot be loaded: {error}; install it again"
        ) from error
