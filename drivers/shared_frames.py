"""Frames between two processes: pixels lie in memory that both map, and are written there once.

The writer (a child process) finds a free slot, copies the pixels into it and tells its number. The reader makes an
array on the slot, without a copy; when the last view on it is gone, the slot is free again. A slot's state is one byte
in the same memory, so giving it back needs no message, no lock, and no writer that is still alive. The memory has no
name in the file system: nothing is left of it when nobody maps it any more.
"""

from __future__ import annotations

import mmap
import os
import secrets
import sys
import tempfile
import weakref
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Self

import numpy as np

from drivers.frame import Pixels, StreamInfo

BUDGET_BYTES: Final = 256 << 20
MOST_FRAMES: Final = 64
FEWEST_FRAMES: Final = 4

_PAGE: Final = 4096
_FREE: Final = 0
_TAKEN: Final = 1


class Slots(NamedTuple):
    """Where one stream's frames lie: ``room`` slots of ``each`` bytes from ``offset`` on, numbered from ``first``."""

    first: int
    room: int
    offset: int
    each: int


def frame_bytes(info: StreamInfo) -> int:
    """Of one frame's pixels."""
    return int(np.prod(info.shape)) * np.dtype(info.dtype).itemsize


def lay_out(
    streams: Sequence[StreamInfo], budget_bytes: int = BUDGET_BYTES, most_frames: int = MOST_FRAMES
) -> tuple[list[Slots], int]:
    """Slots for each stream, as many for one as for another, and the bytes that all of it takes.

    Args:
        budget_bytes: not passed, unless :data:`FEWEST_FRAMES` of every stream need more.
        most_frames: slots a stream, at most.
    """
    sizes = [-(-frame_bytes(info) // _PAGE) * _PAGE for info in streams]
    count = max(FEWEST_FRAMES, min(most_frames, budget_bytes // max(1, sum(sizes))))
    granularity = mmap.ALLOCATIONGRANULARITY
    at = -(-max(1, count * len(sizes)) // granularity) * granularity
    out = []
    for n, each in enumerate(sizes):
        out.append(Slots(n * count, count, at, each))
        at += count * each
    return out, at


class SharedMemory:
    """Memory without a name, made by the reader before the writer's process is started.

    Attributes:
        token: what the writer needs to map it: a file descriptor that it inherits, on Windows a name.
    """

    def __init__(self) -> None:
        self._fd: int | None = None
        self.token: int | str
        if sys.platform == "win32":  # pragma: no cover - Windows
            self.token = f"tapetum-{os.getpid()}-{secrets.token_hex(8)}"
            return
        self._can_seal = hasattr(os, "memfd_create")
        if self._can_seal:
            self._fd = os.memfd_create("tapetum frames", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        else:  # macOS, BSD: a file that has lost its name
            with tempfile.TemporaryFile() as file:
                self._fd = os.dup(file.fileno())
        self.token = self._fd

    @property
    def inherited(self) -> tuple[int, ...]:
        """File descriptors that the writer's process must inherit."""
        return () if self._fd is None else (self._fd,)

    def set_size(self, size: int) -> None:
        """Once, before either side maps it. Pages take room when they are first written."""
        if self._fd is None:  # pragma: no cover - on Windows the first to map it says how large it is
            return
        os.ftruncate(self._fd, size)
        if self._can_seal and sys.platform == "linux":
            import fcntl

            # A writer gone mad must not take the memory away under a reader's view: that would be a SIGBUS there.
            fcntl.fcntl(self._fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)

    def close(self) -> None:
        """What is mapped stays mapped. Safe to call twice."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _map(token: int | str, size: int, writable: bool) -> mmap.mmap:
    access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
    if isinstance(token, str):  # pragma: no cover - Windows
        return mmap.mmap(-1, size, tagname=token, access=access)  # type: ignore[call-arg,unused-ignore]  # Windows only
    return mmap.mmap(token, size, access=access)


class FrameReader:
    """The reader's side: arrays on slots. Nothing is unmapped before the last of them is gone.

    Args:
        memory: of the size that :func:`lay_out` said.
    """

    def __init__(self, memory: SharedMemory, slots: Sequence[Slots], size: int) -> None:
        self._slots = tuple(slots)
        # Never closed by hand: each array holds the mapping it lies in, and the last one takes it along.
        self._pixels = _map(memory.token, size, writable=False)
        states = max((s.first + s.room for s in slots), default=1)
        self._states = _map(memory.token, states, writable=True)

    def array(self, stream: int, slot: int, info: StreamInfo) -> Pixels:
        """A read-only array on a slot, which is given back with the last view on it.

        Raises:
            ValueError: there is no such slot, or the stream's frames do not fit into it.
        """
        place = self._slots[stream]
        if not place.first <= slot < place.first + place.room or frame_bytes(info) > place.each:
            raise ValueError(f"stream {stream} has no slot {slot} for a frame of {info.name}")
        offset = place.offset + (slot - place.first) * place.each
        pixels: Pixels = np.ndarray(info.shape, info.dtype, self._pixels, offset)
        pixels.flags.writeable = False
        # Views of an array that lies in a foreign buffer keep that very array alive: its end is the end of them all.
        weakref.finalize(pixels, _give_back, self._states, slot).atexit = False
        return pixels

    @property
    def taken(self) -> int:
        """Slots that are not free now."""
        return sum(1 for state in self._states[:] if state != _FREE)


def _give_back(states: mmap.mmap, slot: int) -> None:
    states[slot] = _FREE


class FrameWriter:
    """The writer's side."""

    def __init__(self, token: int | str, slots: Sequence[Slots], size: int) -> None:
        self._slots = tuple(slots)
        self._memory = _map(token, size, writable=True)

    @classmethod
    def from_json(cls, token: int | str, data: dict[str, Any]) -> Self:
        return cls(token, [Slots(*s) for s in data["slots"]], int(data["size"]))

    def write(self, stream: int, pixels: Pixels) -> int | None:
        """Copy pixels into a free slot of the stream.

        Returns:
            The slot, None when all are taken.

        Raises:
            ValueError: the pixels do not fit into a slot.
        """
        place = self._slots[stream]
        if pixels.nbytes > place.each:
            raise ValueError(f"a frame of {pixels.nbytes} bytes does not fit into a slot of {place.each}")
        # The lowest free one: few slots are in use most of the time, and those stay in the processor's cache.
        slot = self._memory.find(bytes([_FREE]), place.first, place.first + place.room)
        if slot < 0:
            return None
        self._memory[slot] = _TAKEN
        offset = place.offset + (slot - place.first) * place.each
        np.copyto(np.ndarray(pixels.shape, pixels.dtype, self._memory, offset), pixels)
        return slot
