"""Live without a window."""

from __future__ import annotations

import contextlib
import math
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.live_context import ContextTeller, context_json, source_lines
from commands.record_options import with_recording
from commands.terminal import GOOD, NO, WRONG_USE, err, open_models, tell
from pipeline.config import load_config

if TYPE_CHECKING:
    from pipeline.delivery.deliver import DeliveryStatus
    from pipeline.live_status import LiveStatus
    from pipeline.run import LiveRun
    from recordings.recorder_status import RecorderStatus

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
_TELL_EVERY_S = 600.0
"""Where nobody sees a terminal, a log gets a line so often."""


def record(
    sources: list[str],
    output: Path,
    seconds: float | None,
    given: Mapping[str, Any],
    config: Path | None,
    weights: Path | None,
    as_json: bool,
    rig: Path | None = None,
    wait: bool = False,
) -> int:
    """Record until the cameras end, the time is up, Ctrl-C, SIGTERM, or the terminal is closed.

    A missing model is told and does not stop it.

    Args:
        given: settings of recording from the command line, None where not given; they win over the configuration.
        rig: a rig's file, in place of sources.
        wait: for cameras that are not there yet, however long; else the recording fails where one does not open.
    """
    from drivers.registry import open_camera
    from drivers.rig import load_rig
    from pipeline.run import LiveRun

    if bool(sources) == (rig is not None):
        err.print("tapetum: name the cameras to record, or a rig with --rig FILE (one of the two)", markup=False)
        return WRONG_USE
    known = None if rig is None else load_rig(rig)

    settings = with_recording(load_config(config), given)
    if settings is None:
        return WRONG_USE
    models = open_models(settings, weights)
    try:
        cameras = [open_camera(s) for s in sources] if known is None else known.members()
        run = LiveRun(cameras, models, settings, record=output)
        with _handled(signal.default_int_handler):
            try:
                run.start(math.inf if wait else None, _tell_what_is_missing())
                with _marks(run), _outlook(run) as show:
                    _wait(run, seconds, show)
            except KeyboardInterrupt:
                if run.status().recorder is None:
                    raise  # nothing was begun
                with _whoever_listens():
                    err.print("stopping")
            finally:
                # A second Ctrl-C must not cost the recording that the first one asked to end.
                with _handled(signal.SIG_IGN):
                    down = run.stop(60.0)
        status = run.status()
    finally:
        models.close()
    return _report(status, down, as_json)


@contextlib.contextmanager
def _handled(handler: Any) -> Iterator[None]:
    """All ways to ask a recording to end are one; what the caller's shell ignores (nohup) stays ignored."""
    signals = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    before = {s: signal.getsignal(s) for s in signals}
    try:
        for one, was in before.items():
            if was not in (signal.SIG_IGN, None):
                signal.signal(one, handler)
        yield
    finally:
        for one, was in before.items():
            if was is not None:
                signal.signal(one, was)


@contextlib.contextmanager
def _whoever_listens() -> Iterator[None]:
    """Words to a terminal that was closed, or a pipe whose reader has ended, must not end a recording."""
    try:
        yield
    except (OSError, SystemExit):  # rich makes a broken pipe a SystemExit
        return


def _tell_what_is_missing() -> Callable[[Mapping[str, str]], None]:
    """Says which cameras are waited for, and why, whenever it is others."""
    told: set[str] = set()

    def tell_it(missing: Mapping[str, str]) -> None:
        nonlocal told
        if missing.keys() != told:
            told = set(missing)
            words = "; ".join(f"{source}: {why}" for source, why in missing.items())
            with _whoever_listens():
                err.print(f"waiting for {words}" if missing else "waiting for the cameras to open", markup=False)

    return tell_it


def _wait(run: LiveRun, seconds: float | None, show: Callable[[], None]) -> None:
    until = None if seconds is None else time.monotonic() + seconds
    teller = ContextTeller()
    while not run.wait(0.2) and (until is None or time.monotonic() < until):
        with _whoever_listens():
            show()
            teller.look(run.status().rules.context)
        recorder = run.status().recorder
        if recorder is not None and recorder.state == "failed":
            return  # nothing is recorded any more: that is what this command is for


