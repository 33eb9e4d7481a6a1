"""Events of a run against what people labelled: precision, recall, delay.

A file of labels is a CSV with the columns name, begin_s, end_s and, where there are several sessions, session; or a
TOML with ``[[label]]`` tables of these keys. Seconds count from the session's beginning; name is that of a rule.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.compare_sources import CompareError, FoundEvent
from pipeline.signals.names import nearest
from pipeline.toml_places import TomlError, TomlPlaces

KEYS: Final = ("session", "name", "begin_s", "end_s")
LARGEST: Final = 64 << 20
"""Bytes of a file of labels."""


@dataclass(frozen=True, slots=True)
class Label:
    """What really was, from ``begin_s`` to ``end_s`` of the session; ``session`` is '' where there is one only."""

    name: str
    begin_s: float
    end_s: float
    session: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One rule of one run against the labels of its name.

    Attributes:
        labels, events: how many there are.
        hit: labels that an event met; true: events that met a label.
        delay_s: mean time from a label's beginning to that of the first event that met it; None where none did.
        delay_p95_s, delay_max_s: of these times.
        hours: looked at; None where nothing tells how long the sessions are.
    """

    name: str
    labels: int
    events: int
    hit: int
    true: int
    delay_s: float | None
    delay_p95_s: float | None
    delay_max_s: float | None
    hours: float | None

    @property
    def precision(self) -> float | None:
        return self.true / self.events if self.events else None

    @property
    def recall(self) -> float | None:
        return self.hit / self.labels if self.labels else None

    @property
    def false_per_hour(self) -> float | None:
        return (self.events - self.true) / self.hours if self.hours else None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "labels": self.labels,
            "events": self.events,
            "hit": self.hit,
            "true": self.true,
            "precision": self.precision,
            "recall": self.recall,
            "false_per_hour": self.false_per_hour,
            "delay_s": self.delay_s,
            "delay_p95_s": self.delay_p95_s,
            "delay_max_s": self.delay_max_s,
        }


