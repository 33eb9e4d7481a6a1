"""Rules over a recorded session: the events that they make of it, told, and written as a table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from commands.terminal import GOOD, progress_bar, say, tell
from pipeline.config import load_config
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from engines.loading import Models
    from pipeline.config import PipelineConfig
    from pipeline.session_rules import SessionEvents
    from recordings.event import Event

GENERATORS = ("gray_to_depth", "depth_to_color", "eye_to_face")
MOST_LINES = 200
"""Events that are told on a terminal; a table holds all."""


def session_rules(
    session: Path,
    rules: str,
    output: Path | None,
    again: bool,
    keep: Path | None,
    config: Path | None,
    weights: Path | None,
    as_json: bool,
) -> int:
    """What rules find in a session, which stays as it is."""
    from pipeline.events_file import EventsFile
    from pipeline.rules.load import RuleSet
    from pipeline.session_rules import HowToCompute, watch_session

    settings = load_config(config)
    RuleSet.load(rules)  # what is wrong with the file is told before a session is looked for
    _refuse_what_is_read([session, Path(rules), *([] if config is None else [config])], output, keep)
    found: list[Event] = []
    how = HowToCompute(partial(_models, settings, weights), settings, _weights_words(weights), again, keep)
    with EventsFile(output) as table:

        def put(event: Event) -> None:
            table.add(event)
            if len(found) < MOST_LINES:
                found.append(event)

        with progress_bar("FrameSets") as bars:
            task = bars.add_task(session.name, total=None)
            out = watch_session(session, rules, put, how, lambda done, of: bars.update(task, completed=done, total=of))
    say(_lines(found, out, output), as_json)
    tell({**out.to_json(), "output": None if output is None else str(output)}, as_json)
    return GOOD


def _refuse_what_is_read(inputs: Sequence[Path], output: Path | None, keep: Path | None) -> None:
    """Neither file that is written may take the place of one that is read, nor of the other.

    Raises:
        ConfigError: it would.
    """
    taken = list(inputs)
    for option, path in (("--output", output), ("--keep", keep)):
        if path is None:
            continue
        if any(_is_same(path, other) for other in taken):
            raise ConfigError(f"{option} {path} is another file of this command, which it would destroy; name another")
        taken.append(path)


def _is_same(a: Path, b: Path) -> bool:
    return a.absolute() == b.absolute() or (a.exists() and b.exists() and a.samefile(b))


def _names(weights: Path | None) -> list[str]:
    """The models that find and read faces; no rule asks for what a model imagines."""
    from engines.loading import usual_names

    return [name for name in usual_names(weights) if name not in GENERATORS]


def _models(settings: PipelineConfig, weights: Path | None) -> Models:
    from engines.loading import load_models

    return load_models(settings.engines.policy, settings.engines.threads, _names(weights), weights)


def _weights_words(weights: Path | None) -> str:
    """Which models these are, by their cards, which name their files' checksums: others may lie there tomorrow."""
    from engines.loading import shipped

    cards = ((name, shipped(name, weights)) for name in _names(weights))
    return " ".join(f"{name}:{hashlib.sha256(card.read_bytes()).hexdigest()}" for name, card in cards if card.is_file())


def _lines(events: list[Event], out: SessionEvents, output: Path | None) -> list[str]:
    count = sum(out.counts.values())
    lines = [f"{count or 'no'} event{'' if count == 1 else 's'}"]
    if output is None:
        for event in sorted(events, key=lambda e: e.begin_ns):
            begins = (event.begin_ns - out.first_ns) / 1e9
            lasts = "" if event.end_ns is None else f"{(event.end_ns - event.begin_ns) / 1e9:7.2f} s"
            who = "" if event.face is None else f"  face {event.face}"
            lines.append(f"  {begins:10.3f}  {lasts:9s}  {event.severity:7s}  {event.name}{who}: {event.note}")
        if count > len(events):
            lines.append(f"  and {count - len(events)} more; --output events.parquet holds all")
    return lines + [f"note: {note}" for note in out.notes]
