"""Samples of another kind than a network learns from are named, and so is what renders the right ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.shard_fixture import drawn_eyes, drawn_frame, drawn_sample, write_samples
from training.evaluate import EvaluationError, evaluate
from training.faces.crowd_shards import shard_name, write_crowd_shard
from training.faces.eye_shards import write_eye_shard
from training.faces.shards import ShardError, ShardSet, write_shard
from training.feed import FaceStore, FeedError
from training.networks.registry import find_network
from training.sample_kinds import CLUTTER, EYES, FACES, FRAMES, PEOPLE, kinds_in
from training.stores import open_store
from training.train import require_samples

FRAMES_ONLY, EYES_ONLY, FACES_ONLY = "whole frames", "eyes", "faces"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {what: tmp_path_factory.mktemp("samples") for what in (FRAMES_ONLY, EYES_ONLY, FACES_ONLY)}
    write_crowd_shard(made[FRAMES_ONLY], shard_name(1, 0), [drawn_frame(1)])
    write_eye_shard(made[EYES_ONLY], "eyes-001-00000", [drawn_eyes(1)])
    write_shard(made[FACES_ONLY], "faces-00000", [drawn_sample(1, True)])
    return made


@pytest.mark.parametrize(
    ("name", "there", "wanted", "renderer"),
    [
        ("eye_state", FACES_ONLY, "eyes", "training.faces.eye_render"),
        ("eye_state", FRAMES_ONLY, "eyes", "training.faces.eye_render"),
        ("face_finder", FACES_ONLY, "whole frames", "training.faces.crowd_render"),
        ("face_finder", EYES_ONLY, "whole frames", "training.faces.crowd_render"),
        ("face_verifier", EYES_ONLY, "depth views of people", "training.faces.people"),
        ("face_landmarks", FRAMES_ONLY, "faces", "training.faces.render"),
        ("eye_to_face", FRAMES_ONLY, "faces", "training.faces.render --portraits"),
    ],
)
def test_the_right_renderer_is_named_beside_what_was_found(
    name: str, there: str, wanted: str, renderer: str, folders: dict[str, Path]
) -> None:
    spec, folder = find_network(name), folders[there]
    store = open_store(spec, folder)
    with pytest.raises(FeedError) as told:
        require_samples(spec, store)
    assert f"{name} learns from {wanted}, but {folder} holds {there};" in str(told.value)
    assert f"python -m {renderer} --out {folder}" in str(told.value)
    with pytest.raises(ShardError, match=f"is no folder; render {wanted} first: python -m {renderer} --out"):
        open_store(spec, folder / "nowhere")


def test_samples_that_are_all_held_out_are_not_called_missing(tmp_path: Path) -> None:
    write_crowd_shard(tmp_path, shard_name(1, 11), [drawn_frame(1)])
    spec = find_network("face_finder")
    with pytest.raises(FeedError, match=r"all whole frames in .* are held out for validation"):
        require_samples(spec, open_store(spec, tmp_path))


def test_an_empty_folder_holds_no_samples(tmp_path: Path) -> None:
    (tmp_path / "faces-00000.tmp").mkdir()  # a renderer was stopped
    spec = find_network("face_landmarks")
    with pytest.raises(FeedError, match="holds no rendered samples; render some"):
        require_samples(spec, open_store(spec, tmp_path))


def test_faces_that_hide_their_eyes_are_told_with_what_renders_others(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    eye = pytest.importorskip(
        "training.tasks.eye", reason="torch is not installed (extra: train)", exc_type=ImportError
    )
    monkeypatch.setattr(eye, "fits", lambda *_: False)
    with pytest.raises(FeedError, match=r"Of 1 faces none.*python -m training\.faces\.render --portraits --out"):
        eye.EyeTask().make_item(FaceStore(folders[FACES_ONLY]), np.random.default_rng(0))


def test_a_model_is_not_measured_on_samples_of_another_kind(folders: dict[str, Path]) -> None:
    with pytest.raises(EvaluationError, match=r"face_landmarks learns from faces, but .* holds whole frames"):
        evaluate("face_landmarks", faces=folders[FRAMES_ONLY])


def test_every_kind_in_a_folder_is_told(tmp_path: Path) -> None:
    assert kinds_in(tmp_path / "nowhere") == []
    write_samples(tmp_path)
    assert kinds_in(tmp_path) == [FACES, CLUTTER, FRAMES, EYES]
    (tmp_path / "people-00000000").mkdir()
    assert PEOPLE in kinds_in(tmp_path)


def test_shards_of_other_kinds_beside_faces_are_not_taken_for_damaged_faces(tmp_path: Path) -> None:
    write_crowd_shard(tmp_path, shard_name(1, 0), [drawn_frame(1)])
    write_eye_shard(tmp_path, "eyes-001-00000", [drawn_eyes(1)])
    write_shard(tmp_path, "faces-00000", [drawn_sample(1, True)])
    assert len(ShardSet(tmp_path)) == 1
