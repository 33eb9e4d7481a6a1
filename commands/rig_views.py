"""Where `tapetum rig calibrate` gets its pictures of the board: image files, a session, or cameras as they stream."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.boards import Board
from drivers.boards_find import gray_of
from drivers.calibrate_views import View, look, missing, pick_views
from drivers.calibration import Calibration
from drivers.camera import CameraState
from drivers.errors import CalibrationError, CameraError
from drivers.frame import Frame, StreamInfo, StreamKind
from drivers.rig import Rig
from drivers.rig_calibrated import Shown
from drivers.supervisor import Supervisor

SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".pgm")
SEES_BOARDS: Final = (StreamKind.COLOR, StreamKind.GRAY, StreamKind.INFRARED, StreamKind.THERMAL)
_MOST_LOOKS: Final = 400
_EVERY_NS: Final = 200_000_000
_SOON_NS: Final = 300_000_000
"""A board that stood still for so long is seen in the same place by all cameras."""
_STILL: Final = 0.004
_NEW: Final = 0.12
_OPEN_S: Final = 20.0

Told = Callable[[str], None]


@dataclass(slots=True)
class Gathered:
    """What was seen.

    Attributes:
        views: stream (``camera/stream``) -> every view of the board.
        looked: stream -> pictures that were searched.
        within_ns: views that are no further apart are of one time.
        shown: camera -> as it was; empty for image files.
    """

    views: dict[str, list[View]] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    within_ns: int = 0
    shown: dict[str, Shown] = field(default_factory=dict)

    def look(self, board: Board, pixels: NDArray[Any], name: str, stream: str, time_ns: int) -> View | None:
        """Search a picture and keep what is found."""
        self.looked[stream] = self.looked.get(stream, 0) + 1
        view = look(board, gray_of(pixels), name, stream, time_ns)
        if view is not None:
            self.views.setdefault(stream, []).append(view)
        return view


def from_images(board: Board, folder: Path, tell: Told) -> Gathered:
    """Pictures of one camera in a folder, or of several in folders ``CAMERA/STREAM``; one name is one time.

    Raises:
        CalibrationError: no pictures there, or one that is torn.
    """
    import cv2

    if not folder.is_dir():
        raise CalibrationError(f"there is no folder {folder}")
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    if not files:
        raise CalibrationError(f"there is no picture in {folder}; looked for {', '.join(SUFFIXES)}")
    moments = {stem: i for i, stem in enumerate(sorted({p.stem for p in files}))}
    out = Gathered(within_ns=1)
    for path in files:
        stream = path.parent.relative_to(folder).as_posix()
        data = np.fromfile(path, np.uint8)
        pixels = cv2.imdecode(data, cv2.IMREAD_ANYDEPTH | cv2.IMREAD_GRAYSCALE) if data.size else None
        if pixels is None or pixels.dtype not in (np.uint8, np.uint16):
            raise CalibrationError(f"{path} is no picture of 8 or 16 bits, or it is torn; take it out")
        found = out.look(board, pixels, path.name, "camera" if stream == "." else stream, moments[path.stem] * 10**9)
        tell(f"{path.name}: {'the board' if found else 'no board'}")
    return out


def from_session(board: Board, file: Path, streams: Collection[str], tell: Told) -> Gathered:
    """A recorded session: a picture every 0.2 s, at most 400 of each stream.

    Args:
        streams: to look at; empty for all that can see a board.

    Raises:
        RecordingError: it cannot be read.
        CalibrationError: there is no such stream.
    """
    from recordings.reader import SessionReader

    with SessionReader(file) as session:
        infos = _chosen(session.streams, streams)
        clocks = {s.clock for s in infos}
        kept = {s.name: session.times(s.name) for s in infos}
        times = {n: t.device_ns if len(clocks) == 1 and "" not in clocks else t.host_ns for n, t in kept.items()}
        times = {name: t for name, t in times.items() if len(t)}
        out = Gathered(within_ns=_half_period_ns(list(times.values())), shown=_shown(session.streams))
        if not times:
            return out
        begin, end = min(int(t[0]) for t in times.values()), max(int(t[-1]) for t in times.values())
        step = max(_EVERY_NS, (end - begin) // _MOST_LOOKS)
        done: set[tuple[str, int]] = set()
        for moment in range(begin, end + 1, step):
            for name, stream_ns in times.items():
                index = int(np.abs(stream_ns - moment).argmin())
                if (name, index) in done or abs(int(stream_ns[index]) - moment) > step:
                    continue
                done.add((name, index))
                frame = session.frame(name, index)
                found = out.look(board, frame.pixels, f"frame {frame.number}", name, int(stream_ns[index]))
                tell(f"{name} {(moment - begin) / 1e9:.1f} s: {'the board' if found else 'no board'}")
    return out


def _chosen(streams: Sequence[StreamInfo], names: Collection[str]) -> list[StreamInfo]:
    able = [s for s in streams if s.kind in SEES_BOARDS]
    unknown = sorted(set(names) - {s.name for s in able})
    if unknown:
        there = ", ".join(s.name for s in able) or "none"
        raise CalibrationError(f"there is no stream {unknown[0]!r} that sees a board; there are {there}")
    chosen = [s for s in able if not names or s.name in names]
    if not chosen:
        raise CalibrationError("there is no stream that sees a board: colour, gray, infrared or thermal")
    return chosen


def _half_period_ns(times: Sequence[NDArray[np.int64]]) -> int:
    periods = [float(np.median(np.diff(t))) for t in times if len(t) > 1]
    return round(max([20e6, *(p / 2 for p in periods if p < 2e8)]))


def _shown(streams: Sequence[StreamInfo]) -> dict[str, Shown]:
    """Cameras by the first part of their streams' names."""
    out: dict[str, Shown] = {}
    for stream in streams:
        camera, slash, local = stream.name.partition("/")
        if slash:
            one = out.setdefault(camera, Shown())
            out[camera] = Shown({**one.streams, local: stream}, one.serial)
    return out


