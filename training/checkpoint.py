"""A run's state in one safetensors file: weights, averaged weights, discriminator, optimisers, and what was set.

Tensors are named PART.NAME, PART being network, average, critic, optimizer, critic_optimizer or task; an optimiser's
are PART.NUMBER.NAME after the number of the parameter. The entry `tapetum` of the metadata is a JSON object with the
network's key, the step, the seconds, the optimisers' groups, the facts of the run, and a checksum of all tensors.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import xxhash
from torch import Tensor, nn

ENTRY = "tapetum"
FORMAT = "tapetum training checkpoint"
VERSION = 1
SUFFIX = ".safetensors"
OLD_SUFFIX = ".pt"
"""Of checkpoints that earlier versions wrote; they are read where there is no newer one."""
WEIGHTS = ("network", "average", "critic", "task")
OPTIMIZERS = ("optimizer", "critic_optimizer")

Weights = dict[str, Tensor]


class CheckpointError(Exception):
    """A checkpoint can't be read or belongs to another network; the message names it."""


@dataclass
class Checkpoint:
    """All that a run needs to go on, on the CPU."""

    key: str
    step: int
    elapsed: float
    """Seconds of training so far."""
    network: Weights
    average: Weights
    critic: Weights | None = None
    optimizer: dict[str, Any] | None = None
    """As `torch.optim.Optimizer.state_dict` gives it."""
    critic_optimizer: dict[str, Any] | None = None
    task: Weights = field(default_factory=dict)
    """What the task itself remembers (training.tasks.task.Remembering)."""
    facts: dict[str, Any] = field(default_factory=dict)
    """JSON values: the settings that the run was begun with, the device in words, where its weights came from."""


def find_checkpoint(folder: Path, key: str) -> Path | None:
    """The checkpoint of network `key` in `folder`: KEY.safetensors, else an earlier version's KEY.pt, else None."""
    return next((p for p in (folder / f"{key}{SUFFIX}", folder / f"{key}{OLD_SUFFIX}") if p.exists()), None)


def load_checkpoint(folder: Path, key: str) -> Checkpoint:
    """The state of network `key` in `folder`.

    Raises:
        CheckpointError: there is none, or read_checkpoint refuses it.
    """
    path = find_checkpoint(folder, key)
    if path is None:
        raise CheckpointError(f"There is no checkpoint {key}{SUFFIX} in {folder}; train {key} first.")
    return read_checkpoint(path, key)


