"""What the commands of the front door do on a terminal: progress, tables, one JSON line, exit codes.

Results go to stdout, progress and logs to stderr. Exit codes: 0 it went well; 1 it ran and the answer is no;
2 wrong use.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.config import PipelineConfig, load_config

if TYPE_CHECKING:
    from engines.loading import Models
    from pipeline.batch import BatchReport

GOOD, NO, WRONG_USE = 0, 1, 2

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def tell(data: dict[str, Any], as_json: bool) -> None:
    """The one JSON object of a command, on the last line of stdout."""
    if as_json:
        sys.stdout.write(json.dumps(data, sort_keys=True, allow_nan=False) + "\n")
        sys.stdout.flush()


def progress_bar(unit: str) -> Progress:
    """A bar on stderr; silent where stderr is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    )


# -- the window ------------------------------------------------------------------------------------------------


def show_bundled(headless: bool, folder: Path) -> int:
    """The bundled session: in the window where there can be one, else into ``folder``."""
    from pipeline.doctor import window_problem
    from recordings.samples import bundled_session

    problem = "asked for with --headless" if headless else window_problem()
    session = bundled_session()
    if not problem:
        return replay(session, True, None, None)
    err.print(f"No window: {problem}.\nProcessing the bundled session headless.")
    code = batch([str(session)], folder, 1, True, "all", True, None, None, False)
    if code == GOOD:
        result = folder / session.stem
        out.print(f"Overlay video:  {result / 'overlay.mp4'}")
        out.print(f"Contact sheet:  {result / 'contact_sheet.png'}")
        out.print(f"Observations:   {result / 'observations.parquet'}")
        out.print(f"Frames:         {result / 'frames.parquet'}")
        out.print(f"Run:            {result / 'run.json'}")
    return code


def replay(file: Path, loop: bool, config: Path | None, weights: Path | None) -> int:
    """The replay window; 1 where no window can be opened."""
    from recordings.reader import SessionReader

    settings = load_config(config)
    with SessionReader(file):
        pass  # a wrong file is told before any window opens
    if not _window_works(f"tapetum batch {file}"):
        return NO
    from gui.app import run_replay

    return int(run_replay(file, settings, loop=loop, weights_dir=weights))


def watch(sources: list[str], record_to: Path | None, config: Path | None, weights: Path | None) -> int:
    """The live window; 1 where no window can be opened."""
    from drivers.registry import discover

    settings = load_config(config)
    chosen = sources or [camera.source for camera in discover()] or ["virtual:"]
    if not _window_works(f"tapetum record {' '.join(chosen)} -o FILE"):
        return NO
    from gui.app import run_watch

    return int(run_watch(chosen, settings, record=record_to, weights_dir=weights))


def _window_works(instead: str) -> bool:
    from pipeline.doctor import window_problem

    problem = window_problem()
    if problem:
        err.print(f"tapetum: no window can be opened: {problem}.\nWithout a window: {instead}")
    return not problem


# -- live without a window -------------------------------------------------------------------------------------


def record(
    sources: list[str], output: Path, seconds: float | None, config: Path | None, weights: Path | None, as_json: bool
) -> int:
    """Record until the cameras end, the time is up, or Ctrl-C. A missing model is told and does not stop it."""
    from drivers.registry import open_camera
    from pipeline.run import LiveRun

    settings = load_config(config)
    models = _models(settings, weights)
    try:
        run = LiveRun([open_camera(s) for s in sources], models, settings, record=output)
        run.start()
        until = None if seconds is None else time.monotonic() + seconds
        try:
            while not run.wait(0.2) and (until is None or time.monotonic() < until):
                pass
        except KeyboardInterrupt:
            err.print("stopping")
        # A second Ctrl-C must not cost the recording that the first one asked to end.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            down = run.stop()
        finally:
            signal.signal(signal.SIGINT, before)
        status = run.status()
    finally:
        models.close()
    dropped = {name: channel.dropped for name, channel in status.channels.items()}
    for error in status.errors:
        err.print(f"tapetum: {error}", markup=False)
    for stream, count in status.lost_frames.items():
        err.print(f"tapetum: {count} frames of {stream} were lost: the disk or the machine was too slow", markup=False)
    good = down and not status.errors and not status.lost_frames
    err.print(
        f"{status.recorded_frames} frames, {status.processed} FrameSets processed, dropped on the way: {dropped}; "
        f"{output}{'' if good else ' is not complete'}",
        markup=False,
    )
    tell(
        {
            "session": str(output),
            "frames": status.recorded_frames,
            "processed": status.processed,
            "dropped": dropped,
            "lost": dict(status.lost_frames),
            "errors": list(status.errors),
        },
        as_json,
    )
    return GOOD if good else NO


