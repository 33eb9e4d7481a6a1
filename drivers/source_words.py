"""What stands after the colon of a source: ``TARGET?key=value&key=value``, the same for every family.

Signs that have a meaning there are written as in addresses: ``%26`` for ``&``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import unquote

from drivers.errors import UnsupportedFeatureError

_SIZE: Final = re.compile(r"(?P<width>\d{1,5})x(?P<height>\d{1,5})(?:@(?P<fps>\d{1,4}(?:\.\d+)?))?")
_TRUE: Final = ("1", "true", "yes", "on")
_FALSE: Final = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class StreamSize:
    """``640x480@30``: pixels and frames a second; ``fps`` is None when it was left out."""

    width: int
    height: int
    fps: float | None = None

    def __str__(self) -> str:
        return f"{self.width}x{self.height}" + ("" if self.fps is None else f"@{self.fps:g}")


@dataclass(frozen=True, slots=True)
class SourceWords:
    """The parts of a source.

    Attributes:
        family: what stands before the colon.
        target: which camera: a serial number, a path, an address; empty for the first there is.
        values: key -> text.
    """

    family: str
    target: str
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, family: str, rest: str, known: Collection[str]) -> Self:
        """From what stands after the colon.

        Args:
            known: the keys that this family understands.

        Raises:
            UnsupportedFeatureError: an unknown key, one given twice, or one without a value.
        """
        target, _, query = rest.partition("?")
        values: dict[str, str] = {}
        for part in filter(None, query.split("&")):
            key, equals, value = part.partition("=")
            if key not in known:
                words = ", ".join(sorted(known)) or "none at all"
                raise UnsupportedFeatureError(f"a {family}: source has no option {key!r}; it knows {words}")
            if not equals or not value or key in values:
                what = "is given twice" if key in values else "has no value"
                raise UnsupportedFeatureError(f"{family}:{target}: the option {key} {what}; write {key}=VALUE, once")
            values[key] = unquote(value)
        return cls(family, target, values)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str = "") -> str:
        """The text of a key, or the default."""
        return self.values.get(key, default)

    def choice(self, key: str, choices: Collection[str], default: str) -> str:
        """One of the choices.

        Raises:
            UnsupportedFeatureError: it is none of them.
        """
        value = self.values.get(key, default)
        if value not in choices:
            raise self.wrong(key, f"one of {', '.join(choices)}")
        return value

    def number(self, key: str, default: float, low: float = -math.inf, high: float = math.inf) -> float:
        """A finite number within limits, both included.

        Raises:
            UnsupportedFeatureError: it is none.
        """
        if key not in self.values:
            return default
        try:
            value = float(self.values[key])
        except ValueError:
            value = math.nan
        if not (low <= value <= high and math.isfinite(value)):
            limits = "" if math.isinf(low) and math.isinf(high) else f" from {low:g} to {high:g}"
            raise self.wrong(key, f"a number{limits}")
        return value

    def count(self, key: str, default: int, low: int = 0, high: int = 2**31 - 1) -> int:
        """A whole number within limits, both included.

        Raises:
            UnsupportedFeatureError: it is none.
        """
        value = self.number(key, default, low, high)
        if value != int(value):
            raise self.wrong(key, f"a whole number from {low} to {high}")
        return int(value)

    def switch(self, key: str, default: bool) -> bool:
        """on or off (1/0, true/false and yes/no, too).

        Raises:
            UnsupportedFeatureError: it is neither.
        """
        if key not in self.values:
            return default
        value = self.values[key].lower()
        if value not in (*_TRUE, *_FALSE):
            raise self.wrong(key, "on or off")
        return value in _TRUE

    def size(self, key: str) -> StreamSize | None:
        """``640x480`` or ``640x480@30``; None when it was not given.

        Raises:
            UnsupportedFeatureError: it is neither.
        """
        if key not in self.values:
            return None
        found = _SIZE.fullmatch(self.values[key])
        if found is None or not int(found["width"]) or not int(found["height"]):
            raise self.wrong(key, "a size such as 640x480 or 640x480@30")
        return StreamSize(int(found["width"]), int(found["height"]), float(found["fps"]) if found["fps"] else None)

    def wrong(self, key: str, wanted: str) -> UnsupportedFeatureError:
        """The error for a value that is none of what the key takes."""
        return UnsupportedFeatureError(
            f"{self.family}:{self.target}: the option {key} takes {wanted}, found {self.values.get(key)!r}"
        )
