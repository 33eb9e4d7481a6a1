"""One connection to a network camera: a thread that opens it, reads it, decodes it, and never lets pictures pile up."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final

from drivers.cameras.network_address import Address, Scrubber
from drivers.cameras.network_pace import FrameNumbers, StreamClock
from drivers.cameras.network_pictures import LinkLook, LinkOptions, Picture, Reading, pixels_of
from drivers.cameras.network_words import LogLine, hear, let_ffmpeg_speak, no_picture, why_not_opened
from drivers.credentials import Login
from drivers.errors import CameraLostError, CameraOpenError, DriverError
from drivers.host_clock import now_ns

_ROOM: Final = 4
"""Pictures that may wait; the oldest goes when another comes."""
_BEHIND_S: Final = 0.3
"""So far behind the live scene pictures are not shown any more, until it is caught up with."""
_FAR_BEHIND_S: Final = 2.0
"""So far behind they are not even decoded, until the next whole one."""
_DAMAGED_S: Final = 3.0
"""After lost packets a whole picture is waited for, but no longer than this: some cameras never send one."""
_SUSPECT_PACKETS: Final = 2
"""FFmpeg gives a frame when the next one begins: packets that were missing are of this frame or of the next."""
_PACKETS_IN_VAIN: Final = 200


class Link:
    """Made and started anew for every opening; :meth:`stop` ends its thread.

    Args:
        address: what to open.
        login: with what name and password.
        options: how.
        on_no_room, on_lost: called in its thread with a number of frames.
    """

    def __init__(
        self,
        address: Address,
        login: Login | None,
        options: LinkOptions,
        on_no_room: Callable[[int], None],
        on_lost: Callable[[int], None],
    ) -> None:
        self._address = address
        self._login = login
        self._options = options
        self._on_no_room = on_no_room
        self._on_lost = on_lost
        secrets = () if login is None else (login.user, login.password)
        self._scrub = Scrubber(*secrets, *address.way_secrets)
        self._changed = threading.Condition()
        self._waiting: deque[Picture] = deque()
        self._look: LinkLook | None = None
        self._problem: DriverError | None = None
        self._stopping = threading.Event()
        self._clock = StreamClock()
        self._numbers = FrameNumbers()
        self.damaged = 0
        """Frames that were damaged on their way."""
        self._thread = threading.Thread(target=self._run, name=f"network {address.host}")

    def start(self) -> None:
        self._thread.start()

    def look(self, timeout_s: float) -> LinkLook | None:
        """What the first picture shows; None while there is none.

        Raises:
            DriverError: why there will be none.
        """
        with self._changed:
            if self._look is None and self._problem is None:
                self._changed.wait(timeout_s)
            if self._look is None and self._problem is not None:
                raise self._problem
            return self._look

    def take(self, timeout_s: float) -> Picture | None:
        """The oldest picture that waits, None when none came in time.

        Raises:
            DriverError: the connection is at its end, and nothing waits any more.
        """
        with self._changed:
            if not self._waiting and self._problem is None:
                self._changed.wait(timeout_s)
            if self._waiting:
                return self._waiting.popleft()
            if self._problem is not None:
                raise self._problem
            return None

    def stop(self) -> None:
        """End the thread: at once while packets come, else after the limit of the call that it waits in.

        Raises:
            CameraLostError: FFmpeg kept to none of its limits.
        """
        self._stopping.set()
        if not self._thread.ident:
            return
        self._thread.join(self._options.open_s + 2 * self._options.read_s + 2.0)
        if self._thread.is_alive():
            raise CameraLostError(f"{self._address.shown}: its thread keeps to no limit; it ends when FFmpeg returns")

    def notes(self) -> str:
        """What people should know."""
        words = []
        if self.damaged:
            words.append(f"{self.damaged} frames were damaged on their way")
        if self._clock.jumps:
            words.append(f"the stream's clock jumped {self._clock.jumps} times")
        if self._clock.without_time:
            words.append(f"{self._clock.without_time} frames came without a time")
        return "; ".join(words)

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        problem: DriverError | None = None
        try:
            problem = self._live()
        except DriverError as error:
            problem = error
        except Exception as error:  # noqa: BLE001  whatever a library raised: its text may hold the address
            problem = CameraLostError(f"{self._address.shown} cannot be read further: {type(error).__name__}")
        if problem is not None:
            # An error that was raised while another was handled carries that one, which may hold the address.
            problem.__context__ = problem.__cause__ = None
            problem.__traceback__ = None
        with self._changed:
            self._problem = problem or CameraLostError(f"{self._address.shown} was closed")
            self._changed.notify_all()

    def _live(self) -> DriverError | None:
        from av.logging import Capture

        let_ffmpeg_speak()
        with Capture(local=True) as lines:
            found, transport = self._open(lines)
            if isinstance(found, DriverError):
                return found
            try:
                return self._read(found, transport, lines)
            finally:
                found.close()

    def _open(self, lines: list[LogLine]) -> tuple[Any, str]:
        """The open container, or why there is none; and over what it comes."""
        chosen = self._options.transport
        problem: DriverError | None = None
        ways = [(t, video) for t in (("tcp", "udp") if chosen == "auto" else (chosen,)) for video in (True, False)]
        deadline = time.monotonic() + self._options.open_s
        for transport, video_only in ways:
            left = deadline - time.monotonic()
            if self._stopping.is_set() or left <= 0:
                break
            container, error = self._try(transport, video_only, left)
            if container is not None:
                return container, transport
            problem = problem or why_not_opened(error, lines, self._address, self._login is not None)
            hear(lines, self._scrub, self._address.host)
            # The answers that another way may change: no video in it (all tracks are tried), no such transport.
            if type(error).__name__ != "HTTPOtherClientError":
                break
        return problem or CameraOpenError(f"{self._address.shown} was not opened in time"), ""

    def _try(self, transport: str, video_only: bool, limit_s: float) -> tuple[Any, Any]:
        """(the open container, None), or (None, the error of opening it)."""
        import av

        options = {
            "rtsp_transport": transport,
            "fflags": "nobuffer",
            "flags": "low_delay",
            "max_delay": "50000",  # microseconds; waits only where a packet is missing
            "reorder_queue_size": "64",  # without a queue FFmpeg does not tell that packets are missing
            "buffer_size": str(1 << 21),
            "analyzeduration": "1500000",
            "fpsprobesize": "0",  # the rate is in the SDP or in the first picture; to measure it takes a second
            **({"allowed_media_types": "video"} if video_only else {}),
        }
        limits = (max(0.1, limit_s / 2), self._options.read_s)  # FFmpeg takes the first one twice
        try:
            return av.open(self._address.opened(self._login), "r", options=options, timeout=limits), None
        except (av.error.FFmpegError, OSError, ValueError) as error:
            return None, error

    def _read(self, container: Any, transport: str, lines: list[LogLine]) -> DriverError | None:
        """Until it is stopped (None) or at its end: why."""
        track = next((s for s in container.streams if s.type == "video" and s.codec_context is not None), None)
        if track is None:
            return no_picture(list(container.streams), self._address)
        track.codec_context.thread_type = "SLICE"  # the threads of frames hold pictures back
        reading = Reading(float(track.average_rate or track.guessed_rate or 0))
        deadline = time.monotonic() + self._options.open_s
        for packet, waited_s in self._packets(container, track):
            lost = hear(lines, self._scrub, self._address.host) or bool(packet.is_corrupt)
            for frame in self._decode(packet, waited_s, lost, reading):
                if frame.format is None:
                    continue
                problem = self._give(frame, track, container, transport, reading)
                if problem is not None:
                    return problem
            if self._stopping.is_set():
                return None
            if self._look is None and (time.monotonic() > deadline or reading.packets > _PACKETS_IN_VAIN):
                break
        if self._stopping.is_set():
            return None
        if self._look is not None:
            return CameraLostError(f"{self._address.shown} ended, or gave nothing for {self._options.read_s:g} s")
        if not reading.packets:
            return CameraOpenError(f"{self._address.shown} was opened, and sent no picture")
        return CameraOpenError(
            f"{self._address.shown} sent {reading.packets} packets of {track.codec_context.name}, and no whole "
            "picture; raise open_s, or choose H.264, H.265 or MJPEG on the camera"
        )

    def _packets(self, container: Any, track: Any) -> Iterator[tuple[Any, float]]:
        """Packets, and how long each was waited for; ends at the end, and where the limit of a read has run out."""
        import av

        packets = container.demux(track)
        while True:
            before = time.monotonic()
            try:
                packet = next(packets, None)
            except (av.error.FFmpegError, OSError, ValueError):
                return  # its text holds the address
            if packet is None or not packet.size:
                return
            yield packet, time.monotonic() - before

    def _decode(self, packet: Any, waited_s: float, lost: bool, reading: Reading) -> list[Any]:
        """The pictures that a packet ends. Those that are late or damaged are counted and left out."""
        import av

        now = time.monotonic()
        reading.packets += 1
        reading.lost = reading.lost or lost
        stream_s = None if packet.pts is None else float(packet.pts * packet.time_base)
        behind_s = 0.0 if stream_s is None else reading.edge.behind_s(stream_s, now, waited_s)
        if behind_s > _FAR_BEHIND_S:
            reading.until_whole = True
        if reading.until_whole and self._look is not None:
            if not packet.is_keyframe or behind_s > _BEHIND_S:
                self._number(stream_s, reading)
                self._on_no_room(1)
                return []
            reading.until_whole = False
        reading.is_behind = behind_s > _BEHIND_S
        if lost:
            reading.suspect, reading.whole_by_s = _SUSPECT_PACKETS, now + _DAMAGED_S
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):
            frames = []
            self._damage(stream_s, reading)
        whole = [f for f in frames if not self._is_damaged(f, now, reading)]
        reading.suspect = max(0, reading.suspect - 1)
        return whole

    def _is_damaged(self, frame: Any, now: float, reading: Reading) -> bool:
        if frame.key_frame and not frame.is_corrupt and not reading.suspect:
            reading.whole_by_s = 0.0
        if self._options.keep_damaged or not (frame.is_corrupt or now < reading.whole_by_s):
            return False
        self._damage(frame.time, reading)
        return True

    def _damage(self, stream_s: float | None, reading: Reading) -> None:
        if self._look is None:
            return  # a stream is joined in its middle: what comes before the first whole picture is no loss
        self.damaged += 1
        self._number(stream_s, reading)
        self._on_lost(1)

    def _number(self, stream_s: float | None, reading: Reading) -> int:
        """The number of the frame that came, whatever becomes of it."""
        before = self._numbers.lost
        number = self._numbers.next(stream_s, reading.lost)
        reading.lost = False
        if self._numbers.lost > before:
            self._on_lost(self._numbers.lost - before)
        return number

    def _give(self, frame: Any, track: Any, container: Any, transport: str, reading: Reading) -> DriverError | None:
        """Leave a picture for who takes it; why the connection cannot go on with it."""
        if not reading.edge.is_live:
            return None  # what came before there was anything to wait for is as old as the camera's own buffer
        look = self._look
        if look is None:
            title = self._scrub(str(container.metadata.get("title", "")))
            look = LinkLook(frame.width, frame.height, reading.fps, track.codec_context.name, transport, title)
        elif (frame.width, frame.height) != (look.width, look.height):
            return CameraLostError(
                f"{self._address.shown} changed its pictures from {look.width}x{look.height} to "
                f"{frame.width}x{frame.height} px; it must be opened again"
            )
        pts_ns = None if frame.pts is None else round(frame.pts * frame.time_base * 10**9)
        number = self._number(frame.time, reading)
        device_ns = self._clock.device_ns(pts_ns, self._numbers.period_s or (1 / reading.fps if reading.fps else 0.0))
        if reading.is_behind and self._look is not None:
            self._on_no_room(1)
            return None
        host_ns = now_ns()
        picture = Picture(pixels_of(frame, self._options.kind), number, device_ns, host_ns)
        dropped = 0
        with self._changed:
            self._look = look
            self._waiting.append(picture)
            while len(self._waiting) > _ROOM:
                self._waiting.popleft()
                dropped += 1
            self._changed.notify_all()
        if dropped:
            self._on_no_room(dropped)
        return None
