"""From a buffer of a thermal camera to its picture and its telemetry: where the rows are, and what the counters say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from drivers.cameras.boson import BosonTelemetry
from drivers.cameras.lepton import LeptonTelemetry
from drivers.cameras.v4l2_formats import Mode

Telemetry = LeptonTelemetry | BosonTelemetry

_WRAP: Final = 1 << 32

_LEPTON: Final = {(160, 122): 2, (80, 63): 3}  # size with telemetry -> its rows
_BOSON: Final = {(640, 514): 2, (320, 258): 2}


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a camera's picture.

    Attributes:
        width, height: of the image alone, pixels.
        rows: of telemetry.
        kind: whose telemetry; empty for none.
    """

    width: int
    height: int
    rows: int = 0
    kind: Literal["", "lepton", "boson"] = ""

    @classmethod
    def of(cls, mode: Mode) -> Layout:
        size = (mode.width, mode.height)
        if rows := _LEPTON.get(size, 0):
            return cls(mode.width, mode.height - rows, rows, "lepton")
        if rows := _BOSON.get(size, 0):
            return cls(mode.width, mode.height - rows, rows, "boson")
        return cls(mode.width, mode.height)

    def split(self, counts: NDArray[Any]) -> tuple[NDArray[Any], Telemetry | None]:
        """(image, telemetry) of a whole picture (rows + height, width).

        A Lepton's telemetry stands below the image as it leaves the factory, a header above it when so set; one that
        makes no sense is None.
        """
        if self.kind == "lepton":
            if footer := LeptonTelemetry.parse(counts[self.height :]):
                return counts[: self.height], footer
            if header := LeptonTelemetry.parse(counts[: self.rows]):
                return counts[self.rows :], header
            return counts[: self.height], None
        if self.kind == "boson":
            return counts[self.rows :], BosonTelemetry.parse(counts[: self.rows])
        return counts, None


def pick_mode(modes: Sequence[Mode], telemetry: bool | None) -> Mode:
    """The mode of a thermal camera, among those that its source allows: 16 bits, the largest, with telemetry if wished.

    Args:
        modes: at least one.
        telemetry: whether its rows are wanted; None for where they are surely harmless, which is the Lepton.
    """

    def rank(mode: Mode) -> tuple[bool, bool, int, float]:
        layout = Layout.of(mode)
        wanted = layout.kind == "lepton" if telemetry is None else telemetry and bool(layout.kind)
        is_right = bool(layout.kind) == bool(wanted)
        area = layout.width * layout.height
        return mode.code == "Y16 ", is_right, area + bool(wanted), max(mode.rates, default=0.0)

    return max(modes, key=rank)


class Rising:
    """A counter of 32 bits that wraps, made one that does not."""

    def __init__(self) -> None:
        self._last: int | None = None

    def see(self, value: int) -> int | None:
        """The value without wraps; None when it fell, which no wrap explains: the camera began anew."""
        if self._last is None:
            self._last = value
            return value
        step = (value - self._last) % _WRAP
        if step >= _WRAP // 2:
            return None
        self._last += step
        return self._last


class OwnCount:
    """Frame numbers where the camera has none: our count, with a gap where the driver's count has one.

    A camera that repeats its pictures loses one only when all its repeats are lost.
    """

    def __init__(self) -> None:
        self._sequence = Rising()
        self._last: int | None = None
        self._run = 0  # buffers since the last new picture, the lost ones too
        self._seen = 0  # of them those that came
        self._usual = 1  # buffers a picture
        self._number = -1

    def see(self, sequence: int, is_repeat: bool) -> int:
        """The number of the picture in this buffer (of the one that it repeats)."""
        at = self._sequence.see(sequence)
        lost = 0
        if at is None:  # the driver's count began anew; nothing can be told of what was lost
            self._sequence = Rising()
            at = self._sequence.see(sequence)
        elif self._last is not None:
            lost = at - self._last - 1
        self._last = at
        if is_repeat:
            self._run += 1 + lost
            self._seen += 1
            self._usual = min(8, max(self._usual, self._seen))
            return max(0, self._number)
        missing = max(0, lost)
        if lost > 0 and self._usual > 1:
            missing = max(0, (self._run + lost) // self._usual - 1)
        self._number += 1 + missing
        self._run = self._seen = 1
        return self._number


def counts_of(data: memoryview, mode: Mode, bytes_per_line: int) -> NDArray[Any] | None:
    """A buffer as (height, width) uint16 or uint8 in the kernel's own memory; None when it is too short for a picture.

    Args:
        bytes_per_line: as the driver says; 0 when lines follow each other without a gap.
    """
    size = 1 if mode.code == "GREY" else 2
    line = max(bytes_per_line, mode.width * size)
    if len(data) < line * (mode.height - 1) + mode.width * size:
        return None
    flat: NDArray[Any] = np.frombuffer(data, dtype="<u2" if size == 2 else "u1")
    step = line // size
    if flat.size >= step * mode.height:
        return flat[: step * mode.height].reshape(mode.height, step)[:, : mode.width]
    # The last line may end where its pixels do.
    return np.lib.stride_tricks.as_strided(flat, (mode.height, mode.width), (line, size), writeable=False)
