"""Every network trains, is saved, goes on where it stopped, and becomes an ONNX file that does the same."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from engines.card import load_card
from engines.errors import EngineError
from tests.training.shard_fixture import write_samples
from training.evaluate import EvaluationError, evaluate
from training.export import export_onnx, fold_batch_norm
from training.feed import FaceStore, Feed, FeedError
from training.networks.registry import NETWORKS, find_network
from training.train import make_task, ship_trained, train
from training.trainer import Trainer, TrainSettings

PLUS = [spec for spec in NETWORKS if spec.preset == "plus"]
SHIPPED = [spec for spec in PLUS if spec.name not in ("eye_openness", "relief_error", "color_error")]  # parts of others
SEED = [spec for spec in NETWORKS if spec.preset == "seed"]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


def smoke(steps: int, **more: object) -> TrainSettings:
    return TrainSettings(steps=steps, batch_size=2, threads=1, log_every=1, **more)  # type: ignore[arg-type]  # test helper


@pytest.mark.parametrize("spec", PLUS, ids=lambda spec: spec.key)
def test_a_plus_network_trains_and_goes_on_where_it_stopped(spec, samples: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    quality = train(spec.name, spec.preset, samples, tmp_path, smoke(2), report=lines.append)
    assert quality
    assert all(np.isfinite(list(quality.values())))
    trainer = Trainer(spec, make_task(spec), tmp_path, smoke(4))
    assert trainer.resume()
    assert trainer.step == 2
    assert (tmp_path / f"{spec.key}.safetensors").exists()
    assert cv2.imread(str(tmp_path / f"{spec.key}.curve.png")) is not None
    train(spec.name, spec.preset, samples, tmp_path, smoke(4), report=lines.append)
    assert any("continuing" in line for line in lines)
    with (tmp_path / f"{spec.key}.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {int(row["step"]) for row in rows} == {1, 2, 3, 4}


@pytest.mark.parametrize("spec", SEED, ids=lambda spec: spec.key)
def test_a_seed_network_does_one_step_against_its_discriminator(spec, samples: Path, tmp_path: Path) -> None:
    task = make_task(spec)
    trainer = Trainer(spec, task, tmp_path, smoke(10, adversary_from=0.0))
    before = [parameter.detach().clone() for parameter in trainer.network.parameters()]
    store = FaceStore(samples)
    with Feed(store, lambda rng: task.make_item(store, rng), 2, 0, depth=1) as feed:
        batch = next(iter(feed))
    parts = trainer.train_step({name: torch.from_numpy(value) for name, value in batch.items()})
    assert all(np.isfinite(list(parts.values())))
    assert ("critic" in parts) == (spec.critic is not None)
    after = list(trainer.network.parameters())
    assert any(not torch.equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("spec", [*PLUS, find_network("depth_to_color", "seed")], ids=lambda spec: spec.key)
def test_the_exported_file_does_what_the_network_does(spec, tmp_path: Path) -> None:
    """export_onnx itself compares torch with ONNX Runtime for batches of 1 and 3, and raises beyond 1e-3."""
    torch.manual_seed(0)
    network = spec.build()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    done = export_onnx(network, spec, tmp_path / "model.onnx")
    assert set(done.worst) == {tensor.name for tensor in spec.outputs}
    assert done.bytes == (tmp_path / "model.onnx").stat().st_size
    parameters = sum(p.numel() for p in network.parameters())
    assert done.bytes < 2.2 * parameters + 60_000, "weights are stored in half precision"


def test_folding_batch_norm_changes_nothing_but_rounding() -> None:
    spec = find_network("gray_to_depth", "seed")
    network = spec.build().eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    image = torch.rand(1, 1, 96, 96)
    folded = fold_batch_norm(network)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules())
    with torch.no_grad():
        assert torch.allclose(network(image), folded(image), atol=1e-4)


def test_a_folder_without_faces_says_how_to_render_some(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FeedError, match=r"training\.faces\.render"):
        train("face_landmarks", "plus", tmp_path / "empty", tmp_path, smoke(1))


@pytest.mark.timeout(600)  # a quarter of a minute of computing each, which a busy machine takes ten times as long for
@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: spec.key)
def test_a_trained_network_is_shipped_with_what_was_measured(spec, samples: Path, tmp_path: Path) -> None:
    parts = [spec, find_network("eye_openness")] if spec.name == "face_landmarks" else [spec]
    for part in parts:
        Trainer(part, make_task(part), tmp_path, smoke(1)).save()
    done = ship_trained(spec.name, spec.preset, tmp_path, tmp_path, "0.0.1", samples)
    card = load_card(tmp_path / f"{spec.key}.json")
    assert card.sha256 == done.sha256
    assert card.measured
    assert all(np.isfinite(m.value) and "--faces" in m.command for m in card.measured)
    assert "0 steps" in card.trained_on
    assert evaluate(spec.name, faces=samples, weights=tmp_path) == list(card.measured)


def test_evaluation_says_what_is_missing(samples: Path, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="Nothing to evaluate on"):
        evaluate("face_landmarks")
    with pytest.raises(EvaluationError, match="ships no file"):
        evaluate("face_landmarks", "seed", faces=samples)
    with pytest.raises(EngineError, match="no model card"):
        evaluate("face_landmarks", faces=samples, weights=tmp_path)
