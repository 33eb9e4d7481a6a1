"""The mark that keeps sessions from being deleted by age or quota."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commands.terminal import GOOD, NO, err, out, tell


def session_keep(files: Sequence[Path], off: bool, as_json: bool) -> int:
    """Mark sessions to keep, or take the mark away; 1 when that was not possible for one of them."""
    from recordings.errors import RecordingError
    from recordings.retention import mark_keep

    told: list[dict[str, Any]] = []
    good = True
    for file in files:
        try:
            changed = mark_keep(file, not off)
        except RecordingError as error:
            good = False
            err.print(f"tapetum: {error}", markup=False)
            told.append({"session": str(file), "kept": None, "changed": False, "error": str(error)})
            continue
        told.append({"session": str(file), "kept": not off, "changed": changed, "error": None})
        if not as_json:
            words = "may be deleted by age and quota" if off else "is kept"
            out.print(f"{file} {words}{'' if changed else ' (as before)'}", markup=False)
    tell({"sessions": told}, as_json)
    return GOOD if good else NO
