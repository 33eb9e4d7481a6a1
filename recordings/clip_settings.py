"""How clips are cut, and how they fare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClipSettings:
    """How clips are cut. Seconds of host time.

    Attributes:
        before_s: that a clip begins before its event.
        after_s: that it goes on after its event's end.
        max_open: clips at once; events beyond that share the last clip.
        late_s: that an event may be told late and still have its whole ``before_s``.
        settle_s: that a stream may be behind the others: a clip waits so long for its last frames.
        patience_s: an event that lasts ends by itself when nobody extends it for so long.
    """

    before_s: float = 10.0
    after_s: float = 5.0
    max_open: int = 4
    late_s: float = 3.0
    settle_s: float = 1.0
    patience_s: float = 5.0

    @property
    def ring_s(self) -> float:
        """What the ring must hold."""
        return self.before_s + self.late_s


@dataclass(frozen=True, slots=True)
class ClipStatus:
    """A snapshot.

    Attributes:
        open: clips being written.
        written: finished so far; ``last`` are the newest 100 of their files.
        bytes: of all clips so far.
        lost: frames that belonged into a clip and are not in it.
        late: frames that came after their clip was finished; see ``ClipSettings.settle_s``.
        failed: clips that ended because they could not be written.
    """

    open: int
    written: int
    last: tuple[Path, ...]
    bytes: int
    lost: int
    late: int
    failed: int
