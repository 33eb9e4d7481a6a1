"""Sessions to other forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def session_export(
    file: Path,
    output: Path,
    form: str | None,
    from_s: float | None,
    to_s: float | None,
    streams: str | None,
    words: Sequence[str],
    overwrite: bool,
    as_json: bool,
) -> int:
    """A session, or a part of it, in another form."""
    raise NotImplementedError
