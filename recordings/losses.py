"""What a recovery saved and what was lost: counted where it can be counted, a lower bound where not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recordings import schemas
from recordings.recover_info import Known
from recordings.recover_plan import Plan, expected_frames
from recordings.survey import Broken, Survey

_SHOWN: Final = 20
"""Gaps and damaged places that are told one by one."""

_TITLES: Final = {
    schemas.OBSERVATIONS_TOPIC: "observations",
    schemas.EVENTS_TOPIC: "events",
    schemas.SCHEDULE_TOPIC: "schedule entries",
    schemas.LOG_TOPIC: "log lines",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without frames of a stream.

    Attributes:
        after_ns, before_ns: host times of the frames that were saved on both sides; None at the beginning or end.
        frames: how many were lost there; 0 when that is not known.
    """

    after_ns: int | None
    before_ns: int | None
    frames: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many were saved and lost; the latter a lower bound unless ``is_exact``."""

    saved: int
    lost: int
    is_exact: bool

    def words(self) -> str:
        if self.is_exact:
            return f"{self.saved} saved, {self.lost} lost" if self.lost else f"{self.saved} saved, none lost"
        return f"{self.saved} saved, " + (f"at least {self.lost} lost" if self.lost else "none known to be lost")


@dataclass(frozen=True, slots=True)
class StreamLoss:
    """Of one stream: how many frames were saved and lost, and when."""

    count: Counted
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class RecoverReport:
    """What :func:`recordings.recover.recover_session` did.

    Attributes:
        path: the session that was written.
        streams: by name.
        messages: what is no frame: ``observations``, ``events``, ``schedule entries``, or a topic.
        broken: ranges of the file that were not whole.
        unsaid: what of the description was lost or guessed; attachments and records that were lost.
        repaired_bits: single flipped bits that were put right.
        duplicates: chunks that were in the file more than once.
        is_ended: whether the recording had been finished.
        seconds: from the first to the last frame that was saved.
        bytes: size of the result.
        start_ns: host time of its first frame; 0 without frames.
    """

    path: Path
    streams: Mapping[str, StreamLoss]
    messages: Mapping[str, Counted]
    broken: tuple[Broken, ...]
    unsaid: tuple[str, ...]
    repaired_bits: int
    duplicates: int
    is_ended: bool
    seconds: float
    bytes: int
    start_ns: int = field(default=0)

    @property
    def bytes_damaged(self) -> int:
        """Of the file."""
        return sum(b.end - b.begin for b in self.broken)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost as far as anything can tell.

        Of a recording that was cut off between two chunks that is true: what had not reached the file yet cannot be
        known.
        """
        counts = [*(s.count for s in self.streams.values()), *self.messages.values()]
        if self.unsaid or any(c.lost for c in counts):
            return False
        return not self.broken or all(c.is_exact for c in counts)

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "nothing_lost": self.is_whole,
            "streams": {
                name: {
                    **_json_of(loss.count),
                    "gaps": [{"after_ns": g.after_ns, "before_ns": g.before_ns, "frames": g.frames} for g in loss.gaps],
                }
                for name, loss in self.streams.items()
            },
            "messages": {name: _json_of(count) for name, count in self.messages.items()},
            "bytes_damaged": self.bytes_damaged,
            "damaged": [{"from_byte": b.begin, "to_byte": b.end, "what": b.what} for b in self.broken],
            "lost_of_the_description": list(self.unsaid),
            "repaired_bits": self.repaired_bits,
            "duplicate_chunks": self.duplicates,
            "was_finished": self.is_ended,
            "seconds": self.seconds,
            "bytes": self.bytes,
        }

    def lines(self) -> list[str]:
        """The report for people."""
        out = [f"{self.path}: {self.seconds:.2f} s, {self.bytes / 1e6:.1f} MB"]
        for name, loss in self.streams.items():
            out.append(f"{name}: {loss.count.words()}")
            out += [f"  {self._gap_words(gap)}" for gap in loss.gaps[:_SHOWN]]
            if len(loss.gaps) > _SHOWN:
                out.append(f"  and {len(loss.gaps) - _SHOWN} more such times (--json tells all)")
        out += [f"{name}: {count.words()}" for name, count in self.messages.items()]
        out += list(self.unsaid)
        if self.broken:
            out.append(f"damaged: {self.bytes_damaged} bytes in {len(self.broken)} places")
            out += [f"  bytes {b.begin} to {b.end}: {b.what}" for b in self.broken[:_SHOWN]]
        if self.repaired_bits:
            out.append(f"{self.repaired_bits} flipped bits were found by their CRC and put right")
        if self.duplicates:
            out.append(f"{self.duplicates} chunks were in the file twice and are kept once")
        if not self.is_ended:
            out.append("the recording was not finished: what had not reached the file cannot be counted")
        whole = "nothing is lost" if self.is_ended else "everything that had reached the file is saved"
        out.append(whole if self.is_whole else "something was lost; what was saved reads")
        return out

    def _gap_words(self, gap: Gap) -> str:
        def at(ns: int) -> str:
            return f"{(ns - self.start_ns) / 1e9:.3f} s"

        lost = f"{gap.frames} lost" if gap.frames else "lost"
        if gap.after_ns is None and gap.before_ns is None:
            return lost
        if gap.after_ns is None:
            return f"{lost} before {at(gap.before_ns or 0)}"
        if gap.before_ns is None:
            return f"{lost} after {at(gap.after_ns)}"
        return f"{lost} between {at(gap.after_ns)} and {at(gap.before_ns)}"


def _json_of(count: Counted) -> dict[str, Any]:
    return {"saved": count.saved, "lost": count.lost, "lost_is_exact": count.is_exact}


