"""The settings of a V4L2 device as controls: exposure, gain, brightness, mains frequency, and whatever else it has."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from drivers.camera import Control, ControlKind
from drivers.cameras.v4l2 import V4l2Device
from drivers.errors import CameraLostError, UnsupportedFeatureError

_NAMES: Final = {
    0x980900: ("brightness", 1.0),
    0x980901: ("contrast", 1.0),
    0x980902: ("saturation", 1.0),
    0x980910: ("gamma", 1.0),
    0x98090C: ("white_balance_auto", 1.0),
    0x980913: ("gain", 1.0),
    0x980918: ("power_line", 1.0),
    0x98091A: ("white_balance_k", 1.0),
    0x98091B: ("sharpness", 1.0),
    0x98091C: ("backlight", 1.0),
    0x9A0901: ("exposure_auto", 1.0),
    0x9A0902: ("exposure_us", 100.0),
    0x9A0903: ("exposure_may_slow_frames", 1.0),
    0x9A090A: ("focus", 1.0),
    0x9A090C: ("focus_auto", 1.0),
    0x9A090D: ("zoom", 1.0),
}
"""The kernel's number of a control (linux/v4l2-controls.h) -> our word, and our unit's worth of one kernel's step."""

OPTIONS: Final = frozenset(name for name, _ in _NAMES.values())
"""Controls that may be set in a source."""

_GONE: Final = (errno.ENODEV, errno.ENXIO, errno.ESHUTDOWN)


@dataclass(frozen=True, slots=True)
class _Setting:
    id: int
    name: str
    kind: ControlKind
    low: int
    high: int
    step: int
    scale: float
    menu: tuple[tuple[int, str], ...]
    read_only: bool
    readable: bool


class DeviceControls:
    """The controls of an open device.

    Args:
        source: for messages.
    """

    def __init__(self, device: V4l2Device, source: str) -> None:
        self._device, self._source = device, source
        with device.call() as (fd, video):
            self._settings = {s.name: s for s in _settings(fd, video)}

    def controls(self) -> list[Control]:
        """All of them with their values now; none once the device is gone."""
        try:
            with self._device.call() as (fd, video):
                # Read anew: automatic exposure makes the manual one unsettable, and back.
                self._settings = {s.name: s for s in _settings(fd, video)} or self._settings
                return [_control(s, self._value(s, fd, video)) for s in self._settings.values()]
        except CameraLostError:
            return []

    def __contains__(self, name: str) -> bool:
        return name in self._settings

    def set(self, name: str, value: str) -> None:
        """Set one.

        Raises:
            UnsupportedFeatureError: there is no such control, or the value is none it takes.
            CameraLostError: the device is closed or gone.
        """
        setting = self._settings.get(name)
        if setting is None:
            known = ", ".join(sorted(self._settings)) or "none at all"
            raise UnsupportedFeatureError(f"{self._source} has no control {name!r}; it has {known}")
        number = self._number(setting, value)
        with self._device.call() as (fd, video):
            try:
                video.set_control(fd, setting.id, number)
            except OSError as error:
                why = os.strerror(error.errno or 0)
                if error.errno in _GONE:
                    raise CameraLostError(f"{self._source} is gone: {name} cannot be set ({why})") from error
                hint = ", or an automatic control rules it: turn that off first" if setting.read_only else ""
                raise UnsupportedFeatureError(
                    f"{self._source} did not take {name}={value} ({why}); {_takes(setting)}{hint}"
                ) from error

    def values(self) -> dict[str, str]:
        """The controls that can be set in a source, with their values now, for the session."""
        return {c.name: c.value for c in self.controls() if c.name in OPTIONS and c.value is not None}

    def _value(self, setting: _Setting, fd: int, video: Any) -> str | None:
        if setting.kind is ControlKind.ACTION or not setting.readable:
            return None
        try:
            number = int(video.get_control(fd, setting.id))
        except OSError:
            return None
        if setting.kind is ControlKind.SWITCH:
            return "on" if number else "off"
        if setting.kind is ControlKind.CHOICE:
            return dict(setting.menu).get(number)
        return f"{number * setting.scale:g}" if abs(number * setting.scale) < 1e6 else f"{number * setting.scale:.0f}"

    def _number(self, setting: _Setting, value: str) -> int:
        """What the kernel is given for a text."""
        if setting.kind is ControlKind.ACTION:
            return 1
        if setting.kind is ControlKind.SWITCH and value.lower() in ("on", "off"):
            return int(value.lower() == "on")
        if setting.kind is ControlKind.CHOICE:
            for number, word in setting.menu:
                if word == value:
                    return number
        if setting.kind is ControlKind.NUMBER:
            try:
                wanted = float(value) / setting.scale
            except ValueError:
                wanted = float("nan")
            if setting.low <= wanted <= setting.high:
                steps = round((wanted - setting.low) / max(1, setting.step))
                return min(setting.high, setting.low + steps * max(1, setting.step))
        raise UnsupportedFeatureError(f"{self._source}: {setting.name} cannot be {value!r}; {_takes(setting)}")


