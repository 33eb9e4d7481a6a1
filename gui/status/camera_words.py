"""A supervised camera in words: what became of its frames, and how its clock goes. No Qt here."""

from __future__ import annotations

from drivers.clock import ClockState
from drivers.stream_counts import StreamCount
from gui.words import mark, tr

STATES = (
    mark("closed"),
    mark("opening"),
    mark("streaming"),
    mark("paused"),
    mark("stalled"),
    mark("waiting"),
    mark("gone"),
    mark("ended"),
    mark("silent"),
)
"""What a stream's state can be, but for what a recording says of itself."""


def state_words(state: str) -> str:
    """A stream's state, in the operator's language."""
    return tr(state) if state in STATES else state


def count_words(count: StreamCount) -> str:
    """Every number with its name, the zeros left out but for those that matter most."""
    told = [tr("{n} frames received", n=count.received)]
    for number, what in (
        (count.late, tr("{n} of them late (more than a frame period)", n=count.late)),
        (count.dropped_by_device, tr("{n} lost before they came here", n=count.dropped_by_device)),
        (count.dropped_by_us, tr("{n} dropped here for want of room", n=count.dropped_by_us)),
        (count.duplicates, tr("{n} came twice and were left out", n=count.duplicates)),
        (count.out_of_order, tr("{n} came out of order and were left out", n=count.out_of_order)),
        (count.refused, tr("{n} were none of this stream's and were left out", n=count.refused)),
    ):
        if number:
            told.append(what)
    if len(told) == 1:
        told.append(tr("none lost, late, doubled or out of order"))
    return "\n".join(told)


def clock_words(clock: ClockState) -> str:
    """How the camera's clock lies to ours."""
    if not clock.frames:
        return ""
    drift = tr("its drift is not known yet")
    if clock.drift_ppm is not None:
        ppm, within = f"{abs(clock.drift_ppm):.0f}", f"{clock.drift_uncertainty_ppm or 0:.0f}"
        drift = (
            tr("it runs {ppm} ppm fast (within {within})", ppm=ppm, within=within)
            if clock.drift_ppm > 0
            else tr("it runs {ppm} ppm slow (within {within})", ppm=ppm, within=within)
        )
    late = f"{clock.delay_ms[1]:.1f}"
    told = [tr("the camera's clock: {drift}; frames come {ms} ms late (95 %)", drift=drift, ms=late)]
    if clock.jumps:
        told.append(
            tr(
                "{n} jumps of a clock, the last: {which} by {by} s",
                n=clock.jumps,
                which=clock.last_jump,
                by=f"{clock.last_jump_ms / 1e3:+.3f}",
            )
        )
    if clock.wraps:
        told.append(tr("its counter began again {n} times", n=clock.wraps))
    return "\n".join(told)
