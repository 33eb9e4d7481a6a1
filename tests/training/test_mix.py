"""The mean of two trainings' weights as one file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training import mix
from training.export import export_onnx, fold_batch_norm
from training.finder_truth import BELOW
from training.networks.face_finder import FaceFinderPlus
from training.networks.face_landmarks_eyes import FaceLandmarksWithEyes
from training.networks.registry import find_network
from training.warm_start import folded_from_file


def network(seed: int) -> FaceFinderPlus:
    torch.manual_seed(seed)
    return FaceFinderPlus().eval()


def answers(net: torch.nn.Module) -> tuple[np.ndarray, np.ndarray]:
    image = torch.linspace(-1, 1, 240 * 320).reshape(1, 1, 240, 320)
    with torch.no_grad():
        chance, face = net(image)
    return chance.numpy(), face.numpy()


def test_none_of_the_training_is_the_file_and_all_of_it_the_training(tmp_path: Path) -> None:
    old, new = network(1), network(2)
    file = tmp_path / "old.onnx"
    export_onnx(old, find_network("face_finder"), file, half=False)
    for share, expected in ((0.0, old), (1.0, new)):
        base = folded_from_file(network(3), file)
        found = mix.mixed(base, fold_batch_norm(new).eval(), share)
        for mine, theirs in zip(answers(found), answers(expected), strict=True):
            np.testing.assert_allclose(mine, theirs, atol=2e-4)


def test_what_lies_between_is_between() -> None:
    a, b = (fold_batch_norm(network(seed)).eval() for seed in (1, 2))
    low, high = a.state_dict()["face.bias"].clone(), b.state_dict()["face.bias"].clone()
    found = mix.mixed(a, b, 0.25).state_dict()["face.bias"]
    torch.testing.assert_close(found, 0.75 * low + 0.25 * high)


def test_eyes_are_mixed_by_a_share_of_their_own() -> None:
    torch.manual_seed(5)
    a, b = FaceLandmarksWithEyes().eval(), FaceLandmarksWithEyes().eval()
    points, eyes = a.state_dict()["landmarks.heat.bias"].clone(), b.state_dict()["eyes.judge.3.bias"].clone()
    found = mix.mixed(a, b, 0.0, eyes=1.0).state_dict()
    torch.testing.assert_close(found["landmarks.heat.bias"], points)
    torch.testing.assert_close(found["eyes.judge.3.bias"], eyes)


def test_squares_move_towards_the_head_and_nothing_else_changes() -> None:
    net = network(4)
    chance, face = answers(net)
    net.nearer = 0.2
    same, moved = answers(net)
    np.testing.assert_array_equal(same, chance)
    np.testing.assert_array_equal(moved[:, 2:], face[:, 2:])
    np.testing.assert_allclose(moved[:, 0], 0.8 * face[:, 0] + 0.2 * face[:, 3], atol=1e-3)
    np.testing.assert_allclose(moved[:, 1], 0.8 * face[:, 1] + 0.2 * (face[:, 4] + BELOW * face[:, 2]), atol=1e-3)


def test_a_wrong_share_and_a_missing_training_are_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["face_finder", "--trained", str(tmp_path), "--with", "x.onnx", "--faces", str(tmp_path), "--version", "1"]
    with pytest.raises(SystemExit):
        mix.main([*words, "--share", "1.5"])
    assert "between 0 and 1" in capsys.readouterr().err
    assert mix.main([*words, "--share", "0.5", "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.startswith("mix: ")
