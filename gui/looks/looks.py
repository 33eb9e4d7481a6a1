"""The looks of all streams: what is remembered of them, which counts get colours now, and how both are changed.
No Qt here."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from drivers.frame import Frame, StreamInfo, StreamKind
from gui.looks.look import Look
from gui.looks.scale import CELSIUS, TEMPERATURE_UNITS, Scale, scale_of, why_no_degrees
from pipeline.colormap import CountRange, RangeFollower
from pipeline.steps.palette import plausible

_STEM = "looks.stream."
TEMPERATURES_KEY = "units.temperature"
_NIGHT_KEY = "looks.red_at_night"

_Followed = tuple[Frame, CountRange | None, Scale]
"""A frame, the range that followed it, and what its counts mean."""

_SAMPLES = 40  # of a side, of the pixels that say whether counts can be temperatures


class Store(Protocol):
    """Where looks are remembered; :class:`gui.settings.Settings` is one."""

    def get(self, name: str, default: Any = None) -> Any: ...

    def set(self, name: str, value: Any) -> None: ...


class Looks:
    """One look a stream, by its name; what was stored and is broken is the default."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looks: dict[str, Look] = {}
        self._kinds: dict[str, StreamKind] = {}
        self._follower = RangeFollower()
        self._last: dict[str, _Followed] = {}
        self._before: dict[str, _Followed] = {}
        self._following = threading.Lock()  # pictures are made in a thread of their own
        self._watchers: list[weakref.WeakMethod[Callable[[str], None]]] = []
        self._is_night = False

    def watch(self, call: Callable[[str], None]) -> None:
        """Call a method of something after a look has changed, with its stream; with nothing when all have."""
        # What is gone is forgotten here, too: a look may never change, while tiles come and go.
        self._watchers = [known for known in self._watchers if known() is not None]
        self._watchers.append(weakref.WeakMethod(call))

    def refresh(self, stream: str) -> None:
        """Have a stream's pictures painted anew as they are; with nothing, those of all."""
        self._tell(stream)

    def _tell(self, stream: str) -> None:
        for known in list(self._watchers):
            call = known()
            if call is not None:
                call(stream)

    # -- what holds for all -------------------------------------------------------------------------------------

    @property
    def temperatures(self) -> str:
        """In which unit temperatures are written."""
        unit = self._store.get(TEMPERATURES_KEY, CELSIUS)
        return unit if unit in TEMPERATURE_UNITS else CELSIUS

    @temperatures.setter
    def temperatures(self, unit: str) -> None:
        if unit in TEMPERATURE_UNITS and unit != self.temperatures:
            self._store.set(TEMPERATURES_KEY, unit)
            self.refresh("")

    @property
    def red_at_night(self) -> bool:
        """Whether pictures are red while the night theme is."""
        return self._store.get(_NIGHT_KEY, True) is not False

    @red_at_night.setter
    def red_at_night(self, on: bool) -> None:
        if on != self.red_at_night:
            self._store.set(_NIGHT_KEY, on)
            self._tell("")

    def set_night(self, is_night: bool) -> None:
        """Whether the window has its night theme now."""
        if is_night != self._is_night:
            self._is_night = is_night
            self._tell("")

    # -- of a stream --------------------------------------------------------------------------------------------

    def look(self, info: StreamInfo) -> Look:
        """How a stream is shown now."""
        known = self._looks.get(info.name)
        if known is None or self._kinds.get(info.name) is not info.kind:
            known = Look.from_json(self._store.get(_STEM + info.name), info.kind)
            self._looks[info.name], self._kinds[info.name] = known, info.kind
        return replace(known, red=True) if self._is_night and self.red_at_night else known

    def change(self, info: StreamInfo, **values: Any) -> bool:
        """Change fields of a stream's look; False where they make no sense, and nothing changes."""
        old = self.look(info)
        try:
            new = replace(old, **values, red=False)
        except ValueError:
            return False
        if {"locked", "isotherm"} & values.keys():
            unit = self.scale(info).unit
            if not new.holds_in(unit):
                # What was meant in another unit does not become something in this one.
                keep = {name: values.get(name) for name in ("locked", "isotherm")}
                new = replace(new, **keep)
            new = replace(new, unit=unit if new.locked or new.isotherm else "")
        if new != replace(old, red=False):
            self._looks[info.name] = new
            self._store.set(_STEM + info.name, new.to_json())
            self._tell(info.name)
        return True

    def scale(self, info: StreamInfo) -> Scale:
        """What the stream's counts mean, as far as its last frame says."""
        last = self._last.get(info.name)
        return scale_of(info) if last is None or last[0].info != info else last[2]

    def counts(self, frame: Frame) -> CountRange | None:
        """The counts of the first and the last colour for a frame; None for colour. It follows each new frame once,
        in the order in which frames are asked for; of the last two, either may be asked for again."""
        with self._following:
            for known in (self._last, self._before):
                last = known.get(frame.stream)
                if last is not None and last[0] is frame:
                    return self._counts_of(last)
            followed = None if frame.kind is StreamKind.COLOR else self._follower.follow(frame)
            if frame.stream in self._last:
                self._before[frame.stream] = self._last[frame.stream]
            now = self._last[frame.stream] = (frame, followed, scale_of(frame.info, _is_measured(frame)))
        return self._counts_of(now)

    def _counts_of(self, last: _Followed) -> CountRange | None:
        """What is locked, or what followed the frame."""
        frame, followed, scale = last
        look = self.look(frame.info)
        if followed is None or look.locked is None or not look.holds_in(scale.unit):
            return followed
        return scale.counts_of(*look.locked) or followed

    def frame(self, stream: str) -> Frame | None:
        """The last frame of a stream that was asked for."""
        last = self._last.get(stream)
        return None if last is None else last[0]

    def values(self, info: StreamInfo) -> tuple[float, float] | None:
        """The values of the first and the last colour now; None where nothing was shown yet."""
        last = self._last.get(info.name)
        counts = None if last is None else self._counts_of(last)
        return None if counts is None else self.scale(info).range_of(counts)

    def is_locked(self, info: StreamInfo) -> bool:
        look = self.look(info)
        return look.locked is not None and look.holds_in(self.scale(info).unit)

    # -- level and span -----------------------------------------------------------------------------------------

    def lock(self, info: StreamInfo, on: bool) -> None:
        """Keep the range as it is now, or let it follow the picture again."""
        if not on:
            self.change(info, locked=None)
        elif not self.is_locked(info) and (values := self.values(info)) is not None:
            self.set_range(info, *values)

    def set_range(self, info: StreamInfo, low: float, high: float) -> bool:
        """Lock the range to values, kept to what the camera can say and no narrower than is worth looking at; False
        where they are no range."""
        if not (np.isfinite(low) and np.isfinite(high)) or low >= high:
            return False
        scale = self.scale(info)
        first, last = scale.range_of(CountRange(0.0, 255.0 if info.dtype == "uint8" else 65535.0))
        span = min(max(high - low, scale.smallest_span), last - first)
        middle = min(max((low + high) / 2, first + span / 2), last - span / 2)
        if high - low >= span:
            low, high = max(low, first), min(high, last)
        if high - low < span:
            low, high = middle - span / 2, middle + span / 2
        return self.change(info, locked=(low, high))

    def shift(self, info: StreamInfo, share: float) -> None:
        """Move the level by a share of the span."""
        if (values := self.values(info)) is not None:
            low, high = values
            scale = self.scale(info)
            first, last = scale.range_of(CountRange(0.0, 255.0 if info.dtype == "uint8" else 65535.0))
            by = min(max(share * (high - low), first - low), last - high) if last - high > first - low else 0.0
            self.set_range(info, low + by, high + by)

    def stretch(self, info: StreamInfo, factor: float) -> None:
        """Make the span wider or narrower about the level."""
        if (values := self.values(info)) is not None:
            middle, half = (values[0] + values[1]) / 2, (values[1] - values[0]) / 2
            half = max(half * factor, self.scale(info).smallest_span / 2)
            self.set_range(info, middle - half, middle + half)


def _is_measured(frame: Frame) -> bool:
    """Whether a thermal frame's counts are the temperatures that they claim to be; a look at some pixels, and at all
    of them only where these are doubtful."""
    kelvin = frame.info.kelvin
    if kelvin is None:
        return False
    h, w = frame.pixels.shape[:2]
    sample = frame.pixels[:: max(h // _SAMPLES, 1), :: max(w // _SAMPLES, 1)]
    if int(sample.max()) >= 256 and plausible(kelvin, float(np.median(sample))):
        return True
    return not why_no_degrees(frame)
