"""Only what this user built and nobody touched is served from the store of built engines."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from engines.errors import PlanError, StoreError
from engines.store import EngineStore
from engines.store_fields import store_key
from tests.engines.store_cases import flip
from tests.engines.store_process import bytes_of, put, some_fields

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes, owners and links of this kind")


@pytest.fixture
def store(tmp_path: Path) -> EngineStore:
    return EngineStore(tmp_path / "engines")


# what is torn is not served, and is built again
def _cut(folder: Path) -> None:
    plan = folder / "engine.plan"
    plan.write_bytes(plan.read_bytes()[:-1])


def _other_field(folder: Path) -> None:
    meta = folder / "meta.json"
    meta.write_text(meta.read_text().replace("550.54", "560.28"))


def _outside(folder: Path) -> None:
    meta = folder / "meta.json"
    meta.write_text(meta.read_text().replace("engine.plan", "../../engine.plan"))


SPOILED = {
    "plan cut": _cut,
    "one bit": flip,
    "plan gone": lambda folder: (folder / "engine.plan").unlink(),
    "meta gone": lambda folder: (folder / "meta.json").unlink(),
    "meta cut": lambda folder: (folder / "meta.json").write_bytes((folder / "meta.json").read_bytes()[:99]),
    "meta empty": lambda folder: (folder / "meta.json").write_bytes(b""),
    "meta no object": lambda folder: (folder / "meta.json").write_text("[1]"),
    "meta no text": lambda folder: (folder / "meta.json").write_bytes(b"\xff\xfe\x00"),
    "meta huge": lambda folder: (folder / "meta.json").write_bytes(b" " * (2 << 20)),
    "fields of another": _other_field,
    "a file outside": _outside,
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_torn_engine_is_refused_and_built_again(store: EngineStore, how: str):
    fields = some_fields()
    SPOILED[how](put(store, fields).folder)
    with pytest.raises(PlanError):
        store.use(fields)
    put(store, fields)
    with store.use(fields) as lease:
        assert lease.artefact.read_bytes() == bytes_of(fields)
    assert store.broken() == {}


def test_a_torn_engine_is_listed_and_makes_room_first(store: EngineStore):
    (put(store, some_fields()).folder / "meta.json").write_text("{}")
    assert list(store.broken()) == [store_key(some_fields())]
    put(store, some_fields(1))
    assert store.broken() == {}
    assert len(store.entries()) == 1


# what others may have written is not trusted
@posix
def test_only_this_user_may_enter(store: EngineStore):
    old = os.umask(0)
    try:
        entry = put(store, some_fields())
    finally:
        os.umask(old)
    for path in (store.folder, *store.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    store.folder.chmod(0o755)  # others may look: nothing can have been planted, and it is closed again
    with store.use(some_fields()):
        assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert entry.folder.exists()


@posix
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_that_others_may_write_to_is_refused(store: EngineStore, mode: int):
    put(store, some_fields())
    store.folder.chmod(mode)
    for refused in (store.entries, lambda: store.use(some_fields()), lambda: put(store, some_fields(1)), store.sweep):
        with pytest.raises(StoreError, match=r"writable by others.*TAPETUM_CACHE"):
            refused()


@posix
def test_a_folder_in_one_that_everybody_may_write_to_is_refused(store: EngineStore):
    put(store, some_fields())
    store.folder.parent.chmod(0o777)
    with pytest.raises(StoreError, match="everybody"):
        store.use(some_fields())
    store.folder.parent.chmod(0o1777)  # as /tmp: nobody can rename what is another's
    store.use(some_fields()).close()


@posix
@pytest.mark.parametrize("what", ["", "engine.plan", "meta.json"])
def test_an_engine_that_others_may_write_to_is_refused(store: EngineStore, what: str):
    entry = put(store, some_fields())
    (entry.folder / what).chmod(0o777 if not what else 0o666)
    with pytest.raises(PlanError, match="writable by others"):
        store.use(some_fields())
    assert "writable by others" in store.broken()[entry.key]


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_what_another_user_wrote_is_refused(store: EngineStore):
    entry = put(store, some_fields())
    os.chown(entry.folder / "engine.plan", 12345, -1)
    with pytest.raises(PlanError, match="another user's \\(number 12345"):
        store.use(some_fields())
    put(store, some_fields())
    os.chown(store.folder, 12345, -1)
    with pytest.raises(StoreError, match="another user's"):
        store.use(some_fields())


@posix
def test_who_is_another_user_sees_nothing_to_trust(store: EngineStore, monkeypatch: pytest.MonkeyPatch):
    put(store, some_fields())
    monkeypatch.setattr("engines.store_files.os.geteuid", lambda: os.getuid() + 1)
    with pytest.raises(StoreError, match="another user's"):
        store.use(some_fields())


@posix
@pytest.mark.parametrize("what", ["store", "entry", "engine.plan", "meta.json"])
def test_links_are_refused(store: EngineStore, tmp_path: Path, what: str):
    entry = put(store, some_fields())
    path = {"store": store.folder, "entry": entry.folder}.get(what, entry.folder / what)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="link") as caught:
        store.use(some_fields())
    assert isinstance(caught.value, PlanError) == (what != "store")
    if what == "entry":
        put(store, some_fields())  # takes the link away, and not what it leads to
        assert (tmp_path / "elsewhere" / "engine.plan").exists()


@posix
def test_a_link_in_the_place_of_a_lock_is_refused(store: EngineStore, tmp_path: Path):
    put(store, some_fields())
    lock = store.folder / "locks" / f"{store_key(some_fields())}.use"
    lock.unlink(missing_ok=True)
    lock.symlink_to(tmp_path / "victim")
    with pytest.raises(StoreError, match="lock"):
        store.use(some_fields())
    assert not (tmp_path / "victim").exists()


@posix
def test_a_disk_without_locks_is_an_error(store: EngineStore, monkeypatch: pytest.MonkeyPatch):
    put(store, some_fields())

    def no_locks(fd: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", no_locks)
    with pytest.raises(StoreError, match=r"no locks.*local disk"):
        store.use(some_fields())


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path):
    (tmp_path / "engines").write_text("")
    with pytest.raises(StoreError, match="no folder"):
        EngineStore(tmp_path / "engines").entries()
    with pytest.raises(StoreError):
        put(EngineStore(tmp_path / "engines" / "below"), some_fields())
    with pytest.raises(StoreError, match="room for at least one"):
        EngineStore(tmp_path, cap_bytes=0)
