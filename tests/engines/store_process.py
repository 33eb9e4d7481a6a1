"""What the child processes of the store's tests do: ``python -m tests.engines.store_process WHAT FOLDER ...``."""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from engines.errors import NotBuiltError, StoreError
from engines.store import EngineStore
from engines.store_entry import StoredEngine
from engines.store_fields import store_key


def some_fields(number: int = 0, **more: str) -> dict[str, str]:
    """The fields of an engine that nobody built."""
    fields = {"kind": "tensorrt", "model": "face_landmarks", "preset": "plus", "driver": "550.54", "gpu": "H100"}
    return {**fields, "number": str(number), **more}


def bytes_of(fields: Mapping[str, str]) -> bytes:
    """A plan that can belong to these fields only; some KiB, its size depends on them."""
    seed = hashlib.sha256(store_key(fields).encode()).digest()
    return seed * (32 + seed[0] % 32)


def put(store: EngineStore, fields: Mapping[str, str], data: bytes | None = None) -> StoredEngine:
    """Build an engine: write its bytes."""
    with store.draft(fields, wait_s=20) as draft:
        (draft.folder / "engine.plan").write_bytes(bytes_of(fields) if data is None else data)
        return draft.commit(draft.folder / "engine.plan", 1.5)


def churn(folder: str, seed: str, cap: str) -> None:
    """Build and use a few engines at random; whatever is served must be the bytes of its own fields."""
    store, dice = EngineStore(Path(folder), int(cap)), random.Random(seed)
    served = 0
    for _ in range(30):
        fields = some_fields(dice.randrange(5))
        try:
            with store.use(fields) as lease:
                time.sleep(dice.random() * 0.002)
                assert lease.artefact.read_bytes() == bytes_of(fields)
                served += 1
        except NotBuiltError:
            try:
                put(store, fields)
            except StoreError as error:
                if "no room" not in str(error):
                    raise
    sys.stdout.write(f"served {served}\n")


def hold(folder: str, how: str) -> None:
    """Begin a build, or take an engine into use, say so, and never end."""
    store, fields = EngineStore(Path(folder)), some_fields()
    with store.draft(fields) if how == "build" else store.use(fields) as held:
        if how == "build":
            (held.folder / "engine.plan").write_bytes(b"half")
        sys.stdout.write("held\n")
        sys.stdout.flush()
        time.sleep(600)


if __name__ == "__main__":
    {"churn": churn, "hold": hold}[sys.argv[1]](*sys.argv[2:])
