"""What a recording without a window says of its context: when something is not known any more, and at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from commands.terminal import err

if TYPE_CHECKING:
    from pipeline.context.live import ContextNow

_AGAIN_S: Final = 5.0
"""Between two lines: a sender that stutters must not fill a log."""


class ContextTeller:
    """A line whenever what rules ask for becomes known, or is not known any more.

    Args:
        clock: in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: tuple[str, ...] | None = None
        self._next_s = 0.0

    def look(self, context: ContextNow) -> None:
        """A few times a second."""
        from pipeline.context.words import STRICT, line_words, title_of, untold

        missing = untold(context)
        asked = [value.name for value in context.values if value.is_asked]
        if not asked or missing == self._told or self._clock() < self._next_s:
            return
        before, self._told = self._told, missing
        self._next_s = self._clock() + _AGAIN_S
        if before is None and not context.sources:
            names = ", ".join(map(title_of, missing))
            err.print(f"the rules ask for {names}, and no --context tells it: {STRICT}", markup=False)
        elif before is not None or not missing:
            err.print(line_words(context) or f"{STRICT}: {', '.join(map(title_of, missing))} unknown", markup=False)


def source_lines(context: ContextNow) -> list[str]:
    """What came of each source, for people."""
    lines = []
    for one in context.sources:
        faults = {"bad": one.bad, "late": one.late, "told by another": one.doubled, "left out": one.left_out}
        words = [f"{count} {what}" for what, count in faults.items() if count]
        why = f" (the last: {one.wrong})" if one.wrong else ""
        problem = f"; {one.problem}" if one.problem else ""
        lines.append(
            f"{one.source}: {one.lines} lines, {one.values} values{''.join(f', {w}' for w in words)}{why}{problem}"
        )
    return lines


def context_json(context: ContextNow) -> dict[str, Any]:
    """The same, for programs."""
    return {
        "sources": [asdict(one) for one in context.sources],
        "values": {one.name: one.value for one in context.values},
        "asked": [one.name for one in context.values if one.is_asked],
    }
