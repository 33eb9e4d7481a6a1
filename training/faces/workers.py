"""Shards rendered side by side, in processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path


def in_processes(workers: int, calls: Iterable[tuple[Callable[..., Path], tuple[object, ...]]]) -> Iterator[Path]:
    """Call each function with its arguments, in so many processes (1: in this one); yields each path as it is done."""
    if workers <= 1:
        for function, arguments in calls:
            yield function(*arguments)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(function, *arguments) for function, arguments in calls]
        for done in as_completed(running):
            yield done.result()
