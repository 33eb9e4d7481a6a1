"""Which formats can be imported and exported, what each keeps, and what each needs to be installed.

`python -m commands.formats docs/import-export.md` writes the tables of that document anew.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from commands import optional_packages
from commands.terminal import GOOD, WRONG_USE, err, out, tell

BEGIN: Final = "<!-- written by `python -m commands.formats docs/import-export.md`; do not edit below -->"
END: Final = "<!-- do not edit above -->"

PARTLY: Final = {("flir-jpeg", "av"): "JPEG-LS", ("flir-seq", "av"): "JPEG-LS"}
"""(format, optional package) -> what of the format needs it, where the rest works without."""


@dataclass(frozen=True, slots=True)
class Format:
    """One importer or exporter, for people.

    Attributes:
        name: as ``--format`` takes it.
        title: what it is.
        words: of ``--set`` and options of its own.
        kept, not_kept: of what it reads or writes.
        lacks: packages that are not installed -> what needs them; '' where nothing goes without.
        makes: what an exporter writes: ``.mp4``, or ``folder``; '' for importers.
    """

    name: str
    title: str
    words: tuple[str, ...]
    kept: tuple[str, ...]
    not_kept: tuple[str, ...]
    lacks: Mapping[str, str]
    makes: str = ""

    @property
    def install(self) -> str:
        """The command that brings what it lacks; '' when nothing does."""
        return optional_packages.install(set(self.lacks))

    @property
    def is_available(self) -> bool:
        """Whether it works here, if not for everything."""
        return "" not in self.lacks.values()

    def state(self) -> str:
        """What is missing, and how to get it; '' when nothing is."""
        missing = [package + (f" for {what}" if what else "") for package, what in self.lacks.items()]
        return f"needs {', '.join(missing)}: {self.install}" if missing else ""

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "options": list(self.words),
            "kept": list(self.kept),
            "not_kept": list(self.not_kept),
            "available": self.is_available,
            "lacks": dict(self.lacks),
            "install": self.install or None,
            "makes": self.makes or None,
        }


def importable() -> list[Format]:
    """What can become a session."""
    from recordings.importers.registry import importers

    return [_format(one) for one in importers()]


def exportable() -> list[Format]:
    """What a session can become."""
    from pipeline.exporters.registry import exporters

    return [_format(one, one.suffix or "folder") for one in exporters()]


def _format(one: Any, makes: str = "") -> Format:
    packages = sorted(optional_packages.imported_by(type(one).__module__))
    lacks = {p: PARTLY.get((one.name, p), "") for p in packages if not optional_packages.is_installed(p)}
    return Format(one.name, one.title, tuple(sorted(one.uses)), one.kept, one.not_kept, lacks, makes)


def session_formats(as_markdown: bool, as_json: bool) -> int:
    """What can be imported and exported."""
    if as_markdown:
        sys.stdout.write(markdown())
        return GOOD
    groups = {"import": importable(), "export": exportable()}
    if not as_json:
        for what, formats in groups.items():
            out.print(f"{what}:")
            for one in formats:
                out.print(f"  {one.name:<14} {one.title}  {one.state()}".rstrip(), markup=False)
        out.print("what each keeps: tapetum session formats --markdown")
    tell({what: [one.to_json() for one in formats] for what, formats in groups.items()}, as_json)
    return GOOD


def markdown() -> str:
    """The tables of docs/import-export.md."""
    parts = [
        "### Importers\n",
        *(_section(one) for one in importable()),
        "### Exporters\n",
        *(_section(one) for one in exportable()),
    ]
    return "\n".join(parts)


def _section(one: Format) -> str:
    words = f"\nOptions: {', '.join(f'`{w}`' for w in one.words)}.\n" if one.words else ""
    makes = {"": "", "folder": " Makes a folder."}.get(one.makes, f" Makes a `{one.makes}` file.")
    rows = [f"| {a} | {b} |" for a, b in _beside(one.kept, one.not_kept)]
    table = "\n".join(["| kept | not kept |", "|---|---|", *rows])
    title = one.title[0].upper() + one.title[1:]
    return f"#### `{one.name}`\n\n{title}.{makes}\n{words}\n{table}\n"


def _beside(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str]]:
    count = max(len(left), len(right))
    return [tuple(_cell(side[k]) if k < len(side) else "" for side in (left, right)) for k in range(count)]  # type: ignore[misc]  # the rows are of two


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "&lt;")


def refreshed(document: str) -> str:
    """A document with the tables between its markers as they are now.

    Raises:
        ValueError: it has no such markers.
    """
    head, begin, rest = document.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document has no lines {BEGIN!r} and {END!r} to write between")
    return f"{head}{BEGIN}\n\n{markdown()}\n{END}{tail}"


def main(arguments: Sequence[str]) -> int:
    """Write the tables of the named document anew."""
    if len(arguments) != 1:
        err.print("usage: python -m commands.formats docs/import-export.md", markup=False)
        return WRONG_USE
    path = Path(arguments[0])
    try:
        path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")
    except (OSError, ValueError) as error:
        err.print(f"{path}: {error}", markup=False)
        return WRONG_USE
    return GOOD


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
