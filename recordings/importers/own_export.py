"""What the export.json of our own png16 folders tells of their depth, so that a way there and back needs no options."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recordings.session import Clock

MANIFEST: Final = "export.json"
_LIMIT: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class OwnExport:
    """Of the session that a folder was exported from: metres a depth count, and whose times the names are."""

    unit_m: float
    clock: Clock


def read_own_export(folder: Path, depth_folder: str = "depth") -> OwnExport | None:
    """What the folder's export.json says of the depth stream in ``depth_folder``; None when it is none of ours."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _LIMIT:
            return None
        said = json.loads(path.read_text(encoding="utf-8"))
        if "tapetum_export" not in said or said["format"] != "png16":
            return None
        (name,) = [stream for stream, where in said["folders"].items() if where == depth_folder]
        (stream,) = [s for s in said["session"]["streams"] if s["name"] == name]
        unit_m, clock = float(stream["unit_m"]), said["session"]["clock"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if stream["kind"] != "depth" or not 0 < unit_m < 1e3 or clock not in ("device", "synthetic"):
        return None
    return OwnExport(unit_m, clock)
