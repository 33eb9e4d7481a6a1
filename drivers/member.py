"""A camera with its place in a rig: what its streams are called there, and what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from drivers.camera import Camera
from drivers.frame import StreamInfo
from drivers.patience import Patience
from drivers.supervisor import Relabel


@dataclass(frozen=True, slots=True)
class Member:
    """A camera of a rig.

    Attributes:
        camera: not opened yet.
        name: of the camera in the rig; empty for the only one.
        relabel: from what the camera says of a stream, and its options, to what the stream is in the rig.
        patience: from the usual waits to those for this camera.
    """

    camera: Camera
    name: str = ""
    relabel: Relabel | None = None
    patience: Callable[[Patience], Patience] | None = None


def members_of(cameras: Sequence[Camera | Member]) -> list[Member]:
    """Cameras as the members of a rig. One alone keeps its streams' names; of several each gets a name of its own.

    A camera without a name is called after its family: ``realsense``, and where there are several ``realsense2``.
    """
    given = [one if isinstance(one, Member) else Member(one) for one in cameras]
    if len(given) == 1:
        return given
    taken = Counter(m.name for m in given if m.name)
    out = []
    for member in given:
        if not member.name:
            family = member.camera.source.partition(":")[0] or "camera"
            taken[family] += 1
            member = replace(member, name=family if taken[family] == 1 else f"{family}{taken[family]}")
        out.append(replace(member, relabel=member.relabel or _named(member.name, member.camera.source)))
    return out


def _named(name: str, source: str) -> Relabel:
    """Streams called ``name/stream``, on a clock of their own."""

    def relabel(stream: StreamInfo, options: Mapping[str, str]) -> StreamInfo:
        registered = stream.registered_to
        return replace(
            stream,
            name=f"{name}/{stream.name}",
            registered_to=None if registered is None else f"{name}/{registered}",
            camera=stream.camera or source,
            clock=f"{name}/{stream.clock}" if stream.clock else name,
        )

    return relabel