@contextlib.contextmanager
def _marks(run: LiveRun) -> Iterator[None]:
    """SIGUSR1 marks the moment, where the system has it."""
    if not hasattr(signal, "SIGUSR1"):
        yield
        return
    before = signal.signal(signal.SIGUSR1, lambda *_: run.mark("SIGUSR1") and None)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, before)


@contextlib.contextmanager
def _outlook(run: LiveRun) -> Iterator[Callable[[], None]]:
    """How the recording does and how long the disk lasts: a living line on a terminal, now and then in a log."""
    if err.is_terminal:
        with err.status("recording") as line:
            yield lambda: line.update(_words(run))
        return
    told = -_TELL_EVERY_S

    def show() -> None:
        nonlocal told
        recorder = run.status().recorder
        known = recorder is not None and recorder.bytes_per_second is not None
        if known and time.monotonic() - told >= _TELL_EVERY_S:
            told = time.monotonic()
            err.print(_words(run), markup=False)

    yield show


def _words(run: LiveRun) -> str:
    from pipeline.context.words import line_words

    status = run.status()
    if status.recorder is None:
        return ""
    known = line_words(status.rules.context)
    return f"recording {status.recorder.path.name}: {status.recorder.words()}{f'; {known}' if known else ''}"


def _report(status: LiveStatus, down: bool, as_json: bool) -> int:
    recorder = status.recorder
    assert recorder is not None  # a path was given
    # Results wait for a screen; that nobody took them is no loss.
    dropped = {name: channel.dropped for name, channel in status.channels.items() if name != "results"}
    for error in status.errors:
        err.print(f"tapetum: {error}", markup=False)
    for stream, count in recorder.lost.items():
        err.print(f"tapetum: {count} frames of {stream} were lost", markup=False)
    if recorder.clip_problems:
        err.print(f"tapetum: {recorder.clip_problems} clips or frames of clips were lost", markup=False)
    alarms = status.rules.delivery
    if alarms is not None:
        why = f"; the last try: {alarms.problem}" if alarms.problem else ""
        err.print(
            f"{alarms.delivered} alarms told, {alarms.failed} could not be told, {alarms.dropped} left out{why}",
            markup=False,
        )
    context = status.rules.context
    for line in source_lines(context):
        err.print(line, markup=False)
    good = down and not status.errors and not recorder.lost and not recorder.clip_problems
    err.print(
        f"{recorder.frames} frames, {status.processed} FrameSets processed, dropped on the way: {dropped}; "
        f"{recorder.path}{'' if good else ' is not complete'}{_files(recorder)}",
        markup=False,
    )
    tell(
        {
            "session": str(recorder.path),
            "state": recorder.state,
            "reason": recorder.reason,
            "profile": recorder.profile,
            "files": recorder.files,
            "clips": recorder.clips,
            "clip_problems": recorder.clip_problems,
            "bytes": recorder.bytes_written,
            "frames": recorder.frames,
            "processed": status.processed,
            "dropped": dropped,
            "lost": dict(recorder.lost),
            "errors": list(status.errors),
            "alarms": None if alarms is None else _counts(alarms),
            "context": context_json(context) if context.sources else None,
            "streams": {name: asdict(count) for camera in status.cameras for name, count in camera.counts.items()},
            "reopened": [camera.reopened for camera in status.cameras],
            "leader_changes": status.leader_changes,
            "clock_jumps": status.clock_jumps,
        },
        as_json,
    )
    return GOOD if good else NO


def _counts(alarms: DeliveryStatus) -> dict[str, Any]:
    return {
        "delivered": alarms.delivered,
        "failed": alarms.failed,
        "left_out": alarms.dropped,
        "problem": alarms.problem,
    }


def _files(recorder: RecorderStatus) -> str:
    more = [f"{recorder.files} files"] if recorder.files > 1 else []
    if recorder.clips or recorder.profile != "evidence":
        more.append(f"{recorder.clips} clips")
    return f" ({', '.join(more)})" if more else ""
