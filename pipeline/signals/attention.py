"""Time away from the road: off_road_s, off_road_sum_s, attention_s.

Each stretch of time is one of four: on the road; in a zone that belongs to driving (mirrors, instruments), which is
allowed for a second in each glance away; off; unknown. Closed eyes are off, too, once they are more than a blink; a
blink belongs to what was before it. A value holds from its instant to the next one, so that timers are exact to the
nanosecond for what was seen, at any frame rate. Unknown time counts neither as on nor as off.

- ``off_road_s``: how long the glance away has lasted (Euro NCAP, Safe Driving: a long distraction is 3 s or more, one
  second later where there is a justification, as a mirror is).
- ``off_road_sum_s``: time away summed over 30 s; at least 2 s on the road without interruption begin the sum anew
  (VATS, visual attention time sharing: 10 s within 30 s).
- ``attention_s``: a buffer of 2 s that runs down while looking away and fills again, after 0.1 s, while looking at the
  road (AttenD: Kircher and Ahlstroem, "The driver distraction detection algorithm AttenD", 2013; mirrors and
  instruments run it down only after one second).

Fewer than 70 % of known time make a value unknown: of the glance for the first, of the last 30 s for the others.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from enum import Enum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import StreamInfo
from pipeline.signals.camera_turns import turn_between
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.timing import GAP_S
from pipeline.signals.zones import USUAL, ZoneSet, load_zones
from recordings.observation import SignalValue

NAMES: Final[tuple[str, ...]] = ("off_road_s", "off_road_sum_s", "attention_s")

_S: Final = 1_000_000_000
_GAP_NS: Final = round(GAP_S * _S)


class AttentionConfig(BaseModel):
    """Times of the three signals."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    sum_s: float = Field(30.0, gt=0, le=600, description="over which glances away are summed")
    reset_s: float = Field(2.0, gt=0, le=60, description="on the road without interruption begin the sum anew")
    buffer_s: float = Field(2.0, gt=0, le=60, description="size of the attention buffer")
    refill_after_s: float = Field(0.1, ge=0, le=5, description="on the road before the buffer fills")
    return_s: float = Field(0.1, ge=0, le=5, description="on the road before a glance away is over")
    allowance_s: float = Field(
        1.0, ge=0, le=10, description="mirrors and instruments may be looked at for so long in each glance away"
    )
    blink_s: float = Field(0.5, ge=0, le=5, description="closed eyes are a blink up to this, and off the road beyond")
    patience_s: float = Field(0.5, ge=0, le=10, description="unknown time that does not end a glance away")
    least_valid: float = Field(0.7, ge=0, le=1, description="share of time that must be known")
    least_s: float = Field(1.0, ge=0, le=60, description="known time before anything is said of the last 30 s")


class Looking(Enum):
    """What a stretch of time was."""

    ROAD = "road"
    DRIVING = "driving"
    OFF = "off"
    UNKNOWN = "unknown"