# -- batch -----------------------------------------------------------------------------------------------------


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
) -> int:
    """Process sessions; 1 when one of them failed, or (unless ``incomplete``) a model is missing or torn."""
    from pipeline.batch import collect, run_batch
    from pipeline.offline import OutputOptions

    if schedule not in ("all", "stored"):
        err.print(f"tapetum: --schedule takes all or stored, found {schedule!r}")
        return WRONG_USE
    settings = load_config(config)
    items = collect(paths, folder)
    if not _models_are_whole(weights, incomplete):
        return NO
    options = OutputOptions(video=video, schedule=schedule)
    with progress_bar("FrameSets") as bars:
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
                if index in tasks:
                    bars.remove_task(tasks.pop(index))
            words = f"{report.outcome:8s} {report.item.session.name}  {report.error}".rstrip()
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
    err.print(f"{len(report.items)} sessions, {frame_sets} FrameSets, {faces} faces in {report.seconds:.1f} s")
    if report.failed:
        table = Table(title="Failed", title_justify="left")
        table.add_column("Session")
        table.add_column("Why")
        for item in report.failed:
            table.add_row(escape(str(item.item.session)), escape(item.error))
        err.print(table)
    if report.interrupted:
        err.print("Interrupted: what was finished stays; the same command goes on with the rest.")


# -- what is here ----------------------------------------------------------------------------------------------


def devices(as_json: bool) -> int:
    """Cameras that are plugged in, and the families that this version knows."""
    from drivers.registry import discover, families

    found, known = discover(), families()
    if not as_json:
        out.print("Cameras here:" if found else "No camera is here.", markup=False)
        for camera in found:
            out.print(f"  {camera.source:24s} {camera.title}  {camera.detail}".rstrip(), markup=False)
        out.print("\nFamilies:", markup=False)
        for family in known:
            state = "available" if family.available else family.reason
            out.print(f"  {family.name + ':':11s} {family.title}: {state}", markup=False)
        for how in dict.fromkeys(f.how for f in known if not f.available and f.how):
            out.print(f"\nUntil then: {how}", markup=False)
    tell(
        {
            "cameras": [{"source": c.source, "title": c.title, "detail": c.detail} for c in found],
            "families": [
                {"name": f.name, "title": f.title, "available": f.available, "reason": f.reason, "how": f.how}
                for f in known
            ],
        },
        as_json,
    )
    return GOOD


def doctor(as_json: bool) -> int:
    """Every check; 1 when something that must work is broken."""
    from pipeline.doctor import examine

    diagnosis = examine()
    if not as_json:
        marks = {"ok": "ok    ", "missing": "-     ", "broken": "BROKEN"}
        for check in diagnosis.checks:
            out.print(f"{marks[check.state]}  {check.name}: {check.found}", markup=False)
            if check.state != "ok" and check.fix:
                out.print(f"        {check.fix}", markup=False)
        out.print("Healthy." if diagnosis.is_healthy else "Something that must work is broken: see above.")
    tell(diagnosis.to_json(), as_json)
    return GOOD if diagnosis.is_healthy else NO


def engines_list(weights: Path | None, as_json: bool) -> int:
    """The models and their backends; 1 when a model is missing."""
    settings = load_config(None)
    models = _models(settings, weights)
    try:
        missing = dict(models.missing)
        told = {name: d for name, d in models.describe().items() if name not in missing}
    finally:
        models.close()
    if not as_json:
        for name, d in told.items():
            line = f"{name} {d['version']} ({d['preset']}): {d['backend']} {d['backend_version']}, {d['precision']}"
            out.print(f"{line}, {d['threads']} threads", markup=False)
            out.print(f"    key {d['engine_key']}", markup=False)
            for backend, reason in d.get("reasons", {}).items():
                out.print(f"    not on {backend}: {reason}", markup=False)
        for name, reason in missing.items():
            out.print(f"{name}: MISSING: {reason}", markup=False)
    tell({"models": told, "missing": missing}, as_json)
    return NO if missing else GOOD


# -- sessions --------------------------------------------------------------------------------------------------


def session_info(file: Path, as_json: bool) -> int:
    """What is in a session."""
    from recordings.describe import describe, lines

    data = describe(file)
    if not as_json:
        for line in lines(data):
            out.print(line, markup=False)
    tell(data, as_json)
    return GOOD


