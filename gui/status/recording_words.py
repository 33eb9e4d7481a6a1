"""A recording in words: what the operator of a live window must know of it at a glance. No Qt here."""

from __future__ import annotations

import math

from gui.feed import RecordingStatus
from gui.words import tr


def badge_words(status: RecordingStatus) -> str:
    """In the corner of the window: ``REC 1.2 GB, 33 MB/s, 14.2 h left on the disk``."""
    if status.is_over:
        if status.reason:
            return tr("RECORDING FAILED")
        return tr("recorded {size}", size=size_words(status.bytes_written))
    parts = [tr("REC {size}", size=size_words(status.bytes_written))]
    if status.bytes_per_second is not None:
        parts.append(tr("{size}/s", size=size_words(status.bytes_per_second)))
    if lost := sum(status.lost.values()):
        parts.append(tr("1 frame LOST") if lost == 1 else tr("{n} frames LOST", n=lost))
    elif status.clip_problems:
        parts.append(tr("clips not whole"))
    elif status.hours_left is not None:
        parts.append(hours_words(status.hours_left))
    return ", ".join(parts)


def detail_words(status: RecordingStatus) -> str:
    """All of it, for who looks closer."""
    lines = [
        tr(
            "{name}: {n} frames, {size}, {profile}",
            name=status.path.name,
            n=status.frames,
            size=size_words(status.bytes_written),
            profile=status.profile,
        )
    ]
    if status.free_bytes is not None:
        free = tr("{size} free", size=size_words(status.free_bytes))
        lines.append(free if status.hours_left is None else f"{free}, {hours_words(status.hours_left)}")
    lost = {stream: count for stream, count in status.lost.items() if count}
    lines += [tr("{n} frames of {stream} are not in it", n=count, stream=stream) for stream, count in lost.items()]
    if status.clips or status.clip_problems:
        lines.append(tr("{n} clips, {m} problems with them", n=status.clips, m=status.clip_problems))
    if status.reason:
        lines.append(tr("ended: {reason}", reason=status.reason))
    return "\n".join(lines)


def size_words(count: float) -> str:
    """Bytes for people, in powers of ten, as disks are sold."""
    for limit, unit, digits in ((1e12, "TB", 2), (1e9, "GB", 1), (1e6, "MB", 0), (1e3, "kB", 0)):
        if count >= limit:
            return f"{count / limit:.{digits}f} {unit}"
    return f"{count:.0f} B"


def hours_words(hours: float) -> str:
    """How long the disk still takes it, in a sentence."""
    return disk_words(hours) if math.isinf(hours) else tr("{time} left on the disk", time=disk_words(hours))


def disk_words(hours: float) -> str:
    """How long the disk still takes it: ``48 min``, ``14.2 h``, ``9 days``."""
    if math.isnan(hours) or hours < 0:
        return tr("unknown")
    if math.isinf(hours):
        return tr("old files make room")
    if hours < 2:
        return tr("{n} min", n=f"{60 * hours:.0f}")
    return tr("{n} h", n=f"{hours:.1f}") if hours < 100 else tr("{n} days", n=f"{hours / 24:.0f}")
