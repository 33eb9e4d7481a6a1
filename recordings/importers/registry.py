"""Which importers there are, and which of them knows a path."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

from recordings.errors import SessionImportError
from recordings.importers.protocol import Importer

MODULES: Final = ("realsense", "flir_jpeg", "flir_seq", "tiff", "video", "biwi", "pandora", "rgbd_folder")
"""One file each in this folder, in the order in which they are asked."""


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
    raise SessionImportError(f"{path} is of no format that can be imported. There are {listed}; --format chooses one")
