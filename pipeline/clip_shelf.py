"""The folder of alarms' clips: their names, and how many of them it holds. No threads here."""

from __future__ import annotations

import datetime
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from recordings.bookmarks import SUFFIX
from recordings.retention import is_kept
from recordings.series.store import series_folder

_GIB: Final = 1 << 30
_NAME: Final = re.compile(r"alarm-\d{8}T\d{6}\.\d{3}Z-[a-z0-9-]+\.mcap")


class ClipsConfig(BaseModel):
    """Where clips of alarms go while nothing is recorded, and how many are kept. A recording that is on holds them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    enabled: bool = Field(True, description="write a clip where a rule asks for one (clip_s)")
    folder: str = Field("", description="that they go into; '' for ~/Tapetum/alarms, or what the window's settings say")
    most: int = Field(200, ge=1, le=100_000, description="clips that are kept; then the oldest goes, which is said")
    most_gib: float = Field(5.0, gt=0, le=10_000, description="of all of them together")
    least_free_gib: float = Field(1.0, ge=0, le=10_000, description="that stay free on the disk")


def clip_file_name(event: str, face: int | None, host_ns: int) -> str:
    """``alarm-20261122T031405.123Z-masked-and-close-face-3.mcap``."""
    at = datetime.datetime.fromtimestamp(host_ns // 10**9, datetime.UTC)
    slug = re.sub(r"[^a-z0-9]+", "-", event.lower()).strip("-")[:60].strip("-") or "event"
    who = "" if face is None else f"-face-{face}"
    return f"alarm-{at:%Y%m%dT%H%M%S}.{host_ns // 10**6 % 1000:03d}Z-{slug}{who}.mcap"


def _has_bookmarks(clip: Path) -> bool:
    return clip.with_name(clip.name + SUFFIX).exists()


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    bytes: int


class ClipShelf:
    """Makes room for the next clip. For one thread.

    Only files with the name of such a clip are counted and taken away, and none that somebody has set bookmarks in or
    has marked to keep.
    """

    def __init__(self, config: ClipsConfig, folder: Path) -> None:
        self._config = config
        self.folder = folder

    def make_room(self, size: int) -> tuple[list[Path], str]:
        """For a clip of about so many bytes.

        Returns:
            The clips that had to go for it, the oldest first, and why there is no room; '' where there is.

        Raises:
            OSError: the folder cannot be read, or a clip not be taken away.
        """
        config = self._config
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self._kept()
        room = round(config.most_gib * _GIB)
        total = sum(one.bytes for one in kept)
        may_go = [one for one in kept if not (_has_bookmarks(one.path) or is_kept(one.path))]
        count = len(kept)
        gone: list[Path] = []
        while count and (count + 1 > config.most or total + size > room):
            if not may_go:
                marked = any(not _has_bookmarks(one.path) for one in kept if one.path not in gone)
                why = "are marked to keep or have bookmarks" if marked else "have bookmarks"
                return gone, (
                    f"{count} clips fill {self.folder} and {why}, so that none of them is taken away; "
                    "move them elsewhere"
                )
            oldest = may_go.pop(0)
            oldest.path.unlink(missing_ok=True)
            shutil.rmtree(series_folder(oldest.path), ignore_errors=True)
            gone.append(oldest.path)
            count, total = count - 1, total - oldest.bytes
        free, least = shutil.disk_usage(self.folder).free, round(config.least_free_gib * _GIB)
        if free < least + size:
            return (
                gone,
                f"the disk of {self.folder} has {free / _GIB:.2g} GiB left, {config.least_free_gib:g} stay free",
            )
        return gone, ""

    def _kept(self) -> list[_Kept]:
        """The oldest first: their names begin with their time."""
        found = []
        for path in sorted(self.folder.iterdir()):
            if _NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink():
                found.append(_Kept(path, path.stat().st_size))
        return found
