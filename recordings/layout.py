"""The two ways a session stores pixels."""

from __future__ import annotations

from typing import Final, Literal

SessionLayout = Literal["viewable", "compact"]
"""``viewable``: images as Foxglove and Rerun show them, in compressed chunks. ``compact``: each frame by the
predictive codec (smaller, and half the CPU); only Tapetum shows it. A stream that brings JPEG keeps that."""

LAYOUTS: Final[tuple[SessionLayout, ...]] = ("viewable", "compact")
