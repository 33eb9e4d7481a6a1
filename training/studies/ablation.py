"""`python -m training.studies.ablation`: what each part of FaceLandmarks' training is worth.

Every row is trained from nothing for the same number of steps on the same samples, with one part left out, and measured
on held-out people and on real recordings. The whole recipe is trained with several seeds: differences smaller than
those between them mean nothing. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.studies.table import markdown

VALIDATION_COUNT = 120
"""Held-out faces, averted heads and pieces of clutter, so many of each in each modality."""
WHOLE = "the whole recipe"
NOT_AVERAGED = "the same runs, last weights instead of averaged ones"

Values = dict[str, float]


@dataclass(frozen=True)
class Row:
    """One training: its words, its seed, and what of the recipe (training.tasks.landmarks.Recipe) is other."""

    name: str
    seed: int
    changed: Mapping[str, Any]

    @property
    def key(self) -> str:
        return f"{self.name}, seed {self.seed}"


def rows(seeds: int) -> list[Row]:
    """The whole recipe with `seeds` seeds, and each change with the first of them."""
    changes: dict[str, dict[str, Any]] = {
        "without the sensors' errors": {"sensor": False},
        "without backgrounds and clutter": {"clutter": False},
        "without near infrared": {"shares": _without("nir")},
        "without any change to a sample": {"changes": False},
        "without the heatmaps' loss": {"heat_weight": 0.0},
    }
    whole = [Row(WHOLE, seed, {}) for seed in range(seeds)]
    return whole + [Row(name, 0, changed) for name, changed in changes.items()]


def _without(modality: str) -> tuple[float, ...]:
    from training.tasks.landmarks import MODALITIES, MODALITY_SHARE

    kept = [0.0 if name == modality else share for name, share in zip(MODALITIES, MODALITY_SHARE, strict=True)]
    return tuple(share / sum(kept) for share in kept)


@dataclass(frozen=True)
class Real:
    """rap3df_set2 with dlib's points in colour: pictures by sort, which pixels were read, where heads are."""

    pictures: dict[str, tuple[list[NDArray], list[NDArray] | None]]
    regions: list[Any]
    reference: NDArray[np.float64]
    front: NDArray[np.bool_]


def open_real(data: Path, peers: Path, answers: Path) -> Real | None:
    """The recordings and dlib's points on them; None where either cannot be had.

    Args:
        peers: a Python that has dlib. answers: folder for what it said.

    Raises:
        PeersError: that Python fails.
    """
    import cv2

    from engines.normalise import encode_depth
    from training.real.bench import FINE
    from training.real.crops import Region, stretched_infrared
    from training.real.data import load_rap
    from training.real.peers import Peers

    rap = load_rap(data)
    answer = None if rap is None else Peers(peers.absolute(), answers).ask("dlib68", rap.bgr, scale=FINE)
    if rap is None or answer is None:
        return None
    codes: list[NDArray] = [encode_depth(z, float(d)) for z, d in zip(rap.depth_mm, rap.distance_mm, strict=True)]
    pictures: dict[str, tuple[list[NDArray], list[NDArray] | None]] = {
        "colour": ([cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) for image in rap.bgr], None),
        "infrared": ([stretched_infrared(one) for one in rap.infrared], None),
        "depth": (codes, [code > 0 for code in codes]),
    }
    regions = [Region.of(head) for head in rap.heads]
    return Real(pictures, regions, answer["points"] - 0.5, rap.enrol)


class _Crops:
    """A network in torch, called as the shipped model is."""

    def __init__(self, network: Any) -> None:
        self._network = network.eval()

    def __call__(self, crop: NDArray[Any], valid: NDArray[np.bool_] | None = None) -> Any:
        import torch

        from engines.models.face_landmarks import LandmarkResult
        from engines.normalise import stretch

        with torch.no_grad():
            points, confidence, openness, presence = self._network(torch.from_numpy(stretch(crop, valid))[None, None])
        return LandmarkResult(points[0].numpy(), confidence[0].numpy(), openness[0].numpy(), float(presence[0, 0]))


