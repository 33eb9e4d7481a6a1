"""The original ICT-FaceKit folder, read as it is published and packed into the one file that the rig renders from.

The folder `FaceXModel` of https://github.com/ICT-VGL/ICT-FaceKit (MIT licence) holds OBJ files of one topology of
26,719 vertices: `generic_neutral_mesh.obj`, `identity000.obj` and so on (one standard deviation of a mode each), and
one file an expression (at its full weight). A mode is a file's vertices less the neutral ones. Which vertices are what,
and which are landmarks, stands in that repository's README. Earlier revisions number their vertices otherwise, and are
refused.

    python -m training.faces.ict_folder ICT-FaceKit --out ictface.npz
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.faces.model import FaceModelError

NEUTRAL = "generic_neutral_mesh.obj"
FOLDER = "FaceXModel"
VERTICES = 26_719

PARTS = (
    ("face", ((0, 9_409),)),
    ("headneck", ((9_409, 11_248),)),
    ("mouthsocket", ((11_248, 13_294),)),
    ("eyesockL", ((13_294, 13_678),)),
    ("eyesockR", ((13_678, 14_062),)),
    ("teeth", ((17_607, 18_679), (19_814, 20_884))),
    ("eyeL", ((21_451, 23_021),)),
    ("eyeR", ((23_021, 24_591),)),
    ("lash", ((25_351, 26_719),)),
)
"""What is kept, as ranges of vertices: of the teeth those between the second bicuspids, which an open mouth shows.
Gums, tongue, tear fluid and the sheets that shade eyes in other renderers are left out."""
IRIS = ((22_221, 23_021), (23_791, 24_591))

# The formatter would put each number on a line of its own.
# fmt: off
LANDMARKS = (
    1225, 1888, 1052, 367, 1719, 1722, 2199, 1447, 966, 3661, 4390, 3927, 3924, 2608, 3272, 4088, 3443, 268, 493, 1914,
    2044, 1401, 3615, 4240, 4114, 2734, 2509, 978, 4527, 4942, 4857, 1140, 2075, 1147, 4269, 3360, 1507, 1542, 1537,
    1528, 1518, 1511, 3742, 3751, 3756, 3721, 3725, 3732, 5708, 5695, 2081, 0, 4275, 6200, 6213, 6346, 6461, 5518, 5957,
    5841, 5702, 5711, 5533, 6216, 6207, 6470, 5517, 5966,
)
# fmt: on
"""Vertices of the 68 points, in iBUG order."""
LIP_TOP = (0.0, -2.48251, 11.8387)
"""Where vertex 0 lies, in cm: the middle of the upper lip's edge. In earlier revisions it is another one."""

_IDENTITY = "identity"


def _folder(path: Path) -> Path:
    """The folder with the files: `path`, or the one in it where `path` is the repository."""
    return path if (path / NEUTRAL).is_file() else path / FOLDER


