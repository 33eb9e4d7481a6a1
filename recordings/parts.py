"""Sessions that are parts of one recording: what their notes say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from recordings.clip_file import CLIP_NOTE
from recordings.run_record import REPLAYABLE, WHY_NOT
from recordings.segments import RECORDING_NOTE, SEGMENT_NOTE
from recordings.session import SessionInfo

ORIGIN_NOTE: Final = "origin"
"""Note of a session: the id that everything cut from one recording shares, where no recorder gave it one."""

RECOVERED_NOTE: Final = "recovered_from"
"""Note of a session that was recovered: the id of the damaged one."""

CUT_NOTE: Final = "cut_of"
"""Note of a cut: the id of the session that it was cut from."""

CUT_FROM_NOTE: Final = "cut_from_s"
CUT_TO_NOTE: Final = "cut_to_s"
"""Notes of a cut: its span, in seconds from the first frame of the session that it was cut from."""

CUT_SPAN_NOTE: Final = "cut_host_ns"
"""Note of a cut: the same as host times, two integers."""

CUT_STREAMS_NOTE: Final = "cut_streams"
"""Note of a cut: its streams, where some were left out."""

MERGED_NOTE: Final = "merged_of"
"""Note of a merged session: the ids of what it was merged from, where these are no segments of one recording."""

SEGMENTS_NOTE: Final = "segments"
"""Note of a merged session: the segments in it, such as ``1-4,6``."""

RESULTS_NOTE: Final = "results_of"
"""Note of a merged session: the ids of those whose results it holds, where those of others were left out."""


def origin_of(info: SessionInfo) -> str:
    """The id that all parts of one recording share: segments, clips, cuts, recovered files."""
    for key in (RECORDING_NOTE, ORIGIN_NOTE, RECOVERED_NOTE):
        if info.notes.get(key):
            return info.notes[key]
    return info.id


def segments_of(info: SessionInfo) -> frozenset[int]:
    """Which whole segments of a recording a session holds; none for cuts, clips, and what no recorder wrote."""
    notes = info.notes
    if CUT_NOTE in notes or CLIP_NOTE in notes or RECORDING_NOTE not in notes:
        return frozenset()
    try:
        if SEGMENTS_NOTE in notes:
            return _numbers(notes[SEGMENTS_NOTE])
        return frozenset({int(notes[SEGMENT_NOTE])})
    except (KeyError, ValueError):
        return frozenset()


def is_piece(info: SessionInfo) -> bool:
    """Whether it is a cut or a clip: a piece of a recording that does not end where a segment does."""
    return CUT_NOTE in info.notes or CLIP_NOTE in info.notes


def cut_span(info: SessionInfo) -> tuple[int, int] | None:
    """First and last host time of a cut, in ns; None when it is none."""
    try:
        first, last = info.notes[CUT_SPAN_NOTE].split()
        return int(first), int(last)
    except (KeyError, ValueError):
        return None


def why_not_replayable(info: SessionInfo, run: Mapping[str, Any] | None) -> str | None:
    """Why a session's results cannot be computed again from it alone; None when nothing in it says that."""
    if run is None or run.get(REPLAYABLE) is not False:
        return None
    if WHY_NOT in run:
        return str(run[WHY_NOT])
    if info.notes.get(SEGMENT_NOTE, "1") != "1":
        return (
            f"it is segment {info.notes[SEGMENT_NOTE]} of a recording, and the steps remember the segments before it; "
            "session merge joins them"
        )
    return "not every frame that was processed is stored in it as it was"


def ranges(numbers: frozenset[int]) -> str:
    """Numbers as ``1-4,6``."""
    out: list[list[int]] = []
    for n in sorted(numbers):
        if out and n == out[-1][1] + 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in out)


def _numbers(text: str) -> frozenset[int]:
    found: set[int] = set()
    for word in text.split(","):
        first, _, last = word.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
