"""Eyes for EyeState: rendered with lids that close, photographed by any camera, cut as the program cuts them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba", reason="the rig's fast path needs the extra 'train'")

from pipeline.steps.eye_patch import cut_eyes
from tests.training.shard_fixture import drawn_eyes, write_samples
from training.eye_augment import photograph, plain
from training.faces.expression import both
from training.faces.eye_render import main
from training.faces.eye_sample import FIRST_PERSON, HELD_OUT_EVERY, LAYOUT, EyeSample, draw_eyes
from training.faces.eye_shards import EyeStore, shard_name, write_eye_shard
from training.faces.identity import draw_identity
from training.faces.scene import Rig
from training.faces.shards import ShardError


def test_a_sample_has_what_the_layout_says_and_comes_again(mesh_rig: Rig) -> None:
    one, again = draw_eyes(mesh_rig, 5, FIRST_PERSON), draw_eyes(mesh_rig, 5, FIRST_PERSON)
    for field in fields(EyeSample):
        value = np.asarray(getattr(one, field.name))
        shape, dtype = LAYOUT[field.name]
        assert (value.shape, value.dtype) == (shape, dtype), field.name
        np.testing.assert_array_equal(value, getattr(again, field.name))
    assert np.isfinite(one.nir.astype(float)).all()
    assert one.nir.max() > 0
    assert np.abs(one.landmarks[36:48].mean(axis=0) - (95.5, 47.5)).max() < 2.0


def test_the_same_command_makes_the_same_shards_and_keeps_what_is_there(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert main(["--out", str(tmp_path / folder), "--count", "3", "--mesh", "--seed", "2"]) == 0
    first, second = (tmp_path / folder / shard_name(2, 0) for folder in ("a", "b"))
    for name in LAYOUT:
        assert (first / f"{name}.npy").read_bytes() == (second / f"{name}.npy").read_bytes()
    before = (first / "nir.npy").stat().st_mtime_ns
    assert main(["--out", str(tmp_path / "a"), "--count", "3", "--mesh", "--seed", "2"]) == 0
    assert (first / "nir.npy").stat().st_mtime_ns == before


def test_people_of_what_is_measured_are_no_training_people() -> None:
    from benchmarks.signals_eyes_people import FIRST
    from training.faces.eye_render import PEOPLE_A_RUN
    from training.faces.night_drive import DRIVER

    assert max(FIRST_PERSON + 60 * PEOPLE_A_RUN, 0) < min(FIRST, DRIVER)


def test_a_store_keeps_people_apart_and_finds_new_shards(tmp_path: Path) -> None:
    write_eye_shard(tmp_path, shard_name(1, 0), [drawn_eyes(i) for i in range(12)])
    store = EyeStore(tmp_path)
    held = {int(store.get("identity", int(i))) for i in store.held_out_faces}
    assert held == {0, HELD_OUT_EVERY}
    assert len(store) == len(store.train_faces) + len(store.held_out_faces) == 12
    write_eye_shard(tmp_path, shard_name(1, 1), [drawn_eyes(20)])
    assert store.refresh() == 1
    assert len(store.held_out_faces) == 3
    with pytest.raises(IndexError):
        store.get("nir", 13)


def test_damaged_shards_are_named(tmp_path: Path) -> None:
    folder = write_eye_shard(tmp_path, shard_name(1, 0), [drawn_eyes(1)])
    (folder / "nir.npy").write_bytes(b"torn")
    with pytest.raises(ShardError, match=r"nir\.npy"):
        EyeStore(tmp_path)
    with pytest.raises(ShardError, match="eye_render"):
        EyeStore(tmp_path / "nowhere")


@pytest.mark.parametrize("infrared", [True, False])
def test_any_camera_s_picture_has_eyes_where_the_landmarks_say(infrared: bool) -> None:
    sample, rng = drawn_eyes(1), np.random.default_rng(4)
    sizes = set()
    for _ in range(60):
        light, glass = sample.nir.astype(np.float32), sample.glass.astype(np.float32) / 255
        cover = sample.cover.astype(np.float32) / 255
        take = photograph(light, glass, cover, sample.landmarks, rng, infrared)
        eyes = cut_eyes(take.picture, take.points)
        assert eyes is not None
        assert take.picture.dtype == np.uint8
        assert min(eyes.inside) > 0.6
        sizes.add(take.picture.shape)
    assert len(sizes) > 20


def test_a_mirrored_picture_is_said_to_be_one() -> None:
    """The left eye of a picture that is not mirrored is on its right half, of one that is on its left."""
    sample, rng, seen = drawn_eyes(3), np.random.default_rng(0), set()
    light, one = sample.nir.astype(np.float32), np.ones(sample.nir.shape, np.float32)
    for _ in range(20):
        take = photograph(light, 0 * one, one, sample.landmarks, rng, True)
        assert take.points[42:48, 0].mean() > take.points[36:42, 0].mean()
        seen.add(take.mirrored)
    assert seen == {True, False}
    assert not plain(light, one, sample.landmarks, 0.5, 1).mirrored


def test_closed_lids_hide_the_eyes_of_everybody(real_rig: Rig) -> None:
    """With some people the cornea came through the closing lid: a closed eye that showed its pupil."""
    model, through = real_rig.model, 0
    eyes = model.in_part("eyeL", "eyeR")
    for number in range(9_000_300, 9_000_306):
        person = draw_identity(number, len(model.identity_modes))
        shape = model.shape(person.coefficients, both("eyeBlink", 1.0))
        covered = real_rig.lids.over(shape)
        through += int((covered[eyes, 2] < shape[eyes, 2]).sum())
        assert np.array_equal(covered[~eyes], shape[~eyes])
        assert np.array_equal(real_rig.lids.over(covered), covered)
    assert through > 100


def test_eyes_that_no_lid_covers_stay_as_they_are(mesh_rig: Rig) -> None:
    shape = mesh_rig.model.vertices
    assert mesh_rig.lids.over(shape) is shape


def test_a_task_makes_pairs_of_patches(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed (extra: train)")
    from training.tasks.eye_state import EyeStateTask, closed_f1, held_out_eyes

    store = EyeStore(write_samples(tmp_path))
    item = EyeStateTask().make_item(store, np.random.default_rng(1))  # type: ignore[arg-type]  # all it asks of a store
    assert item["eye"].shape == (2, 32, 48)
    assert item["eye"].dtype == np.uint8
    assert item["openness"].shape == (2,)
    eyes, truth = held_out_eyes(store, store.held_out_faces, 0.44, True)
    assert len(eyes) == len(truth) == 2 * len(store.held_out_faces)
    assert closed_f1(np.array([0.1, 0.5, 0.1]), np.array([0.0, 0.0, 1.0])) == pytest.approx(0.5)
