"""How a session is played as a camera, and the words that say so in a source: ``virtual:FILE?speed=4&loop=1``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from typing import Final, NamedTuple, Self
from urllib.parse import quote, unquote

from drivers.errors import UnsupportedFeatureError

SLOWEST: Final = 0.1
FASTEST: Final = 16.0

_LONGEST_S: Final = 1e9
"""Thirty years; what is much more has no room in 64-bit nanoseconds."""

_FRAME: Final = re.compile(r"(?P<stream>.+):(?P<number>-?\d+)(?:@(?P<occurrence>\d+))?")
_SECONDS: Final = ("stall_at_s", "stall_s", "lose_at_s", "lose_s", "from_s", "to_s")
_WORDS: Final = (
    "speed",
    "loop",
    "from_s",
    "to_s",
    "from_frame",
    "from_event",
    "drop_every",
    "stall_at",
    "stall_s",
    "lose_at",
    "lose_s",
    "faults",
)


class FramePlace(NamedTuple):
    """A frame by its camera's own number; the ``occurrence``-th of them (from 1), where a camera counted twice."""

    stream: str
    number: int
    occurrence: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ``STREAM:NUMBER`` or ``STREAM:NUMBER@OCCURRENCE``.

        Raises:
            ValueError: it is neither.
        """
        found = _FRAME.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no STREAM:NUMBER, such as depth:120 (or depth:120@2, the second of them)")
        return cls(found["stream"], int(found["number"]), int(found["occurrence"] or 1))

    def __str__(self) -> str:
        return f"{self.stream}:{self.number}" + ("" if self.occurrence == 1 else f"@{self.occurrence}")


def check_speed(speed: float) -> float:
    """The speed itself, if a session can be played at it: 0.1 to 16 times its own time, or ``inf``.

    Raises:
        UnsupportedFeatureError: it cannot.
    """
    if not (speed == math.inf or SLOWEST <= speed <= FASTEST):  # also refuses nan
        raise UnsupportedFeatureError(
            f"virtual camera: a session plays at {SLOWEST:g} to {FASTEST:g} times its own speed, or at 'max' (as fast "
            f"as it is read), not at {speed:g}"
        )
    return speed


@dataclass(frozen=True, slots=True)
class VirtualOptions:
    """How a session is played, and which faults are scripted. Times are seconds of the session from its first frame.

    Attributes:
        speed: 0.1 to 16; 1 is real time, ``inf`` is as fast as it is read.
        loop: begin again at the end; numbers and device times go on rising.
        drop_every: lose every n-th frame of each stream (0: none).
        stall_at_s, stall_s: give nothing from then on for so long; what would have come is lost.
        lose_at_s, lose_s: be gone from then on; opening fails for so long, then the camera is back where time is.
        from_s, to_s: the part that is played, both ends included; None is the session's beginning, its end.
        from_frame: begin at this frame, in place of ``from_s``.
        from_event: begin where this event begins, in place of ``from_s``: its name (the first of that name) or its
            place among the stored events, counted from 0.
        faults: the path of a script of more faults (see :mod:`recordings.virtual_faults`); empty is none.
    """

    speed: float = 1.0
    loop: bool = False
    drop_every: int = 0
    stall_at_s: float | None = None
    stall_s: float = 3.0
    lose_at_s: float | None = None
    lose_s: float = 2.0
    from_s: float | None = None
    to_s: float | None = None
    from_frame: FramePlace | None = None
    from_event: str | int | None = None
    faults: str = ""

    def __post_init__(self) -> None:
        check_speed(self.speed)
        if self.drop_every < 0 or self.drop_every == 1:
            raise UnsupportedFeatureError(
                f"virtual camera: drop_every must be 0 or at least 2, found {self.drop_every}"
            )
        for name in _SECONDS:
            value = getattr(self, name)
            if value is not None and not 0 <= value <= _LONGEST_S:  # also refuses nan
                raise UnsupportedFeatureError(
                    f"virtual camera: {name} must be seconds from 0 on (to {_LONGEST_S:.0e}), found {value:g}"
                )
        begins = [name for name in ("from_s", "from_frame", "from_event") if getattr(self, name) is not None]
        if len(begins) > 1:
            raise UnsupportedFeatureError(f"virtual camera: it can begin at one place only, found {', '.join(begins)}")
        if self.from_s is not None and self.to_s is not None and self.to_s < self.from_s:
            raise UnsupportedFeatureError(
                f"virtual camera: the part to play ends at {self.to_s:g} s, before it begins at {self.from_s:g} s"
            )

    @classmethod
    def parse(cls, query: str, loop: bool = False) -> VirtualOptions:
        """From the part of a source after ``?``, such as ``speed=4&loop=1&drop_every=10``.

        Signs that have a meaning there are written as in addresses: ``from_event=phone%20%26%20hand``.

        Raises:
            UnsupportedFeatureError: an unknown word, or a value that is none.
        """
        words: dict[str, str] = {}
        for part in filter(None, query.split("&")):
            key, _, value = part.partition("=")
            words[key] = unquote(value)
        unknown = sorted(set(words) - set(_WORDS))
        if unknown:
            raise UnsupportedFeatureError(
                f"a virtual camera has no option {', '.join(unknown)}; it knows {', '.join(_WORDS)}"
            )
        try:
            seconds = {k: float(words[k]) for k in ("from_s", "to_s", "stall_at", "lose_at") if k in words}
            return cls(
                speed=math.inf if words.get("speed") == "max" else float(words.get("speed", 1.0)),
                loop=_truth(words["loop"]) if "loop" in words else loop,
                drop_every=int(words.get("drop_every", 0)),
                stall_at_s=seconds.get("stall_at"),
                stall_s=float(words.get("stall_s", 3.0)),
                lose_at_s=seconds.get("lose_at"),
                lose_s=float(words.get("lose_s", 2.0)),
                from_s=seconds.get("from_s"),
                to_s=seconds.get("to_s"),
                from_frame=FramePlace.parse(words["from_frame"]) if "from_frame" in words else None,
                from_event=_event(words["from_event"]) if "from_event" in words else None,
                faults=_path(words["faults"]) if "faults" in words else "",
            )
        except ValueError as error:
            raise UnsupportedFeatureError(f"virtual camera: cannot understand {query!r}: {error}") from error

    def to_query(self) -> str:
        """The reverse of :meth:`parse`; what is as by default is left out."""
        return "&".join(f"{key}={quote(value, safe='/:@ ,')}" for key, value in self.words().items())

    def words(self) -> dict[str, str]:
        """What is not as by default, as it stands in a source."""
        out: dict[str, str] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if value == f.default or (f.name in ("stall_s", "lose_s")):
                continue
            if f.name == "speed":
                out["speed"] = "max" if math.isinf(value) else _number(value)
            elif f.name == "loop":
                out["loop"] = "1"
            elif f.name in ("stall_at_s", "lose_at_s"):
                fault = f.name.partition("_")[0]
                out |= {f"{fault}_at": _number(value), f"{fault}_s": _number(getattr(self, f"{fault}_s"))}
            else:
                out[f.name] = _number(value) if isinstance(value, float) else str(value)
        return out


def _number(value: float) -> str:
    return f"{value:.12g}"


def _event(text: str) -> str | int:
    if not text:
        raise ValueError("an event needs its name or its place in the list")
    return int(text) if re.fullmatch(r"\d+", text) else text


def _path(text: str) -> str:
    if not text:
        raise ValueError("faults needs the path of a script, such as faults=night-faults.toml")
    return text


def _truth(word: str) -> bool:
    if word.lower() in ("1", "true", "yes", "on"):
        return True
    if word.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError(f"{word!r} is neither 1 nor 0")
