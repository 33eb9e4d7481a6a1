"""What is wrong in a file of rules, with line and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import ConfigError
from pipeline.toml_places import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, and in words what was found and what would be right."""

    place: Place
    what: str


class RulesError(ConfigError):
    """A file of rules cannot be used.

    Attributes:
        problems: all that was found, in the order of the file.
    """

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p.place))
        lines = [f"{file}:{p.place.line}:{p.place.column}: {p.what}" for p in self.problems]
        super().__init__("\n".join(lines))
