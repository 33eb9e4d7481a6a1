"""How many times faster than real time `batch` runs, with one worker and with two, side by side in one run.

    python benchmarks/batch_realtime.py SESSION... [--copies 4] [--repeat 3]

Every copy is the same session under another name, so that the workers have something to share. No video is written.
The workers start beforehand in neither case: what is measured is what a user waits for, and beside it the steps alone.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from pipeline.batch import BatchReport, collect, run_batch
from pipeline.offline import OutputOptions
from recordings.reader import SessionReader


def length_s(session: Path) -> float:
    with SessionReader(session) as reader:
        times = reader.times(max((s.name for s in reader.streams), key=reader.count)).device_ns
        return float(times[-1] - times[0]) / 1e9 * len(times) / max(len(times) - 1, 1)


def measure(sessions: list[Path], folder: Path, workers: int) -> BatchReport:
    out = folder / f"out-{workers}"
    report = run_batch(collect(sessions, out), options=OutputOptions(video=False), workers=workers, again=True)
    shutil.rmtree(out)
    if report.failed:
        raise SystemExit(f"a session failed: {report.failed[0].error}")
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="+", type=Path)
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies = []
        for session in arguments.sessions:
            for n in range(arguments.copies):
                copies.append(folder / f"{session.stem}-{n}.mcap")
                shutil.copy(session, copies[-1])
        seconds = sum(length_s(c) for c in copies)
        print(f"{len(copies)} sessions, {seconds:.1f} s of recording")
        print("| run | workers | wall s | times real time, with start-up | steps alone, median session |")
        print("|---|---|---|---|---|")
        for run in range(arguments.repeat):
            for workers in (1, 2):
                report = measure(copies, folder, workers)
                alone = sorted(i.result.realtime for i in report.items if i.result)
                print(
                    f"| {run + 1} | {workers} | {report.seconds:.2f} | {seconds / report.seconds:.1f} "
                    f"| {alone[len(alone) // 2]:.1f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
