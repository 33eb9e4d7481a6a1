"""Whether it can be told how wrong an imagined colour is: the head that was trained for it, and what is asked of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from engines.backend import LoadOptions
from engines.card import load_card
from engines.loading import WEIGHTS
from engines.registry import make_backend
from tests.training.shard_fixture import write_samples
from training.feed import FaceStore
from training.networks.blocks import count_macs, count_parameters
from training.networks.depth_to_color import DepthToColorPlus
from training.networks.expected_error import ColorError
from training.networks.registry import find_network
from training.studies.color_error import SCALE, SPOILS, judged, main
from training.tasks.color_error import ColorErrorTask
from training.trainer import Trainer, TrainSettings


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


def batch_of(task: ColorErrorTask, samples: Path, count: int = 4) -> dict[str, torch.Tensor]:
    rng, store = np.random.default_rng(3), FaceStore(samples)
    items = [task.make_item(store, rng) for _ in range(count)]
    return {key: torch.from_numpy(np.stack([item[key] for item in items])) for key in items[0]}


def test_the_error_that_is_learnt_is_that_of_the_shipped_file_in_levels(samples: Path) -> None:
    task = ColorErrorTask()
    batch = batch_of(task, samples)
    _, _, error, weight = task.seen(batch)
    card = load_card(WEIGHTS / "depth_to_color-plus.json")
    backend = make_backend("onnxruntime", LoadOptions(precision="file", threads=1))
    backend.load(card, card.onnx_path)
    found = backend.infer({"depth": (batch["depth"].numpy().astype(np.float32) / 127.5 - 1)[:, None]})["color"]
    backend.close()
    real = np.abs((found + 1) * 127.5 - batch["color"].numpy()).mean(axis=1, keepdims=True)
    where = weight.numpy() > 0
    assert 0 < where.mean() < 1
    assert np.abs(error.numpy() * 255 - real)[where].mean() < 3  # the file rounds to int8


def test_the_loss_is_least_where_the_mean_error_is_expected(samples: Path) -> None:
    task, head = ColorErrorTask(), ColorError().eval()
    batch = batch_of(task, samples)
    _, _, error, weight = task.seen(batch)
    mean = float((error * weight).sum() / weight.sum())
    right = float(np.log(mean / (1 - mean)))
    losses = []
    for logit in (right - 0.7, right, right + 0.7):
        head.put_line(0.0, logit)
        losses.append(float(task.loss(head, batch, None)[0].detach()))
    assert losses[1] < min(losses[0], losses[2])


def test_the_head_would_cost_a_twentieth_of_the_color() -> None:
    head = ColorError()
    layers = [head.fine, head.coarse[0], head.mix[0], head.last[0]]
    cells = [32 * 32, 16 * 16, 32 * 32, 32 * 32]
    macs = sum(layer.weight.numel() * cell for layer, cell in zip(layers, cells, strict=True))
    assert macs < 0.05 * count_macs(DepthToColorPlus(), torch.zeros(1, 1, 64, 64))
    assert count_parameters(head) < 10_000


def test_depth_is_spoilt_as_the_table_says_and_the_same_each_time() -> None:
    code = np.zeros((64, 64), np.uint8)
    code[:, 8:56] = np.linspace(60, 200, 48).astype(np.uint8)
    made = {name: spoil(code.copy(), np.random.default_rng(1)) for name, spoil in SPOILS.items()}
    again = {name: spoil(code.copy(), np.random.default_rng(1)) for name, spoil in SPOILS.items()}
    for name, one in made.items():
        assert one.shape == code.shape, name
        assert one.dtype == np.uint8, name
        assert np.array_equal(one, again[name]), name
        assert not np.array_equal(one, code), name
    shares = {name: float((one > 0).mean() / (code > 0).mean()) for name, one in made.items()}
    assert shares["noise of 15 mm"] == 1
    assert shares["60 % of the readings missing"] == pytest.approx(0.4, abs=0.05)
    assert shares["half of the crop missing"] == pytest.approx(0.5, abs=0.01)
    assert len(np.unique(made["12 x 12 readings"])) < len(np.unique(code)) / 2
    assert len(np.unique(made["the outline alone, flat"])) == 2
    assert not made["no reading at all"].any()


def test_a_head_that_knows_the_mean_alone_is_told_as_such(samples: Path) -> None:
    task, head = ColorErrorTask(), ColorError().eval()
    head.put_line(0.0, 0.0)
    store = FaceStore(samples)
    for one in judged(task, head, task.plain_items(store, [int(index) for index in store.held_out_faces])):
        assert np.allclose(one.expected, 127.5)
        assert np.allclose(one.confidence, 1 - np.exp(-SCALE.close / 127.5))
        assert one.counts.any()
        assert 0 < one.real[one.counts].mean() < 255


def test_the_study_has_a_line_for_every_spoilt_depth_and_says_what_is_missing(samples: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    asked = ["--trained", str(tmp_path), "--faces", str(samples)]
    assert main(asked, lines.append) == 1
    assert "color_error" in lines[-1]
    settings = TrainSettings(steps=1, batch_size=2, threads=1)
    Trainer(find_network("color_error"), ColorErrorTask(), tmp_path, settings).save()
    assert main(asked, lines.append) == 0
    text = "\n".join(lines)
    assert "held-out people in good light" in text
    assert "90-100 %" in text
    assert all(f"| {name} |" in text for name in ("as rendered", *SPOILS))
    assert main(["--trained", str(tmp_path), "--data", str(tmp_path / "none")], lines.append) == 1


def test_the_study_asks_for_something_to_measure_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "--faces, --data, or both" in capsys.readouterr().err
