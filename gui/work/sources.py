"""What an operator types as a camera, without showing or keeping a password. No Qt here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from drivers.registry import HIDDEN, shown_source

RECENT: Final = "work.cameras"
MOST: Final = 8

_LOGIN: Final = re.compile(
    r"(?P<head>[A-Za-z][\w+.-]*:(?://)?)(?P<user>[^/@:\s]+):(?P<password>[^/@\s]*)(?P<at>@?)(?P<rest>.*)"
)
_BARE: Final = re.compile(r"://[^/@]*@")


class Typed(NamedTuple):
    """A source whose login was taken out of it."""

    source: str
    user: str
    password: str


def taken_apart(text: str) -> Typed | None:
    """Name and password that were typed into a source; None where there are none (yet). A port is no password."""
    found = _LOGIN.fullmatch(text.strip())
    if found is None or (not found["at"] and (not found["password"] or found["password"].isdigit())):
        return None
    if not found["at"] and not found["head"].endswith("//"):
        return None  # virtual:C:\file and the like
    return Typed(found["head"] + found["rest"], found["user"], found["password"])


def put_together(source: str, user: str, password: str) -> str:
    """The source that opens the camera. Never to be shown."""
    source = source.strip()
    if not user and not password:
        return source
    head, slashes, rest = source.partition("://")
    return f"{head}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}" if slashes else source


def takes_login(source: str) -> bool:
    """Whether it is an address in the network."""
    return "://" in source


def problem_of(source: str) -> str:
    """Why it cannot be a camera, in words that never repeat it where it may hold a password; '' when it can."""
    from drivers.errors import DriverError
    from drivers.registry import open_camera

    try:
        open_camera(source)
    except DriverError as error:
        return str(error)
    return ""


def worth_keeping(source: str) -> str:
    """A source as it may stand in the settings: as it is, or without its login; '' when nobody knows where in it a
    password stands."""
    shown = shown_source(source)
    if HIDDEN in shown:
        return ""
    return shown if shown in (source, _BARE.sub("://", source)) else ""


def recent(kept: Any) -> list[list[str]]:
    """Choices of cameras that were shown, the last one first; what makes no sense is left out."""
    if not isinstance(kept, list):
        return []
    return [one for one in kept if isinstance(one, list) and one and all(isinstance(s, str) and s for s in one)][:MOST]


def with_choice(kept: Any, sources: Sequence[str]) -> list[list[str]]:
    """The same with one more; one that cannot be kept without a password is not kept."""
    choice = [worth_keeping(source) for source in sources]
    others = [one for one in recent(kept) if one != choice]
    return ([choice, *others] if all(choice) and choice else others)[:MOST]


def rig_of(sources: Sequence[str]) -> Path | None:
    """The rig that is meant, where the only source is a rig's file."""
    only = sources[0] if len(sources) == 1 else ""
    return Path(only) if only.endswith(".toml") and ":" not in only else None
