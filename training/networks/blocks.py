"""Layers that several networks share."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def conv(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, slope: float = 0.0) -> nn.Sequential:
    """Convolution, batch norm and (leaky) ReLU; 'same' padding, so that only the stride shrinks the map."""
    activation: nn.Module = nn.LeakyReLU(slope) if slope else nn.ReLU()
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), activation
    )


def transposed(inputs: int, outputs: int, kernel: int = 5) -> nn.Sequential:
    """Transposed convolution that doubles the map exactly (stride 2, output padding 1), batch norm, ReLU."""
    return nn.Sequential(
        nn.ConvTranspose2d(inputs, outputs, kernel, 2, kernel // 2, output_padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class Residual(nn.Module):
    """x + two 3x3 convolutions of x, then ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = conv(channels, channels)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))
        self.activation = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.activation(x + self.second(self.first(x)))
        return out


class SubPixelUp(nn.Module):
    """Doubles the map: a 1x1 convolution to four times the channels, then PixelShuffle (Shi et al., 2016).

    The four phases start equal (ICNR, Aitken et al., 2017), so that no checkerboard has to be unlearned.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.expand = nn.Conv2d(inputs, 4 * outputs, 1)
        self.shuffle = nn.PixelShuffle(2)
        with torch.no_grad():
            start = nn.init.kaiming_normal_(torch.empty(outputs, inputs, 1, 1), nonlinearity="linear")
            self.expand.weight.copy_(start.repeat_interleave(4, dim=0))
            nn.init.zeros_(self.expand.bias) if self.expand.bias is not None else None

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.shuffle(self.expand(x))
        return out


def initialize_normal(network: nn.Module, std: float = 0.02) -> None:
    """N(0, std) for every convolution and linear weight, the DCGAN start that the papers build on (SPEC 1.1 [R])."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(module.weight, 0.0, std)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def count_parameters(network: nn.Module) -> int:
    """Number of trainable parameters (running statistics are not among them)."""
    return sum(parameter.numel() for parameter in network.parameters())


def count_macs(network: nn.Module, inputs: Tensor) -> int:
    """Multiply-accumulates of convolutions and linear layers for one sample; `inputs` is (1, C, H, W)."""
    total = 0

    def hook(module: nn.Module, args: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        weight: Tensor = module.weight  # type: ignore[assignment]  # only hooked on layers with a weight tensor
        if isinstance(module, nn.ConvTranspose2d):
            total += args[0].numel() * weight[0].numel()
        elif isinstance(module, nn.Conv2d):
            total += output.numel() * weight[0].numel()
        else:
            total += weight.numel()

    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d | nn.Linear)]
    handles = [layer.register_forward_hook(hook) for layer in layers]
    training = network.training
    try:
        network.eval()
        with torch.no_grad():
            network(inputs)
    finally:
        network.train(training)
        for handle in handles:
            handle.remove()
    return total