class Attention:
    """off_road_s, off_road_sum_s, attention_s. Needs gaze_zone; uses eyes_closed where it is known."""

    def __init__(self, config: AttentionConfig | None = None, zones: ZoneSet | None = None) -> None:
        """
        Args:
            zones: tell what a zone's name means.
        """
        self._config = config or AttentionConfig()
        self._zones = zones or load_zones(USUAL)
        self._timers = _Timers(self._config)
        self._ns: int | None = None
        self._shut: deque[int] = deque()
        """Instants of closed eyes of which nobody knows yet whether they are a blink."""
        self._before = Looking.UNKNOWN
        self._trust = 0.0
        self._counted: dict[str, tuple[float, float]] = {}
        """Of each timer: seconds that were counted, and their mean confidence."""
        self._reason = "the gaze is not known"
        self._source = ""
        self._info: StreamInfo | None = None

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> dict[str, SignalValue]:
        """See Signal."""
        now = sight.device_ns
        self._take_over(sight)
        before, self._ns = self._ns, now
        passed = 0 if before is None else now - before
        if before is not None and passed == 0:
            return self._told()
        if passed < 0 or passed > _GAP_NS:
            self._end_of_closing(Looking.UNKNOWN if passed < 0 else self._before)
        if passed < 0:
            self._begin()
        looking = self._looking(known, min(max(passed, 0), _GAP_NS) / _S)
        if looking is None:
            self._close(now)
        else:
            self._end_of_closing(self._before)
            self._before = looking
            self._timers.step(now, looking)
        return self._told()

    def _take_over(self, sight: Sight) -> None:
        """Where another camera serves whose way to the last one nobody knows, straight ahead is another: what was
        counted by the first is not continued by what the second tells."""
        before, self._info = self._info, sight.info
        if before is None or before.name == sight.info.name:
            return
        if turn_between(before, sight.info, sight.related) is None:
            self._shut.clear()
            self._begin()

    def _begin(self) -> None:
        """Forget what was counted."""
        self._timers, self._before, self._trust = _Timers(self._config), Looking.UNKNOWN, 0.0
        self._counted.clear()

    def _looking(self, known: Mapping[str, SignalValue], passed_s: float) -> Looking | None:
        """Where to; None while the eyes are closed."""
        closed, zone = known.get("eyes_closed"), known.get("gaze_zone")
        is_shut = closed is not None and closed.is_valid and closed.value >= 0.5
        told = closed if is_shut else zone
        if told is None or not told.is_valid:
            self._reason = "the gaze is not known" if told is None else told.reason
            return Looking.UNKNOWN
        # Confidence of what is summed up over time goes along with that of its parts, within half a second or so.
        self._trust += (1.0 - math.exp(-2.0 * passed_s) if self._trust else 1.0) * (told.confidence - self._trust)
        self._source = told.source
        return None if is_shut else Looking(self._zones.role(told.label))

    def _close(self, now: int) -> None:
        """Closed eyes: not known yet what that is, until it lasts too long for a blink."""
        if self._before is Looking.OFF:
            self._timers.step(now, Looking.OFF)
            return
        self._shut.append(now)
        if now - self._shut[0] > self._config.blink_s * _S:
            self._before = Looking.OFF
            self._end_of_closing(Looking.OFF)

    def _end_of_closing(self, was: Looking) -> None:
        while self._shut:
            self._timers.step(self._shut.popleft(), was)

    def _told(self) -> dict[str, SignalValue]:
        timers, least = self._timers, self._config.least_valid
        out = {}
        for name, share, value, counted_s in (
            ("off_road_s", timers.glance_share, timers.glance_s, timers.glance_s),
            ("off_road_sum_s", timers.known_share, timers.sum_s, timers.sum_s),
            ("attention_s", timers.known_share, timers.buffer_s, self._config.buffer_s - timers.buffer_s),
        ):
            trust = self._trust_of(name, counted_s)
            reason = ""
            if not timers.is_known:
                reason = self._reason
            elif name != "off_road_s" and timers.known_s < self._config.least_s:
                reason = f"the gaze has been known for {timers.known_s:.1f} s only"
            elif share < least:
                reason = f"the gaze was known for {100 * share:.0f} % of the time, {100 * least:.0f} % are needed"
            if reason:
                out[name] = unknown("s", reason, source=self._source)
            else:
                out[name] = SignalValue(value, "s", min(max(trust * share, 0.0), 1.0), source=self._source)
        return out

    def _trust_of(self, name: str, counted_s: float) -> float:
        """Of a timer: no more than what its seconds had in the mean when they were counted.

        What was counted while nobody knew where straight ahead is does not become sure once that is learned.
        """
        before_s, mean = self._counted.get(name, (0.0, 0.0))
        if counted_s > before_s:
            mean = (mean * before_s + self._trust * (counted_s - before_s)) / counted_s
        self._counted[name] = (counted_s, mean)
        return min(self._trust, mean) if counted_s > 0.0 else self._trust


