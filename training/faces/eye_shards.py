"""Rendered eyes on disk: a folder of shards that a trainer may read while the renderer still writes.

Layout: FOLDER/eyes-SEED-NUMBER/FIELD.npy, one plain NumPy array a field of EyeSample, opened as memory maps. A shard is
written under NAME.tmp and renamed when it is whole; after that it is never touched again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.faces.eye_sample import HELD_OUT_EVERY, LAYOUT, EyeSample
from training.faces.named_shards import NamedShards
from training.faces.shards import save_shard

PREFIX = "eyes-"
SUBFOLDER = "eyes"
"""Eyes may lie in this folder beside faces (shards.py)."""


def shard_name(seed: int, number: int) -> str:
    """The folder's name of shard `number` of the run `seed`."""
    return f"{PREFIX}{seed:03d}-{number:05d}"


def write_eye_shard(folder: Path, name: str, samples: Sequence[EyeSample]) -> Path:
    """Write `samples` as the shard `name` in `folder` and return its path.

    Raises:
        ShardError: `samples` is empty, a field has another shape or dtype than LAYOUT says, or the shard exists.
    """
    return save_shard(folder, name, samples, LAYOUT)


class EyeStore(NamedShards):
    """All finished shards of a folder; people are for training or for validation as a whole.

    Attributes:
        openness: of the right and the left eye of every sample, float32 (N, 2).

    Raises:
        ShardError: the folder does not exist, or a shard in it is damaged.
    """

    prefix, subfolder, layout = PREFIX, SUBFOLDER, LAYOUT
    what, renderer = "eyes", "training.faces.eye_render"

    def __init__(self, folder: str | Path) -> None:
        self.openness = np.zeros((0, 2), np.float32)
        super().__init__(folder)

    def refresh(self) -> int:
        added = super().refresh()
        if added:
            self.openness = self.column("openness")
        return added

    def _held_out(self) -> NDArray[np.bool_]:
        held_out: NDArray[np.bool_] = self.column("identity") % HELD_OUT_EVERY == 0
        return held_out
