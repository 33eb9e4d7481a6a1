"""What the operating system says of files, disks and ports, in the operator's language. No Qt here.

The number of the error stays beside our words, so that it can be looked up.
"""

from __future__ import annotations

import errno
import os
import re
from functools import lru_cache
from typing import Final

from gui.words import mark, tr

ERRORS: Final[dict[int, str]] = {
    errno.ENOENT: mark("there is no such file or folder"),
    errno.EACCES: mark("the rights there do not allow it"),
    errno.ENOSPC: mark("the disk is full"),
    errno.EROFS: mark("nothing can be written there: the disk is read-only"),
    errno.EISDIR: mark("it is a folder, and no file"),
    errno.ENOTDIR: mark("a part of the path is a file, and no folder"),
    errno.EBUSY: mark("it is in use"),
    errno.EIO: mark("the disk or the device cannot be read or written"),
    errno.ECONNREFUSED: mark("nobody listens there"),
    errno.EADDRINUSE: mark("the address or the port is taken"),
    errno.ETIMEDOUT: mark("no answer came in time"),
}
"""By the system's number."""

_ENGLISH: Final[dict[int, tuple[str, ...]]] = {
    errno.ENOENT: ("No such file or directory",),
    errno.EACCES: ("Permission denied",),
    errno.ENOSPC: ("No space left on device",),
    errno.EROFS: ("Read-only file system",),
    errno.EISDIR: ("Is a directory",),
    errno.ENOTDIR: ("Not a directory",),
    errno.EBUSY: ("Device or resource busy", "Resource busy"),
    errno.EIO: ("Input/output error",),
    errno.ECONNREFUSED: ("Connection refused",),
    errno.EADDRINUSE: ("Address already in use",),
    errno.ETIMEDOUT: ("Connection timed out", "Operation timed out"),
}
"""As Linux and macOS say them to a program that asked for no other language."""


def system_words(text: str) -> str:
    """A sentence with what the system says in it in our words: ``night.mcap: there is no such file or folder (error
    2)``. What is not known stays."""
    numbers, pattern = _known()

    def said(found: re.Match[str]) -> str:
        number = numbers[found[2].lower()]
        return found[1] + tr("{what} (error {n})", what=tr(ERRORS[number]), n=number)

    return pattern.sub(said, text)


def error_words(error: BaseException) -> str:
    """What an error says, in our words where they are the system's."""
    return system_words(str(error))


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, int], re.Pattern[str]]:
    """The system's sentences by their numbers, in English and in the language that the system speaks now; they count
    where a sentence begins, so that nothing of ours is taken for one."""
    numbers = {text.lower(): number for number, texts in _ENGLISH.items() for text in (*texts, os.strerror(number))}
    texts = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
    pattern = rf"(^|[:;(] ?|[,–] )(?:\[Errno \d+\] )?({texts})(?: \(\d+\))?(?=$|[:;,.)]| \()"
    return numbers, re.compile(pattern, re.IGNORECASE | re.MULTILINE)
