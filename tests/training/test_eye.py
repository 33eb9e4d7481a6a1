"""EyeToFace: the paper's network, ours that keeps the eye, items as the cascades cut them, and honest scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.steps.eye_square import cut_square, eye_square
from tests.training.shard_fixture import write_samples
from training.feed import FaceStore

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training.networks.blocks import count_macs, count_parameters
from training.networks.eye_to_face import EyeToFacePlus, EyeToFaceSeed
from training.tasks.eye import BACKDROP, EyeTask, imagined, square


def test_the_papers_network_has_the_sizes_of_the_paper() -> None:
    network = EyeToFaceSeed().eval()
    eye = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        assert network.encoder(eye).shape == (1, 512, 2, 2)
        assert network(eye).shape == (1, 3, 128, 128)
    encoder = 3 * 64 * 9 + 128 + (64 * 128 + 128 * 128 + 128 * 256 + 256 * 256 + 256 * 512 + 512 * 512) * 9
    encoder += 4 * (128 + 256 + 512)
    assert count_parameters(network.encoder) == encoder
    assert network.code.in_features == 2048
    assert network.code.out_features == 512


def test_ours_is_small() -> None:
    network = EyeToFacePlus()
    assert count_parameters(network) < 800_000
    assert count_macs(network, torch.rand(1, 3, 32, 32)) < 100e6


def test_the_eye_itself_is_in_the_face_where_the_network_put_it() -> None:
    network = EyeToFacePlus().eval()
    with torch.no_grad():
        network.where.weight.zero_()
        network.where.bias.copy_(torch.zeros(5))
        green = torch.zeros(1, 3, 32, 32)
        green[:, 1] = 1.0
        face, place, _ = network.detail(green)
    assert place.shape == (1, 5)
    row, columns = int(0.4 * 128), (int(0.32 * 128), int(0.68 * 128))
    for column in columns:
        assert face[0, 1, row, column] == pytest.approx(1.0, abs=1e-3)
        assert face[0, 0, row, column] == pytest.approx(0.0, abs=1e-3)
    assert face[0, 1, 120, 64] < 0.9


def test_light_of_another_color_on_the_eye_is_that_on_the_face() -> None:
    network = EyeToFacePlus().eval()
    with torch.no_grad():
        network.code[0].weight[:, -3:] = 0  # what the light says of skin is left out
        eye = 0.2 + 0.2 * torch.rand(1, 3, 32, 32)
        tint = torch.tensor([1.3, 1.0, 0.7])[None, :, None, None]
        face, tinted = network.detail(eye)[0], network.detail(eye * tint)[0]
    assert face.mean() > 0.05
    assert torch.allclose(tinted, face * tint, atol=2e-3)


def test_nearly_all_of_the_eye_picture_is_put_back_not_its_middle_alone() -> None:
    network = EyeToFacePlus().eval()
    axis = network.axis
    eye = torch.ones(1, 3, 32, 32)
    size = float(torch.exp(torch.tensor(-1.56)))
    put = network._put(torch.zeros(1, 3, 128, 128), eye, *(torch.full((1,), v) for v in (0.0, 0.0, -1.56)))[0, 0]
    inside = (axis.abs() < 0.75 * size).float()
    assert put[inside[:, None] * inside[None] > 0].min() > 0.8, "the corners of a square, too"
    outside = axis.abs() > size
    assert put[outside].abs().max() == 0
    assert put[:, outside].abs().max() == 0


def test_the_mirror_image_of_an_eye_makes_the_mirror_image_of_the_face() -> None:
    network = EyeToFacePlus().eval()
    eye = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        face, place, _ = network.detail(eye, torch.ones(1))
        other, elsewhere, _ = network.detail(eye.flip(3), torch.zeros(1))
    torch.testing.assert_close(other, face.flip(3), atol=1e-5, rtol=0)
    assert place[0, 0] < 0 < elsewhere[0, 0]
    assert float(place[0, 0] + elsewhere[0, 0]) == pytest.approx(0, abs=1e-5)


def test_what_is_shipped_takes_every_eye_for_a_left_one_and_says_how_likely_that_is() -> None:
    network = EyeToFacePlus().eval()
    eyes = torch.rand(6, 3, 32, 32)
    with torch.no_grad():
        face, left = network(eyes)
        wanted, _, logit = network.detail(eyes, torch.ones(6))
        decided = network.detail(eyes)[0]
        torch.testing.assert_close(imagined(network, eyes), decided, atol=1e-5, rtol=0)
    torch.testing.assert_close(face, wanted)
    torch.testing.assert_close(left[:, 0], torch.sigmoid(logit))


def test_a_tilted_square_follows_the_line_between_the_eyes() -> None:
    picture = np.zeros((101, 101), np.float32)
    picture[np.arange(20, 81), np.arange(20, 81)] = 1.0  # a line at 45 degrees through the middle
    cut = square(picture, np.array([50.0, 50.0]), 41, 41, tilt=np.pi / 4)
    assert cut[20].mean() > 0.5
    assert cut[8].max() < 0.05


def test_items_are_cut_about_the_eyes(tmp_path: Path) -> None:
    store = FaceStore(write_samples(tmp_path / "samples"))
    for which in (0, 1):
        item = EyeTask().item(store, int(store.train_faces[0]), which, None)
        assert item["eye"].shape == (3, 32, 32)
        assert item["face"].shape == (3, 128, 128)
        outside = item["person"] == 0
        assert (item["face"][:, outside] == BACKDROP).all()


def test_a_square_is_cut_to_the_pixel() -> None:
    picture = np.arange(100, dtype=np.float32).reshape(10, 10)
    assert np.array_equal(square(picture, np.array([4.5, 5.5]), 4, 4), picture[4:8, 3:7])


def test_the_program_cuts_the_eye_that_training_cuts(tmp_path: Path) -> None:
    """The same landmarks give the same pixels, upright or tilted."""
    write_samples(tmp_path)
    store = FaceStore(tmp_path)
    for index in store.train_faces[:4]:
        marks = store.get("landmarks", int(index))
        eye = EyeTask().item(store, int(index), 0, None)["eye"].transpose(1, 2, 0)
        square_of_it = eye_square(marks, 0.0)
        assert square_of_it is not None
        assert square_of_it.side_px < 32, "larger ones are averaged, which these need not be"
        cut = cut_square(np.ascontiguousarray(store.get("color", int(index))), square_of_it, 32)
        assert np.abs(cut.astype(int) - eye).max() <= 2
