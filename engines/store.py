"""The store of built engines on this machine: found by everything that they were built from, never by a name alone."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from engines.errors import NotBuiltError, PlanError, QuarantinedError, StoreError
from engines.folders import cache_folder
from engines.store_entry import META, USED, Meta, StoredEngine, StoredFile, plain_name, prove_bytes, read_entry
from engines.store_fields import STORE_FORMAT, differences, nearest, store_key
from engines.store_files import FULL, cannot_write, digest, seal, sync_folder, write_atomically
from engines.store_folder import KEY, WAIT_S, StoreFolder
from engines.store_locks import FileLock

DEFAULT_CAP_BYTES = 4 << 30
_PASSING_S = 0.5
"""Whoever only looks whether somebody builds holds the lock for less than this."""


class Lease:
    """A built engine in use: proven whole, and safe from eviction until it is closed."""

    def __init__(self, entry: StoredEngine, lock: FileLock) -> None:
        self.entry = entry
        self._lock = lock

    @property
    def artefact(self) -> Path:
        return self.entry.artefact

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        self._lock.release()

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class Draft:
    """A folder to build into; :meth:`commit` makes it an entry. Made by :meth:`EngineStore.draft`."""

    def __init__(self, store: EngineStore, fields: Mapping[str, str], folder: Path) -> None:
        self._store = store
        self.fields = dict(fields)
        self.folder = folder

    def commit(
        self, artefact: Path, build_s: float = 0.0, check: Mapping[str, Any] | None = None, quarantine: str = ""
    ) -> StoredEngine:
        """Make the folder's files the engine of these fields, in the place of an earlier one.

        An earlier one that is sound and in use stays, and is what comes back: it was built from the same fields.

        Args:
            artefact: the file in ``folder`` to begin with; everything else in it is kept, too.
            build_s: how long the build took, seconds.
            check: the self-check's report, ready for JSON.
            quarantine: why it must not be used, where the check failed.

        Raises:
            StoreError: nothing usable was built; the disk or the store is full. Nothing is left behind.
        """
        return self._store._publish(self, artefact, build_s, check, quarantine)


class EngineStore:
    """Built engines in a folder (see :mod:`engines.store_folder`). Any number of threads and processes share it.

    Args:
        folder: None takes ``engines`` in :func:`engines.folders.cache_folder`. Made when something is built.
        cap_bytes: what all engines together may take; the one that was not used for longest goes first.
        clock: nanoseconds since 1970.
    """

    def __init__(
        self,
        folder: Path | None = None,
        cap_bytes: int = DEFAULT_CAP_BYTES,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        if cap_bytes < 1:
            raise StoreError(f"the store of built engines needs room for at least one, was given {cap_bytes} bytes")
        self.folder = folder if folder is not None else cache_folder() / "engines"
        self._there = StoreFolder(self.folder, cap_bytes)
        self._clock = clock

    def entries(self) -> list[StoredEngine]:
        """Every engine that can be read, the last used first; its bytes are not proven.

        Raises:
            StoreError: the folder is not this user's alone.
        """
        return self._there.look()[0]

    def broken(self) -> dict[str, str]:
        """Key -> what is wrong with it, of the entries that cannot be used at all.

        Raises:
            StoreError: the folder is not this user's alone.
        """
        return self._there.look()[1]

    def find(self, fields: Mapping[str, str]) -> StoredEngine | None:
        """The engine of these fields, None where none was built; its bytes are not proven.

        Raises:
            PlanError: it is there and torn, another user's, or writable by others.
            StoreError: the folder is not this user's alone.
        """
        key = store_key(fields)
        if not self._there.is_there() or not os.path.lexists(self.folder / key):
            return None
        return read_entry(self.folder / key)

    def stale(self, fields: Mapping[str, str]) -> list[str]:
        """What changed since the nearest build of the same engine (``driver 550.54 -> 560.28``); empty without one.

        Raises:
            StoreError: the folder is not this user's alone.
        """
        there = nearest((entry.meta.fields for entry in self.entries()), fields)
        return [] if there is None else differences(there, fields)

    def use(self, fields: Mapping[str, str]) -> Lease:
        """Take an engine into use: proven whole, safe from eviction until the lease is closed.

        Raises:
            NotBuiltError: it was not built here; the message names what changed since the nearest that was.
            QuarantinedError: its self-check failed.
            PlanError: it is torn, another user's, or writable by others.
            StoreError: the folder is not this user's alone.
        """
        key = store_key(fields)
        if not self._there.is_there():
            raise self._not_built(fields)
        lock = self._there.lock(f"{key}.use", shared=True)
        if not lock.acquire(WAIT_S):
            raise StoreError(f"the built engine {key[:12]} is being deleted by another process; try again")
        try:
            entry = self.find(fields)
            if entry is None:
                raise self._not_built(fields)
            if entry.meta.quarantine:
                raise QuarantinedError(
                    f"{entry.title} failed its self-check and is not used: {entry.meta.quarantine}; build it again: "
                    f"tapetum engines build {fields['model']}"
                )
            prove_bytes(entry)
            now = self._clock()
            with suppress(OSError):  # a full disk: then the time of the use is lost, not the use
                _touch(entry.folder / USED, now)
            return Lease(replace(entry, used_ns=now), lock)
        except BaseException:  # whatever it was goes on, only not half done
            lock.release()
            raise

    @contextmanager
    def draft(
        self, fields: Mapping[str, str], wait_s: float = 0.0, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Draft]:
        """A folder to build into, with the sole right to build this engine; what is not committed is deleted.

        Args:
            fields: of the engine.
            wait_s: how long to wait for another that builds it. Whoever had to wait looks first whether it is there.
            stop: asked again and again while waiting; True gives up.

        Raises:
            StoreError: another process builds it; the disk is full, also for what is written inside the context; or
                the folder is not this user's alone, or cannot be written.
        """
        key = store_key(fields)
        lock = self._there.lock(f"{key}.build")
        if not lock.acquire(max(wait_s, _PASSING_S), stop):
            raise StoreError(f"another process builds {fields['model']} ({fields['kind']}) already; wait for it")
        folder = self.folder / f"new-{key}-{os.urandom(4).hex()}"
        try:
            for left in self.folder.glob(f"new-{key}-*"):  # by a builder that died
                shutil.rmtree(left, ignore_errors=True)
            folder.mkdir(mode=0o700)
            yield Draft(self, fields, folder)
        except OSError as error:
            if folder.exists() and error.errno not in FULL:
                raise  # the builder's own trouble
            raise cannot_write(folder, error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            lock.release(delete=True)

    def record_check(self, key: str, check: Mapping[str, Any] | None, quarantine: str = "") -> StoredEngine:
        """Keep a self-check's report with an engine; with a reason, it is not used again until it is built anew.

        Raises:
            PlanError: there is no such engine, or it is torn.
            StoreError: the folder is not this user's alone, or cannot be written.
        """
        with self._there.alone():
            entry = self._known(key)
            found = {"check": None if check is None else dict(check), "quarantine": quarantine}
            meta = entry.meta.model_copy(update=found)
            write_atomically(entry.folder / META, meta.to_bytes())
            return replace(entry, meta=meta)

    def quarantine(self, key: str, reason: str) -> StoredEngine:
        """Bar an engine from use until it is built anew; its report stays. Raises as :meth:`record_check`."""
        return self.record_check(key, self._known(key).meta.check, reason or "no reason told")

    def remove(self, key: str) -> bool:
        """Delete an engine; False when it is not there, or somebody uses or builds it.

        Raises:
            StoreError: the folder is not this user's alone, or another process holds the store for too long.
        """
        if not KEY.fullmatch(key) or not self._there.is_there():
            return False
        with self._there.alone():
            return self._there.remove(key)

    def sweep(self) -> None:
        """Delete what dead processes left half built and what is broken, and bring the store below its cap.

        Raises:
            StoreError: as :meth:`remove`; or what is in use is more than the cap.
        """
        if self._there.is_there():
            with self._there.alone():
                self._there.make_room(0)

    def _publish(
        self, draft: Draft, artefact: Path, build_s: float, check: Mapping[str, Any] | None, quarantine: str
    ) -> StoredEngine:
        key, name = store_key(draft.fields), draft.fields["model"]
        try:
            files = _sealed(draft.folder)
            if artefact.parent != draft.folder or artefact.name not in files or not files[artefact.name].size:
                raise StoreError(f"the build of {name} left no file {artefact.name}, or an empty one")
            meta = Meta(
                format=STORE_FORMAT,
                fields=draft.fields,
                artefact=artefact.name,
                files=files,
                made=datetime.fromtimestamp(self._clock() / 1e9, UTC).isoformat(timespec="seconds"),
                build_s=build_s,
                check=None if check is None else dict(check),
                quarantine=quarantine,
            )
            write_atomically(draft.folder / META, meta.to_bytes())
            _touch(draft.folder / USED, self._clock())
            sync_folder(draft.folder)
            with self._there.alone(), self._there.replacing(key) as alone:
                if not alone and (there := self._usable(key)):
                    return there  # the same engine, and somebody reads from it just now
                self._there.make_room(sum((draft.folder / n).stat().st_size for n in (*files, META)), key)
                self._there.take_away(key)
                draft.folder.rename(self.folder / key)
                sync_folder(self.folder)
        except ValueError as error:
            raise StoreError(f"the build of {name} left what cannot be kept: {error}") from error
        except OSError as error:
            raise cannot_write(draft.folder, error) from error
        return read_entry(self.folder / key)

    def _usable(self, key: str) -> StoredEngine | None:
        try:
            entry = read_entry(self.folder / key)
            prove_bytes(entry)
        except PlanError:
            return None
        return None if entry.meta.quarantine else entry

    def _known(self, key: str) -> StoredEngine:
        if not KEY.fullmatch(key):
            raise PlanError(f"{key!r} is no key of a built engine: 64 hexadecimal digits")
        return read_entry(self.folder / key)

    def _not_built(self, fields: Mapping[str, str]) -> NotBuiltError:
        changed = self.stale(fields)
        why = f" (an earlier one does not fit: {'; '.join(changed)})" if changed else ""
        return NotBuiltError(
            f"{fields['model']} ({fields['kind']}) was not built on this machine{why}; run: tapetum engines build "
            f"{fields['model']}"
        )


def _sealed(folder: Path) -> dict[str, StoredFile]:
    """Every file of a folder, closed to others and on the disk."""
    files = {}
    for path in sorted(folder.iterdir()):
        plain_name(path.name)
        if path.is_symlink() or not path.is_file():
            raise StoreError(f"a built engine holds plain files only, found {path.name}")
        seal(path)
        sha256, size = digest(path)
        files[path.name] = StoredFile(size=size, sha256=sha256)
    return files


def _touch(path: Path, now_ns: int) -> None:
    path.touch(mode=0o600)
    os.utime(path, ns=(now_ns, now_ns))
