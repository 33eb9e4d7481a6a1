"""The declarations of `tapetum session ...`: one short function a command; the work is done in the other files here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import commands.formats
import commands.session_export
import commands.session_import
import commands.session_keep
import commands.session_repair
import commands.session_rules
import commands.session_series
import commands.sessions
from commands.options import Config, FromS, Json, Layout, Output, Overwrite, Set, Streams, ToS, Weights

session_app = typer.Typer(
    help="Sessions on disk: what is in them, verify, recover, cut, merge, import, export.", no_args_is_help=True
)
series_app = typer.Typer(help="Speed, steering, positions... on a session's timeline.", no_args_is_help=True)
session_app.add_typer(series_app, name="series")


@session_app.command("info")
def session_info(file: Annotated[Path, typer.Argument(help="A session.")], json: Json = False) -> None:
    """What is in a session."""
    raise typer.Exit(commands.sessions.session_info(file, json))


@session_app.command("verify")
def session_verify(
    file: Annotated[Path, typer.Argument(help="A session.")],
    config: Config = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Check every frame's checksum and, where results are stored, compute them again and compare."""
    raise typer.Exit(commands.sessions.session_verify(file, config, weights, json))


@session_app.command("rules")
def session_rules(
    file: Annotated[Path, typer.Argument(help="A session; it stays as it is.")],
    rules: Annotated[str, typer.Option("--rules", help="in-car, night-watch, or a file in TOML.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A table for all events (Parquet).")] = None,
    again: Annotated[bool, typer.Option("--again", help="Compute anew, also where results are stored.")] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="A file for what is computed: other rules use it.")
    ] = None,
    config: Config = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """What rules make of a session: of its stored results, or of what is computed now where it stores none."""
    raise typer.Exit(commands.session_rules.session_rules(file, rules, output, again, keep, config, weights, json))


