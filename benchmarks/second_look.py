"""What a second look at faces costs, and whether what it tells is right, on the bundled sessions.

python -m benchmarks.second_look [cost] [agreement] [--repeats 5] [--session night-drive ...]

``cost``: CPU time of the whole process for one FrameSet (models on one thread, no generated images), with the looks off
and on; of each FrameSet the quickest of several runs counts.

``agreement``: what ``spectra_agreement`` says of each person of the truth, as recorded and with the thermal pictures
changed: "aside" shows them moved by a fifth of their width (a camera that was knocked), "warm" a warm oval in place of
every face (a body with its back turned, a heated dummy), "cold" nothing warm (a printed face), "other" the heads of
other people, moved by a third of a face (somebody else stands there). And how well landmarks and eyes are read there.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from drivers.frame import FrameSet, StreamInfo
from engines.loading import Models, load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from recordings.observation import Face
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session
from recordings.samples.truth import FrameTruth, SessionTruth, read_truth
from tests.helpers.thermal_changes import CHANGES
from tests.helpers.truth import match

Change = Callable[[FrameSet, FrameTruth], FrameSet]


def config_of(looks: int, every_s: float = 0.2) -> PipelineConfig:
    return PipelineConfig.model_validate({"second_look": {"looks": looks, "every_s": every_s}})


def read_session(name: str) -> tuple[list[StreamInfo], list[FrameSet], SessionTruth]:
    """Its streams, its FrameSets and what is true of them."""
    with SessionReader(bundled_session(name)) as reader:
        truth = read_truth(reader)
        assert truth is not None
        return list(reader.streams), list(all_frame_sets(reader, reader.streams, PipelineConfig().synchronize)), truth


def cost(name: str, models: Models, repeats: int) -> None:
    streams, sets, _ = read_session(name)
    spent: dict[int, list[list[float]]] = defaultdict(list)
    for _ in range(repeats):
        for looks in (0, 1):
            process, times = Process(streams, models, config_of(looks)), []
            for frame_set in sets:
                begin = time.process_time_ns()
                process.look(frame_set)
                times.append((time.process_time_ns() - begin) / 1e6)
            spent[looks].append(times)
    best = {looks: np.array(runs).min(axis=0) for looks, runs in spent.items()}
    for looks, label in ((0, "off"), (1, "on")):
        print(f"{name:14s} {label:4s} mean {best[looks].mean():6.2f} ms  p99 {np.percentile(best[looks], 99):6.2f} ms")
    more = best[1] - best[0]
    print(f"{'':14s} more mean {more.mean():6.2f} ms  p99 {np.percentile(more, 99):6.2f} ms")


def people(
    sets: Sequence[FrameSet], truth: SessionTruth, steps: Process, change: Change | None = None
) -> Iterator[tuple[FrameTruth, int, Face]]:
    """Every person that was found in every FrameSet: the truth's number and the face."""
    for frame_set, told in zip(sets, truth.frames, strict=True):
        looked = steps.look(frame_set if change is None else change(frame_set, told))
        matched, _ = match(told, [face for face, _ in looked.faces], "infrared")
        for number, face in matched.items():
            yield told, number, face


def agreement(name: str, models: Models) -> None:
    streams, sets, truth = read_session(name)
    print(f"{name}: spectra_agreement (share of FrameSets in which it is known; median, 5th and 95th percentile)")
    for label, change in (("as recorded", None), *CHANGES.items()):
        values: dict[int, list[tuple[float, float] | None]] = defaultdict(list)
        labels: dict[int, set[str]] = defaultdict(set)
        for _, number, face in people(sets, truth, Process(streams, models, config_of(1)), change):
            told = face.signals["spectra_agreement"]
            values[number].append((told.value, told.confidence) if told.is_valid else None)
            labels[number].add(told.label)
        for number, seen in sorted(values.items()):
            known = np.array([one for one in seen if one is not None])
            if not len(known):
                print(f"  {label:12s} person {number}: never known")
                continue
            low, middle, high = np.percentile(known[:, 0], (5, 50, 95))
            print(
                f"  {label:12s} person {number}: known {len(known) / len(seen):4.0%}  {middle:.2f} ({low:.2f} to "
                f"{high:.2f})  confidence {known[:, 1].mean():.2f}  {', '.join(sorted(labels[number] - {''}))}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=[], help="cost, agreement; default: both")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--session", nargs="*", default=list(BUNDLED), choices=list(BUNDLED))
    args = parser.parse_args()
    models = replace(load_models(PipelineConfig().engines.policy, 1), gray_to_depth=None, depth_to_color=None)
    try:
        for name in args.session:
            if not args.what or "agreement" in args.what:
                agreement(name, models)
        if not args.what or "cost" in args.what:
            print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; quickest of {args.repeats} runs")
            for name in args.session:
                cost(name, models, args.repeats)
    finally:
        models.close()


if __name__ == "__main__":
    main()
