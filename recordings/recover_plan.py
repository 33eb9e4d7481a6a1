"""Which frames and messages of a damaged file are saved: each frame once, and only what is proven.

A frame is proven by the checksum of its pixels. Its number, times and flags are not under that checksum: they are taken
from what a CRC covers (its chunk, or the frame index at the end); where neither is left, only if they fit between those
of their neighbours and the damage of their chunk has been found elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag, StreamInfo
from recordings import channels, schemas
from recordings.byte_source import ByteSource
from recordings.container_writer import ChannelSpec
from recordings.image_parts import image_parts, is_intact
from recordings.recover_info import Known
from recordings.stored import StoredFrame
from recordings.survey import Broken, ContentCache, Rows, Survey

_KNOWN_FLAGS: Final = sum(FrameFlag)
_TRIES: Final = 4
"""Copies of one frame that are tried."""
_UNPROVEN_BYTES: Final = 1 << 30
"""Of unproven images that are looked at, and as much again a byte of the file: more is no accident."""

_OURS: Final = {s.topic: s for s in (channels.OBSERVATIONS, channels.EVENTS, channels.SCHEDULE, channels.LOG)}


class PlannedFrame(NamedTuple):
    """A frame to save: what is known of it, and the rows of its image's copies, the best first."""

    stream: str
    words: Any
    images: NDArray[Any]
    is_checked: bool


CHOICE_ROW: Final = np.dtype(
    [
        *((name, "<i8") for name in ("number", "device_ns", "host_ns", "flags")),
        ("checksum", "<u8"),
        *((name, "<i8") for name in ("first", "count", "checked")),
    ]
)
"""A frame to save: what is known of it, the row of its image, how many copies that has, whether it is checked."""


class StreamPlan:
    """The frames of one stream that are saved.

    Args:
        info: the stream.
        images: rows of its images (survey.MESSAGE_ROW), by time.
        choices: rows of :data:`CHOICE_ROW`, by host time.
    """

    def __init__(self, info: StreamInfo, images: NDArray[Any], choices: NDArray[Any]) -> None:
        self.info = info
        self._images = images
        self.choices = choices

    def __len__(self) -> int:
        return len(self.choices)

    def frame(self, k: int) -> PlannedFrame:
        """The frame at a position."""
        row = self.choices[k]
        first, count = int(row["first"]), int(row["count"])
        return PlannedFrame(self.info.name, row, self._images[first : first + count], bool(row["checked"]))

    @property
    def first_images(self) -> NDArray[Any]:
        """Of each frame the first copy of its image."""
        out: NDArray[Any] = self._images[self.choices["first"]]
        return out


class PlannedMessage(NamedTuple):
    """A message that is no frame: to be copied as it is."""

    spec: ChannelSpec
    row: Any


@dataclass
class Plan:
    """What is saved."""

    streams: dict[str, StreamPlan]
    specs: dict[int, ChannelSpec]
    """Channel id -> channel of the messages that are no frames."""
    messages: NDArray[Any]
    unknown_messages: int
    """Whole messages on channels whose descriptions are lost."""

    def in_order(self) -> Iterator[PlannedFrame | PlannedMessage]:
        """In the order of the file; by host time where damage (a range that is there twice) has mixed that up."""
        plans = list(self.streams.values())
        mixed = any(_is_mixed(plan.first_images) for plan in plans)
        keys = ("at", "offset", "log_time")
        parts = [plan.first_images for plan in plans] + [self.messages]
        at, offset, time = (np.concatenate([p[k] for p in parts]) for k in keys)
        of = np.concatenate([np.full(len(p), n) for n, p in enumerate(parts)])
        position = np.concatenate([np.arange(len(p)) for p in parts])
        order = np.lexsort((offset, at, time) if mixed else (offset, at))
        for n, k in zip(of[order].tolist(), position[order].tolist(), strict=True):
            if n < len(plans):
                yield plans[n].frame(k)
            else:
                row = self.messages[k]
                yield PlannedMessage(self.specs[int(row["channel"])], row)


def _is_mixed(rows: NDArray[Any]) -> bool:
    """Whether rows by time are not in the order of the file, too."""
    order = np.lexsort((rows["offset"], rows["at"]))
    return bool((order != np.arange(len(rows))).any())


def make_plan(source: ByteSource, survey: Survey, known: Known) -> Plan:
    """Choose what is saved; images that no CRC covers are checked already."""
    planner = _Planner(source, survey, known)
    planner.check_repaired()
    streams = {s.name: planner.stream(s) for s in known.info.streams}
    return Plan(streams, *planner.messages())


