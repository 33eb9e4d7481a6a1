"""The sentences of the ready sets and of ends that are not a condition's, so that a window can translate them.

A test holds that these are exactly those of the files.
"""

from __future__ import annotations

from typing import Final

from pipeline.rules.run import ANOTHER, CHANGED, LEAPT, LOST, NO_PICTURE, NOT_HERE, REMOVED, STOPPED, UNKNOWN

TEXTS: Final = (
    "Drowsy: the eyes are often closed",
    "Very drowsy: the eyes are closed too much",
    "Long blinks, one after the other",
    "Yawns again and again",
    "Microsleep: the eyes have closed",
    "Asleep: the eyes stay closed",
    "Unresponsive: the eyes are closed, or do not come back to the road",
    "Looks away from the road for long",
    "Looks away from the road too often",
    "Distracted: eyes on the road",
    "Attention is used up",
    "The face is covered: eyes and mouth are hard to read",
    "No driver is seen",
    "The camera is covered, or shows nothing",
    "Somebody is there",
    "Somebody stays",
    "Somebody is close",
    "Somebody comes closer fast",
    "A face is masked",
    "A masked face is close",
    "More people than expected",
    "The warmth or shape is not that of a bare living face",
)
"""Of the rules, in the order of the sets."""

ENDS: Final = (LOST, UNKNOWN, LEAPT, NO_PICTURE, ANOTHER, CHANGED, REMOVED, NOT_HERE, STOPPED)
"""Why an event ended, where its condition did not."""
