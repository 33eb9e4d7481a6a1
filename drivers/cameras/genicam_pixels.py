"""GenICam pixel formats: which of them become a stream, and how their bytes become pixels.

Formats are told apart by the 32-bit numbers of EMVA's Pixel Format Naming Convention (PFNC), since makers spell names
differently. Two families of packing differ in where the low bits lie: ``Mono12Packed`` (GigE Vision's own: the middle
byte holds the low bits of both pixels) and ``Mono12p`` (PFNC's: a plain little-endian string of bits).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.errors import FrameError
from drivers.frame import Pixels, StreamKind

Bytes = NDArray[np.uint8]
Convert = Callable[[Bytes, int, int], Pixels]


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """One format that can be read.

    Attributes:
        name: as PFNC or GigE Vision writes it.
        value: its number.
        bits: a pixel takes on the wire.
        depth: significant bits of a sample.
        is_color: it becomes RGB; the others become counts, uint8 up to a depth of 8 and uint16 above.
        is_view: its pixels are the bytes themselves: nothing is copied.
        convert: from bytes (C,), height and width in px to the pixels.
    """

    name: str
    value: int
    bits: int
    depth: int
    is_color: bool
    is_view: bool
    convert: Convert

    @property
    def dtype(self) -> str:
        """Of the pixels."""
        return "uint8" if self.is_color or self.depth <= 8 else "uint16"

    @property
    def kinds(self) -> tuple[StreamKind, ...]:
        """What its pixels may mean."""
        if self.is_color:
            return (StreamKind.COLOR,)
        if self.dtype == "uint8":
            return (StreamKind.GRAY, StreamKind.INFRARED)
        return (StreamKind.GRAY, StreamKind.INFRARED, StreamKind.THERMAL, StreamKind.DEPTH)

    def payload(self, height: int, width: int) -> int:
        """Bytes of an image without padding."""
        return -(-height * width * self.bits // 8)

    def pixels(self, data: Bytes, height: int, width: int, line_padding: int = 0) -> Pixels:
        """The pixels of an image, a view on ``data`` where the format allows it.

        Args:
            data: (N,) uint8, at least the image.
            line_padding: bytes without meaning at the end of each line.

        Raises:
            FrameError: there are too few bytes, or lines are padded in a format whose lines end within a byte.
        """
        needed = self.payload(height, width)
        if line_padding:
            if width * self.bits % 8:
                raise FrameError(f"{self.name} of {width} px a line cannot have {line_padding} bytes of padding a line")
            line = width * self.bits // 8
            if data.size < (line + line_padding) * height - line_padding:
                raise self._too_few(data, height, width)
            # The last line's padding may be missing.
            data = np.concatenate([data[y * (line + line_padding) :][:line] for y in range(height)])
        if data.size < needed:
            raise self._too_few(data, height, width)
        return self.convert(data[:needed], height, width)

    def _too_few(self, data: Bytes, height: int, width: int) -> FrameError:
        return FrameError(
            f"an image of {width}x{height} px in {self.name} takes {self.payload(height, width)} bytes, "
            f"the camera sent {data.size}"
        )


def _plain(dtype: str, channels: int = 1) -> Convert:
    def convert(data: Bytes, height: int, width: int) -> Pixels:
        shape = (height, width) if channels == 1 else (height, width, channels)
        return data.view(dtype).reshape(shape)

    return convert


def _middle_byte(low_bits: int) -> Convert:
    """GigE Vision's packing: two pixels in three bytes, their low bits in the middle one, from bit 0 and bit 4 on."""
    mask = (1 << low_bits) - 1

    def convert(data: Bytes, height: int, width: int) -> Pixels:
        count = height * width
        out = np.zeros(count + count % 2, np.uint16)
        whole = _padded(data, 3)
        middle = whole[:, 1].astype(np.uint16)
        out[0::2] = (whole[:, 0].astype(np.uint16) << low_bits) | (middle & mask)
        out[1::2] = (whole[:, 2].astype(np.uint16) << low_bits) | (middle >> 4 & mask)
        return out[:count].reshape(height, width)

    return convert


