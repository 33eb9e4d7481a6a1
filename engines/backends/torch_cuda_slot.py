"""One batch size of a model on its device: buffers that stay where they are, and on a GPU the CUDA graph of its calls.

A CUDA graph replays fixed kernels on fixed addresses. So inputs are written to the same pinned host buffers at every
call, copied to the same device buffers, and what the graph leaves in its output buffers is copied back and then out of
here: nobody outside ever holds a buffer of this class.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backends.torch_graph_plan import Program

Arrays = dict[str, NDArray[np.float32]]

WARM_UPS = 3
"""Calls before the capture: libraries allocate and choose their kernels in the first ones, which no graph may hold."""

_CAPTURING = threading.RLock()
"""Only one model of this process captures at a time, and only under the settings of :func:`exact`."""


@contextmanager
def exact(torch: Any, timed: bool = False) -> Iterator[None]:
    """Settings under which the same engine key gives the same bytes, put back as they were at the end.

    No TF32: float32 is float32. No timing of kernels (cudnn.benchmark): the fastest one differs from load to load, and
    with it the last digits; cuDNN's own rules choose, the same ones every time. Sums of half products in float32.
    They are torch's settings for the whole process, but count only while kernels are chosen: here, once.

    Args:
        torch: the module.
        timed: choose by timing all the same, to measure what that would give.
    """
    with _CAPTURING:
        matmul = torch.backends.cuda.matmul
        before = (torch.get_float32_matmul_precision(), matmul.allow_fp16_reduced_precision_reduction)
        torch.set_float32_matmul_precision("highest")
        matmul.allow_fp16_reduced_precision_reduction = False
        try:
            with (
                torch.backends.cudnn.flags(enabled=True, benchmark=timed, deterministic=not timed, allow_tf32=False),
                torch.inference_mode(),
            ):
                yield
        finally:
            torch.set_float32_matmul_precision(before[0])
            matmul.allow_fp16_reduced_precision_reduction = before[1]


class Slot:
    """Args:
    torch: the module.
    program: of this batch size.
    inputs: name -> shape without the batch, in the program's order.
    device: ``cpu``, or ``cuda:N``.
    stream: of torch, that everything runs on; None on the CPU.
    """

    def __init__(
        self, torch: Any, program: Program, inputs: Mapping[str, tuple[int, ...]], device: str, stream: Any
    ) -> None:
        self._torch, self._stream, self.program = torch, stream, program
        self._graph: Any = None
        pinned = stream is not None
        self._host_in = {
            name: torch.zeros((program.batch, *shape), dtype=torch.float32, pin_memory=pinned)
            for name, shape in inputs.items()
        }
        self._in = {
            name: tensor if stream is None else torch.zeros_like(tensor, device=device)
            for name, tensor in self._host_in.items()
        }
        # all outputs lie behind one another: one copy brings them to the host
        whole = sum(math.prod(shape) for shape in program.shapes.values())
        self._host_out = torch.zeros(whole, dtype=torch.float32, pin_memory=pinned)
        self._out = self._host_out if stream is None else torch.zeros_like(self._host_out, device=device)
        self._parts = _parts(self._out, program.shapes)
        # NumPy's view of the host's buffers
        self._given: Arrays = {name: tensor.numpy() for name, tensor in self._host_in.items()}
        self._answer: Arrays = {n: part.numpy() for n, part in _parts(self._host_out, program.shapes).items()}

    def prepare(self, pool: Any) -> Any:
        """Compute until everything is chosen and allocated, then capture the calls. Returns the memory pool.

        Call it under :func:`exact`, on the stream. Graphs of one model share the pool: they never run at once.
        """
        torch = self._torch
        if self._stream is None:
            self._compute()
            return None
        for _ in range(WARM_UPS):
            self._compute()
        self._stream.synchronize()
        graph = torch.cuda.CUDAGraph()
        # thread_local: other threads go on computing other models meanwhile
        with torch.cuda.graph(graph, pool=pool, stream=self._stream, capture_error_mode="thread_local"):
            self._compute()
        self._graph = graph
        return graph.pool() if pool is None else pool

    def run(self, arrays: Arrays, start: int, stop: int, results: Arrays) -> None:
        """Compute the faces start..stop of `arrays` into those of `results`; the rest of the batch is zeros."""
        count = stop - start
        for name, buffer in self._given.items():
            np.copyto(buffer[:count], arrays[name][start:stop])
            buffer[count:] = 0
        if self._graph is None:
            self._compute()
        else:
            for name, tensor in self._in.items():
                tensor.copy_(self._host_in[name], non_blocking=True)
            self._graph.replay()
            self._host_out.copy_(self._out, non_blocking=True)
            self._stream.synchronize()
        for name, answer in self._answer.items():
            np.copyto(results[name][start:stop], answer[:count])

    def _compute(self) -> None:
        """Compute from the input buffers into the output buffer."""
        out = self.program(*self._in.values())
        for name, part in self._parts.items():
            part.copy_(out[name])

    @property
    def weight_bytes(self) -> int:
        """Bytes of what every computation reads beside its inputs."""
        return sum(tensor.numel() * tensor.element_size() for tensor in self.program.constants)

    @property
    def captured(self) -> bool:
        return self._graph is not None

    def timed(self, eager: bool) -> Callable[[], None]:
        """The computation alone, without copies, for measuring: by single calls, or by the graph's replay.

        What is returned is called under :func:`exact`, on the stream.
        """
        if eager or self._graph is None:
            return self._compute
        replay: Callable[[], None] = self._graph.replay
        return replay

    def close(self) -> None:
        """Let go of the graph and the buffers."""
        if self._graph is not None:
            self._graph.reset()
        self._graph, self._out, self._parts, self._in = None, None, {}, {}


def _parts(flat: Any, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """A flat tensor as tensors of these shapes, one behind the other."""
    parts, at = {}, 0
    for name, shape in shapes.items():
        size = math.prod(shape)
        parts[name] = flat[at : at + size].view(shape)
        at += size
    return parts
