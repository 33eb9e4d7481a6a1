"""Which English words the window says: the literals of ``tr`` and ``mark``, read from the source. No Qt here."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).resolve().parents[1]
"""The folder gui/."""

SAYS = ("tr", "mark")


@dataclass(slots=True)
class Found:
    """What is said, and where.

    Attributes:
        texts: text -> the files that say it, from the root's parent on.
        unread: places where a sentence is put together before it is translated, so that no translator sees it whole.
    """

    texts: dict[str, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def literals(root: Path = ROOT) -> Found:
    """Everything that can be said under a folder, in the order of files and lines."""
    found = Found()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root.parent).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"), name)):
            if not isinstance(node, ast.Call) or _name(node.func) not in SAYS or not node.args:
                continue
            said = node.args[0]
            for part in (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    files = found.texts.setdefault(part.value, [])
                    if name not in files:
                        files.append(name)
                elif isinstance(part, (ast.JoinedStr, ast.BinOp)):
                    found.unread.append(f"{name}:{part.lineno}")
    return found


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def places(text: str) -> list[str]:
    """The names in braces where values will stand, sorted, with how they are written: ``n``, ``share:.0f``.

    Raises:
        ValueError: braces that no value can stand in.
    """
    return sorted(
        f"{name}:{spec}" if spec else name for _, name, spec, _ in Formatter().parse(text) if name is not None
    )
