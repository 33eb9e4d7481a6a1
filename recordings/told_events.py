"""Events that were told more than once, as one.

A recording is told of an event when it begins, so that it is there whatever happens next; again when somebody
acknowledges it, and again when it ends.
"""

from __future__ import annotations

from collections.abc import Iterable

from recordings.event import Event


def joined(events: Iterable[Event]) -> list[Event]:
    """The events in the order in which they were told first, each as it was told last."""
    last: dict[tuple[str, int, int | None], int] = {}
    out: list[Event] = []
    for event in events:
        key = (event.name, event.begin_ns, event.face)
        earlier = last.get(key)
        # Two that ended are two, unless rules told them: others may write the same word twice at one time.
        if earlier is not None and (out[earlier].end_ns is None or bool(out[earlier].severity and event.severity)):
            out[earlier] = event
            continue
        last[key] = len(out)
        out.append(event)
    return out
