"""Which pictures of lepton_faces show a face from the front: judged by eye, once, before any model was looked at.

Both halves of the face are seen about equally (up to some 20 degrees of yaw); hats, masks and glasses count, faces
bowed over or half covered by an arm do not. Pictures come in runs of one pose in five palettes.
"""

from __future__ import annotations

_RUNS: dict[int, str] = {
    1: "12-16 27-36 52-56 67-70 77-87 89-91 107-111",
    2: "1-5 17-22 33-42 53-57 68-77 83-87 93-97 103-107 113-117",
    3: "1-14 40-64 80-84 89-93",
    4: "1-10 21-25 36-55 66-70 72-75 102-106 122-136 157-160 162-166",
}


def numbers(runs: str) -> list[int]:
    """The numbers of words such as ``3`` and ``5-8``."""
    out: list[int] = []
    for word in runs.split():
        first, _, last = word.partition("-")
        out += range(int(first), int(last or first) + 1)
    return out


FRONTAL: frozenset[str] = frozenset(f"{who}_{number}" for who, runs in _RUNS.items() for number in numbers(runs))
"""Names without their ending, such as ``1_12``."""
