"""The expected error is learnt beside a relief that stands still, and put onto its file without touching it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import onnx
import torch

from engines.backends.onnxruntime_library import import_onnxruntime
from engines.card import load_card
from engines.loading import WEIGHTS
from tests.training.shard_fixture import write_samples
from training.export import export_onnx
from training.feed import FaceStore
from training.graft import GraftError, before_layer, graft, read_file, without_part
from training.networks.blocks import count_macs, count_parameters
from training.networks.expected_error import ReliefError
from training.networks.gray_to_depth import GrayToDepthPlus
from training.networks.registry import find_network
from training.ship_relief_error import READS, main, ship_relief_error
from training.tasks import relief_error
from training.tasks.expected_error import fit_line
from training.tasks.relief_error import ReliefErrorTask
from training.trainer import Trainer, TrainSettings
from training.warm_start import folded_from_file

FILE = WEIGHTS / "gray_to_depth-plus.onnx"
SPEC = find_network("relief_error")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


def answers(model: onnx.ModelProto, gray: np.ndarray) -> dict[str, np.ndarray]:
    session = import_onnxruntime().InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"gray": gray}), strict=True))


def test_the_files_other_outputs_keep_every_byte(tmp_path: Path) -> None:
    base = without_part(read_file(FILE))
    assert [output.name for output in base.graph.output] == ["relief", "foreground"]
    part = read_file(export_onnx(ReliefError(), SPEC, tmp_path / "part.onnx", half=False).path)
    whole = graft(base, part, {name: before_layer(base, weight) for name, weight in READS.items()})
    gray = np.random.default_rng(0).uniform(-1, 1, (3, 1, 96, 96)).astype(np.float32)
    before, after = answers(base, gray), answers(whole, gray)
    assert after["error"].shape == (3, 1, 96, 96)
    for name, value in before.items():
        assert value.tobytes() == after[name].tobytes(), name
    assert without_part(whole).SerializeToString() == base.SerializeToString()


def test_the_part_on_the_file_sees_what_it_saw_in_training(tmp_path: Path) -> None:
    head = ReliefError().eval()
    base = without_part(read_file(FILE))
    part = read_file(export_onnx(head, SPEC, tmp_path / "part.onnx", half=False).path)
    whole = graft(base, part, {name: before_layer(base, weight) for name, weight in READS.items()})
    gray = np.clip(np.random.default_rng(1).normal(0, 0.4, (2, 1, 96, 96)), -1, 1).astype(np.float32)
    frozen = folded_from_file(GrayToDepthPlus(), FILE)
    with torch.no_grad():
        relief, _, fine, coarse = frozen.maps(torch.from_numpy(gray))
        wanted = head(fine, coarse).numpy()
    found = answers(whole, gray)
    assert np.abs(found["relief"] - relief.numpy()).mean() < 0.02  # the file rounds to int8
    assert np.abs(found["error"] - wanted).mean() < 0.1 * wanted.mean()
    assert np.corrcoef(found["error"].ravel(), wanted.ravel())[0, 1] > 0.97


def test_a_part_goes_on_once_and_only_onto_its_own_network(tmp_path: Path) -> None:
    part = read_file(export_onnx(ReliefError(), SPEC, tmp_path / "part.onnx", half=False).path)
    shipped = read_file(FILE)
    with pytest.raises(GraftError, match="has the output error already"):
        graft(shipped, part, dict.fromkeys(READS, "gray"))
    with pytest.raises(GraftError, match="the part reads"):
        graft(without_part(shipped), part, {"fine": "gray"})
    with pytest.raises(GraftError, match=r"no convolution of the file has the weight up\.2"):
        before_layer(read_file(WEIGHTS / "depth_to_color-plus.onnx"), "up.2.expand.weight.of.another")
    (tmp_path / "torn.onnx").write_bytes(FILE.read_bytes()[:999])
    with pytest.raises(GraftError, match="fetch it again"):
        read_file(tmp_path / "torn.onnx")


def test_a_few_pictures_show_noise_in_place_of_the_face_that_is_there(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in the samples looks like it, and what is imagined of it is wrong: the truth stays."""
    store, items = FaceStore(samples), {}
    for share in (0.0, 1.0):
        monkeypatch.setattr(relief_error, "NOTHING_SHARE", share)
        items[share] = ReliefErrorTask().make_item(store, np.random.default_rng(3))
    face, noise = items[0.0], items[1.0]
    assert (noise["image"].dtype, noise["image"].shape) == (face["image"].dtype, face["image"].shape)
    assert (noise["image"] != face["image"]).mean() > 0.5
    assert noise["image"].std() > 20
    assert all(np.array_equal(noise[key], face[key]) for key in face if key != "image")


