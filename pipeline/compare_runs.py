"""Two runs side by side: what an engineer must know before a change of models, settings or rules goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pipeline.compare_events import EventPair, pair_events
from pipeline.compare_labels import Label, Score, Told, check_sessions, score
from pipeline.compare_signals import SignalDifference, SignalTally
from pipeline.compare_sources import CompareError, Run, RunSession

APART_S: Final = 2.0
SLACK_S: Final = 1.0
TOLERANCE: Final = 1e-6
SHOWN: Final = 40
"""Lines of events that are printed; JSON has all."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it. ``scores``: run (``a``, ``b``) -> rules; empty without labels."""

    a: Path
    b: Path
    sessions: int
    sessions_only_a: tuple[str, ...]
    sessions_only_b: tuple[str, ...]
    events: tuple[EventPair, ...]
    signals: tuple[SignalDifference, ...]
    scores: Mapping[str, Sequence[Score]]

    @property
    def is_same(self) -> bool:
        return (
            not (self.sessions_only_a or self.sessions_only_b)
            and all(pair.what == "same" for pair in self.events)
            and all(signal.is_same for signal in self.signals)
        )

    def count(self, what: str) -> int:
        """Events that are gained, lost, moved or the same."""
        return sum(pair.what == what for pair in self.events)

    def to_json(self) -> dict[str, Any]:
        return {
            "a": str(self.a),
            "b": str(self.b),
            "same": self.is_same,
            "sessions": self.sessions,
            "sessions_only_a": list(self.sessions_only_a),
            "sessions_only_b": list(self.sessions_only_b),
            "counts": {what: self.count(what) for what in ("same", "moved", "gained", "lost")},
            "events": [pair.to_json() for pair in self.events if pair.what != "same"],
            "signals": [signal.to_json() for signal in self.signals],
            "labels": {run: [one.to_json() for one in scores] for run, scores in self.scores.items()},
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.sessions} sessions are in both runs"
        for where, names in (("A", self.sessions_only_a), ("B", self.sessions_only_b)):
            if names:
                more = "" if len(names) <= 8 else f" and {len(names) - 8} more"
                yield f"only in {where}: {', '.join(names[:8])}{more}"
        yield (
            f"events: {self.count('same')} the same, {self.count('moved')} moved, {self.count('gained')} gained, "
            f"{self.count('lost')} lost"
        )
        yield from _event_lines([pair for pair in self.events if pair.what != "same"])
        yield from _signal_lines(self.signals)
        yield from _score_lines(self.scores)
        yield "the runs are the same" if self.is_same else "the runs differ"


