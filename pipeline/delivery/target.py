"""Where an alarm goes to: a command, or an address that JSON is posted to."""

from __future__ import annotations

import difflib
import ipaddress
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from pipeline.errors import ConfigError


@dataclass(frozen=True, slots=True)
class CommandTarget:
    """A program and its arguments; no shell is between."""

    argv: tuple[str, ...]

    def __str__(self) -> str:
        return shlex.join(self.argv)


@dataclass(frozen=True, slots=True)
class PostTarget:
    """An address: ``host`` is an IP address, never a name that somebody else may lead elsewhere."""

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as a request names them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"http://{self.authority}{self.path}"


Target: TypeAlias = CommandTarget | PostTarget


def parse_target(text: str, allow_public: bool = False) -> Target:
    """What ``--on-alarm`` says.

    Args:
        text: ``http://127.0.0.1:8080/alarm``, or a command line in the manner of a shell, which is not asked.
        allow_public: an address of the internet may be posted to.

    Raises:
        ConfigError: it is empty, no address that may be posted to, or no program of that name is found.
    """
    words = text.strip()
    if not words:
        raise ConfigError("--on-alarm is empty; give a command, or an address such as http://127.0.0.1:8080/alarm")
    scheme = words.partition("://")[0].lower() if "://" in words.split()[0] else ""
    return _address(words, scheme, allow_public) if scheme else _command(words)


def _command(text: str) -> CommandTarget:
    try:
        argv = tuple(shlex.split(text))
    except ValueError as error:
        raise ConfigError(f"--on-alarm {text!r} is no command line: {error}") from error
    if not argv:
        raise ConfigError(f"--on-alarm {text!r} names no program")
    if shutil.which(argv[0]) is None:
        folder = Path(argv[0]).parent if "/" in argv[0] else None
        near = _nearest_file(folder, Path(argv[0]).name) if folder is not None else ""
        hint = f"; did you mean {near}?" if near else "; give its whole path, and make it executable"
        raise ConfigError(f"--on-alarm: there is no program {argv[0]!r}{hint}")
    return CommandTarget(argv)


def _nearest_file(folder: Path, name: str) -> str:
    names = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    found = difflib.get_close_matches(name, names, n=1)
    return str(folder / found[0]) if found else ""


def _address(text: str, scheme: str, allow_public: bool) -> PostTarget:
    if scheme != "http":
        raise ConfigError(f"--on-alarm posts to http:// only, found {text!r}; let a relay on this machine go further")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"--on-alarm {text!r} is no address: {error}") from error
    if not host or parts.username is not None or any(c.isspace() or ord(c) < 33 for c in text):
        raise ConfigError(f"--on-alarm {text!r} is no address such as http://127.0.0.1:8080/alarm")
    host = "127.0.0.1" if host == "localhost" else host
    try:
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise ConfigError(
            f"--on-alarm: {host!r} is a name, and names are not looked up, since others could lead them elsewhere; "
            "give the address in numbers"
        ) from error
    mapped = getattr(address, "ipv4_mapped", None)  # ::ffff:8.8.8.8 is 8.8.8.8
    address = address if mapped is None else mapped
    if address.is_multicast or address.is_unspecified or host == "255.255.255.255":
        raise ConfigError(f"--on-alarm: {host} is no address of a machine")
    if not (allow_public or address.is_loopback or address.is_private or address.is_link_local):
        raise ConfigError(
            f"--on-alarm: {host} lies outside this machine and its network; what cameras see goes there only when "
            "that is allowed"
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise ConfigError(f"--on-alarm: the path {path!r} has letters that an address must write as %XX")
    return PostTarget(str(address), 80 if port is None else port, path)
