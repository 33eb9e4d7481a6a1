"""The rendering command: shards appear, runs go on where they stopped, a missing model is explained."""

from __future__ import annotations

import numpy as np
import pytest

from training.faces import render
from training.faces.model import ENVIRONMENT_VARIABLE, FaceModelError, find_face_model, load_face_model
from training.faces.shards import ShardSet


def test_samples_are_rendered_without_the_face_model(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(render, "SHARD_SIZE", 2)
    arguments = ["--out", str(tmp_path), "--mesh", "--count", "3", "--background-count", "1", "--seed", "4"]
    assert render.main(arguments) == 0
    shards = ShardSet(tmp_path)
    assert len(shards) == 4
    assert sum(shards.read(i).has_head for i in range(4)) == 3
    seeds = sorted(shards.column("seed").tolist())
    assert render.main(arguments) == 0  # nothing left to do
    assert sorted(ShardSet(tmp_path).column("seed").tolist()) == seeds


def test_every_run_brings_its_own_people(tmp_path, monkeypatch) -> None:
    for seed in ("1", "2"):
        arguments = ["--out", str(tmp_path), "--mesh", "--count", "2", "--background-count", "0", "--seed", seed]
        assert render.main([*arguments, "--identities", "10"]) == 0
    assert sorted(ShardSet(tmp_path).column("identity").tolist()) == [0, 1, 10, 11]


def test_a_missing_face_model_is_explained(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    assert render.main(["--out", str(tmp_path), "--count", "1"]) == 1
    message = capsys.readouterr().err
    assert "--face-model" in message
    assert ENVIRONMENT_VARIABLE in message


def test_the_environment_names_the_face_model(tmp_path, monkeypatch) -> None:
    model = tmp_path / "model.npz"
    model.write_bytes(b"not an archive")
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(model))
    assert find_face_model() == model
    with pytest.raises(FaceModelError, match=r"model\.npz"):
        load_face_model(model)


def test_portraits_are_asked_for_by_name(tmp_path) -> None:
    folder = tmp_path / "p"
    asked = ["--mesh", "--count", "2", "--background-count", "0", "--portraits", "--seed", "4"]
    assert render.main(["--out", str(folder), *asked]) == 0
    pose = np.load(next(folder.iterdir()) / "pose_deg.npy")
    assert pose.shape == (2, 3)
    assert np.abs(pose).max() <= 16


def test_faces_and_clutter_alternate_so_that_a_trainer_can_begin_early() -> None:
    jobs = render.plan(5000, 1000, seed=3)
    assert sum(job.count for job in jobs if job.faces) == 5000
    assert sum(job.count for job in jobs if not job.faces) == 1000
    assert any(not job.faces for job in jobs[:6])
    assert len({job.name for job in jobs}) == len(jobs)
