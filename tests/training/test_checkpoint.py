"""A run's state comes back from its file as it was; a torn, damaged or foreign file is refused, an old one read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

pytest.importorskip("safetensors", reason="safetensors is not installed (extra: train)")

from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from training.checkpoint import (
    ENTRY,
    Checkpoint,
    CheckpointError,
    load_checkpoint,
    put_optimizer,
    put_weights,
    read_checkpoint,
    write_checkpoint,
)
from training.networks.registry import find_network
from training.train import load_trained, make_task
from training.trainer import Trainer, TrainSettings

KEY = "depth_to_color-plus"


def small_network() -> torch.nn.Sequential:
    torch.manual_seed(3)
    return torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Conv2d(4, 1, 3)).to(
        memory_format=torch.channels_last
    )


def stepped() -> tuple[torch.nn.Sequential, torch.optim.AdamW]:
    """A network after two steps, and its optimiser."""
    network = small_network()
    optimizer = torch.optim.AdamW(network.parameters(), 0.01, (0.5, 0.9), weight_decay=0.03)
    for _ in range(2):
        optimizer.zero_grad()
        network(torch.rand(2, 1, 8, 8)).square().mean().backward()
        optimizer.step()
    return network, optimizer


def state_of(network: torch.nn.Module, optimizer: torch.optim.Optimizer) -> Checkpoint:
    return Checkpoint(
        KEY, 2, 12.5, network.state_dict(), network.state_dict(), optimizer=optimizer.state_dict(), facts={"minutes": 3}
    )


def test_everything_comes_back_and_the_next_step_is_the_same(tmp_path: Path) -> None:
    network, optimizer = stepped()
    path = tmp_path / "a.safetensors"
    write_checkpoint(path, state_of(network, optimizer))
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]
    state = read_checkpoint(path, KEY)
    assert (state.step, state.elapsed, state.facts, state.critic) == (2, 12.5, {"minutes": 3}, None)
    other = small_network()
    again = torch.optim.AdamW(other.parameters(), 0.5)
    put_weights(other, state.network, path)
    put_optimizer(again, state.optimizer, path)
    assert again.param_groups[0]["betas"] == (0.5, 0.9)
    assert again.param_groups[0]["weight_decay"] == 0.03
    moment = again.state[other[0].weight]["exp_avg"]
    assert moment.stride() == other[0].weight.stride(), "laid out as the parameter is"
    batch = torch.rand(2, 1, 8, 8)
    for one, its in ((network, optimizer), (other, again)):
        its.zero_grad()
        one(batch).square().mean().backward()
        its.step()
    for (name, a), b in zip(network.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(a, b), name


@given(share=st.floats(0, 0.999))
@settings(max_examples=25, deadline=None)
def test_a_file_that_ends_too_early_is_refused(tmp_path_factory: pytest.TempPathFactory, share: float) -> None:
    path = tmp_path_factory.mktemp("torn") / "a.safetensors"
    write_checkpoint(path, state_of(*stepped()))
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(CheckpointError, match="can't be read"):
        read_checkpoint(path, KEY)


@given(where=st.floats(0, 1), bit=st.integers(0, 7))
@settings(max_examples=25, deadline=None)
def test_a_flipped_bit_among_the_weights_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, where: float, bit: int
) -> None:
    path = tmp_path_factory.mktemp("flipped") / "a.safetensors"
    write_checkpoint(path, state_of(*stepped()))
    data = bytearray(path.read_bytes())
    first = 8 + int.from_bytes(data[:8], "little")
    data[first + int(where * (len(data) - first - 1))] ^= 1 << bit
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="checksum"):
        read_checkpoint(path, KEY)


def test_a_foreign_file_is_refused_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_checkpoint(path, state_of(*stepped()))
    with pytest.raises(CheckpointError, match=f"checkpoint of {KEY}, not of face_finder-plus"):
        read_checkpoint(path, "face_finder-plus")
    save_file({"weight": torch.zeros(2)}, path)
    with pytest.raises(CheckpointError, match="no checkpoint of a training"):
        read_checkpoint(path, KEY)
    save_file({"weight": torch.zeros(2)}, path, {ENTRY: json.dumps({"key": KEY})})
    with pytest.raises(CheckpointError, match="damaged"):
        read_checkpoint(path, KEY)
    with pytest.raises(CheckpointError, match=r"There is no checkpoint depth_to_color-plus\.safetensors"):
        load_checkpoint(tmp_path, KEY)


def test_weights_of_other_layers_are_refused_in_a_sentence(tmp_path: Path) -> None:
    network, optimizer = stepped()
    with pytest.raises(CheckpointError, match="other layers"):
        put_weights(torch.nn.Linear(2, 2), network.state_dict(), tmp_path)
    with pytest.raises(CheckpointError, match="other layers"):
        put_optimizer(torch.optim.AdamW(torch.nn.Linear(2, 2).parameters()), optimizer.state_dict(), tmp_path)


def test_a_folder_that_can_not_be_written_to_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_checkpoint(path, state_of(*stepped()))
    before = path.read_bytes()
    (tmp_path / "a.safetensors.tmp").mkdir()  # stands where the new one would be written
    with pytest.raises(CheckpointError, match="can't be written"):
        write_checkpoint(path, state_of(*stepped()))
    assert path.read_bytes() == before


def test_a_checkpoint_of_an_earlier_version_is_shipped_and_gone_on_from(tmp_path: Path) -> None:
    spec = find_network("depth_to_color")
    trainer = Trainer(spec, make_task(spec), tmp_path / "made", TrainSettings(adversary_from=0.0, threads=1))
    assert trainer.critic is not None
    assert trainer.critic_optimizer is not None
    old = tmp_path / "old"
    old.mkdir()
    torch.save(
        {
            "key": spec.key,
            "network": trainer.network.state_dict(),
            "average": trainer.average.state_dict(),
            "critic": trainer.critic.state_dict(),
            "optimizer": trainer.optimizer.state_dict(),
            "critic_optimizer": trainer.critic_optimizer.state_dict(),
            "step": 7,
            "elapsed": 180.0,
            "settings": {"seconds": 600.0, "seed": 4},
        },
        old / f"{spec.key}.pt",
    )
    network, how = load_trained("depth_to_color", "plus", old)
    assert how == "7 steps, 3 minutes of wall time on two shared CPU cores, averaged weights"
    for a, b in zip(network.state_dict().values(), trainer.average.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    told: list[str] = []
    again = Trainer(spec, make_task(spec), old, TrainSettings(seconds=1200, adversary_from=0.0, threads=1))
    assert again.resume(told.append)
    assert (again.step, again.elapsed) == (7, 180.0)
    assert "minutes 10 then, 20 now; seed 4 then, 0 now" in told[0]
    again.save()
    assert "7 steps" in load_trained("depth_to_color", "plus", old)[1]
    assert load_checkpoint(old, spec.key).facts["seed"] == 0, "the newer form wins"


def test_a_damaged_checkpoint_of_an_earlier_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"{KEY}.pt"
    path.write_bytes(np.random.default_rng(0).bytes(400))
    with pytest.raises(CheckpointError, match="can't be read"):
        read_checkpoint(path, KEY)
    torch.save({"key": "something-else"}, path)
    with pytest.raises(CheckpointError, match="something-else"):
        read_checkpoint(path, KEY)
    torch.save({"key": KEY}, path)
    with pytest.raises(CheckpointError, match="missing"):
        read_checkpoint(path, KEY)
