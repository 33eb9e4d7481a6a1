"""The few numbers that are read from two metres: latency, rate, losses, recording, engine. No widgets here."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gui.feed import FeedStatus, Mode, Phase, RecordingStatus, StreamStatus
from gui.status.context_words import context_cell
from gui.status.engine_words import engine_badge
from gui.status.latency import Latency, LatencyKind
from gui.status.latency_words import latency_detail, latency_tip, latency_value, ms_words
from gui.status.limits import Limits
from gui.status.recording_words import detail_words, disk_words, size_words
from gui.status.tile_words import rate_words
from gui.words import tr

_RECENT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Vital:
    """One number with its name.

    Attributes:
        name: above it; ``detail``: under it; ``tip``: all of it.
        short: what says it in the least room, in place of ``detail``.
        tone: empty, ``dim`` (it does not count now), ``warn``, or ``alarm``.
    """

    name: str
    value: str
    detail: str = ""
    tone: str = ""
    tip: str = ""
    short: str = ""

    @property
    def sentence(self) -> str:
        """For a screen reader."""
        return f"{self.name}: {self.value}" + (f", {self.detail}" if self.detail else "")


class Vitals:
    """Remembers how much was lost lately, to tell what goes on from what is over."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._lost: deque[tuple[float, int]] = deque([(-math.inf, 0)], maxlen=128)

    def of(
        self,
        status: FeedStatus,
        latency: Latency | None,
        each: Sequence[Latency],
        screen_fps: float,
        idle: bool,
        now_s: float,
    ) -> tuple[Vital, ...]:
        """As they are now.

        Args:
            latency: of the slowest stream, None when nobody measures it; ``each``: of all.
            screen_fps: new pictures shown a second.
            idle: nothing comes any more, whatever the last rate was.
            now_s: a monotonic clock.
        """
        idle = idle or status.phase is not Phase.RUNNING
        found = [
            self._latency(latency, each, idle),
            self._rate(status, screen_fps, idle),
            self._losses(status, now_s),
        ]
        if status.mode is Mode.LIVE:
            found.append(self._recording(status.recording))
            if status.phase is Phase.RUNNING and (cell := context_cell(status.rules.context)) is not None:
                found.append(Vital(cell.name, cell.value, cell.detail, cell.tone, cell.tip))
        return (*found, _engine(status))

    def _latency(self, latency: Latency | None, each: Sequence[Latency], idle: bool) -> Vital:
        name = tr("camera to screen")
        if latency is None:
            return Vital(name, tr("unknown"), tr("nobody measures it"), "dim")
        tip = latency_tip(latency, each)
        value, detail = latency_value(latency), latency_detail(latency)
        if latency.kind is LatencyKind.CLOCK:
            return Vital(name, value, detail, "warn", tip)
        if latency.kind is not LatencyKind.MEASURED:
            return Vital(name, value, detail, "dim", tip)
        is_slow = latency.p95_ms > self.limits.latency_ms
        tone = "dim" if idle else "warn" if is_slow else ""
        return Vital(name, value, detail, tone, tip, short=f"95 % {ms_words(latency.p95_ms)}")

    def _rate(self, status: FeedStatus, screen_fps: float, idle: bool) -> Vital:
        """Of the stream that is furthest below its own rate."""
        name = tr("pictures")
        tip = "\n".join(
            [
                tr("New pictures shown: {rate}", rate=rate_words(screen_fps)),
                *(f"{s.info.name}: {rate_words(s.fps)}{_of_nominal(s)}" for s in status.streams),
            ]
        )
        streams = [s for s in status.streams if s.state not in ("ended", "paused")]
        if not streams:
            return Vital(name, rate_words(0.0 if idle else screen_fps), tr("on the screen"), "dim" if idle else "", tip)
        worst = min(streams, key=_share)
        if status.mode is Mode.REPLAY:
            return Vital(name, rate_words(screen_fps), tr("on the screen"), "dim" if idle else "", tip)
        value = rate_words(0.0 if idle else worst.fps)
        is_slow = not math.isfinite(worst.fps) or _share(worst) < self.limits.rate_share
        return Vital(
            name, value, f"{worst.info.name}{_of_nominal(worst)}", "dim" if idle else "warn" if is_slow else "", tip
        )

    def _losses(self, status: FeedStatus, now_s: float) -> Vital:
        lost = {s.info.name: s.lost for s in status.streams if s.lost > 0}
        total = sum(lost.values())
        if total < self._lost[-1][1]:
            self._lost.clear()  # it began anew
            self._lost.append((now_s, 0))
        self._lost.append((now_s, total))
        while len(self._lost) > 1 and self._lost[1][0] <= now_s - _RECENT_S:
            self._lost.popleft()
        recent = total - self._lost[0][1]
        is_live = status.mode is Mode.LIVE
        told = [tr("{n} of {stream}", n=count, stream=stream) for stream, count in lost.items()]
        told += [tr("{n} at {place}", n=count, place=place) for place, count in status.drops.items() if count]
        detail = tr("{n} in the last {s} s", n=recent, s=round(_RECENT_S)) if recent and is_live else tr("none lately")
        if not is_live:
            detail = tr("in the recording")
        tip = "\n".join([tr("Frames that never came to the steps."), *told])
        return Vital(tr("lost"), str(total), detail, "warn" if recent and is_live else "", tip)

    def _recording(self, recording: RecordingStatus | None) -> Vital:
        name = tr("recording")
        if recording is None:
            return Vital(name, tr("not recording"), "", "dim", tr("Nothing is written to the disk."))
        tip = detail_words(recording)
        size = size_words(recording.bytes_written)
        if recording.is_over:
            if recording.reason:
                return Vital(name, tr("FAILED"), recording.reason, "alarm", tip)
            return Vital(name, tr("not recording"), tr("{size} recorded", size=size), "dim", tip)
        hours = recording.hours_left
        known = hours is not None and not math.isnan(hours)
        value = tr("disk: …") if not known or hours is None else tr("disk: {left}", left=disk_words(hours))
        if known and hours is not None and math.isinf(hours):
            value = tr("disk: enough")
        detail = tr("left; {size} written", size=size)
        if lost := sum(recording.lost.values()):
            return Vital(name, value, tr("{n} frames LOST", n=lost), "alarm", tip)
        minutes = math.inf if not known or hours is None else 60 * hours
        limits = self.limits
        tone = "alarm" if minutes < limits.disk_alarm_min else "warn" if minutes < limits.disk_warn_min else ""
        return Vital(name, value, detail, tone, tip)


def health_line(vitals: Sequence[Vital]) -> str:
    """All of it for a screen reader: what is wrong comes first."""
    order = sorted(vitals, key=lambda v: {"alarm": 0, "warn": 1}.get(v.tone, 2))
    wrong = sum(v.tone in ("alarm", "warn") for v in vitals)
    head = tr("all is well") if not wrong else tr("{n} need attention", n=wrong)
    return ". ".join([head, *(v.sentence for v in order)])


def _engine(status: FeedStatus) -> Vital:
    words = engine_badge(status.engines, status.missing, status.not_computed)
    return Vital(tr("computed by"), words.text or tr("nothing yet"), "", "warn" if words.warn else "", words.tip)


def _share(stream: StreamStatus) -> float:
    """Of the rate that it should have; without one, any rate will do."""
    if not math.isfinite(stream.fps):
        return -1.0
    nominal = stream.info.fps
    return stream.fps / nominal if math.isfinite(nominal) and nominal > 0 else (1.0 if stream.fps > 0 else 0.0)


def _of_nominal(stream: StreamStatus) -> str:
    nominal = stream.info.fps
    return tr(", of {n}", n=f"{nominal:.0f}") if math.isfinite(nominal) and nominal > 0 else ""
