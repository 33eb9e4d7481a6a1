"""The options that several commands share, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on the last line of stdout.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings in TOML.")]
Weights = Annotated[Path | None, typer.Option("--weights", help="Folder of models in place of the shipped ones.")]
Rules = Annotated[
    str, typer.Option("--rules", help="What makes events of signals: in-car, night-watch, or a file in TOML.")
]
OnAlarm = Annotated[
    list[str] | None,
    typer.Option(
        "--on-alarm",
        help="A command that gets each alarm as JSON, or a local http:// address it goes to; may be repeated.",
    ),
]
ContextFrom = Annotated[
    list[str] | None,
    typer.Option(
        "--context",
        metavar="SOURCE",
        help="Where the vehicle's speed comes from: udp://127.0.0.1:PORT (JSON lines), nmea:/dev/ttyUSB0@9600, "
        "nmea+udp://127.0.0.1:PORT; may be repeated.",
    ),
]
RigFile = Annotated[
    Path | None, typer.Option("--rig", help="A rig's file: cameras, settings and calibration; in place of sources.")
]
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
WATCHING = ("rules", "on_alarm", "context_from")
"""Options that say what is made of signals; None, or empty, where not given."""

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
