"""The formats, sizes and frame rates of a V4L2 device: which there are, and which one is meant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from drivers.errors import UnsupportedFeatureError
from drivers.source_words import StreamSize

NAMES: Final = {
    "YUYV": "YUYV",
    "UYVY": "UYVY",
    "MJPG": "MJPG",
    "JPEG": "JPEG",
    "NV12": "NV12",
    "YU12": "I420",
    "RGB3": "RGB",
    "BGR3": "BGR",
    "GREY": "GREY",
    "Y16 ": "Y16",
    "Y10 ": "Y10",
    "Y12 ": "Y12",
}
"""Formats that can be made into frames: the kernel's four letters -> the word for people and for ``format=``."""

_CODES: Final = {word: code for code, word in NAMES.items()}
_USUAL_SIZES: Final = ((320, 240), (640, 360), (640, 480), (800, 600), (1280, 720), (1920, 1080), (3840, 2160))
_USUAL_RATES: Final = (60.0, 50.0, 30.0, 25.0, 24.0, 20.0, 15.0, 10.0, 9.0, 5.0)
_FPS_NEAR: Final = 0.02
"""30 means 29.97, too."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One format at one size.

    Attributes:
        code: the four letters, as ``"Y16 "``.
        width, height: pixels (a thermal camera's height may have rows of telemetry in it).
        rates: frames a second that it can give, the highest first; empty when the device does not say.
    """

    code: str
    width: int
    height: int
    rates: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """The word for people."""
        return NAMES.get(self.code, self.code.strip())

    def __str__(self) -> str:
        rates = "/".join(f"{r:g}" for r in self.rates)
        return f"{self.name} {self.width}x{self.height}" + (f"@{rates}" if rates else "")


def code_of(number: int) -> str:
    """The four letters of a pixel format."""
    return "".join(chr((number >> shift) & 0xFF) for shift in (0, 8, 16, 24))


def number_of(code: str) -> int:
    """The pixel format of four letters."""
    return int.from_bytes(code.encode("ascii"), "little")


def code_of_word(word: str) -> str:
    """The four letters of what stands behind ``format=``."""
    return _CODES.get(word.upper(), word.upper().ljust(4))


def modes_of(fd: int, video: Any) -> list[Mode]:
    """All that the device offers, in its own order.

    Args:
        video: the module linuxpy.video.device.

    Raises:
        OSError: the device is gone.
    """
    out: list[Mode] = []
    for code in list(_codes(fd, video)):
        for width, height in list(_sizes(fd, video, code)):
            out.append(Mode(code, width, height, tuple(sorted(set(_rates(fd, video, code, width, height)))[::-1])))
    return out


def listed(modes: Collection[Mode], most: int = 24) -> str:
    """For messages."""
    texts = [str(m) for m in modes]
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return (", ".join(texts[:most]) or "nothing") + more


def fitting(
    modes: Sequence[Mode],
    size: StreamSize | None,
    code: str,
    where: str,
    shown: Callable[[Mode], tuple[int, int]] = lambda mode: (mode.width, mode.height),
) -> list[Mode]:
    """Those that a source allows.

    Args:
        size: None for any.
        code: four letters, empty for any.
        where: the source, for the message.
        shown: the size of a mode's image, of which ``size`` speaks.

    Raises:
        UnsupportedFeatureError: none; the message lists what there is.
    """
    out = [
        m
        for m in modes
        if (not code or m.code == code)
        and (size is None or (size.width, size.height) in ((m.width, m.height), shown(m)))
        and (size is None or size.fps is None or rate_of(m, size.fps) is not None)
    ]
    if not out:
        asked = " ".join(filter(None, (NAMES.get(code, code.strip()), str(size) if size else "")))
        raise UnsupportedFeatureError(f"{where} does not give {asked or 'pictures'}; it gives {listed(modes)}")
    return out


def rate_of(mode: Mode, fps: float | None) -> float | None:
    """The rate of a mode that is meant by ``fps``; its highest for None. None when it has none such.

    A mode that does not say its rates may have any; 0 stands for that.
    """
    if not mode.rates:
        return fps or 0.0
    if fps is None:
        return mode.rates[0]
    near = min(mode.rates, key=lambda r: abs(r - fps))
    return near if abs(near - fps) <= _FPS_NEAR * fps else None


def _codes(fd: int, video: Any) -> Iterator[str]:
    wanted = video.raw.v4l2_fmtdesc()
    wanted.type = video.BufferType.VIDEO_CAPTURE
    for found in video.iter_read(fd, video.IOC.ENUM_FMT, wanted):
        yield code_of(found.pixelformat)


def _sizes(fd: int, video: Any, code: str) -> Iterator[tuple[int, int]]:
    """Discrete sizes; of a range its ends and the usual sizes between them."""
    wanted = video.raw.v4l2_frmsizeenum()
    wanted.pixel_format = number_of(code)
    for found in video.iter_read(fd, video.IOC.ENUM_FRAMESIZES, wanted):
        if found.type == video.FrameSizeType.DISCRETE:
            yield found.m1.discrete.width, found.m1.discrete.height
            continue
        low_high = found.m1.stepwise
        low, high = (low_high.min_width, low_high.min_height), (low_high.max_width, low_high.max_height)
        steps = (max(1, low_high.step_width), max(1, low_high.step_height))
        for size in dict.fromkeys([low, *_USUAL_SIZES, high]):
            within = all(a <= s <= b for a, s, b in zip(low, size, high, strict=True))
            if within and all((s - a) % step == 0 for a, s, step in zip(low, size, steps, strict=True)):
                yield size
        return  # a range is the only entry


def _rates(fd: int, video: Any, code: str, width: int, height: int) -> Iterator[float]:
    wanted = video.raw.v4l2_frmivalenum()
    wanted.pixel_format, wanted.width, wanted.height = number_of(code), width, height
    for found in video.iter_read(fd, video.IOC.ENUM_FRAMEINTERVALS, wanted):
        if found.type == video.FrameIntervalType.DISCRETE:
            yield from _rate(found.discrete)
            continue
        ends = [*_rate(found.stepwise.min), *_rate(found.stepwise.max)]
        yield from ends
        yield from (r for r in _USUAL_RATES if ends and min(ends) < r < max(ends))
        return  # a range is the only entry


def _rate(interval: Any) -> Iterator[float]:
    if interval.numerator and interval.denominator:
        yield round(interval.denominator / interval.numerator, 3)
