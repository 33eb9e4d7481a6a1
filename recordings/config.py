"""The settings of recording."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from recordings.layout import SessionLayout

_GIB: Final = 1 << 30

Profile = Literal["evidence", "watch", "events"]
"""What of a night is kept. ``evidence``: every frame, lossless. ``watch``: low-rate lossy frames, and lossless clips
round events and faces. ``events``: the clips alone."""


class RecordConfig(BaseModel):
    """How cameras are recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    layout: SessionLayout = Field("viewable", description="of the pixels: viewable or compact")
    profile: Profile = Field("evidence", description="evidence, watch or events")
    queue_mib: float = Field(256.0, gt=0, description="frames that may wait for the recorder; more are lost, and told")
    flush_s: float = Field(0.4, gt=0, le=0.5, description="what is written reaches the disk at least so often")
    encoders: int = Field(0, ge=0, le=64, description="threads that compress; 0: one less than the machine's cores")
    segment_minutes: float = Field(0.0, ge=0, description="a new file after so long; 0: never")
    segment_gib: float = Field(
        16.0, ge=0, description="a new file after so many GiB; 0: never; with a quota at most a quarter of that"
    )
    quota_gib: float = Field(0.0, ge=0, description="the oldest files go when all take more; 0: no quota")
    max_age_days: float = Field(0.0, ge=0, description="older files go; 0: never")
    min_free_mib: float = Field(256.0, ge=0, description="the recording ends when the disk has less left")
    clips: bool = Field(False, description="write clips round events also where the profile is evidence")
    before_s: float = Field(10.0, gt=0, le=600, description="of an event that its clip begins before it")
    after_s: float = Field(5.0, gt=0, le=600, description="of an event that its clip goes on after it")
    ring_mib: float = Field(512.0, gt=0, description="memory for the frames before an event")
    watch_hz: float = Field(2.0, gt=0, le=60, description="lossy frames a second and stream that watch keeps")
    lossless_gib_per_hour: float = Field(10.0, ge=0, description="that clips of faces may take in profile watch")

    @property
    def segment_bytes(self) -> int:
        """A new file after so many; 0: never. A quota can only be held by deleting files that are finished."""
        sizes = [gib for gib in (self.segment_gib, self.quota_gib / 4) if gib]
        return max(1, round(min(sizes) * _GIB)) if sizes else 0

    @property
    def writes_clips(self) -> bool:
        return self.clips or self.profile != "evidence"
