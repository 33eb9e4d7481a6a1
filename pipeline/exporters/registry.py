"""Every exporter there is: those of recordings/ and those that need the pipeline; and which of them a name means."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

from recordings.errors import SessionExportError
from recordings.exporters import registry
from recordings.exporters.protocol import Exporter

MODULES: Final = ("overlay_video", "parquet", "csv_files")
"""One file each in this folder."""


def exporters() -> tuple[Exporter, ...]:
    """Every exporter, in the order in which they are told."""
    own = tuple(importlib.import_module(f"pipeline.exporters.{name}").EXPORTER for name in MODULES)
    return registry.exporters() + own


def exporter_for(out: Path, name: str | None = None) -> Exporter:
    """The exporter of that name, or the only one that makes files with the output's suffix.

    Raises:
        SessionExportError: there is none, or there are several; the message lists them.
    """
    known = exporters()
    if name is not None:
        for one in known:
            if one.name == name:
                return one
        raise SessionExportError(f"there is no export format {name!r}; there are {_listed(known)}")
    fitting = [one for one in known if one.suffix and one.suffix == out.suffix.lower()]
    if len(fitting) == 1:
        return fitting[0]
    choices = fitting or known
    raise SessionExportError(f"say by --format in which form to write {out}: {_listed(choices)}")


def _listed(some: tuple[Exporter, ...] | list[Exporter]) -> str:
    return "; ".join(f"{one.name}: {one.title}" for one in some)
