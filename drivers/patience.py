"""How long a supervisor waits for what."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Patience(BaseModel):
    """Settings of a supervised camera, in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    read_s: float = Field(0.1, gt=0, le=1.0, description="one read; also how soon a stop is noticed")
    stall_s: float = Field(
        0.2, gt=0, description="a camera is stalled after three frame periods without a frame, but not before so long"
    )
    reopen_s: float = Field(1.0, gt=0, description="without a frame, until a stalled camera is closed and opened again")
    stream_reopen_s: float = Field(
        10.0, gt=0, description="one stream silent while others go on, until the camera is closed and opened again"
    )
    back_off_s: float = Field(0.25, gt=0, description="before the first attempt to reopen; doubles with each failure")
    back_off_limit_s: float = Field(10.0, gt=0, description="longest wait between attempts")
    presence_s: float = Field(0.5, gt=0, description="how often a camera that is gone is looked for")
    attempts: int | None = Field(
        None,
        ge=1,
        description="to open it in a row, before it is given up; by default for ever; looking for an unplugged one "
        "is no attempt",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.back_off_limit_s < self.back_off_s:
            raise ValueError(
                f"back_off_limit_s must be at least back_off_s, found {self.back_off_limit_s:g} < {self.back_off_s:g}"
            )
        return self

    def back_off(self, failures: int, jitter: float) -> float:
        """Exponential back-off: the wait after so many failures in a row (from 1), ``jitter`` in 0..1 halves it."""
        longest = min(self.back_off_limit_s, self.back_off_s * 2.0 ** min(failures - 1, 30))
        return longest * (1.0 - 0.5 * jitter)
