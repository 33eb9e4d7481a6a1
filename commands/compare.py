"""Two runs side by side."""

from __future__ import annotations

from pathlib import Path

from commands.terminal import GOOD, NO, progress_bar, say, tell


def compare(
    run_a: Path,
    run_b: Path,
    labels: Path | None,
    apart_s: float,
    slack_s: float,
    tolerance: float,
    as_json: bool,
) -> int:
    """What changed from A to B: events, signals and, with labels, how right both are; 1 when they differ."""
    from pipeline.compare_labels import read_labels
    from pipeline.compare_runs import compare_runs

    known = [] if labels is None else read_labels(labels)
    with progress_bar("sessions") as bars:
        task = bars.add_task("compared", total=None)
        report = compare_runs(
            run_a,
            run_b,
            known,
            apart_s,
            slack_s,
            tolerance,
            on_progress=lambda done, of: bars.update(task, completed=done, total=of),
        )
    say(report.lines(), as_json)
    tell(report.to_json(), as_json)
    return GOOD if report.is_same else NO
