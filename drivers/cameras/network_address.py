"""The address of a network camera: what is typed, what is opened, and what may be shown of it.

``rtsp://user:password@host:port/path?the=camera's&own=query#our=options``
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import quote, quote_plus, unquote

from drivers.credentials import Login
from drivers.errors import UnsupportedFeatureError

PORTS: Final = {"rtsp": 554, "rtsps": 322}
HIDDEN: Final = "***"
_FORMS: Final = {
    "rtsp": "rtsp://HOST[:PORT]/PATH[#option=value]",
    "rtsps": "rtsps://HOST[:PORT]/PATH[#option=value]",
    "onvif": "onvif:HOST[:PORT][?option=value]",
}

_AUTHORITY: Final = re.compile(r"//(?P<authority>[^/?#]*)(?P<way>[^#]*)(?:#(?P<words>.*))?", re.DOTALL)
_HOST: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.%a-z]+\]|[^\[\]:@\s]+)(?::(?P<port>\d{1,5}))?")
_SECRET: Final = re.compile(
    # What cameras take in their paths and queries: ?password=..., /user=admin_password=..._channel=1
    r"(?P<key>(?:user(?:name)?|usr|login|account|pass(?:word|wd|phrase)?|pwd|pw|token|secret|auth|key|sid|session)=)"
    r".*?(?=[_&;?/][a-z][a-z0-9]*=|#|$)",  # a password may hold these signs, too: only another key ends it
    re.IGNORECASE | re.DOTALL,
)
_PAIR: Final = re.compile(r"(?<=[/?&])[^/?&#=:]*:[^/?&#]*")
"""A name and a password as a part of the path: /0/admin:...../main."""
_SIZE: Final = re.compile(r"(?:^|(?<=&))size=\d+x\d+@[\d.]+(?=&|$)")
"""The one option of ours that has an @."""
_ESCAPES: Final = "%40 for @, %3A for :, %2F for /, %3F for ?, %23 for #, %25 for %"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a camera is found.

    Attributes:
        scheme: ``rtsp`` or ``rtsps``.
        host: a name or an address, without brackets.
        port: None is the scheme's own.
        way: path and query, as typed.
        login: as typed; None when it was not.
    """

    scheme: str
    host: str
    port: int | None
    way: str = field(repr=False)
    login: Login | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, scheme: str, rest: str) -> tuple[Self, str]:
        """What stands after ``rtsp:`` as an address, and our own words behind the ``#``.

        Raises:
            UnsupportedFeatureError: it is no address. The message never repeats what was typed: it may hold a password.
        """
        found = _AUTHORITY.fullmatch(rest)
        if found is None:
            raise UnsupportedFeatureError(f"a network camera is written {_FORMS[scheme]}")
        if "@" in found["way"] or has_stray_at(found["words"] or ""):
            raise UnsupportedFeatureError(
                f"the {scheme}: address has an @ behind its host; within a name, a password or a path write "
                f"{_ESCAPES}. Better keep passwords out of sources (docs/cameras/network.md)"
            )
        typed, at, place = found["authority"].rpartition("@")
        if "@" in typed:
            raise UnsupportedFeatureError(f"the {scheme}: address has more than one @; write {_ESCAPES}")
        where = _HOST.fullmatch(place)
        port = int(where["port"]) if where is not None and where["port"] else None
        if where is None or (port is not None and not 0 < port < 65536):
            raise UnsupportedFeatureError(
                f"the {scheme}: address has no host and port as {_FORMS[scheme]}; within a password write {_ESCAPES}"
            )
        login = None
        if at:
            user, _, password = typed.partition(":")
            login = Login(unquote(user), unquote(password))
        return cls(scheme, where["host"].strip("[]"), port, found["way"], login), found["words"] or ""

    @property
    def connect_port(self) -> int:
        return self.port or PORTS[self.scheme]

    @property
    def place(self) -> str:
        """Host and port, as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """The address for people: no name, no password."""
        return f"{self.scheme}://{self.place}{_PAIR.sub(HIDDEN, mask(self.way))}"

    @property
    def hides_something(self) -> bool:
        """Whether the path or the query holds what is not shown."""
        return not self.shown.endswith(self.way)

    @property
    def way_secrets(self) -> tuple[str, ...]:
        """Parts of the path that look like a name and a password, as they were typed."""
        return tuple(_PAIR.findall(self.way))

    def opened(self, login: Login | None) -> str:
        """The address as it is opened: with the name and the password. Never to be shown."""
        who = ""
        if login is not None and (login.user or login.password):
            who = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}@"
        return f"{self.scheme}://{who}{self.place}{self.way}"


def has_stray_at(words: str) -> bool:
    """Whether our options hold an @ that is none of theirs: then a password was cut at one of its signs."""
    return "@" in _SIZE.sub("", words)


def mask(text: str) -> str:
    """Without the values of what looks like a name, a password or a token in a path or a query."""
    return _SECRET.sub(rf"\g<key>{HIDDEN}", text)


class Scrubber:
    """Takes the secrets of one camera out of what others say.

    Args:
        secrets: names and passwords; those of a camera's path and query are found by their keys.
    """

    def __init__(self, *secrets: str) -> None:
        forms = {form(s) for s in secrets if s for form in (str, _quoted, quote_plus)}
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        text = re.sub(r"(?<=://)[^/\s?#]*@", "", text)
        for one in self._forms:
            text = text.replace(one, HIDDEN)
        return mask(text)

    def __repr__(self) -> str:
        return "Scrubber(...)"


def _quoted(text: str) -> str:
    return quote(text, safe="")
