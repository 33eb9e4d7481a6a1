"""An open RealSense: the SDK's device from the moment it is found until it is stopped. Nothing of it is used twice.

Frames come in the SDK's threads by the sensors' own callbacks; the pipeline and its syncer are not used, since they
hold frames back and repeat them. The same code runs a camera, a recording and a software device.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from drivers.cameras.realsense_clock import HARDWARE, SYSTEM, DeviceClock
from drivers.cameras.realsense_controls import Controls
from drivers.cameras.realsense_devices import describe, find
from drivers.cameras.realsense_files import check_recording, image_counts
from drivers.cameras.realsense_frames import (
    Image,
    StreamState,
    WrongFrameError,
    frame_unit_m,
    number_and_flags,
    pixels_of,
    sample_metadata,
)
from drivers.cameras.realsense_motion import Motion, MotionSample, motion_profiles
from drivers.cameras.realsense_profiles import FORMATS, choose, describe_streams, offers, stream_key
from drivers.cameras.realsense_words import Asked, explained, sdk
from drivers.errors import CameraError, CameraLostError, EndOfStream, UnsupportedFeatureError, UnusableSourceError
from drivers.frame import StreamInfo
from drivers.host_clock import now_ns
from drivers.streaming_camera import Inbox

log = logging.getLogger(__name__)

_ROOM_A_STREAM: Final = 8
_ROOM_BORROWED: Final = 4
"""Frames a stream that may wait while they lie in the SDK's own pool (sixteen of them)."""

_TAIL: Final = 3
"""Images at the end of a recording that playback in real time may leave out."""

_PLENTY: Final = 4096
"""Of a recording that waits for its reader: what bounds it is its own count."""


