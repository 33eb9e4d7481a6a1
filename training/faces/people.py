"""Depth views of many people, each seen many times: ``python -m training.faces.people --out SAMPLES --people N``.

What face_verifier learns from. Only shape is drawn, no light: a hundred times as many views a person as the samples of
`render.py` in the same time. Sensors, holes and clutter come on top when a view is read for training.

Layout, beside the shards of `render.py` in the same folder::

    SAMPLES/people-00000/     one shard: views of some people
      depth.npy               (n, SIZE, SIZE) uint16 mm without noise, 0 = nothing
      echo.npy                (n, SIZE, SIZE) uint8, near-infrared reflectance times the cosine of incidence, of 255
      worn.npy                (n, SIZE, SIZE) uint8, 1 where glass or a hand lies before the face
      person.npy              (n,) int32 who it is
      surface_mm.npy          (n,) float32 distance at which the picture is REGION_MM wide
      pose_deg.npy            (n, 3) float32 yaw, pitch, roll

A person's number is that of `draw_identity`; those divisible by VALIDATION_MODULUS are held out, as everywhere.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.faces.expression import draw_expression
from training.faces.identity import Identity, draw_identity
from training.faces.light import see
from training.faces.materials import NIR, Material
from training.faces.mesh import head_like_mesh
from training.faces.model import FaceModelError, find_face_model, load_face_model
from training.faces.pose import rotation_from_pose
from training.faces.sample import REGION_MM, SIZE
from training.faces.scene import Figure, Outfit, Rig, moved

PEOPLE_PER_SHARD = 50
LOOKS = 3
"""Expressions and outfits a person is drawn with; the views are shared among them."""
FRONT_OF_CENTER_MM = 95.0
"""The face's surface lies so much before the head's center."""
FIELDS: dict[str, tuple[tuple[int, ...], np.dtype]] = {
    "depth": ((SIZE, SIZE), np.dtype(np.uint16)),
    "echo": ((SIZE, SIZE), np.dtype(np.uint8)),
    "worn": ((SIZE, SIZE), np.dtype(np.uint8)),
    "person": ((), np.dtype(np.int32)),
    "surface_mm": ((), np.dtype(np.float32)),
    "pose_deg": ((3,), np.dtype(np.float32)),
}


class PeopleError(Exception):
    """A shard of people is damaged; the message names the file and what to do."""


@dataclass(frozen=True)
class DepthView:
    """One person from one side; the fields are those of the files above."""

    depth: NDArray[np.uint16]
    echo: NDArray[np.uint8]
    worn: NDArray[np.uint8]
    person: int
    surface_mm: float
    pose_deg: tuple[float, float, float]


def draw_views(rig: Rig, number: int, count: int) -> list[DepthView]:
    """Draw `count` views of person `number` (>= 0). The same arguments give the same bytes."""
    person = draw_identity(number, len(rig.model.identity_modes))
    rng = np.random.default_rng([number, 21])
    looks = min(LOOKS, count)
    views: list[DepthView] = []
    for look in range(looks):
        surface_mm = float(rng.uniform(600, 1600))
        center = np.array([0.0, 0.0, surface_mm + FRONT_OF_CENTER_MM], np.float32)
        outfit = _draw_outfit(person, rng)
        seed = int(rng.integers(1 << 31))
        figure = rig.pose_person(person, draw_expression(rng), outfit, (0.0, 0.0, 0.0), center, 22.0, seed)
        for _ in range(count // looks + (look < count % looks)):
            pose = _draw_pose(rng)
            rotation = rotation_from_pose(*pose)
            turned = moved(figure, rotation, center - rotation @ center)
            views.append(_photograph(turned, number, surface_mm, pose))
    return views


def _draw_pose(rng: np.random.Generator) -> tuple[float, float, float]:
    yaw = rng.normal(0, 34) if rng.random() < 0.6 else rng.normal(0, 8)
    return (
        float(np.clip(yaw, -80, 80)),
        float(np.clip(rng.normal(-2, 16), -42, 42)),
        float(np.clip(rng.normal(0, 8), -30, 30)),
    )


def _draw_outfit(person: Identity, rng: np.random.Generator) -> Outfit:
    return Outfit(
        glasses=bool(rng.random() < (0.85 if person.owns_glasses else 0.03)),
        hat=bool(rng.random() < 0.04),
        hands=int(rng.random() < 0.03),
    )


def _photograph(figure: Figure, number: int, surface_mm: float, pose: tuple[float, float, float]) -> DepthView:
    focal = SIZE / REGION_MM * surface_mm
    middle = (SIZE - 1) / 2
    intrinsics = np.array([focal, focal, middle, middle], np.float32)
    seen = see(figure, intrinsics, SIZE, SIZE)
    hit = seen.nearest >= 0
    triangle = figure.triangles[np.maximum(seen.nearest, 0), 0]
    normal, point = figure.normals[triangle], figure.points[triangle]
    cosine = -(normal * point).sum(axis=-1) / np.maximum(np.linalg.norm(point, axis=-1), 1.0)
    echo = np.clip(figure.attributes[triangle, NIR] * np.clip(cosine, 0.05, 1), 0, 1)
    hand = figure.material[np.maximum(seen.nearest, 0)] == Material.HAND
    return DepthView(
        depth=np.where(hit, np.clip(np.round(seen.depth_mm), 0, 65535), 0).astype(np.uint16),
        echo=np.where(hit, np.round(255 * echo), 0).astype(np.uint8),
        worn=((seen.glass | hand) & hit).astype(np.uint8),
        person=number,
        surface_mm=surface_mm,
        pose_deg=pose,
    )


def write_people(folder: Path, name: str, views: list[DepthView]) -> Path:
    """Write a shard: a temporary folder first, then renamed. A shard that is there is never touched."""
    final, temporary = folder / name, folder / f"{name}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for field, (_, dtype) in FIELDS.items():
        np.save(temporary / f"{field}.npy", np.stack([np.asarray(getattr(view, field), dtype) for view in views]))
    return temporary.rename(final)


class People:
    """All finished shards of people in a folder; `refresh()` picks up what was drawn since.

    Raises:
        PeopleError: a shard is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shards: list[dict[str, NDArray]] = []
        self._known: set[str] = set()
        self.refresh()

    def refresh(self) -> int:
        """Look for new shards; returns how many views were added."""
        before = len(self.person) if self._shards else 0
        for path in sorted(self.folder.glob("people-*")):
            if path.is_dir() and path.suffix != ".tmp" and path.name not in self._known:
                self._shards.append(_open(path))
                self._known.add(path.name)
        sizes = [len(shard["person"]) for shard in self._shards]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.person: NDArray[np.int32] = self._column("person")
        self.pose_deg: NDArray[np.float32] = self._column("pose_deg")
        return len(self.person) - before

    def __len__(self) -> int:
        """Number of views."""
        return len(self.person)

    def view(self, index: int) -> DepthView:
        """View `index` (0 <= index < len), its pictures as memory maps."""
        shard = int(np.searchsorted(self._starts, index, side="right")) - 1
        row = index - int(self._starts[shard])
        arrays = self._shards[shard]
        yaw, pitch, roll = (float(v) for v in arrays["pose_deg"][row])
        return DepthView(
            depth=arrays["depth"][row],
            echo=arrays["echo"][row],
            worn=arrays["worn"][row],
            person=int(arrays["person"][row]),
            surface_mm=float(arrays["surface_mm"][row]),
            pose_deg=(yaw, pitch, roll),
        )

    def _column(self, name: str) -> NDArray:
        shape, dtype = FIELDS[name]
        parts = [np.asarray(shard[name]) for shard in self._shards]
        return np.concatenate(parts) if parts else np.zeros((0, *shape), dtype)


