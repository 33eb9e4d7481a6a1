"""Other formats to sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from commands.progress_json import is_asked
from commands.terminal import GOOD, WRONG_USE, err, progress_bar, say, tell, words_of


def session_import(
    path: Path,
    output: Path,
    form: str | None,
    numbers: Mapping[str, float | None],
    layout: str,
    words: Sequence[str],
    overwrite: bool,
    as_json: bool,
) -> int:
    """Any format that an importer knows to a session."""
    from recordings.importers.protocol import ImportOptions
    from recordings.importers.registry import importer_for
    from recordings.layout import LAYOUTS

    if layout not in LAYOUTS:
        err.print(f"tapetum: --layout takes {' or '.join(LAYOUTS)}, found {layout!r}", markup=False)
        return WRONG_USE
    extra = words_of(words)
    if extra is None:
        return WRONG_USE
    given: dict[str, Any] = {**numbers, "layout": layout, "overwrite": overwrite, "extra": extra}
    importer = importer_for(path, form)
    with progress_bar("frames") as bars:
        task = bars.add_task(path.name, total=None)
        report = importer.run(
            path,
            output,
            ImportOptions(**given),
            lambda done, total: bars.update(task, completed=done, total=total or None),
        )
    if is_asked():
        say(report.lines())
    else:
        for line in report.lines():
            err.print(line, markup=False)
    tell(report.to_json(), as_json)
    return GOOD
