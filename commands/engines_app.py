"""The declarations of `tapetum engines ...`: one short function a command; the work is done in the other files here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import commands.engines
import commands.engines_build
import commands.engines_check
from commands.options import Json, Weights

engines_app = typer.Typer(help="The models and what runs them.", no_args_is_help=True)

Models = Annotated[list[str] | None, typer.Argument(help="Models; else the usual ones.")]
Model = Annotated[str | None, typer.Option("--model", help="This model only.")]
BackendName = Annotated[str | None, typer.Option("--backend", help="Such as tensorrt, or tensorrt:fp16.")]


@engines_app.command("list")
def engines_list(weights: Weights = None, json: Json = False) -> None:
    """The models, what runs each and why not the others, and the engines that were built here."""
    raise typer.Exit(commands.engines.engines_list(weights, json))


@engines_app.command("build")
def engines_build(
    models: Models = None,
    backend: Annotated[str | None, typer.Option("--backend", help="Whose engine; else int8 files for the CPU.")] = None,
    precision: Annotated[str | None, typer.Option("--precision", help="int8, fp16 or fp32.")] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", min=0.1, max=1e6, help="Seconds that one build may take.")
    ] = 1800.0,
    memory_limit: Annotated[
        float, typer.Option("--memory-limit", min=0.05, max=1e5, help="GiB of memory that one build may take.")
    ] = 8.0,
    again: Annotated[bool, typer.Option("--again", help="Build what is there already, too.")] = False,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Build engines for this machine, each in a process of its own, and check them; Ctrl-C leaves nothing behind."""
    raise typer.Exit(
        commands.engines_build.engines_build(
            models or [], backend, precision, time_limit, memory_limit, again, weights, json
        )
    )


@engines_app.command("check")
def engines_check(
    backend: BackendName = None,
    model: Model = None,
    report: Annotated[Path | None, typer.Option("--out", "-o", help="Write the report here, as JSON.")] = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Check numbers and speed of each model on a backend against the reference; a new backend is verified by it."""
    raise typer.Exit(commands.engines_check.engines_check(backend, model, report, weights, json))


@engines_app.command("bench")
def engines_bench(
    device: Annotated[str, typer.Option("--device", help="cpu or cuda.")] = "cpu",
    model: Annotated[
        str | None, typer.Option("--model", help="This one only, such as gray_to_depth or gray_to_depth-seed.")
    ] = None,
    backend: Annotated[str | None, typer.Option("--backend", help="This one only.")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.01, max=600, help="For each row.")] = 1.0,
    folder: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the page and the rows.")] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, max=1024, help="Of one call; else every core.")
    ] = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Measure each model on each backend, beside the plain library call and what this machine can do at the most."""
    from commands.engines_bench import bench  # a second of imports that no other command needs

    raise typer.Exit(bench(json, device, model, backend, seconds, folder, threads, weights))


@engines_app.command("clear")
def engines_clear(
    model: Model = None,
    quarantined: Annotated[bool, typer.Option("--quarantined", help="Only what is not used for a fault.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Delete engines that were built here; those in use stay."""
    raise typer.Exit(commands.engines.engines_clear(model, quarantined, yes, json))
