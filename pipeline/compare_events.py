"""Events of two runs side by side: gained, lost, moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.compare_sources import FoundEvent

What = Literal["gained", "lost", "moved", "same"]


@dataclass(frozen=True, slots=True)
class EventPair:
    """An event as it was in A and as it is in B; None where it is not."""

    session: str
    a: FoundEvent | None
    b: FoundEvent | None
    begin_ns: int = 0
    """Of the session, so that times can be told from its beginning."""

    @property
    def event(self) -> FoundEvent:
        found = self.b if self.b is not None else self.a
        assert found is not None
        return found

    @property
    def what(self) -> What:
        if self.a is None:
            return "gained"
        if self.b is None:
            return "lost"
        same = (self.a.begin_ns, self.a.end_ns, self.a.severity) == (self.b.begin_ns, self.b.end_ns, self.b.severity)
        return "same" if same else "moved"

    @property
    def begin_shift_s(self) -> float | None:
        """How much later it begins in B; None where it is in one run only."""
        return None if self.a is None or self.b is None else (self.b.begin_ns - self.a.begin_ns) / 1e9

    @property
    def end_shift_s(self) -> float | None:
        """How much later it ends in B; None where it is in one run only, or has no end in one of them."""
        if self.a is None or self.b is None or self.a.end_ns is None or self.b.end_ns is None:
            return None
        return (self.b.end_ns - self.a.end_ns) / 1e9

    def to_json(self) -> dict[str, Any]:
        return {
            "session": self.session,
            "name": self.event.name,
            "what": self.what,
            "a": _json(self.a, self.begin_ns),
            "b": _json(self.b, self.begin_ns),
            "begin_shift_s": self.begin_shift_s,
            "end_shift_s": self.end_shift_s,
        }


def _json(event: FoundEvent | None, begin_ns: int) -> dict[str, Any] | None:
    if event is None:
        return None
    return {
        "begin_s": (event.begin_ns - begin_ns) / 1e9,
        "end_s": None if event.end_ns is None else (event.end_ns - begin_ns) / 1e9,
        "face": event.face,
        "severity": event.severity,
    }


def pair_events(
    session: str, a: Sequence[FoundEvent], b: Sequence[FoundEvent], begin_ns: int, apart_s: float
) -> list[EventPair]:
    """Each event of A with the one of B that it became, in the order of time; each stands in one pair.

    Two are the same event where their names are equal and they overlap, or begin at most ``apart_s`` from each other;
    of several the nearest. Numbers of faces do not count: another run may count them otherwise.
    """
    pairs: list[EventPair] = []
    for name in sorted({event.name for event in (*a, *b)}):
        ours = [event for event in a if event.name == name]
        its = [event for event in b if event.name == name]
        free_a, free_b = set(range(len(ours))), set(range(len(its)))
        for _, i, j in sorted(_candidates(ours, its, round(apart_s * 1e9))):
            if i in free_a and j in free_b:
                free_a.discard(i)
                free_b.discard(j)
                pairs.append(EventPair(session, ours[i], its[j], begin_ns))
        pairs += [EventPair(session, ours[i], None, begin_ns) for i in free_a]
        pairs += [EventPair(session, None, its[j], begin_ns) for j in free_b]
    return sorted(pairs, key=lambda p: (p.event.begin_ns, p.event.name, p.what))


def _candidates(a: Sequence[FoundEvent], b: Sequence[FoundEvent], apart_ns: int) -> list[tuple[int, int, int]]:
    """(how far apart, index in A, index in B) of all that may be the same event; both are sorted by their beginning."""
    out = []
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            if one.end_ns is not None and other.begin_ns > max(one.end_ns, one.begin_ns + apart_ns):
                break
            begins = abs(other.begin_ns - one.begin_ns)
            if begins <= apart_ns or _overlap(one, other):
                ends = 0 if one.end_ns is None or other.end_ns is None else abs(other.end_ns - one.end_ns)
                out.append((begins + ends, i, j))
    return out


def _overlap(one: FoundEvent, other: FoundEvent) -> bool:
    first, second = (one, other) if one.begin_ns <= other.begin_ns else (other, one)
    return first.end_ns is None or second.begin_ns < first.end_ns