class LiveBoard:
    """Cameras that stream while somebody moves a board: views are taken whenever it stands still.

    Args:
        rig: its cameras are opened; what their calibration said before plays no part.
        streams: ``camera/stream`` to look at; empty for all that can see a board.
        fewest: views of each stream, with everything that :func:`missing` asks for, until it is enough.
    """

    def __init__(self, board: Board, rig: Rig, streams: Collection[str], fewest: int) -> None:
        bare = {n: replace(c, pose=None, calibration=Calibration()) for n, c in rig.cameras.items()}
        self._board = board
        self._streams = set(streams)
        self._fewest = fewest
        self._lock = threading.Lock()
        self._newest: dict[str, Frame] = {}
        self._came = threading.Event()
        self._last: dict[str, View] = {}
        self._still_since: dict[str, int] = {}
        self._supervisors = {m.name: Supervisor(m.camera, [self._take], relabel=m.relabel) for m in Rig(bare).members()}
        self.gathered = Gathered(within_ns=_SOON_NS)

    def _take(self, frame: Frame) -> None:
        if frame.kind in SEES_BOARDS:
            with self._lock:
                self._newest[frame.stream] = frame
            self._came.set()

    def run(self, seconds: float | None, tell: Told) -> Gathered:
        """Look until there is enough, the cameras have ended, or the time is over; Ctrl-C keeps what there is.

        Raises:
            CameraError: a camera does not open.
            CalibrationError: there is no such stream.
        """
        begin = time.monotonic()
        for supervisor in self._supervisors.values():
            supervisor.start()
        try:
            self._wait_for_streams(begin + _OPEN_S)
            for words in self._looks(None if seconds is None else begin + seconds):
                tell(words)
        except KeyboardInterrupt:
            tell("stopped: going on with the views there are")
        finally:
            for supervisor in self._supervisors.values():
                supervisor.stop(5.0)
        return self.gathered

    def _wait_for_streams(self, deadline: float) -> None:
        while True:
            states = {name: s.status() for name, s in self._supervisors.items()}
            if all(s.streams() for s in self._supervisors.values()):
                break
            for name, status in states.items():
                if status.has_given_up or time.monotonic() > deadline:
                    raise CameraError(
                        f"camera {name} ({status.state}) does not open: {status.note or 'no reason told'}"
                    )
            time.sleep(0.02)
        streams = [s for one in self._supervisors.values() for s in one.streams()]
        self._streams = {s.name for s in _chosen(streams, self._streams)}
        shown = _shown(streams)
        for name in states:
            local = {k: replace(s, name=k) for k, s in shown[name].streams.items()}
            self.gathered.shown[name] = Shown(local, self._supervisors[name].status().options.get("serial", ""))

    def _looks(self, deadline: float | None) -> Iterator[str]:
        wanted = ""
        while deadline is None or time.monotonic() < deadline:
            ended = all(s.status().state is CameraState.ENDED for s in self._supervisors.values())
            if not self._came.wait(0.2) and ended:
                return
            self._came.clear()
            with self._lock:
                frames, self._newest = self._newest, {}
            for frame in frames.values():
                if frame.stream in self._streams and self._look(frame):
                    count = len(self.gathered.views[frame.stream])
                    yield f"{frame.stream}: view {count} taken"
            lacking = {s: self._lacks(s) for s in sorted(self._streams)}
            if not any(lacking.values()):
                return
            stream, words = next((s, w) for s, w in lacking.items() if w)
            told = words if len(self._streams) == 1 else f"{stream}: {words}"
            if told != wanted:
                wanted = told
                yield told

    def _lacks(self, stream: str) -> str:
        return missing(self.gathered.views.get(stream, []), self._fewest)

    def _look(self, frame: Frame) -> bool:
        """True when a view was taken: the board stands still, and otherwise than before."""
        stream = frame.stream
        self.gathered.looked[stream] = self.gathered.looked.get(stream, 0) + 1
        view = look(self._board, gray_of(frame.pixels), f"frame {frame.number}", stream, frame.host_ns)
        before = self._last.pop(stream, None)
        if view is None:
            return False
        self._last[stream] = view
        if before is None or view.moved_px(before) > max(1.0, _STILL * view.size[0]):
            self._still_since[stream] = view.time_ns
            return False
        if view.time_ns - self._still_since[stream] < _SOON_NS or view.is_blurred or not self._is_new(view):
            return False
        for other, seen in self._last.items():  # the others of this moment make pairs with it
            stands = seen.time_ns - self._still_since.get(other, seen.time_ns) >= _SOON_NS
            near = abs(seen.time_ns - view.time_ns) <= _SOON_NS
            kept = self.gathered.views.setdefault(other, [])
            if other in self._streams and (other == stream or (stands and near)) and seen not in kept:
                kept.append(seen)
        return True

    def _is_new(self, view: View) -> bool:
        kept = self.gathered.views.get(view.stream, [])
        return all(view.attitude.distance(old.attitude) >= _NEW for old in kept)


def usable(gathered: Gathered) -> tuple[dict[str, tuple[View, ...]], dict[str, dict[str, str]]]:
    """Stream -> the views worth keeping, and stream -> view -> why not the others."""
    picked = {stream: pick_views(views) for stream, views in gathered.views.items() if views}
    return {s: p.views for s, p in picked.items()}, {s: dict(p.refused) for s, p in picked.items()}
