"""A RealSense's options as controls: with units in their names, words for their values, limits from the camera."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from drivers.camera import Control, ControlKind
from drivers.cameras.realsense_profiles import shorter
from drivers.cameras.realsense_words import explained
from drivers.errors import UnsupportedFeatureError

_NAMES: Final = {
    "exposure": "exposure_us",
    "enable_auto_exposure": "auto_exposure",
    "enable_auto_white_balance": "auto_white_balance",
    "emitter_enabled": "emitter",
    "laser_power": "laser_mw",
    "visual_preset": "preset",
    "depth_units": "depth_unit_m",
    "white_balance": "white_balance_k",
    "asic_temperature": "asic_temperature_c",
    "projector_temperature": "projector_temperature_c",
}
"""The SDK's word -> ours, where a unit or a plain word says more."""

_HIDDEN: Final = frozenset({"frames_queue_size", "global_time_enabled", "error_polling_enabled", "unknown"})
"""What this program sets itself, or what only harms."""

_WORDS: Final = {"emitter_enabled": ("off", "on", "auto", "led")}
_COLOR_EXPOSURE_US: Final = 100.0
"""The RGB module counts its exposure in units of 100 us (UVC's), the stereo module in us."""

_MOST_CHOICES: Final = 32
_BY_HAND: Final = ("exposure_us", "gain")
"""Setting one of them ends the automatic exposure of their sensor."""


@dataclass(frozen=True, slots=True)
class _Option:
    """One option of one sensor."""

    sensor: Any
    key: Any
    name: str
    kind: ControlKind
    factor: float
    low: float
    high: float
    step: float
    choices: tuple[str, ...]
    numbers: tuple[float, ...]
    read_only: bool


