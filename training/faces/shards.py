"""Rendered samples on disk: a folder of shards that a trainer may read while the renderer still writes.

Layout::

    FOLDER/
      faces-00000/          one shard: a folder with one .npy file per field of FaceSample
        color.npy           (n, S, S, 3) uint8, ...
        nir.npy             (n, S, S) uint8, ...
      faces-00001.tmp/      a shard being written: not for readers
      clutter-00000/        samples without a face

A shard is written under NAME.tmp and renamed when every file is complete; after that it is never touched again.
The files are plain NumPy arrays, opened as memory maps.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.faces.sample import LAYOUT, FaceSample

TEMPORARY_SUFFIX = ".tmp"
OTHER_KINDS = ("crowd-", "eyes-", "people-")
"""Shards that may lie beside these have such names (crowd_shards.py, eye_shards.py, people.py)."""


class ShardError(Exception):
    """A shard can't be written or read; the message names the file and what was expected."""


def write_shard(folder: Path, name: str, samples: Sequence[FaceSample]) -> Path:
    """Write `samples` as the shard `name` in `folder` and return its path.

    Raises:
        ShardError: `samples` is empty, a field has another shape or dtype than LAYOUT says, or the shard exists.
    """
    return save_shard(folder, name, samples, LAYOUT)


def save_shard(
    folder: Path, name: str, samples: Sequence[object], layout: Mapping[str, tuple[tuple[int, ...], np.dtype]]
) -> Path:
    """Write the fields that `layout` names (shape without the sample number, dtype), a file each; returns the path.

    Raises:
        ShardError: as write_shard.
    """
    final = folder / name
    if final.exists():
        raise ShardError(f"{final} exists already, and a finished shard is never changed; choose another name")
    if not samples:
        raise ShardError(f"no samples for shard {final}")
    temporary = folder / (name + TEMPORARY_SUFFIX)
    if temporary.exists():
        shutil.rmtree(temporary)  # left over from a renderer that was stopped
    temporary.mkdir(parents=True)
    for field, (shape, dtype) in layout.items():
        stacked = np.stack([np.asarray(getattr(sample, field)) for sample in samples])
        if stacked.shape[1:] != shape or stacked.dtype != dtype:
            raise ShardError(f"{final}: {field} is {stacked.dtype} {stacked.shape[1:]}, but should be {dtype} {shape}")
        np.save(temporary / f"{field}.npy", stacked)
    return temporary.rename(final)


class ShardSet:
    """All finished shards of a folder as one list of samples, in the order of the shards' names.

    `refresh()` appends shards that were finished since; samples that were there keep their index.

    Raises:
        ShardError: the folder does not exist, or a shard in it is damaged.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise ShardError(
                f"{self.folder} is no folder; render samples first: python -m training.faces.render --out {folder}"
            )
        self._shards: list[dict[str, NDArray]] = []
        self._known: set[str] = set()
        self._starts = np.zeros(1, np.int64)  # index of each shard's first sample, then the total
        self.refresh()

    def __len__(self) -> int:
        """Number of samples in the shards found so far."""
        return int(self._starts[-1])

    def refresh(self) -> int:
        """Pick up shards finished since the last look; returns how many samples were added."""
        before = len(self)
        found = sorted(path for path in self.folder.iterdir() if path.is_dir() and _is_finished(path))
        for path in found:
            if path.name not in self._known:
                self._shards.append(open_shard(path, LAYOUT))
                self._known.add(path.name)
        sizes = [len(shard["seed"]) for shard in self._shards]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        return len(self) - before

    def read(self, index: int) -> FaceSample:
        """Return sample `index` (0 <= index < len) as arrays in memory.

        Raises:
            IndexError: there is no such sample.
        """
        shard, row = self.locate(index)
        arrays = self._shards[shard]
        return FaceSample(**{field: np.array(arrays[field][row])[()] for field in LAYOUT})

    def locate(self, index: int) -> tuple[int, int]:
        """Return the shard number and the row within it of sample `index`."""
        if not 0 <= index < len(self):
            raise IndexError(f"sample {index} of {len(self)} in {self.folder}")
        shard = int(np.searchsorted(self._starts, index, side="right")) - 1
        return shard, int(index - self._starts[shard])

    def arrays(self, name: str) -> list[NDArray]:
        """Return field `name` as one memory map per shard (n, ...); concatenate small fields as you need them."""
        if name not in LAYOUT:
            raise KeyError(f"{name!r} is no field of FaceSample; there are {', '.join(LAYOUT)}")
        return [shard[name] for shard in self._shards]

    def column(self, name: str) -> NDArray:
        """Return a small field (identity, tags, pose_deg, ...) of all samples as one array (len, ...)."""
        parts = self.arrays(name)
        shape, dtype = LAYOUT[name]
        return np.concatenate(parts) if parts else np.zeros((0, *shape), dtype)


def _is_finished(path: Path) -> bool:
    other = path.name.endswith(TEMPORARY_SUFFIX) or path.name.startswith(OTHER_KINDS)
    return not other and (path / "seed.npy").is_file()


def open_shard(path: Path, layout: Mapping[str, tuple[tuple[int, ...], np.dtype]]) -> dict[str, NDArray]:
    """The fields that `layout` names as memory maps, (n, *shape) of its dtype.

    Raises:
        ShardError: a file is missing or damaged, or holds something else than the layout says.
    """
    arrays: dict[str, NDArray] = {}
    for field, (shape, dtype) in layout.items():
        file = path / f"{field}.npy"
        try:
            array = np.load(file, mmap_mode="r")
        except (OSError, ValueError) as error:
            raise ShardError(f"{file} can't be read ({error}); delete the shard and render it again") from error
        if array.shape[1:] != shape or array.dtype != dtype:
            raise ShardError(f"{file} holds {array.dtype} {array.shape[1:]} and not {dtype} {shape}; render it again")
        arrays[field] = array
    if len({len(array) for array in arrays.values()}) != 1:
        raise ShardError(f"the files in {path} differ in length; delete the shard and render it again")
    return arrays
