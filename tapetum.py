"""The front door: the command line. One short function a command; the work is done in the rooms."""

from __future__ import annotations

import logging
import signal
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

import commands.about
import commands.batch
import commands.formats
import commands.live
import commands.session_export
import commands.session_import
import commands.session_keep
import commands.session_repair
import commands.session_series
import commands.sessions
import commands.training
import commands.window
from drivers.errors import DriverError
from engines.errors import EngineError
from pipeline.errors import PipelineError
from recordings.errors import RecordingError

KNOWN_ERRORS = (DriverError, EngineError, PipelineError, RecordingError)

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Sees faces in the dark: depth, thermal and night cameras to faces, landmarks, pose and generated images.",
)
session_app = typer.Typer(
    help="Sessions on disk: what is in them, verify, recover, cut, merge, import, export.", no_args_is_help=True
)
series_app = typer.Typer(help="Speed, steering, positions... on a session's timeline.", no_args_is_help=True)
engines_app = typer.Typer(help="The models and what runs them.", no_args_is_help=True)
app.add_typer(session_app, name="session")
session_app.add_typer(series_app, name="series")
app.add_typer(engines_app, name="engines")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on the last line of stdout.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings in TOML.")]
Weights = Annotated[Path | None, typer.Option("--weights", help="Folder of models in place of the shipped ones.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="What to write.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]
FromS = Annotated[float | None, typer.Option("--from-s", min=0.0, help="From this second of the session on.")]
ToS = Annotated[float | None, typer.Option("--to-s", min=0.0, help="Up to this second of the session.")]
Streams = Annotated[str | None, typer.Option("--streams", help="Names with commas between; else all.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE, a word of this format; may be repeated.")]
Layout = Annotated[str, typer.Option("--layout", help="viewable (Foxglove, Rerun) or compact (smaller).")]
Profile = Annotated[
    str | None, typer.Option(help="evidence: all, lossless; watch: low-rate lossy and clips; events: clips alone.")
]
RecordLayout = Annotated[str | None, typer.Option("--layout", help="viewable (Foxglove, Rerun) or compact (smaller).")]
SegmentMinutes = Annotated[float | None, typer.Option(min=0.0, help="A new file after so long.")]
SegmentGib = Annotated[float | None, typer.Option(min=0.0, help="A new file after so many GiB.")]
QuotaGib = Annotated[float | None, typer.Option(min=0.0, help="The oldest recordings here go beyond this.")]
MaxAgeDays = Annotated[float | None, typer.Option(min=0.0, help="Older recordings here go.")]
Clips = Annotated[bool | None, typer.Option("--clips/--no-clips", help="Clips round events and faces.")]
BeforeS = Annotated[float | None, typer.Option(min=0.1, help="That a clip begins before its event.")]
AfterS = Annotated[float | None, typer.Option(min=0.1, help="That it goes on after it.")]
RECORDING = (
    "profile",
    "layout",
    "segment_minutes",
    "segment_gib",
    "quota_gib",
    "max_age_days",
    "clips",
    "before_s",
    "after_s",
)
"""The options of a recording, wherever one is made."""
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens, on stderr.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Never open a window.")] = False,
    out: Out = Path("out"),
) -> None:
    """Without a command: the bundled session in the window, or headless into --out where there is no display."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
    )
    if version:
        print(f"tapetum {metadata.version('tapetum')}")  # noqa: T201 - the answer to --version
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.Exit(commands.window.show_bundled(headless, out))


@app.command()
def watch(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Cameras, such as virtual: (the bundled session).")
    ] = None,
    record: Annotated[Path | None, typer.Option("--record", help="Write a session, too.")] = None,
    profile: Profile = None,
    layout: RecordLayout = None,
    segment_minutes: SegmentMinutes = None,
    segment_gib: SegmentGib = None,
    quota_gib: QuotaGib = None,
    max_age_days: MaxAgeDays = None,
    clips: Clips = None,
    before_s: BeforeS = None,
    after_s: AfterS = None,
    config: Config = None,
    weights: Weights = None,
) -> None:
    """Live window on one or more cameras; what follows --record is as in the command record."""
    given = {name: context.params[name] for name in RECORDING}
    raise typer.Exit(commands.window.watch(sources or [], record, given, config, weights))


@app.command()
def record(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Cameras, such as virtual:FILE.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The session to write.")],
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Stop after so long; else at the end or Ctrl-C.")
    ] = None,
    profile: Profile = None,
    layout: RecordLayout = None,
    segment_minutes: SegmentMinutes = None,
    segment_gib: SegmentGib = None,
    quota_gib: QuotaGib = None,
    max_age_days: MaxAgeDays = None,
    clips: Clips = None,
    before_s: BeforeS = None,
    after_s: AfterS = None,
    config: Config = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Record cameras, with what the pipeline says of them and the schedule it ran, without a window.

    SIGUSR1 marks the moment: an event in the session, and a clip round it where clips are written.
    """
    given = {name: context.params[name] for name in RECORDING}
    raise typer.Exit(commands.live.record(sources, output, seconds, given, config, weights, json))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A session.")],
    loop: Annotated[bool, typer.Option(help="Begin again at the end.")] = False,
    at: Annotated[
        str, typer.Option(help="Begin there: a time (1:23.4), a frame (120), a camera's number (depth 120), an event.")
    ] = "",
    speed: Annotated[str, typer.Option(help="Multiple of the recorded time: 0.1 0.25 0.5 1 2 4 8 16, or max.")] = "1",
    config: Config = None,
    weights: Weights = None,
) -> None:
    """Window with a timeline: play, pause, step, seek, loop over a part."""
    raise typer.Exit(commands.window.replay(file, loop, at, speed, config, weights))


