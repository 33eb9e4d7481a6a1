"""Video devices that are not there, at the boundary of the kernel: ioctl, poll and mmap, on the kernel's structures.

A device is a real file, so that opening, descriptors and shared memory are real; what the kernel's driver would do with
a call is done here, on the structures of linuxpy (whose layout test_v4l2_structures.py holds against the headers).
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import os
import select
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from drivers.cameras import v4l2, v4l2_nodes
from drivers.cameras.v4l2_extension import CTRL_QUERY
from drivers.cameras.v4l2_formats import Mode, code_of, number_of

BIG = 1 << 32


@dataclass
class Shot:
    """What the device puts into one buffer."""

    data: bytes
    torn: bool = False  # the driver flags an error
    after_s: float | None = None  # since the one before; the device's period by default
    lost_before: int = 0


@dataclass
class FakeControl:
    """One control, of the kernel's types: 1 integer, 2 boolean, 3 menu, 4 button."""

    id: int
    name: str
    type: int
    value: int = 0
    low: int = 0
    high: int = 1
    step: int = 1
    flags: int = 0
    menu: Mapping[int, str] = field(default_factory=dict)


class FakeDevice:
    """One video device.

    Args:
        modes: what it offers.
        shots: makes what it plays, anew at each start; when it ends, the device falls silent.
        period_s: between two pictures.
        loses: a picture that finds no buffer is lost, as in a real driver. By default the device waits for one: on a
            busy machine a test could be late without wanting to.
    """

    def __init__(
        self,
        modes: Sequence[Mode],
        shots: Callable[[Mode], Iterator[Shot]],
        *,
        name: str = "Fake Webcam",
        usb_id: str = "046d:0825",
        serial: str = "",
        port: str = "1-2",
        product: str = "",
        controls: Sequence[FakeControl] = (),
        extension: Mapping[tuple[int, int], bytes] | None = None,
        period_s: float = 0.005,
        captures: bool = True,
        bytes_per_line: int = 0,
        buffers: int = 4,
        obeys_format: bool = True,
        loses: bool = False,
    ) -> None:
        self.modes, self.shots, self.period_s = list(modes), shots, period_s
        self.name, self.usb_id, self.serial, self.port, self.product = name, usb_id, serial, port, product
        self.controls = {c.id: c for c in controls}
        self.extension = dict(extension or {})
        self.captures, self.bytes_per_line, self.max_buffers = captures, bytes_per_line, buffers
        self.obeys_format, self.loses = obeys_format, loses
        self.error: int = 0
        """An errno that every call from now on ends with: ENODEV for an unplugged device."""
        self.busy = False
        self.asked: list[str] = []
        self.lock = threading.RLock()
        self.mode = self.modes[0] if self.modes else Mode("YUYV", 640, 480)
        self.rate = 0.0
        self.path = Path()
        self._reset()

    def _reset(self) -> None:
        self.queued: list[int] = []
        self.done: list[Any] = []
        self.count = 0
        self.streaming = False
        self.playing: Iterator[Shot] = iter(())
        self.sequence = 0
        self.due = 0.0
        self.next: Shot | None = None

    # -- the driver ---------------------------------------------------------------------------------------------------

    @property
    def line(self) -> int:
        size = {"YUYV": 2, "UYVY": 2, "Y16 ": 2, "Y10 ": 2, "RGB3": 3, "BGR3": 3}.get(self.mode.code, 1)
        if self.mode.code in ("MJPG", "JPEG"):
            return 0
        return max(self.bytes_per_line, self.mode.width * size)

    @property
    def size(self) -> int:
        rows = self.mode.height * 3 // 2 if self.mode.code in ("NV12", "YU12") else self.mode.height
        return self.line * rows if self.line else self.mode.width * self.mode.height * 2

    @property
    def stride(self) -> int:
        page = os.sysconf("SC_PAGESIZE")
        return -(-self.size // page) * page

    def ready(self) -> bool:
        """Whether a buffer is done; plays what is due."""
        with self.lock:
            now = time.monotonic()
            while self.streaming and not self.error:
                if self.next is None:
                    self.next = next(self.playing, None)
                    if self.next is None:
                        break
                    self.due += self.period_s if self.next.after_s is None else self.next.after_s
                if self.due > now or not (self.queued or self.loses):
                    break
                self._fill(self.next)
                self.next = None
            return bool(self.done) or bool(self.error)

    def _fill(self, shot: Shot) -> None:
        self.sequence += shot.lost_before
        if self.queued:  # else there is no room, and the frame is lost: its number is used up
            import linuxpy.video.device as video

            index = self.queued.pop(0)
            assert len(shot.data) <= self.stride, "the fake's picture is larger than its buffer"
            with self.path.open("r+b") as file:
                file.seek(index * self.stride)
                file.write(shot.data)
            buffer = video.raw.v4l2_buffer()
            buffer.index, buffer.type, buffer.memory = index, video.BufferType.VIDEO_CAPTURE, video.Memory.MMAP
            buffer.bytesused, buffer.sequence, buffer.length = len(shot.data), self.sequence % BIG, self.stride
            buffer.flags = video.BufferFlag.TIMESTAMP_MONOTONIC | (video.BufferFlag.ERROR if shot.torn else 0)
            micros = round(self.due * 1e6)
            buffer.timestamp.secs, buffer.timestamp.usecs = divmod(micros, 1_000_000)
            self.done.append(buffer)
        self.sequence += 1

    def ioctl(self, request: int, arg: Any) -> None:
        """As the kernel does it; raises what the kernel would say."""
        import linuxpy.video.device as video

        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        with self.lock:
            if request % BIG == CTRL_QUERY % BIG:
                self._extension(arg)
                return
            for call in video.IOC:
                if call.value % BIG == request % BIG:
                    handler = getattr(self, f"_{call.name.lower()}", None)
                    if handler is not None:
                        self.asked.append(call.name)
                        handler(arg, video)
                        return
        raise OSError(errno.ENOTTY, "not this call")

    def _querycap(self, arg: Any, video: Any) -> None:
        caps = video.Capability
        arg.driver, arg.card, arg.bus_info = b"uvcvideo", self.name.encode(), f"usb-{self.port}".encode()
        own = (caps.VIDEO_CAPTURE if self.captures else caps.META_CAPTURE) | caps.STREAMING
        arg.device_caps = own
        arg.capabilities = own | caps.VIDEO_CAPTURE | caps.DEVICE_CAPS

    def _enum_fmt(self, arg: Any, video: Any) -> None:
        codes = list(dict.fromkeys(m.code for m in self.modes))
        arg.pixelformat = number_of(_nth(codes, arg.index))
        arg.description = b"a format"

    def _enum_framesizes(self, arg: Any, video: Any) -> None:
        mode = _nth([m for m in self.modes if m.code == code_of(arg.pixel_format)], arg.index)
        arg.type = video.FrameSizeType.DISCRETE
        arg.m1.discrete.width, arg.m1.discrete.height = mode.width, mode.height

    def _enum_frameintervals(self, arg: Any, video: Any) -> None:
        mode = self._mode_of(arg.pixel_format, arg.width, arg.height)
        rate = _nth(list(mode.rates) if mode else [], arg.index)
        arg.type = video.FrameIntervalType.DISCRETE
        arg.discrete.numerator, arg.discrete.denominator = 1000, round(rate * 1000)

    def _s_fmt(self, arg: Any, video: Any) -> None:
        if self.busy:
            raise OSError(errno.EBUSY, "busy")
        pix = arg.fmt.pix
        mode = self._mode_of(pix.pixelformat, pix.width, pix.height) if self.obeys_format else None
        self.mode = mode or self.modes[0]
        self._g_fmt(arg, video)

    def _g_fmt(self, arg: Any, video: Any) -> None:
        pix = arg.fmt.pix
        pix.pixelformat, pix.width, pix.height = number_of(self.mode.code), self.mode.width, self.mode.height
        pix.bytesperline, pix.sizeimage = self.line, self.size

    def _s_parm(self, arg: Any, video: Any) -> None:
        period = arg.parm.capture.timeperframe
        asked = period.denominator / period.numerator
        self.rate = min(self.mode.rates, key=lambda r: abs(r - asked), default=0.0)
        self._g_parm(arg, video)

    def _g_parm(self, arg: Any, video: Any) -> None:
        period = arg.parm.capture.timeperframe
        period.numerator, period.denominator = 1000, round(self.rate * 1000)

    def _reqbufs(self, arg: Any, video: Any) -> None:
        if arg.count == 0:
            if self._is_mapped():
                raise OSError(errno.EBUSY, "buffers are still mapped")
            self._reset()
            return
        if self.busy or self.count:
            raise OSError(errno.EBUSY, "busy")
        self.count = arg.count = min(arg.count, self.max_buffers)
        with self.path.open("r+b") as file:
            file.truncate(self.stride * self.count)

    def _is_mapped(self) -> bool:
        return str(self.path) in Path("/proc/self/maps").read_text()

    def _querybuf(self, arg: Any, video: Any) -> None:
        if arg.index >= self.count:
            raise OSError(errno.EINVAL, "no such buffer")
        arg.length, arg.m.offset = self.stride, arg.index * self.stride

    def _qbuf(self, arg: Any, video: Any) -> None:
        if arg.index >= self.count or arg.index in self.queued:
            raise OSError(errno.EINVAL, "no such buffer")
        self.queued.append(arg.index)

    def _dqbuf(self, arg: Any, video: Any) -> None:
        if not self.streaming:
            raise OSError(errno.EINVAL, "not streaming")
        if not self.ready():
            raise OSError(errno.EAGAIN, "nothing yet")
        ctypes.memmove(ctypes.byref(arg), ctypes.byref(self.done.pop(0)), ctypes.sizeof(arg))

    def _streamon(self, arg: Any, video: Any) -> None:
        self.streaming, self.playing, self.due = True, self.shots(self.mode), time.monotonic()

    def _streamoff(self, arg: Any, video: Any) -> None:
        self.streaming = False

    def _query_ext_ctrl(self, arg: Any, video: Any) -> None:
        flags = video.ControlFlag.NEXT_CTRL | video.ControlFlag.NEXT_COMPOUND
        last = arg.id & ~flags
        found = next((c for i, c in sorted(self.controls.items()) if i > last), None)
        if found is None:
            raise OSError(errno.EINVAL, "no more")
        arg.id, arg.type, arg.name, arg.flags = found.id, found.type, found.name.encode(), found.flags
        arg.minimum, arg.maximum, arg.step, arg.default_value = found.low, found.high, found.step, found.low

    def _querymenu(self, arg: Any, video: Any) -> None:
        text = self.controls[arg.id].menu.get(arg.index)
        if text is None:
            raise OSError(errno.EINVAL, "no such entry")
        arg.name = text.encode()

    def _g_ctrl(self, arg: Any, video: Any) -> None:
        arg.value = self.controls[arg.id].value

    def _s_ctrl(self, arg: Any, video: Any) -> None:
        control = self.controls[arg.id]
        if control.flags & video.ControlFlag.INACTIVE:
            raise OSError(errno.EACCES, "ruled by another control")
        if not control.low <= arg.value <= control.high:
            raise OSError(errno.ERANGE, "out of range")
        control.value = arg.value

    def _extension(self, arg: Any) -> None:
        key = (arg.unit, arg.selector)
        if key not in self.extension:
            raise OSError(errno.ENOENT, "no such control")
        value = self.extension[key]
        if arg.query == 0x85:
            arg.data[0], arg.data[1] = len(value) & 0xFF, len(value) >> 8
            return
        if arg.size != len(value):
            raise OSError(errno.ENOBUFS, "wrong size")
        if arg.query == 0x81:
            for i, byte in enumerate(value):
                arg.data[i] = byte
        else:
            self.extension[key] = bytes(arg.data[i] for i in range(len(value)))

    def _mode_of(self, number: int, width: int, height: int) -> Mode | None:
        same = (m for m in self.modes if (m.code, m.width, m.height) == (code_of(number), width, height))
        return next(same, None)


class FakeKernel:
    """The kernel's side of video devices; made by the fixture ``kernel``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        import linuxpy.ioctl

        self.dev, self.sys, self.usb = folder / "dev", folder / "sys" / "class", folder / "sys" / "usb"
        for made in (self.dev, self.sys, self.usb):
            made.mkdir(parents=True)
        self.devices: dict[int, FakeDevice] = {}  # inode -> device
        self._number = itertools.count()
        monkeypatch.setattr(v4l2_nodes, "SYS", self.sys)
        monkeypatch.setattr(v4l2_nodes, "DEV", self.dev)
        monkeypatch.setattr(linuxpy.ioctl, "fcntl", SimpleNamespace(ioctl=self._ioctl))
        names = {name: getattr(select, name) for name in ("POLLIN", "POLLERR", "POLLHUP")}
        monkeypatch.setattr(v4l2, "select", SimpleNamespace(poll=lambda: _Poll(self), **names))

    def plug(self, device: FakeDevice, index: int = 0, number: int | None = None) -> Path:
        """The device appears; its path."""
        number = next(self._number) if number is None else number
        device.path = self.dev / f"video{number}"
        device.path.touch()
        device.error = 0
        device._reset()
        self.devices[device.path.stat().st_ino] = device
        folder = self.sys / device.path.name
        folder.mkdir()
        (folder / "name").write_text(f"{device.name}\n")
        (folder / "index").write_text(f"{index}\n")
        if device.port:
            usb = self.usb / device.port
            (usb / f"{device.port}:1.{index}").mkdir(parents=True, exist_ok=True)
            vendor, product = device.usb_id.split(":")
            texts = {"idVendor": vendor, "idProduct": product, "serial": device.serial, "product": device.product}
            for name, text in texts.items():
                if text:
                    (usb / name).write_text(f"{text}\n")
            (folder / "device").symlink_to(usb / f"{device.port}:1.{index}")
        return device.path

    def unplug(self, device: FakeDevice) -> None:
        """The device goes, in whatever it is doing."""
        device.error = errno.ENODEV
        folder = self.sys / device.path.name
        for child in folder.iterdir():
            child.unlink()
        folder.rmdir()
        device.path.unlink()

    def device_of(self, fd: int) -> FakeDevice | None:
        return self.devices.get(os.fstat(fd).st_ino)

    def _ioctl(self, fd: Any, request: int, *args: Any) -> int:
        device = self.device_of(fd if isinstance(fd, int) else fd.fileno())
        if device is None:
            raise OSError(errno.ENOTTY, "no video device")
        device.ioctl(int(request), args[0])
        return 0


class _Poll:
    """select.poll for one fake device."""

    def __init__(self, kernel: FakeKernel) -> None:
        self._kernel = kernel
        self._fd = -1

    def register(self, fd: int, events: int) -> None:
        assert events == select.POLLIN
        self._fd = fd

    def poll(self, timeout_ms: int) -> list[tuple[int, int]]:
        device = self._kernel.device_of(self._fd)
        assert device is not None
        deadline = time.monotonic() + timeout_ms / 1000
        while not device.ready():
            if time.monotonic() >= deadline:
                return []
            time.sleep(0.001)
        return [(self._fd, select.POLLERR | select.POLLHUP if device.error else select.POLLIN)]


def _nth(items: Sequence[Any], index: int) -> Any:
    if index >= len(items):
        raise OSError(errno.EINVAL, "no more")
    return items[index]