def pack_folder(path: Path) -> dict[str, NDArray]:
    """Read the original folder (or the repository round it) into the arrays of the packed file.

    Returns v (N, 3) float32 in cm, tri (M, 3) int32, part (N,) int8, part_names, iris (N,) bool, lm68 (68,) int32,
    id_q (I, 3, N) and ex_q (E, 3, N) int8 with id_scale (I, 3) and ex_scale (E, 3) float32, expr_names (E,), as
    training.faces.model reads them.

    Raises:
        FaceModelError: files are missing or damaged, or it is another revision of the model.
    """
    folder = _folder(path)
    if not (folder / NEUTRAL).is_file():
        raise FaceModelError(
            f"{path} is no ICT-FaceKit folder: there is no {NEUTRAL} in it nor in its {FOLDER}; "
            "clone https://github.com/ICT-VGL/ICT-FaceKit and name that folder"
        )
    neutral = _vertices(folder / NEUTRAL)
    if not np.allclose(neutral[0], LIP_TOP, atol=0.01):
        raise FaceModelError(
            f"{folder / NEUTRAL} numbers its vertices otherwise (the first lies at {neutral[0].round(2).tolist()} cm "
            f"in place of {list(LIP_TOP)}); take a newer revision of ICT-FaceKit"
        )
    kept = np.concatenate([np.arange(*span) for _, spans in PARTS for span in spans])
    number = np.full(VERTICES, -1, np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    triangles = number[_triangles(folder / NEUTRAL)]
    identities = _identities(folder)
    expressions = sorted(
        file for file in folder.glob("*.obj") if file.name != NEUTRAL and not file.name.startswith(_IDENTITY)
    )
    if not expressions:
        raise FaceModelError(f"{folder} has no expressions (browDown_L.obj and others): the copy is not whole")
    id_q, id_scale = _quantised([_vertices(file)[kept] - neutral[kept] for file in identities])
    ex_q, ex_scale = _quantised([_vertices(file)[kept] - neutral[kept] for file in expressions])
    iris = np.zeros(VERTICES, bool)
    for first, end in IRIS:
        iris[first:end] = True
    return {
        "v": neutral[kept].astype(np.float32),
        "tri": triangles[(triangles >= 0).all(axis=1)],
        "part": np.repeat(np.arange(len(PARTS)), [sum(b - a for a, b in spans) for _, spans in PARTS]).astype(np.int8),
        "part_names": np.array([name for name, _ in PARTS]),
        "iris": iris[kept],
        "lm68": number[list(LANDMARKS)],
        "id_q": id_q,
        "id_scale": id_scale,
        "ex_q": ex_q,
        "ex_scale": ex_scale,
        "expr_names": np.array([file.stem for file in expressions]),
    }


def packed(path: Path, cache: Path) -> Path:
    """The packed file of an original folder: the one in `cache`, made there when it is missing (some ten seconds).

    Raises:
        FaceModelError: as `pack_folder`.
        OSError: the cache cannot be written.
    """
    folder = _folder(path).resolve()
    told = hashlib.sha256()
    for file in sorted(folder.glob("*.obj")):
        about = file.stat()
        told.update(f"{file.name} {about.st_size} {about.st_mtime_ns}\n".encode())
    out = cache / f"ict-facekit-{told.hexdigest()[:16]}.npz"
    if not out.is_file():
        print(f"packing {folder} into {out}", file=sys.stderr)  # noqa: T201 - it takes some seconds, once
        write(pack_folder(folder), out)
    return out


def write(arrays: dict[str, NDArray], out: Path) -> None:
    """Write the packed file; it appears whole or not at all. Raises OSError."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        with part.open("wb") as file:
            np.savez_compressed(file, **arrays)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _identities(folder: Path) -> list[Path]:
    files = sorted(folder.glob(f"{_IDENTITY}*.obj"))
    expected = [f"{_IDENTITY}{number:03d}.obj" for number in range(max(len(files), 1))]
    if [file.name for file in files] != expected:
        missing = sorted(set(expected) - {file.name for file in files})
        raise FaceModelError(f"{folder} lacks {', '.join(missing[:5])}: the copy is not whole")
    return files


def _vertices(path: Path) -> NDArray[np.float64]:
    """(VERTICES, 3) of an OBJ file, in its order."""
    numbers: list[str] = []
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.startswith("v "):
                numbers += line.split()[1:4]
            elif line.startswith("f "):
                break
    try:
        read = np.array(numbers, np.float64).reshape(-1, 3)
    except ValueError as error:
        raise FaceModelError(
            f"{path} has a vertex that is no three numbers: it is damaged or cut short; fetch it again"
        ) from error
    if len(read) != VERTICES or not np.isfinite(read).all():
        raise FaceModelError(
            f"{path} has {len(read)} vertices in place of {VERTICES}: it is not whole, or of another model; fetch it "
            "again"
        )
    return read


def _triangles(path: Path) -> NDArray[np.int64]:
    """(M, 3) vertex numbers from 0 of an OBJ file's polygons, each as a fan from its first corner."""
    found: list[tuple[int, int, int]] = []
    try:
        with path.open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                if line.startswith("f "):
                    corners = [int(word.partition("/")[0]) - 1 for word in line.split()[1:]]
                    found += [(corners[0], corners[i], corners[i + 1]) for i in range(1, len(corners) - 1)]
        triangles = np.array(found, np.int64).reshape(-1, 3)
    except ValueError as error:
        raise FaceModelError(f"{path} has a polygon that cannot be read ({error}); fetch it again") from error
    if not len(triangles) or triangles.min() < 0 or triangles.max() >= VERTICES:
        raise FaceModelError(f"{path} has no polygons, or some of vertices that it lacks; fetch it again")
    return triangles


def _quantised(modes: Sequence[NDArray[np.float64]]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Modes (N, 3) as (K, 3, N) int8 and (K, 3) scales: each axis of each mode in 127 steps to its largest value."""
    stacked = np.stack(modes).transpose(0, 2, 1)
    scale = np.maximum(np.abs(stacked).max(axis=2) / 127.0, 1e-12).astype(np.float32)
    return np.rint(stacked / scale[:, :, None]).astype(np.int8), scale


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.faces.ict_folder", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="the ICT-FaceKit repository, or its folder FaceXModel")
    parser.add_argument("--out", type=Path, required=True, help="file to write, such as ictface.npz")
    options = parser.parse_args(arguments)
    try:
        arrays = pack_folder(options.folder)
        write(arrays, options.out)
    except (FaceModelError, OSError) as error:
        print(f"ict_folder: {error}", file=sys.stderr)  # noqa: T201 - the command's error message
        return 1
    modes = f"{len(arrays['id_q'])} identity and {len(arrays['ex_q'])} expression modes"
    size = options.out.stat().st_size / 1e6
    print(f"{options.out}: {len(arrays['v'])} vertices, {modes}, {size:.1f} MB")  # noqa: T201 - the command's answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
