"""The one interface that the trainer knows of a task."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from torch import Tensor, nn

from training.feed import FaceStore, Item

Batch = dict[str, Tensor]


class Task(Protocol):
    """Makes items and losses for one network."""

    batch_size: int
    learning_rate: float

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """One augmented training item: a flat dict of arrays."""
        ...

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        """The loss of the network on a batch, and its parts for the log."""
        ...

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        """The loss of the discriminator; only called for tasks that train against one."""
        ...

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """Quality on held-out identities, by name, for the log."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A task that has learnt something itself, which a run that goes on must know again."""

    def remember(self) -> dict[str, Tensor]:
        """What a checkpoint keeps."""
        ...

    def recall(self, state: dict[str, Tensor]) -> None:
        """Go on from what `remember` gave."""
        ...
