"""The free face model: a template head with identity and expression modes.

The packed ICT-FaceKit file (MIT licence) holds the modes as int8 with one scale per mode and axis. Coordinates are
the model's own: centimetres, x towards the person's left, y up, z out of the face. `scene.py` turns them into the head
frame (mm, y down, z away from the camera).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.folders import cache_folder

ENVIRONMENT_VARIABLE = "TAPETUM_FACE_MODEL"

SKIN_PARTS = ("face", "headneck")
DROPPED_PARTS = ("lash",)
"""Lashes are opaque sheets in the model and render as thick eyeliner."""


class FaceModelError(Exception):
    """The face model is missing or damaged; the message says where it was looked for and how to get it."""


@dataclass(frozen=True, eq=False)
class FaceModel:
    """Template, modes and landmarks of a head. Lengths in cm, x to the person's left, y up, z out of the face."""

    name: str
    vertices: NDArray[np.float32]
    """(N, 3) the neutral mean head."""
    triangles: NDArray[np.int32]
    """(M, 3) vertex numbers."""
    part: NDArray[np.int8]
    """(N,) index into `part_names`."""
    part_names: tuple[str, ...]
    landmarks: NDArray[np.int32]
    """(68,) vertex numbers in iBUG order."""
    identity_modes: NDArray[np.float32]
    """(I, N * 3) displacement for one standard deviation."""
    expression_modes: NDArray[np.float32]
    """(E, N * 3) displacement for a weight of 1."""
    expression_names: tuple[str, ...]

    def in_part(self, *names: str) -> NDArray[np.bool_]:
        """Return (N,) whether each vertex belongs to one of the named parts (unknown names match nothing)."""
        wanted = [i for i, name in enumerate(self.part_names) if name in names]
        return np.isin(self.part, wanted)

    def shape(self, identity: NDArray[np.float32], expression: dict[str, float]) -> NDArray[np.float32]:
        """Return (N, 3) vertices for identity coefficients (<= I,) and named expression weights (0..1).

        Names that the model does not have are ignored, so that one list of expressions serves every model.
        """
        flat = self.vertices.reshape(-1) + identity @ self.identity_modes[: len(identity)]
        for name, weight in expression.items():
            if weight and name in self.expression_names:
                flat = flat + np.float32(weight) * self.expression_modes[self.expression_names.index(name)]
        return flat.reshape(-1, 3).astype(np.float32, copy=False)


def find_face_model(path: str | Path | None = None) -> Path:
    """Return the path of the packed model: `path`, else the environment variable TAPETUM_FACE_MODEL.

    Where that is the original ICT-FaceKit folder, it is packed once into the user's cache (training.faces.ict_folder).

    Raises:
        FaceModelError: neither names a model, or the folder cannot be read or packed.
    """
    candidate = path or os.environ.get(ENVIRONMENT_VARIABLE)
    if candidate and Path(candidate).is_file():
        return Path(candidate)
    if candidate and Path(candidate).is_dir():
        from training.faces.ict_folder import packed  # it imports this module

        try:
            return packed(Path(candidate), cache_folder() / "face-model")
        except OSError as error:
            raise FaceModelError(
                f"{candidate} could not be packed into the cache ({error}); pack it with python -m "
                "training.faces.ict_folder, or name another cache with TAPETUM_CACHE"
            ) from error
    raise FaceModelError(
        f"no face model at {candidate or 'any given path'}; name the ICT-FaceKit folder (clone "
        "https://github.com/ICT-VGL/ICT-FaceKit) or the file packed from it (ictface.npz) with --face-model or the "
        f"environment variable {ENVIRONMENT_VARIABLE}"
    )


@lru_cache(maxsize=2)
def load_face_model(path: Path) -> FaceModel:
    """Read the packed ICT-FaceKit file, or the original folder.

    Raises:
        FaceModelError: it is no such archive, and no such folder.
    """
    if path.is_dir():
        path = find_face_model(path)
    try:
        with np.load(path) as archive:
            part_names = tuple(str(name) for name in archive["part_names"])
            part = archive["part"]
            triangles = archive["tri"].astype(np.int32)
            dropped = np.isin(part, [part_names.index(name) for name in DROPPED_PARTS])
            dropped |= archive["iris"]  # the inner eye layer lies behind an opaque cornea; the outer one is drawn
            return FaceModel(
                name="ict-facekit",
                vertices=archive["v"].astype(np.float32),
                triangles=np.ascontiguousarray(triangles[~dropped[triangles].any(axis=1)]),
                part=part,
                part_names=part_names,
                landmarks=archive["lm68"].astype(np.int32),
                identity_modes=_unpack(archive["id_q"], archive["id_scale"]),
                expression_modes=_unpack(archive["ex_q"], archive["ex_scale"]),
                expression_names=tuple(str(name) for name in archive["expr_names"]),
            )
    except (OSError, ValueError, KeyError) as error:
        raise FaceModelError(f"{path} is no packed face model ({error}); fetch it again") from error


def _unpack(quantised: NDArray[np.int8], scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """(K, 3, N) int8 and (K, 3) scales -> (K, N * 3) float32."""
    modes = quantised.astype(np.float32) * scale[:, :, None]
    return np.ascontiguousarray(modes.transpose(0, 2, 1).reshape(len(modes), -1))
