"""Training and measuring models."""

from __future__ import annotations

import contextlib
import math
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.terminal import GOOD, NO, WRONG_USE, err, out, progress_bar, tell

if TYPE_CHECKING:
    from rich.progress import Progress

    from training.trainer import Trainer

_BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"


def train(
    name: str | None,
    preset: str,
    listing: bool,
    faces: str | None,
    folder: Path,
    minutes: float | None,
    start_from: Path | None,
    given: Mapping[str, Any],
) -> int:
    """Train a network; 2 on wrong use, 1 where it can't be trained, has nothing to learn from, or was stopped.

    Args:
        faces: a folder of samples, or a number of samples to render.
        minutes: how long; None is an hour, or as long as the steps in `given` take.
        given: further fields of TrainSettings, None where not given.
    """
    from training.train import list_networks

    if listing or name is None:
        for told in list_networks():
            out.print(f"{told['name']} ({told['preset']}): {told['summary']}; {told['source']}", markup=False)
        if not listing:
            err.print("tapetum: name a network, or ask for --list")
        return GOOD if listing else WRONG_USE
    from training.networks.registry import UnknownNetworkError, find_network

    try:
        spec = find_network(name, preset)
    except UnknownNetworkError as error:
        err.print(f"tapetum: {error}", markup=False)
        return WRONG_USE
    if faces is None:
        from training.sample_kinds import render_command

        err.print(
            "tapetum: --faces names the folder of rendered samples, or says how many to render; to render some: "
            f"{render_command(spec, Path('SAMPLES'))}",
            markup=False,
        )
        return WRONG_USE
    if (wrong := _no_faces(faces)) is not None:
        err.print(f"tapetum: {wrong}", markup=False)
        return WRONG_USE
    from training.settings import TrainSettings
    from training.train import train as run_training

    chosen = {key: value for key, value in given.items() if value is not None}
    seconds = 60.0 * minutes if minutes is not None else math.inf if "steps" in chosen else 3600.0
    asked = threading.Event()
    try:
        settings = TrainSettings(seconds=seconds, **chosen)
        with progress_bar("%") as bar, _asks_to_stop(asked):
            quality = run_training(
                name,
                preset,
                int(faces) if faces.isdecimal() else Path(faces),
                folder,
                settings,
                report=_report,
                start_from=start_from,
                on_step=_Watch(bar) if not bar.disable else None,
                stop=asked.is_set,
            )
    except KeyboardInterrupt:
        err.print("tapetum: ended at once; the last checkpoint is what is left")
        return NO
    except Exception as error:  # noqa: BLE001 - sorted there: what is no error of the rooms is raised again
        return _training_failed(error)
    if asked.is_set():
        err.print(f"stopped; the same command goes on with what is in {folder}", markup=False)
        return NO
    for metric, value in quality.items():
        out.print(f"{metric}: {value:.4g}", markup=False)
    return GOOD


def _no_faces(faces: str) -> str | None:
    """Why `faces` can be meant neither as a number of samples nor as a folder; None where it can."""
    if faces.isdecimal():
        return None if int(faces) > 0 else f"--faces {faces} renders nothing to learn from; a number above 0 does"
    try:
        float(faces.replace(",", ""))
    except ValueError:
        return None
    if Path(faces).is_dir():
        return None
    return f"--faces takes a whole number above 0, written with digits alone, or a folder of samples; found {faces!r}"


class _Watch:
    """Shows each step on a progress bar: the loss, its course so far, and the share of the run that is done."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("training", total=100)
        self._losses: list[float] = []
        self._last = 0.0

    def __call__(self, trainer: Trainer, parts: dict[str, float]) -> None:
        self._losses.append(parts["loss"])
        if time.monotonic() - self._last > 0.25:
            self._last = time.monotonic()
            words = f"{trainer.spec.key} step {trainer.step:,} loss {sparkline(self._losses)} {parts['loss']:.4g}"
            self._bar.update(self._task, completed=round(100 * trainer.progress), description=words)


def sparkline(values: Sequence[float], width: int = 24) -> str:
    """The course of `values` in block characters: means of `width` equal parts, between the least and the largest."""
    parts = min(width, len(values))
    means = []
    for i in range(parts):
        piece = values[i * len(values) // parts : (i + 1) * len(values) // parts]
        means.append(sum(piece) / len(piece))
    low, high = min(means, default=0.0), max(means, default=0.0)
    return "".join(_BLOCKS[round((v - low) / (high - low) * 7) if high > low else 0] for v in means)


@contextlib.contextmanager
def _asks_to_stop(asked: threading.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM ask the run to end after its step; Ctrl-C a second time ends it at once."""

    def handle(number: int, frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    signals = (signal.SIGINT, signal.SIGTERM)
    before = {one: signal.signal(one, handle) for one in signals if signal.getsignal(one) is not signal.SIG_IGN}
    try:
        yield
    finally:
        for one, was in before.items():
            signal.signal(one, was)


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


def evaluate_real(
    data: Path,
    weights: Path | None,
    out_folder: Path | None,
    peers: Path | None,
    only: tuple[str, ...],
    faces: Path | None,
    as_json: bool,
) -> int:
    """Measure all models on real recordings; the tables go to stdout, and with the pictures into `out_folder`."""
    from training.real.page import evaluate_real as run_page

    try:
        page = run_page(data, weights, out_folder, peers, only, say=_report, faces=faces)
    except Exception as error:  # noqa: BLE001 - sorted there: what is no error of the rooms is raised again
        return _training_failed(error)
    sys.stdout.write(page.markdown + "\n")
    tell(page.to_json(), as_json)
    return GOOD


def _report(line: str) -> None:
    err.print(line, markup=False)


def _training_failed(error: Exception) -> int:
    """One line for the errors of the training room; anything else is a defect and goes on as it is.

    Returns 2 where something was asked for that there is not, else 1.
    """
    from training.wrong_use import WrongUseError

    if type(error).__module__.partition(".")[0] in ("training", "engines") or isinstance(error, ImportError):
        err.print(f"tapetum: {error}", markup=False)
        return WRONG_USE if isinstance(error, WrongUseError) else NO
    raise error