def _string_of_bits(bits: int) -> Convert:
    """PFNC's packing: pixel i takes the bits from ``i * bits`` on, the least significant first."""
    group = next(n for n in (1, 2, 4, 8) if n * bits % 8 == 0)
    size = group * bits // 8
    mask = (1 << bits) - 1

    def convert(data: Bytes, height: int, width: int) -> Pixels:
        count = height * width
        whole = _padded(data, size).astype(np.uint32)
        out = np.empty((len(whole), group), np.uint16)
        for n in range(group):
            first, shift = divmod(n * bits, 8)
            value = whole[:, first] >> shift
            for more in range(1, (shift + bits - 1) // 8 + 1):
                value |= whole[:, first + more] << (8 * more - shift)
            out[:, n] = value & mask
        return out.reshape(-1)[:count].reshape(height, width)

    return convert


def _padded(data: Bytes, size: int) -> Bytes:
    """(N, size): whole groups, the last one filled up with zeros."""
    missing = -data.size % size
    if missing:
        data = np.concatenate([data, np.zeros(missing, np.uint8)])
    return data.reshape(-1, size)


def _by_opencv(code: str, channels: int) -> Convert:
    def convert(data: Bytes, height: int, width: int) -> Pixels:
        import cv2  # not everybody who imports this file has a colour camera

        shape = (height, width) if channels == 1 else (height, width, channels)
        return np.asarray(cv2.cvtColor(data.reshape(shape), getattr(cv2, code)))

    return convert


def _format(
    name: str, value: int, depth: int, convert: Convert, is_color: bool = False, view: bool = False
) -> PixelFormat:
    return PixelFormat(name, value, value >> 16 & 0xFF, depth, is_color, view, convert)


_ALL: Final = (
    _format("Coord3D_C16", 0x011000B8, 16, _plain("<u2"), view=True),
    _format("Mono16", 0x01100007, 16, _plain("<u2"), view=True),
    _format("Mono14", 0x01100025, 14, _plain("<u2"), view=True),
    _format("Mono12", 0x01100005, 12, _plain("<u2"), view=True),
    _format("Mono10", 0x01100003, 10, _plain("<u2"), view=True),
    _format("Mono14p", 0x010E0104, 14, _string_of_bits(14)),
    _format("Mono12p", 0x010C0047, 12, _string_of_bits(12)),
    _format("Mono12Packed", 0x010C0006, 12, _middle_byte(4)),
    _format("Mono10p", 0x010A0046, 10, _string_of_bits(10)),
    _format("Mono10Packed", 0x010C0004, 10, _middle_byte(2)),
    _format("Mono8", 0x01080001, 8, _plain("u1"), view=True),
    _format("RGB8", 0x02180014, 8, _plain("u1", 3), is_color=True, view=True),
    _format("BGR8", 0x02180015, 8, _by_opencv("COLOR_BGR2RGB", 3), is_color=True),
    _format("BayerRG8", 0x01080009, 8, _by_opencv("COLOR_BayerRGGB2RGB", 1), is_color=True),
    _format("BayerGR8", 0x01080008, 8, _by_opencv("COLOR_BayerGRBG2RGB", 1), is_color=True),
    _format("BayerGB8", 0x0108000A, 8, _by_opencv("COLOR_BayerGBRG2RGB", 1), is_color=True),
    _format("BayerBG8", 0x0108000B, 8, _by_opencv("COLOR_BayerBGGR2RGB", 1), is_color=True),
    _format("YUV422_8_UYVY", 0x0210001F, 8, _by_opencv("COLOR_YUV2RGB_UYVY", 2), is_color=True),
    _format("YUV422_8", 0x02100032, 8, _by_opencv("COLOR_YUV2RGB_YUY2", 2), is_color=True),
)

FORMATS: Final = {one.value: one for one in _ALL}
"""By number; the first of a kind is the one to prefer."""


def best(values: list[int], kind: StreamKind) -> PixelFormat | None:
    """The format to prefer for a kind among those that a camera has; None when none can carry it."""
    for one in FORMATS.values():
        if one.value in values and kind in one.kinds and (one.name != "Coord3D_C16" or kind is StreamKind.DEPTH):
            return one
    return None
