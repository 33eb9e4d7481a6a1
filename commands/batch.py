"""Sessions without a screen."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from commands.progress_json import is_asked
from commands.terminal import GOOD, NO, WRONG_USE, err, progress_bar, say, tell
from pipeline.config import load_config

if TYPE_CHECKING:
    from pipeline.batch import BatchReport


def batch(
    paths: list[str],
    folder: Path,
    workers: int,
    video: bool,
    schedule: str,
    again: bool,
    config: Path | None,
    weights: Path | None,
    as_json: bool,
    incomplete: bool = False,
    rules: str = "",
) -> int:
    """Process sessions; 1 when one of them failed, or (unless ``incomplete``) a model is missing or torn."""
    from pipeline.batch import collect, run_batch
    from pipeline.offline import OutputOptions

    if schedule not in ("all", "stored"):
        err.print(f"tapetum: --schedule takes all or stored, found {schedule!r}")
        return WRONG_USE
    settings = load_config(config)
    if rules:
        from pipeline.rules.load import RuleSet

        RuleSet.load(rules)  # what is wrong with it is told once, before the work, and not by every worker
    items = collect(paths, folder)
    if not _models_are_whole(weights, incomplete):
        return NO
    options = OutputOptions(video=video, schedule=schedule, rules=rules)
    with progress_bar("FrameSets", len(items)) as bars:
        tasks: dict[int, Any] = {}
        over: set[int] = set()
        lock = threading.Lock()

        def on_progress(update: Any) -> None:
            with lock:
                if update.item in over:
                    return  # its last words may come after its end
                if update.item not in tasks:
                    name = escape(items[update.item].session.name)
                    tasks[update.item] = bars.add_task(name, total=update.expected)
                bars.update(tasks[update.item], completed=update.done, total=update.expected)

        def on_item(index: int, report: Any) -> None:
            with lock:
                over.add(index)
                if index not in tasks:  # it was finished before, or failed at once
                    tasks[index] = bars.add_task(escape(report.item.session.name), total=None)
                bars.remove_task(tasks.pop(index))
            words = f"{report.outcome:8s} {report.item.session.name}  {report.error}".rstrip()
            if not is_asked():
                bars.console.print(words, markup=False)

        report = run_batch(items, settings, options, workers, again, weights, on_progress, on_item)
    _print_batch(report)
    tell(report.to_json(), as_json)
    return NO if report.failed or report.interrupted else GOOD


def _models_are_whole(weights: Path | None, incomplete: bool) -> bool:
    """Whether work that nobody watches may start: a night of results without landmarks is a night lost."""
    from engines.loading import broken_models

    broken = broken_models(weights)
    for reason in broken.values():
        err.print(f"tapetum: {reason}", markup=False)
    if broken and not incomplete:
        err.print("tapetum: nothing was processed; --incomplete-models goes on without these models", markup=False)
    return incomplete or not broken


def _print_batch(report: BatchReport) -> None:
    frame_sets = sum(i.result.frame_sets for i in report.items if i.result)
    faces = sum(i.result.faces for i in report.items if i.result)
    whole = f"{len(report.items)} sessions, {frame_sets} FrameSets, {faces} faces in {report.seconds:.1f} s"
    if is_asked():
        say([whole, *(f"{item.item.session}: {item.error}" for item in report.failed)])
        return
    err.print(whole)
    if report.failed:
        table = Table(title="Failed", title_justify="left")
        table.add_column("Session")
        table.add_column("Why")
        for item in report.failed:
            table.add_row(escape(str(item.item.session)), escape(item.error))
        err.print(table)
    if report.interrupted:
        err.print("Interrupted: what was finished stays; the same command goes on with the rest.")