class Connection:
    """One life of the device; made, started, stopped, thrown away.

    Args:
        asked: what the source says.
        source: for messages.
        device: gives the SDK's device in place of the first one that is plugged in.
        borrow: pixels lie in the SDK's buffers, for whoever is done with a frame before he asks for the next.
        clock, states: of the life before, when a recording begins anew.

    Raises:
        CameraError: of every kind that opening knows.
    """

    def __init__(
        self,
        asked: Asked,
        source: str,
        device: Callable[[], Any] | None = None,
        *,
        borrow: bool = False,
        clock: DeviceClock | None = None,
        states: dict[str, StreamState] | None = None,
    ) -> None:
        self._asked = asked
        self._source = source
        self._borrow = borrow
        self.rs: Any = sdk()
        self.stopping = threading.Event()
        self.clock = clock or DeviceClock()
        self.motion = Motion()
        self.notes: list[str] = []
        self.no_room: Counter[str] = Counter()
        self._context: Any = None
        self._playback: Any = None
        self._waits = False
        self._resuming = False
        self._taken = threading.Condition()
        self._in_wait = 0
        self._opened: list[Any] = []
        self._started: list[Any] = []
        try:
            self._device = self._find(device)
            self.words = describe(self.rs, self._device)
            self._sensors = list(self._device.query_sensors())
            self._every = offers(self._sensors)
            self._chosen = choose(self._every, asked, source)
            clock_word = "host" if asked.global_time else f"realsense:{self.words.serial or source}"
            infos, odd = describe_streams(self.rs, self._chosen, self._sensors, source, clock_word)
        except RuntimeError as error:
            raise self._explained(error, "looking at it") from error
        self.streams: dict[str, StreamInfo] = {info.name: info for info in infos}
        self.formats = {o.name: o.format for o in self._chosen}
        self.notes += [f"{name}: {note}" for name, note in odd.items()]
        room = _ROOM_BORROWED if borrow or asked.align else _ROOM_A_STREAM
        self._room = room * len(self._chosen)
        self.inbox = Inbox(_PLENTY if asked.fastest else self._room)
        self.controls = Controls(self.rs, self._sensors, self.words.line, source)
        self._states = {
            offer.key: StreamState(self.streams[offer.name], offer.format) for offer in self._chosen
        }  # fmt: skip
        for key, state in self._states.items():
            before = (states or {}).get(key)
            if before is not None:
                state.number = before.number
        self._again = states is not None

    @property
    def states(self) -> dict[str, StreamState]:
        """What is remembered of each stream, by the SDK's words (``infrared_1``)."""
        return self._states

    # -- its life -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Set what is to be set, open the sensors, let the frames come.

        Raises:
            CameraError: of every kind that opening knows.
        """
        try:
            if self._playback is None:
                self._set_up()
            self._open_sensors()
        except RuntimeError as error:
            raise self._explained(error, "starting it") from error

    def stop(self) -> None:
        """Stop the sensors and let the device go; after this, no callback runs."""
        self.stopping.set()
        with self._taken:
            self._taken.notify_all()
        for sensor in reversed(self._started):
            _quietly(sensor.stop)  # a playback's sensors have stopped themselves at its end
        for sensor in reversed(self._opened):
            _quietly(sensor.close)
        self._started.clear()
        self._opened.clear()
        self.inbox.clear()
        self._sensors = []
        self._chosen = []
        self._every = []
        self.controls = Controls(self.rs, [], "", self._source)
        self._playback = self._device = self._context = None

    def is_connected(self) -> bool:
        """Whether the SDK thinks so; it does not always notice."""
        try:
            return self._device is not None and bool(self._device.is_connected())
        except (RuntimeError, AttributeError):  # AttributeError: an SDK without that question
            return True

    def lost_of_file(self) -> dict[str, int]:
        """Images that the recording holds and the SDK did not give; known for .db3 only.

        A damaged image ends the SDK's playback without a word. In real time it leaves out single images, too, when
        nobody is quick enough: there, only those after the last one count.
        """
        path = self._asked.path
        lost = {}
        for key, count in (image_counts(path) if path is not None else {}).items():
            state = self._states.get(key)
            if state is None:
                continue
            if self._asked.fastest:
                missing = count - state.received
            else:
                missing = count - (state.number - state.first + 1 if state.received else 0)
                missing = 0 if missing <= _TAIL else missing
            if missing > 0:
                lost[state.info.name] = missing
        return lost

    def _explained(self, error: RuntimeError, doing: str) -> CameraError:
        if self._asked.path is None:
            return explained(error, self._source, doing)
        return UnusableSourceError(
            f"{self._asked.path} cannot be played ({error}); it is damaged, or newer than the installed pyrealsense2"
        )

    def _find(self, device: Callable[[], Any] | None) -> Any:
        if device is not None:
            return device()
        self._context = self.rs.context()
        path = self._asked.path
        if path is None:
            return find(self.rs, self._context.query_devices(), self._asked.serial)
        check_recording(path)
        self._playback = self._context.load_device(str(path))
        self._playback.set_real_time(not self._asked.fastest)
        return self._playback

    def _set_up(self) -> None:
        rs = self.rs
        for sensor in self._sensors:
            if sensor.supports(rs.option.global_time_enabled):
                sensor.set_option(rs.option.global_time_enabled, float(self._asked.global_time))
        for name, value in self._asked.settings.items():
            self.controls.set(name, value)
        self.notes += self.words.notes
        if self._context is not None:
            self._context.set_devices_changed_callback(self._devices_changed)
        # The sensors' notifications are left alone: the SDK's Python layer hands out text that is freed already.

    def _open_sensors(self) -> None:
        wanted: dict[int, list[Any]] = {}
        for offer in self._chosen:
            wanted.setdefault(offer.sensor, []).append(offer.profile)
        motion = motion_profiles(self._sensors) if self._asked.imu else {}
        if self._asked.imu and not motion:
            raise UnsupportedFeatureError(f"{self._source} has no motion sensor; leave imu=on out")
        if self._playback is not None:
            self._playback.set_status_changed_callback(self._status_changed)
        for number in sorted({*wanted, *motion}):
            sensor = self._sensors[number]
            sensor.open([*wanted.get(number, ()), *motion.get(number, ())])
            self._opened.append(sensor)
        if self._playback is not None:
            self._playback.pause()  # or what comes before the last sensor has started is lost to it
        for sensor in self._opened:
            sensor.start(self._came)
            self._started.append(sensor)
        self._waits = self._playback is not None

    def begin(self) -> None:
        """Let a recording play, from now on: nothing of it is to wait for the first read."""
        if self._waits:
            self._waits = False
            # The SDK comes back from this when the callback that runs meanwhile has: that must not wait for us.
            self._resuming = True
            try:
                self._playback.resume()
            except RuntimeError as error:
                raise CameraLostError(f"{self._source} does not play: {error}") from error
            finally:
                self._resuming = False

    def take(self, timeout_s: float) -> Image | None:
        """The next image, None when none came in time.

        Raises:
            CameraLostError, EndOfStream
        """
        image: Image | None = self.inbox.take(timeout_s)
        if image is not None and self._asked.fastest:
            with self._taken:
                self._in_wait -= 1
                self._taken.notify()
        return image

    # -- in the SDK's threads -----------------------------------------------------------------------------------------

    def _came(self, frame: Any) -> None:
        host_ns = now_ns()
        if self.stopping.is_set():
            return
        try:
            profile = frame.profile
            state = self._states.get(stream_key(profile))
            domain = frame.frame_timestamp_domain.name
            device_ns = self.clock.of(frame.timestamp, domain, host_ns)
            if state is not None:
                self._image(frame, state, device_ns, host_ns)
            elif frame.is_motion_frame():
                value = frame.as_motion_frame().get_motion_data()
                kind = profile.stream_type().name
                self.motion.put(
                    MotionSample(kind, frame.frame_number, device_ns, host_ns, value.x, value.y, value.z)
                )  # fmt: skip
        except (WrongFrameError, ValueError) as error:
            self.inbox.fail(CameraLostError(f"{self._source}: {error}; open it again"))
        except Exception as error:  # the SDK would swallow it, and frames would be missing without a word
            log.exception("%s: a frame cannot be taken", self._source)
            self.inbox.fail(CameraLostError(f"{self._source}: a frame cannot be taken ({error}); open it again"))

    def _image(self, frame: Any, state: StreamState, device_ns: int, host_ns: int) -> None:
        raw = int(frame.frame_number)
        if self._again and state.received == 0:
            state.number_shift = state.number + 1 - raw
        number, flags = number_and_flags(raw, device_ns, state)
        state.first = state.first if state.received else number
        state.received += 1
        name = state.info.name
        keeps_frame = self._asked.align and name in ("depth", "color")
        pixels = pixels_of(frame, state, borrow=self._borrow or bool(keeps_frame))
        unit = frame_unit_m(frame, state.info)
        sample_metadata(self.rs, frame, state)
        image = Image(
            name, pixels, number, device_ns, host_ns, flags, unit, frame if keeps_frame else None
        )  # fmt: skip
        if self._asked.fastest:  # the recording waits for whoever reads it
            with self._taken:
                self._taken.wait_for(lambda: self._in_wait < self._room or self._resuming or self.stopping.is_set())
                self._in_wait += 1
        if not self.inbox.put(image):
            self.no_room[name] += 1

    def _status_changed(self, status: Any) -> None:
        if status == self.rs.playback_status.stopped:
            self.inbox.fail(EndOfStream(f"{self._source} is at its end"))

    def _devices_changed(self, event: Any) -> None:
        device = self._device
        if device is not None and event.was_removed(device):
            self.inbox.fail(CameraLostError(f"{self._source} was unplugged"))

    # -- for people ---------------------------------------------------------------------------------------------------

    def time_notes(self) -> list[str]:
        """What is odd about the times."""
        out = []
        if self.clock.domain == SYSTEM:
            out.append("no metadata: the times are the computer's and lost frames do not show in the numbers")
        if self.clock.wraps:
            out.append(f"the camera's clock of 32 bits has begun anew {self.clock.wraps} times and is kept rising")
        if self.clock.foreign:
            out.append(f"{self.clock.foreign} frames came without the camera's time; theirs is reckoned from arrival")
        return out

    def options(self) -> dict[str, str]:
        """What is known and set, without asking the camera anything."""
        w = self.words
        out = {
            "model": w.title, "serial": w.serial, "usb_serial": w.usb_serial, "firmware": w.firmware,
            "recommended_firmware": w.newer_firmware, "usb": w.usb, "port": w.port, "line": w.line,
            "time": {HARDWARE: "hardware", SYSTEM: "computer"}.get(self.clock.domain, self.clock.domain),
            "sdk": str(getattr(self.rs, "__version__", "")),
        }  # fmt: skip
        for state in self._states.values():
            info = state.info
            said = f"{info.width}x{info.height}@{info.fps:g} {state.format}"
            if state.format != FORMATS[info.kind][0] and state.format not in ("y16", "raw8"):
                said += " converted to RGB"
            out[f"{info.name}.format"] = said
            out.update({f"{info.name}.{key}": str(value) for key, value in state.metadata.items()})
        out.update(self.motion.words())
        return {key: value for key, value in out.items() if value}


def _quietly(verb: Callable[[], None]) -> None:
    try:
        verb()
    except RuntimeError as error:
        log.debug("while stopping: %s", error)
