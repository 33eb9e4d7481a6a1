"""``python -m gui.translations.update``: every sentence of the window into the translators' files (.ts), and those into
what the window loads (.qm).

The sentences are read by :mod:`gui.translations.literals`, since Qt's own lupdate takes a class for the context where
the window has one context for all. The rest is Qt's: the files are Linguist's, and lrelease (PySide6, or Qt's tools)
compiles them.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gui.translations.literals import literals

FOLDER = Path(__file__).resolve().parent
CONTEXT = "Tapetum"
LANGUAGES = {"it": "it_IT", "zh": "zh_CN"}
"""Beside English, which stands in the source."""

_LRELEASE_S = 60.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence in a .ts file; ``translation`` is empty while nobody has translated it."""

    source: str
    translation: str = ""
    files: tuple[str, ...] = ()


def ts_path(language: str) -> Path:
    """For translators."""
    return FOLDER / f"tapetum_{language}.ts"


def qm_path(language: str) -> Path:
    """For the window."""
    return FOLDER / f"tapetum_{language}.qm"


def read_ts(path: Path) -> dict[str, Entry]:
    """What stands in a .ts file, by its English; nothing where there is no file.

    Raises:
        ValueError: it is no .ts file.
    """
    if not path.exists():
        return {}
    try:
        root = ET.parse(path).getroot()
    except ET.ParseError as error:
        raise ValueError(f"{path} is no .ts file: {error}") from error
    out = {}
    for message in root.iter("message"):
        source, told = message.findtext("source") or "", message.find("translation")
        done = told is not None and told.get("type") is None
        files = tuple(str(place.get("filename")) for place in message.iter("location"))
        out[source] = Entry(source, (told.text or "") if done and told is not None else "", files)
    return out


def write_ts(path: Path, language: str, entries: Mapping[str, Entry]) -> None:
    """Write a .ts file, as Linguist reads it."""
    root = ET.Element("TS", version="2.1", language=LANGUAGES[language], sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for entry in entries.values():
        message = ET.SubElement(context, "message")
        for file in entry.files:
            ET.SubElement(message, "location", filename=file)
        ET.SubElement(message, "source").text = entry.source
        told = ET.SubElement(message, "translation")
        if entry.translation:
            told.text = entry.translation
        else:
            told.set("type", "unfinished")
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', "utf-8")


def update(language: str, said: Mapping[str, list[str]]) -> tuple[int, int]:
    """Take up what the source says now: translations stay, what is no longer said goes.

    Returns:
        How many sentences there are, and how many of them nobody has translated.
    """
    known = read_ts(ts_path(language))
    entries = {}
    for text, files in said.items():
        entries[text] = Entry(text, known[text].translation if text in known else "", tuple(files))
    write_ts(ts_path(language), language, entries)
    return len(entries), sum(not e.translation for e in entries.values())


def lrelease() -> Path | None:
    """Qt's compiler of translations; None where there is none."""
    found = importlib.util.find_spec("PySide6")
    for folder in () if found is None else found.submodule_search_locations or ():
        for name in ("lrelease", "lrelease.exe"):
            if (Path(folder) / name).exists():
                return Path(folder) / name
    for name in ("lrelease", "lrelease6", "lrelease-qt5", "pyside6-lrelease"):
        if path := shutil.which(name):
            return Path(path)
    return None


def compile_qm(language: str, to: Path | None = None) -> Path:
    """Compile the .ts file of a language.

    Raises:
        RuntimeError: there is no lrelease, or it failed.
    """
    tool, to = lrelease(), to or qm_path(language)
    if tool is None:
        raise RuntimeError("lrelease is missing: pip install PySide6-Essentials, or apt install qt6-l10n-tools")
    command = [str(tool), "-silent", "-nounfinished", str(ts_path(language)), "-qm", str(to)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LRELEASE_S, check=False)
    if done.returncode or not to.exists():
        raise RuntimeError(f"{tool.name} failed: {(done.stderr or done.stdout).strip()}")
    return to


def main() -> int:
    """0, or 1 when something is not translated."""
    parser = argparse.ArgumentParser(prog="python -m gui.translations.update", description=__doc__)
    parser.parse_args()
    found = literals()
    for place in found.unread:
        sys.stderr.write(f"{place}: put together before it is translated; use tr('{{name}} ...', name=...)\n")
    missing = 0
    for language in LANGUAGES:
        count, left = update(language, found.texts)
        compile_qm(language)
        missing += left
        sys.stdout.write(f"{language}: {count} sentences, {left} not translated\n")
    return 1 if missing or found.unread else 0


if __name__ == "__main__":
    sys.exit(main())
