"""Which streams have places in one space: those of one camera, and those of cameras that a rig gave poses.

A stream that nobody placed stands where the default extrinsics put it, in the origin. That is no pose: of cameras that
no rig relates each stands in the origin of a space of its own, and no point leads from one's picture into another's.

Nothing stored says whether a rig gave a pose, but it shows. A rig gives every camera a pose of its own but the one that
it measures from (drivers/rig.py), and every camera tells its streams' places from one of them. So of several cameras
with a stream in the origin the first is what the others are measured from, and the rest nobody related to anything.

A stream's camera is what stands before its name's last ``/`` (drivers/member.py). A recorded rig that is one of several
sources has names of three parts; the sources are compared as cameras are, and within one the cameras of the rig.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from drivers.frame import Extrinsics, FrameSet, StreamInfo

Path = tuple[str, ...]


class Relations:
    """Says of two streams whether a point in space leads from one's picture to the other's.

    Args:
        streams: of the rig, in order, or those of them that are at hand.
        missing: names of its other streams. Where one of them may stand in the origin, its camera is taken to.
    """

    def __init__(self, streams: Iterable[StreamInfo], missing: Iterable[str] = ()) -> None:
        self._at_origin = {s.name: _is_origin(s.extrinsics) for s in streams}
        for name in missing:
            self._at_origin.setdefault(name, True)
        self._known: dict[tuple[str, str], bool] = {}

    @classmethod
    def among(cls, frame_set: FrameSet) -> Relations:
        """Of the streams of a FrameSet, for whoever has not the whole rig's."""
        return cls([frame.info for frame in frame_set.frames.values()], frame_set.missing)

    def __call__(self, a: StreamInfo, b: StreamInfo) -> bool:
        """Whether they are related; streams that say so themselves (``registered_to``) are."""
        if a.name == b.name or a.registered_to == b.name or b.registered_to == a.name:
            return True
        key = (a.name, b.name)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._find(_camera(a.name), _camera(b.name))
        return known

    def _find(self, a: Path, b: Path) -> bool:
        if a == b:
            return True
        shared = 0
        while a[shared : shared + 1] == b[shared : shared + 1]:
            shared += 1
        # What stands side by side below what both names begin with, in order: whether any of its streams is there.
        beside: dict[Path, bool] = {}
        for name, at_origin in self._at_origin.items():
            camera = _camera(name)
            if camera[:shared] == a[:shared]:
                one = camera[: shared + 1]
                beside[one] = beside.get(one, False) or at_origin
        reference = next((one for one, at_origin in beside.items() if at_origin), None)
        return all(one == reference or not beside.get(one, True) for one in (a[: shared + 1], b[: shared + 1]))


def _camera(name: str) -> Path:
    return tuple(name.split("/")[:-1])


@lru_cache(maxsize=256)
def _is_origin(extrinsics: Extrinsics) -> bool:
    return extrinsics.is_identity()
