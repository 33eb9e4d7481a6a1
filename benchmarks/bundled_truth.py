"""How right the shipped models are on the bundled sessions, against the truth inside them.

python -m benchmarks.bundled_truth [SESSION...] [--weights DIR]

Each session is read as a whole (faces are then looked for in infrared, with depth beside it), and by each camera
alone: infrared, thermal, and colour where there is one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session
from tests.helpers.truth import compare_session

ALONE = ("infrared", "thermal", "color")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="*", type=Path, help="sessions that carry a truth; default: the bundled ones")
    parser.add_argument("--weights", type=Path, help="folder with other weights than the shipped ones")
    arguments = parser.parse_args()
    for path in arguments.sessions or [bundled_session(name) for name in BUNDLED]:
        with SessionReader(path) as reader:
            names = [stream.name for stream in reader.streams]
        print("\n".join(compare_session(path, weights=arguments.weights).lines()))
        for name in ALONE:
            if name in names:
                print("\n".join(compare_session(path, (name,), name, arguments.weights).lines()))


if __name__ == "__main__":
    main()