@app.command()
def batch(
    paths: Annotated[list[str], typer.Argument(help="Sessions, folders of sessions, globs.")],
    out: Out = Path("out"),
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, max=256, help="Worker processes.")] = 1,
    video: Annotated[bool, typer.Option("--video/--no-video", help="Write overlay.mp4 and a contact sheet.")] = True,
    schedule: Annotated[
        str, typer.Option(help="all: every FrameSet; stored: those that a live run processed.")
    ] = "all",
    again: Annotated[bool, typer.Option("--again", help="Process finished sessions again.")] = False,
    incomplete_models: Annotated[
        bool, typer.Option("--incomplete-models", help="Go on without a broken model.")
    ] = False,
    config: Config = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Process sessions without a screen: observations, frames, run.json and pictures."""
    raise typer.Exit(
        commands.batch.batch(paths, out, workers, video, schedule, again, config, weights, json, incomplete_models)
    )


@app.command()
def devices(json: Json = False) -> None:
    """What is plugged in, and which families of cameras this version knows."""
    raise typer.Exit(commands.about.devices(json))


@app.command()
def doctor(json: Json = False) -> None:
    """What works here, what is missing, and how to get it."""
    raise typer.Exit(commands.about.doctor(json))


@app.command()
def train(
    name: Annotated[str | None, typer.Argument(help="A network's name.")] = None,
    preset: Annotated[str, typer.Option(help="plus: ours; seed: the paper's.")] = "plus",
    listing: Annotated[bool, typer.Option("--list", help="Tell the networks that can be trained.")] = False,
    faces: Annotated[
        str | None,
        typer.Option("--faces", metavar="FOLDER|N", help="Folder of rendered samples, or how many to render first."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for checkpoints, log and curve.")] = Path("trained"),
    minutes: Annotated[
        float | None, typer.Option(min=0.001, help="How long to train, earlier runs included. [default: 60]")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="How many steps; without --minutes the clock plays no part.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda, cuda:N, or auto: cuda where it works.")] = "auto",
    threads: Annotated[int, typer.Option(min=1, max=256, help="CPU threads.")] = 2,
    workers: Annotated[
        int | None,
        typer.Option(min=0, max=256, help="Processes that make batches; 0: a thread. [default: 0 on the CPU]"),
    ] = None,
    start_from: Annotated[
        Path | None,
        typer.Option("--start-from", help="A model file (.onnx) to start from; a begun run goes on instead."),
    ] = None,
    batch: Annotated[int | None, typer.Option("--batch", min=2, help="Items a step. [default: the network's]")] = None,
    rate: Annotated[
        float | None, typer.Option("--learning-rate", min=1e-7, max=1, help="Else the network's own.")
    ] = None,
    adversary_from: Annotated[
        float | None,
        typer.Option(
            "--adversary-from",
            min=0,
            max=1,
            help="Share of the run after which the discriminator joins, where there is one; 1: never. "
            "[default: 0.6 ours, 0 the papers']",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the weights and of the order of samples.")] = 0,
) -> None:
    """Train a network on rendered faces (needs the extra "train"; --list does not). Ctrl-C stops with a checkpoint."""
    given = {
        "steps": steps,
        "device": device,
        "threads": threads,
        "workers": workers,
        "batch_size": batch,
        "learning_rate": rate,
        "adversary_from": adversary_from,
        "seed": seed,
    }
    raise typer.Exit(commands.training.train(name, preset, listing, faces, out, minutes, start_from, given))


@app.command()
def evaluate(
    name: Annotated[str, typer.Argument(help="A model's name.")],
    preset: Annotated[str, typer.Option(help="plus: ours; seed: the paper's.")] = "plus",
    faces: Annotated[Path | None, typer.Option("--faces", help="Folder of rendered samples (held-out ones).")] = None,
    real: Annotated[Path | None, typer.Option("--real", help="Folder of real recordings.")] = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Measure a model file, run as the program runs it."""
    raise typer.Exit(commands.training.evaluate(name, preset, faces, real, weights, json))


@app.command("evaluate-real")
def evaluate_real(
    data: Annotated[Path, typer.Option("--data", help="Folder of real recordings.")],
    weights: Weights = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the tables and pictures (of real people).")
    ] = None,
    peers: Annotated[Path | None, typer.Option("--peers", help="A Python with MediaPipe 0.10.21 and dlib.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="A section of the page; may be repeated.")] = None,
    faces: Annotated[Path | None, typer.Option("--faces", help="Rendered samples, for the section noise.")] = None,
    json: Json = False,
) -> None:
    """Measure all models on real recordings, beside other people's tools, and write tables and pictures."""
    raise typer.Exit(commands.training.evaluate_real(data, weights, out, peers, tuple(only or ()), faces, json))


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


@engines_app.command("list")
def engines_list(weights: Weights = None, json: Json = False) -> None:
    """The models, the backend that runs each, and why not the others."""
    raise typer.Exit(commands.about.engines_list(weights, json))


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; errors of the rooms end in one line on stderr, never in a traceback."""
    # Who stops this program by SIGTERM (a service manager, a time limit) gets the same clean end as by Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return app(args=arguments, standalone_mode=True)
    except KNOWN_ERRORS as error:
        print(f"tapetum: {error}", file=sys.stderr)  # noqa: T201 - the error's one line
        sys.exit(1)
    except KeyboardInterrupt:
        print("tapetum: stopped", file=sys.stderr)  # noqa: T201 - the answer to Ctrl-C
        sys.exit(130)


if __name__ == "__main__":
    main()
