"""Where in a TOML file each key and value stands, so that an error can say line and column.

Neither tomllib nor tomlkit tells the place of what they have read. The text is read by tomllib first, which judges it;
the scan here follows the same grammar (TOML 1.0) over a text that is known to be right, and only notes places.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indices of arrays, from the outermost."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SPACE: Final = re.compile(r"[ \t]*")
_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_TO_LINE_END: Final = re.compile(r"[^\n]*\n?")
_PLAIN: Final = re.compile(r"[^,\]}#\r\n]*")
_LONG_NUMBER: Final = re.compile(r"[0-9][0-9_]{1000,}")
_INT64: Final = 1 << 63
_DECODE_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Of a character, counted from 1."""

    line: int
    column: int


class TomlError(ValueError):
    """The text is no TOML.

    Attributes:
        place: where it stops to be.
        what: what is wrong there, one sentence.
    """

    def __init__(self, place: Place, what: str) -> None:
        super().__init__(f"line {place.line}, column {place.column}: {what}")
        self.place = place
        self.what = what


class TomlPlaces:
    """A TOML text's data, and where in it they stand.

    Args:
        text: UTF-8 that was decoded; line ends may be those of Windows.

    Attributes:
        data: as tomllib reads it.

    Raises:
        TomlError: it is no TOML.
    """

    def __init__(self, text: str) -> None:
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise _error_of(error, text) from error
        except RecursionError as error:
            raise TomlError(Place(1, 1), "its arrays or tables lie too deep in each other") from error
        except ValueError as error:  # Python makes no int of so many digits, and tomllib lets that out
            raise TomlError(_long_number(text), f"a value that cannot be read: {error}") from error
        scan = _Scan(text.replace("\r\n", "\n"))
        scan.document()
        self._keys = scan.keys
        self._values = scan.values
        self._line_starts = scan.line_starts()
        self._refuse_long_numbers()

    def _refuse_long_numbers(self) -> None:
        """TOML's integers have 64 bits; a longer one could not even be shown in an error."""
        rest: list[tuple[Path, Any]] = [((), self.data)]
        while rest:
            path, found = rest.pop()
            if isinstance(found, dict):
                rest += [((*path, name), inner) for name, inner in found.items()]
            elif isinstance(found, list):
                rest += [((*path, index), inner) for index, inner in enumerate(found)]
            elif isinstance(found, int) and not -_INT64 <= found < _INT64:
                raise TomlError(self.value(path), "the number is too long; integers have at most 64 bits")

    @property
    def paths(self) -> tuple[Path, ...]:
        """Of everything that stands in the text, in its order; a table that headings only imply is not among them."""
        return tuple(self._values)

    def key(self, path: Sequence[str | int]) -> Place:
        """Of the key, or of the innermost thing round it that stands in the text.

        An element of an array has no key: its place is where it begins; for ``[[name]]`` that is the name in brackets.
        """
        return self._nearest(tuple(path), self._keys)

    def value(self, path: Sequence[str | int]) -> Place:
        """Of the value, or of the innermost thing round it that stands in the text; tables: the name in brackets."""
        return self._nearest(tuple(path), self._values)

    def _nearest(self, path: Path, places: dict[Path, int]) -> Place:
        for length in range(len(path), 0, -1):
            found = places.get(path[:length])
            if found is not None:
                return self._place(found)
        return Place(1, 1)

    def _place(self, offset: int) -> Place:
        line = _line_of(self._line_starts, offset)
        return Place(line + 1, offset - self._line_starts[line] + 1)


def _line_of(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _error_of(error: tomllib.TOMLDecodeError, text: str) -> TomlError:
    words = str(error)
    found = _DECODE_PLACE.search(words)
    what = words.split(" (at ")[0]
    if found is not None:
        return TomlError(Place(int(found[1]), int(found[2])), what)
    lines = text.splitlines() or [""]
    return TomlError(Place(len(lines), len(lines[-1]) + 1), f"{what}, at the end of the text")


def _long_number(text: str) -> Place:
    found = _LONG_NUMBER.search(text)
    before = text[: found.start()] if found is not None else ""
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


class _Scan:
    """One pass over a text that is valid TOML. Offsets are of characters."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._here: Path = ()
        self._counts: dict[Path, int] = {}
        """How many tables an array of tables has got."""
        self.keys: dict[Path, int] = {}
        self.values: dict[Path, int] = {}

    def line_starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer("\n", self._text))]

    def document(self) -> None:
        while True:
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return
            if self._text[self._at] == "[":
                self._heading()
            else:
                self._pair(self._here)
            self._skip(_TO_LINE_END)  # a comment, or nothing

    def _heading(self) -> None:
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        parts = self._key_parts()
        path: Path = ()
        for index, (name, offset) in enumerate(parts):
            path = (*path, name)
            last = index == len(parts) - 1
            if last and is_array:
                count = self._counts.get(path, 0)
                self._counts[path] = count + 1
                self._note(path, offset)
                path = (*path, count)
                self._note(path, offset)
            elif path in self._counts:
                path = (*path, self._counts[path] - 1)
            elif last:
                self._note(path, offset)
        self._here = path

    def _pair(self, outer: Path) -> None:
        parts = self._key_parts()
        path = outer
        for name, offset in parts:
            path = (*path, name)
            self.keys.setdefault(path, offset)
            self.values.setdefault(path, offset)
        self._skip(_SPACE)
        self._at += 1  # =
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        self.values[path] = self._at
        self.keys.setdefault(path, self._at)
        first = self._text[self._at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            self._skip(_PLAIN)

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while True:
            self._skip(_BLANK)
            if self._text[self._at] == "]":
                self._at += 1
                return
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while True:
            self._skip(_BLANK)
            if self._text[self._at] == "}":
                self._at += 1
                return
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._pair(path)

    def _key_parts(self) -> list[tuple[str, int]]:
        """The parts of a dotted key, each with its offset; what follows is left alone."""
        parts: list[tuple[str, int]] = []
        while True:
            self._skip(_SPACE)
            offset = self._at
            if self._text[offset] in "\"'":
                self._string()
                name = tomllib.loads(f"k = {self._text[offset : self._at]}")["k"]
            else:
                self._skip(_BARE)
                name = self._text[offset : self._at]
            parts.append((name, offset))
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return parts
            self._at += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        if self._text.startswith(quote * 3, self._at):
            self._at += 3
            while not self._text.startswith(quote * 3, self._at):
                self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
            self._at += 3
            while self._text.startswith(quote, self._at):  # up to two quotes may stand right before the end
                self._at += 1
            return
        self._at += 1
        while self._text[self._at] != quote:
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += 1

    def _note(self, path: Path, offset: int) -> None:
        self.keys.setdefault(path, offset)
        self.values.setdefault(path, offset)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
