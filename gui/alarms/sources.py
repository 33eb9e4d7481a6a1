"""What is wrong now, read off the status of the feed a few times a second. No Qt here.

Every trouble has a key that stays the same while it lasts, so that the book has one line for it. Keys begin with
``watch:``. What a rule over the observations finds is no trouble of these; it comes through :func:`event_condition`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from drivers.camera import CameraState
from gui.alarms.book import Condition, Moment, Severity
from gui.feed import FeedStatus, Mode, Phase, StreamStatus
from gui.status.engine_words import left, model_title, wish_title
from gui.status.latency import Latency, LatencyKind
from gui.status.latency_words import ms_words
from gui.status.limits import Limits
from gui.status.recording_words import disk_words
from gui.status.tile_words import age_words, old_after_s
from gui.system_words import system_words
from gui.tiles.paint_watch import Screen
from gui.words import tr
from recordings.event import Event

WATCH: Final = "watch:"
EVENT: Final = "event:"
NOWHERE: Final = Moment()
NO_SCREEN: Final = Screen()
_RECENT_S: Final = 10.0
"""Over so many seconds losses are looked at."""
_FEWEST_LOST: Final = 3
_SILENT_S: Final = 1.0


class AlarmSources:
    """Remembers what it needs to tell a trouble that lasts from one that is over."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._counts: dict[str, deque[tuple[int, int]]] = {}
        self._since: dict[str, int] = {}
        self._late_since: int | None = None
        self._streaming: dict[str, int | None] = {}  # since when; 0 from the beginning, None not now

    def see(
        self,
        status: FeedStatus,
        latency: Latency | None,
        arrived_ns: Mapping[str, int],
        now_ns: int,
        position: int = -1,
        screen: Screen = NO_SCREEN,
    ) -> list[Condition]:
        """All that is wrong now.

        Args:
            latency: from the camera to the screen, of the slowest stream.
            arrived_ns: stream -> when the newest picture that was shown of it reached us, our clock.
            now_ns: our clock.
            position: of a replay.
            screen: what of the streams is painted.
        """
        here = Moment(position=position)
        found = [*self._feed(status, here), *self._engines(status, now_ns, here)]
        if status.mode is Mode.LIVE:
            found += self._recording(status, now_ns)
            if status.phase is Phase.RUNNING:
                found += self._cameras(status, arrived_ns, now_ns, screen.unpainted)
                found += self._painting(screen)
                found += self._clocks(status, now_ns)
                found += self._latency(latency, now_ns)
        lasting = {condition.key for condition in found}
        lasting |= {f"{WATCH}silent {s.info.name}" for s in status.streams if s.state == "silent"}
        self._since = {key: since for key, since in self._since.items() if key in lasting}
        return found

    # -- the cameras ------------------------------------------------------------------------------------------------

    def _cameras(
        self, status: FeedStatus, arrived_ns: Mapping[str, int], now_ns: int, unpainted: Collection[str]
    ) -> Iterator[Condition]:
        cameras: dict[str, list[StreamStatus]] = {}
        for stream in status.streams:
            cameras.setdefault(stream.info.camera or stream.info.name, []).append(stream)
        for camera, streams in cameras.items():
            names = ", ".join(s.info.name for s in streams)
            states = {s.state for s in streams}
            for state in (CameraState.GONE, CameraState.STALLED, CameraState.WAITING):
                if state in states:
                    yield self._down(f"{WATCH}camera {camera}", state, names, streams[0], now_ns)
                    break
            for stream in streams:
                # What comes and is not painted is a trouble of its own, and none of the camera.
                arrived = None if stream.info.name in unpainted else arrived_ns.get(stream.info.name)
                yield from self._stream(stream, arrived, now_ns)

    def _down(self, key: str, state: str, names: str, stream: StreamStatus, now_ns: int) -> Condition:
        """A camera that gives nothing at all: severe at once when it is gone, otherwise when it stays so."""
        words = tr("{names}: the camera is gone", names=names)
        severity = Severity.ALARM
        if state != CameraState.GONE:
            words = tr("{names}: no picture comes", names=names)
            severity = self._grows_severe(key, now_ns)
        return Condition(key, severity, _why(words, stream.note), Moment(stream.info.name))

    def _stream(self, stream: StreamStatus, arrived_ns: int | None, now_ns: int) -> Iterator[Condition]:
        name, here = stream.info.name, Moment(stream.info.name)
        streaming_ns = self._streaming_since(stream, now_ns)
        if stream.state == "silent":
            key = f"{WATCH}silent {name}"
            words = _why(tr("{name}: no picture comes", name=name), stream.note)
            severity = self._grows_severe(key, now_ns)
            if now_ns - self._since[key] >= _SILENT_S * 1e9:  # a camera that goes falls silent stream by stream
                yield Condition(key, severity, words, here)
        elif stream.state == CameraState.STREAMING and arrived_ns is not None:
            age = (now_ns - arrived_ns) / 1e9
            lasts = (now_ns - max(arrived_ns, streaming_ns or 0)) / 1e9  # what came before a loss tells nothing of now
            if lasts > max(self.limits.old_s, old_after_s(stream.info)):
                words = tr("{name}: the camera streams, but its picture is {age} old", name=name, age=age_words(age))
                yield Condition(f"{WATCH}old {name}", Severity.ALARM, words, here)
        lost = self._risen(f"lost {name}", max(0, stream.lost), now_ns)
        came = max(stream.fps, 0.0) * _RECENT_S if math.isfinite(stream.fps) else 0.0
        if lost >= _FEWEST_LOST and lost > self.limits.lost_share * (came + lost):
            words = tr("{name}: {n} frames lost in {s} s", name=name, n=lost, s=round(_RECENT_S))
            yield Condition(f"{WATCH}lost {name}", Severity.WARNING, words, here)

    def _streaming_since(self, stream: StreamStatus, now_ns: int) -> int | None:
        name = stream.info.name
        if stream.state != CameraState.STREAMING:
            self._streaming[name] = None
        elif self._streaming.setdefault(name, 0) is None:
            self._streaming[name] = now_ns
        return self._streaming[name]

    def _painting(self, screen: Screen) -> Iterator[Condition]:
        """What comes and does not reach the screen."""
        if screen.unpainted:
            words = tr("Pictures come, but none is painted")
            if not screen.is_none_painted:
                words = tr("{names}: pictures come, but they are not painted", names=", ".join(screen.unpainted))
            here = next((name for name in screen.unpainted if name in screen.seen), "")
            yield Condition(f"{WATCH}painted", Severity.ALARM, _why(words, _first(screen.why)), Moment(here))

    def _clocks(self, status: FeedStatus, now_ns: int) -> Iterator[Condition]:
        """One alarm a clock, however many streams it has."""
        seen: dict[str, list[str]] = {}
        by: dict[str, str] = {}
        for stream in status.streams:
            clock = stream.clock
            if clock is None or not self._risen(f"clock {stream.info.name}", clock.jumps, now_ns):
                continue
            whose = f"{stream.info.camera or stream.info.name} {stream.info.clock}"
            seen.setdefault(whose, []).append(stream.info.name)
            by[whose] = f"{clock.last_jump_ms / 1e3:+.3f}"
        for whose, names in seen.items():
            told = ", ".join(names)
            words = tr("{names}: a clock leapt by {by} s: times and latency are unsure", names=told, by=by[whose])
            yield Condition(f"{WATCH}clock {whose}", Severity.WARNING, words, Moment(names[0]))

    def _latency(self, latency: Latency | None, now_ns: int) -> Iterator[Condition]:
        limit = self.limits.latency_ms
        is_over = latency is not None and latency.kind is LatencyKind.MEASURED and latency.p95_ms > limit
        if latency is None or not is_over:
            self._late_since = None
            return
        self._late_since = now_ns if self._late_since is None else self._late_since
        if now_ns - self._late_since >= self.limits.latency_s * 1e9:
            words = tr(
                "{name}: the screen is {ms} behind the camera (limit {limit})",
                name=latency.stream,
                ms=ms_words(latency.p95_ms),
                limit=ms_words(limit),
            )
            yield Condition(f"{WATCH}latency", Severity.WARNING, words, Moment(latency.stream))

    # -- the recording ----------------------------------------------------------------------------------------------

    def _recording(self, status: FeedStatus, now_ns: int) -> Iterator[Condition]:
        recording = status.recording
        if recording is None:
            return
        name = recording.path.name
        if recording.is_over:
            if recording.reason:
                words = _why(tr("The recording {name} ended by itself", name=name), recording.reason)
                yield Condition(f"{WATCH}recording ended {name}", Severity.ALARM, words)
            return
        lost = {s: n for s, n in recording.lost.items() if self._risen(f"not recorded {name} {s}", n, now_ns)}
        if lost:
            told = ", ".join(f"{stream} {recording.lost[stream]}" for stream in lost)
            words = tr("The recording loses frames: {told}", told=told)
            yield Condition(f"{WATCH}recording lost", Severity.ALARM, words, Moment(next(iter(lost))))
        if self._risen(f"clips {name}", recording.clip_problems, now_ns):
            words = tr("{n} clips are not whole", n=recording.clip_problems)
            yield Condition(f"{WATCH}clips", Severity.WARNING, words)
        hours = recording.hours_left
        if hours is not None and math.isfinite(hours) and 60 * hours < self.limits.disk_warn_min:
            severity = Severity.ALARM if 60 * hours < self.limits.disk_alarm_min else Severity.WARNING
            yield Condition(f"{WATCH}disk", severity, tr("The disk is nearly full: {left}", left=disk_words(hours)))

    # -- what computes ----------------------------------------------------------------------------------------------

    def _feed(self, status: FeedStatus, here: Moment) -> Iterator[Condition]:
        if status.phase is Phase.FAILED:
            yield Condition(f"{WATCH}feed", Severity.ALARM, _why(tr("Nothing comes"), _first(status.problem)), here)
        elif status.phase is Phase.ENDED and status.mode is Mode.LIVE:
            words = _why(tr("The cameras have ended"), _first(status.problem))
            yield Condition(f"{WATCH}ended", Severity.WARNING, words, here)
        missing = sorted(status.missing)
        if missing:
            names = ", ".join(model_title(name) for name in missing)
            words = tr("Works without: {names}", names=names)
            yield Condition(f"{WATCH}missing", Severity.WARNING, words, here)

    def _engines(self, status: FeedStatus, now_ns: int, here: Moment) -> Iterator[Condition]:
        if self._risen("not computed", status.not_computed, now_ns):
            words = tr("Nothing is computed: no engine runs ({n} pictures)", n=status.not_computed)
            fault = next((state.fault for state in status.engines if state.fault), "")
            yield Condition(f"{WATCH}not computed", Severity.ALARM, _why(words, _first(fault)), here)
        for state in status.engines:
            name = model_title(state.model)
            if self._risen(f"failed {state.model}", state.failed, now_ns):
                words = _why(tr("{name}: no engine could compute it", name=name), _first(state.fault))
                yield Condition(f"{WATCH}failed {state.model}", Severity.ALARM, words, here)
            if left(state):
                gone = left(state)[0]
                words = tr(
                    "{name}: {engine} was given up, {other} runs",
                    name=name,
                    engine=wish_title(gone),
                    other=wish_title(state.wish),
                )
                words = _why(words, _first(state.reasons[gone]))
                yield Condition(f"{WATCH}engine {state.model}", Severity.WARNING, words, here)
            elif state.is_fallback:
                words = tr("{name}: the fallback {engine} runs", name=name, engine=wish_title(state.wish))
                why = "; ".join(f"{wish_title(wish)} {reason}" for wish, reason in state.reasons.items())
                yield Condition(f"{WATCH}engine {state.model}", Severity.NOTICE, _why(words, _first(why)), here)

    # -- within -----------------------------------------------------------------------------------------------------

    def _grows_severe(self, key: str, now_ns: int) -> Severity:
        lasts_s = (now_ns - self._since.setdefault(key, now_ns)) / 1e9
        return Severity.ALARM if lasts_s >= self.limits.silent_s else Severity.WARNING

    def _risen(self, name: str, count: int, now_ns: int) -> int:
        """By how much a count rose in the last seconds; all of them began at zero, with the window."""
        seen = self._counts.setdefault(name, deque([(now_ns, 0)], maxlen=256))
        if count < seen[-1][1]:
            seen.clear()  # it began anew
            seen.append((now_ns, 0))
        seen.append((now_ns, count))
        while len(seen) > 1 and seen[1][0] <= now_ns - _RECENT_S * 1e9:
            seen.popleft()
        return count - seen[0][1]


def behind_condition(why: str = "") -> Condition:
    """Nothing beside the window has said for a while how things are; ``why`` is what failed, where something did."""
    words = tr("The window does not keep up")
    return Condition(f"{WATCH}behind", Severity.ALARM, _why(words, _first(why)))


def event_condition(event: Event, severity: Severity = Severity.NOTICE, moment: Moment = NOWHERE) -> Condition:
    """An event that a rule found in the observations, as a line of the book. Raise it while it lasts, and clear it by
    its key when ``event.end_ns`` is known."""
    who = "" if event.face is None else tr(" (face {n})", n=event.face)
    words = f"{event.name}{who}"
    return Condition(f"{EVENT}{event.name} {event.face}", severity, _why(words, event.note), moment)


def _why(words: str, reason: str) -> str:
    return tr("{words}: {reason}", words=words, reason=system_words(reason)) if reason else words


def _first(text: str) -> str:
    """The first line of a reason, as long as a bar has room for."""
    line = system_words(text.strip().partition("\n")[0])
    return line if len(line) <= 120 else f"{line[:119]}…"
