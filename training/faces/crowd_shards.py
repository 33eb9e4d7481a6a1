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
from training.faces.shards import TEMPORARY_SUFFIX, ShardError, save_shard

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


class CrowdStore:
    """All finished shards of a folder; frames are numbered in the order in which the shards were found.

    Attributes:
        train_faces: numbers of the frames to train on, empty scenes included.
        held_out_faces: numbers of the frames that are for validation only.

    Raises:
        ShardError: the folder does not exist, or a shard in it is damaged.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise ShardError(
                f"{self.folder} is no folder; render frames first: python -m training.faces.crowd_render --out {folder}"
            )
        self._shards: list[dict[str, NDArray]] = []
        self._known: set[str] = set()
        self._starts = np.zeros(1, np.int64)
        self._held_out: list[bool] = []
        self.train_faces = self.held_out_faces = np.zeros(0, np.int64)
        self.train_clutter = self.held_out_clutter = np.zeros(0, np.int64)
        self.refresh()

    def __len__(self) -> int:
        """Number of frames in the shards found so far."""
        return int(self._starts[-1])

    def refresh(self) -> int:
        """Pick up shards finished since the last look; returns how many frames were added."""
        before = len(self)
        for path in sorted([*self.folder.glob(PREFIX + "*"), *(self.folder / SUBFOLDER).glob(PREFIX + "*")]):
            if path.is_dir() and not path.name.endswith(TEMPORARY_SUFFIX) and path.name not in self._known:
                self._shards.append(_open(path))
                self._known.add(path.name)
                self._held_out.append(int(path.name.rsplit("-", 1)[1]) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1)
        sizes = [len(shard["seed"]) for shard in self._shards]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        held_out = np.repeat(self._held_out, sizes) if sizes else np.zeros(0, bool)
        self.train_faces, self.held_out_faces = np.flatnonzero(~held_out), np.flatnonzero(held_out)
        return len(self) - before

    def get(self, field: str, index: int) -> NDArray:
        """One field of one frame, as it lies on disk.

        Raises:
            IndexError: there is no such frame.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"frame {index} of {len(self)} in {self.folder}")
        shard = int(np.searchsorted(self._starts, index, side="right")) - 1
        pixels: NDArray = self._shards[shard][field][int(index - self._starts[shard])]
        return pixels

    def read(self, index: int) -> CrowdSample:
        """Frame `index` (0 <= index < len) as arrays in memory."""
        return CrowdSample(**{field: np.array(self.get(field, index))[()] for field in LAYOUT})


def _open(path: Path) -> dict[str, NDArray]:
    arrays: dict[str, NDArray] = {}
    for field, (shape, dtype) in LAYOUT.items():
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
