"""What a recorder says of itself, for the screen and the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers.channels import ChannelCount


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """A snapshot.

    Attributes:
        path: the first file of the recording; in profile ``events`` there is none, its clips are named after it.
        profile: evidence, watch or events.
        state: ``recording``, ``ended`` (closed by request) or ``failed``.
        reason: why it failed; '' otherwise.
        frames: frames taken and not lost, all streams.
        lost: stream -> frames that were not recorded.
        bytes_written: of all files so far.
        bytes_per_second: over the last seconds; None until measured.
        free_bytes: on the disk; None where it cannot be told.
        hours_left: until the disk is full at this rate; None until measured, inf when it never will be.
        quota_holds: the oldest files go before the disk is full.
        queue: what waits for the recorder, and queue_bytes.
        files: written so far, the present one included; clips are counted apart.
        clips: written so far; clips_open: being written.
        clip_problems: clips that failed, and frames that clips lack.
    """

    path: Path
    profile: str
    state: Literal["recording", "ended", "failed"]
    reason: str
    frames: int
    lost: Mapping[str, int]
    bytes_written: int
    bytes_per_second: float | None
    free_bytes: int | None
    hours_left: float | None
    quota_holds: bool
    queue: ChannelCount
    queue_bytes: int
    files: int
    clips: int
    clips_open: int
    clip_problems: int

    def words(self) -> str:
        """One line for people."""
        words = [f"{self.bytes_written / 1e9:.2f} GB"]
        if self.bytes_per_second is not None:
            words.append(f"{self.bytes_per_second / 1e6:.1f} MB/s")
        if self.quota_holds:
            words.append("the quota makes room")
        elif self.hours_left is not None and self.hours_left != float("inf"):
            words.append(f"{self.hours_left:.1f} h left on the disk")
        if self.clips or self.clips_open:
            words.append(f"{self.clips} clips{f', {self.clips_open} open' if self.clips_open else ''}")
        if self.clip_problems:
            words.append(f"{self.clip_problems} PROBLEMS with clips")
        if self.lost:
            words.append("LOST " + ", ".join(f"{count} {name}" for name, count in sorted(self.lost.items())))
        if self.state == "failed":
            words.append(f"ENDED: {self.reason}")
        return ", ".join(words)
