"""`tapetum engines bench`: every model on every backend beside the plain library call and what the machine can do."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from typing import get_args

from rich.table import Table

from commands.engines_bench_page import COLUMNS, About, load_now, machine, page, short_table, today
from commands.engines_bench_rows import Row, Subject, measure
from commands.engines_bench_seeds import seed_card, seed_int8_card, seed_names
from commands.terminal import GOOD, NO, WRONG_USE, err, out, progress_bar, tell
from engines.card import load_card
from engines.errors import EngineError
from engines.loading import WEIGHTS
from engines.macs import gmac
from engines.probe import probe_backend
from engines.registry import BACKENDS
from engines.roofline import Kind, Roofline
from engines.variants import variant_of

SECONDS = 1.0
"""For each row; large networks take longer."""


def bench(
    as_json: bool,
    device: str = "cpu",
    model: str | None = None,
    backend: str | None = None,
    seconds: float = SECONDS,
    folder: Path | None = None,
    threads: int | None = None,
    weights: Path | None = None,
) -> int:
    """Measure, and show a table.

    Args:
        device: ``cpu`` or ``cuda``.
        model: only this one: a name, or name and preset (``gray_to_depth-seed``).
        backend: only this one.
        seconds: for each row.
        folder: gets the page ``engines.md`` and the rows as ``engines.json``.
        threads: of one call on the CPU; None takes all cores.
        weights: folder with the models instead of the shipped ones.

    Ctrl-C stops it; what was measured until then is shown.

    Returns:
        The exit code: 1 when there was nothing to measure, 2 for a wrong device, model or backend.
    """
    backends = [name for name, info in BACKENDS.items() if info.needs_gpu == (device == "cuda")]
    names = _names(weights)
    if wrong := _wrong_use(device, model, backend, seconds, backends, names):
        err.print(f"tapetum: {wrong}", markup=False)
        return WRONG_USE
    missing: list[str] = []
    able = []
    for name in [backend] if backend else backends:
        probe = probe_backend(name)
        if probe.ok:
            able.append(name)
        else:
            missing.append(f"{name}: {probe.reason}")
    chosen = [name for name in names if model in (None, name, name.rpartition("-")[0])]
    cores = threads or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
    rows: list[Row] = []
    rates = None
    before = load_now()
    if able:
        rates = _rates(cores, missing) if device == "cpu" else None
        try:
            for subject in _with_progress(chosen, able, weights, missing):
                rows += _measured(subject, cores, rates, seconds, missing)
        except KeyboardInterrupt:
            missing.append("what follows: it was stopped")
    rows = [row.limited(rates) for row in rows]
    about = About(
        date=today(),
        command=_command(device, model, backend, seconds),
        machine=machine(_versions(able)),
        threads=cores,
        load=tuple(value for value in (before, load_now()) if value is not None),
        rates={kind: (round(rates.gmac_s(kind), 1), round(rates.gmac_cpu_s(kind), 1)) for kind in get_args(Kind)}
        if rates
        else {},
        missing=tuple(missing),
    )
    for reason in missing:
        err.print(f"tapetum: not measured: {reason}", markup=False)
    answer = {"rows": [dataclasses.asdict(row) for row in rows], **about.to_json()}
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "engines.md").write_text(page(rows, about), "utf-8")
        (folder / "engines.json").write_text(json.dumps(answer, indent=1) + "\n", "utf-8")
    if not as_json:
        _show(rows, about)
    tell(answer, as_json)
    return GOOD if rows else NO


def _wrong_use(
    device: str, model: str | None, backend: str | None, seconds: float, backends: Sequence[str], names: Sequence[str]
) -> str:
    if device not in ("cpu", "cuda"):
        return f"--device takes cpu or cuda, found {device!r}"
    if backend is not None and backend not in backends:
        return f"there is no backend {backend!r} on the device {device}; there are {', '.join(backends)}"
    if model is not None and not any(model in (name, name.rpartition("-")[0]) for name in names):
        return f"there is no model {model!r}; there are {', '.join(names)}"
    if not 0 < seconds <= 600:
        return f"--seconds takes more than 0 and at most 600, found {seconds}"
    return ""


def _names(weights: Path | None) -> list[str]:
    """``name-preset`` of all that could be measured."""
    shipped = [path.stem for path in sorted((weights or WEIGHTS).glob("*.json"))]
    return shipped + [f"{name}-seed" for name in seed_names()]


def _rates(threads: int, missing: list[str]) -> Roofline | None:
    try:
        return Roofline(threads)
    except EngineError as error:
        missing.append(f"the machine's limit: {error}")
        return None


def _with_progress(
    names: Sequence[str], backends: Sequence[str], weights: Path | None, missing: list[str]
) -> Iterator[Subject]:
    with progress_bar("files") as bar:
        task = bar.add_task("measuring", total=len(names) * len(backends))
        for name in names:
            for backend in backends:
                bar.update(task, description=f"{name} on {backend}")
                yield from _subjects(name, backend, weights, missing)
                bar.advance(task)


def _subjects(name: str, backend: str, weights: Path | None, missing: list[str]) -> Iterator[Subject]:
    """The files of one model on one backend, in each precision; each is there until the next is asked for."""
    info = BACKENDS[backend]
    seed = name.removesuffix("-seed") if name.endswith("-seed") else ""
    try:
        card = seed_card(seed) if seed else load_card((weights or WEIGHTS) / f"{name}.json")
        work = gmac(card, card.onnx_path)
    except (EngineError, RuntimeError) as error:  # OpenVINO's own, where it cannot read a graph
        missing.append(f"{name}: {error}")
        return
    yield Subject(backend, card, work)
    for precision in info.precisions:
        if str(precision) in ("fp16", "bf16"):
            yield Subject(backend, card, work, precision)
    if card.precision == "int8" or "int8" not in info.precisions:
        return
    with ExitStack() as stack:
        try:
            int8 = seed_int8_card(seed, backend) if seed else stack.enter_context(variant_of(card, "int8"))
        except (EngineError, ImportError) as error:  # the package onnx is an extra
            missing.append(f"{name} in int8 on {backend}: {error}")
            return
        yield Subject(backend, int8, work)


def _measured(subject: Subject, threads: int, rates: Roofline | None, seconds: float, missing: list[str]) -> list[Row]:
    try:
        return measure(subject, threads, rates, seconds)
    except (EngineError, RuntimeError) as error:  # the plain library call fails in the library's own way
        card = subject.card
        missing.append(f"{card.name}-{card.preset} on {subject.backend}: {error}")
        return []


def _versions(backends: Sequence[str]) -> dict[str, str]:
    found = {}
    for package in dict.fromkeys(p for name in ("openvino", *backends) for p in BACKENDS[name].packages):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue  # onnxruntime-gpu brings the package under another name
    return found


def _command(device: str, model: str | None, backend: str | None, seconds: float) -> str:
    words = ["tapetum engines bench"]
    words += [f"--device {device}"] if device != "cpu" else []
    words += [f"--model {model}"] if model else []
    words += [f"--backend {backend}"] if backend else []
    words += [f"--seconds {seconds:g}"] if seconds != SECONDS else []
    return " ".join(words)


def _show(rows: Sequence[Row], about: About) -> None:
    for line in about.lines():
        out.print(line, markup=False)
    if not rows:
        return
    table = Table(box=None)
    for number, column in enumerate(COLUMNS):
        table.add_column(column, justify="left" if number < 3 else "right")
    for cells in short_table(rows):
        table.add_row(*cells)
    out.print(table)
    out.print("ms, best of the run; 8 faces in one call, of one of them. --out DIR writes every row.", markup=False)