def measure(network: Any, store: Any, real: Real | None) -> Values:
    """NME by eye distance in each modality and presence accuracy on held-out people, and the errors on real faces."""
    from training.tasks.landmarks import LandmarkTask

    quality = LandmarkTask().validate(network.eval(), store, VALIDATION_COUNT)
    values = {name: value for name, value in quality.items() if name.startswith("nme_")}
    values["presence"] = quality["presence_accuracy"]
    if real is not None:
        from training.real import landmarks
        from training.real.page_landmarks import read

        for sort, (images, valid) in real.pictures.items():
            found = read(_Crops(network), images, real.regions, valid)
            values[f"real_{sort}"] = landmarks.score(found.points, real.reference).mean
    return values


def train_row(row: Row, faces: Path, out: Path, steps: int, batch: int, report: Callable[[str], None]) -> Any:
    """Train one row, or go on with it; returns the trainer and the samples."""
    from training.networks.registry import find_network
    from training.settings import TrainSettings
    from training.stores import open_store
    from training.tasks.landmarks import LandmarkTask, Recipe
    from training.trainer import Observer, Trainer

    spec = find_network("face_landmarks")
    settings = TrainSettings(
        seconds=math.inf, steps=steps, batch_size=batch, seed=row.seed, threads=1, checkpoint_s=math.inf
    )
    folder = out / row.key.replace(" ", "-").replace(",", "").replace("'", "")
    trainer = Trainer(spec, LandmarkTask(Recipe(**row.changed)), folder, settings)
    trainer.resume(report)
    store = open_store(spec, faces)
    # the last validation is the trainer's own; what counts is measured afterwards
    trainer.run(store, Observer(report=report))
    return trainer, store


def study(
    faces: Path,
    out: Path,
    real: Real | None,
    steps: int,
    batch: int,
    seeds: int,
    report: Callable[[str], None] = print,
) -> dict[str, Values]:
    """Train and measure every row that `out`/ablation.json does not have yet; returns all of them by their key."""
    path = out / "ablation.json"
    budget = {"steps": steps, "batch": batch, "faces": faces.name}
    known = json.loads(path.read_text("utf-8")) if path.is_file() else {"budget": budget, "rows": {}}
    if known["budget"] != budget:
        raise SystemExit(f"{path} is of another budget, {known['budget']}; name another --out")
    done: dict[str, Values] = known["rows"]
    for row in rows(seeds):
        if row.key in done:
            continue
        report(f"{row.key}: {steps} steps of {batch}")
        trainer, store = train_row(row, faces, out, steps, batch, report)
        done[row.key] = measure(trainer.average, store, real) | {"seconds": trainer.elapsed}
        if row.name == WHOLE:
            done[f"{NOT_AVERAGED}, seed {row.seed}"] = measure(trainer.network, store, real)
        path.write_text(json.dumps({"budget": budget, "rows": done}, indent=1) + "\n", "utf-8")
        report(f"{row.key}: {done[row.key]}")
    return done


def main(arguments: Sequence[str] | None = None, report: Callable[[str], None] = print) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.studies.ablation", description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="samples of training.faces.render")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints, dlib's answers and results")
    parser.add_argument("--data", type=Path, help="real recordings; with --peers the rows are measured on them too")
    parser.add_argument("--peers", type=Path, help="a Python that has dlib")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seeds", type=int, default=2, help="trainings of the whole recipe (2)")
    asked = parser.parse_args(arguments)
    if (asked.data is None) != (asked.peers is None):
        parser.error("--data and --peers go together: on real recordings dlib's points are the reference")
    from training.faces.shards import ShardError
    from training.feed import FeedError
    from training.real.peers import PeersError

    asked.out.mkdir(parents=True, exist_ok=True)
    try:
        real = None if asked.data is None else open_real(asked.data, asked.peers, asked.out / "peers")
        if asked.data is not None and real is None:
            report(
                f"rap3df_set2 or dlib is missing (looked in {asked.data} and {asked.peers}); without real recordings"
            )
        done = study(asked.faces, asked.out, real, asked.steps, asked.batch, asked.seeds, report)
    except (ShardError, FeedError, PeersError) as error:
        report(str(error))
        return 1
    report(markdown(done))
    return 0


if __name__ == "__main__":
    sys.exit(main())
