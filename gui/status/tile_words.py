"""The head of a picture in words: how fast it comes, how old it is, and what is wrong with it. No Qt widgets here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from drivers.camera import CameraState
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from gui.feed import Mode, StreamStatus
from gui.words import tr

STALE_S: Final = 1.0
"""A picture older than this (and than five frame times) is greyed and says so."""

_FUTURE_S: Final = -0.05
"""A frame that came later than now by more than this was stamped by another clock than ours."""

_NOTHING_COMES: Final = ("silent", CameraState.STALLED, CameraState.WAITING, CameraState.OPENING, CameraState.CLOSED)


@dataclass(frozen=True, slots=True)
class HeadWords:
    """What stands at the head of a tile.

    Attributes:
        text: beside the stream's name: ``29.9 fps · 34 ms · 2 lost``.
        badge: over the picture: ``STALE 3.2 s``, ``NO SIGNAL 3.2 s``, ``SHUTTER``, ``LOST 3.2 s``, ``ENDED``,
            ``CLOCK?``; empty while all is well.
        tone: of both: ``dim`` (all is well), ``warn``, or ``alarm``.
        is_old: the picture is not what is before the camera now: it is greyed.
    """

    text: str
    badge: str = ""
    tone: str = "dim"
    is_old: bool = False


def head_words(stream: StreamStatus | None, frame: Frame, now_ns: int, mode: Mode) -> HeadWords:
    """What a tile says of its picture.

    Args:
        stream: what is known of the stream; None when nothing is.
        frame: that is on the screen.
        now_ns: live: our clock, ``drivers.host_clock.now_ns()``. Replay: when the instant that is shown came, its
            ``FrameSet.host_ns``; a stream that has no frame there shows an older one, or after a step back a later one.
    """
    age = (now_ns - frame.host_ns) / 1e9
    if mode is Mode.REPLAY:
        return _replayed(stream, frame, abs(age))
    if age < _FUTURE_S:
        return HeadWords(_text(stream, None, False), tr("CLOCK?"), "warn", True)
    age = max(age, 0.0)
    is_old = age > old_after_s(frame.info)
    badge, tone = _badge(stream, frame, age, is_old)
    is_over = stream is not None and stream.state in (CameraState.ENDED, CameraState.GONE)
    is_old = is_old or is_over or bool(frame.flags & FrameFlag.STALE)
    return HeadWords(_text(stream, age, is_old), badge, tone, is_old)


def old_after_s(info: StreamInfo) -> float:
    """From what age on a stream's picture is old, s."""
    return max(STALE_S, 5.0 / info.fps) if math.isfinite(info.fps) and info.fps > 0 else STALE_S


def age_words(seconds: float) -> str:
    """``34 ms``, ``3.2 s``, ``4 min``, ``2.5 h``: how old something is."""
    if not math.isfinite(seconds) or seconds < 0:
        return tr("age unknown")
    if seconds < 0.9995:
        return tr("{n} ms", n=round(1e3 * seconds))
    if seconds < 99.95:
        return tr("{n} s", n=f"{seconds:.1f}")
    if seconds < 7200:
        return tr("{n} min", n=round(seconds / 60))
    return tr("{n} h", n=f"{seconds / 3600:.1f}") if seconds < 172_800 else tr("{n} days", n=round(seconds / 86400))


def rate_words(fps: float) -> str:
    """``29.9 fps``; a rate that is no number is said to be unknown."""
    return tr("{n} fps", n=f"{fps:.1f}") if math.isfinite(fps) and fps >= 0 else tr("? fps")


def _replayed(stream: StreamStatus | None, frame: Frame, off_s: float) -> HeadWords:
    """A recorded picture is old against the instant that is shown, not against the wall."""
    told = [] if stream is None or not stream.fps else [rate_words(stream.fps)]
    if frame.flags & FrameFlag.DROPPED_BEFORE:
        told.append(tr("frames lost before it"))
    text = " · ".join(told)
    if off_s > old_after_s(frame.info):
        return HeadWords(text, tr("STALE {age}", age=age_words(off_s)), "warn", True)
    if frame.flags & FrameFlag.STALE:
        return HeadWords(text, tr("STALE"), "warn", True)
    if frame.flags & FrameFlag.SHUTTER:
        return HeadWords(text, tr("SHUTTER"), "warn")
    return HeadWords(text)


def _badge(stream: StreamStatus | None, frame: Frame, age: float, is_old: bool) -> tuple[str, str]:
    """What is wrong and how bad it is; what the camera says of itself never makes an old picture look new."""
    state = "" if stream is None else stream.state
    since = age_words(age)
    if state == CameraState.ENDED:
        return tr("ENDED"), "warn"
    if state == CameraState.GONE:
        return tr("LOST {age}", age=since), "alarm"
    if state in _NOTHING_COMES:
        return tr("NO SIGNAL {age}", age=since), "alarm"
    if state == CameraState.PAUSED:
        return (tr("SHUTTER {age}", age=since) if _has_shutter(frame) else tr("PAUSED {age}", age=since)), "warn"
    if is_old:
        return tr("STALE {age}", age=since), "alarm"
    if frame.flags & FrameFlag.STALE:
        return tr("STALE"), "alarm"
    if frame.flags & FrameFlag.SHUTTER:
        return tr("SHUTTER"), "warn"
    return "", "dim"


def _has_shutter(frame: Frame) -> bool:
    return frame.kind is StreamKind.THERMAL


def _text(stream: StreamStatus | None, age: float | None, is_old: bool) -> str:
    """The rate, the age since the frame reached us, the losses. An old picture has no rate, whatever the last was."""
    told = []
    if stream is not None:
        told.append(rate_words(0.0 if is_old else stream.fps))
    told.append(tr("age unknown") if age is None else age_words(age))
    if stream is not None and stream.lost > 0:
        told.append(tr("{n} lost", n=stream.lost))
    return " · ".join(told)
