"""A network started from a shipped file answers as the file does, learns on, and refuses another network's file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import onnxruntime
import torch

from engines.card import load_card
from engines.loading import WEIGHTS
from tests.training.shard_fixture import write_samples
from training.networks.registry import find_network
from training.ship_measured import calibration_crops
from training.stores import open_store
from training.train import load_trained, make_task, train
from training.trainer import TrainSettings
from training.warm_start import WarmStartError, looks_of, start_from_file


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


def test_a_network_started_from_the_shipped_landmarks_finds_the_same_points(samples: Path) -> None:
    spec = find_network("face_landmarks", "plus")
    path = WEIGHTS / "face_landmarks-plus.onnx"
    crops = calibration_crops(spec, open_store(spec, samples), 16)
    network = spec.build()
    assert start_from_file(network, path, looks_of(make_task(spec), spec, open_store(spec, samples), 16)) > 0.9
    session = onnxruntime.InferenceSession(str(path))
    picture = np.concatenate(crops[:3])
    points, _, _, presence = session.run(None, {session.get_inputs()[0].name: picture})
    with torch.no_grad():
        own = network.eval()(torch.from_numpy(picture))
    np.testing.assert_allclose(own[0].numpy(), points, atol=0.02)
    np.testing.assert_allclose(own[3].numpy(), presence, atol=1e-3)


def test_int8_weights_come_back_within_a_rounding_step(samples: Path) -> None:
    spec = find_network("depth_to_color", "plus")
    path = WEIGHTS / "depth_to_color-plus.onnx"
    crops = calibration_crops(spec, open_store(spec, samples), 16)
    network = spec.build()
    assert start_from_file(
        network, path, looks_of(make_task(spec), spec, open_store(spec, samples), 16)
    ) == pytest.approx(1.0)
    session = onnxruntime.InferenceSession(str(path))
    picture = np.concatenate(crops[:2])
    (color,) = session.run(None, {session.get_inputs()[0].name: picture})
    with torch.no_grad():
        own = network.eval()(torch.from_numpy(picture)).numpy()
    assert np.abs(own - color).mean() < 0.05


def test_a_run_that_starts_from_a_file_says_so_and_trains(samples: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    settings = TrainSettings(steps=2, batch_size=2, threads=1, log_every=1)
    start = WEIGHTS / "gray_to_depth-plus.onnx"
    quality = train("gray_to_depth", "plus", samples, tmp_path, settings, report=lines.append, start_from=start)
    assert np.isfinite(list(quality.values())).all()
    assert any("starting gray_to_depth-plus from" in line and "100%" in line for line in lines)
    told = load_trained("gray_to_depth", "plus", tmp_path)[1]
    version = load_card(start.with_suffix(".json")).version
    assert f"started from gray_to_depth {version}, whose samples are not counted" in told


def test_another_networks_file_is_refused_with_what_it_lacks(samples: Path) -> None:
    network = find_network("gray_to_depth", "plus").build()
    with pytest.raises(WarmStartError, match=r"has \d+% of this network's weights"):
        start_from_file(network, WEIGHTS / "depth_to_color-plus.onnx", [])


def test_a_torn_file_is_named(tmp_path: Path) -> None:
    torn = tmp_path / "torn.onnx"
    torn.write_bytes((WEIGHTS / "gray_to_depth-plus.onnx").read_bytes()[:1000])
    network = find_network("gray_to_depth", "plus").build()
    with pytest.raises(WarmStartError, match=r"torn\.onnx"):
        start_from_file(network, torn, [])
