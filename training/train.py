"""What `tapetum train` does. Importing this file needs no torch; training does."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from training.networks.registry import NETWORKS, NetworkSpec, find_network
from training.out_folder import tried_folder

if TYPE_CHECKING:
    from torch import nn

    from training.checkpoint import Checkpoint
    from training.export import Exported
    from training.feed import FaceStore
    from training.settings import TrainSettings
    from training.tasks.task import Task
    from training.trainer import Trainer

CALIBRATED_KEYS = ("face_verifier-plus",)
"""Their validation also fits how a score becomes a probability, on people that training never saw."""
CALIBRATION_PEOPLE = 200
WARM_START_ITEMS = 512
"""Training items that a network started from a file looks at, for the statistics of its batch norms."""


class TrainingUnavailableError(RuntimeError):
    """A package that training needs is not installed; the message says how to get it."""


def list_networks() -> list[dict[str, str]]:
    """Every network that can be built: name, preset, summary, source, and what trains it."""
    return [{"name": n.name, "preset": n.preset, "summary": n.summary, "source": n.source} for n in NETWORKS]


def require_torch() -> None:
    """Raises TrainingUnavailableError where torch, or what reads and writes checkpoints, is not installed."""
    for package in ("torch", "safetensors"):
        if importlib.util.find_spec(package) is None:
            raise TrainingUnavailableError(
                f'Training needs {package}, which is not installed. Get it with: pip install "tapetum[train]"'
            )


def make_task(spec: NetworkSpec) -> Task:
    """What this network learns."""
    from training.tasks.color import ColorSeedTask, ColorTask
    from training.tasks.color_error import ColorErrorTask
    from training.tasks.dmsl import DmslTask
    from training.tasks.eye import EyeSeedTask, EyeTask
    from training.tasks.eye_state import EyeStateTask
    from training.tasks.finder import FinderTask
    from training.tasks.landmarks import LandmarkTask
    from training.tasks.openness import OpennessTask
    from training.tasks.relief import ReliefSeedTask, ReliefTask
    from training.tasks.relief_error import ReliefErrorTask
    from training.tasks.verification import VerificationSeedTask, VerificationTask

    tasks: dict[str, Callable[[], Task]] = {
        "gray_to_depth-plus": ReliefTask,
        "gray_to_depth-seed": ReliefSeedTask,
        "relief_error-plus": ReliefErrorTask,
        "depth_to_color-plus": ColorTask,
        "color_error-plus": ColorErrorTask,
        "depth_to_color-seed": ColorSeedTask,
        "face_landmarks-plus": LandmarkTask,
        "face_finder-plus": FinderTask,
        "eye_openness-plus": OpennessTask,
        "eye_state-plus": EyeStateTask,
        "face_landmarks-seed": lambda: DmslTask(box=False),
        "face_box-seed": lambda: DmslTask(box=True),
        "eye_to_face-plus": EyeTask,
        "eye_to_face-seed": EyeSeedTask,
        "face_verifier-plus": VerificationTask,
        "face_verifier-seed": VerificationSeedTask,
    }
    return tasks[spec.key]()


def train(
    name: str,
    preset: str,
    faces: Path | int,
    out: Path,
    settings: TrainSettings,
    resume: bool = True,
    report: Callable[[str], None] = print,
    start_from: Path | None = None,
    on_step: Callable[[Trainer, dict[str, float]], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> dict[str, float]:
    """Train network `name` on the samples in `faces`; checkpoint, log and curve go to `out`. Returns the validation.

    Args:
        faces: a folder of samples, or how many to render: training starts while the later ones are rendered.
        start_from: an exported file whose weights the first step starts from; None starts from nothing. A run that is
            resumed goes on with its own.
        on_step: called after every step with its losses.
        stop: asked before every step; True ends the run with a checkpoint, and the validation is empty.

    Raises:
        WarmStartError: `start_from` is no file of this network.
        UnknownNetworkError: there is no such network, or no such preset of it.
        TrainingUnavailableError: a package that training needs is not installed.
        DeviceError: the device is not there.
        RenderAheadError: samples can't be rendered.
        ShardError: `faces` is no folder of samples.
        FeedError: `faces` holds no training faces.
        OutFolderError: `out` can't be made, or something can't be written into it.
        CheckpointError: the checkpoint to resume from is damaged.
        DivergedError: the loss is no number any more.
    """
    spec = find_network(name, preset)
    require_torch()
    from training.device import describe_device
    from training.trainer import Observer, Trainer

    store = None if isinstance(faces, int) else _opened(spec, faces)
    with ExitStack() as stack:
        stack.enter_context(tried_folder(out))
        trainer = Trainer(spec, make_task(spec), out, settings)
        resumed = resume and trainer.resume(report)
        observer = Observer(report=report, stop=stop)
        if on_step is not None:
            observer.step = on_step
        if isinstance(faces, int):
            from engines.folders import cache_folder
            from training.render_ahead import RenderAhead, face_model, plan_samples

            folder, jobs = plan_samples(spec, faces, cache_folder(), face_model(), str(trainer.device))
            report(f"samples: {folder}")
            ahead = stack.enter_context(RenderAhead(folder, jobs))
            observer.samples = lambda store: ahead.describe()
            if not ahead.wait(report, stop):
                return {}
            store = _opened(spec, folder)
        assert store is not None
        if resumed:
            report(f"continuing {spec.key} at step {trainer.step}, {trainer.elapsed:.0f} s")
        elif start_from is not None:
            from training.warm_start import file_name, looks_of, start_from_file

            looks = looks_of(trainer.task, spec, store, WARM_START_ITEMS)
            share = start_from_file(trainer.network.cpu(), start_from, looks)
            trainer.network.to(trainer.device)
            trainer.average.load_state_dict(trainer.network.state_dict())
            trainer.origin = file_name(start_from)
            report(f"starting {spec.key} from {start_from}, which has {share:.0%} of its weights")
        report(
            f"{spec.key} on {describe_device(trainer.device, settings.threads)}, batches of {trainer.batch_size}, "
            f"learning rate {trainer.base_rate:g}, {observer.samples(store)}; the curve: {trainer.curve_path}"
        )
        return trainer.run(store, observer)


def _opened(spec: NetworkSpec, folder: Path) -> FaceStore:
    """The samples in `folder`, of which there are some. Raises ShardError, FeedError."""
    from training.stores import open_store

    store = open_store(spec, folder)
    require_samples(spec, store)
    return store


def require_samples(spec: NetworkSpec, store: FaceStore) -> None:
    """Raises FeedError where `store` holds nothing that `spec` could be trained on."""
    from training.feed import FeedError
    from training.sample_kinds import has_people, nothing_for

    if len(store.train_faces) or has_people(spec, store.folder):
        return
    raise FeedError(f"{nothing_for(spec, store.folder)}, or give --faces a number")


def load_trained(name: str, preset: str, checkpoints: Path) -> tuple[nn.Module, str]:
    """The averaged network from its checkpoint in `checkpoints`, and in words how long it was trained.

    face_landmarks-plus comes as it ships: with eye_openness-plus looking at its eyes.

    Raises:
        UnknownNetworkError: there is no such network.
        CheckpointError: a checkpoint is missing, damaged or of another network.
    """
    spec = find_network(name, preset)
    require_torch()
    from training.checkpoint import find_checkpoint, load_checkpoint, put_weights
    from training.networks.face_landmarks_eyes import FaceLandmarksWithEyes

    if spec.key == "face_landmarks-plus":
        both = FaceLandmarksWithEyes()
        said = []
        for part_name, part in (("face_landmarks", both.landmarks), ("eye_openness", both.eyes)):
            key = f"{part_name}-plus"
            state = load_checkpoint(checkpoints, key)
            put_weights(part, state.average, find_checkpoint(checkpoints, key))
            said.append(f"{part_name}: {_trained_how(state)}")
        return both.eval(), "; ".join(said)
    network = spec.build()
    state = load_checkpoint(checkpoints, spec.key)
    put_weights(network, state.average, find_checkpoint(checkpoints, spec.key))
    return network.eval(), _trained_how(state)


def _trained_how(state: Checkpoint) -> str:
    where = state.facts.get("device", "two shared CPU cores")  # earlier checkpoints don't say; all were made there
    origin = state.facts.get("started from", "nothing")
    begun = "" if origin == "nothing" else f", started from {origin}, whose samples are not counted"
    return f"{state.step} steps, {state.elapsed / 60:.0f} minutes of wall time on {where}{begun}, averaged weights"


def ship_trained(
    name: str,
    preset: str,
    checkpoints: Path,
    weights: Path,
    version: str,
    faces: Path,
    real: Path | None = None,
    report: Callable[[str], None] = print,
) -> Exported:
    """Export a trained network to `weights`, measure the file on held-out data, and write both into its card.

    Raises:
        CheckpointError, ExportError, EvaluationError, ShardError, RealDataError: see load_trained, export and evaluate.
    """
    spec = find_network(name, preset)
    network, trained_on = load_trained(name, preset, checkpoints)
    from training.ship_measured import ship_measured
    from training.stores import open_store

    store = open_store(spec, faces)
    samples = len(store.train_faces) + len(store.train_clutter)
    if spec.key in CALIBRATED_KEYS:
        from training.faces.subjects import Subjects

        make_task(spec).validate(network, store, CALIBRATION_PEOPLE)  # fits the curve inside the network
        samples = Subjects(store).train_views
    return ship_measured(network, spec, weights, samples, trained_on, version, store, faces, real, report)
