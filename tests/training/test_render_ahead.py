"""A number for --faces: the samples are rendered, kept and found again, and training need not wait for the last one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.training.shard_fixture import drawn_sample
from training.faces.crowd_shards import CrowdStore
from training.faces.model import ENVIRONMENT_VARIABLE as FACE_MODEL
from training.faces.people import People
from training.faces.sample import VALIDATION_MODULUS
from training.faces.shards import ShardError, write_shard
from training.feed import FaceStore
from training.networks.registry import find_network
from training.render_ahead import (
    Job,
    RenderAhead,
    RenderAheadError,
    face_model,
    fingerprint,
    plan_samples,
)


def draw_shard(folder: Path, name: str, first: int, count: int) -> Path:
    return write_shard(folder, name, [drawn_sample(first + i, True) for i in range(count)])


def refuse(folder: Path) -> Path:
    raise ShardError(f"{folder} is full")


def end_at_once(folder: Path) -> Path:
    os._exit(4)


def drawn(folder: Path, shards: int, each: int) -> list[Job]:
    return [Job(f"faces-{i:05d}", draw_shard, (folder, f"faces-{i:05d}", i * each, each), each) for i in range(shards)]


def test_samples_are_made_in_processes_and_found_again(tmp_path: Path) -> None:
    lines: list[str] = []
    with RenderAhead(tmp_path / "s", drawn(tmp_path / "s", 3, 4), workers=2) as ahead:
        assert ahead.wait(lines.append, enough=5)
        assert ahead.done >= 8, "whole shards"
        assert ahead.wait(lines.append, enough=100)
        assert ahead.describe() == "12 samples"
    assert any(f"rendering into {tmp_path / 's'}: 0 of 12" in line for line in lines)
    assert len(FaceStore(tmp_path / "s")) == 12
    written = {p: p.stat().st_mtime_ns for p in (tmp_path / "s").rglob("*.npy")}
    with RenderAhead(tmp_path / "s", drawn(tmp_path / "s", 3, 4)) as again:
        assert again.wait(lines.append, enough=100)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "s").rglob("*.npy")} == written


def test_two_trainings_at_once_render_each_sample_once(tmp_path: Path) -> None:
    lines: list[str] = []
    with RenderAhead(tmp_path, drawn(tmp_path, 2, 2), workers=1) as first:
        with RenderAhead(tmp_path, drawn(tmp_path, 2, 2), workers=1) as second:
            assert second.wait(lines.append)
            assert second._processes == []
        assert first.wait(lines.append)
        assert first.failure() == ""


def test_a_failure_is_told_and_ends_the_waiting(tmp_path: Path) -> None:
    for function, words in ((refuse, "is full"), (end_at_once, "ended with 4")):
        job = Job("faces-00009", function, (tmp_path,), 5)
        with RenderAhead(tmp_path, [job]) as ahead, pytest.raises(RenderAheadError, match=words):
            ahead.wait(lambda line: None)
    with RenderAhead(tmp_path, [*drawn(tmp_path, 1, 2), Job("faces-00009", refuse, (tmp_path,), 5)], 1) as ahead:
        assert ahead.wait(lambda line: None, enough=2), "enough is there already"
        for process in ahead._processes:
            process.join(30)
        assert ahead.describe() == f"2 of 7 samples, rendering stopped: {tmp_path} is full"


def test_waiting_ends_when_asked(tmp_path: Path) -> None:
    with RenderAhead(tmp_path, drawn(tmp_path, 40, 22), workers=1) as ahead:
        assert not ahead.wait(lambda line: None, lambda: True)
    assert not list(tmp_path.glob("faces-00039"))


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RenderAheadError, match="TAPETUM_CACHE"), RenderAhead(tmp_path / "file" / "s", []):
        pass


def test_a_folder_that_can_not_be_written_into_is_told(tmp_path: Path) -> None:
    (tmp_path / "render.lock").mkdir()  # cannot be opened as a file, whoever asks
    job = Job("faces-1", print, (), 1)
    with pytest.raises(RenderAheadError, match="TAPETUM_CACHE"), RenderAhead(tmp_path, [job]):
        pass


@pytest.mark.parametrize(
    ("name", "count", "kind"),
    [("face_landmarks", 4, "faces"), ("face_finder", 3, "frames"), ("face_verifier", 4, "people")],
)
def test_each_network_gets_its_kind_of_samples(name: str, count: int, kind: str, tmp_path: Path) -> None:
    folder, jobs = plan_samples(find_network(name), count, tmp_path, None)
    assert folder.name == f"{kind}-{count}-{fingerprint(None)}"
    assert sum(job.samples for job in jobs) >= count
    large = plan_samples(find_network(name), 100_000, tmp_path, None)[1]
    assert len({job.name for job in large}) == len(large)
    assert 100_000 <= sum(job.samples for job in large) <= 125_000


def test_frames_and_people_are_what_their_stores_read(tmp_path: Path) -> None:
    for name, count, open_it in (("face_finder", 2, CrowdStore), ("face_verifier", 12, People)):
        folder, jobs = plan_samples(find_network(name), count, tmp_path, None)
        folder.mkdir()
        path = jobs[0].function(*jobs[0].arguments)
        assert path.name == jobs[0].name
        assert len(open_it(folder)) == jobs[0].samples >= count


def test_faces_come_with_clutter_and_with_people_to_hold_out(tmp_path: Path) -> None:
    folder, jobs = plan_samples(find_network("gray_to_depth"), 3, tmp_path, None)
    folder.mkdir()
    assert [job.samples for job in jobs] == [3, 1]
    for job in jobs:
        assert job.function(*job.arguments).name == job.name
    store = FaceStore(folder)
    assert len(store.train_clutter) == 1
    assert set(store.identity[store.held_out_faces] % VALIDATION_MODULUS) == {0}
    assert len(store.train_faces) == 2


def test_another_face_model_gets_another_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"two")
    assert len({fingerprint(None), fingerprint(tmp_path / "a"), fingerprint(tmp_path / "b")}) == 3
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "a")


def test_without_the_face_model_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FACE_MODEL, raising=False)
    with pytest.raises(RenderAheadError, match=f"face model is needed.*{FACE_MODEL}.*--faces"):
        face_model()