def stored_frame(
    source: ByteSource, survey: Survey, frame: PlannedFrame, info: StreamInfo, cache: ContentCache
) -> StoredFrame | None:
    """The frame as it is to be written, out of the first of its copies that is intact; None when none is."""
    for row in frame.images:
        stored = _joined(info, frame.words, survey.message_data(source, row, cache))
        if stored is not None and (frame.is_checked or is_intact(stored)):
            return stored
    return None


def _joined(info: StreamInfo, words: Any, message: bytes) -> StoredFrame | None:
    parts = image_parts(message)
    if parts is None or parts.stream != info.name:
        return None
    return StoredFrame(
        info=info,
        number=int(words["number"]),
        device_ns=int(words["device_ns"]),
        host_ns=int(words["host_ns"]),
        flags=FrameFlag(int(words["flags"]) & _KNOWN_FLAGS),
        codec=parts.codec,
        data=parts.data,
        checksum=int(words["checksum"]),
    )


class _Planner:
    def __init__(self, source: ByteSource, survey: Survey, known: Known) -> None:
        self._source = source
        self._survey = survey
        self._known = known
        self._cache = ContentCache()
        self._allowance = _UNPROVEN_BYTES + source.size

    def check_repaired(self) -> None:
        """Believe a chunk in which a bit was turned only if every image in it is intact.

        Larger damage has one chance in some thousands to look like a single bit; then an image of it still differs.
        """
        survey = self._survey
        streams: dict[str | None, StreamInfo] = {s.name: s for s in self._known.info.streams}
        for chunk in survey.chunks:
            if chunk.state != "repaired":
                continue
            at = chunk.head.offset
            for row in survey.messages[survey.messages["at"] == at]:
                name = self._known.images.get(int(row["channel"]))
                if name not in streams:
                    continue
                words = survey.words[survey.words["host_ns"] == row["log_time"]]
                mine = [c for c, stream in self._known.words.items() if stream == name]
                words = words[np.isin(words["channel"], mine)]
                message = survey.message_data(self._source, row, self._cache)
                info = streams[name]
                if not any((s := _joined(info, w, message)) is not None and is_intact(s) for w in words):
                    survey.messages["proven"][survey.messages["at"] == at] = 0
                    survey.words["proven"][survey.words["at"] == at] = 0
                    survey.repaired -= 1
                    survey.broken.append(Broken(at, chunk.end, "a damaged chunk"))
                    break
        survey.broken.sort()

    # -- frames ------------------------------------------------------------------------------------------------

    def stream(self, info: StreamInfo) -> StreamPlan:
        images = self._rows_of(self._survey.messages, self._known.images, info.name, "log_time")
        words = self._rows_of(self._survey.words, self._known.words, info.name, "host_ns")
        index = expected_frames(self._survey, self._known, info.name)
        proven = words[words["proven"] == 1]
        choices = Rows(CHOICE_ROW)
        doubtful: list[tuple[Any, int]] = []
        failed: set[int] = set()
        bounds = np.flatnonzero(np.diff(images["log_time"], prepend=-1)).tolist()
        for begin, end in zip(bounds, [*bounds[1:], len(images)], strict=False):
            host_ns = int(images[begin]["log_time"])
            said = _at(proven, host_ns)
            if said is None and index is not None:
                said = _at(index, host_ns)
            if said is not None and images[begin]["proven"]:
                _choose(choices, said, begin, min(end - begin, _TRIES), checked=False)
            elif said is not None:
                found = self._intact(info, said, images, begin, end)
                if found is not None:
                    _choose(choices, said, found, 1, checked=True)
            elif index is None:
                tried = [(one, self._intact(info, one, images, begin, end)) for one in _all_at(words, host_ns)[:_TRIES]]
                good = [(one, k) for one, k in tried if k is not None]
                doubtful += good[:1]
                if not good:
                    failed.update(images[begin:end]["at"].tolist())
        self._add_doubtful(choices, doubtful, failed)
        rows = choices.rows()
        return StreamPlan(info, images, rows[np.argsort(rows["host_ns"], kind="stable")])

    def _rows_of(self, rows: NDArray[Any], of: Any, stream: str, time: str) -> NDArray[Any]:
        """The stream's rows by time, those that a CRC covers first, then as in the file."""
        mine = [channel for channel, name in of.items() if name == stream]
        rows = rows[np.isin(rows["channel"], mine)]
        return rows[np.lexsort((rows["at"], -rows["proven"], rows[time]))]

    def _intact(self, info: StreamInfo, words: Any, images: NDArray[Any], begin: int, end: int) -> int | None:
        """The row of the first copy of an image that fits its checksum."""
        for k in range(begin, min(end, begin + _TRIES)):
            self._allowance -= int(images[k]["length"])
            if self._allowance < 0:
                return None
            stored = _joined(info, words, self._survey.message_data(self._source, images[k], self._cache))
            if stored is not None and is_intact(stored):
                return k
        return None

    def _add_doubtful(self, choices: Rows, doubtful: list[tuple[Any, int]], failed: set[int]) -> None:
        """Frames whose numbers and times nothing proves: those that fit, where the damage is known to be elsewhere."""
        sure = choices.rows()
        sure = sure[np.argsort(sure["host_ns"], kind="stable")]
        before: Any = None
        for words, image in doubtful:  # by time
            at = int(words["at"])
            if at in self._survey.framed and at not in failed:
                continue
            k = int(np.searchsorted(sure["host_ns"], words["host_ns"]))
            fits = k == 0 or _is_before(sure[k - 1], words)
            fits = fits and (before is None or _is_before(before, words))
            if fits and (k == len(sure) or _is_before(words, sure[k])):
                before = words
                _choose(choices, words, image, 1, checked=True)

    # -- everything else ---------------------------------------------------------------------------------------

    def messages(self) -> tuple[dict[int, ChannelSpec], NDArray[Any], int]:
        """What is no frame and is proven: channels, rows, and how many are on channels that nobody describes."""
        rows = self._survey.messages
        rows = rows[~np.isin(rows["channel"], list(self._known.images))]
        rows = rows[rows["proven"] == 1]
        # the writer writes these by itself
        calibrations = {schemas.calibration_topic(s.name) for s in self._known.info.streams}
        specs: dict[int, ChannelSpec] = {}
        unknown = 0
        for channel in np.unique(rows["channel"]).tolist():
            mine = rows[rows["channel"] == channel]
            spec = self._spec(channel, mine[0])
            if spec is None:
                unknown += len(mine)
            elif spec.topic not in calibrations:
                specs[channel] = spec
        return specs, rows[np.isin(rows["channel"], list(specs))], unknown

    def _spec(self, channel: int, row: Any) -> ChannelSpec | None:
        found = self._survey.channels.get(channel)
        if found is None or not found.trust:
            return _spec_by_content(self._survey.message_data(self._source, row, self._cache))
        record = found.record
        if record.topic in _OURS:
            return _OURS[record.topic]
        schema = self._survey.schemas.get(record.schema_id)
        if record.schema_id and (schema is None or not schema.trust):
            return None
        return ChannelSpec(
            topic=record.topic,
            message_encoding=record.message_encoding,
            schema_name=schema.record.name if schema else "",
            schema_encoding=schema.record.encoding if schema else "",
            schema_data=schema.record.data if schema else b"",
            metadata=dict(record.metadata),
        )


