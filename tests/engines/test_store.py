"""Built engines on disk: only what was built here, by this user, for exactly this machine is ever served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.card import load_card
from engines.errors import NotBuiltError, PlanError, QuarantinedError, StoreError
from engines.store import EngineStore
from engines.store_fields import common_fields, differences, store_key
from tests.engines.store_cases import left_over
from tests.engines.store_process import bytes_of, put, some_fields


@pytest.fixture
def store(tmp_path: Path) -> EngineStore:
    return EngineStore(tmp_path / "engines")


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
