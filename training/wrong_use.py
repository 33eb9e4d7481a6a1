"""The kind of error that is the asker's: a command ends with 2 for it, and with 1 for any other."""

from __future__ import annotations


class WrongUseError(Exception):
    """What was asked for can't be meant: a name, a number or a folder that is none. The message says what to do."""
