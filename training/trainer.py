"""The training loop: AdamW, cosine by wall clock or steps, moving average of weights, checkpoints, log and curve."""

from __future__ import annotations

import contextlib
import copy
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
from torch import Tensor, nn

from training.checkpoint import (
    SUFFIX,
    Checkpoint,
    CheckpointError,
    find_checkpoint,
    put_optimizer,
    put_weights,
    read_checkpoint,
    write_checkpoint,
)
from training.curve import draw_curve
from training.device import FromHost, choose_device, describe_device, half_type, moved, to_device
from training.feed import Batches, FaceStore, Feed, MakeItem, ProcessFeed
from training.networks.registry import NetworkSpec, find_network
from training.out_folder import cannot_write, make_folder
from training.run_log import HELD_OUT, RunLog
from training.settings import TrainSettings, adversary_from, changed, limit
from training.stores import open_store
from training.tasks.task import Remembering, Task

WARM_UP_STEPS = 100
EMA_DECAY = 0.999
VALIDATION_COUNT = 64
MOST_WORKERS = 12


class DivergedError(Exception):
    """The loss is no number any more; the message says where and what to do."""


@dataclass
class Observer:
    """Who watches a run; every part may be left out."""

    report: Callable[[str], None] = lambda line: None
    """Gets a line now and then."""
    step: Callable[[Trainer, dict[str, float]], None] = lambda trainer, parts: None
    """Called after every step with its losses."""
    stop: Callable[[], bool] = lambda: False
    """Asked before every step; True ends the run there, with a checkpoint."""
    samples: Callable[[FaceStore], str] = field(default=lambda store: f"{len(store)} samples")
    """Says how many samples there are."""


