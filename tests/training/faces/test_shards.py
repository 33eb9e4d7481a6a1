"""Shards: what is written comes back, unfinished shards are not read, damage is named."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from training.faces.sample import LAYOUT, SIZE, FaceSample, Tag
from training.faces.shards import ShardError, ShardSet, write_shard


def _sample(number: int) -> FaceSample:
    rng = np.random.default_rng(number)
    values = {}
    for name, (shape, dtype) in LAYOUT.items():
        values[name] = np.asarray(rng.integers(0, 2 if dtype.kind == "b" else 100, shape), dtype)[()]
    return FaceSample(**values)


def _same(a: FaceSample, b: FaceSample) -> bool:
    return all(
        np.array_equal(getattr(a, f.name), getattr(b, f.name)) and getattr(a, f.name).dtype == getattr(b, f.name).dtype
        for f in fields(FaceSample)
    )


def test_samples_come_back_byte_for_byte(tmp_path) -> None:
    samples = [_sample(i) for i in range(3)]
    write_shard(tmp_path, "faces-00000", samples)
    shards = ShardSet(tmp_path)
    assert len(shards) == 3
    assert all(_same(shards.read(i), samples[i]) for i in range(3))
    assert shards.arrays("color")[0].shape == (3, SIZE, SIZE, 3)
    assert list(shards.column("identity")) == [sample.identity for sample in samples]


def test_refresh_finds_new_shards_and_keeps_the_indices(tmp_path) -> None:
    first, second = [_sample(1)], [_sample(2), _sample(3)]
    write_shard(tmp_path, "faces-00005", first)
    shards = ShardSet(tmp_path)
    write_shard(tmp_path, "clutter-00000", second)  # sorts before the first
    assert shards.refresh() == 2
    assert _same(shards.read(0), first[0])
    assert _same(shards.read(2), second[1])
    assert shards.refresh() == 0


def test_a_shard_being_written_is_not_read(tmp_path) -> None:
    (tmp_path / "faces-00000.tmp").mkdir()
    np.save(tmp_path / "faces-00000.tmp" / "seed.npy", np.zeros(4, np.int64))
    assert len(ShardSet(tmp_path)) == 0


def test_a_finished_shard_is_never_overwritten(tmp_path) -> None:
    write_shard(tmp_path, "faces-00000", [_sample(1)])
    with pytest.raises(ShardError, match="exists already"):
        write_shard(tmp_path, "faces-00000", [_sample(2)])


def test_a_torn_file_is_named(tmp_path) -> None:
    path = write_shard(tmp_path, "faces-00000", [_sample(1)])
    data = (path / "nir.npy").read_bytes()
    (path / "nir.npy").write_bytes(data[: len(data) // 2])
    with pytest.raises(ShardError, match=r"nir\.npy"):
        ShardSet(tmp_path)


def test_a_missing_folder_says_how_to_render(tmp_path) -> None:
    with pytest.raises(ShardError, match=r"training\.faces\.render"):
        ShardSet(tmp_path / "nowhere")


def test_a_sample_of_another_shape_is_refused(tmp_path) -> None:
    with pytest.raises(ShardError, match="nir"):
        write_shard(tmp_path, "faces-00000", [replace(_sample(1), nir=np.zeros((3, 3), np.uint8))])


def test_an_index_outside_is_refused(tmp_path) -> None:
    write_shard(tmp_path, "faces-00000", [_sample(1)])
    with pytest.raises(IndexError, match="sample 1 of 1"):
        ShardSet(tmp_path).read(1)


def test_identities_divisible_by_ten_are_held_out() -> None:
    sample = _sample(1)
    assert replace(sample, identity=np.int32(120)).for_validation
    assert replace(sample, identity=np.int32(-20)).for_validation
    assert not replace(sample, identity=np.int32(121)).for_validation
    assert not replace(sample, tags=np.uint32(Tag.FACELESS | Tag.NIGHT)).has_head
