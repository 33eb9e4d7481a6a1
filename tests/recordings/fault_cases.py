"""A recorded camera with a script of faults, for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.errors import (
    CameraLostError,
    CameraNotFoundError,
    EndOfStream,
    FrameError,
)
from drivers.frame import Frame
from recordings.virtual import VirtualCamera, VirtualOptions
from tests.recordings.sessions import MS
from tests.recordings.still_pace import StillPace


class Scripted:
    """A camera with a script, and how it is read to its end."""

    def __init__(self, script: Path, session: Path | None, pace: StillPace, **options: object) -> None:
        made = VirtualOptions(**options, faults=str(script))  # type: ignore[arg-type]  # by name
        self.camera = VirtualCamera(session, options=made, pace=pace)
        self.pace = pace
        self.errors: list[Exception] = []

    def frames(self) -> Iterator[Frame]:
        """All there are; opened again when it was lost."""
        self.camera.open()
        yield from self.frames_left()

    def frames_left(self) -> Iterator[Frame]:
        """Of the open camera."""
        while True:
            try:
                yield self.camera.read(60)
            except FrameError as error:
                self.errors.append(error)
            except CameraLostError as error:
                self.errors.append(error)
                self.reopen()
            except EndOfStream:
                self.camera.close()
                return

    def reopen(self) -> None:
        self.camera.close()
        while not self.camera.is_present():
            with pytest.raises(CameraNotFoundError, match="gone for another"):
                self.camera.open()
            self.pace.now += 10 * MS
        self.camera.open()


Script = Callable[..., Scripted]
