"""Which kind of rendered samples a network learns from."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from training.faces.crowd_shards import CrowdStore
from training.faces.eye_shards import EyeStore
from training.faces.shards import ShardError
from training.feed import FaceStore
from training.networks.registry import NetworkSpec
from training.sample_kinds import learnt_from, render_command


def open_store(spec: NetworkSpec, faces: Path) -> FaceStore:
    """The samples in `faces` for this network: whole frames for the finder, eyes for eye_state, faces for all others.

    Raises:
        ShardError: `faces` is no folder of samples, or a shard in it is damaged.
    """
    if not faces.is_dir():
        raise ShardError(f"{faces} is no folder; render {learnt_from(spec).what} first: {render_command(spec, faces)}")
    if spec.name == "face_finder":
        return cast(FaceStore, CrowdStore(faces))  # it has all that the trainer and the feed ask of a store
    if spec.name == "eye_state":
        return cast(FaceStore, EyeStore(faces))
    return FaceStore(faces)
