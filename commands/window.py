"""What opens a window, and what is done where none can be opened."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from commands.batch import batch
from commands.options import RECORDING
from commands.record_options import with_recording
from commands.terminal import GOOD, NO, WRONG_USE, err, out
from pipeline.config import load_config

LANGUAGES: Final = ("en", "it", "zh")
SPEEDS: Final = ("0.1", "0.25", "0.5", "1", "2", "4", "8", "16", "max")


def choose_language(language: str) -> None:
    """For the windows of this program: the variable that gui/translations/load.py reads."""
    if not language:
        return
    if language not in LANGUAGES:
        err.print(f"tapetum: --language takes {', '.join(LANGUAGES)}; found {language!r}", markup=False)
        raise SystemExit(WRONG_USE)
    os.environ["TAPETUM_LANGUAGE"] = language


def show_bundled(headless: bool, folder: Path) -> int:
    """The bundled session: in the window where there can be one, else into ``folder``."""
    from pipeline.doctor import window_problem
    from recordings.samples import bundled_session

    problem = "asked for with --headless" if headless else window_problem()
    session = bundled_session()
    if not problem:
        return replay(session, True, "", "1", None, None)
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


def replay(file: Path, loop: bool, at: str, speed: str, config: Path | None, weights: Path | None) -> int:
    """The replay window; 1 where no window can be opened."""
    from recordings.reader import SessionReader

    if speed not in SPEEDS:
        err.print(f"tapetum: --speed takes {', '.join(SPEEDS)}; found {speed!r}", markup=False)
        return WRONG_USE
    settings = load_config(config)
    with SessionReader(file):
        pass  # a wrong file is told before any window opens
    if not _window_works(f"tapetum batch {file}"):
        return NO
    from gui.app import run_replay

    times = math.inf if speed == "max" else float(speed)
    return int(run_replay(file, settings, loop=loop, at=at, speed=times, weights_dir=weights))


def watch(
    sources: list[str],
    record_to: Path | None,
    given: Mapping[str, Any],
    config: Path | None,
    weights: Path | None,
    again: Sequence[str] | None = None,
    rig: Path | None = None,
) -> int:
    """The live window; 1 where no window can be opened.

    Args:
        given: settings of recording from the command line, None where not given; they win over the configuration.
        again: the command line that opens this very window; with it a window that records is looked after: see
            commands/keep_alive.py.
        rig: a rig's file, in place of sources.
    """
    from commands.keep_alive import is_kept, keep, recording_of_this_start
    from drivers.registry import discover, shown_source
    from drivers.rig import load_rig

    options = [f"--{key.replace('_', '-')}" for key in RECORDING if given.get(key) is not None]
    if options and record_to is None:
        err.print(f"tapetum: {', '.join(options)} is about a recording: say --record FILE, too", markup=False)
        return WRONG_USE
    settings = with_recording(load_config(config), given)
    if settings is None:
        return WRONG_USE
    if sources and rig is not None:
        err.print("tapetum: name cameras, or a rig with --rig FILE, not both", markup=False)
        return WRONG_USE
    known = None if rig is None else load_rig(rig)
    chosen = [] if known is not None else sources or [camera.source for camera in discover()] or ["virtual:"]
    if not _window_works(
        f"tapetum record {' '.join(map(shown_source, chosen)) if rig is None else f'--rig {rig}'} -o FILE"
    ):
        return NO
    if record_to is not None:
        if again is not None and not is_kept():
            return keep(again)
        record_to = recording_of_this_start(record_to)
    from gui.app import run_watch

    return int(run_watch(chosen, settings, record=record_to, weights_dir=weights, rig=known))


def _window_works(instead: str) -> bool:
    from pipeline.doctor import window_problem

    problem = window_problem()
    if problem:
        err.print(f"tapetum: no window can be opened: {problem}.\nWithout a window: {instead}")
    return not problem
