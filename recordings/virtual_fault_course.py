"""What a script of faults does to the frames of one replay, in their order. It knows no thread and no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from drivers.errors import UnsupportedFeatureError
from drivers.frame import Frame, FrameFlag
from recordings.virtual_faults import Fault, FaultKind, FaultScript, Schedule


class FrameFaults(NamedTuple):
    """What happens to one frame.

    Attributes:
        is_lost: it never comes.
        is_wrong: it comes in a wrong size.
        copies: how often it comes again.
        behind: frames of its stream that it comes behind.
        clock_ns: what its device time is off by.
        is_shut: the shutter is closed, and the camera says so in the frame.
    """

    is_lost: bool = False
    is_wrong: bool = False
    copies: int = 0
    behind: int = 0
    clock_ns: int = 0
    is_shut: bool = False


NO_FAULT: Final = FrameFaults()


class MovedFrames:
    """Frames that come at another place than their own, or show what another one showed.

    Attributes:
        now: those that come before any other: repeated ones, and late ones whose turn it is.
    """

    def __init__(self) -> None:
        self.now: deque[Frame] = deque()
        self._late: dict[str, tuple[Frame, int]] = {}  # a frame, and how many of its stream come before it
        self._shown: dict[str, Frame] = {}  # what a closed shutter freezes

    def clear(self) -> None:
        """None of them comes any more."""
        self.now.clear()
        self._late.clear()

    def strike(self, frame: Frame, struck: FrameFaults) -> Frame:
        """The frame as the script wants it: another time, a frozen picture."""
        if struck.clock_ns:
            frame = replace(frame, device_ns=frame.device_ns + struck.clock_ns)
        if struck.is_shut:
            flags = frame.flags | FrameFlag.SHUTTER
            shown = self._shown.get(frame.stream)
            if shown is None:
                return replace(frame, flags=flags)
            return replace(frame, pixels=shown.pixels, encoded=shown.encoded, flags=flags | FrameFlag.STALE)
        return frame

    def hold_back(self, frame: Frame, behind: int) -> bool:
        """Whether the frame comes later, behind so many of its stream: one at a time."""
        if not behind or frame.stream in self._late:
            return False
        self._late[frame.stream] = (frame, behind)
        return True

    def given(self, frame: Frame, struck: FrameFaults) -> None:
        """What follows on a frame that was given in its own turn."""
        self.now.extend([frame] * struck.copies)
        late = self._late.pop(frame.stream, None)
        if late is not None and late[1] > 1:
            self._late[frame.stream] = (late[0], late[1] - 1)
        elif late is not None:
            self.now.append(late[0])
        self._shown[frame.stream] = frame

    def release(self) -> bool:
        """At the end: whether there were late ones, which have nothing left to come behind."""
        self.now.extend(frame for frame, _ in self._late.values())
        self._late.clear()
        return bool(self.now)


class Disconnect(NamedTuple):
    """The camera goes at a play time, for so many seconds of the wall's clock."""

    at_ns: int
    for_s: float


class _Running:
    """One fault of the script: when it happens, how often it has, and how many frames of which stream are still due."""

    def __init__(self, fault: Fault, schedule: Schedule) -> None:
        self.fault = fault
        self.schedule = schedule
        self.happened: dict[str, int] = {}
        self.left: dict[str, int] = {}
        self.first = 0

    def concerns(self, stream: str) -> bool:
        return self.fault.stream in (None, stream)

    def begin(self, at_ns: int, only_forward: bool) -> None:
        """What was before is over, and does not come any more."""
        first = self.schedule.before(at_ns)
        self.first = max(self.first, first, *self.happened.values()) if only_forward else first
        self.happened.clear()
        self.left.clear()

    def takes(self, stream: str, at_ns: int) -> bool:
        """Whether this frame is one of those that it strikes; each call is for another frame."""
        happened = self.schedule.until(at_ns)
        if happened > self.happened.get(stream, self.first):
            self.happened[stream] = happened
            self.left[stream] = self.fault.count if self.fault.kind is not FaultKind.DUPLICATE else 1
        if not self.left.get(stream, 0):
            return False
        self.left[stream] -= 1
        return True


