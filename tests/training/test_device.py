"""The device that was asked for is used, or its absence told; losses and validation keep to the network's device."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

pytest.importorskip("safetensors", reason="safetensors is not installed (extra: train)")

from torch.utils._python_dispatch import TorchDispatchMode

from tests.training.shard_fixture import write_samples
from training.device import (
    DeviceError,
    FromHost,
    choose_device,
    half_type,
    to_device,
    to_host,
)
from training.feed import Feed, collate
from training.networks.registry import NETWORKS
from training.settings import TrainSettings
from training.stores import open_store
from training.tasks import eye
from training.train import make_task
from training.trainer import Trainer, open_items


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture
def gpu() -> torch.device:
    if not torch.cuda.is_available():
        pytest.skip("needs an NVIDIA GPU and a torch built with CUDA")
    return torch.device("cuda")


def test_auto_is_the_gpu_where_it_works_and_else_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert choose_device("auto") == torch.device("cuda")
    assert choose_device("cuda:0") == torch.device("cuda:0")
    with pytest.raises(DeviceError, match=r"no cuda:1: 1 GPU"):
        choose_device("cuda:1")


def test_a_gpu_that_is_not_there_is_told_with_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", None)
    with pytest.raises(DeviceError, match="built without CUDA"):
        choose_device("cuda")
    monkeypatch.setattr(torch.version, "cuda", "12.4")
    with pytest.raises(DeviceError, match=r"CUDA 12\.4\) finds no NVIDIA GPU"):
        choose_device("cuda:0")
    for wrong in ("gpu", "cuda:x", "cpu:1", ""):
        with pytest.raises(DeviceError, match="There is no device"):
            choose_device(wrong)


def test_old_gpus_compute_in_float16_all_else_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    assert half_type(torch.device("cpu")) == torch.bfloat16
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation)
    assert half_type(torch.device("cuda")) == torch.float16
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: True)
    assert half_type(torch.device("cuda")) == torch.bfloat16


def test_results_come_back_in_the_form_they_had() -> None:
    value = to_host((torch.ones(2), [torch.zeros(1)], {"kept": 1}, None))
    assert isinstance(value, tuple)
    assert isinstance(value[1], list)
    assert torch.equal(value[0], torch.ones(2))
    assert value[2:] == ({"kept": 1}, None)


def test_a_network_fed_from_the_host_gets_its_inputs_where_it_is_and_keeps_its_attributes() -> None:
    network = torch.nn.Linear(3, 2).to("meta")  # stands for any device that is not the host
    seen: list[str] = []
    network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].device.type))
    with pytest.raises(NotImplementedError):  # a meta tensor has no values to bring back
        FromHost(network)(torch.zeros(1, 3))
    assert seen == ["meta"]
    assert FromHost(network).in_features == 3
    with pytest.raises(AttributeError):
        FromHost(network).nothing_like_that  # noqa: B018 - the reading is what is tested


class _NoValues(TorchDispatchMode):
    """Tensors of the device meta have shapes and no values: where code asks for a value, it gets a half or all."""

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if function is torch.ops.aten._local_scalar_dense.default and args[0].device.type == "meta":
            return True if args[0].dtype == torch.bool else 0.5
        if function is torch.ops.aten.index.Tensor and args[0].device.type == "meta":
            masks = [i for i in args[1] if i is not None]
            if any(mask.device.type != "meta" for mask in masks):
                raise RuntimeError("an index on another device")
            if all(mask.dtype == torch.bool for mask in masks):
                return args[0].flatten()[: max(1, args[0].numel() // 2)]
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("spec", NETWORKS, ids=lambda spec: spec.key)
def test_losses_make_no_tensor_on_another_device(
    spec, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The device meta computes shapes alone, and refuses to mix with the CPU as a GPU does."""
    monkeypatch.setattr(eye, "fits", lambda store, index: True)  # the drawn heads hide their eyes
    store, rng, task = open_store(spec, samples), np.random.default_rng(0), make_task(spec)
    batch = {
        name: torch.from_numpy(np.ascontiguousarray(value)).to("meta")
        for name, value in collate([task.make_item(store, rng) for _ in range(2)]).items()
    }
    # autocast knows no device meta; which one a loss asks of it is tested on a GPU alone
    monkeypatch.setattr(torch, "autocast", lambda device_type, **_: contextlib.nullcontext())
    network = spec.build().to("meta")
    critic = spec.build_critic().to("meta") if spec.critic else None
    with _NoValues():
        loss, _ = task.loss(network, batch, critic)
        assert loss.device.type == "meta"
        loss.backward()
        if critic is not None:
            task.critic_loss(network, critic, batch).backward()
    assert any(p.grad is not None for p in network.parameters())


def test_a_loss_that_mixes_devices_is_noticed_by_the_test_above() -> None:
    with _NoValues(), pytest.raises(RuntimeError):
        torch.ones(3, device="meta") * torch.ones(3)
    with _NoValues(), pytest.raises(RuntimeError):
        torch.ones(3, device="meta")[torch.ones(3, dtype=torch.bool)]


@pytest.mark.gpu
@pytest.mark.parametrize("spec", NETWORKS, ids=lambda spec: spec.key)
def test_every_network_trains_on_the_gpu_is_measured_there_and_goes_on_from_the_cpu(
    spec, gpu: torch.device, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eye, "fits", lambda store, index: True)
    settings = TrainSettings(steps=3, batch_size=2, threads=1, log_every=1, device="cuda", workers=0)
    trainer = Trainer(spec, make_task(spec), tmp_path, settings)
    quality = trainer.run(open_store(spec, samples))
    assert all(np.isfinite(list(quality.values())))
    assert next(trainer.network.parameters()).device.type == "cuda"
    elsewhere = Trainer(spec, make_task(spec), tmp_path, TrainSettings(steps=4, threads=1))
    assert elsewhere.resume()
    assert elsewhere.step == 3


@pytest.mark.gpu
def test_batches_reach_the_gpu_as_they_were_made(gpu: torch.device, samples: Path) -> None:
    store, make_item = open_items("face_landmarks", "plus", samples)
    with Feed(store, partial(make_item), 2, 0) as feed:
        arrays = next(iter(feed))
    for name, tensor in to_device(arrays, gpu).items():
        assert tensor.device.type == "cuda"
        assert np.array_equal(tensor.cpu().numpy(), arrays[name])
