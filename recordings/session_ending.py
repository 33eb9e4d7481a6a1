"""How a session's file ends: its indexes and its description, also on a disk that has no room for all of it."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from recordings import channels, frame_index, schemas, viewer_messages
from recordings.container_writer import ContainerWriter
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.part_file import PartFile
from recordings.session import SCHEMA_VERSION, SessionInfo
from recordings.stream_writer import StreamWriter

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The errors after which the last chunks may be given up for the index: there is no more room, nothing is broken."""

_MAX_GIVEN_UP: Final = 256
"""Chunks that may be given up so that the rest can be finished on a full disk."""


@dataclass(slots=True)
class Newest:
    """Host and device time of the newest frame that was written, ns."""

    host_ns: int = 0
    device_ns: int = 0


class SessionEnding:
    """Writes what stands at both ends of the file. Whoever calls holds the writer's lock.

    Args:
        info: the session's description.
        file, container: that are written to.
        streams: with the index of each.
        newest: kept up to date by the writer.
    """

    def __init__(
        self,
        info: SessionInfo,
        file: PartFile,
        container: ContainerWriter,
        streams: Mapping[str, StreamWriter],
        newest: Newest,
    ) -> None:
        self._info, self._file, self._container, self._streams = info, file, container, streams
        self._newest = newest

    def describe(self) -> None:
        """Write what the session is.

        Raises:
            OSError: the disk refuses.
        """
        self._container.metadata(
            schemas.SESSION_METADATA,
            {
                "schema_version": str(SCHEMA_VERSION),
                "title": self._info.title,
                "json": json_text(self._info.to_json()),
            },
        )

    def finish(self) -> None:
        """The index of each stream, the description once more (for whoever finds the front damaged), the end.

        Raises:
            OSError: the disk refuses; the file is as it was before, unless it is whole and lacks its name only.
        """
        begin = self._file.size
        try:
            for name, stream in self._streams.items():
                self._container.attach(
                    schemas.INDEX_ATTACHMENT + name,
                    schemas.INDEX_MEDIA_TYPE,
                    frame_index.pack(stream.index.records()),
                    self._newest.host_ns,
                )
            self.describe()
            self._container.finish()
            self._file.publish()
        except OSError:
            if not self._file.is_closed:  # another end may come, and must not stand behind half of this one
                self._container.cut_back(begin)
            raise

    def finish_somehow(self, reason: str, accepted: Mapping[str, int]) -> None:
        """Finish with as much as the disk takes: with the reason, without it, without the last chunks.

        Args:
            accepted: stream -> frames that were taken.

        Raises:
            OSError: the disk refuses for another reason than that it is full.
            SessionWriteError: it is too full even for that.
        """
        for given_up in range(-1, _MAX_GIVEN_UP):
            self._container.retry()
            lost = self.lost(accepted)
            try:
                if given_up < 0:
                    self._write_reason(reason, lost)
                self.finish()
                return
            except OSError as error:
                if error.errno not in _FULL or self._file.is_closed:
                    raise
                self._container.forget()
                self._container.drop_attachments()
                if given_up >= 0 and not self._container.drop_last_chunk():
                    raise
        raise SessionWriteError(f"there is no room for the index, even after {_MAX_GIVEN_UP} chunks were given up")

    def _write_reason(self, reason: str, lost: Mapping[str, int]) -> None:
        words = "".join(f"; {n} frames of {name} were lost in memory" for name, n in lost.items())
        event = Event("recording ended", self._newest.device_ns, None, None, reason + words)
        self._container.message(
            channels.EVENTS, self._newest.host_ns, json_text(event.to_json()).encode(), together=True
        )
        log = viewer_messages.log_message("error", f"recording ended: {reason}{words}", self._newest.host_ns)
        self._container.message(channels.LOG, self._newest.host_ns, log)
        self._container.flush()

    def lost(self, accepted: Mapping[str, int]) -> dict[str, int]:
        """Cut the indexes back to the frames that are in the file; stream -> frames that were accepted and are not."""
        counts = self._container.message_counts()
        for name, stream in self._streams.items():
            stream.index.truncate(counts.get(schemas.image_topic(name), 0))
        return {
            name: n - len(self._streams[name].index)
            for name, n in accepted.items()
            if n > len(self._streams[name].index)
        }


def json_text(data: Mapping[str, Any]) -> str:
    """Compact JSON.

    Raises:
        TypeError, ValueError: it does not go into JSON.
    """
    return json.dumps(data, separators=(",", ":"), allow_nan=False)
