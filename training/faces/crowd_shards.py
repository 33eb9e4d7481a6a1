"""Rendered frames on disk: a folder of shards that a trainer may read while the renderer still writes.

Layout: FOLDER/crowd-SEED-NUMBER/FIELD.npy, one plain NumPy array a field of CrowdSample, opened as memory maps. A
shard is written under NAME.tmp and renamed when it is whole; after that it is never touched again. All people of a
shard are its own, so a shard is for training or for validation as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.faces.crowd_sample import LAYOUT, CrowdSample
from training.faces.named_shards import NamedShards
from training.faces.shards import save_shard

PREFIX = "crowd-"
SUBFOLDER = "frames"
"""Frames may lie in this folder beside faces (shards.py)."""
HELD_OUT_EVERY = 12
"""Every so many shards one is held out for validation."""


def shard_name(seed: int, number: int) -> str:
    """The folder's name of shard `number` of the run `seed`."""
    return f"{PREFIX}{seed:03d}-{number:05d}"


def write_crowd_shard(folder: Path, name: str, samples: Sequence[CrowdSample]) -> Path:
    """Write `samples` as the shard `name` in `folder` and return its path.

    Raises:
        ShardError: `samples` is empty, a field has another shape or dtype than LAYOUT says, or the shard exists.
    """
    return save_shard(folder, name, samples, LAYOUT)


class CrowdStore(NamedShards):
    """All finished shards of a folder; its samples are whole frames, empty scenes included.

    Raises:
        ShardError: the folder does not exist, or a shard in it is damaged.
    """

    prefix, subfolder, layout = PREFIX, SUBFOLDER, LAYOUT
    what, renderer = "frames", "training.faces.crowd_render"

    def _held_out(self) -> NDArray[np.bool_]:
        numbers = np.array([int(name.rsplit("-", 1)[1]) for name in self._names])
        return np.repeat(numbers % HELD_OUT_EVERY == HELD_OUT_EVERY - 1, np.diff(self._starts))

    def read(self, index: int) -> CrowdSample:
        """Frame `index` (0 <= index < len) as arrays in memory."""
        return CrowdSample(**{field: np.array(self.get(field, index))[()] for field in LAYOUT})
