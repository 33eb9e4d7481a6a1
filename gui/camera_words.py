"""A supervised camera in words: what became of its frames, and how its clock goes. No Qt here."""

from __future__ import annotations

from drivers.clock import ClockState
from drivers.stream_counts import StreamCount


def count_words(count: StreamCount) -> str:
    """Every number with its name, the zeros left out but for those that matter most."""
    told = [f"{count.received} frames received"]
    for number, what in (
        (count.late, "of them late (more than a frame period)"),
        (count.dropped_by_device, "lost before they came here"),
        (count.dropped_by_us, "dropped here for want of room"),
        (count.duplicates, "came twice and were left out"),
        (count.out_of_order, "came out of order and were left out"),
        (count.refused, "were none of this stream's and were left out"),
    ):
        if number:
            told.append(f"{number} {what}")
    if len(told) == 1:
        told.append("none lost, late, doubled or out of order")
    return "\n".join(told)


def clock_words(clock: ClockState) -> str:
    """How the camera's clock lies to ours."""
    if not clock.frames:
        return ""
    drift = "its drift is not known yet"
    if clock.drift_ppm is not None:
        how = "fast" if clock.drift_ppm > 0 else "slow"
        drift = f"it runs {abs(clock.drift_ppm):.0f} ppm {how} (within {clock.drift_uncertainty_ppm or 0:.0f})"
    told = [f"the camera's clock: {drift}; frames come {clock.delay_ms[1]:.1f} ms late (95 %)"]
    if clock.jumps:
        told.append(f"{clock.jumps} jumps of a clock, the last: {clock.last_jump} by {clock.last_jump_ms / 1e3:+.3f} s")
    if clock.wraps:
        told.append(f"its counter began again {clock.wraps} times")
    return "\n".join(told)
