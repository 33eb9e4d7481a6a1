"""`python -m training.ship_relief_error`: put a trained relief_error onto the shipped gray_to_depth, and measure it.

The relief and the foreground of the file stay what they are; it gets a third output, and its card says what that is
worth. A part that is on the file already is taken off first. Needs torch.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import numpy as np

from engines.card import ModelCard, load_card
from engines.loading import WEIGHTS
from training.evaluate import evaluate
from training.graft import before_layer, graft, read_file, without_part
from training.networks.registry import find_network

READS = {"fine": "last.1.weight", "coarse": "up.2.expand.weight"}
"""Input of relief_error -> the layer of gray_to_depth that reads the same tensor, by its weight."""
FIT_ON = 400
"""Training samples, as rendered, that the line through the logits is fitted on; what is measured is held out."""
TRAINED = "; expected error ("


def ship_relief_error(
    checkpoints: Path,
    version: str,
    faces: Path,
    real: Path | None = None,
    weights: Path = WEIGHTS,
    report: Callable[[str], None] = print,
) -> ModelCard:
    """Fit, export and graft the relief_error of `checkpoints`; replaces `gray_to_depth-plus` in `weights`.

    Raises:
        CheckpointError, ExportError, EvaluationError, ShardError, RealDataError, EngineError: as ship_trained does.
        GraftError: the file in `weights` is another network's.
    """
    from training.export import export_onnx, write_card
    from training.networks.expected_error import ReliefError
    from training.stores import open_store
    from training.tasks.expected_error import fit_line
    from training.tasks.relief_error import ReliefErrorTask
    from training.train import load_trained

    spec = find_network("relief_error")
    network, how = load_trained(spec.name, spec.preset, checkpoints)
    head = cast(ReliefError, network)
    card_path = weights / "gray_to_depth-plus.json"
    card = load_card(card_path)
    base = without_part(read_file(card.onnx_path))
    store = open_store(spec, faces)
    chosen = np.random.default_rng(0).permutation(store.train_faces)[:FIT_ON]
    slope, offset = fit_line(*ReliefErrorTask(card.onnx_path).pixels(head, store, chosen))
    head.put_line(slope, offset)
    report(f"fitted on {len(chosen)} samples of the training: logit * {slope:.3f} {offset:+.3f}")
    with tempfile.TemporaryDirectory() as folder:
        part = read_file(export_onnx(head, spec, Path(folder) / "part.onnx", half=False).path)
    whole = graft(base, part, {name: before_layer(base, weight) for name, weight in READS.items()})
    data = whole.SerializeToString()
    temporary = card.onnx_path.with_suffix(".tmp")
    temporary.write_bytes(data)
    temporary.replace(card.onnx_path)
    tensor = spec.outputs[0]
    outputs = [output.model_dump() for output in card.outputs if output.name != tensor.name]
    outputs.append(
        {
            "name": tensor.name,
            "shape": ("N", *tensor.shape),
            "low": tensor.low,
            "high": tensor.high,
            "unit": tensor.unit,
            "meaning": tensor.meaning,
        }
    )
    from training.card_texts import CARD_TEXTS

    samples = len(store.train_faces) + len(store.train_clutter)
    said = f"{card.trained_on.partition(TRAINED)[0]}{TRAINED}relief_error on {samples} renders): {how}"
    fields = card.model_dump() | {
        "version": version,
        "sha256": hashlib.sha256(data).hexdigest(),
        "outputs": outputs,
        "trained_on": said,
        "limits": CARD_TEXTS["gray_to_depth"].limits,
        "measured": [],
    }
    write_card(card_path, ModelCard.model_validate(fields))
    fields["measured"] = [value.model_dump() for value in evaluate("gray_to_depth", "plus", faces, real, weights)]
    made = ModelCard.model_validate(fields)
    write_card(card_path, made)
    report(f"{card.onnx_path}: {len(data) / 1e6:.2f} MB, {made.title}")
    return load_card(card_path)


def main(arguments: Sequence[str] | None = None, report: Callable[[str], None] = print) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.ship_relief_error", description=__doc__)
    parser.add_argument("--trained", type=Path, default=Path("trained"), help="folder of `tapetum train relief_error`")
    parser.add_argument("--faces", type=Path, required=True, help="samples of training.faces.render")
    parser.add_argument("--real", type=Path, help="real recordings, to measure on")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of the shipped models")
    parser.add_argument("--version", required=True)
    asked = parser.parse_args(arguments)
    from engines.errors import EngineError
    from training.checkpoint import CheckpointError
    from training.faces.shards import ShardError
    from training.graft import GraftError
    from training.measures.report import EvaluationError
    from training.real_data import RealDataError

    try:
        ship_relief_error(asked.trained, asked.version, asked.faces, asked.real, asked.weights, report)
    except (EngineError, CheckpointError, ShardError, GraftError, EvaluationError, RealDataError) as error:
        report(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
