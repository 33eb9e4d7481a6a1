"""FrameSets of a recording, read ahead of the steps in a thread of their own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Final

from drivers.channels import ChannelClosed, Lossless
from drivers.frame import FrameSet

PREFETCH: Final = 16

Planned = tuple[FrameSet, frozenset[str], str]
"""A FrameSet, the models that rest on it, and the status of one that a live run could not compute; '' of others."""


class Prefetched:
    """Reads and decodes FrameSets in one thread ahead of the steps, a bounded number of them."""

    def __init__(self, make: Callable[[], Iterator[Planned]]) -> None:
        self._channel: Lossless[Planned] = Lossless(PREFETCH)
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._read, args=(make,), name="tapetum-read")
        self._thread.start()

    def __iter__(self) -> Iterator[Planned]:
        while True:
            try:
                yield self._channel.take(0.5)
            except queue.Empty:
                continue
            except ChannelClosed:
                break
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        self._stop.set()
        self._channel.close()
        self._thread.join()

    def _read(self, make: Callable[[], Iterator[Planned]]) -> None:
        try:
            for frame_set in make():
                while not self._channel.put_wait(frame_set, 0.2):
                    if self._stop.is_set():
                        return
        except ChannelClosed:
            pass
        except Exception as error:  # noqa: BLE001 - carried to the consumer, who raises it
            self._error = error
        finally:
            self._channel.close()