class Counter:
    """Counts the losses of a file.

    Args:
        survey, known, plan: of the file.
        failed: stream -> host times of planned frames that turned out not to be intact.
    """

    def __init__(self, survey: Survey, known: Known, plan: Plan, failed: Mapping[str, set[int]]) -> None:
        self._survey = survey
        self._known = known
        self._plan = plan
        self._failed = failed
        proven = survey.messages[survey.messages["proven"] == 1]
        # This program counts a channel's messages from 0, others from 1.
        self._counts_from_0 = survey.written_by.startswith("tapetum") or bool((proven["sequence"] == 0).any())

    def streams(self) -> dict[str, StreamLoss]:
        """Of every stream."""
        return {name: self._stream(name) for name in self._plan.streams}

    def messages(self) -> dict[str, Counted]:
        """Of what is no frame."""
        saved: dict[str, list[int]] = {}
        for channel, spec in self._plan.specs.items():
            saved.setdefault(spec.topic, []).append(channel)
        counts = self._survey.counts
        ours = {schemas.calibration_topic(name) for name in self._plan.streams}
        for channel in counts or {}:
            found = self._survey.channels.get(channel)
            if found is None or channel in self._known.images or channel in self._known.words:
                continue
            if found.record.topic not in ours and not _is_frame_topic(found.record.topic):
                saved.setdefault(found.record.topic, []).append(channel)
        out = {}
        for topic, channels in saved.items():
            rows = self._plan.messages[np.isin(self._plan.messages["channel"], channels)]
            if counts is not None:
                total = sum(counts.get(channel, 0) for channel in set(channels))
                out[_TITLES.get(topic, topic)] = Counted(len(rows), max(0, total - len(rows)), is_exact=True)
            else:
                _, lost, exact = self._by_sequence(rows)
                out[_TITLES.get(topic, topic)] = Counted(len(rows), lost, exact)
        if self._plan.unknown_messages:
            out["messages on channels that nothing describes"] = Counted(0, self._plan.unknown_messages, is_exact=True)
        return out

    # -- inside ------------------------------------------------------------------------------------------------

    def _stream(self, name: str) -> StreamLoss:
        plan = self._plan.streams[name]
        failed = np.array(sorted(self._failed.get(name, ())), np.int64)
        kept = ~np.isin(plan.choices["host_ns"], failed)
        times = plan.choices["host_ns"][kept]
        index = expected_frames(self._survey, self._known, name)
        if index is not None:
            lost = np.sort(index["host_ns"][~np.isin(index["host_ns"], times)])
            return StreamLoss(Counted(len(times), len(lost), is_exact=True), _gaps(times, lost))
        images = plan.first_images[kept]
        gaps, by_sequence, exact = self._by_sequence(images)
        channels = [c for c, stream in self._known.images.items() if stream == name]
        known = self._indexed_times(channels)
        missing = np.setdiff1d(known, times)
        if len(missing) > by_sequence:
            gaps = _gaps(times, missing)
        lost_at_least = max(by_sequence, len(missing), len(failed))
        if self._survey.counts is not None and channels:
            total = sum(self._survey.counts.get(c, 0) for c in channels)
            return StreamLoss(Counted(len(times), max(0, total - len(times)), is_exact=True), gaps)
        return StreamLoss(Counted(len(times), lost_at_least, exact), gaps)

    def _indexed_times(self, channels: list[int]) -> NDArray[np.int64]:
        """Times of messages in chunks that are not whole, as the message indexes behind these say."""
        times = [t for one in self._survey.indexed if one.channel in channels for t in one.log_times if t < 1 << 63]
        return np.unique(np.array(times, np.int64))

    def _by_sequence(self, rows: NDArray[Any]) -> tuple[tuple[Gap, ...], int, bool]:
        """Gaps, number of lost messages, and whether it is exact, by the sequence numbers of those that were saved."""
        if not len(rows):
            return (), 0, self._survey.is_ended and not self._survey.broken_data
        rows = rows[np.lexsort((rows["offset"], rows["at"]))]
        order = np.argsort(rows["log_time"], kind="stable")
        sequences, times, at = rows["sequence"][order], rows["log_time"][order], rows["at"][order]
        steps = np.diff(sequences)
        jumps = np.flatnonzero(steps != 1)
        if (steps < 1).any() or any(not self._broken_between(int(at[k]), int(at[k + 1])) for k in jumps):
            return (), 0, not self._survey.broken_data and self._survey.is_ended  # another program's numbers
        gaps = [Gap(int(times[k]), int(times[k + 1]), int(steps[k]) - 1) for k in jumps]
        before = int(sequences[0]) - (not self._counts_from_0)
        if before > 0:
            gaps.insert(0, Gap(None, int(times[0]), before))
        last = int(at.max())
        exact = self._survey.is_ended and not any(b.begin >= last for b in self._survey.broken_data)
        exact = exact and (before <= 0 or self._counts_from_0)
        return tuple(gaps), int(steps[jumps].sum()) - len(jumps) + max(0, before), exact

    def _broken_between(self, first: int, last: int) -> bool:
        first, last = min(first, last), max(first, last)
        return any(b.begin <= last and b.end > first for b in self._survey.broken)


def _is_frame_topic(topic: str) -> bool:
    return topic.endswith(("/image", "/frame"))


def _gaps(kept: NDArray[np.int64], lost: NDArray[np.int64]) -> tuple[Gap, ...]:
    """Where times that were lost lie between those that were kept; both sorted."""
    places, counts = np.unique(np.searchsorted(kept, lost), return_counts=True)
    return tuple(
        Gap(int(kept[k - 1]) if k else None, int(kept[k]) if k < len(kept) else None, int(n))
        for k, n in zip(places.tolist(), counts.tolist(), strict=True)
    )