def _settings(fd: int, video: Any) -> Iterator[_Setting]:
    types, flags = video.ControlType, video.ControlFlag
    kinds = {
        types.INTEGER: ControlKind.NUMBER,
        types.BOOLEAN: ControlKind.SWITCH,
        types.MENU: ControlKind.CHOICE,
        types.INTEGER_MENU: ControlKind.CHOICE,
        types.BUTTON: ControlKind.ACTION,
    }
    for raw in list(video.iter_read_controls(fd)):
        kind = kinds.get(raw.type)
        if kind is None or raw.flags & (flags.DISABLED | flags.HAS_PAYLOAD):
            continue  # headings, texts and tables
        name, scale = _NAMES.get(raw.id, (_word(raw.name.decode("utf-8", "replace")), 1.0))
        yield _Setting(
            raw.id,
            name,
            kind,
            raw.minimum,
            raw.maximum,
            raw.step,
            scale,
            tuple(_menu(fd, video, raw)) if kind is ControlKind.CHOICE else (),
            read_only=bool(raw.flags & (flags.READ_ONLY | flags.INACTIVE | flags.GRABBED)),
            readable=not raw.flags & flags.WRITE_ONLY,
        )


def _menu(fd: int, video: Any, control: Any) -> Iterator[tuple[int, str]]:
    wanted = video.raw.v4l2_querymenu()
    wanted.id = control.id
    span = {"start": control.minimum, "stop": control.maximum + 1, "ignore_einval": True}
    for item in video.iter_read(fd, video.IOC.QUERYMENU, wanted, **span):
        is_menu = control.type == video.ControlType.MENU
        yield item.index, _word(item.name.decode("utf-8", "replace")) if is_menu else str(item.value)


def _word(text: str) -> str:
    """``White Balance, Auto`` as ``white_balance_auto``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "unnamed"


def _control(setting: _Setting, value: str | None) -> Control:
    is_number = setting.kind is ControlKind.NUMBER
    return Control(
        setting.name,
        setting.kind,
        value,
        setting.low * setting.scale if is_number else None,
        setting.high * setting.scale if is_number else None,
        setting.step * setting.scale if is_number else None,
        tuple(word for _, word in setting.menu),
        setting.read_only,
    )


def _takes(setting: _Setting) -> str:
    if setting.kind is ControlKind.SWITCH:
        return "it takes on or off"
    if setting.kind is ControlKind.CHOICE:
        return f"it takes {', '.join(word for _, word in setting.menu)}"
    if setting.kind is ControlKind.NUMBER:
        return f"it takes {setting.low * setting.scale:g} to {setting.high * setting.scale:g}"
    return "it is an action and takes no value"
