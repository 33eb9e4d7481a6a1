"""What can be wrong with series beside a session."""

from __future__ import annotations

from recordings.errors import RecordingError


class SeriesError(RecordingError):
    """A series could not be read, stored or changed. The message says what was tried, found, and to do."""
