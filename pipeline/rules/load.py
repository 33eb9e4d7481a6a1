"""Files of rules: read, checked with line and column, and read again when they have changed."""

from __future__ import annotations

import difflib
import os
import stat
import time
from collections.abc import Collection, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

import xxhash
from pydantic import BaseModel, ValidationError

from pipeline.errors import ConfigError
from pipeline.rules.check import findings
from pipeline.rules.errors import Problem, RulesError
from pipeline.rules.model import Comparison, Fits, Rule, RulesFile, Tier
from pipeline.toml_places import Path as TomlPath
from pipeline.toml_places import TomlError, TomlPlaces

READY: Final = ("in-car", "night-watch")
"""Sets that come with the program."""
LARGEST: Final = 1 << 20
"""Bytes of a file; a larger one is something else."""
_YOUNG_NS: Final = 2_000_000_000
"""A file that was changed so shortly before it was read may change again without a new time."""


def read_rules(text: str, file: str, zones: Collection[str] | None = None) -> RulesFile:
    """The rules of a text.

    Args:
        file: its name, for errors.
        zones: names of all zones of gaze that are defined; None: any is taken.

    Raises:
        RulesError: it is no TOML, or a key or a name is wrong, or rules contradict themselves; all of that is told.
    """
    try:
        places = TomlPlaces(text)
    except TomlError as error:
        raise RulesError(file, [Problem(error.place, f"no TOML: {error.what}")]) from error
    try:
        rules = RulesFile.model_validate(places.data)
    except ValidationError as error:
        told = error.errors(include_url=False)
        raise RulesError(file, [_problem(e, places) for e in told]) from error
    found = findings(rules, zones)
    if found:
        raise RulesError(file, [Problem(places.value(path), what) for path, what in found])
    return rules


def _problem(error: Mapping[str, Any], places: TomlPlaces) -> Problem:
    path: TomlPath = tuple(part for part in error["loc"] if part != "[key]")
    kind, found = error["type"], error["input"]
    if kind == "extra_forbidden":
        return Problem(places.key(path), _unknown_key(path))
    if kind == "missing":
        return Problem(places.key(path[:-1]), f"the key {path[-1]!r} is missing")
    named = f"{path[-1]}: " if path else ""
    what = _KINDS.get(kind) or error["msg"].replace("Input should", "must")
    return Problem(places.value(path), f"{named}{what}, found {_short(found)}")


_KINDS: Final = {
    "model_type": "must be a table, such as { signal = ..., above = ... }",
    "dict_type": "must be a table, such as { speed_kmh = { below = 50 } }",
    "tuple_type": "must be a list in square brackets",
    "float_type": "must be a number",
    "string_type": "must be a text in quotation marks",
    "string_pattern_mismatch": "must be small letters and digits with single hyphens between, such as long-glance",
}


def _short(value: Any) -> str:
    words = repr(value)
    return words if len(words) <= 60 else words[:57] + "..."


def _unknown_key(path: TomlPath) -> str:
    model = _model_at(path[:-1])
    key = str(path[-1])
    known = sorted(model.model_fields) if model is not None else []
    near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "the keys here are " + ", ".join(known)
    return f"there is no key {key!r}; {hint}"


def _model_at(path: TomlPath) -> type[BaseModel] | None:
    """Which table stands at a path."""
    model: type[BaseModel] = RulesFile
    for part in path:
        if isinstance(part, int):
            continue
        if part == "rule":
            model = Rule
        elif part == "tier":
            model = Tier
        elif part in ("when", "all", "any"):
            model = Comparison
        elif model is Tier:
            model = Fits
    return model


class RuleSet:
    """The rules that count now, and the file that they came from.

    Reading happens in :meth:`load` and :meth:`reload_if_changed`, never while a picture is looked at. Another thread
    may ask for ``rules`` at any time: it is put in place at once.

    Attributes:
        rules: the newest that were whole.
        path: None for rules that came from no file.
        problem: why the file, as it is now, is not used; '' where it is.
    """

    def __init__(self, rules: RulesFile, path: Path | None = None, zones: Collection[str] | None = None) -> None:
        self.rules = rules
        self.path = path
        self.problem = ""
        self._zones = zones
        self._stamp: tuple[int, int, int] | None = None
        self._read_ns = 0
        self._digest = ""

    @classmethod
    def load(cls, source: str | Path, zones: Collection[str] | None = None) -> RuleSet:
        """From a file, or a ready set by its name.

        Raises:
            RulesError: its content is wrong. ConfigError: it cannot be read.
        """
        if str(source) in READY:
            file = resources.files("pipeline.rules") / "sets" / f"{source}.toml"
            return cls(read_rules(file.read_text(encoding="utf-8"), f"{source}.toml", zones), None, zones)
        path = Path(source)
        try:
            is_there = path.exists()
        except OSError as error:  # a name that is too long, a folder that nobody may look into
            raise ConfigError(f"cannot read the rules {_short(str(path))}: {error.strerror or error}") from error
        if not is_there:
            near = difflib.get_close_matches(str(source), READY, n=1, cutoff=0.6)
            hint = f"did you mean the ready set {near[0]}?" if near else f"ready sets are {', '.join(READY)}"
            raise ConfigError(f"there is no file of rules {path}; {hint}")
        stamp, text, digest = _read(path)
        out = cls(read_rules(text, str(path), zones), path, zones)
        out._stamp, out._digest, out._read_ns = stamp, digest, time.time_ns()
        return out

    def reload_if_changed(self) -> bool:
        """Whether other rules count now. A file that is gone or wrong leaves the rules as they are: see ``problem``."""
        if self.path is None:
            return False
        try:
            stamp = _stamp(self.path.stat())
            if stamp == self._stamp and stamp[0] < self._read_ns - _YOUNG_NS:
                return False
            stamp, text, digest = _read(self.path)
        except (OSError, ConfigError) as error:
            self.problem = str(error) if isinstance(error, ConfigError) else f"{self.path}: {error.strerror or error}"
            self._stamp, self._digest = None, ""
            return False
        self._stamp, self._read_ns = stamp, time.time_ns()
        if digest == self._digest:
            return False
        self._digest = digest
        try:
            rules = read_rules(text, str(self.path), self._zones)
        except RulesError as error:
            self.problem = str(error)
            return False
        self.problem = ""
        if rules == self.rules:
            return False
        self.rules = rules
        return True


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path) -> tuple[tuple[int, int, int], str, str]:
    """A file's stamp (taken before), text and digest.

    Raises:
        ConfigError: it cannot be read, is no regular file, far too large, or no UTF-8.
    """
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise ConfigError(f"cannot read the rules {path}: it is a device, a pipe or the like, no regular file")
            stamp = _stamp(found)
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise ConfigError(f"cannot read the rules {path}: {error.strerror or error}") from error
    if len(data) > LARGEST:
        raise ConfigError(f"{path} has {max(stamp[1], len(data))} bytes; a file of rules has at most {LARGEST}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise ConfigError(f"{path}:{line}:{column}: no UTF-8; save the file as UTF-8") from error
    return stamp, text, xxhash.xxh3_64(data).hexdigest()


def _open_at_once(path: str, flags: int) -> int:
    """A pipe that nobody writes to would be waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
