"""What whoever holds a virtual camera may ask of it while another thread reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from drivers.errors import CameraLostError, UnsupportedFeatureError
from drivers.frame import StreamInfo
from recordings.play_order import PlayOrder
from recordings.playback import Playback
from recordings.virtual_options import FramePlace, check_speed


class VirtualControl:
    """Pause, step, seek and speed, from any thread."""

    @property
    def source(self) -> str:
        """Of the camera."""
        raise NotImplementedError

    def streams(self) -> Sequence[StreamInfo]:
        """Of the camera; empty while it is closed."""
        raise NotImplementedError

    def _control(self) -> AbstractContextManager[tuple[Playback, int]]:
        """What plays, and the time; a waiting read looks again afterwards.

        A camera that was closed while it was paused can be controlled: who supervises it may be opening it again.
        """
        raise NotImplementedError

    def pause(self) -> None:
        """Give nothing more until :meth:`resume` or :meth:`step`; a read waits for its time limit.

        Raises:
            CameraLostError: the camera is not open. (So do all of these.)
        """
        with self._control() as (playback, now):
            playback.pause(now)

    def resume(self) -> None:
        """Play on from where it is paused; a camera that was closed meanwhile, when it is open again."""
        with self._control() as (playback, now):
            playback.play(now)

    def step(self, n: int = 1) -> None:
        """Pause, and give exactly ``n`` more frames at once (of whatever streams, in the session's order).

        Steps add up until they are read; :meth:`pause`, :meth:`resume` and a seek forget those that were not.

        Raises:
            UnsupportedFeatureError: ``n`` is not at least 1.
        """
        if n < 1:
            raise UnsupportedFeatureError(f"{self.source} steps by 1 or more frames, not by {n}")
        with self._control() as (playback, now):
            playback.step(n, now)

    def seek_time(self, time_s: float) -> None:
        """Go to the first frame at or after this second of the session; paused stays paused.

        Raises:
            UnsupportedFeatureError: that is outside the part that is played.
        """
        self._seek(lambda order: order.place_of_time(time_s))

    def seek_frame(self, stream: str, number: int, occurrence: int = 1) -> None:
        """Go to the frame of a stream with the camera's own number.

        Args:
            occurrence: which of them, from 1, where the camera counted from zero again within the session.

        Raises:
            UnsupportedFeatureError: there is no such frame, or it is outside the part that is played.
        """
        self._seek(lambda order: order.place_of_frame(FramePlace(stream, number, occurrence)))

    def seek_event(self, event: str | int) -> None:
        """Go to where an event begins: the first of that name, or by its place among the stored ones, from 0.

        Raises:
            UnsupportedFeatureError: there is no such event, or it is outside the part that is played.
            RecordingError: the events of the file are damaged.
        """
        with self._control() as (playback, now):
            if not self.streams():
                raise CameraLostError(f"{self.source} is not open; its events are read from the open session")
            playback.seek(playback.order.place_of_event(event), now)

    def set_speed(self, speed: float) -> None:
        """0.1 to 16 times the session's own time, or ``inf``: as fast as it is read.

        Raises:
            UnsupportedFeatureError: another speed.
        """
        check_speed(speed)
        with self._control() as (playback, now):
            playback.set_speed(speed, now)

    def _seek(self, find: Callable[[PlayOrder], int]) -> None:
        with self._control() as (playback, now):
            playback.seek(find(playback.order), now)