def compare_runs(
    a: Path,
    b: Path,
    labels: Sequence[Label] = (),
    apart_s: float = APART_S,
    slack_s: float = SLACK_S,
    tolerance: float = TOLERANCE,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Compare B with A.

    Args:
        a, b: what :class:`pipeline.compare_sources.Run` takes.
        labels: what really was; none for no scores.
        apart_s: events of one name that begin at most so far from each other may be the same one.
        slack_s: an event meets a label that is at most so far away.
        tolerance: values of signals are the same up to so much, times 1 + their size.
        on_progress: called with (sessions done, of all).

    Raises:
        CompareError: there is nothing to compare, a table is damaged, or labels do not belong to it.
        RecordingError: a session cannot be read.
    """
    with Run(a) as first, Run(b) as second:
        pairs = _paired(first, second)
        alone = len(first.sessions) == len(second.sessions) == 1
        check_sessions([x for x in labels if x.session or not alone], {*first.sessions, *second.sessions})
        known = [replace(label, session="") for label in labels] if alone else labels
        tallies: dict[str, SignalTally] = {}
        events: list[EventPair] = []
        for done, (name, one, other) in enumerate(pairs):
            events += _events(name, one, other, apart_s)
            _signals(tallies, one, other, tolerance)
            if on_progress is not None:
                on_progress(done + 1, len(pairs))
        both = {name for name, _, _ in pairs}
        scores = {
            run: score(known, {s.name: Told(s.read_events(), s.span_ns()) for s in told.sessions.values()}, slack_s)
            for run, told in (("a", first), ("b", second))
            if labels
        }
        return Report(
            a,
            b,
            len(pairs),
            () if alone else tuple(sorted(set(first.sessions) - both)),
            () if alone else tuple(sorted(set(second.sessions) - both)),
            tuple(events),
            tuple(tallies[name].result() for name in sorted(tallies)),
            scores,
        )


def _paired(first: Run, second: Run) -> list[tuple[str, RunSession, RunSession]]:
    """Sessions of one name; two runs of one session each are compared whatever these are called."""
    if len(first.sessions) == len(second.sessions) == 1:
        (one,), (other,) = first.sessions.values(), second.sessions.values()
        pairs = [(one.name, one, other)]
    else:
        names = sorted(set(first.sessions) & set(second.sessions))
        pairs = [(name, first.sessions[name], second.sessions[name]) for name in names]
    if not pairs:
        raise CompareError(
            f"{first.path} and {second.path} have no session in common: the first has "
            f"{', '.join(sorted(first.sessions)[:4])}, the second {', '.join(sorted(second.sessions)[:4])}"
        )
    for _, one, other in pairs:
        if not ((one.signals and other.signals) or (one.events and other.events)):
            raise CompareError(f"one of {first.path} and {second.path} has signals only, the other events only")
    return pairs


def _events(name: str, one: RunSession, other: RunSession, apart_s: float) -> list[EventPair]:
    if one.events is None or other.events is None:
        return []
    span = one.span_ns() or other.span_ns()
    was, now = one.read_events(), other.read_events()
    begin_ns = min([*([span[0]] if span else []), *(e.begin_ns for e in (*was, *now))], default=0)
    return pair_events(name, was, now, span[0] if span else begin_ns, apart_s)


def _signals(tallies: dict[str, SignalTally], one: RunSession, other: RunSession, tolerance: float) -> None:
    if one.signals is None or other.signals is None:
        return
    units_a, units_b = one.units(), other.units()
    for name in sorted({*units_a, *units_b}):
        tally = tallies.setdefault(name, SignalTally(name, tolerance))
        tally.units(units_a.get(name), units_b.get(name))
        tally.add(
            one.column(name) if name in units_a else None,
            other.column(name) if name in units_b else None,
        )


# -- words --------------------------------------------------------------------------------------------------------


def _event_lines(pairs: Sequence[EventPair]) -> Iterator[str]:
    if not pairs:
        return
    rows: list[tuple[str, ...]] = [("", "event", "session", "begin A", "begin B", "begin moved", "end moved")]
    for pair in pairs[:SHOWN]:
        begins = ["" if e is None else f"{(e.begin_ns - pair.begin_ns) / 1e9:.3f} s" for e in (pair.a, pair.b)]
        shifts = [_shift(pair.begin_shift_s), _shift(pair.end_shift_s)]
        rows.append((pair.what, pair.event.name, pair.session, *begins, *shifts))
    yield from _table(rows, left=3)
    if len(pairs) > SHOWN:
        yield f"and {len(pairs) - SHOWN} more; --json has all"


def _signal_lines(signals: Sequence[SignalDifference]) -> Iterator[str]:
    different = [signal for signal in signals if not signal.is_same]
    if signals:
        sign = " (B - A)" if different else ""
        yield f"signals: {len(signals) - len(different)} the same, {len(different)} different{sign}"
    if not different:
        return
    rows: list[tuple[str, ...]] = [
        ("signal", "unit", "n", "mean", "p95", "max", "differ", "known A/B only", "rows A/B only", "words")
    ]
    for one in different:
        unit = one.unit if one.unit == one.unit_b else f"{one.unit} -> {one.unit_b}"
        sizes = [_number(one.mean, sign=True), _number(one.p95), _number(one.largest)]
        known, missing = f"{one.known_only_a}/{one.known_only_b}", f"{one.rows_only_a}/{one.rows_only_b}"
        rows.append((one.name, unit, str(one.n), *sizes, str(one.different), known, missing, str(one.labels_differ)))
    yield from _table(rows, left=2)


def _score_lines(scores: Mapping[str, Sequence[Score]]) -> Iterator[str]:
    if not scores:
        return
    yield "against the labels:"
    silent = sorted({n.name for n in scores["a"] if not n.events} & {n.name for n in scores["b"] if not n.events})
    if silent:
        yield f"  no event of either run is called {', '.join(silent)}; a label's name is that of a rule"
    rows: list[tuple[str, ...]] = [
        ("rule", "run", "labels", "events", "precision", "recall", "false/h", "delay", "p95", "max")
    ]
    by_name: dict[str, list[tuple[str, Score]]] = {}
    for run, told in scores.items():
        for one in told:
            by_name.setdefault(one.name, []).append((run.upper(), one))
    for name, found in sorted(by_name.items()):
        for run, one in found:
            shares = ["" if share is None else f"{share:.3f}" for share in (one.precision, one.recall)]
            delays = ["" if d is None else f"{d:.2f} s" for d in (one.delay_s, one.delay_p95_s, one.delay_max_s)]
            hourly = "" if one.false_per_hour is None else f"{one.false_per_hour:.2f}"
            rows.append((name, run, str(one.labels), str(one.events), *shares, hourly, *delays))
    yield from _table(rows, left=2)


def _table(rows: Sequence[tuple[str, ...]], left: int) -> Iterator[str]:
    """Columns side by side; the first ``left`` of them begin at the left, the others end at the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        yield "  " + "  ".join(cells).rstrip()


def _shift(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:+.3f} s"


def _number(value: float | None, sign: bool = False) -> str:
    if value is None:
        return ""
    return f"{value:+.4g}" if sign else f"{value:.4g}"