def write_checkpoint(path: Path, state: Checkpoint) -> None:
    """Write `state` to `path`: a file beside it first, brought to the disk, then renamed.

    Raises:
        CheckpointError: it can't be written.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    tensors: Weights = {}
    parts = []
    for part in WEIGHTS:
        weights: Weights | None = getattr(state, part)
        if weights is not None:
            parts.append(part)
            tensors |= {f"{part}.{name}": value for name, value in weights.items()}
    groups: dict[str, Any] = {}
    for part in OPTIMIZERS:
        optimizer: dict[str, Any] | None = getattr(state, part)
        if optimizer is not None:
            groups[part] = optimizer["param_groups"]
            for number, values in optimizer["state"].items():
                tensors |= {f"{part}.{number}.{name}": torch.as_tensor(value) for name, value in values.items()}
    tensors = _apart(tensors)
    told = {
        "format": FORMAT,
        "version": VERSION,
        "key": state.key,
        "step": state.step,
        "elapsed_s": state.elapsed,
        "parts": parts,
        "groups": groups,
        "facts": state.facts,
        "xxh3_64": _digest(tensors),
    }
    temporary = path.with_name(path.name + ".tmp")
    try:
        temporary.touch()
        mode = temporary.stat().st_mode  # that of any file made here; save_file lets its owner alone read
        save_file(tensors, temporary, {ENTRY: json.dumps(told)})
        temporary.chmod(mode)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, SafetensorError) as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise CheckpointError(f"{path} can't be written ({error}); free some space or name another --out") from error


def read_checkpoint(path: Path, key: str) -> Checkpoint:
    """The state in a checkpoint of network `key`.

    Raises:
        CheckpointError: the file is missing, damaged, of another program or of another network.
    """
    if path.suffix == OLD_SUFFIX:
        return _read_old(path, key)
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            entry = (file.metadata() or {}).get(ENTRY)
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118 - no dict
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{path} can't be read as a checkpoint ({error}); delete it and train {key} again."
        ) from error
    if entry is None:
        raise CheckpointError(f"{path} is a safetensors file, but no checkpoint of a training of {key}.")
    try:
        return _take_apart(path, key, json.loads(entry), tensors)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(f"{path} can't be read as a checkpoint: what it says of itself is damaged") from error


def put_weights(module: nn.Module, weights: Weights, path: Path | None) -> None:
    """Give `module` its weights from the checkpoint at `path`.

    Raises:
        CheckpointError: they are those of other layers.
    """
    try:
        module.load_state_dict(weights)
    except (RuntimeError, KeyError) as error:
        raise CheckpointError(
            f"{path} has the weights of other layers, of an earlier version perhaps; train anew with another --out "
            f"({str(error).splitlines()[-1].strip()})"
        ) from error


def put_optimizer(optimizer: torch.optim.Optimizer, state: dict[str, Any], path: Path | None) -> None:
    """Give `optimizer` its state from the checkpoint at `path`, each tensor laid out as its parameter is.

    Raises:
        CheckpointError: it is that of other parameters.
    """
    try:
        optimizer.load_state_dict(state)
    except (ValueError, KeyError, RuntimeError) as error:
        raise CheckpointError(f"{path} has an optimiser's state of other layers ({error})") from error
    for parameter, values in optimizer.state.items():
        for name, value in values.items():
            if isinstance(value, Tensor) and value.shape == parameter.shape and value.ndim:
                values[name] = torch.empty_like(parameter, dtype=value.dtype).copy_(value)


def _take_apart(path: Path, key: str, told: dict[str, Any], tensors: Weights) -> Checkpoint:
    if told["format"] != FORMAT or told["version"] > VERSION:
        raise CheckpointError(f"{path} is of a later version ({told['format']} {told['version']}); update to read it.")
    if told["key"] != key:
        raise CheckpointError(f"{path} is a checkpoint of {told['key']}, not of {key}.")
    if told["xxh3_64"] != _digest(tensors):
        raise CheckpointError(
            f"{path} can't be read as a checkpoint: its checksum is wrong, so it was damaged after it was written; "
            f"delete it and train {key} again."
        )
    weights: dict[str, Weights] = {part: {} for part in told["parts"]}
    moments: dict[str, dict[int, Weights]] = {part: {} for part in told["groups"]}
    for name, tensor in tensors.items():
        part, _, rest = name.partition(".")
        if part in moments:
            number, _, field_name = rest.partition(".")
            moments[part].setdefault(int(number), {})[field_name] = tensor
        else:
            weights[part][rest] = tensor
    optimizers = {
        part: {"state": moments[part], "param_groups": [_group(group) for group in groups]}
        for part, groups in told["groups"].items()
    }
    return Checkpoint(
        key=key,
        step=int(told["step"]),
        elapsed=float(told["elapsed_s"]),
        network=weights["network"],
        average=weights["average"],
        critic=weights.get("critic"),
        optimizer=optimizers.get("optimizer"),
        critic_optimizer=optimizers.get("critic_optimizer"),
        task=weights.get("task", {}),
        facts=told["facts"],
    )


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has no tuples; torch writes the betas as one."""
    return {name: tuple(value) if name == "betas" else value for name, value in group.items()}


def _read_old(path: Path, key: str) -> Checkpoint:
    """A checkpoint of the earlier form, a dict in torch's own file."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a damaged file
        raise CheckpointError(f"{path} can't be read as a checkpoint ({error}); train {key} first.") from error
    if not isinstance(state, dict) or state.get("key") != key:
        found = state.get("key") if isinstance(state, dict) else "something else"
        raise CheckpointError(f"{path} is a checkpoint of {found}, not of {key}.")
    try:
        return Checkpoint(
            key=key,
            step=int(state["step"]),
            elapsed=float(state["elapsed"]),
            network=state["network"],
            average=state["average"],
            critic=state["critic"],
            optimizer=state["optimizer"],
            critic_optimizer=state["critic_optimizer"],
            facts={"minutes": state["settings"]["seconds"] / 60, "seed": state["settings"]["seed"]},
        )
    except KeyError as error:
        raise CheckpointError(f"{path} can't be read as a checkpoint: {error} is missing") from error


def _apart(tensors: Weights) -> Weights:
    """On the CPU, in one piece each, and none of them sharing memory, as the format wants them."""
    out: Weights = {}
    seen: set[int] = set()
    for name, tensor in tensors.items():
        one = tensor.detach().cpu().contiguous()
        if one.untyped_storage().data_ptr() in seen:
            one = one.clone()
        seen.add(one.untyped_storage().data_ptr())
        out[name] = one
    return out


def _digest(tensors: Weights) -> str:
    total = xxhash.xxh3_64()
    for name in sorted(tensors):
        total.update(name.encode())
        total.update(tensors[name].reshape(-1).view(torch.uint8).numpy().data)
    return total.hexdigest()