def session_verify(file: Path, config: Path | None, weights: Path | None, as_json: bool) -> int:
    """Checksums and stored results; 1 at the first difference."""
    from pipeline.verify import verify_session

    settings = load_config(config)
    models = _models(settings, weights)
    try:
        report = verify_session(file, models, settings)
    finally:
        models.close()
    err.print(f"{report.frames} frames checked, {len(report.bad_frames)} bad")
    for bad in report.bad_frames[:10]:
        err.print(f"  {bad}", markup=False)
    if report.observations or report.different:
        err.print(f"{report.observations} observations computed again, {report.different} differ")
        if report.first_difference:
            err.print(f"  first: {report.first_difference}", markup=False)
        if report.engines_differ:
            err.print(f"  other engine keys than stored: {', '.join(report.engines_differ)}")
    else:
        err.print("no stored results to compare")
    tell(report.to_json(), as_json)
    return GOOD if report.is_good else NO


def session_import(
    folder: Path,
    output: Path,
    fps: float,
    unit_mm: float,
    pinhole: tuple[float | None, float | None, float | None, float | None],
    hfov_deg: float | None,
    as_json: bool,
) -> int:
    """A folder of RGB-D images to a session."""
    from recordings.importers.rgbd_folder import import_rgbd_folder

    fx, fy, cx, cy = pinhole
    with progress_bar("frames") as bars:
        task = bars.add_task(folder.name, total=None)
        report = import_rgbd_folder(
            folder,
            output,
            fps=fps,
            unit_mm=unit_mm,
            fx=fx,
            fy=fy,
            cx=cx,
            cy=cy,
            hfov_deg=hfov_deg,
            on_progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    for line in report.lines():
        err.print(line, markup=False)
    tell(report.to_json(), as_json)
    return GOOD


# -- training --------------------------------------------------------------------------------------------------


def train(
    name: str | None, preset: str, listing: bool, faces: Path | None, folder: Path, minutes: float, threads: int
) -> int:
    """Train a network; 2 on wrong use, 1 where the extra is not installed or there is nothing to learn from."""
    from training.train import list_networks

    if listing or name is None:
        for told in list_networks():
            out.print(f"{told['name']} ({told['preset']}): {told['summary']}; {told['source']}", markup=False)
        if not listing:
            err.print("tapetum: name a network, or ask for --list")
        return GOOD if listing else WRONG_USE
    if faces is None:
        err.print("tapetum: --faces names the folder of rendered samples (python -m training.faces.render --help)")
        return WRONG_USE
    from training.train import require_torch
    from training.train import train as run_training

    try:
        require_torch()
        from training.trainer import TrainSettings

        settings = TrainSettings(seconds=minutes * 60.0, threads=threads)
        quality = run_training(name, preset, faces, folder, settings, report=_report)
    except Exception as error:  # noqa: BLE001 - sorted there: what is no error of the rooms is raised again
        return _training_failed(error)
    for metric, value in quality.items():
        out.print(f"{metric}: {value:.4g}", markup=False)
    return GOOD


def evaluate(name: str, preset: str, faces: Path | None, real: Path | None, weights: Path | None, as_json: bool) -> int:
    """Measure a model file on held-out renders or on real recordings."""
    if faces is None and real is None:
        err.print("tapetum: --faces names a folder of rendered samples, --real one of real recordings; one is needed")
        return WRONG_USE
    from engines.loading import WEIGHTS
    from training.evaluate import evaluate as run_evaluation

    try:
        measured = run_evaluation(name, preset, faces=faces, real=real, weights=weights or WEIGHTS)
    except Exception as error:  # noqa: BLE001 - sorted there: what is no error of the rooms is raised again
        return _training_failed(error)
    for one in measured:
        out.print(f"{one.metric}: {one.value:.4g} {one.unit} on {one.on}", markup=False)
    tell({"measured": [one.model_dump() for one in measured]}, as_json)
    return GOOD


def _report(line: str) -> None:
    err.print(line, markup=False)


def _training_failed(error: Exception) -> int:
    """One line for the errors of the training room; anything else is a defect and goes on as it is."""
    if type(error).__module__.partition(".")[0] in ("training", "engines") or isinstance(error, ImportError):
        err.print(f"tapetum: {error}", markup=False)
        return NO
    raise error


def _models(settings: PipelineConfig, weights: Path | None) -> Models:
    from engines.loading import load_models

    return load_models(settings.engines.policy, settings.engines.threads, weights_dir=weights)
