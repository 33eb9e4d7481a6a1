"""Which frames the profile ``watch`` keeps in its main session, and how: few, and lossy, each flagged so.

16 bits: counts are rounded to a step that the frame's own noise hides: at most three times the noise's standard
deviation, and never more than 8 mm of depth or 0.1 K. So no value is off by more than half of that step, and depth
without a reading (0) stays so. 8 bits: JPEG. A camera's own JPEG is kept as it is.

Of the four streams of benchmarks/four_streams.py, 2 frames a second so take a fiftieth of what all frames take without
loss, and less than half of what these 2 would; benchmarks/night_watch.py measures the whole.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamKind
from recordings import image_codec
from recordings.errors import SessionWriteError
from recordings.stored import StoredFrame

_ROWS: Final = 4
"""The noise is measured in every fourth row."""


class Thinner:
    """Thins the streams of one recording. The deciding is for one thread, the coding for any.

    Args:
        rate_hz: frames a second and stream that are kept, by host time.
        rates: stream name -> its own rate.
        noise_steps: the rounding step in standard deviations of the frame's noise; 0 rounds nothing.
        max_depth_m, max_kelvin: the largest step of depth and of radiometric thermal.
        jpeg_quality: 1..100.
    """

    def __init__(
        self,
        rate_hz: float = 2.0,
        *,
        rates: Mapping[str, float] | None = None,
        noise_steps: float = 3.0,
        max_depth_m: float = 0.008,
        max_kelvin: float = 0.1,
        jpeg_quality: int = 85,
    ) -> None:
        for rate in (rate_hz, *(rates or {}).values()):
            if not 0.001 <= rate <= 1e6:
                raise ValueError(f"a stream is thinned to 0.001 to 1e6 frames a second, was asked for {rate}")
        if not 1 <= jpeg_quality <= 100 or noise_steps < 0:
            raise ValueError(f"JPEG quality is 1 to 100, found {jpeg_quality}; noise steps >= 0, found {noise_steps}")
        self._rate = round(rate_hz * 1000)
        self._rates = {name: round(rate * 1000) for name, rate in (rates or {}).items()}
        self._noise_steps, self._max_depth_m, self._max_kelvin = noise_steps, max_depth_m, max_kelvin
        self._quality = jpeg_quality
        self._slots: dict[str, int] = {}
        self._gap: set[str] = set()
        self._after_gap: set[tuple[str, int]] = set()

    def decide(self, frame: Frame | StoredFrame) -> bool:
        """Whether a frame is kept. Asked of every frame, in order.

        Time is divided into slots of 1 / rate by the host clock, and the first frame of each is kept: so the same
        frames are kept wherever a recording begins. A frame left out on purpose is no lost frame: the next one is not
        flagged for it. But when a camera lost frames before one that is left out, the next kept one gets that flag.
        """
        name = frame.info.name
        slot = frame.host_ns * self._rates.get(name, self._rate) // 10**12
        if FrameFlag.DROPPED_BEFORE in frame.flags:
            self._gap.add(name)
        if self._slots.get(name) == slot:
            return False
        self._slots[name] = slot
        if name in self._gap:
            self._gap.discard(name)
            self._after_gap.add((name, frame.host_ns))
        return True

    def lossy(self, frame: Frame) -> Frame:
        """A frame that is kept, as it is kept: flagged lossy. One of 8 bits brings its JPEG (``encoded``).

        Raises:
            SessionWriteError: OpenCV cannot make a JPEG of it.
        """
        flags = frame.flags | FrameFlag.LOSSY
        if (frame.stream, frame.host_ns) in self._after_gap:
            self._after_gap.discard((frame.stream, frame.host_ns))
            flags |= FrameFlag.DROPPED_BEFORE
        if frame.encoded is not None:
            return dataclasses.replace(frame, flags=flags)
        if frame.pixels.dtype == np.uint16:
            return dataclasses.replace(frame, pixels=rounded(frame.pixels, self.step(frame)), flags=flags)
        jpeg = self._jpeg(frame)
        pixels = image_codec.decode(jpeg, "jpeg", frame.info)
        return dataclasses.replace(frame, pixels=pixels, flags=flags, encoded=jpeg)

    def step(self, frame: Frame) -> int:
        """What a frame of 16 bits is rounded to, counts."""
        info = frame.info
        limit = self._noise_steps * noise(frame.pixels, zero_is_none=info.kind is StreamKind.DEPTH)
        if info.unit_m is not None:
            limit = min(limit, self._max_depth_m / info.unit_m)
        if info.kelvin is not None and info.kelvin.gain:
            limit = min(limit, self._max_kelvin / abs(info.kelvin.gain))
        return max(1, math.floor(limit))

    def _jpeg(self, frame: Frame) -> bytes:
        pixels = frame.pixels
        image = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
        ok, out = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, self._quality])
        if not ok:
            raise SessionWriteError(f"stream {frame.stream}: OpenCV could not make a JPEG of frame {frame.number}")
        return out.tobytes()


def rounded(pixels: NDArray[Any], step: int) -> NDArray[np.uint16]:
    """uint16 of any shape rounded to multiples of ``step``, none off by more than half of it.

    0 stays 0, and nothing else becomes 0: values that would, and those too near the top, stay as they are.
    """
    counts = np.arange(1 << 16, dtype=np.int64)
    table = (counts + step // 2) // step * step
    out: NDArray[np.uint16] = np.where((table == 0) | (table > 0xFFFF), counts, table).astype(np.uint16)[pixels]
    return out


def noise(pixels: NDArray[Any], *, zero_is_none: bool = False) -> float:
    """The standard deviation of an image's noise, counts, from the second differences along its rows.

    A second difference sees no slopes, and the quarter of them that is largest, where the edges are, is left out.
    (H, W), at least 3 wide, or 0.0.
    """
    rows = pixels[::_ROWS].astype(np.int32)
    if rows.ndim != 2 or rows.shape[1] < 3:
        return 0.0
    left, middle, right = rows[:, :-2], rows[:, 1:-1], rows[:, 2:]
    bends = np.abs(left - 2 * middle + right)
    if zero_is_none:
        bends = bends[(left > 0) & (middle > 0) & (right > 0)]
    count = bends.size * 3 // 4
    if not count:
        return 0.0
    small = np.partition(bends, count, axis=None)[:count]
    # the mean of |x| of a normal distribution up to its third quartile is 0.5149 sigma; a second difference has
    # sqrt(1 + 4 + 1) times the sigma of a pixel
    return float(small.mean()) / (0.5149 * math.sqrt(6))
