"""`python -m training.studies.relief_confidence`: are the errors that GrayToDepth expects those that it makes?

Two tables each for held-out rendered people and real faces: tenths of the pixels by expected error, and the mean error
of the best pixels by several orders: what the model expects, its foreground probability, how far from the crop's middle
a pixel is, and the true error, which nothing can beat. Needs no torch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from engines.loading import WEIGHTS
from engines.models.gray_to_depth import GrayToDepth
from engines.normalise import HALF_RANGE_MM, relief_of_code
from training.augment import View
from training.faces.shards import ShardError
from training.feed import FaceStore
from training.measures.expected_error import Judged, collect
from training.measures.relief import SCALE, SIZE, judged
from training.measures.report import some
from training.real_data import RealDataError, head_ellipse, rap3df
from training.studies.expected_errors import tables
from training.truth import LUMA, relief_truth, shrink

Crops = Iterable[Judged | None]


def rendered(model: GrayToDepth, store: FaceStore, count: int) -> Crops:
    """Held-out people in gray and near infrared."""
    view = View(SIZE)
    for index in some(store.held_out_faces, count):
        truth = relief_truth(store, int(index), view)
        gray = cv2.transform(np.ascontiguousarray(store.get("color", int(index))), LUMA[None])
        for source in (gray, store.get("nir", int(index))):
            picture = np.rint(shrink(source, view, cv2.BORDER_REFLECT_101)).clip(0, 255).astype(np.uint8)
            yield judged(model(picture), relief_of_code(truth.code), truth.counts)


def recorded(model: GrayToDepth, data: Path) -> Crops:
    """rap3df_set2, in the head's ellipse."""
    for sample in rap3df(data):
        depth = sample.depth(SIZE).astype(np.float64)
        relief = sample.head.distance_mm - depth
        known = (depth > 0) & (np.abs(relief) <= HALF_RANGE_MM) & head_ellipse(SIZE)
        yield judged(model(sample.gray(SIZE)), relief, known)


def main(arguments: Sequence[str] | None = None, report: Callable[[str], None] = print) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.studies.relief_confidence", description=__doc__)
    parser.add_argument("--faces", type=Path, help="samples of training.faces.render")
    parser.add_argument("--data", type=Path, help="real recordings")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of the shipped models")
    parser.add_argument("--count", type=int, default=400, help="held-out samples (400)")
    asked = parser.parse_args(arguments)
    if asked.faces is None and asked.data is None:
        parser.error("name --faces, --data, or both")
    from engines.errors import EngineError
    from training.evaluate import load_model

    try:
        model = load_model("gray_to_depth", "plus", asked.weights)
        try:
            if asked.faces is not None:
                _tell("rendered, held-out people", rendered(model, FaceStore(asked.faces), asked.count), report)
            if asked.data is not None:
                _tell("rap3df_set2, the head's ellipse", recorded(model, asked.data), report)
        finally:
            model.close()
    except (EngineError, ShardError, RealDataError) as error:
        report(str(error))
        return 1
    return 0


def _tell(name: str, crops: Crops, report: Callable[[str], None]) -> None:
    pixels = collect(crops, SCALE)
    report(f"{name}: " + ("the model expects nothing" if pixels is None else f"{len(pixels.real)} pixels\n"))
    if pixels is not None:
        report(tables(pixels) + "\n")


if __name__ == "__main__":
    sys.exit(main())