class _Stretches:
    """Stretches of time within the last seconds, and their sum; what touches is one. Nanoseconds."""

    def __init__(self, span_ns: int) -> None:
        self._span_ns = span_ns
        self._stretches: deque[tuple[int, int]] = deque()
        self.sum_ns = 0

    def add(self, begin: int, end: int) -> None:
        """A stretch after all those before."""
        if end <= begin:
            return
        self.sum_ns += end - begin
        if self._stretches and self._stretches[-1][1] == begin:
            begin = self._stretches.pop()[0]
        self._stretches.append((begin, end))

    def forget(self, now: int) -> None:
        """What lies before the span."""
        oldest = now - self._span_ns
        while self._stretches and self._stretches[0][0] < oldest:
            begin, end = self._stretches.popleft()
            self.sum_ns -= min(end, oldest) - begin
            if end > oldest:
                self._stretches.appendleft((oldest, end))

    def clear(self) -> None:
        """Forget everything."""
        self._stretches.clear()
        self.sum_ns = 0


class _Timers:
    """The three timers, fed with what each instant was. Whole nanoseconds throughout."""

    def __init__(self, config: AttentionConfig) -> None:
        span, self._reset, self._full, self._refill_after, self._return, self._allowance, self._patience = (
            round(seconds * _S)
            for seconds in (
                config.sum_s,
                config.reset_s,
                config.buffer_s,
                config.refill_after_s,
                config.return_s,
                config.allowance_s,
                config.patience_s,
            )
        )
        self._span = span
        self._last: tuple[int, Looking] | None = None
        self._begun: int | None = None
        self._known, self._off = _Stretches(span), _Stretches(span)
        self._doubt = self._patience + 1
        """Unknown up to now."""
        self._road = 0
        """On the road without interruption."""
        self._glance = self._glance_known = self._glance_unknown = 0
        """Of this glance away: what counts, what is known, what is not."""
        self._allowed = self._allowance
        """What is left of the allowance for mirrors and instruments."""
        self._buffer = self._full

    @property
    def is_known(self) -> bool:
        """Whether the gaze is known, or was until a moment ago."""
        return self._doubt <= self._patience

    @property
    def glance_s(self) -> float:
        return self._glance / _S

    @property
    def glance_share(self) -> float:
        """Known share of this glance."""
        whole = self._glance_known + self._glance_unknown
        return self._glance_known / whole if whole else 1.0

    @property
    def sum_s(self) -> float:
        return self._off.sum_ns / _S

    @property
    def buffer_s(self) -> float:
        return self._buffer / _S

    @property
    def known_s(self) -> float:
        return self._known.sum_ns / _S

    @property
    def known_share(self) -> float:
        """Known share of the last seconds, or of the time since it began."""
        if self._begun is None or self._last is None:
            return 0.0
        whole = min(self._last[0] - self._begun, self._span)
        return self._known.sum_ns / whole if whole > 0 else 0.0

    def step(self, now: int, looking: Looking) -> None:
        """One instant, later than those before."""
        if self._begun is None and looking is not Looking.UNKNOWN:
            self._begun = now
        last, self._last = self._last, (now, looking)
        if last is not None:
            begin, was = last
            if was is Looking.UNKNOWN or now - begin > _GAP_NS:
                self._miss(now - begin)
            else:
                self._known.add(begin, now)
                if was is Looking.ROAD:
                    self._on_road(now - begin)
                else:
                    self._away(begin, now, was)
        if looking is not Looking.UNKNOWN:
            self._doubt = 0
        self._known.forget(now)
        self._off.forget(now)

    def _on_road(self, passed: int) -> None:
        self._road += passed
        if self._glance_known:
            self._glance_known += passed
        if self._road >= self._return:
            self._end_glance()
        if self._road >= self._reset:
            self._off.clear()
        self._buffer = min(self._buffer + max(min(passed, self._road - self._refill_after), 0), self._full)

    def _away(self, begin: int, now: int, was: Looking) -> None:
        self._road = 0
        self._glance_known += now - begin
        allowed = min(self._allowed, now - begin) if was is Looking.DRIVING else 0
        self._allowed -= allowed
        counted = now - begin - allowed
        self._glance += counted
        self._off.add(begin + allowed, now)
        self._buffer = max(self._buffer - counted, 0)

    def _miss(self, passed: int) -> None:
        self._doubt += passed
        if self._glance_known:
            self._glance_unknown += passed
        if self._doubt > self._patience:
            self._road = 0
            self._end_glance()
        if self._doubt > self._full:
            self._buffer = self._full

    def _end_glance(self) -> None:
        self._glance = self._glance_known = self._glance_unknown = 0
        self._allowed = self._allowance
