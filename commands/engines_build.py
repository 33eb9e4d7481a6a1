"""`tapetum engines build`: builds for this machine, one after the other, with progress on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Column

from commands.progress_json import tell_note, tell_progress
from commands.terminal import GOOD, NO, WRONG_USE, err, out, tell

if TYPE_CHECKING:
    from engines.backend import LoadOptions
    from engines.card import ModelCard
    from engines.store_entry import StoredEngine

_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class BuildWish:
    """What is to be built of each model.

    Attributes:
        recipe: of engines.build_recipes.
        options: what the engine is for.
        from_int8: of the model's int8 file, which is made first where it is missing.
    """

    recipe: str
    options: LoadOptions
    from_int8: bool = False


def engines_build(
    models: Sequence[str],
    backend: str | None,
    precision: str | None,
    time_limit: float,
    memory_limit: float,
    again: bool,
    weights: Path | None,
    as_json: bool,
) -> int:
    """Build engines; 1 when one could not be built, 2 on wrong use.

    Args:
        models: names; none takes those that usually run.
        backend: whose engine; None takes int8 files for the CPU, or TensorRT for another precision.
        precision: None takes int8 for the CPU and the file's own for TensorRT.
        time_limit: seconds a build.
        memory_limit: GiB a build.
        again: build what is there, too.
        weights: folder of models.
    """
    from engines.build_process import BuildLimits
    from engines.card import load_card
    from engines.errors import EngineError, UnknownModelError
    from engines.loading import shipped, usual_names

    wish = wish_for(backend, precision)
    if isinstance(wish, str):
        err.print(f"tapetum: {wish}", markup=False)
        return WRONG_USE
    try:
        paths = {name: shipped(name, weights) for name in dict.fromkeys(models or usual_names(weights))}
    except UnknownModelError as error:
        err.print(f"tapetum: {error}", markup=False)
        return WRONG_USE
    limits = BuildLimits(time_limit, int(memory_limit * 2**30))
    told: dict[str, Any] = {"built": {}, "skipped": {}, "failed": {}}
    try:
        for number, (name, path) in enumerate(paths.items()):
            tell_progress(name, number, len(paths), "models", number / len(paths))
            try:
                card = load_card(path)
                if wish.recipe == "int8" and card.precision == "int8" and name not in models:
                    told["skipped"][name] = "its file is int8 already"
                else:
                    told["built"][name] = _built(card, wish, limits, again).to_json()
            except EngineError as error:
                told["failed"][name] = str(error)
            if not as_json:
                _print(name, told)
    except KeyboardInterrupt:
        err.print("tapetum: stopped; nothing of the build is left", markup=False)
        return NO
    tell(told, as_json)
    return NO if told["failed"] else GOOD


def wish_for(backend: str | None, precision: str | None) -> BuildWish | str:
    """What to build, or why that is no wish."""
    from engines.backend import PRECISIONS, LoadOptions
    from engines.registry import BACKENDS

    if precision is not None and precision not in PRECISIONS:
        return f"there is no precision {precision!r}; there are {', '.join(p for p in PRECISIONS if p != 'file')}"
    if backend is None:
        backend = "openvino" if precision in (None, "int8") else "tensorrt"
    info = BACKENDS.get(backend)
    if info is None:
        return f"there is no backend {backend!r}; there are {', '.join(BACKENDS)}"
    if not info.builds:
        if "int8" in info.precisions and precision in (None, "int8"):
            return BuildWish("int8", LoadOptions())
        return f"{info.title} needs nothing built for {precision or 'its own precision'}; it runs the file as it is"
    if precision == "int8":
        return BuildWish(info.name, LoadOptions(), from_int8=True)
    chosen = next(p for p in PRECISIONS if p == (precision or "file"))
    if chosen not in info.precisions:
        return f"{info.title} computes in {', '.join(p for p in info.precisions if p != 'file')}, not in {precision}"
    return BuildWish(info.name, LoadOptions(precision=chosen))


def _built(card: ModelCard, wish: BuildWish, limits: Any, again: bool) -> StoredEngine:
    from engines.backend import LoadOptions
    from engines.errors import PlanError
    from engines.variants import variant_of

    with ExitStack() as stack:
        if wish.from_int8:
            try:
                card = stack.enter_context(variant_of(card, "int8"))
            except PlanError:  # not made yet, torn, or bad
                build_one("int8", card, LoadOptions(), limits, False)
                card = stack.enter_context(variant_of(card, "int8"))
        return build_one(wish.recipe, card, wish.options, limits, again)


def build_one(
    recipe: str, card: ModelCard, options: LoadOptions, limits: Any = None, again: bool = False
) -> StoredEngine:
    """Build one engine with a bar on a terminal. Ctrl-C ends the build and leaves nothing of it.

    Raises:
        EngineError: it could not be built, or failed its self-check.
        KeyboardInterrupt: it was stopped.
    """
    from engines.build import Build

    one_line = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[phase]}", table_column=one_line),
    )
    with (
        Progress(*columns, console=err, disable=not err.is_terminal, transient=True, expand=True) as bars,
        Build(recipe, card, options, limits=limits, again=again) as build,
    ):
        bar = bars.add_task(f"{card.name} {recipe}", total=1.0, phase="")
        build.start()
        phase = ""
        while True:
            try:
                return build.result(_LOOK_S)
            except TimeoutError:
                seen = build.progress()
                memory = f", {seen.memory_bytes / 2**30:.1f} GiB" if seen.memory_bytes else ""
                bars.update(bar, completed=seen.fraction, phase=seen.phase + memory)
                if seen.phase != phase:
                    phase = seen.phase
                    tell_note(f"{card.name}: {phase}")


def _print(name: str, told: dict[str, Any]) -> None:
    if name in told["skipped"]:
        out.print(f"{name}: nothing to do: {told['skipped'][name]}", markup=False)
    elif name in told["failed"]:
        out.print(f"{name}: FAILED: {told['failed'][name]}", markup=False)
    else:
        entry = told["built"][name]
        out.print(
            f"{name}: {entry['size'] / 2**20:.1f} MiB, built in {entry['build_s']:.1f} s, checked: {entry['artefact']}",
            markup=False,
        )
