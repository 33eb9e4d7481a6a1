"""Files with the names of alarms' clips, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline.clip_shelf import clip_file_name

S: Final = 1_000_000_000
HOST: Final = 1_700_000_000 * S
"""Our clock when the camera's says 0."""


def put(folder: Path, number: int, size: int = 10) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / clip_file_name("near", None, HOST + number * S)
    path.write_bytes(b"x" * size)
    return path
