"""The features of an open GenICam camera, by name and text: what each is, may be, and is set to."""

from __future__ import annotations

import difflib
import math
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from drivers.camera import Control, ControlKind
from drivers.cameras.genicam_aravis import as_error, glib_error
from drivers.errors import CameraError, CameraLostError, UnsupportedFeatureError

T = TypeVar("T")

_MOST_NAMES = 12


class Features:
    """Reads, checks and writes. For any thread: one at a time uses the camera's description of itself.

    Args:
        aravis: the library.
        camera: an ``Aravis.Camera``.
    """

    def __init__(self, aravis: Any, camera: Any) -> None:
        self._aravis = aravis
        self._camera = camera
        self._device = camera.get_device()
        self._lock = threading.RLock()

    def has(self, name: str) -> bool:
        """Whether the camera has the feature and it means something now."""
        return self._node(name) is not None and bool(self._ask(name, lambda: self._device.is_feature_available(name)))

    def names(self) -> list[str]:
        """Of every feature, in the camera's own order."""
        with self._lock:
            out: list[str] = []
            self._walk("Root", out, set())
            return out

    def read(self, name: str) -> str | None:
        """The value as text; None when there is none that can be read."""
        with self._lock:
            try:
                if self._is(name, "GcBoolean"):
                    return "on" if self._device.get_boolean_feature_value(name) else "off"
                if self._is(name, "GcEnumeration") or self._is(name, "GcString"):
                    return str(self._device.get_string_feature_value(name))
                if self._is(name, "GcFloat"):
                    return f"{self._device.get_float_feature_value(name):.10g}"
                if self._is(name, "GcInteger"):
                    return str(self._device.get_integer_feature_value(name))
            except glib_error() as error:
                found = as_error(error, name)
                if isinstance(found, CameraLostError):
                    raise found from error
            return None

    def number(self, name: str) -> float | None:
        """The value of a number; None when the camera has no such number."""
        text = self.read(name) if self.has(name) else None
        try:
            value = float(text) if text is not None else math.nan
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def entries(self, name: str) -> tuple[str, ...]:
        """What an enumeration may be now; empty for what is none."""
        with self._lock:
            if not self._is(name, "GcEnumeration"):
                return ()
            found = self._ask(name, lambda: self._device.dup_available_enumeration_feature_values_as_strings(name))
            return tuple(found or ())

    def write(self, name: str, value: str) -> None:
        """Set a feature from text; a command is done, whatever its value.

        Raises:
            UnsupportedFeatureError: there is no such feature, or the value is none it takes; the message lists what is.
            CameraLostError: the camera does not answer.
        """
        with self._lock:
            if self._node(name) is None:
                raise UnsupportedFeatureError(f"the camera has no feature {name!r}{self._near(name)}")
            if self._is(name, "GcCommand"):
                self._do(name, lambda: self._device.execute_command(name))
            elif self._is(name, "GcBoolean"):
                self._write_switch(name, value)
            elif self._is(name, "GcEnumeration"):
                entries = self.entries(name)
                if value not in entries:
                    words = ", ".join(entries) or "nothing now"
                    raise UnsupportedFeatureError(f"{name} may be {words}; found {value!r}")
                self._do(name, lambda: self._device.set_string_feature_value(name, value))
            elif self._is(name, "GcFloat") or self._is(name, "GcInteger"):
                self._write_number(name, value)
            elif self._is(name, "GcString"):
                self._do(name, lambda: self._device.set_string_feature_value(name, value))
            else:
                raise UnsupportedFeatureError(f"{name} is nothing that can be set")

    def limits(self, name: str) -> tuple[float, float, float] | None:
        """Lowest, highest and step of a number; None for what is none, or has no limits."""
        with self._lock:
            if self._is(name, "GcEnumeration"):
                return None
            is_float = self._is(name, "GcFloat")
            if not is_float and not self._is(name, "GcInteger"):
                return None
            kind = "float" if is_float else "integer"
            bounds = self._ask(name, lambda: getattr(self._device, f"get_{kind}_feature_bounds")(name))
            step = self._ask(name, lambda: getattr(self._device, f"get_{kind}_feature_increment")(name))
            if bounds is None:
                return None
            return float(bounds[0]), float(bounds[1]), float(step or 0)

    def control(self, called: str, name: str) -> Control | None:
        """A feature as a control of its own name; None when the camera does not have it."""
        with self._lock:
            if not self.has(name):
                return None
            if self._is(name, "GcCommand"):
                return Control(called, ControlKind.ACTION, None)
            value = self.read(name)
            if self._is(name, "GcBoolean"):
                return Control(called, ControlKind.SWITCH, value)
            if entries := self.entries(name):
                return Control(called, ControlKind.CHOICE, value, choices=entries)
            limits = self.limits(name)
            if limits is None:
                return Control(called, ControlKind.CHOICE, value, read_only=True)
            low, high, step = limits
            return Control(called, ControlKind.NUMBER, value, low, high, step or None)

    # -- within -------------------------------------------------------------------------------------------------------

    def _write_switch(self, name: str, value: str) -> None:
        words = {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}
        if value.lower() not in words:
            raise UnsupportedFeatureError(f"{name} is on or off; found {value!r}")
        self._do(name, lambda: self._device.set_boolean_feature_value(name, words[value.lower()]))

    def _write_number(self, name: str, value: str) -> None:
        is_float = self._is(name, "GcFloat")
        limits = self.limits(name)
        low, high, step = limits if limits is not None else (-math.inf, math.inf, 0.0)
        try:
            number = float(value) if is_float else float(int(value, 0))
        except ValueError:
            number = math.nan
        off = 0.0 if is_float or step <= 1 else (number - low) % step
        if not low <= number <= high or off:  # NaN, too, is refused
            words = f"{'a number' if is_float else 'a whole number'} from {low:g} to {high:g}"
            raise UnsupportedFeatureError(
                f"{name} takes {words}{f' in steps of {step:g}' if step > 1 and not is_float else ''}; found {value!r}"
            )
        if is_float:
            self._do(name, lambda: self._device.set_float_feature_value(name, number))
        else:
            self._do(name, lambda: self._device.set_integer_feature_value(name, int(value, 0)))

    def _node(self, name: str) -> Any:
        with self._lock:
            return self._device.get_feature(name)

    def _is(self, name: str, kind: str) -> bool:
        return isinstance(self._node(name), getattr(self._aravis, kind))

    def _do(self, name: str, action: Callable[[], Any]) -> None:
        try:
            action()
        except glib_error() as error:
            found = as_error(error, f"{name} could not be set")
            if isinstance(found, CameraLostError):
                raise found from error
            raise UnsupportedFeatureError(str(found)) from error

    def _ask(self, name: str, question: Callable[[], T]) -> T | None:
        """An answer, None where the camera has none; a camera that does not answer at all is an error."""
        with self._lock:
            try:
                return question()
            except glib_error() as error:
                found: CameraError = as_error(error, name)
                if isinstance(found, CameraLostError):
                    raise found from error
                return None

    def _near(self, name: str) -> str:
        every = self.names()
        lower = {one.lower(): one for one in every}
        near = [lower[one] for one in difflib.get_close_matches(name.lower(), lower, _MOST_NAMES, 0.5)]
        near += [one for one in every if name.lower() in one.lower() and one not in near]
        chosen = (near or every)[:_MOST_NAMES]
        more = "" if near or len(every) <= _MOST_NAMES else f" and {len(every) - _MOST_NAMES} more"
        return f"; there {'are' if len(chosen) > 1 else 'is'} {', '.join(chosen)}{more}" if chosen else ""

    def _walk(self, name: str, out: list[str], seen: set[str]) -> None:
        if name in seen:  # a description may name a feature in two categories
            return
        seen.add(name)
        node = self._device.get_feature(name)
        if isinstance(node, self._aravis.GcCategory):
            for one in node.get_features():
                self._walk(one, out, seen)
        elif node is not None:
            out.append(name)
