"""Whether what comes is painted, too: a result is nothing that anybody has seen. No Qt here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from drivers.frame import Frame


@dataclass(frozen=True, slots=True)
class Screen:
    """What of the streams has reached the screen.

    Attributes:
        seen: streams that have a tile which can be seen.
        painted_ns: of these, stream -> when the newest frame that was painted reached us, our clock; without those of
            which a newer one waits for a while already: that they are old is not the camera's doing.
        unpainted: streams and faces whose pictures come and are not painted.
        is_none_painted: no stream that can be seen is painted, though its pictures come.
        why: what failed, where something did.
    """

    seen: frozenset[str] = frozenset()
    painted_ns: Mapping[str, int] = field(default_factory=dict)
    unpainted: tuple[str, ...] = ()
    is_none_painted: bool = False
    why: str = ""


class PaintWatch:
    """Is told of what comes, of what is painted and of what cannot be, and asked a few times a second."""

    def __init__(self) -> None:
        self._painted: dict[str, int] = {}
        self._waits: dict[str, int] = {}  # since when the first result waits that came after the last painting
        self._failed: dict[str, str] = {}  # since the last look
        self._late: frozenset[str] = frozenset()

    def came(self, stream: str, now_ns: int) -> None:
        """A result with a frame of a stream."""
        self._waits.setdefault(stream, now_ns)

    def painted(self, frame: Frame) -> None:
        """The paint event of a frame ended."""
        self._painted[frame.stream] = frame.host_ns
        self._waits.pop(frame.stream, None)

    def failed(self, name: str, why: str) -> None:
        """A picture of a stream, or of a face, could not be made."""
        self._failed[name] = why

    def newest_ns(self, seen: Collection[str]) -> int | None:
        """When the newest of the frames that are painted reached us; None where none is."""
        return max((self._painted[stream] for stream in seen if stream in self._painted), default=None)

    def look(self, seen: Collection[str], failing: Mapping[str, str], now_ns: int, old_s: float) -> Screen:
        """How it is now.

        Args:
            seen: streams that have a tile which can be seen; the others are painted when they can be.
            failing: tiles that say now that they cannot be painted -> why.
            old_s: from when on what waits waits too long.
        """
        for kept in (self._painted, self._waits):
            for stream in [stream for stream in kept if stream not in seen]:
                del kept[stream]
        failed, self._failed = {**self._failed, **failing}, {}
        before = self._late
        self._late = frozenset(stream for stream, since in self._waits.items() if now_ns - since > old_s * 1e9)
        # Twice: after a moment in which the window did nothing, what is there already is only about to be painted.
        late = [stream for stream in seen if stream in self._late & before]
        unpainted = tuple(dict.fromkeys([*late, *failed]))
        coming = {stream for stream in seen if stream in self._waits or stream in self._painted}
        return Screen(
            frozenset(seen),
            {s: at for s, at in self._painted.items() if now_ns - self._waits.get(s, now_ns) <= old_s * 1e9 / 3},
            unpainted,
            bool(unpainted and coming) and coming <= set(unpainted),
            next(iter(failed.values()), ""),
        )
