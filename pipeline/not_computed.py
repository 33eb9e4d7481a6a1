"""A FrameSet that no engine could compute, the fallback neither: what is said of it, and how it is told again.

Such a FrameSet has its Observation like any other, without faces and with the reason as its status, and the tracks
begin anew after it. Its schedule entry names the models that failed, so that a verification does the same.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from drivers.frame import FrameSet
from engines.loading import Models
from recordings.observation import Observation
from recordings.session import ScheduleEntry

NOT_COMPUTED = "not computed"
"""How the status of such an Observation begins."""


def not_computed(frame_set: FrameSet, reason: str) -> Observation:
    """What is said of a FrameSet that nothing could compute."""
    return Observation(
        frame_set=frame_set.number,
        device_ns=frame_set.device_ns,
        host_ns=frame_set.host_ns,
        skew_ns=frame_set.skew_ns,
        frames={name: frame.number for name, frame in frame_set.frames.items()},
        faces=(),
        status=f"{NOT_COMPUTED}: {reason}",
    )


class Failures:
    """Tells which of these models have had calls that nothing could compute since it was last asked."""

    def __init__(self, models: Models, names: Collection[str]) -> None:
        self._models = models
        self._names = frozenset(names)
        self._before: dict[str, int] = {}

    def newly(self) -> tuple[str, ...]:
        """Names of the models with more such calls than before."""
        now = {name: health.failed for name, health in self._models.health().items() if name in self._names}
        before, self._before = self._before, now
        return tuple(name for name, failed in now.items() if failed > before.get(name, 0))


def failed_in(entry: ScheduleEntry) -> tuple[str, ...]:
    """Names of the models that could not compute a stored FrameSet; empty where it was computed."""
    return tuple(name for name, how in entry.engines.items() if how.get("failed"))


def told_again(frame_set: FrameSet, stored: bytes | None) -> Observation:
    """The same Observation again, with the reason that was stored: no later run can find out what failed then."""
    status = "" if stored is None else str(json.loads(stored).get("status", ""))
    return not_computed(frame_set, status.removeprefix(f"{NOT_COMPUTED}: "))
