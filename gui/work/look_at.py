"""What a file or folder is, for whoever drops it on the window. No Qt here.

Run as ``python -m gui.work.look_at PATH`` in a process of its own, since a disk in the network may hang; it prints one
line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from drivers.errors import DriverError
from recordings.errors import RecordingError

SESSION, TORN, IMPORT, SESSIONS, RIG, UNKNOWN = "session", "torn", "import", "sessions", "rig", "unknown"

_MCAP: Final = b"\x89MCAP0\r\n"
_MOST_ENTRIES: Final = 20_000


def look_at(path: Path) -> dict[str, Any]:
    """What it is.

    Returns:
        ``kind``, ``words`` for people, and of a session ``streams`` (name, kind), ``seconds``, ``begin_ns`` (host time
        of its first frame); of something to import ``formats``, the most likely first; of a folder ``count`` sessions.
    """
    try:
        if path.is_dir():
            return _folder(path)
        if not path.exists():
            return _said(UNKNOWN, f"there is no file or folder {path}")
        with path.open("rb") as file:
            head = file.read(len(_MCAP))
    except OSError as error:
        return _said(UNKNOWN, f"{path} cannot be read: {error.strerror or error}")
    if head == _MCAP:
        return _session(path)
    if path.suffix == ".toml":
        return _rig(path)
    return _foreign(path)


def _said(kind: str, words: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "words": words, **more}


def _session(path: Path) -> dict[str, Any]:
    from recordings.reader import SessionReader

    if path.suffix == ".part":
        return _said(TORN, f"{path.name} is a recording that was not finished")
    try:
        with SessionReader(path) as reader:
            times = [reader.times(s.name).host_ns for s in reader.streams]
            filled = [t for t in times if len(t)]
            begin = min((int(t[0]) for t in filled), default=0)
            end = max((int(t[-1]) for t in filled), default=0)
            streams = [{"name": s.name, "kind": str(s.kind), "frames": reader.count(s.name)} for s in reader.streams]
            return _said(SESSION, "", streams=streams, seconds=(end - begin) / 1e9, begin_ns=begin)
    except RecordingError as error:
        # What is sound and simply no session of ours has no channel of ours; recover says so, too.
        return _said(TORN, str(error))


def _rig(path: Path) -> dict[str, Any]:
    from drivers.rig import load_rig

    try:
        rig = load_rig(path)
    except DriverError as error:
        return _said(UNKNOWN, f"{path.name} is no rig: {error}")
    return _said(RIG, f"{path.name} is a rig of {', '.join(rig.cameras)}")


def _foreign(path: Path) -> dict[str, Any]:
    from recordings.importers.registry import importer_for, importers

    formats = [one.name for one in importers() if one.recognises(path)]
    if formats:
        return _said(IMPORT, f"{path.name} can be imported", formats=formats)
    try:
        importer_for(path)
    except RecordingError as error:
        return _said(UNKNOWN, str(error))
    return _said(UNKNOWN, f"{path.name} is of no known format")


def _folder(path: Path) -> dict[str, Any]:
    found = _foreign(path)
    if found["kind"] == IMPORT:
        return found
    count = seen = 0
    for _, folders, files in os.walk(path):
        folders.sort()
        count += sum(name.endswith(".mcap") for name in files)
        seen += len(files) + len(folders)
        if seen > _MOST_ENTRIES:
            break
    if count:
        return _said(SESSIONS, f"{path.name} holds {count} sessions", count=count)
    return found


def main(arguments: Sequence[str]) -> int:
    """One line of JSON for one path."""
    sys.stdout.write(json.dumps(look_at(Path(arguments[0]))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
