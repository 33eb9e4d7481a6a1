"""The paper's feature loss: its weights add up, its layers are VGG19's, and it starts at 1."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training.feature_loss import (
    CALIBRATION_BATCHES,
    BalancedFeatureLoss,
    FeatureWeightsError,
    Vgg19Taps,
    layer_weights,
)


@pytest.mark.parametrize(("count", "peak"), [(22, 10), (22, 11), (10, 3), (40, 39)])
def test_the_weights_add_up_to_one_and_are_highest_at_the_peak(count: int, peak: int) -> None:
    weights = layer_weights(count, peak)
    assert sum(weights) == pytest.approx(1, abs=1e-9)
    assert max(range(count), key=weights.__getitem__) == peak
    assert weights[0] == 0


def test_the_printed_weights_do_not() -> None:
    assert sum(layer_weights(printed=True)) == pytest.approx(1.05, abs=1e-9)


def test_the_layers_are_those_of_vgg19() -> None:
    taps = Vgg19Taps()(torch.rand(1, 3, 32, 32))
    assert len(taps) == 21
    assert taps[9].shape == (1, 256, 8, 8)  # block3_conv4, number 10 with the input
    assert taps[20].shape == (1, 512, 1, 1)
    assert sum(p.numel() for p in Vgg19Taps().parameters()) == 20_024_384


def test_an_untouched_generator_has_the_loss_one() -> None:
    loss = BalancedFeatureLoss()
    generator = torch.Generator().manual_seed(0)
    pairs = [(torch.rand(2, 3, 32, 32, generator=generator), torch.rand(2, 3, 32, 32, generator=generator))] * 3
    values = [float(loss(a, b)) for a, b in pairs * 3]
    assert values[CALIBRATION_BATCHES:] == pytest.approx([1.0], rel=1e-3)
    assert float(loss(pairs[0][0], pairs[0][0])) == 0.0


def test_a_run_that_goes_on_knows_what_the_layers_were_at_the_start() -> None:
    generator = torch.Generator().manual_seed(0)
    far, near, truth = (torch.rand(2, 3, 32, 32, generator=generator) for _ in range(3))
    loss = BalancedFeatureLoss()
    for _ in range(CALIBRATION_BATCHES):
        loss(far, truth)
    again = BalancedFeatureLoss()
    again.recall(loss.remember())
    assert float(again(near * 0.1 + truth * 0.9, truth)) == float(loss(near * 0.1 + truth * 0.9, truth)) < 0.5
    fresh = BalancedFeatureLoss()
    fresh.recall({})  # a checkpoint of an earlier version has nothing of it
    assert float(fresh(near * 0.1 + truth * 0.9, truth)) == pytest.approx(1.0, rel=1e-3)


def test_the_taps_are_the_same_every_time_and_torchvisions_file_is_read(tmp_path: Path) -> None:
    picture = torch.rand(1, 3, 32, 32)
    own = Vgg19Taps()
    assert torch.equal(own(picture)[20], Vgg19Taps()(picture)[20])
    places = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34)  # of the convolutions in torchvision
    convolutions = [layer[0] for layer in own.layers if isinstance(layer, torch.nn.Sequential)]
    state = {
        f"features.{n}.{k}": v + 0.01
        for n, c in zip(places, convolutions, strict=True)
        for k, v in c.state_dict().items()
    }
    torch.save({**state, "classifier.0.weight": torch.zeros(1)}, tmp_path / "vgg19.pth")
    read = Vgg19Taps(tmp_path / "vgg19.pth")
    assert torch.equal(read.layers[0][0].weight, convolutions[0].weight + 0.01)
    with pytest.raises(FeatureWeightsError, match=r"nothing\.pth"):
        Vgg19Taps(tmp_path / "nothing.pth")
