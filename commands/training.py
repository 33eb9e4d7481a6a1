"""Training and measuring models."""

from __future__ import annotations

import sys
from pathlib import Path

from commands.terminal import GOOD, NO, WRONG_USE, err, out, tell


def train(
    name: str | None,
    preset: str,
    listing: bool,
    faces: Path | None,
    folder: Path,
    minutes: float,
    threads: int,
    start_from: Path | None,
    learning_rate: float | None,
    seed: int,
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

        settings = TrainSettings(seconds=minutes * 60.0, threads=threads, learning_rate=learning_rate, seed=seed)
        quality = run_training(name, preset, faces, folder, settings, report=_report, start_from=start_from)
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
    """One line for the errors of the training room; anything else is a defect and goes on as it is."""
    if type(error).__module__.partition(".")[0] in ("training", "engines") or isinstance(error, ImportError):
        err.print(f"tapetum: {error}", markup=False)
        return NO
    raise error
