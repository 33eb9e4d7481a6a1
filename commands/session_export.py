"""Sessions to other forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from commands.progress_json import is_asked
from commands.terminal import GOOD, WRONG_USE, err, progress_bar, say, tell, words_of


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
    from pipeline.exporters.registry import exporter_for
    from recordings.exporters.protocol import ExportOptions
    from recordings.reader import SessionReader

    extra = words_of(words)
    if extra is None:
        return WRONG_USE
    names = None if streams is None else tuple(name.strip() for name in streams.split(",") if name.strip())
    if names == ():
        err.print("tapetum: --streams takes names with commas between, found none", markup=False)
        return WRONG_USE
    exporter = exporter_for(output, form)
    options = ExportOptions(names, from_s, to_s, overwrite, extra)
    with SessionReader(file) as session, progress_bar("frames") as bars:
        task = bars.add_task(file.name, total=None)
        report = exporter.run(
            session,
            output,
            options,
            lambda done, total: bars.update(task, completed=done, total=total or None),
        )
    if is_asked():
        say(report.lines())
    else:
        for line in report.lines():
            err.print(line, markup=False)
    tell({"format": exporter.name, **report.to_json()}, as_json)
    return GOOD
