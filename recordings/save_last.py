"""Write what last_seconds.py holds as a session of its own, while more comes."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.frame import Frame
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.last_seconds import Held, LastSeconds
from recordings.recording_files import Results
from recordings.run_record import unreplayable
from recordings.session import SessionInfo
from recordings.stored import StoredFrame, encode_frame
from recordings.writer import SessionWriter

AFTERWARDS: Final = "it was saved out of the memory: the steps remember what came before it"
SAVED_NOTE: Final = "saved_last_s"
"""Note of a session that was saved out of the memory: how many seconds were asked for."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written: frames, observations, and the seconds from the first frame to the last."""

    path: Path
    frames: int
    observations: int
    seconds: float


class SavingStoppedError(SessionWriteError):
    """Somebody asked the saving to stop; nothing is left of it."""


def save_held(
    held: Held,
    last: LastSeconds,
    path: Path,
    seconds: float,
    *,
    source: str = "",
    run: Mapping[str, Any] | None = None,
    stop: threading.Event | None = None,
    notes: Mapping[str, str] | None = None,
) -> Saved:
    """Write a session of what was held. Lets go of each frame as soon as it is written.

    It holds the frames of every stream (lossless, with checksums), the observations and schedule of those FrameSets
    whose frames are all in it, and the events; what is said cannot be computed again from it, which it says.

    Args:
        held: from :meth:`recordings.last_seconds.LastSeconds.held`; it is used up.
        last: where that came from.
        path: the file; it must not exist.
        seconds: that were asked for.
        source: what was live, for people.
        run: what results were made with.
        stop: set by whoever wants no file any more.
        notes: more words for the session's description.

    Raises:
        SessionWriteError: the disk refuses, or nothing is held. Nothing is left under the name.
    """
    frames = [one for one in held.items if isinstance(one.content, Frame | StoredFrame)]
    if not frames:
        raise SessionWriteError("nothing can be saved: no frame has come yet")
    first_ns, last_ns = frames[0].host_ns, max(one.host_ns for one in frames)
    del frames
    info = SessionInfo.create(last.streams, title=path.stem, source=source)
    info = dataclasses.replace(info, notes={SAVED_NOTE: f"{seconds:g}", **(notes or {})})
    known: dict[str, set[int]] = {}
    count = observations = 0
    with SessionWriter(path, info, "compact", reserve=True) as writer:
        writer.write_run(unreplayable(run, AFTERWARDS))
        while held.items:
            if stop is not None and stop.is_set():
                raise SavingStoppedError(f"{path.name} was given up")
            content = held.items.popleft().content
            if isinstance(content, Event):
                writer.write_event(content)
            elif isinstance(content, Results):
                numbers = content.entry.frames
                if all(number in known.get(name, ()) for name, number in numbers.items()):
                    writer.write_schedule(content.entry)
                    writer.write_observation(content.observation)
                    observations += 1
            else:
                stored = content if isinstance(content, StoredFrame) else encode_frame(content, "compact")
                known.setdefault(stored.info.name, set()).add(stored.number)
                writer.write_stored(stored)
                count += 1
    return Saved(path, count, observations, (last_ns - first_ns) / 1e9)
