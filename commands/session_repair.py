"""Sessions out of sessions: recover, cut, merge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def session_recover(file: Path, output: Path, overwrite: bool, as_json: bool) -> int:
    """Save what can be read; 1 when something was lost or the result cannot be read."""
    raise NotImplementedError


def session_cut(
    file: Path,
    output: Path,
    from_s: float | None,
    to_s: float | None,
    streams: str | None,
    overwrite: bool,
    as_json: bool,
) -> int:
    """A part of a session."""
    raise NotImplementedError


def session_merge(files: Sequence[Path], output: Path, overwrite: bool, as_json: bool) -> int:
    """Several sessions as one."""
    raise NotImplementedError