def test_the_loss_is_least_where_the_mean_error_is_expected(samples: Path) -> None:
    task, head = ReliefErrorTask(), ReliefError().eval()
    rng = np.random.default_rng(3)
    items = [task.make_item(FaceStore(samples), rng) for _ in range(4)]
    batch = {key: torch.from_numpy(np.stack([item[key] for item in items])) for key in items[0]}
    _, _, error, weight = task.seen(batch)
    mean = float((error * weight).sum() / weight.sum())
    right = float(np.log(mean / (1 - mean)))
    losses = []
    for logit in (right - 0.7, right, right + 0.7):
        head.put_line(0.0, logit)
        losses.append(float(task.loss(head, batch, None)[0].detach()))
    assert losses[1] < min(losses[0], losses[2])


def test_the_line_that_fits_is_found() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(-3, 0.7, 40_000)
    mean = 1 / (1 + np.exp(-(0.8 * logits + 0.3)))
    slope, offset = fit_line(logits.astype(np.float32), rng.exponential(mean).astype(np.float32))
    assert slope == pytest.approx(0.8, abs=0.03)
    assert offset == pytest.approx(0.3, abs=0.1)
    head, fine, coarse = ReliefError().eval(), torch.rand(1, 32, 48, 48), torch.rand(1, 64, 24, 24)
    with torch.no_grad():
        before = head.logit(fine, coarse)
        head.put_line(slope, offset)
        assert torch.allclose(head.logit(fine, coarse), before * slope + offset, atol=1e-5)


def test_it_costs_a_twentieth_of_the_relief() -> None:
    head, relief = ReliefError(), GrayToDepthPlus()
    layers = [head.fine, head.coarse[0], head.mix[0], head.last[0]]
    cells = [48 * 48, 24 * 24, 48 * 48, 48 * 48]
    macs = sum(layer.weight.numel() * cell for layer, cell in zip(layers, cells, strict=True))
    assert macs < 0.05 * count_macs(relief, torch.zeros(1, 1, 96, 96))
    assert count_parameters(head) < 10_000


def test_a_trained_part_ships_with_what_it_is_worth(samples: Path, tmp_path: Path) -> None:
    for name in ("gray_to_depth-plus.onnx", "gray_to_depth-plus.json"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    Trainer(SPEC, ReliefErrorTask(), tmp_path, TrainSettings(steps=1, batch_size=2, threads=1)).save()
    lines: list[str] = []
    card = ship_relief_error(tmp_path, "9.9.9", samples, weights=tmp_path, report=lines.append)
    assert card == load_card(tmp_path / "gray_to_depth-plus.json")
    assert [output.name for output in card.outputs] == ["relief", "foreground", "error"]
    assert (card.version, card.precision) == ("9.9.9", "int8")
    assert any("rank correlation" in one.metric for one in card.measured)
    assert "relief_error on" in card.trained_on
    assert card.trained_on.count("expected error") == 1
    ours = without_part(read_file(card.onnx_path))
    assert ours.SerializeToString() == without_part(read_file(FILE)).SerializeToString()


def test_what_can_not_be_shipped_is_said_in_a_line(samples: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    asked = ["--trained", str(tmp_path), "--faces", str(samples), "--weights", str(tmp_path), "--version", "1"]
    assert main(asked, lines.append) == 1
    assert "relief_error" in lines[-1]
