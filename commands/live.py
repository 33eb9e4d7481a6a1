"""Live without a window."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from commands.terminal import GOOD, NO, err, open_models, tell
from pipeline.config import load_config


def record(
    sources: list[str], output: Path, seconds: float | None, config: Path | None, weights: Path | None, as_json: bool
) -> int:
    """Record until the cameras end, the time is up, or Ctrl-C. A missing model is told and does not stop it."""
    from drivers.registry import open_camera
    from pipeline.run import LiveRun

    settings = load_config(config)
    models = open_models(settings, weights)
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
    recorder = status.recorder
    assert recorder is not None  # a path was given
    for stream, count in recorder.lost.items():
        err.print(f"tapetum: {count} frames of {stream} were lost: the disk or the machine was too slow", markup=False)
    good = down and not status.errors and not recorder.lost
    err.print(
        f"{recorder.frames} frames, {status.processed} FrameSets processed, dropped on the way: {dropped}; "
        f"{output}{'' if good else ' is not complete'}",
        markup=False,
    )
    tell(
        {
            "session": str(output),
            "frames": recorder.frames,
            "processed": status.processed,
            "dropped": dropped,
            "lost": dict(recorder.lost),
            "errors": list(status.errors),
        },
        as_json,
    )
    return GOOD if good else NO
