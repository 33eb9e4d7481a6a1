"""Which importers there are, and which of them knows a path."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

from recordings.errors import SessionImportError
from recordings.importers import flir_jpeg, flir_seq, tiff, video
from recordings.importers.protocol import Importer

MODULES: Final = ("realsense", "flir_jpeg", "flir_seq", "tiff", "video", "biwi", "pandora", "rgbd_folder")
"""One file each in this folder, in the order in which they are asked."""

_MCAP: Final = b"\x89MCAP0\r\n"

_USUAL: Final = {
    "realsense": (".db3", ".bag"),
    "flir-seq": flir_seq.SUFFIXES,
    "tiff": tiff.SUFFIXES,
    "flir-jpeg": flir_jpeg.SUFFIXES,
    "video": video.SUFFIXES,
}
"""Suffixes of formats that are one file: what has one and is not recognised is most likely damaged."""


def importers() -> tuple[Importer, ...]:
    """Every importer."""
    return tuple(importlib.import_module(f"recordings.importers.{name}").IMPORTER for name in MODULES)


def importer_for(path: Path, name: str | None = None) -> Importer:
    """The importer of that name, or the first that recognises the path.

    Raises:
        SessionImportError: there is nothing at the path, or no importer knows it; the message lists them.
    """
    if not path.exists():
        raise SessionImportError(f"there is no file or folder {path}; check the path")
    known = importers()
    for one in known:
        if one.name == name or (name is None and one.recognises(path)):
            return one
    listed = "; ".join(f"{one.name}: {one.title}" for one in known)
    if name is not None:
        raise SessionImportError(f"there is no import format {name!r}; there are {listed}")
    raise SessionImportError(
        _what_it_is(path) or f"{path} is of no format that can be imported. There are {listed}; --format chooses one"
    )


def _what_it_is(path: Path) -> str:
    """What can be said of a path that no importer knows; '' when nothing can."""
    try:
        if path.is_dir():
            return "" if any(path.iterdir()) else f"the folder {path} is empty"
        with path.open("rb") as file:
            head = file.read(len(_MCAP))
    except OSError as error:
        return f"{path} cannot be read: {error.strerror or error}"
    if not head:
        return f"{path} is empty"
    if head == _MCAP:
        return (
            f"{path} is an MCAP file: a session is none to import (`tapetum session info` tells what is in it), and "
            "bags of other programs cannot be imported"
        )
    usual = next((name for name, suffixes in _USUAL.items() if path.suffix.lower() in suffixes), None)
    if usual is None:
        return ""
    return (
        f"{path} has a suffix of the format {usual}, but does not begin as such a file: it begins with {head!r}. It is "
        f"damaged or something else; --format {usual} says more"
    )
