"""Which optional packages a format's own files import: what to tell when one of them is not installed.

Read from the source, since a list by hand would be wrong after the next importer.
"""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from typing import Final

EXTRAS: Final = {
    "av": "formats",
    "can": "formats",
    "cantools": "formats",
    "flyr": "formats",
    "pyrealsense2": "realsense",
    "tifffile": "formats",
}
"""Optional package -> the extra of Tapetum that brings it."""

_ROOMS: Final = ("recordings.importers", "recordings.exporters", "pipeline.exporters")


def imported_by(module: str) -> set[str]:
    """The optional packages that a module imports anywhere, itself or through its neighbours among the formats."""
    return _imported(module, set()) & set(EXTRAS)


def is_installed(package: str) -> bool:
    """Whether a package is there. It is not imported: some take a second."""
    return importlib.util.find_spec(package) is not None


def install(packages: set[str]) -> str:
    """The command that brings optional packages; '' for none."""
    extras = sorted({EXTRAS[package] for package in packages})
    return f'pip install "tapetum[{",".join(extras)}]"' if extras else ""


def _imported(module: str, seen: set[str]) -> set[str]:
    if module in seen:
        return set()
    seen.add(module)
    source = _source(module)
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            found.add(name.split(".")[0])
            if name.startswith(tuple(f"{room}." for room in _ROOMS)):
                found |= _imported(name, seen)
    return found


def _source(module: str) -> str:
    """A module's text; '' for what is no module (a name in one), or has no source here."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, AttributeError, ValueError):  # its parent is no package
        return ""
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return ""
    return Path(spec.origin).read_text(encoding="utf-8")
