"""Shards of one kind in a folder, known by how their names begin, as one list of samples.

They are looked for in the folder itself and in a subfolder of it, where they may lie beside faces (shards.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from training.faces.shards import TEMPORARY_SUFFIX, ShardError, open_shard


class NamedShards:
    """All finished shards of a kind; samples are numbered in the order in which the shards were found.

    Attributes:
        prefix, subfolder, layout: of the kind; what: its samples are called; renderer: makes them.
        train_faces: numbers of the samples to train on.
        held_out_faces: numbers of those that are for validation only.

    Raises:
        ShardError: the folder does not exist, or a shard in it is damaged.
    """

    prefix: ClassVar[str]
    subfolder: ClassVar[str]
    layout: ClassVar[Mapping[str, tuple[tuple[int, ...], np.dtype]]]
    what: ClassVar[str]
    renderer: ClassVar[str]

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise ShardError(
                f"{self.folder} is no folder; render {self.what} first: python -m {self.renderer} --out {folder}"
            )
        self._shards: list[dict[str, NDArray]] = []
        self._names: list[str] = []
        self._starts = np.zeros(1, np.int64)
        self.train_faces = self.held_out_faces = np.zeros(0, np.int64)
        self.train_clutter = self.held_out_clutter = np.zeros(0, np.int64)
        self.refresh()

    def __len__(self) -> int:
        """Number of samples in the shards found so far."""
        return int(self._starts[-1])

    def refresh(self) -> int:
        """Pick up shards finished since the last look; returns how many samples were added."""
        before = len(self)
        places = (self.folder, self.folder / self.subfolder)
        for path in sorted(path for place in places for path in place.glob(self.prefix + "*")):
            if path.is_dir() and not path.name.endswith(TEMPORARY_SUFFIX) and path.name not in self._names:
                self._shards.append(open_shard(path, self.layout))
                self._names.append(path.name)
        sizes = [len(shard["seed"]) for shard in self._shards]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        if self._shards:
            held_out = self._held_out()
            self.train_faces, self.held_out_faces = np.flatnonzero(~held_out), np.flatnonzero(held_out)
        return len(self) - before

    def get(self, field: str, index: int) -> NDArray:
        """One field of one sample, as it lies on disk.

        Raises:
            IndexError: there is no such sample.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"sample {index} of {len(self)} in {self.folder}")
        shard = int(np.searchsorted(self._starts, index, side="right")) - 1
        value: NDArray = self._shards[shard][field][int(index - self._starts[shard])]
        return value

    def column(self, field: str) -> NDArray:
        """A small field of all samples, of at least one shard."""
        return np.concatenate([np.asarray(shard[field]) for shard in self._shards])

    def _held_out(self) -> NDArray[np.bool_]:
        """Which samples are for validation only; there is at least one shard."""
        raise NotImplementedError
