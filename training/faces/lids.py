"""Eyes stay behind their lids.

The model mixes shapes linearly: with some identities a closing lid would pass through the cornea, which bulges, and
the pupil of a closed eye would be seen on the lid. What of an eyeball lies before the skin in front of it is pushed
back behind that skin; what shows in the opening between the lids stays as it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.faces.model import FaceModel
from training.faces.rasterizer import rasterize

STEP_CM = 0.04
"""Width of a cell of the map of the skin about the eyes."""
REACH_CM = (6.0, 3.0)
"""Half the width and height of that map, about the middle between the eyes."""
BEHIND_CM = 0.03
"""So far behind the skin a point is put that lay before it."""
DEEPEST_CM = 1.0
"""What lies farther before the skin that is seen there does not pass through a lid: it is seen beside it."""
AWAY_CM = 50.0


class Lids:
    """Pushes eyeballs back behind the lids of a face model."""

    def __init__(self, model: FaceModel) -> None:
        self._eyes = np.flatnonzero(model.in_part("eyeL", "eyeR"))
        self._middle_cm = float(model.vertices[model.landmarks[36:48], 1].mean()) if len(self._eyes) else 0.0
        x, y, z = model.vertices.T
        near = (np.abs(y - self._middle_cm) < REACH_CM[1]) & (np.abs(x) < REACH_CM[0]) & (z > 3.0)
        near &= model.in_part("face")
        self._skin = np.ascontiguousarray(model.triangles[near[model.triangles].all(axis=1)])

    def over(self, vertices: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return vertices (N, 3) of the head (model coordinates, cm) with the eyeballs behind the lids.

        Where nothing passes through a lid, the same array.
        """
        if not len(self._eyes) or not len(self._skin):
            return vertices
        eyes = vertices[self._eyes]
        across, down = (round(2 * reach / STEP_CM) for reach in REACH_CM)
        flat = np.empty_like(vertices)
        flat[:, 0] = (vertices[:, 0] + REACH_CM[0]) / STEP_CM
        flat[:, 1] = (self._middle_cm + REACH_CM[1] - vertices[:, 1]) / STEP_CM
        flat[:, 2] = AWAY_CM - vertices[:, 2]
        depth, _ = rasterize(flat, self._skin, down, across)
        columns = np.clip(np.rint(flat[self._eyes, 0]).astype(int), 0, across - 1)
        rows = np.clip(np.rint(flat[self._eyes, 1]).astype(int), 0, down - 1)
        skin_cm = AWAY_CM - depth[rows, columns]  # -inf where there is none
        ahead = eyes[:, 2] - skin_cm
        through = (ahead > 0) & (ahead < DEEPEST_CM)
        if not through.any():
            return vertices
        moved = vertices.copy()
        moved[self._eyes[through], 2] = skin_cm[through] - np.float32(BEHIND_CM)
        return moved
