"""What recording costs: CPU time and size of our two layouts and of other ways, all in one run.

    python -m benchmarks.session_writers [--seconds 2] [--rounds 5] [--real DATA] [--json FILE]

The frames are those of benchmarks/four_streams.py, the other ways are described in benchmarks/recording_peers.py. The
writers take turns, round by round, on the same frames; a figure is the median of the rounds. CPU is user and system
time of the whole process, all its threads, for a second of recording; ratios are to `mcap + PNG` in the same round, and
of the least that each took in any round, which is what the machine's other work disturbs least. After the last round
each file is read back by its own reader and every frame compared with its checksum.

With --real the codecs are also tried on single images of real sensors, where the folder has them:
kinect_person/*_depth.png, rap3df_set2/rap3df_set2.npz, thermal_files/example_radiometric.tiff.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.four_streams import frames, megabytes
from benchmarks.recording_peers import BASELINE, peers
from drivers.frame import Frame
from recordings import predictive
from recordings.chunk import OpenChunk, pack


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="of recording a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[], help="parts of names; the baseline always runs")
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's temporary folder)")
    parser.add_argument("--real", type=Path, metavar="DATA", help="folder of real images")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    made = frames(arguments.seconds)
    print(
        f"{len(made)} frames, {megabytes(made) / arguments.seconds:.1f} MB of pixels a second, "
        f"{arguments.rounds} rounds of {arguments.seconds:g} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs"
    )
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        rows = measure(made, arguments.seconds, arguments.rounds, Path(folder), arguments.only)
    print_rows(rows)
    real = [] if arguments.real is None else real_images(arguments.real)
    if arguments.json is not None:
        result = {"seconds": arguments.seconds, "rounds": arguments.rounds, "writers": rows, "real": real}
        arguments.json.write_text(json.dumps(result, indent=1))


def measure(made: list[Frame], seconds: float, rounds: int, folder: Path, only: Sequence[str]) -> list[dict[str, Any]]:
    """A row a writer; the baseline first."""
    chosen = [p for p in peers().values() if not only or p.name == BASELINE or any(word in p.name for word in only)]
    cpu: dict[str, list[float]] = {p.name: [] for p in chosen}
    wall: dict[str, list[float]] = {p.name: [] for p in chosen}
    size: dict[str, int] = {}
    for k in range(rounds):
        for peer in chosen:
            path = folder / f"file{peer.suffix}"
            gc.collect()
            before, began = cpu_seconds(), time.perf_counter()
            peer.write(path, made)
            cpu[peer.name].append((cpu_seconds() - before) / seconds)
            wall[peer.name].append((time.perf_counter() - began) / seconds)
            size[peer.name] = path.stat().st_size
            if k == rounds - 1:
                count = sum(1 for _ in peer.read(path))
                if count != len(made):
                    raise SystemExit(f"{peer.name}: {count} of {len(made)} frames came back")
            path.unlink()
    base_size = size[BASELINE]
    rows = []
    for peer in chosen:
        # Ratios within a round, where both writers met the same neighbours on the machine.
        ratios = [a / b for a, b in zip(cpu[peer.name], cpu[BASELINE], strict=True)]
        rows.append(
            {
                "writer": peer.name,
                "cpu_s": statistics.median(cpu[peer.name]),
                "cpu_ratio": statistics.median(ratios),
                "cpu_ratio_worst": max(ratios),
                "cpu_ratio_least": min(cpu[peer.name]) / min(cpu[BASELINE]),
                "wall_s": statistics.median(wall[peer.name]),
                "mb_s": size[peer.name] / 1e6 / seconds,
                "of_raw": size[peer.name] / 1e6 / megabytes(made),
                "size_ratio": size[peer.name] / base_size,
            }
        )
    return rows


def cpu_seconds() -> float:
    """User and system time of this process, its threads, and its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def print_rows(rows: list[dict[str, Any]]) -> None:
    print("| writer | CPU s a second | of mcap + PNG (least, worst round) | MB/s out | of pixels | of mcap + PNG |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['writer']} | {row['cpu_s']:.3f} | {row['cpu_ratio']:.2f} "
            f"({row['cpu_ratio_least']:.2f}, {row['cpu_ratio_worst']:.2f}) | "
            f"{row['mb_s']:.1f} | {row['of_raw']:.3f} | {row['size_ratio']:.2f} |"
        )


# -- images of real sensors ------------------------------------------------------------------------------------------


def real_images(data: Path) -> list[dict[str, Any]]:
    """Prints and returns how the codecs do on them; what is not there is said."""
    ways = {
        "png": lambda a: cv2.imencode(".png", a)[1].nbytes,
        "viewable": _chunk_of,
        "compact": lambda a: len(predictive.encode(a)),
    }
    rows = []
    print(
        "\n| images | of pixels: PNG | viewable | compact | viewable of PNG: size, CPU | compact of PNG: size, CPU |\n"
        "|---|---|---|---|---|---|"
    )
    for name, images in _real(data):
        if isinstance(images, str):
            print(f"| {name} | skipped: {images} | | | | |")
            continue
        raw = sum(a.nbytes for a in images)
        size = {way: sum(map(encode, images)) / raw for way, encode in ways.items()}
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(5):
            for way, encode in ways.items():
                before = time.process_time()
                for a in images:
                    encode(a)
                times[way].append(time.process_time() - before)
        cpu = {way: statistics.median(t / png for t, png in zip(times[way], times["png"], strict=True)) for way in ways}
        for a in images:
            np.testing.assert_array_equal(predictive.decode(predictive.encode(a), a.dtype.name, a.shape), a)
        rows.append({"images": name, "count": len(images), "of_raw": size, "cpu_of_png": cpu})
        print(
            f"| {name}, {len(images)} of {images[0].shape[1]}x{images[0].shape[0]} {images[0].dtype} | "
            f"{size['png']:.3f} | {size['viewable']:.3f} | {size['compact']:.3f} | "
            f"{size['viewable'] / size['png']:.2f}, {cpu['viewable']:.2f} | "
            f"{size['compact'] / size['png']:.2f}, {cpu['compact']:.2f} |"
        )
    return rows


def _chunk_of(image: NDArray[Any]) -> int:
    """Bytes of a chunk of the layout ``viewable`` that holds this image alone."""
    chunk = OpenChunk()
    chunk.add_message(1, 0, 0, (image.tobytes(),))
    return len(pack(chunk, "zstd").data)


def _real(data: Path) -> list[tuple[str, list[NDArray[Any]] | str]]:
    depth = sorted((data / "kinect_person").glob("*_depth.png"))[::5]
    crops = data / "rap3df_set2" / "rap3df_set2.npz"
    tiff = data / "thermal_files" / "example_radiometric.tiff"
    out: list[tuple[str, list[NDArray[Any]] | str]] = []
    read = [np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED)) for path in depth]
    out.append(("Kinect v1 depth", read or f"no *_depth.png in {data / 'kinect_person'}"))
    if crops.is_file():
        arrays = np.load(crops)
        out.append(("Kinect v2 depth, face crops", list(arrays["depth_mm"][::10])))
        out.append(("Kinect v2 infrared, 8 bits of it", list(arrays["ir"][::10])))
    else:
        out.append(("Kinect v2 face crops", f"no {crops}"))
    out.append(("thermal", _tiff(tiff) if tiff.is_file() else f"no {tiff}"))
    return out


def _tiff(path: Path) -> list[NDArray[Any]]:
    before = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # OpenCV warns of a tag it does not know
    try:
        return [np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED))]
    finally:
        cv2.utils.logging.setLogLevel(before)


if __name__ == "__main__":
    main()
