"""`python -m training.studies.color_error`: can it be told from depth how wrong an imagined colour is?

A trained `color_error` is asked what it expects of held-out rendered people and of real faces, and of rendered people
whose depth is spoilt more and more. Its tables say whether it tells better pixels from worse ones, and how far the
colour depends on the depth at all. Needs torch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.models.depth_to_color import DepthToColor
from engines.normalise import HALF_RANGE_MM
from training.faces.shards import ShardError
from training.feed import FaceStore, Item
from training.measures.expected_error import Judged, Pixels, Scale, collect
from training.measures.report import some
from training.real_data import RealDataError, head_ellipse, rap3df
from training.studies.expected_errors import tables

if TYPE_CHECKING:
    from torch import nn

    from training.tasks.color_error import ColorErrorTask

SIZE = 64
SCALE = Scale("levels", 25.0, "the person")
MM_PER_CODE = 2 * HALF_RANGE_MM / 254
AT_ONCE = 32

Codes = NDArray[np.uint8]
Spoil = Callable[[Codes, np.random.Generator], Codes]
"""Changes a crop of depth codes (64, 64), 0 = no reading."""


def noisy(code: Codes, rng: np.random.Generator) -> Codes:
    """15 mm of noise on every reading."""
    noise = rng.normal(0, 15 / MM_PER_CODE, code.shape)
    return np.where(code > 0, np.clip(np.rint(code + noise), 1, 255), 0).astype(np.uint8)


def coarse(code: Codes, rng: np.random.Generator) -> Codes:
    """12 x 12 readings."""
    few = cv2.resize(code, (12, 12), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.resize(few, (SIZE, SIZE), interpolation=cv2.INTER_NEAREST), np.uint8)


def torn(code: Codes, rng: np.random.Generator) -> Codes:
    """60 % of the readings are missing."""
    return np.where(rng.random(code.shape) < 0.6, 0, code).astype(np.uint8)


def halved(code: Codes, rng: np.random.Generator) -> Codes:
    """One side of the crop has no readings."""
    half = SIZE // 2
    gone = ((slice(half), slice(None)), (slice(half, None), slice(None)))
    sides = (*gone, *(side[::-1] for side in gone))
    out = code.copy()
    out[sides[rng.integers(4)]] = 0
    return out


def flat(code: Codes, rng: np.random.Generator) -> Codes:
    """The outline alone: every reading is the middle one."""
    middle = np.median(code[code > 0]) if code.any() else 0
    return np.where(code > 0, middle, 0).astype(np.uint8)


def empty(code: Codes, rng: np.random.Generator) -> Codes:
    """No reading at all."""
    return np.zeros_like(code)


SPOILS: dict[str, Spoil] = {
    "noise of 15 mm": noisy,
    "12 x 12 readings": coarse,
    "60 % of the readings missing": torn,
    "half of the crop missing": halved,
    "the outline alone, flat": flat,
    "no reading at all": empty,
}


def judged(task: ColorErrorTask, head: nn.Module, items: Sequence[Item]) -> Iterator[Judged]:
    """What `head` expects of each item, and how wrong the colour is there, in levels, on the person."""
    import torch

    from training.networks.expected_error import ExpectedError

    for first in range(0, len(items), AT_ONCE):
        part = items[first : first + AT_ONCE]
        batch = {key: torch.from_numpy(np.stack([item[key] for item in part])) for key in part[0]}
        fine, coarse_map, error, weight = task.seen(batch)
        with torch.no_grad():
            mean = torch.sigmoid(cast(ExpectedError, head).logit(fine, coarse_map))
        for i in range(len(part)):
            expected, real = (255 * x[i, 0].double().numpy() for x in (mean, error))
            yield Judged(expected, -np.expm1(-SCALE.close / expected), real, weight[i, 0].numpy() > 0)


def recorded(model: DepthToColor, data: Path) -> list[Item]:
    """rap3df_set2 in the head's ellipse, in the light of the picture that is made of it: no depth knows the lamp."""
    ellipse = head_ellipse(SIZE)
    items = []
    for sample in rap3df(data):
        code = sample.code(SIZE)
        truth = sample.head.cut(sample.color, SIZE).astype(np.float32)
        gain = model(code).color[ellipse].mean() / max(float(truth[ellipse].mean()), 1.0)
        color = np.clip(truth * gain, 0, 255).transpose(2, 0, 1)
        items.append({"depth": code, "color": color, "person": ellipse.astype(np.float16)})
    return items


def row(name: str, pixels: Pixels) -> str:
    """A line of the table of spoilt depth."""
    ranks = (pixels.rank_correlation(), pixels.rank_correlation_within(), pixels.rank_correlation_of_crops())
    numbers = (f"{pixels.real.mean():.1f}", f"{pixels.expected.mean():.1f}", *(f"{rank:.2f}" for rank in ranks))
    return f"| {name} | " + " | ".join(numbers) + " |"


def study(
    trained: Path, faces: Path | None, data: Path | None, count: int, report: Callable[[str], None] = print
) -> None:
    """Print the tables; those of spoilt depth need rendered faces.

    Raises:
        CheckpointError: there is no trained `color_error`.
        EngineError, ShardError, RealDataError: the shipped model is missing, or a folder is not what was expected.
    """
    from training.evaluate import load_model
    from training.tasks.color_error import ColorErrorTask
    from training.train import load_trained

    head, how = load_trained("color_error", "plus", trained)
    head.eval()
    task = ColorErrorTask()
    report(f"color_error: {how}\n")

    def look(items: Sequence[Item]) -> Pixels | None:
        return collect(judged(task, head, items), SCALE)

    if faces is not None:
        store = FaceStore(faces)
        chosen = task.suitable(store, some(store.held_out_faces, count))
        items = task.plain_items(store, [int(index) for index in chosen])
        _tell(f"rendered, {len(items)} held-out people in good light", look(items), report)
        report("| depth | real, levels | expected, levels | rank correlation: pixels | within a crop | over crops |")
        report("|---|---|---|---|---|---|")
        for name, spoil in {"as rendered": lambda code, _: code, **SPOILS}.items():
            rng = np.random.default_rng(0)
            pixels = look([{**item, "depth": spoil(item["depth"], rng)} for item in items])
            if pixels is not None:
                report(row(name, pixels))
        report("")
    if data is not None:
        model = load_model("depth_to_color")
        try:
            items = recorded(model, data)
        finally:
            model.close()
        _tell(f"rap3df_set2, the head's ellipse, {len(items)} crops", look(items), report)


def _tell(name: str, pixels: Pixels | None, report: Callable[[str], None]) -> None:
    report(f"{name}: " + ("no pixels to judge by\n" if pixels is None else f"{len(pixels.real)} pixels\n"))
    if pixels is not None:
        report(tables(pixels) + "\n")


def main(arguments: Sequence[str] | None = None, report: Callable[[str], None] = print) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.studies.color_error", description=__doc__)
    parser.add_argument("--trained", type=Path, default=Path("trained"), help="folder of `tapetum train color_error`")
    parser.add_argument("--faces", type=Path, help="samples of training.faces.render")
    parser.add_argument("--data", type=Path, help="real recordings")
    parser.add_argument("--count", type=int, default=400, help="held-out samples (400)")
    asked = parser.parse_args(arguments)
    if asked.faces is None and asked.data is None:
        parser.error("name --faces, --data, or both")
    from engines.errors import EngineError
    from training.checkpoint import CheckpointError

    try:
        study(asked.trained, asked.faces, asked.data, asked.count, report)
    except (EngineError, CheckpointError, ShardError, RealDataError) as error:
        report(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
