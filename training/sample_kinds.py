"""Which kinds of rendered samples there are, which a network learns from, what renders them, what a folder holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.faces import crowd_shards, eye_shards
from training.faces.shards import TEMPORARY_SUFFIX
from training.networks.registry import NetworkSpec


@dataclass(frozen=True)
class Kind:
    """Samples whose shards are folders named `prefix`*, in the samples' folder or in `subfolder` of it."""

    what: str
    prefix: str
    subfolder: str = "."


FACES = Kind("faces", "faces-")
CLUTTER = Kind("clutter without faces", "clutter-")
PEOPLE = Kind("depth views of people", "people-")
FRAMES = Kind("whole frames", crowd_shards.PREFIX, crowd_shards.SUBFOLDER)
EYES = Kind("eyes", eye_shards.PREFIX, eye_shards.SUBFOLDER)
KINDS = (FACES, CLUTTER, PEOPLE, FRAMES, EYES)

_LEARNT_FROM = {"face_finder": FRAMES, "eye_state": EYES, "face_verifier": PEOPLE}
_RENDERERS = {
    "face_finder": "training.faces.crowd_render",
    "eye_state": "training.faces.eye_render",
    "face_verifier": "training.faces.people",
    "eye_to_face": "training.faces.render --portraits",
}


def learnt_from(spec: NetworkSpec) -> Kind:
    """What `spec` is trained on: frames, eyes, views of people (where there are none, faces do), or faces."""
    return _LEARNT_FROM.get(spec.name, FACES)


def render_command(spec: NetworkSpec, folder: Path) -> str:
    """The command that renders what `spec` learns from into `folder`."""
    return f"python -m {_RENDERERS.get(spec.name, 'training.faces.render')} --out {folder}"


def kinds_in(folder: Path) -> list[Kind]:
    """The kinds of finished shards in `folder`, which may be missing."""
    return [kind for kind in KINDS if any(_is_shard(one) for one in _named(folder, kind))]


def has_people(spec: NetworkSpec, folder: Path) -> bool:
    """Whether `spec` learns from views of people, and `folder` has some; the store knows nothing of them."""
    return learnt_from(spec) is PEOPLE and any(folder.glob(f"{PEOPLE.prefix}*/person.npy"))


def nothing_for(spec: NetworkSpec, folder: Path) -> str:
    """A sentence for a folder that holds nothing for `spec`: what it holds, and how to render what is needed."""
    wanted, found = learnt_from(spec), kinds_in(folder)
    if wanted in found:
        held = f"all {wanted.what} in {folder} are held out for validation"
    else:
        held = f"{folder} holds {' and '.join(kind.what for kind in found) or 'no rendered samples'}"
    return f"{spec.name} learns from {wanted.what}, but {held}; render some: {render_command(spec, folder)}"


def _named(folder: Path, kind: Kind) -> list[Path]:
    return [path for place in {folder, folder / kind.subfolder} for path in place.glob(f"{kind.prefix}*")]


def _is_shard(path: Path) -> bool:
    return path.is_dir() and not path.name.endswith(TEMPORARY_SUFFIX)
