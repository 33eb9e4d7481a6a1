"""`python -m training.mix NAME --trained DIR --with FILE.onnx --share 0.3`: ship the mean of two trainings' weights.

Where one training went on from the other, a network between the two often answers pictures that neither learnt from
better than both: the later one knows the samples better, the earlier one was spoilt less by them. Batch norms are
folded before the weights are mixed. The file is measured as after a training, and its card says what was mixed.

For face_finder `--nearer` moves squares toward the head centre, by that share of the way (networks/face_finder.py).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from torch import nn

from engines.loading import WEIGHTS
from training.checkpoint import CheckpointError
from training.export import Exported, ExportError, fold_batch_norm
from training.faces.shards import ShardError
from training.measures.report import EvaluationError
from training.networks.face_finder import FaceFinderPlus
from training.networks.registry import UnknownNetworkError, find_network
from training.real_data import RealDataError
from training.ship_measured import ship_measured
from training.stores import open_store
from training.train import load_trained
from training.warm_start import WarmStartError, file_name, folded_from_file

EYES = "eyes."
"""Part of face_landmarks that is trained by itself (eye_openness)."""


def mixed(first: nn.Module, second: nn.Module, share: float, eyes: float | None = None) -> nn.Module:
    """`first` with the weights (1 - share) * first + share * second; both folded, of the same layers.

    Args:
        eyes: the share for the part that looks at the eyes, where it is another one.
    """
    own, other = first.state_dict(), second.state_dict()
    weights = {}
    for name, value in own.items():
        of_it = eyes if eyes is not None and name.startswith(EYES) else share
        weights[name] = value + of_it * (other[name] - value) if value.is_floating_point() else value.clone()
    first.load_state_dict(weights)
    return first.eval()


def ship_mix(
    name: str,
    checkpoints: Path,
    other: Path,
    share: float,
    weights: Path,
    version: str,
    faces: Path,
    real: Path | None = None,
    nearer: float = 0.0,
    eyes: float | None = None,
) -> Exported:
    """Mix the training in `checkpoints` into the weights of the file `other`, ship it to `weights` and measure it.

    Args:
        share: of the training's weights, 0..1.
        nearer: for face_finder only, see FaceFinderPlus.nearer.
        eyes: for face_landmarks only, the share of the training of its part that looks at the eyes.

    Raises:
        CheckpointError, WarmStartError: one of the two can't be read, or is of another network.
        ExportError, EvaluationError, ShardError, RealDataError: as training.train.ship_trained.
    """
    spec = find_network(name, "plus")
    trained, how = load_trained(name, "plus", checkpoints)
    base = folded_from_file(trained, other)
    network = mixed(base, fold_batch_norm(trained.eval()).eval(), share, eyes)
    said = f"{how}; {share:.0%} of these weights and {1 - share:.0%} of {file_name(other)}'s"
    if eyes is not None:
        said += f", of the eyes' part {eyes:.0%} and {1 - eyes:.0%}"
    if isinstance(network, FaceFinderPlus):
        network.nearer = nearer
        said += f"; squares moved {nearer:.0%} of the way toward the head centre" if nearer else ""
    store = open_store(spec, faces)
    samples = len(store.train_faces) + len(store.train_clutter)
    return ship_measured(network, spec, weights, samples, said, version, store, faces, real)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.mix", description=__doc__.split("\n")[0])
    parser.add_argument("name", help="network, such as face_finder")
    parser.add_argument("--trained", type=Path, required=True, help="folder with the training's checkpoint")
    parser.add_argument("--with", dest="other", type=Path, required=True, help="file that the training started from")
    parser.add_argument("--share", type=float, required=True, help="of the training's weights, 0 to 1")
    parser.add_argument("--nearer", type=float, default=0.0, help="face_finder: see networks/face_finder.py")
    parser.add_argument("--eyes", type=float, help="face_landmarks: the share for its part that looks at the eyes")
    parser.add_argument("--faces", type=Path, required=True, help="samples, of which the held-out ones are measured")
    parser.add_argument("--real", type=Path, help="real recordings to measure on as well")
    parser.add_argument(
        "--out", type=Path, default=WEIGHTS, help="folder of the file and its card (default: %(default)s)"
    )
    parser.add_argument("--version", required=True, help="of the file, such as 0.3.0")
    options = parser.parse_args(arguments)
    if options.eyes is not None and not (0 <= options.eyes <= 1 and options.name == "face_landmarks"):
        parser.error(f"--eyes is a share for face_landmarks alone, found {options.eyes:g} for {options.name}")
    if not (0 <= options.share <= 1 and 0 <= options.nearer < 1):
        parser.error(f"--share and --nearer lie between 0 and 1, found {options.share:g} and {options.nearer:g}")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        done = ship_mix(
            options.name,
            options.trained,
            options.other,
            options.share,
            options.out,
            options.version,
            options.faces,
            options.real,
            options.nearer,
            options.eyes,
        )
    except (
        CheckpointError,
        EvaluationError,
        ExportError,
        OSError,
        RealDataError,
        ShardError,
        UnknownNetworkError,
        WarmStartError,
    ) as error:
        print(f"mix: {error}", file=sys.stderr)  # noqa: T201 - the command's error message
        return 1
    print(f"{done.path}: {done.bytes / 1e6:.1f} MB")  # noqa: T201 - the command's answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