def read_labels(path: Path) -> list[Label]:
    """The labels of a CSV or TOML file.

    Raises:
        CompareError: it cannot be read, or a label is wrong; with its line.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise CompareError(f"{path} is larger than {LARGEST >> 20} MiB; that is no file of labels")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CompareError(f"cannot read the labels {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CompareError(f"the labels {path} are no UTF-8; save the file as UTF-8") from error
    found = _of_toml(path, text) if path.suffix.lower() == ".toml" else _of_csv(path, text)
    if not found:
        raise CompareError(f"{path} holds no label")
    return found


def _of_csv(path: Path, text: str) -> list[Label]:
    rows = csv.DictReader(text.splitlines(), skipinitialspace=True, strict=True)
    try:
        names = [(name or "").strip() for name in rows.fieldnames or ()]
        _check_keys(f"{path}:1", names)
        rows.fieldnames = names
        return [_label(f"{path}:{rows.line_num}", row) for row in rows]
    except csv.Error as error:
        raise CompareError(f"{path}:{rows.reader.line_num}: no CSV: {error}") from error


def _of_toml(path: Path, text: str) -> list[Label]:
    try:
        places = TomlPlaces(text)
    except TomlError as error:
        raise CompareError(f"{path}:{error.place.line}:{error.place.column}: no TOML: {error.what}") from error
    tables = places.data.get("label", [])
    other = next((key for key in places.data if key != "label"), None)
    if other is not None or not isinstance(tables, list):
        line = places.key((other or "label",)).line
        raise CompareError(f"{path}:{line}: a file of labels has [[label]] tables only, found {other or 'label'!r}")
    out = []
    for index, table in enumerate(tables):
        here = f"{path}:{places.value(('label', index)).line}"
        if not isinstance(table, dict):
            raise CompareError(f"{here}: a label is a table, found {table!r}")
        _check_keys(here, list(table))
        out.append(_label(here, table))
    return out


def _check_keys(here: str, names: Sequence[str]) -> None:
    for name in names:
        if name not in KEYS:
            near = nearest(name, KEYS)
            hint = f"did you mean {near}?" if near else f"a label has {', '.join(KEYS)}"
            raise CompareError(f"{here}: there is no {name!r} of a label; {hint}")
    missing = [key for key in KEYS[1:] if key not in names]
    if missing:
        raise CompareError(f"{here}: a label needs {', '.join(KEYS[1:])}; {missing[0]} is missing")


def _label(here: str, row: Mapping[str | None, Any]) -> Label:
    if None in row or any(row.get(key) is None for key in KEYS[1:]):
        raise CompareError(f"{here}: this line has other columns than the first one")
    begin_s, end_s = (_seconds(here, key, row[key]) for key in ("begin_s", "end_s"))
    if end_s < begin_s:
        raise CompareError(f"{here}: the label ends at {end_s:g} s, before it begins at {begin_s:g} s")
    name = str(row["name"]).strip()
    if not name:
        raise CompareError(f"{here}: the label has no name")
    return Label(name, begin_s, end_s, str(row.get("session") or "").strip())


def _seconds(here: str, key: str, value: object) -> float:
    try:
        found = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]  # what is no number is caught
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        raise CompareError(f"{here}: {key} is a number of seconds, found {value!r}")
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """The events of one session of a run, and its span; None where nothing tells it."""

    events: Sequence[FoundEvent]
    span_ns: tuple[int, int] | None


def check_sessions(labels: Sequence[Label], sessions: Collection[str]) -> None:
    """Whether every label belongs to a session that was run.

    Raises:
        CompareError: one does not, or names none where there are several.
    """
    for label in labels:
        if not label.session and len(sessions) > 1:
            raise CompareError(
                f"the label {label.name!r} at {label.begin_s:g} s names no session, and there are {len(sessions)}; "
                "add the column session"
            )
        if label.session and label.session not in sessions:
            near = nearest(label.session, sessions)
            hint = f"did you mean {near}?" if near else f"the sessions are {', '.join(sorted(sessions)[:8])}"
            raise CompareError(f"a label is of the session {label.session!r}, which was not run; {hint}")


def score(labels: Sequence[Label], told: Mapping[str, Told], slack_s: float) -> list[Score]:
    """Each name that was labelled, in the order of names; of events that nobody labelled nothing can be said.

    Args:
        told: session -> what a run says of it.
        slack_s: an event meets a label that it overlaps when this is added at both of the label's ends.

    Raises:
        CompareError: of a labelled session nothing tells when it begins.
    """
    spans = [one.span_ns for one in told.values()]
    known = [end - begin for begin, end in (span for span in spans if span is not None)]
    hours = sum(known) / 3.6e12 if len(known) == len(spans) else None
    names = sorted({label.name for label in labels})
    return [_score_one(name, labels, told, slack_s, hours) for name in names]


def _score_one(
    name: str, labels: Sequence[Label], told: Mapping[str, Told], slack_s: float, hours: float | None
) -> Score:
    delays: list[float] = []
    wanted = events = true = 0
    for session, one in told.items():
        mine = [label for label in labels if label.name == name and label.session in ("", session)]
        found = [_seconds_of(event, one, session) for event in one.events if event.name == name]
        wanted, events = wanted + len(mine), events + len(found)
        met: set[int] = set()
        for label in mine:
            meets = [i for i, event in enumerate(found) if _meets(event, label, slack_s)]
            met.update(meets)
            if meets:
                delays.append(min(found[i][0] for i in meets) - label.begin_s)
        true += len(met)
    return Score(
        name,
        wanted,
        events,
        len(delays),
        true,
        float(np.mean(delays)) if delays else None,
        float(np.percentile(delays, 95)) if delays else None,
        max(delays) if delays else None,
        hours,
    )


def _seconds_of(event: FoundEvent, one: Told, session: str) -> tuple[float, float]:
    if one.span_ns is None:
        raise CompareError(
            f"nothing tells when the session {session} begins, so its labels cannot be placed; compare the whole "
            "folder that `tapetum batch` wrote, with frames.parquet in it"
        )
    begin_ns = one.span_ns[0]
    end_ns = one.span_ns[1] if event.end_ns is None else event.end_ns
    return (event.begin_ns - begin_ns) / 1e9, (end_ns - begin_ns) / 1e9


def _meets(event: tuple[float, float], label: Label, slack_s: float) -> bool:
    return event[0] <= label.end_s + slack_s and event[1] >= label.begin_s - slack_s
