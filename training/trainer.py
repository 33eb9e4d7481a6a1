"""The training loop: AdamW, cosine by wall clock or steps, moving average of weights, checkpoints, a CSV log."""

from __future__ import annotations

import copy
import csv
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.feed import FaceStore, Feed
from training.networks.registry import NetworkSpec
from training.tasks.task import Task

WARM_UP_STEPS = 100
EMA_DECAY = 0.999
VALIDATION_COUNT = 64


class CheckpointError(Exception):
    """A checkpoint can't be read or belongs to another network; the message names it."""


@dataclass(frozen=True)
class TrainSettings:
    """How long and how to train. The run ends at `seconds` of training time or `steps`, whichever comes first."""

    seconds: float = 3600.0
    steps: int = 1_000_000
    batch_size: int | None = None
    learning_rate: float | None = None
    seed: int = 0
    threads: int = 2
    mixed_precision: bool = True
    adversary_from: float = 1.0
    """Share of the run after which the discriminator joins (1: never, 0: from the start)."""
    checkpoint_s: float = 120.0
    log_every: int = 50


class Trainer:
    """Trains one network on one folder of samples and keeps its state under `out`.

    Files: `KEY.pt` (the newest checkpoint, replaced atomically), `KEY.csv` (the log).
    """

    def __init__(self, spec: NetworkSpec, task: Task, out: Path, settings: TrainSettings) -> None:
        torch.set_num_threads(settings.threads)
        torch.manual_seed(settings.seed)
        self.spec = spec
        self.task = task
        self.settings = settings
        self.out = out
        out.mkdir(parents=True, exist_ok=True)
        self.checkpoint_path = out / f"{spec.key}.pt"
        self.log_path = out / f"{spec.key}.csv"
        self.network = spec.build().to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub lacks this form
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.critic = spec.build_critic() if spec.critic and settings.adversary_from < 1 else None
        rate = settings.learning_rate or task.learning_rate
        paper = spec.preset == "seed"
        betas = (0.5, 0.999) if paper and spec.critic else (0.9, 0.999)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), rate, betas, weight_decay=0.0 if paper else 0.02)
        self.critic_optimizer = (
            torch.optim.AdamW(self.critic.parameters(), rate * (1 if paper else 2), (0.5, 0.999), weight_decay=0.0)
            if self.critic is not None
            else None
        )
        self.base_rate = rate
        self.step = 0
        self.elapsed = 0.0

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0..1."""
        return min(1.0, max(self.elapsed / self.settings.seconds, self.step / self.settings.steps))

    def run(self, store: FaceStore, report: Callable[[str], None] = lambda line: None) -> dict[str, float]:
        """Train to the end, reporting a line now and then; returns the last validation."""
        settings = self.settings
        batch_size = settings.batch_size or self.task.batch_size
        saved = last = time.monotonic()
        sums: dict[str, float] = {}
        with Feed(store, lambda rng: self.task.make_item(store, rng), batch_size, settings.seed + self.step) as feed:
            for arrays in feed:
                if self.progress >= 1:
                    break
                parts = self.train_step({k: torch.from_numpy(v) for k, v in arrays.items()})
                for name, value in parts.items():
                    sums[name] = sums.get(name, 0.0) + value
                if self.step % settings.log_every == 0:
                    line = {name: value / settings.log_every for name, value in sums.items()}
                    sums = {}
                    self._log({"rate": self.optimizer.param_groups[0]["lr"], "ready": feed.waiting, **line})
                    report(self._describe(line))
                if time.monotonic() - saved > settings.checkpoint_s:
                    self.save()
                    quality = self.validate(store)
                    self._log(quality)
                    report(self._describe(quality) + f"  [{len(store)} samples]")
                    saved = time.monotonic()
                now = time.monotonic()
                self.elapsed += now - last
                last = now
        self.save()
        quality = self.validate(store)
        self._log(quality)
        report(self._describe(quality))
        return quality

    def train_step(self, batch: dict[str, Tensor]) -> dict[str, float]:
        """One step of the discriminator (where it takes part) and one of the network; returns the loss parts."""
        rate = self.base_rate * min(1.0, (self.step + 1) / WARM_UP_STEPS)
        rate *= 0.5 * (1 + math.cos(math.pi * self.progress)) * 0.98 + 0.02
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.network.train()
        critic = self.critic if self.progress >= self.settings.adversary_from else None
        parts: dict[str, float] = {}
        with torch.autocast("cpu", torch.bfloat16, enabled=self.settings.mixed_precision):
            if critic is not None and self.critic_optimizer is not None:
                critic.train().requires_grad_(True)
                judged = self.task.critic_loss(self.network, critic, batch)
                self.critic_optimizer.zero_grad()
                judged.backward()
                self.critic_optimizer.step()
                critic.requires_grad_(False)
                parts["critic"] = float(judged.detach())
            loss, more = self.task.loss(self.network, batch, critic)
        parts |= more
        if not torch.isfinite(loss):
            raise FloatingPointError(
                f"The loss of {self.spec.key} became {float(loss.detach())} at step {self.step}: {parts}"
            )
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self.step += 1
        self._update_average()
        return {"loss": float(loss.detach()), **parts}

    def validate(self, store: FaceStore) -> dict[str, float]:
        """The averaged network's quality on held-out identities."""
        return self.task.validate(self.average, store, VALIDATION_COUNT)

    def save(self) -> None:
        """Write the checkpoint: a temporary file first, then renamed."""
        state = {
            "key": self.spec.key,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "critic": self.critic.state_dict() if self.critic is not None else None,
            "optimizer": self.optimizer.state_dict(),
            "critic_optimizer": self.critic_optimizer.state_dict() if self.critic_optimizer is not None else None,
            "step": self.step,
            "elapsed": self.elapsed,
            "settings": asdict(self.settings),
        }
        temporary = self.checkpoint_path.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint_path)

    def resume(self) -> bool:
        """Continue from the checkpoint if there is one. Raises CheckpointError if it belongs to another network."""
        if not self.checkpoint_path.exists():
            return False
        state = read_checkpoint(self.checkpoint_path, self.spec.key)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.critic is not None and self.critic_optimizer is not None and state["critic"] is not None:
            self.critic.load_state_dict(state["critic"])
            self.critic_optimizer.load_state_dict(state["critic_optimizer"])
        self.step, self.elapsed = state["step"], state["elapsed"]
        return True

    @torch.no_grad()
    def _update_average(self) -> None:
        decay = min(EMA_DECAY, (1 + self.step) / (10 + self.step))
        averaged, current = self.average.state_dict(), self.network.state_dict()
        for name, value in averaged.items():
            if value.is_floating_point():
                value.lerp_(current[name], 1 - decay)
            else:
                value.copy_(current[name])

    def _log(self, values: dict[str, float]) -> None:
        new = not self.log_path.exists()
        with self.log_path.open("a", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["step", "elapsed_s", "name", "value"])
            for name, value in values.items():
                writer.writerow([self.step, f"{self.elapsed:.1f}", name, f"{value:.6g}"])

    def _describe(self, values: dict[str, float]) -> str:
        numbers = "  ".join(f"{name} {value:.4g}" for name, value in values.items())
        return f"{self.spec.key} step {self.step} {self.elapsed:.0f} s {100 * self.progress:.0f} %  {numbers}"


def read_checkpoint(path: Path, key: str) -> dict[str, Any]:
    """The state in a checkpoint of network `key`.

    Raises:
        CheckpointError: the file is missing, damaged or of another network.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a damaged file
        raise CheckpointError(f"{path} can't be read as a checkpoint ({error}); train {key} first.") from error
    if state.get("key") != key:
        raise CheckpointError(f"{path} is a checkpoint of {state.get('key')}, not of {key}.")
    return state
