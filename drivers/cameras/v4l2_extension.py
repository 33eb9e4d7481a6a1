"""Extension units of a USB video device: the maker's own controls, through the kernel's UVCIOC_CTRL_QUERY.

Source: linux/uvcvideo.h and linux/usb/video.h (requests of the USB Video Class, A.8).
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

from drivers.cameras.v4l2 import V4l2Device

_SET_CUR: Final = 0x01
_GET_CUR: Final = 0x81
_GET_LEN: Final = 0x85


class CtrlQuery(ctypes.Structure):
    """``struct uvc_xu_control_query``."""

    _fields_ = (
        ("unit", ctypes.c_uint8),
        ("selector", ctypes.c_uint8),
        ("query", ctypes.c_uint8),
        ("size", ctypes.c_uint16),
        ("data", ctypes.POINTER(ctypes.c_uint8)),
    )


CTRL_QUERY: Final = (3 << 30) | (ctypes.sizeof(CtrlQuery) << 16) | (ord("u") << 8) | 0x21
"""UVCIOC_CTRL_QUERY: _IOWR('u', 0x21, struct uvc_xu_control_query)."""


class ExtensionUnit:
    """One unit of an open device.

    Args:
        unit: its number in the device's descriptor.
    """

    def __init__(self, device: V4l2Device, unit: int) -> None:
        self._device, self._unit = device, unit

    def get(self, selector: int) -> bytes:
        """The value of a control, in the device's byte order.

        Raises:
            OSError: the device has no such unit or control, or did not answer.
            CameraLostError: it is closed.
        """
        return self._query(selector, _GET_CUR, bytes(self._length(selector)))

    def set(self, selector: int, value: bytes) -> None:
        """Set a control; a longer one is filled up with zeros.

        Raises:
            OSError, CameraLostError: as in :meth:`get`.
        """
        self._query(selector, _SET_CUR, value.ljust(self._length(selector), b"\0"))

    def _length(self, selector: int) -> int:
        return int.from_bytes(self._query(selector, _GET_LEN, bytes(2)), "little")

    def _query(self, selector: int, query: int, value: bytes) -> bytes:
        data: Any = (ctypes.c_uint8 * len(value)).from_buffer_copy(value)
        asked = CtrlQuery(self._unit, selector, query, len(value), data)
        with self._device.call() as (fd, _):
            import linuxpy.ioctl

            linuxpy.ioctl.ioctl(fd, CTRL_QUERY, asked)
        return bytes(data)
