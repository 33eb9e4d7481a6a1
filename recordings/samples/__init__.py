"""Small sessions that come with the program, rendered with a free face model."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recordings.errors import SessionNotFoundError

NIGHT_DRIVE: Final = "night-drive.mcap"


def bundled_session() -> Path:
    """The session that the first command shows.

    Raises:
        SessionNotFoundError: the installation lacks it.
    """
    path = Path(__file__).with_name(NIGHT_DRIVE)
    if not path.is_file():
        raise SessionNotFoundError(
            f"the bundled session {path} is missing from this installation; install tapetum again "
            "(from a clone: git checkout recordings/samples), or name a session of your own"
        )
    return path
