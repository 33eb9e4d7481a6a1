"""How a recording of one person turning round is read, frame by frame, against frames judged by eye.

python -m benchmarks.turning_person SESSION --toward 0-11 89-99 --away 30-66

Frames "toward" show the face looking toward the camera, "away" the back of the head; the rest is not judged. The
distance of each face is held against the median of the valid depth within its box.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from drivers.frame import StreamKind
from recordings.reader import SessionReader
from tests.helpers.truth import observe


def numbers(ranges: list[str]) -> set[int]:
    out: set[int] = set()
    for text in ranges:
        first, _, last = text.partition("-")
        out |= set(range(int(first), int(last or first) + 1))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("session", type=Path)
    parser.add_argument("--toward", nargs="+", required=True)
    parser.add_argument("--away", nargs="+", required=True)
    arguments = parser.parse_args()
    toward, away = numbers(arguments.toward), numbers(arguments.away)
    observations = observe(arguments.session)
    errors, inside = [], 0
    with SessionReader(arguments.session) as reader:
        depth = next(s.name for s in reader.streams if s.kind is StreamKind.DEPTH)
        for index, seen in enumerate(observations):
            for face in seen.faces if index in toward else ():
                metres = reader.frame(depth, index).depth_m()
                x, y, w, h = (round(v) for v in (face.box.x, face.box.y, face.box.w, face.box.h))
                errors.append(abs(face.distance_m - float(np.nanmedian(metres[y : y + h, x : x + w]))) * 100)
                inside += face.landmarks is not None
    counts = [len(o.faces) for o in observations]
    print("faces a frame:", "".join(map(str, counts)))
    print(f"toward the camera: {sum(counts[i] == 1 for i in toward)} of {len(toward)} frames have exactly one face")
    print(f"back of the head: {sum(counts[i] > 0 for i in away)} of {len(away)} frames have one")
    print(f"most faces in a frame: {max(counts)}, ids: {len({f.id for o in observations for f in o.faces})}")
    print(f"distance against the box's median depth: worst {max(errors):.1f} cm, mean {np.mean(errors):.1f} cm")


if __name__ == "__main__":
    main()
