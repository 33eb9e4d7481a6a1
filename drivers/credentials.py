"""Who may look through a network camera: names and passwords by host, kept apart from sources, logs and sessions.

They are looked for in this order:

1. the environment: ``TAPETUM_CAMERA_<HOST>_USER`` and ``..._PASSWORD``, the host in capitals with every other sign as
   an underscore: ``TAPETUM_CAMERA_192_168_1_20_PASSWORD``;
2. ``cameras.toml`` in the user's folder of settings, which nobody else may read::

       ["192.168.1.20"]        # or "192.168.1.20:8554", which wins over the host alone
       user = "watch"
       password = "..."
"""

from __future__ import annotations

import os
import re
import stat
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from drivers.errors import CameraPermissionError, UnusableSourceError

FILE_NAME: Final = "cameras.toml"
_FOLDER: Final = "tapetum"
_MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Login:
    """A name and its password; no part of them is ever shown."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    def __str__(self) -> str:
        return "Login(...)"


def credentials_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the file of credentials is looked for."""
    if sys.platform == "win32":
        base = Path(environment.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    else:
        base = Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / _FOLDER / FILE_NAME


def variable_names(host: str) -> tuple[str, str]:
    """The names of the environment's variables for a host: (user, password)."""
    name = re.sub(r"[^A-Z0-9]", "_", host.upper())
    return f"TAPETUM_CAMERA_{name}_USER", f"TAPETUM_CAMERA_{name}_PASSWORD"


def login_for(
    host: str, port: int | None = None, environment: Mapping[str, str] = os.environ, path: Path | None = None
) -> Login | None:
    """What is known for a host, None when nothing is.

    Args:
        host: a name or an address, without brackets.
        port: an entry ``host:port`` of the file wins over one of the host alone.
        environment: of the process.
        path: the file; None is the user's own.

    Raises:
        CameraPermissionError: others may read the file, or this user may not.
        UnusableSourceError: the file is no TOML, or an entry is not as it should be. No error repeats what is in it.
    """
    user_name, password_name = variable_names(host)
    if password_name in environment or user_name in environment:
        return Login(environment.get(user_name, ""), environment.get(password_name, ""))
    path = path or credentials_path(environment)
    if not path.exists():
        return None
    entries = _read(path)
    for key in (f"{host}:{port}", f"[{host}]:{port}", host):
        if key in entries:
            return _login(entries[key], key, path)
    return None


def _read(path: Path) -> dict[str, Any]:
    refused = wrong = ""
    entries: dict[str, Any] = {}
    try:
        with path.open("rb") as file:
            refused = _who_else(os.fstat(file.fileno()), path)
            if not refused:
                entries = tomllib.loads(file.read(_MOST_BYTES).decode())
    except OSError as error:
        refused = f"{path} cannot be read: {error.strerror or 'no reason given'}; it must belong to you (chmod 600)"
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        # The parser's message may show a piece of the text; where it stands is enough.
        place = re.search(r"line \d+, column \d+", str(error))
        wrong = f"{path} is no TOML file" + (f" ({place.group()})" if place else "")
    if refused:
        raise CameraPermissionError(refused)
    if wrong:
        raise UnusableSourceError(wrong)
    return entries


def _who_else(status: os.stat_result, path: Path) -> str:
    """Why a file of passwords must not be used; '' when it may."""
    if sys.platform == "win32":
        return ""  # the folder of settings is the user's own there
    if stat.S_IMODE(status.st_mode) & 0o077:
        mode = f"{stat.S_IMODE(status.st_mode):03o}"
        return f"{path} holds passwords and others may use it (mode {mode}); close it: chmod 600 {path}"
    if status.st_uid not in (os.getuid(), 0):
        return f"{path} belongs to another user and is not used; write your own"
    return ""


def _login(entry: Any, key: str, path: Path) -> Login:
    words = entry if isinstance(entry, dict) else {}
    user, password = words.get("user", ""), words.get("password", "")
    if set(words) - {"user", "password"} or not words or not isinstance(user, str) or not isinstance(password, str):
        raise UnusableSourceError(f'{path}: ["{key}"] takes user = "..." and password = "...", and nothing else')
    return Login(user, password)
