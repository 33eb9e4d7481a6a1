"""Where the window writes, what the files are called, and what the settings say of it. No Qt here."""

from __future__ import annotations

import datetime
import shutil
import threading
from pathlib import Path
from typing import Final, Protocol

FOLDER: Final = "work.folder"
LAST_S: Final = "work.last_s"
PROFILE: Final = "work.profile"
LAYOUT: Final = "work.layout"
"""The names of the settings."""

PROFILES: Final = ("evidence", "watch", "events")
LAYOUTS: Final = ("viewable", "compact")

_LAST_S_DEFAULT: Final = 30
_lock = threading.Lock()
_newest: list[str] = []


class Values(Protocol):
    """What remembers: see :class:`gui.settings.Settings`."""

    def get(self, name: str, default: object = None) -> object: ...


def folder_of(settings: Values) -> Path:
    """Where recordings and pictures go; ``~/Tapetum`` unless the settings say otherwise."""
    given = settings.get(FOLDER)
    if isinstance(given, str) and given.strip():
        path = Path(given).expanduser()
        if path.is_absolute():
            return path
    return Path.home() / "Tapetum"


def last_s_of(settings: Values) -> int:
    """How many seconds one key saves; what makes no sense is the default."""
    given = settings.get(LAST_S)
    if isinstance(given, int | float) and not isinstance(given, bool) and 1 <= given <= 3600:
        return round(given)
    return _LAST_S_DEFAULT


def choice_of(settings: Values, name: str, choices: tuple[str, ...]) -> str:
    """One of a few words; '' where nothing (that makes sense) was chosen."""
    given = settings.get(name)
    return given if isinstance(given, str) and given in choices else ""


def new_name(tail: str = "", now: datetime.datetime | None = None) -> str:
    """``tapetum-20261122-034512``, in local time, with ``-tail``; never the same twice, also within one second."""
    at = now or datetime.datetime.now().astimezone()
    name = f"tapetum-{at:%Y%m%d-%H%M%S}{f'-{tail}' if tail else ''}"
    with _lock:
        times = _newest.count(name)
        _newest.append(name)
        del _newest[:-64]
    return name if not times else f"{name}-{times + 1}"


def short(path: Path) -> str:
    """A path for people: ``~/Tapetum/a.mcap``."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


def free_bytes(folder: Path) -> int:
    """On the disk that a folder is on, or will be. For a thread: a disk may take long to answer.

    Raises:
        OSError: it cannot be told.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