def _open(path: Path) -> dict[str, NDArray]:
    arrays: dict[str, NDArray] = {}
    for field, (shape, dtype) in FIELDS.items():
        file = path / f"{field}.npy"
        try:
            array = np.load(file, mmap_mode="r")
        except (OSError, ValueError) as error:
            raise PeopleError(f"{file} can't be read ({error}); delete the shard and draw it again") from error
        if array.shape[1:] != shape or array.dtype != dtype:
            raise PeopleError(f"{file} holds {array.dtype} {array.shape[1:]}, not {dtype} {shape}; draw it again")
        arrays[field] = array
    if len({len(array) for array in arrays.values()}) != 1:
        raise PeopleError(f"the files in {path} differ in length; delete the shard and draw it again")
    return arrays


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code. A run that was stopped goes on where it stopped."""
    parser = argparse.ArgumentParser(prog="python -m training.faces.people", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the shards")
    parser.add_argument("--people", type=int, default=3000, help="number of different people")
    parser.add_argument("--views", type=int, default=12, help="views of each")
    parser.add_argument("--first", type=int, default=1_000_000, help="number of the first person")
    parser.add_argument(
        "--face-model", help="ICT-FaceKit folder or its packed file (default: environment TAPETUM_FACE_MODEL)"
    )
    parser.add_argument("--mesh", action="store_true", help="use the small mesh made in code, to try things out")
    options = parser.parse_args(arguments)
    try:
        rig = Rig(head_like_mesh() if options.mesh else load_face_model(find_face_model(options.face_model)))
        options.out.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        for start in range(options.first, options.first + options.people, PEOPLE_PER_SHARD):
            name = f"people-{start:08d}"
            if (options.out / name).exists():
                continue
            numbers = range(start, min(start + PEOPLE_PER_SHARD, options.first + options.people))
            write_people(options.out, name, [v for n in numbers for v in draw_views(rig, n, options.views)])
            print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)  # noqa: T201 - progress of a command
    except (FaceModelError, OSError) as error:
        print(f"people: {error}", file=sys.stderr)  # noqa: T201 - the command's error message
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
