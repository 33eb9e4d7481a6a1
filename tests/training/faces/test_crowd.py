"""Whole frames with people: seeded, true to their truth, and rendered into shards by a command."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from training.faces import crowd_render
from training.faces.crowd import Cast, draw_cast, draw_crowd
from training.faces.crowd_sample import COLUMN, FACE_MM, HEIGHT, LAYOUT, WIDTH, CrowdSample
from training.faces.crowd_shards import HELD_OUT_EVERY, CrowdStore, shard_name, write_crowd_shard
from training.faces.cutout import SHOTS, draw_cutout, scaled
from training.faces.scene import Rig
from training.faces.shards import ShardError


@pytest.fixture(scope="module")
def cast(mesh_rig: Rig) -> Cast:
    return draw_cast(mesh_rig, np.random.default_rng(3), 100, 3, 2)


@pytest.fixture(scope="module")
def frames(cast: Cast) -> list[CrowdSample]:
    return [draw_crowd(cast, np.random.default_rng([5, i]), i) for i in range(30)]


def people(frame: CrowdSample) -> np.ndarray:
    return frame.heads[np.isfinite(frame.heads[:, 0])]


def test_the_same_seed_gives_the_same_frame(mesh_rig: Rig) -> None:
    def once() -> CrowdSample:
        cast = draw_cast(mesh_rig, np.random.default_rng(8), 7, 2, 1)
        return draw_crowd(cast, np.random.default_rng([8, 1]), 0)

    first, second = once(), once()
    for field in LAYOUT:
        np.testing.assert_array_equal(getattr(first, field), getattr(second, field))


def test_every_field_has_the_shape_and_type_of_the_layout(frames: list[CrowdSample]) -> None:
    for frame in frames:
        for field, (shape, dtype) in LAYOUT.items():
            value = np.asarray(getattr(frame, field))
            assert (value.shape, value.dtype) == (shape, dtype), field


def test_frames_hold_nobody_somebody_and_several(frames: list[CrowdSample]) -> None:
    counts = {len(people(frame)) for frame in frames}
    assert {0, 1, 2} <= counts
    assert max(counts) <= len(frames[0].heads)


def test_the_square_lies_where_the_person_is(frames: list[CrowdSample]) -> None:
    """In the middle half of the square of somebody who is seen whole, there is that person."""
    checked = 0
    for frame in frames:
        for row, head in enumerate(frame.heads):
            if not np.isfinite(head[0]) or head[COLUMN["visible"]] < 0.95 or head[COLUMN["side"]] < 14:
                continue
            x, y, side = (head[COLUMN[name]] for name in ("box_x", "box_y", "side"))
            if not (side / 2 < x < WIDTH - side / 2 and side / 2 < y < HEIGHT - side / 2):
                continue
            quarter = side / 4
            inside = np.s_[round(y - quarter) : round(y + quarter), round(x - quarter) : round(x + quarter)]
            assert (frame.owner[inside] == row + 1).mean() > 0.75
            depth = frame.depth_mm[inside]
            if head[COLUMN["in_depth"]] > 0.9 and side > 20:
                assert abs(np.median(depth[depth > 0]) - head[COLUMN["distance_mm"]]) < 130
            checked += 1
    assert checked >= 8


def test_nearer_people_have_larger_squares_and_hide_the_farther(frames: list[CrowdSample]) -> None:
    for frame in frames:
        known = people(frame)
        assert (np.diff(known[:, COLUMN["side"]]) >= -0.05 * known[1:, COLUMN["side"]]).all()
        assert (np.diff(known[:, COLUMN["distance_mm"]]) <= 0).all()


def test_a_cutout_keeps_its_truth_when_it_is_shrunk_and_mirrored(mesh_rig: Rig) -> None:
    shot = SHOTS[0][0]
    whole = draw_cutout(mesh_rig, np.random.default_rng(2), shot, 4, 22.0)
    assert whole.side == pytest.approx(shot.face_px)
    small = scaled(whole, whole.side / 2, mirrored=False)
    assert small.center[0] == pytest.approx((whole.center[0] + 0.5) / 2 - 0.5, abs=0.05)
    turned = scaled(whole, whole.side, mirrored=True)
    assert turned.center[0] == pytest.approx(shot.width - 1 - whole.center[0])
    assert turned.pose_deg == (-whole.pose_deg[0], whole.pose_deg[1], -whole.pose_deg[2])
    np.testing.assert_allclose(turned.planes, whole.planes[:, ::-1], atol=1e-5)
    cover = whole.planes[..., 8] > 0.5
    height_mm = np.ptp(np.flatnonzero(cover.any(axis=1))) / whole.side * FACE_MM
    assert height_mm > 900, "arms, hips and legs are there, not a bust"


def digest(folder: Path) -> str:
    sums = hashlib.sha256()
    for path in sorted(folder.rglob("*.npy")):
        sums.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return sums.hexdigest()


def test_the_command_goes_on_where_it_stopped_and_workers_change_nothing(tmp_path: Path, capsys) -> None:
    arguments = ["--mesh", "--shards", "2", "--frames", "2", "--seed", "5"]
    assert crowd_render.main(["--out", str(tmp_path / "one"), *arguments]) == 0
    assert "2/2 shards" in capsys.readouterr().err
    assert crowd_render.main(["--out", str(tmp_path / "one"), *arguments]) == 0
    assert capsys.readouterr().err == ""
    number = crowd_render.render_crowd_shard(tmp_path / "other", 1, 5, None, 2)
    assert digest(number) == digest(tmp_path / "one" / number.name)
    assert len(CrowdStore(tmp_path / "one")) == 4


def test_a_missing_face_model_is_explained(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.delenv("TAPETUM_FACE_MODEL", raising=False)
    assert crowd_render.main(["--out", str(tmp_path), "--shards", "1"]) == 1
    assert "--face-model" in capsys.readouterr().err


def test_a_store_picks_up_new_shards_and_holds_some_out(frames: list[CrowdSample], tmp_path: Path) -> None:
    write_crowd_shard(tmp_path, shard_name(1, 0), frames[:2])
    store = CrowdStore(tmp_path)
    assert store.train_faces.tolist() == [0, 1]
    assert not len(store.held_out_faces)
    write_crowd_shard(tmp_path, shard_name(1, HELD_OUT_EVERY - 1), frames[2:5])
    (tmp_path / (shard_name(1, 2) + ".tmp")).mkdir()
    assert store.refresh() == 3
    assert store.held_out_faces.tolist() == [2, 3, 4]
    np.testing.assert_array_equal(store.read(3).gray, frames[3].gray)
    with pytest.raises(IndexError):
        store.get("gray", 5)


def test_a_damaged_or_double_shard_is_refused(frames: list[CrowdSample], tmp_path: Path) -> None:
    path = write_crowd_shard(tmp_path, shard_name(1, 0), frames[:1])
    with pytest.raises(ShardError, match="exists already"):
        write_crowd_shard(tmp_path, shard_name(1, 0), frames[:1])
    with pytest.raises(ShardError, match="no samples"):
        write_crowd_shard(tmp_path, shard_name(1, 1), [])
    (path / "gray.npy").write_bytes(b"torn")
    with pytest.raises(ShardError, match="can't be read"):
        CrowdStore(tmp_path)
    with pytest.raises(ShardError, match="crowd_render"):
        CrowdStore(tmp_path / "nowhere")
