"""What `tapetum train` does. Importing this file needs no torch; training does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.networks.registry import NETWORKS, NetworkSpec, find_network

if TYPE_CHECKING:
    from torch import nn

    from training.export import Exported
    from training.tasks.task import Task
    from training.trainer import TrainSettings


class TrainingUnavailableError(RuntimeError):
    """Torch is not installed; the message says how to get it."""


def list_networks() -> list[dict[str, str]]:
    """Every network that can be built: name, preset, summary, source, and what trains it."""
    return [{"name": n.name, "preset": n.preset, "summary": n.summary, "source": n.source} for n in NETWORKS]


def require_torch() -> None:
    """Raises TrainingUnavailableError where torch is not installed."""
    try:
        import torch  # noqa: F401  # only asked whether it is there
    except ImportError as error:
        raise TrainingUnavailableError(
            'Training needs torch, which is not installed. Get it with: pip install "tapetum[train]"'
        ) from error


def make_task(spec: NetworkSpec) -> Task:
    """What this network learns."""
    from training.tasks.color import ColorSeedTask, ColorTask
    from training.tasks.dmsl import DmslTask
    from training.tasks.landmarks import LandmarkTask
    from training.tasks.openness import OpennessTask
    from training.tasks.relief import ReliefSeedTask, ReliefTask

    tasks: dict[str, Callable[[], Task]] = {
        "gray_to_depth-plus": ReliefTask,
        "gray_to_depth-seed": ReliefSeedTask,
        "depth_to_color-plus": ColorTask,
        "depth_to_color-seed": ColorSeedTask,
        "face_landmarks-plus": LandmarkTask,
        "eye_openness-plus": OpennessTask,
        "face_landmarks-seed": lambda: DmslTask(box=False),
        "face_box-seed": lambda: DmslTask(box=True),
    }
    return tasks[spec.key]()


def train(
    name: str,
    preset: str,
    faces: Path,
    out: Path,
    settings: TrainSettings,
    resume: bool = True,
    report: Callable[[str], None] = print,
) -> dict[str, float]:
    """Train network `name` on the samples in `faces`; checkpoint and log go to `out`. Returns the validation.

    Raises:
        UnknownNetworkError: there is no such network.
        TrainingUnavailableError: torch is not installed.
        ShardError: `faces` is no folder of samples.
        FeedError: `faces` holds no training faces.
        CheckpointError: the checkpoint to resume from is damaged.
    """
    spec = find_network(name, preset)
    require_torch()
    from training.feed import FaceStore
    from training.trainer import Trainer

    store = FaceStore(faces)
    trainer = Trainer(spec, make_task(spec), out, settings)
    if resume and trainer.resume():
        report(f"continuing {spec.key} at step {trainer.step}, {trainer.elapsed:.0f} s")
    return trainer.run(store, report)


def load_trained(name: str, preset: str, checkpoints: Path) -> tuple[nn.Module, str]:
    """The averaged network from its checkpoint in `checkpoints`, and in words how long it was trained.

    face_landmarks-plus comes as it ships: with eye_openness-plus looking at its eyes.

    Raises:
        UnknownNetworkError: there is no such network.
        CheckpointError: a checkpoint is missing, damaged or of another network.
    """
    spec = find_network(name, preset)
    require_torch()
    from training.networks.face_landmarks_eyes import FaceLandmarksWithEyes
    from training.trainer import read_checkpoint

    if spec.key == "face_landmarks-plus":
        both = FaceLandmarksWithEyes()
        said = []
        for part_name, part in (("face_landmarks", both.landmarks), ("eye_openness", both.eyes)):
            state = read_checkpoint(checkpoints / f"{part_name}-plus.pt", f"{part_name}-plus")
            part.load_state_dict(state["average"])
            said.append(f"{part_name}: {_trained_how(state)}")
        return both.eval(), "; ".join(said)
    network = spec.build()
    state = read_checkpoint(checkpoints / f"{spec.key}.pt", spec.key)
    network.load_state_dict(state["average"])
    return network.eval(), _trained_how(state)


def _trained_how(state: dict[str, Any]) -> str:
    minutes = state["elapsed"] / 60
    return f"{state['step']} steps, {minutes:.0f} minutes of wall time on two shared CPU cores, averaged weights"


def ship_trained(
    name: str, preset: str, checkpoints: Path, weights: Path, version: str, faces: Path, real: Path | None = None
) -> Exported:
    """Export a trained network to `weights`, measure the file on held-out data, and write both into its card.

    Raises:
        CheckpointError, ExportError, EvaluationError, ShardError, RealDataError: see load_trained, export and evaluate.
    """
    spec = find_network(name, preset)
    network, trained_on = load_trained(name, preset, checkpoints)
    from training.evaluate import evaluate
    from training.export import ship
    from training.feed import FaceStore

    store = FaceStore(faces)
    samples = len(store.train_faces) + len(store.train_clutter)
    ship(network, spec, weights, samples, trained_on, version)
    measured = evaluate(name, preset, faces, real, weights)
    return ship(network, spec, weights, samples, trained_on, version, measured)