class Controls:
    """The options of a device's sensors.

    Args:
        rs: the SDK.
        sensors: of the open device; the first with depth or infrared gives plain names, colour's begin with
            ``color_``, those of the motion module with ``motion_``.
        line: the product line, whose presets the SDK has names for.
    """

    def __init__(self, rs: Any, sensors: Sequence[Any], line: str, source: str) -> None:
        self._rs = rs
        self._line = line
        self._source = source
        self._options: dict[str, _Option] = {}
        for sensor in sensors:
            prefix = _prefix(sensor)
            for key in sensor.get_supported_options():
                option = self._describe(sensor, key, prefix)
                if option is not None:
                    self._options.setdefault(option.name, option)

    def controls(self) -> list[Control]:
        """All, with their values now."""
        out = [self._control(option) for option in self._options.values()]
        emitter = self._options.get("emitter")
        if emitter is not None:
            now = self._value(emitter)
            value = None if now is None else "off" if now == "off" else "on"
            out.append(Control("laser", ControlKind.SWITCH, value, read_only=emitter.read_only))
        return out

    def values(self) -> dict[str, str]:
        """Control -> value, of those that have one."""
        return {c.name: c.value for c in self.controls() if c.value is not None}

    def set(self, name: str, value: str) -> None:
        """Set one; exposure or gain by hand ends the automatic exposure of their sensor.

        Raises:
            UnsupportedFeatureError: no such control, or none of its values.
            CameraError: the camera refuses.
        """
        if name == "laser":
            if value not in ("on", "off"):
                raise UnsupportedFeatureError(f"{self._source}: laser takes on or off, found {value!r}")
            name = "emitter"
        option = self._options.get(name)
        if option is None:
            known = ", ".join(self._options) or "none at all"
            raise UnsupportedFeatureError(f"{self._source} has no control {name!r}; it has {known}")
        if option.read_only:
            raise UnsupportedFeatureError(f"{self._source}: {name} can be read, but not set")
        number = self._number(option, value)
        for by_hand in _BY_HAND:
            automatic = self._options.get(name.removesuffix(by_hand) + "auto_exposure")
            if name.endswith(by_hand) and automatic is not None and self._value(automatic) == "on":
                self._write(automatic, 0.0)
        self._write(option, number)

    # -- within -------------------------------------------------------------------------------------------------------

    def _describe(self, sensor: Any, key: Any, prefix: str) -> _Option | None:
        word = key.name
        if word in _HIDDEN:
            return None
        try:
            limits = sensor.get_option_range(key)
            read_only = bool(sensor.is_option_read_only(key))
        except RuntimeError:  # listed, but not there: some options come and go with others
            return None
        low, high, step = shorter(limits.min), shorter(limits.max), shorter(limits.step)
        if high <= low:  # a recording's, that is what it was and no more
            read_only = True
            low, high, step = (0.0, 1.0, 1.0) if word.startswith("enable_") else (low, high, step)
        choices, numbers = self._choices(sensor, key, low, high, step)
        factor = _COLOR_EXPOSURE_US if word == "exposure" and prefix == "color_" else 1.0
        if choices:
            kind = ControlKind.CHOICE
        elif (low, high, step) == (0.0, 1.0, 1.0):
            kind = ControlKind.SWITCH
        else:
            kind = ControlKind.NUMBER
        return _Option(
            sensor, key, prefix + _NAMES.get(word, word), kind, factor, low, high, step, choices, numbers, read_only
        )

    def _choices(
        self, sensor: Any, key: Any, low: float, high: float, step: float
    ) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """The words for an option's values, where each has one."""
        presets = self._presets() if key.name == "visual_preset" else ()
        if high <= low:
            words = presets or _WORDS.get(key.name, ())
            return words, tuple(float(n) for n in range(len(words)))
        if step != 1.0 or not 1 <= high - low < _MOST_CHOICES or ((low, high) == (0.0, 1.0) and key.name not in _WORDS):
            return (), ()
        numbers = tuple(float(n) for n in range(int(low), int(high) + 1))
        words = tuple(_slug(sensor.get_option_value_description(key, n) or "") for n in numbers)
        if not all(words) and key.name in _WORDS:
            words = tuple(w for w, _ in zip(_WORDS[key.name], numbers, strict=False))
        if not all(words):
            words = tuple(presets[int(n)] if n < len(presets) else "" for n in numbers)
        if len(words) != len(numbers) or not all(words) or len(set(words)) != len(words):
            return (), ()
        return words, numbers

    def _presets(self) -> tuple[str, ...]:
        """The SDK's names of the presets, which it has for this product line only."""
        if self._line != "D400":
            return ()
        names = {int(v): str(k) for k, v in self._rs.rs400_visual_preset.__members__.items()}
        return tuple(names.get(n, str(n)) for n in range(max(names) + 1))

    def _control(self, option: _Option) -> Control:
        value = self._value(option)
        if option.kind is not ControlKind.NUMBER:
            return Control(
                option.name, option.kind, value, choices=option.choices, read_only=option.read_only
            )  # fmt: skip
        f = option.factor
        return Control(
            option.name, option.kind, value, option.low * f, option.high * f, option.step * f, (), option.read_only
        )

    def _value(self, option: _Option) -> str | None:
        try:
            number = float(option.sensor.get_option(option.key))
        except RuntimeError:  # it cannot be read now
            return None
        if option.kind is ControlKind.SWITCH:
            return "on" if number else "off"
        if option.kind is ControlKind.CHOICE:
            return dict(zip(option.numbers, option.choices, strict=True)).get(number)
        return f"{number * option.factor:.6g}"

    def _number(self, option: _Option, value: str) -> float:
        if option.kind is ControlKind.CHOICE:
            known = dict(zip(option.choices, option.numbers, strict=True))
            if _slug(value) not in known:
                raise UnsupportedFeatureError(
                    f"{self._source}: {option.name} takes {', '.join(option.choices)}, found {value!r}"
                )
            return known[_slug(value)]
        if option.kind is ControlKind.SWITCH:
            if value not in ("on", "off"):
                raise UnsupportedFeatureError(f"{self._source}: {option.name} takes on or off, found {value!r}")
            return float(value == "on")
        low, high = option.low * option.factor, option.high * option.factor
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise UnsupportedFeatureError(
                f"{self._source}: {option.name} takes a number from {low:g} to {high:g}, found {value!r}"
            )
        number /= option.factor
        if option.step > 0:  # the camera refuses what lies between its steps
            number = option.low + round((number - option.low) / option.step) * option.step
        return min(number, option.high)

    def _write(self, option: _Option, number: float) -> None:
        try:
            option.sensor.set_option(option.key, number)
        except RuntimeError as error:
            raise explained(error, self._source, f"setting {option.name}") from error


def _prefix(sensor: Any) -> str:
    kinds = {profile.stream_type().name for profile in sensor.get_stream_profiles()}
    if kinds & {"depth", "infrared"}:
        return ""
    if "color" in kinds:
        return "color_"
    return "motion_" if kinds & {"accel", "gyro"} else f"{'_'.join(sorted(kinds)) or 'other'}_"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
