"""Where a network is trained: choosing the device, its half precision, moving batches there and results back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.wrong_use import WrongUseError


class DeviceError(Exception):
    """The device is not there or unknown; the message says what was found."""


class UnknownDeviceError(DeviceError, WrongUseError):
    """No device has this name; the message lists those that there are."""


def choose_device(name: str) -> torch.device:
    """The device called `name`: cpu, cuda, cuda:N, or auto (cuda where it works, else cpu).

    Raises:
        DeviceError: there is no such device here.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    kind, _, number = name.partition(":")
    if name == "cpu":
        return torch.device("cpu")
    if kind != "cuda" or (number and not number.isdecimal()):
        raise UnknownDeviceError(f"There is no device {name!r}; name cpu, cuda, cuda:N or auto.")
    if not torch.cuda.is_available():
        built = torch.version.cuda
        why = (
            f"this torch ({torch.__version__}) is built without CUDA; install a build with it"
            if built is None
            else f"this torch ({torch.__version__}, CUDA {built}) finds no NVIDIA GPU with a working driver"
        )
        raise DeviceError(f"--device {name} can't be used: {why}, or train with --device cpu.")
    if number and int(number) >= torch.cuda.device_count():
        raise DeviceError(f"There is no {name}: {torch.cuda.device_count()} GPU(s) found, counted from 0.")
    return torch.device(name)


def describe_device(device: torch.device, threads: int) -> str:
    """The device in words, for cards and logs."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{threads} CPU thread{'s' if threads > 1 else ''}"


def half_type(device: torch.device) -> torch.dtype:
    """What mixed precision computes in: bfloat16, or float16 on GPUs that have no bfloat16 of their own."""
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.float16
    return torch.bfloat16


def to_device(arrays: Mapping[str, NDArray[Any]], device: torch.device) -> dict[str, Tensor]:
    """A batch of arrays as tensors on `device`; to a GPU through pinned memory, without waiting for the copy."""
    tensors = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in arrays.items()}
    if device.type != "cuda":
        return {name: tensor.to(device) for name, tensor in tensors.items()}
    return {name: tensor.pin_memory().to(device, non_blocking=True) for name, tensor in tensors.items()}


def moved(batch: Mapping[str, Tensor], device: torch.device) -> dict[str, Tensor]:
    """The batch on `device`; tensors that are there already are not copied."""
    return {name: tensor.to(device, non_blocking=True) for name, tensor in batch.items()}


class FromHost(nn.Module):
    """A network on any device that is fed from the host and answers there: tensors go to it and come back.

    Validation is written for arrays; through this it runs on the network's own device. Attributes that are not its
    own are the network's.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("network"), name)

    def forward(self, *inputs: Tensor) -> Any:
        """The network's outputs on the host, a tensor or a tuple of them."""
        first = next(self.network.parameters(), None)
        device = torch.device("cpu") if first is None else first.device
        return to_host(self.network(*(tensor.to(device) for tensor in inputs)))


def to_host(value: Any) -> Any:
    """Tensors (alone, or in tuples and lists, named ones too) on the host; anything else as it is."""
    if isinstance(value, Tensor):
        return value.cpu()
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(to_host(part) for part in value))
    if isinstance(value, tuple | list):
        return type(value)(to_host(part) for part in value)
    return value
