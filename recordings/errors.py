"""The error tree of the recordings."""

from __future__ import annotations


class RecordingError(Exception):
    """Anything wrong with a session on disk. The message says what was tried, found, and to do."""


class SessionNotFoundError(RecordingError):
    """There is no file or folder at the given path."""


class SessionFormatError(RecordingError):
    """The file is no session: not MCAP, torn, or without the records that make a session."""


class SessionWriteError(RecordingError):
    """A session could not be written; nothing is left under its final name."""


class SessionImportError(RecordingError):
    """A folder or file of another format could not be turned into a session."""


class SessionExportError(RecordingError):
    """A session could not be turned into another form."""
