"""Whether a face is still the one that had its number before: two that swap numbers inherit nothing from each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from recordings.observation import Box, Face

_FAR: Final = 0.05
"""Overlap under which a face has left its place."""
_JUMP: Final = 1.0
"""Of its size: who moves so far from one picture to the next is somebody else."""


def is_another(face: Face, places: Mapping[int, tuple[str, Box]]) -> bool:
    """Whether a face stands where another one stood just before, or far from where itself did.

    Args:
        places: face -> stream and box in the picture before, which is at most half a second old.
    """
    mine = places.get(face.id)
    if mine is None or mine[0] != face.stream:
        return False
    own = face.box.overlap(mine[1])
    for number, (stream, box) in places.items():
        if number != face.id and stream == face.stream and face.box.overlap(box) > max(own, 0.5):
            return True
    if own > _FAR:
        return False
    (x0, y0), (x1, y1) = mine[1].center, face.box.center
    size = max(mine[1].w, mine[1].h, face.box.w, face.box.h)
    return (x1 - x0) ** 2 + (y1 - y0) ** 2 > (_JUMP * size) ** 2
