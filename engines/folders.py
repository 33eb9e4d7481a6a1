"""Where this program keeps what it makes for one machine and one user: built engines and what probes found."""

from __future__ import annotations

import os
import sys
from pathlib import Path

OVERRIDE = "TAPETUM_CACHE"
"""Environment variable with a folder that replaces the usual one."""


def cache_folder() -> Path:
    """The user's cache folder of this program; nothing is made here.

    ``$TAPETUM_CACHE``, else ``%LOCALAPPDATA%\\tapetum`` on Windows, ``~/Library/Caches/tapetum`` on macOS, and
    ``$XDG_CACHE_HOME/tapetum`` or ``~/.cache/tapetum`` elsewhere.
    """
    override = os.environ.get(OVERRIDE, "").strip()
    if override:
        return Path(override)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "tapetum"