@session_app.command("recover")
def session_recover(
    file: Annotated[Path, typer.Argument(help="A torn or damaged session, or a .part file.")],
    output: Output,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Save what can be read of a torn or damaged session, and say exactly what was lost."""
    raise typer.Exit(commands.session_repair.session_recover(file, output, overwrite, json))


@session_app.command("cut")
def session_cut(
    file: Annotated[Path, typer.Argument(help="A session.")],
    output: Output,
    from_s: FromS = None,
    to_s: ToS = None,
    streams: Streams = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """A part of a session, by time and streams, as a session of its own; nothing is encoded again."""
    raise typer.Exit(commands.session_repair.session_cut(file, output, from_s, to_s, streams, overwrite, json))


@session_app.command("merge")
def session_merge(
    files: Annotated[list[Path], typer.Argument(help="Sessions: segments of one recording, or cameras of one scene.")],
    output: Output,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Segments or cuts of one recording, or cameras of one scene, as one; nothing is encoded again."""
    raise typer.Exit(commands.session_repair.session_merge(files, output, overwrite, json))


@session_app.command("keep")
def session_keep(
    files: Annotated[list[Path], typer.Argument(help="Sessions.")],
    off: Annotated[bool, typer.Option("--off", help="Take the mark away.")] = False,
    json: Json = False,
) -> None:
    """Mark sessions so that no retention quota ever deletes them."""
    raise typer.Exit(commands.session_keep.session_keep(files, off, json))


@session_app.command("import")
def session_import(
    path: Annotated[Path, typer.Argument(help="A file or folder of another format.")],
    output: Output,
    format: Annotated[str | None, typer.Option("--format", help="Which format; else it is recognised.")] = None,
    fps: Annotated[float | None, typer.Option(min=0.01, max=1000, help="Frames a second, without a clock.")] = None,
    unit_mm: Annotated[float | None, typer.Option(min=1e-4, max=1000, help="Millimetres a depth count.")] = None,
    fx: Annotated[float | None, typer.Option(help="Focal length in px, where the source has no calibration.")] = None,
    fy: Annotated[float | None, typer.Option(help="px")] = None,
    cx: Annotated[float | None, typer.Option(help="px")] = None,
    cy: Annotated[float | None, typer.Option(help="px")] = None,
    hfov_deg: Annotated[
        float | None, typer.Option(min=1, max=179, help="Horizontal field of view, in place of fx.")
    ] = None,
    layout: Layout = "viewable",
    set: Set = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Make a session of a recording in another format (docs/import-export.md)."""
    numbers = {"fps": fps, "unit_mm": unit_mm, "fx": fx, "fy": fy, "cx": cx, "cy": cy, "hfov_deg": hfov_deg}
    raise typer.Exit(
        commands.session_import.session_import(path, output, format, numbers, layout, set or [], overwrite, json)
    )


@session_app.command("export")
def session_export(
    file: Annotated[Path, typer.Argument(help="A session.")],
    output: Output,
    format: Annotated[str | None, typer.Option("--format", help="Which form; else by the output's suffix.")] = None,
    viewable: Annotated[bool, typer.Option("--viewable", help="As a session that Foxglove and Rerun show.")] = False,
    from_s: FromS = None,
    to_s: ToS = None,
    streams: Streams = None,
    set: Set = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Write a session in another form: video, images, tables, point clouds, ROS 2 (docs/import-export.md)."""
    form = "viewable" if viewable else format
    raise typer.Exit(
        commands.session_export.session_export(file, output, form, from_s, to_s, streams, set or [], overwrite, json)
    )


@session_app.command("formats")
def session_formats(
    markdown: Annotated[bool, typer.Option("--markdown", help="What each keeps and loses, as tables.")] = False,
    json: Json = False,
) -> None:
    """What can be imported and exported, and what is missing for it here."""
    raise typer.Exit(commands.formats.session_formats(markdown, json))


@series_app.command("add")
def series_add(
    session: Annotated[Path, typer.Argument(help="A session.")],
    file: Annotated[Path, typer.Argument(help="CSV, Parquet, or a CAN log (.asc, .blf, .log, .trc, .mf4).")],
    time_column: Annotated[str | None, typer.Option("--time-column", help="Of a table; else looked for.")] = None,
    time_unit: Annotated[str | None, typer.Option("--time-unit", help="s, ms, us or ns, of times as numbers.")] = None,
    columns: Annotated[
        str | None,
        typer.Option("--columns", help="NAME, NAME:UNIT, NEW=NAME:UNIT with commas between; else all numbers."),
    ] = None,
    dbc: Annotated[Path | None, typer.Option("--dbc", help="What the bytes of a CAN log mean.")] = None,
    signals: Annotated[
        str | None, typer.Option("--signals", help="Message.Signal with commas between, or all.")
    ] = None,
    absolute: Annotated[
        bool | None,
        typer.Option("--absolute/--relative", help="Unix times, or counted from the session's begin; else looked at."),
    ] = None,
    offset_s: Annotated[float, typer.Option("--offset-s", help="Seconds added to the file's times.")] = 0.0,
    max_gap_s: Annotated[
        float | None, typer.Option("--max-gap-s", min=1e-6, help="No value is told in longer gaps between samples.")
    ] = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Lay the series of a file beside a session; the session itself is not changed (docs/series.md)."""
    raise typer.Exit(
        commands.session_series.series_add(
            session,
            file,
            time_column=time_column,
            time_unit=time_unit,
            columns=columns,
            dbc=dbc,
            signals=signals,
            times=None if absolute is None else "absolute" if absolute else "relative",
            offset_s=offset_s,
            max_gap_s=max_gap_s,
            overwrite=overwrite,
            as_json=json,
        )
    )


@series_app.command("list")
def series_list(session: Annotated[Path, typer.Argument(help="A session.")], json: Json = False) -> None:
    """The series beside a session: unit, rate, span on its timeline, offset, how much of it they cover."""
    raise typer.Exit(commands.session_series.series_list(session, json))


# A negative number of seconds is no option.
@series_app.command("offset", context_settings={"ignore_unknown_options": True})
def series_offset(
    session: Annotated[Path, typer.Argument(help="A session.")],
    name: Annotated[str, typer.Argument(help="A series.")],
    seconds: Annotated[float, typer.Argument(help="What is added to its times, in place of the present offset.")],
    json: Json = False,
) -> None:
    """Move a series on the session's timeline."""
    raise typer.Exit(commands.session_series.series_offset(session, name, seconds, json))


@series_app.command("remove")
def series_remove(
    session: Annotated[Path, typer.Argument(help="A session.")],
    name: Annotated[str, typer.Argument(help="A series.")],
    json: Json = False,
) -> None:
    """Delete a series beside a session; the file that it came from stays."""
    raise typer.Exit(commands.session_series.series_remove(session, name, json))
