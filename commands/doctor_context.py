"""``tapetum doctor --context SOURCE``: whether it can be listened at, and what comes."""

from __future__ import annotations

import time

from commands.live_context import context_json, source_lines
from commands.terminal import GOOD, NO, err, out, tell


def doctor_context(sources: list[str], seconds: float, as_json: bool) -> int:
    """Listen for a while and tell what came; nothing is recorded and no camera is asked.

    Raises:
        ContextError: a source is none, is taken, or cannot be opened.
    """
    from pipeline.context.live import LiveContext
    from pipeline.context.source import parse_sources
    from pipeline.context.words import value_words

    context = LiveContext(parse_sources(tuple(sources), allow_network=True))
    try:
        err.print(f"listening for {seconds:g} s", markup=False)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(min(0.1, max(0.0, until - time.monotonic())))
        found = context.status()
    finally:
        context.close()
    good = all(one.values and not one.problem for one in found.sources)
    if not as_json:
        for line in source_lines(found):
            out.print(line, markup=False)
        for value in found.values:
            out.print(f"  {value_words(value)}, from {value.source}", markup=False)
        if not good:
            out.print('nothing usable came; a line is such as {"speed_kmh": 63}', markup=False)
    tell({"seconds": seconds, "good": good, **context_json(found)}, as_json)
    return GOOD if good else NO
