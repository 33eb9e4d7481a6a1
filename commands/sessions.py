"""What is in a session, and whether it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commands.terminal import GOOD, NO, out, progress_bar, say, tell
from pipeline.config import load_config

if TYPE_CHECKING:
    from rich.progress import TaskID

    from pipeline.verify import VerifyReport

_SHOWN = 10


def session_info(file: Path, as_json: bool) -> int:
    """What is in a session."""
    from recordings.describe import describe
    from recordings.describe_words import lines

    data = describe(file)
    if not as_json:
        for line in lines(data):
            out.print(line, markup=False)
    tell(data, as_json)
    return GOOD


def session_verify(file: Path, config: Path | None, weights: Path | None, as_json: bool) -> int:
    """Checksums and stored results; 1 when a frame is damaged, a result differs or cannot be computed for a fault."""
    from pipeline.verify import verify_session

    settings = None if config is None else load_config(config)
    with progress_bar("", tasks=0) as bar:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done)

        report = verify_session(file, config=settings, weights=weights, on_progress=told)
    say(verify_lines(report), as_json)
    tell(report.to_json(), as_json)
    return GOOD if report.is_good else NO


def verify_lines(report: VerifyReport) -> list[str]:
    """A report for people."""
    lines = [f"{report.frames} frames checked, {_bad(report)}; {report.messages} other messages read"]
    shown: dict[str, int] = {}
    for bad in report.bad_frames:
        shown[bad.stream] = shown.get(bad.stream, 0) + 1
        if shown[bad.stream] <= _SHOWN:
            lines.append(f"  {bad.words()}")
    lines += [f"  {stream}: {n - _SHOWN} more" for stream, n in report.bad_by_stream.items() if n > _SHOWN]
    lines += [f"  {problem}" for problem in report.problems[:_SHOWN]]
    if len(report.problems) > _SHOWN:
        lines.append(f"  {len(report.problems) - _SHOWN} more problems; --json lists all")
    lines += _result_lines(report)
    if not report.is_whole:
        lines.append("what is whole can be saved: tapetum session recover FILE -o NAME.mcap")
    return lines


def _bad(report: VerifyReport) -> str:
    if not report.bad_frames:
        return "none damaged"
    return ", ".join(f"{n} of {stream} damaged" for stream, n in report.bad_by_stream.items())


def _result_lines(report: VerifyReport) -> list[str]:
    lines = []
    if report.mode:
        how = "byte by byte" if report.mode == "bytes" else "within tolerances"
        lines.append(
            f"{report.observations} of {report.stored} stored observations computed again and compared {how}: "
            f"{report.different or 'none'} differ{'s' if report.different == 1 else ''}"
        )
        if report.first_difference:
            lines.append(f"  first: {report.first_difference}")
        if report.mode == "tolerances":
            lines += ["  not byte by byte, since not all is as it was then:", *(f"    {r}" for r in report.reasons)]
        if report.generated_differ:
            lines.append(f"  {report.generated_differ} generated images are not equal, which other engines may give")
        if report.signals_differ:
            lines.append(
                f"  {report.signals_differ} signals say something else, which other engines may make of little"
            )
        lines += [
            f"  {d.field:<32} at most {d.largest:.3g} {d.unit or 'apart'} (FrameSet {d.frame_set}), "
            f"{d.limit:.3g} is allowed" + (f", passed {d.beyond} times" if d.beyond else "")
            for d in report.deviations
        ]
    if report.not_verified:
        lines.append(f"results cannot be computed again: {report.not_verified}")
    elif not report.mode:
        lines.append("no stored results to compare")
    lines += [f"note: {note}" for note in report.notes]
    return lines
