"""Sessions out of sessions: recover, cut, merge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from commands.terminal import GOOD, NO, WRONG_USE, err, progress_bar, say, tell

_MB = 1_000_000


def session_recover(file: Path, output: Path, overwrite: bool, as_json: bool) -> int:
    """Save what can be read; 1 when something was lost or nothing could be saved."""
    from recordings.recover import recover_session

    with progress_bar("MB, three times the file") as bars:
        task = bars.add_task(file.name, total=None)
        report = recover_session(
            file,
            output,
            overwrite=overwrite,
            on_progress=lambda done, of: bars.update(task, completed=done // _MB, total=max(1, of // _MB)),
        )
    say(report.lines(), as_json)
    tell(report.to_json(), as_json)
    return GOOD if report.is_whole else NO


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
    from recordings.cut import cut_session

    names = None if streams is None else tuple(name.strip() for name in streams.split(",") if name.strip())
    if names == ():
        err.print("tapetum: --streams takes names with commas between, found none", markup=False)
        return WRONG_USE
    with progress_bar("frames") as bars:
        task = bars.add_task(file.name, total=None)
        report = cut_session(
            file,
            output,
            from_s=from_s,
            to_s=to_s,
            streams=names,
            overwrite=overwrite,
            on_progress=lambda done, of: bars.update(task, completed=done, total=of),
        )
    say(report.lines(), as_json)
    tell(report.to_json(), as_json)
    return GOOD


def session_merge(files: Sequence[Path], output: Path, overwrite: bool, as_json: bool) -> int:
    """Several sessions as one; 1 when a segment is missing between them."""
    from recordings.merge import merge_sessions

    with progress_bar("frames") as bars:
        task = bars.add_task(output.name, total=None)
        report = merge_sessions(
            files,
            output,
            overwrite=overwrite,
            on_progress=lambda done, of: bars.update(task, completed=done, total=of),
        )
    say(report.lines(), as_json)
    tell(report.to_json(), as_json)
    return GOOD if report.is_complete else NO
