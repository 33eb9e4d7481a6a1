"""A store of built engines for tests, and processes that share it."""

from __future__ import annotations

from pathlib import Path

from engines.store import EngineStore


def left_over(store: EngineStore) -> list[str]:
    return [path.name for path in store.folder.iterdir() if path.name.startswith(("new-", "old-"))]


def flip(folder: Path) -> None:
    plan = folder / "engine.plan"
    data = bytearray(plan.read_bytes())
    data[7] ^= 1
    plan.write_bytes(data)
