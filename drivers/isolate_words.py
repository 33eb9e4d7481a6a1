"""What a camera's child process and its parent say to each other, and how it is written.

Parent to child: a JSON object a line. Child to parent: a byte for the kind, four for the length, then a JSON object, or
one frame's record (its pixels lie in shared memory).
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import drivers.errors
from drivers.camera import Control, ControlKind
from drivers.errors import CameraLostError, CameraOpenError, DriverError
from drivers.frame import Frame, FrameFlag

JSON: Final = b"J"
FRAME: Final = b"F"

_HEAD: Final = struct.Struct("<cI")
_FRAME: Final = struct.Struct("<IIqqqI")
_MOST_BYTES: Final = 64 << 20
"""Of one message; more is no message of ours."""


class FrameRecord(NamedTuple):
    """A frame without its pixels: ``info`` counts the descriptions that were told, ``slot`` says where they lie."""

    info: int
    slot: int
    number: int
    device_ns: int
    host_ns: int
    flags: FrameFlag
    encoded: bytes | None


def write_json(message: Mapping[str, Any]) -> bytes:
    """A JSON message of the child; dataclasses become objects."""
    data = json.dumps(message, default=_plain).encode()
    return _HEAD.pack(JSON, len(data)) + data


def write_frame(info: int, slot: int, frame: Frame) -> bytes:
    """A frame's record."""
    encoded = frame.encoded or b""
    record = _FRAME.pack(info, slot, frame.number, frame.device_ns, frame.host_ns, int(frame.flags))
    return _HEAD.pack(FRAME, len(record) + len(encoded)) + record + encoded


def read_frame(data: bytes) -> FrameRecord:
    """The reverse of :func:`write_frame`, without the head."""
    info, slot, number, device_ns, host_ns, flags = _FRAME.unpack_from(data)
    return FrameRecord(info, slot, number, device_ns, host_ns, FrameFlag(flags), data[_FRAME.size :] or None)


class Messages:
    """Cuts what comes out of a pipe into messages."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The kind and the content of every message that is whole now.

        Raises:
            ValueError: these are no messages of ours.
        """
        rest = self._rest
        rest += data
        at = 0
        try:
            while len(rest) - at >= _HEAD.size:
                kind, length = _HEAD.unpack_from(rest, at)
                if kind not in (JSON, FRAME) or length > _MOST_BYTES:
                    raise ValueError(f"no message begins with {bytes(rest[at : at + _HEAD.size])!r}")
                end = at + _HEAD.size + length
                if len(rest) < end:
                    return
                content = bytes(rest[at + _HEAD.size : end])
                at = end
                yield kind, content
        finally:
            del rest[:at]


def resolve(entry: str) -> Callable[..., Any]:
    """What ``package.module:name`` or ``package.module:Class.method`` names.

    Raises:
        CameraOpenError: it names nothing that can be called.
    """
    module, _, path = entry.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except (ImportError, AttributeError, ValueError) as error:
        raise CameraOpenError(f"{entry} cannot be loaded: {error}; install the program again") from error
    if not callable(found):
        raise CameraOpenError(f"{entry} is a {type(found).__name__}, nothing that can be called")
    return found  # type: ignore[no-any-return]  # callable, as was just seen


def error_to_json(error: BaseException) -> dict[str, str]:
    """An error as the other side can raise it: the nearest kind that drivers/errors.py knows, and its words."""
    for kind in type(error).__mro__:
        if isinstance(error, DriverError) and getattr(drivers.errors, kind.__name__, None) is kind:
            return {"kind": kind.__name__, "message": str(error)}
    return {"kind": "", "message": f"{type(error).__name__}: {error}"}


def error_from_json(data: Mapping[str, Any], otherwise: type[DriverError], doing: str) -> DriverError:
    """The reverse; what was no DriverError becomes one of the kind ``otherwise``, which says what was being done."""
    kind = getattr(drivers.errors, str(data.get("kind")), None)
    message = str(data.get("message"))
    if isinstance(kind, type) and issubclass(kind, DriverError):
        return kind(message)
    return otherwise(f"{doing} failed: {message}")


def again(error: DriverError) -> DriverError:
    """The same error, to be raised another time."""
    return type(error)(*error.args)


def control_from_json(data: Mapping[str, Any]) -> Control:
    """The reverse of ``dataclasses.asdict``."""
    return Control(**{**data, "kind": ControlKind(data["kind"]), "choices": tuple(data["choices"])})


def at(where: str) -> str:
    """In brackets, for the end of a clause."""
    return f" (in {where})" if where else ""


def ending(how: str, where: str, said: str, doing: str = "") -> str:
    """How a process ended, for people."""
    return f"{how}{doing and f' while {doing}'}{at(where)}{f'; it last said: {said}' if said else ''}"


def lost(source: str) -> CameraLostError:
    """For a camera that is not open."""
    return CameraLostError(f"{source} is not open; open it before reading")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} has no place in JSON")