class Trainer:
    """Trains one network on one folder of samples and keeps its state under `out`.

    Files: `KEY.safetensors` (the newest checkpoint, replaced atomically), `KEY.csv` (the log), `KEY.curve.png`.

    Raises:
        DeviceError: the device of the settings is not there.
        OutFolderError: `out` can't be made.
    """

    def __init__(self, spec: NetworkSpec, task: Task, out: Path, settings: TrainSettings) -> None:
        self.device = choose_device(settings.device)
        torch.set_num_threads(settings.threads)
        torch.manual_seed(settings.seed)
        self.spec = spec
        self.task = task
        self.settings = settings
        self.out = out
        make_folder(out)
        self.checkpoint_path = out / f"{spec.key}{SUFFIX}"
        self.curve_path = out / f"{spec.key}.curve.png"
        self.log = RunLog(out / f"{spec.key}.csv")
        self.network: nn.Module = spec.build().to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload,unused-ignore]  # some stubs lack this form
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.joins_at = adversary_from(spec, settings)
        self.critic = spec.build_critic().to(self.device) if self.joins_at < 1 else None
        rate = settings.learning_rate or task.learning_rate
        paper = spec.preset == "seed"
        betas = (0.5, 0.999) if paper and spec.critic else (0.9, 0.999)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), rate, betas, weight_decay=0.0 if paper else 0.02)
        self.critic_optimizer = (
            torch.optim.AdamW(self.critic.parameters(), rate * (1 if paper else 2), (0.5, 0.999), weight_decay=0.0)
            if self.critic is not None
            else None
        )
        self.half = half_type(self.device)
        scaled = settings.mixed_precision and self.half == torch.float16  # bfloat16 has the range of float32
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=scaled)
        self.critic_scaler = torch.amp.GradScaler(self.device.type, enabled=scaled)
        self.base_rate = rate
        self.batch_size = settings.batch_size or task.batch_size
        self.step = 0
        self.elapsed = 0.0
        self.origin = "nothing"
        """What the weights were before the first step: nothing, or the name of a file."""
        self.joined = False
        self.stopped = False
        """The run was ended before its time, by the observer."""

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0..1."""
        done: float = max(self.elapsed / self.settings.seconds, self.step / self.settings.steps)
        return min(1.0, done)

    def run(self, store: FaceStore, observer: Observer | None = None) -> dict[str, float]:
        """Train to the end, or until the observer stops it; returns the last validation (empty where stopped).

        Raises:
            FeedError: batches can't be made.
            DivergedError: the loss is no number any more.
            CheckpointError: the checkpoint can't be written.
            OutFolderError: the log or the curve can't be written; the last checkpoint stays.
        """
        watched = observer or Observer()
        saved = last = time.monotonic()
        parts_so_far: list[dict[str, float]] = []
        with self._writing(self.log.path):
            self.log.begin(self.step)
        with self._feed(store) as feed:
            for arrays in feed:
                self.stopped = watched.stop()
                if self.progress >= 1 or self.stopped:
                    break
                parts = self.train_step(to_device(arrays, self.device))
                watched.step(self, parts)
                parts_so_far.append(parts)
                if self.step % self.settings.log_every == 0:
                    self._tell(parts_so_far, feed.waiting, watched)
                if self.critic is not None and not self.joined and self.progress >= self.joins_at:
                    self.joined = True
                    self._log({"adversary": 1.0})
                    watched.report(f"{self.spec.key} step {self.step}: the discriminator joins")
                if time.monotonic() - saved > self.settings.checkpoint_s:
                    self.save()
                    self._measure(store, watched)
                    saved = time.monotonic()
                now = time.monotonic()
                self.elapsed += now - last
                last = now
            self._tell(parts_so_far, feed.waiting, watched)
        self.save()
        if self.stopped:
            watched.report(f"{self.describe({})}  stopped, {self.checkpoint_path} is written")
            self.draw()
            return {}
        return self._measure(store, watched)

    def train_step(self, batch: dict[str, Tensor]) -> dict[str, float]:
        """One step of the discriminator (where it takes part) and one of the network; returns the loss parts.

        Raises:
            DivergedError: the loss is no number any more.
        """
        batch = moved(batch, self.device)
        rate = self.base_rate * min(1.0, (self.step + 1) / WARM_UP_STEPS)
        rate *= 0.5 * (1 + math.cos(math.pi * self.progress)) * 0.98 + 0.02
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.network.train()
        critic = self.critic if self.progress >= self.joins_at else None
        parts: dict[str, float] = {}
        with torch.autocast(self.device.type, self.half, enabled=self.settings.mixed_precision):
            if critic is not None and self.critic_optimizer is not None:
                critic.train().requires_grad_(True)
                judged = self.task.critic_loss(self.network, critic, batch)
                self.critic_optimizer.zero_grad()
                self.critic_scaler.scale(judged).backward()
                self.critic_scaler.step(self.critic_optimizer)
                self.critic_scaler.update()
                critic.requires_grad_(False)
                parts["critic"] = float(judged.detach())
            loss, more = self.task.loss(self.network, batch, critic)
        parts |= more
        value = float(loss.detach())
        if not math.isfinite(value):
            raise DivergedError(
                f"The loss of {self.spec.key} became {value} at step {self.step}: {parts}. The last checkpoint is from "
                f"before; go on from it with a lower --learning-rate than {self.base_rate:g}"
            )
        self.optimizer.zero_grad()
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.step += 1
        self._update_average()
        return {"loss": value, **parts}

    def validate(self, store: FaceStore) -> dict[str, float]:
        """The averaged network's quality on held-out identities, computed on the network's device."""
        return dict(self.task.validate(FromHost(self.average).eval(), store, VALIDATION_COUNT))

    def facts(self) -> dict[str, Any]:
        """What this run was set to, for the checkpoint and to be compared when it goes on."""
        return {
            "minutes": limit(self.settings.seconds / 60),
            "steps": self.settings.steps,
            "batch size": self.batch_size,
            "learning rate": self.base_rate,
            "seed": self.settings.seed,
            "discriminator from": self.joins_at,
        }

    def save(self) -> None:
        """Write the checkpoint, atomically. Raises CheckpointError where that fails."""
        state = Checkpoint(
            key=self.spec.key,
            step=self.step,
            elapsed=self.elapsed,
            network=self.network.state_dict(),
            average=self.average.state_dict(),
            critic=self.critic.state_dict() if self.critic is not None else None,
            optimizer=self.optimizer.state_dict(),
            critic_optimizer=self.critic_optimizer.state_dict() if self.critic_optimizer is not None else None,
            task=self.task.remember() if isinstance(self.task, Remembering) else {},
            facts={
                **self.facts(),
                "device": describe_device(self.device, self.settings.threads),
                "started from": self.origin,
                "scalers": [self.scaler.state_dict(), self.critic_scaler.state_dict()],
            },
        )
        write_checkpoint(self.checkpoint_path, state)

    def resume(self, report: Callable[[str], None] = lambda line: None) -> bool:
        """Continue from the checkpoint if there is one, an earlier version's too; reports what is set otherwise now.

        Raises:
            CheckpointError: it is damaged or belongs to another network.
        """
        path = find_checkpoint(self.out, self.spec.key)
        if path is None:
            return False
        state = read_checkpoint(path, self.spec.key)
        put_weights(self.network, state.network, path)
        put_weights(self.average, state.average, path)
        if state.optimizer is not None:
            put_optimizer(self.optimizer, state.optimizer, path)
        if self.critic is not None and self.critic_optimizer is not None and state.critic is not None:
            put_weights(self.critic, state.critic, path)
            if state.critic_optimizer is not None:
                put_optimizer(self.critic_optimizer, state.critic_optimizer, path)
        if isinstance(self.task, Remembering):
            self.task.recall(state.task)
        for scaler, values in zip((self.scaler, self.critic_scaler), state.facts.get("scalers", ()), strict=False):
            if scaler.is_enabled() and values:
                scaler.load_state_dict(values)
        self.step, self.elapsed = state.step, state.elapsed
        self.origin = state.facts.get("started from", self.origin)
        self.joined = self.progress >= self.joins_at
        torch.manual_seed(self.settings.seed + self.step)  # not the numbers of the first steps again
        different = changed(state.facts, self.facts())
        if different:
            report(f"{self.spec.key} was begun otherwise: {'; '.join(different)}; what is set now holds from here on")
        return True

    def draw(self) -> None:
        """Draw the curve of the log, where there is one. Raises OutFolderError where that fails."""
        with self._writing(self.curve_path):
            if self.log.path.exists():
                draw_curve(self.log.path, self.curve_path, self.describe({}))

    def describe(self, values: dict[str, float]) -> str:
        """How far the run is, and `values`, in a line."""
        numbers = "  ".join(f"{name} {value:.4g}" for name, value in values.items())
        return f"{self.spec.key} step {self.step} {self.elapsed:.0f} s {100 * self.progress:.0f} %  {numbers}".rstrip()

    def _feed(self, store: FaceStore) -> Batches:
        workers = self.settings.workers
        if workers is None:
            workers = 0 if self.device.type == "cpu" else max(1, min(MOST_WORKERS, (os.cpu_count() or 2) - 1))
        seed = [self.settings.seed, self.step]
        if workers == 0:
            return Feed(store, partial(self.task.make_item, store), self.batch_size, seed)
        opened = partial(open_items, self.spec.name, self.spec.preset, store.folder)
        return ProcessFeed(opened, self.batch_size, seed, workers)

    def _tell(self, parts: list[dict[str, float]], ready: int, watched: Observer) -> None:
        """Log and report the means of the losses since the last time (each over the steps that had it)."""
        if not parts:
            return
        names = dict.fromkeys(name for one in parts for name in one)
        line = {name: fmean(one[name] for one in parts if name in one) for name in names}
        parts.clear()
        self._log({"rate": self.optimizer.param_groups[0]["lr"], "ready": ready, **line})
        watched.report(self.describe(line))

    def _measure(self, store: FaceStore, watched: Observer) -> dict[str, float]:
        """Validate, log, report and draw."""
        quality = self.validate(store)
        self._log({HELD_OUT + name: value for name, value in quality.items()})
        watched.report(f"{self.describe(quality)}  [{watched.samples(store)}]")
        self.draw()
        return quality

    @torch.no_grad()
    def _update_average(self) -> None:
        decay = min(EMA_DECAY, (1 + self.step) / (10 + self.step))
        averaged, current = self.average.state_dict(), self.network.state_dict()
        names = [name for name, value in averaged.items() if value.is_floating_point()]
        torch._foreach_lerp_([averaged[n] for n in names], [current[n] for n in names], 1 - decay)
        for name, value in averaged.items():
            if not value.is_floating_point():
                value.copy_(current[name])

    def _log(self, values: dict[str, float]) -> None:
        with self._writing(self.log.path):
            self.log.add(self.step, self.elapsed, values)

    @contextlib.contextmanager
    def _writing(self, path: Path) -> Iterator[None]:
        """A file beside the checkpoint that can't be written ends the run, and says what is left of it."""
        try:
            yield
        except OSError as error:
            left = self.checkpoint_path.exists()
            more = f"; {self.checkpoint_path} is whole, the same command goes on from it" if left else ""
            raise cannot_write(path, error, more) from error


def open_items(name: str, preset: str, folder: Path) -> tuple[FaceStore, MakeItem]:
    """The samples in `folder` and what makes training items of them, opened anew: for a process of its own."""
    from training.train import make_task

    torch.set_num_threads(1)
    spec = find_network(name, preset)
    store = open_store(spec, folder)
    return store, partial(make_task(spec).make_item, store)


__all__ = ["CheckpointError", "DivergedError", "Observer", "TrainSettings", "Trainer", "open_items", "read_checkpoint"]
