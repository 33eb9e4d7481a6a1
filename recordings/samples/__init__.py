"""Small sessions that come with the program, rendered with a free face model, with what is true in them inside."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recordings.errors import SessionNotFoundError

NIGHT_DRIVE: Final = "night-drive"
NIGHT_STREET: Final = "night-street"
BUNDLED: Final = (NIGHT_DRIVE, NIGHT_STREET)
"""Names of the bundled sessions; the first is what the first command shows."""


def bundled_session(name: str = NIGHT_DRIVE) -> Path:
    """The bundled session of that name.

    Raises:
        SessionNotFoundError: there is none of that name, or the installation lacks it.
    """
    if name not in BUNDLED:
        raise SessionNotFoundError(f"there is no bundled session {name!r}; the bundled ones are {', '.join(BUNDLED)}")
    path = Path(__file__).with_name(f"{name}.mcap")
    if not path.is_file():
        raise SessionNotFoundError(
            f"the bundled session {path} is missing from this installation; install tapetum again "
            "(from a clone: git checkout recordings/samples), or name a session of your own"
        )
    return path
