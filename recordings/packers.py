"""Work for the threads that compress, done in place where they are gone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def submit(packers: Executor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """As ``packers.submit``; in the caller's thread when the executor takes no more.

    Python shuts every executor down when its main thread ends. A recording goes on until it is closed.
    """
    try:
        return packers.submit(work, *args, **kwargs)
    except RuntimeError:
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - kept for whoever asks for the result, as an executor does
            done.set_exception(error)
        return done
