"""Built engines on disk: only what was built here, by this user, for exactly this machine is ever served."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.card import load_card
from engines.errors import NotBuiltError, PlanError, QuarantinedError, StoreError
from engines.store import EngineStore
from engines.store_fields import common_fields, differences, store_key
from tests.engines.store_process import bytes_of, churn, put, some_fields

ROOT = Path(__file__).resolve().parents[2]

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes, owners and links of this kind")


@pytest.fixture
def store(tmp_path: Path) -> EngineStore:
    return EngineStore(tmp_path / "engines")


@contextmanager
def child(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.store_process", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def left_over(store: EngineStore) -> list[str]:
    return [path.name for path in store.folder.iterdir() if path.name.startswith(("new-", "old-"))]


# what is built is found again


def test_what_was_built_is_served_with_its_fields_in_clear(store: EngineStore):
    fields = some_fields()
    entry = put(store, fields)
    with store.use(fields) as lease:
        assert lease.artefact.read_bytes() == bytes_of(fields)
        assert lease.artefact == store.folder / store_key(fields) / "engine.plan"
    told = json.loads((entry.folder / "meta.json").read_text())
    assert told["fields"] == fields
    assert told["build_s"] == 1.5
    assert told["made"].endswith("+00:00")
    assert [e.key for e in store.entries()] == [entry.key]
    assert json.loads(json.dumps(entry.to_json()))["size"] == entry.size > len(bytes_of(fields))


def test_an_onnx_file_is_kept_with_its_card(store: EngineStore, weights: Path):
    with store.draft(some_fields()) as draft:
        for name in ("face_landmarks.onnx", "face_landmarks.json"):
            (draft.folder / name).write_bytes((weights / name).read_bytes())
        draft.commit(draft.folder / "face_landmarks.json")
    with store.use(some_fields()) as lease:
        assert load_card(lease.artefact).name == "face_landmarks"


def test_nothing_is_made_by_looking(store: EngineStore):
    assert store.entries() == []
    assert store.broken() == {}
    assert store.find(some_fields()) is None
    assert store.remove(store_key(some_fields())) is False
    store.sweep()
    assert not store.folder.exists()


def test_the_usual_folder_is_in_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    assert EngineStore().folder == tmp_path / "cache" / "engines"


names = st.text(min_size=1, max_size=8)
mappings = st.dictionaries(names, st.text(max_size=8), max_size=6)


@given(mappings, mappings)
def test_two_engines_share_a_key_only_if_every_field_is_equal(first: dict[str, str], second: dict[str, str]):
    one, two = {**first, **some_fields()}, {**second, **some_fields()}
    assert (store_key(one) == store_key(two)) == (one == two)
    assert store_key(dict(reversed(one.items()))) == store_key(one)
    assert bool(differences(one, two)) == (one != two)


def test_the_fields_of_a_model_hold_its_bytes_and_its_inputs(weights: Path):
    card = load_card(weights / "face_landmarks.json")
    fields = common_fields("int8", card)
    assert fields["onnx_sha256"] == card.sha256
    assert fields["input.image"] == "float32 NCHW Nx1x128x128"
    assert fields["os"]
    assert fields["arch"]
    store_key(fields)


def test_fields_that_are_no_texts_or_incomplete_are_refused():
    with pytest.raises(StoreError, match="texts"):
        store_key({**some_fields(), "sm_count": 132})  # type: ignore[dict-item]  # what is tested
    with pytest.raises(StoreError, match="lack model"):
        store_key({**some_fields(), "model": ""})


def test_a_stale_engine_says_which_field_changed(store: EngineStore):
    put(store, some_fields(driver="550.54"))
    put(store, some_fields(driver="470.1", gpu="T4", number="9"))
    put(store, some_fields(model="gray_to_depth", driver="560.28"))
    changed = some_fields(driver="560.28")
    assert store.stale(changed) == ["driver 550.54 -> 560.28"]
    with pytest.raises(NotBuiltError, match=r"driver 550\.54 -> 560\.28.*tapetum engines build face_landmarks"):
        store.use(changed)
    assert store.stale({**some_fields(), "precision": "fp16"}) == ["precision (none) -> fp16"]
    assert store.stale(some_fields(model="eye_to_face")) == []


# what is torn is not served, and is built again


def _cut(folder: Path) -> None:
    plan = folder / "engine.plan"
    plan.write_bytes(plan.read_bytes()[:-1])


def _flip(folder: Path) -> None:
    plan = folder / "engine.plan"
    data = bytearray(plan.read_bytes())
    data[7] ^= 1
    plan.write_bytes(data)


def _other_field(folder: Path) -> None:
    meta = folder / "meta.json"
    meta.write_text(meta.read_text().replace("550.54", "560.28"))


def _outside(folder: Path) -> None:
    meta = folder / "meta.json"
    meta.write_text(meta.read_text().replace("engine.plan", "../../engine.plan"))


SPOILED = {
    "plan cut": _cut,
    "one bit": _flip,
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


# what a build leaves


def test_a_build_that_fails_leaves_nothing(store: EngineStore):
    def fail() -> None:
        with store.draft(some_fields()) as draft:
            (draft.folder / "engine.plan").write_bytes(b"half")
            raise KeyError("the build")

    with pytest.raises(KeyError):
        fail()
    assert left_over(store) == []
    assert store.entries() == []
    assert store.find(some_fields()) is None


@pytest.mark.parametrize("what", ["nothing", "empty", "folder", "link", "its meta"])
def test_a_build_that_leaves_no_engine_is_an_error(store: EngineStore, what: str):
    with store.draft(some_fields()) as draft:
        plan = draft.folder / "engine.plan"
        if what == "empty":
            plan.write_bytes(b"")
        elif what == "folder":
            plan.mkdir()
        elif what == "link":
            plan.symlink_to("/etc/hostname")
        elif what == "its meta":
            plan.write_bytes(b"plan")
            (draft.folder / "meta.json").write_text("{}")
        with pytest.raises(StoreError):
            draft.commit(plan)
    assert store.entries() == []
    assert left_over(store) == []


@pytest.mark.parametrize("at", range(4))
def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    store: EngineStore, monkeypatch: pytest.MonkeyPatch, at: int
):
    put(store, some_fields())
    calls = 0

    def full(fd: int) -> None:
        nonlocal calls
        calls += 1
        if calls > at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match=r"disk of .* is full.*engines clear"):
            put(store, some_fields(1))
    assert left_over(store) == []
    assert [e.meta.fields["number"] for e in store.entries()] == ["0"]
    assert not list(store.folder.rglob(".meta*"))
    put(store, some_fields(1))


def test_a_disk_that_is_full_while_somebody_builds_is_said_too(store: EngineStore):
    def write(error: OSError) -> None:
        with store.draft(some_fields()):
            raise error

    with pytest.raises(StoreError, match="is full"):
        write(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    with pytest.raises(ConnectionResetError):
        write(ConnectionResetError(errno.ECONNRESET, "the builder's own trouble"))
    assert left_over(store) == []


# quarantine


def test_a_quarantined_engine_is_not_used_until_it_is_built_anew(store: EngineStore):
    fields = some_fields()
    entry = put(store, fields)
    store.record_check(entry.key, {"ok": True, "worst": 0.001})
    store.quarantine(entry.key, "points off by 5 %")
    with pytest.raises(QuarantinedError, match=r"points off by 5 %.*tapetum engines build face_landmarks"):
        store.use(fields)
    found = store.find(fields)
    assert found is not None
    assert found.meta.check == {"ok": True, "worst": 0.001}
    put(store, fields)
    store.use(fields).close()
    with pytest.raises(PlanError):
        store.quarantine("0" * 64, "unknown")
    with pytest.raises(PlanError, match="no key"):
        store.quarantine("../x", "outside")


def test_a_failed_check_is_kept_with_the_engine(store: EngineStore):
    with store.draft(some_fields()) as draft:
        (draft.folder / "engine.plan").write_bytes(b"plan")
        draft.commit(draft.folder / "engine.plan", 2.0, {"ok": False}, "NaN in points")
    with pytest.raises(QuarantinedError, match="NaN"):
        store.use(some_fields())


# the cap


def cap_for(*numbers: int, tmp_path: Path) -> int:
    probe = EngineStore(tmp_path / "sizes")
    return sum(put(probe, some_fields(n)).size for n in numbers)


class Ticks:
    """A clock that moves by a second a look."""

    def __init__(self) -> None:
        self.now = 10**18

    def __call__(self) -> int:
        self.now += 10**9
        return self.now


def test_the_longest_unused_makes_way(tmp_path: Path):
    cap = cap_for(0, 1, 2, tmp_path=tmp_path) + 1500
    store = EngineStore(tmp_path / "engines", cap, Ticks())
    for number in range(3):
        put(store, some_fields(number))
    store.use(some_fields(0)).close()
    put(store, some_fields(3))
    there = [e.meta.fields["number"] for e in store.entries()]
    assert there[:2] == ["3", "0"]
    assert "1" not in there
    assert sum(e.size for e in store.entries()) <= cap


def test_what_is_in_use_or_being_built_stays(tmp_path: Path):
    cap = cap_for(0, 1, tmp_path=tmp_path)
    store = EngineStore(tmp_path / "engines", cap, Ticks())
    put(store, some_fields(0))
    put(store, some_fields(1))
    with store.use(some_fields(0)), store.use(some_fields(1)):
        with pytest.raises(StoreError, match="in use leaves no room"):
            put(store, some_fields(2))
        assert store.remove(store_key(some_fields(0))) is False
        with store.draft(some_fields(3)) as draft:
            store.sweep()
            assert draft.folder.is_dir()
    assert len(store.entries()) == 2
    with pytest.raises(StoreError, match="may take"):
        put(store, some_fields(4), b"x" * (cap + 1))
    assert store.remove(store_key(some_fields(0))) is True
    assert [e.meta.fields["number"] for e in store.entries()] == ["1"]


operations = st.lists(
    st.tuples(st.sampled_from(["put", "use", "let go", "remove", "sweep", "spoil"]), st.integers(0, 5)), max_size=25
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations, st.integers(2, 5))
def test_whatever_is_done_the_cap_holds_and_no_other_bytes_are_served(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, int]], engines: int
):
    cap = engines * 2600
    store = EngineStore(tmp_path_factory.mktemp("store") / "engines", cap, Ticks())
    with ExitStack() as leases:
        held: dict[int, ExitStack] = {}
        for what, number in done:
            fields = some_fields(number)
            folder = store.folder / store_key(fields)
            try:
                if what == "put":
                    put(store, fields)
                elif what == "use":
                    lease = store.use(fields)
                    assert lease.artefact.read_bytes() == bytes_of(fields)
                    held.setdefault(number, leases.enter_context(ExitStack())).enter_context(lease)
                elif what == "let go" and number in held:
                    held.pop(number).close()
                elif what == "remove":
                    assert not (store.remove(folder.name) and number in held)
                elif what == "sweep":
                    store.sweep()
                elif what == "spoil" and folder.exists() and number not in held:
                    _flip(folder)
            except PlanError:
                if what != "use":
                    raise
            except StoreError:
                if what != "put":  # which alone may find no room
                    raise
            for number_held in held:
                assert (store.folder / store_key(some_fields(number_held)) / "engine.plan").exists()
            assert sum(e.size for e in store.entries()) <= cap
            assert not store.folder.exists() or left_over(store) == []


# several processes


def test_several_processes_share_a_store_that_is_too_small_for_them(tmp_path: Path):
    cap = str(cap_for(0, 1, 2, tmp_path=tmp_path))
    with ExitStack() as stack:
        processes = [stack.enter_context(child("churn", tmp_path / "engines", str(i), cap)) for i in range(2)]
        churn(str(tmp_path / "engines"), "this process", cap)
        told = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert all(int(out.split()[1]) > 0 for out, _ in told)
    store = EngineStore(tmp_path / "engines")
    assert store.broken() == {}
    assert left_over(store) == []
    assert sum(e.size for e in store.entries()) <= int(cap)


def test_a_second_builder_is_refused_until_the_first_is_dead(store: EngineStore):
    with child("hold", store.folder, "build") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="another process builds face_landmarks"):
            put_now(store)
        store.sweep()
        assert len(left_over(store)) == 1, "a build under way was swept away"
        first.kill()
        first.wait()
        put_now(store)
    assert left_over(store) == [], "what the dead builder left was not swept away"
    assert len(store.entries()) == 1


def put_now(store: EngineStore) -> None:
    with store.draft(some_fields()) as draft:
        (draft.folder / "engine.plan").write_bytes(b"plan")
        draft.commit(draft.folder / "engine.plan")


def test_what_another_process_uses_stays_until_it_is_dead(store: EngineStore):
    key = put(store, some_fields()).key
    with child("hold", store.folder, "use") as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "held\n"
        assert store.remove(key) is False
        user.kill()
        user.wait()
        assert store.remove(key) is True


def test_a_sound_engine_that_is_in_use_is_not_replaced(store: EngineStore):
    made = put(store, some_fields(), b"first")
    with store.use(some_fields()) as lease:
        again = put(store, some_fields(), b"second")
        assert lease.artefact.read_bytes() == b"first"
        assert again.meta.made == made.meta.made
        store.quarantine(made.key, "wrong numbers")
        put(store, some_fields(), b"third")
    with store.use(some_fields()) as lease:
        assert lease.artefact.read_bytes() == b"third"


def test_looking_for_engines_leaves_no_locks_behind(store: EngineStore):
    put(store, some_fields())
    for number in range(1, 5):
        with pytest.raises(NotBuiltError):
            store.use(some_fields(number))
    store.sweep()
    assert sorted(path.name for path in (store.folder / "locks").iterdir()) == [
        f"{store_key(some_fields())}.use",
        "store",
    ]


def test_who_waits_for_a_builder_may_give_up(store: EngineStore):
    with (
        store.draft(some_fields()),
        pytest.raises(StoreError, match="already"),
        store.draft(some_fields(), wait_s=30, stop=lambda: True),
    ):
        pass
