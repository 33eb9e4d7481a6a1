"""Samples rendered in batches with torch: the truth of single ones to the bit, the pictures within rounding."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training.faces import render
from training.faces.batch_render import photograph
from training.faces.sample import FaceSample
from training.faces.shards import ShardSet
from training.faces.studio import draw_clutter, draw_face, stage_clutter, stage_face

PICTURES = ("color", "nir", "thermal", "depth_sensor")
CHANGED = 0.02
"""At most this share of a picture's pixels is turned by rounding into another number, ..."""
STEPS = 8
"""... and by no more than this: compression carries a difference to its neighbors."""


def _assert_alike(found: FaceSample, expected: FaceSample) -> None:
    for field in fields(FaceSample):
        one, other = np.asarray(getattr(found, field.name)), np.asarray(getattr(expected, field.name))
        if field.name in PICTURES:
            off = np.abs(one.astype(int) - other.astype(int))
            assert off.max() <= STEPS, field.name
            assert (off > 0).mean() <= CHANGED, field.name
        else:
            assert one.tobytes() == other.tobytes(), field.name


def test_samples_of_a_batch_are_those_drawn_alone(mesh_rig) -> None:
    shots = [stage_face(mesh_rig, seed, seed) for seed in range(6)]
    shots += [stage_clutter(mesh_rig, seed, -1 - seed) for seed in range(3)]
    alone = [draw_face(mesh_rig, seed, seed) for seed in range(6)]
    alone += [draw_clutter(mesh_rig, seed, -1 - seed) for seed in range(3)]
    for found, expected in zip(photograph(shots), alone, strict=True):
        _assert_alike(found, expected)


def test_a_gpu_that_is_not_there_is_explained(tmp_path, capsys) -> None:
    if torch.cuda.device_count() > 99:
        pytest.skip("there is a GPU of that number")
    assert render.main(["--mesh", "--count", "1", "--out", str(tmp_path), "--device", "cuda:99"]) == 1
    assert "--device cpu" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.gpu
def test_a_gpu_renders_shards(tmp_path) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no NVIDIA GPU that torch can use")
    for device in ("cpu", "cuda"):
        arguments = ["--mesh", "--count", "4", "--background-count", "2", "--out", str(tmp_path / device)]
        assert render.main([*arguments, "--device", device]) == 0
    one, other = (ShardSet(tmp_path / device) for device in ("cuda", "cpu"))
    for index in range(len(other)):
        _assert_alike(one.read(index), other.read(index))
