"""A recording in words: what the operator of a live window must know of it at a glance. No Qt here."""

from __future__ import annotations

import math

from gui.feed import RecordingStatus


def badge_words(status: RecordingStatus) -> str:
    """In the corner of the window: ``REC 1.2 GB, 33 MB/s, 14.2 h left on the disk``."""
    if status.is_over:
        return "RECORDING FAILED" if status.reason else f"recorded {size_words(status.bytes_written)}"
    parts = [f"REC {size_words(status.bytes_written)}"]
    if status.bytes_per_second is not None:
        parts.append(f"{size_words(status.bytes_per_second)}/s")
    if lost := sum(status.lost.values()):
        parts.append(f"{lost} {'frame' if lost == 1 else 'frames'} LOST")
    elif status.clip_problems:
        parts.append("clips not whole")
    elif status.hours_left is not None:
        parts.append(hours_words(status.hours_left))
    return ", ".join(parts)


def detail_words(status: RecordingStatus) -> str:
    """All of it, for who looks closer."""
    lines = [f"{status.path.name}: {status.frames} frames, {size_words(status.bytes_written)}, {status.profile}"]
    if status.free_bytes is not None:
        left = "" if status.hours_left is None else f", {hours_words(status.hours_left)}"
        lines.append(f"{size_words(status.free_bytes)} free{left}")
    lines += [f"{count} frames of {stream} are not in it" for stream, count in status.lost.items() if count]
    if status.clips or status.clip_problems:
        lines.append(f"{status.clips} clips, {status.clip_problems} problems with them")
    if status.reason:
        lines.append(f"ended: {status.reason}")
    return "\n".join(lines)


def size_words(count: float) -> str:
    """Bytes for people, in powers of ten, as disks are sold."""
    for limit, unit, digits in ((1e12, "TB", 2), (1e9, "GB", 1), (1e6, "MB", 0), (1e3, "kB", 0)):
        if count >= limit:
            return f"{count / limit:.{digits}f} {unit}"
    return f"{count:.0f} B"


def hours_words(hours: float) -> str:
    """How long the disk still takes it."""
    if math.isinf(hours):
        return "old files make room"
    if hours < 2:
        return f"{60 * hours:.0f} min left on the disk"
    return f"{hours:.1f} h left on the disk" if hours < 100 else f"{hours / 24:.0f} days left on the disk"
