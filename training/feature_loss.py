"""The feature losses of seed 004 (SPEC 1.5): differences of VGG19's layers, each divided by what it was at the start.

The weights of VGG19 are not part of this project (they were trained on ImageNet). A user who may use them names the
file of torchvision's VGG19 in the environment variable TAPETUM_VGG19; without it the same layers stand there with
random weights from a fixed seed, which compare structure too, if less well.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn

ENVIRONMENT_VARIABLE = "TAPETUM_VGG19"
LAYERS = 22
"""As Keras counts VGG19 without its top: the input, 16 convolutions (with ReLU) and 5 poolings."""
PEAK = 10
"""block3_conv4, which counts most."""
BLOCKS = ((3, 64, 2), (64, 128, 2), (128, 256, 4), (256, 512, 4), (512, 512, 4))
"""Channels in, channels out, and convolutions of each block."""
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""torchvision's: RGB in 0..1."""
CALIBRATION_BATCHES = 8


class FeatureWeightsError(Exception):
    """The file of VGG19 cannot be used; the message names it."""


def layer_weights(count: int = LAYERS, peak: int = PEAK, printed: bool = False) -> list[float]:
    """Weight of every layer 0 .. count - 1: a ramp up to `peak` and down again, their sum 1.

    printed: as the paper prints it, where the second half is constant and the sum 1.05 (SPEC 1.5).
    """
    top = 2 / count
    if printed:
        return [top * i / peak if i <= peak else top * (count - peak - 1) / (count - 2) for i in range(count)]
    return [top * i / peak if i <= peak else top * (count - i) / (count - peak) for i in range(count)]


class Vgg19Taps(nn.Module):
    """RGB (N, 3, H, W) in [0, 1] -> the 21 layers after the input, in order. Nothing in it is trained.

    Raises:
        FeatureWeightsError: the file is missing or holds something else.
    """

    def __init__(self, weights: Path | None = None) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        with torch.random.fork_rng():
            torch.manual_seed(19)
            for first, width, convolutions in BLOCKS:
                for inputs, outputs in pairwise((first, *(width,) * convolutions)):
                    layer = nn.Conv2d(inputs, outputs, 3, 1, 1)
                    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                    nn.init.zeros_(layer.bias)  # type: ignore[arg-type]  # a bias is there
                    layers.append(nn.Sequential(layer, nn.ReLU()))
                layers.append(nn.MaxPool2d(2))
        self.layers = nn.ModuleList(layers)
        if weights is not None:
            self._read(weights)
        self.requires_grad_(False)
        self.register_buffer("mean", torch.tensor(MEAN)[None, :, None, None])
        self.register_buffer("deviation", torch.tensor(DEVIATION)[None, :, None, None])
        self.mean: Tensor
        self.deviation: Tensor

    def _read(self, path: Path) -> None:
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
            numbered = sorted({int(key.split(".")[1]) for key in state if key.startswith("features.")})
            own = [layer[0] for layer in self.layers if isinstance(layer, nn.Sequential)]
            for number, layer in zip(numbered, own, strict=True):
                layer.load_state_dict({k: state[f"features.{number}.{k}"] for k in ("weight", "bias")})
        except Exception as error:  # torch raises many kinds for a damaged or foreign file
            raise FeatureWeightsError(
                f"{path} can't be read as torchvision's VGG19 ({error}); name another file in {ENVIRONMENT_VARIABLE}, "
                "or none for random weights."
            ) from error

    def forward(self, picture: Tensor) -> list[Tensor]:
        x = (picture - self.mean) / self.deviation
        taps = []
        for layer in self.layers:
            x = layer(x)
            taps.append(x)
        return taps


class BalancedFeatureLoss:
    """Sum over the layers of weight * L1 / (L1 before training). 1 for the generator as it was before training.

    The L1 before training is averaged over the first CALIBRATION_BATCHES batches, during which the loss is relative to
    what has been seen so far; a layer that shows no difference is left out.
    """

    def __init__(self, taps: Vgg19Taps | None = None) -> None:
        named = os.environ.get(ENVIRONMENT_VARIABLE)
        self._taps = taps or Vgg19Taps(Path(named) if named else None)
        self._weights = layer_weights()[1:]
        self._sums = torch.zeros(len(self._weights), dtype=torch.float64)
        self._batches = 0

    def remember(self) -> dict[str, Tensor]:
        """What the layers' L1 was before training: a run that goes on must not measure it anew."""
        return {"sums": self._sums, "batches": torch.tensor(self._batches)}

    def recall(self, state: dict[str, Tensor]) -> None:
        """Take over what `remember` gave."""
        if state:
            self._sums, self._batches = state["sums"].double().cpu(), int(state["batches"])

    def __call__(self, found: Tensor, truth: Tensor) -> Tensor:
        """The loss of pictures (N, 3, H, W) in [0, 1]."""
        self._taps.to(found.device)
        with torch.no_grad():
            wanted = self._taps(truth)
        apart = [(a - b).abs().mean() for a, b in zip(self._taps(found), wanted, strict=True)]
        if self._batches < CALIBRATION_BATCHES:
            self._sums += torch.tensor([float(value.detach()) for value in apart], dtype=torch.float64)
            self._batches += 1
        start = (self._sums / self._batches).tolist()
        total = found.new_zeros(())
        for weight, value, before in zip(self._weights, apart, start, strict=True):
            if before >= 1e-12:
                total = total + weight * value / before
        return total
