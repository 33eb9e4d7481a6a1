"""Blinks, how long the last one took, and PERCLOS: the share of time with closed eyes.

A blink is a dip of the personal openness from over ``blink_above`` below ``blink_below``, at its deepest below
``deep_below``, and up again within ``longest_s``; between two pictures
the moment is interpolated, so that durations are finer than the pictures' distance. A long blink is one of more than
``long_s`` (0.5 s). What lasts longer than ``longest_s`` is no blink: it is what ``eyes_closed_s`` counts. A blink that
begins or ends while the eyes are not seen is not counted, and that time does not count either.

PERCLOS (Wierwille et al. 1994; P80): the share of the last 60 s in which the eyes were at least 80 % closed, of the
time in which they were seen; unknown while less than 70 % of it was.

A lid is down for 0.1 to 0.2 s in a blink: a camera whose pictures lie farther apart misses some. The confidence of the
rate falls with the share that is seen, and with dips that are too short or too shallow (noise looks so); from
``slowest_s`` on nothing is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.signals.sight import Sight, unknown
from pipeline.signals.timing import GAP_S, Window
from recordings.observation import SignalValue

NAMES: Final[tuple[str, ...]] = ("blink_rate", "blink_s", "long_blink_rate", "perclos")

RATE: Final = "1/min"
_LID_DOWN_S: Final = 0.15
"""For about so long a usual blink is below ``blink_below``."""
_RAMP_S: Final = 0.1
"""Lids take about so long from open to closed: an edge lies at most so far before the picture that shows it."""


class BlinksConfig(BaseModel):
    """What counts as a blink, and over how long rates and PERCLOS are reckoned. Openness: personal, 0..1."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    blink_below: float = Field(0.45, gt=0, lt=1, description="openness under which a blink has begun")
    blink_above: float = Field(0.6, gt=0, lt=1, description="openness over which it is over")
    deep_below: float = Field(0.35, gt=0, lt=1, description="a dip that stays above this is no blink")
    least_s: float = Field(0.06, ge=0, le=1, description="a shorter dip is noise: a single picture at 30 a second")
    long_s: float = Field(0.5, gt=0, le=5, description="a longer blink is a long one")
    longest_s: float = Field(1.0, gt=0, le=10, description="what takes longer is no blink")
    patience_s: float = Field(0.1, ge=0, le=1, description="within a blink the eyes may go unseen so long")
    rate_span_s: float = Field(60.0, ge=5, le=3600, description="over which blinks are counted")
    rate_least_s: float = Field(20.0, gt=0, le=3600, description="fewer seconds of seen eyes tell no rate")
    slowest_s: float = Field(0.22, gt=0, le=1, description="pictures that lie farther apart tell no blinks")
    perclos_span_s: float = Field(60.0, ge=5, le=3600, description="over which PERCLOS is reckoned")
    least_valid: float = Field(
        0.7, ge=0, le=1, description="share of the span in which the eyes must have been seen, or PERCLOS is unknown"
    )

    @model_validator(mode="after")
    def _in_order(self) -> BlinksConfig:
        if not self.deep_below <= self.blink_below <= self.blink_above:
            raise ValueError(
                f"a blink that begins below {self.blink_below:g} gets below {self.deep_below:g} and ends above "
                f"{self.blink_above:g}: these must rise"
            )
        if not self.least_s < self.long_s <= self.longest_s:
            raise ValueError(
                f"a blink takes at least {self.least_s:g} s, a long one more than {self.long_s:g} s and at most "
                f"{self.longest_s:g} s: these must rise"
            )
        return self


