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
import commands.before
import commands.compare
import commands.live
import commands.training
import commands.window
from commands.engines_app import engines_app
from commands.options import (
    RECORDING,
    WATCHING,
    AfterS,
    BeforeS,
    Clips,
    Config,
    ContextFrom,
    Json,
    MaxAgeDays,
    OnAlarm,
    Out,
    Profile,
    QuotaGib,
    RecordLayout,
    RigFile,
    Rules,
    SegmentGib,
    SegmentMinutes,
    Weights,
)
from commands.rig_app import rig_app
from commands.session_app import session_app
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
app.add_typer(session_app, name="session")
app.add_typer(engines_app, name="engines")
app.add_typer(rig_app, name="rig")


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens, on stderr.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Never open a window.")] = False,
    language: Annotated[str, typer.Option(help="Of the window: en, it, zh; else the one that was chosen there.")] = "",
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
    commands.window.choose_language(language)
    if context.invoked_subcommand is None:
        raise typer.Exit(commands.window.show_bundled(headless, out))
    wrong = commands.before.hand_on(context, out, headless)
    if wrong:
        raise typer.Exit(wrong)


@app.command()
def watch(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Cameras, such as virtual: (the bundled session).")
    ] = None,
    rig: RigFile = None,
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
    rules: Rules = "",
    on_alarm: OnAlarm = None,
    context_from: ContextFrom = None,
    config: Config = None,
    weights: Weights = None,
) -> None:
    """Live window on one or more cameras; what follows --record is as in the command record."""
    given = {name: context.params[name] for name in (*RECORDING, *WATCHING)}
    again = context.find_root().obj
    raise typer.Exit(commands.window.watch(sources or [], record, given, config, weights, again, rig))


@app.command()
def record(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", help="The session to write.")],
    sources: Annotated[list[str] | None, typer.Argument(help="Cameras, such as virtual:FILE.")] = None,
    rig: RigFile = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Stop after so long; else at the end or Ctrl-C.")
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for cameras that are not there yet, however long.")
    ] = False,
    profile: Profile = None,
    layout: RecordLayout = None,
    segment_minutes: SegmentMinutes = None,
    segment_gib: SegmentGib = None,
    quota_gib: QuotaGib = None,
    max_age_days: MaxAgeDays = None,
    clips: Clips = None,
    before_s: BeforeS = None,
    after_s: AfterS = None,
    rules: Rules = "",
    on_alarm: OnAlarm = None,
    context_from: ContextFrom = None,
    config: Config = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Record cameras, with what the pipeline says of them and the schedule it ran, without a window.

    SIGUSR1 marks the moment: an event in the session, and a clip round it where clips are written.
    """
    given = {name: context.params[name] for name in (*RECORDING, *WATCHING)}
    raise typer.Exit(commands.live.record(sources or [], output, seconds, given, config, weights, json, rig, wait))


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
    rules: Rules = "",
    again: Annotated[bool, typer.Option("--again", help="Process finished sessions again.")] = False,
    incomplete_models: Annotated[
        bool, typer.Option("--incomplete-models", help="Go on without a broken model.")
    ] = False,
    config: Config = None,
    weights: Weights = None,
    json: Json = False,
) -> None:
    """Process sessions without a screen: observations, signals, events, frames, run.json and pictures."""
    raise typer.Exit(
        commands.batch.batch(
            paths, out, workers, video, schedule, again, config, weights, json, incomplete_models, rules
        )
    )


@app.command()
def compare(
    run_a: Annotated[Path, typer.Argument(help="Results of tapetum batch, a table, or a session.")],
    run_b: Annotated[Path, typer.Argument(help="The same, after a change.")],
    labels: Annotated[Path | None, typer.Option("--labels", help="CSV or TOML of what really was.")] = None,
    apart_s: Annotated[
        float, typer.Option("--apart", min=0, help="Seconds between two beginnings of one event.")
    ] = 2.0,
    slack_s: Annotated[float, typer.Option("--slack", min=0, help="Seconds an event may lie beside its label.")] = 1.0,
    tolerance: Annotated[
        float, typer.Option(min=0, help="Values are the same up to this, times 1 + their size.")
    ] = 1e-6,
    json: Json = False,
) -> None:
    """What changed from run A to B: events, signals, and with labels precision, recall, delay; 1 if they differ."""
    raise typer.Exit(commands.compare.compare(run_a, run_b, labels, apart_s, slack_s, tolerance, json))


@app.command()
def devices(
    watch: Annotated[bool, typer.Option("--watch", help="Go on: a line for each that comes or goes.")] = False,
    json: Json = False,
) -> None:
    """What is plugged in, and which families of cameras this version knows."""
    raise typer.Exit(commands.about.watch_devices() if watch else commands.about.devices(json))


@app.command()
def doctor(
    context: typer.Context,
    camera: Annotated[str | None, typer.Option("--camera", help="Examine this camera, such as kinect2:.")] = None,
    context_from: Annotated[
        list[str] | None,
        typer.Option("--context", metavar="SOURCE", help="Listen there, and tell what comes: as --context of record."),
    ] = None,
    seconds: Annotated[float, typer.Option(min=1.0, help="To read the camera, or to listen, for.")] = 10.0,
    unplug: Annotated[bool, typer.Option("--unplug", help="Ask to unplug and plug the camera, too.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for a report and a picture a stream.")] = None,
    json: Json = False,
) -> None:
    """What works here, what is missing, and how to get it; with --camera: one camera, step by step; with --context:
    what a source of the vehicle's speed tells."""
    if context_from:
        from commands.doctor_context import doctor_context

        wrong = commands.before.refuse_beside(context, "--context", ("camera", "unplug", "out"))
        raise typer.Exit(wrong or doctor_context(context_from, seconds, json))
    if camera is None:
        wrong = commands.before.refuse_without(context, "--camera", ("seconds", "unplug", "out"))
        raise typer.Exit(wrong or commands.about.doctor(json))
    from commands.doctor_camera import doctor_camera

    raise typer.Exit(doctor_camera(camera, seconds, unplug, out, json))


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


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; errors of the rooms end in one line on stderr, never in a traceback."""
    # Who stops this program by SIGTERM (a service manager, a time limit) gets the same clean end as by Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return app(args=arguments, standalone_mode=True, obj=tuple(arguments))
    except KNOWN_ERRORS as error:
        print(f"tapetum: {error}", file=sys.stderr)  # noqa: T201 - the error's one line
        sys.exit(1)
    except KeyboardInterrupt:
        print("tapetum: stopped", file=sys.stderr)  # noqa: T201 - the answer to Ctrl-C
        sys.exit(130)


if __name__ == "__main__":
    main()
