"""Importers as tests call them: their options by name, and their refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recordings.errors import SessionImportError
from recordings.importers.protocol import Importer, ImportOptions, ImportReport

_SHARED = frozenset({"fps", "unit_mm", "fx", "hfov_deg", "overwrite", "layout"})
"""The options that all importers know; others are words of a format's own."""


class Importing:
    """What becomes of files in the hands of one importer."""

    def __init__(self, importer: Importer) -> None:
        self._importer = importer

    def run(self, path: Path, out: Path, **given: Any) -> ImportReport:
        """Import with these options, a format's own among them."""
        options = {k: v for k, v in given.items() if k in _SHARED}
        extra = {k: str(v) for k, v in given.items() if k not in _SHARED}
        return self._importer.run(path, out, ImportOptions(extra=extra, **options))

    def fails(self, path: Path, *words: str, **options: Any) -> None:
        """The import ends in one sentence that holds the words, and leaves nothing."""
        out = path.parent / "out"
        out.mkdir(exist_ok=True)
        with pytest.raises(SessionImportError) as caught:
            self.run(path, out / "a.mcap", **options)
        for word in words:
            assert word in str(caught.value)
        assert list(out.iterdir()) == []