class FaultCourse:
    """Where a replay stands in a script.

    Args:
        streams: of the session.

    Raises:
        UnsupportedFeatureError: the script names a stream that is none.
    """

    def __init__(self, script: FaultScript, streams: Sequence[str]) -> None:
        for n, fault in enumerate(script.faults, 1):
            if fault.stream is not None and fault.stream not in streams:
                raise UnsupportedFeatureError(
                    f"fault {n} ({fault.kind}) of its script is for the stream {fault.stream!r}; the streams are "
                    f"{', '.join(streams)}"
                )
        self._streams = tuple(streams)
        self._running = [_Running(fault, script.schedule(n)) for n, fault in enumerate(script.faults)]

    def begin(self, at_ns: int, only_forward: bool = False) -> None:
        """Stand at a play time: what the script has before it is over.

        Args:
            only_forward: what has happened already does not come again (after a loss); otherwise it does (a seek).
        """
        for running in self._running:
            running.begin(at_ns, only_forward)

    def frame(self, stream: str, at_ns: int) -> FrameFaults:
        """What happens to the next frame; called once for each, in their order."""
        lost = wrong = shut = False
        copies = behind = clock_ns = 0
        for running in self._running:
            fault = running.fault
            if not running.concerns(stream):
                continue
            match fault.kind:
                case FaultKind.STALL:
                    lost |= running.schedule.window(at_ns) is not None
                case FaultKind.SHUTTER if running.schedule.window(at_ns) is not None:
                    lost |= fault.gives == "nothing"
                    shut |= fault.gives == "flagged"
                case FaultKind.DROP:
                    lost |= running.takes(stream, at_ns)
                case FaultKind.WRONG_SIZE:
                    wrong |= running.takes(stream, at_ns)
                case FaultKind.DUPLICATE if running.takes(stream, at_ns):
                    copies += fault.count
                case FaultKind.REORDER if running.takes(stream, at_ns):
                    behind = max(behind, fault.by)
                case FaultKind.CLOCK_JUMP:
                    times = running.schedule.until(at_ns)
                    if fault.for_s is not None:
                        times = int(running.schedule.window(at_ns) is not None)
                    clock_ns += times * round(fault.by_s * 1e9)
                case _:
                    pass
        return FrameFaults(lost, wrong, copies, behind, clock_ns, shut)

    def disconnect(self, at_ns: int) -> Disconnect | None:
        """The first one until the play time of the next frame that has not happened yet."""
        due = []
        for running in self._of(FaultKind.DISCONNECT):
            happened = running.happened.get("", running.first)
            if running.schedule.until(at_ns) > happened:
                due.append(Disconnect(running.schedule[happened], running.fault.for_s or 0.0))
        return min(due, default=None)

    def disconnected(self, at_ns: int) -> None:
        """All of them until then have happened."""
        for running in self._of(FaultKind.DISCONNECT):
            running.happened[""] = max(running.happened.get("", running.first), running.schedule.until(at_ns))

    def is_stalled(self, at_ns: int) -> bool:
        """Whether no stream gives anything at that play time, and nothing was announced."""
        quiet = self._quiet(FaultKind.STALL, at_ns)
        return quiet is not None and quiet[0] == set(self._streams)

    def pause(self, at_ns: int) -> tuple[int, bool] | None:
        """The announced pause at that play time: its end, and whether all streams pause."""
        quiet = self._quiet(FaultKind.SHUTTER, at_ns)
        return None if quiet is None else (quiet[1], quiet[0] == set(self._streams))

    def _quiet(self, kind: FaultKind, at_ns: int) -> tuple[set[str], int] | None:
        names: set[str] = set()
        end_ns = 0
        for running in self._of(kind):
            window = running.schedule.window(at_ns)
            if window is not None and (kind is FaultKind.STALL or running.fault.gives == "nothing"):
                names |= set(self._streams) if running.fault.stream is None else {running.fault.stream}
                end_ns = max(end_ns, window[1])
        return (names, end_ns) if names else None

    def _of(self, kind: FaultKind) -> Iterator[_Running]:
        return (running for running in self._running if running.fault.kind is kind)