def _spec_by_content(data: bytes) -> ChannelSpec | None:
    """Which of our channels a message is on, by what it holds."""
    try:
        said = json.loads(data) if data.startswith(b"{") else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    for key, spec in (
        ("faces", channels.OBSERVATIONS),
        ("engines", channels.SCHEDULE),
        ("begin_ns", channels.EVENTS),
    ):
        if key in said and "schema_version" in said:
            return spec
    return None


def expected_frames(survey: Survey, known: Known, stream: str) -> NDArray[Any] | None:
    """The stream's frame index; None without one, or when another program cut the file and left it as it was."""
    index = survey.indexes.get(stream)
    if index is None or survey.counts is None:
        return index
    counts = [n for channel, n in survey.counts.items() if known.images.get(channel) == stream]
    if counts and sum(counts) != len(index):
        return None
    return index


def _choose(choices: Rows, words: Any, first: int, count: int, *, checked: bool) -> None:
    checksum = int(words["checksum"])
    choices.add(
        int(words["number"]),
        int(words["device_ns"]),
        int(words["host_ns"]),
        int(words["flags"]),
        checksum if checksum < 1 << 63 else checksum - (1 << 64),
        first,
        count,
        checked,
    )


def _is_before(a: Any, b: Any) -> bool:
    return bool(a["number"] < b["number"] and a["device_ns"] < b["device_ns"])


def _at(rows: NDArray[Any], host_ns: int) -> Any | None:
    k = int(np.searchsorted(rows["host_ns"], host_ns))
    return rows[k] if k < len(rows) and rows[k]["host_ns"] == host_ns else None


def _all_at(rows: NDArray[Any], host_ns: int) -> NDArray[Any]:
    begin, end = np.searchsorted(rows["host_ns"], [host_ns, host_ns + 1])
    return rows[begin:end]
