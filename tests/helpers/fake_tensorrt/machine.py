"""The state of the fake machine: driver, GPUs, memory, streams, and what is to go wrong."""

from __future__ import annotations

import ctypes
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Work = Callable[[], None]


class ProcessCrashError(BaseException):
    """Where the real library would end the process by a segmentation fault."""


@dataclass
class Stream:
    """Work in its order; while a capture is on, it goes into the graph instead."""

    device: int
    work: list[Work] = field(default_factory=list)
    captured: list[Work] | None = None
    capture_broken: bool = False


@dataclass
class Machine:
    """What the fakes share, and the knobs of the tests.

    Attributes:
        driver: CUDA version that the driver can do, 0: no driver.
        runtime: CUDA version of the Python bindings.
        tensorrt_needs: CUDA version that TensorRT's own runtime needs of the driver.
        names, compute, processors: of the GPUs.
        memory: bytes of each GPU that are free at first.
        fail: name of a CUDA function -> name of the error that it gives from then on (once, unless it is sticky).
        lost: name of the sticky error that every call gives from then on.
        refuse_enqueue: execute_async_v3 answers False so many times.
        no_capture: a network that cannot be recorded into a graph.
        bad_ops: operations that the ONNX parser does not know.
        build_memory: False: the builder finds no memory.
        calls: how often each function was called.
        notes: what tests look at afterwards, e.g. how a network was created.
    """

    driver: int = 13000
    runtime: int = 13000
    tensorrt_needs: int = 13000
    names: tuple[str, ...] = ("Fake GPU 4090", "Fake GPU 4090")
    compute: tuple[int, int] = (8, 9)
    processors: int = 128
    memory: int = 1 << 30
    fail: dict[str, str] = field(default_factory=dict)
    lost: str = ""
    refuse_enqueue: int = 0
    no_capture: bool = False
    bad_ops: frozenset[str] = frozenset({"Det", "Unique", "BitShift"})
    build_memory: bool = True
    calls: Counter[str] = field(default_factory=Counter)
    notes: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.chosen = threading.local()
        self.last_error = ""
        self.streams: dict[int, Stream] = {}
        self.graphs: dict[int, list[Work]] = {}
        self.launchable: dict[int, tuple[int, list[Work]]] = {}
        self.allocations: dict[int, tuple[str, int, Any]] = {}  # address -> (where, device, memory)
        self.contexts = 0
        self.crashes = 0
        self._next = 1 << 20

    def handle(self) -> int:
        """A number that nothing else has."""
        self._next += 16
        return self._next

    @property
    def device(self) -> int:
        """The calling thread's GPU: the first unless it chose another."""
        return int(getattr(self.chosen, "device", 0))

    @property
    def used(self) -> int:
        """Bytes that are allocated on the GPUs."""
        return sum(ctypes.sizeof(m) for where, _, m in self.allocations.values() if where == "device")

    def allocate(self, where: str, size: int) -> int | None:
        """Memory, None where there is none left."""
        if where == "device" and self.used + size > self.memory:
            return None
        memory = (ctypes.c_char * size)()
        ctypes.memset(memory, 0xFF, size)  # not a number, whoever reads it as one
        address = ctypes.addressof(memory)
        self.allocations[address] = (where, self.device, memory)
        return address

    def memory_at(self, address: int, size: int, where: str) -> Any:
        """What lies at an address, once it is proven to be allocated there and large enough."""
        found = self.allocations.get(address)
        if found is None or found[0] != where or ctypes.sizeof(found[2]) < size:
            raise ProcessCrashError(f"{size} bytes at {address:#x} are no {where} memory")
        return found[2]

    def left(self) -> list[str]:
        """What was not given back, after everything was closed."""
        told = [f"{where} memory" for where, _, _ in self.allocations.values()]
        told += ["a stream"] * len(self.streams) + ["a graph"] * (len(self.graphs) + len(self.launchable))
        return told + ["a context"] * self.contexts