class Blinks:
    """Blinks and PERCLOS of one face. Needs ``eye_openness`` and ``eyes_closed`` of eyes.py."""

    def __init__(self, config: BlinksConfig | None = None) -> None:
        self._config = config = config or BlinksConfig()
        self._perclos = Window(config.perclos_span_s)
        self._sure = Window(config.perclos_span_s)
        self._seen = Window(config.rate_span_s)
        self._sure_seen = Window(config.rate_span_s)
        self._blinks: deque[tuple[int, bool]] = deque()
        """When each ended, and whether it was long; of the rate's span."""
        self._noise: deque[int] = deque()
        """When dips ended that were too short or too shallow for a blink: the more of them, the less is believed."""
        self._last_ns: int | None = None
        self._before: tuple[int, float] | None = None
        """The last instant at which the eyes were seen, and how open they were."""
        self._begin_ns: int | None = None
        """Of the dip that goes on."""
        self._deepest = 1.0
        self._up_ns: int | None = None
        """When the lids came up past ``blink_below`` in it."""
        self._is_open = False
        """Open eyes have been seen, and nothing was missed since."""
        self._interval_s = 0.0
        self._blink: tuple[float, float] | None = None
        """Seconds and confidence of the last blink."""

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """See NAMES; all of them always."""
        now = sight.device_ns
        openness, closed = known.get("eye_openness"), known.get("eyes_closed")
        valid = closed is not None and closed.is_valid
        self._pace(now)
        self._perclos.add(now, closed.value if closed is not None and valid else None)
        self._sure.add(now, closed.confidence if closed is not None and valid else None)
        seen = openness is not None and openness.is_valid and valid
        self._seen.add(now, 1.0 if seen else None)
        self._sure_seen.add(now, openness.confidence if openness is not None and seen else None)
        self._follow(now, openness.value if openness is not None and seen else None, openness)
        oldest = now - round(self._config.rate_span_s * 1e9)
        while self._blinks and self._blinks[0][0] <= oldest:
            self._blinks.popleft()
        while self._noise and self._noise[0] <= oldest:
            self._noise.popleft()
        told = self._rates()
        told["blink_s"] = (
            SignalValue(self._blink[0], "s", self._blink[1])
            if self._blink
            else unknown("s", "no blink has been seen yet")
        )
        told["perclos"] = self._share()
        return told

    def _pace(self, now: int) -> None:
        """How far apart the pictures lie, and what a leap of the clock ends."""
        before, self._last_ns = self._last_ns, now
        if before is None:
            return
        passed_s = (now - before) / 1e9
        if 0 < passed_s <= GAP_S:
            self._interval_s += (passed_s - self._interval_s) * (0.1 if self._interval_s else 1.0)
            return
        if passed_s != 0:
            self._lose()
        if passed_s < 0:
            self._blinks.clear()
            self._noise.clear()

    def _lose(self) -> None:
        """The eyes were not seen: whatever was going on is not known."""
        self._begin_ns = self._before = None
        self._is_open = False

    def _follow(self, now: int, openness: float | None, told: SignalValue | None) -> None:
        config, before = self._config, self._before
        if openness is None:
            if before is not None and now - before[0] > round(config.patience_s * 1e9):
                self._lose()
            return
        self._before = (now, openness)
        if before is not None and now <= before[0]:
            return
        if self._begin_ns is not None:
            self._deepest = min(self._deepest, openness)
            if openness < config.blink_below:
                self._up_ns = None
            elif self._up_ns is None:
                self._up_ns = _crossing(before, now, openness, config.blink_below)
            if openness > config.blink_above:
                end_ns = now if self._up_ns is None else self._up_ns
                self._ended(now, (end_ns - self._begin_ns) / 1e9, 0.0 if told is None else told.confidence)
                self._begin_ns, self._is_open = None, True
            elif (now - self._begin_ns) / 1e9 > config.longest_s + 2 * _RAMP_S:
                self._begin_ns, self._is_open = None, False  # asleep, not blinking
        elif openness < config.blink_below:
            if self._is_open:
                self._deepest = openness
                self._begin_ns, self._up_ns = _crossing(before, now, openness, config.blink_below), None
            self._is_open = False
        elif openness > config.blink_above:
            self._is_open = True

    def _ended(self, now: int, seconds: float, sure: float) -> None:
        config = self._config
        if self._deepest >= config.deep_below or seconds < config.least_s:
            self._noise.append(now)
            return
        if seconds > config.longest_s:
            return
        self._blinks.append((now, seconds > config.long_s))
        fine = 1.0 - min(0.5 * self._interval_s / max(seconds, 1e-3), 0.9)
        self._blink = (seconds, min(max(sure, 0.0), 1.0) * fine)

    def _rates(self) -> dict[str, SignalValue]:
        names = ("blink_rate", "long_blink_rate")
        valid_s, config = self._seen.valid_s, self._config
        reason = ""
        if valid_s < config.rate_least_s:
            reason = f"the eyes were seen for {valid_s:.0f} s, {config.rate_least_s:.0f} are needed"
        elif self._interval_s > config.slowest_s:
            reason = f"a picture every {self._interval_s:.2f} s is too few to see blinks"
        if reason:
            return {name: unknown(RATE, reason) for name in names}
        counts = len(self._blinks), sum(1 for _, is_long in self._blinks if is_long)
        caught = min(1.0, _LID_DOWN_S / max(self._interval_s, 1e-6))
        long = min(valid_s / config.rate_span_s, 1.0)
        clean = 1.0 - 0.8 * len(self._noise) / max(counts[0] + len(self._noise), 1)
        sure = (self._sure_seen.mean() or 0.0) * (0.5 + 0.5 * long) * clean
        minutes = valid_s / 60.0
        return {
            names[0]: SignalValue(
                counts[0] / minutes, RATE, sure * (caught if self._interval_s < 0.08 else 0.7 * caught)
            ),
            names[1]: SignalValue(counts[1] / minutes, RATE, sure),
        }

    def _share(self) -> SignalValue:
        share, mean = self._perclos.valid_share, self._perclos.mean()
        if mean is None or share < self._config.least_valid:
            return unknown(
                "",
                f"the eyes were seen for {100 * share:.0f} % of the last {self._config.perclos_span_s:.0f} s, "
                f"{100 * self._config.least_valid:.0f} % are needed",
            )
        return SignalValue(min(max(mean, 0.0), 1.0), "", (self._sure.mean() or 0.0) * min(share, 1.0))


def _crossing(before: tuple[int, float] | None, now: int, openness: float, border: float) -> int:
    """When the openness crossed the border between two pictures, in ns; at most a lid's way before the later one."""
    if before is None or before[1] == openness:
        return now
    part = min(max((border - before[1]) / (openness - before[1]), 0.0), 1.0)
    at = before[0] + round((now - before[0]) * part)
    return max(at, now - round(2 * _RAMP_S * 1e9))
