"""What NVIDIA GPU and driver are here, asked of nobody's SDK: libcuda, nvidia-smi and the kernel's own files.

Nothing here may crash, hang or change this process. libcuda is therefore asked in a child process: its cuInit can hang
with a stuck driver, and a process that has called it can no longer fork children that use CUDA. It numbers the GPUs as
CUDA does, which nvidia-smi does not, and sees only those that this process may use (CUDA_VISIBLE_DEVICES).
"""

from __future__ import annotations

import contextlib
import csv
import ctypes
import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT_S = 10.0
"""nvidia-smi takes 2 s on a machine whose driver sleeps between calls; one that is stuck takes for ever."""

PROC = Path("/proc/driver/nvidia")

_SMI_FIELDS = ("index", "name", "uuid", "driver_version", "memory.total", "compute_cap")
_MIB = 2**20

# CUresult values that people meet, and what helps
_CUDA_ERRORS = {
    34: "libcuda is the stub that is meant for linking only; remove it from the library path",
    46: "the GPU is in use exclusively by another process",
    100: "the driver is there, but shows this process no GPU",
    802: "the GPUs are not ready yet (on machines with NVSwitch: start nvidia-fabricmanager)",
    803: "the driver's kernel module and its libraries are of different versions; restart the machine",
    804: "the CUDA compatibility libraries do not fit this GPU or driver",
    999: "the driver failed for an unknown reason; dmesg may say more, a restart often helps",
}


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU.

    Attributes:
        number: as CUDA counts, or as nvidia-smi does where only that answered.
        name: e.g. ``NVIDIA H100 80GB HBM3``.
        memory_bytes: in all, 0 if unknown.
        capability: compute capability, (0, 0) if unknown.
        multiprocessors: 0 if unknown.
        uuid: ``GPU-...``, or empty.
    """

    number: int
    name: str
    memory_bytes: int
    capability: tuple[int, int]
    multiprocessors: int
    uuid: str

    def text(self) -> str:
        said = [self.name]
        if self.memory_bytes:
            said.append(f"{self.memory_bytes / 2**30:.0f} GiB")
        if any(self.capability):
            said.append("compute capability " + ".".join(map(str, self.capability)))
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class GpuFacts:
    """What is known of the GPUs and their driver; that there is something to know does not mean that CUDA works.

    Attributes:
        driver: version, e.g. ``570.133.20``; empty if unknown.
        cuda: the newest CUDA version that the driver serves, e.g. ``12.8``; empty where libcuda does not answer.
        gpus: at least the driver knows them.
        usable: CUDA can compute here: libcuda initialises and shows this process a GPU.
    """

    driver: str
    cuda: str
    gpus: tuple[Gpu, ...]
    usable: bool


def gpu_facts(again: bool = False) -> GpuFacts | None:
    """What is known, or None where there is neither GPU nor driver. Asked once a process; ``again`` asks anew.

    Never raises. Takes at most a little more than three times ``TIMEOUT_S``.
    """
    if again:
        _found.cache_clear()
    return _found()[0]


def why_no_gpu(again: bool = False) -> str:
    """Why CUDA can compute nothing here, and what would help; empty where it can. Asked once a process.

    Never raises. Takes at most a little more than three times ``TIMEOUT_S``.
    """
    if again:
        _found.cache_clear()
    return _found()[1]


@functools.cache
def _found() -> tuple[GpuFacts | None, str]:
    cuda, cuda_fault = _ask_libcuda()
    listed, smi_fault = _ask_smi()
    driver = next((version for version, _ in listed), "") or _kernel_driver()
    version, gpus = cuda
    usable = bool(gpus)
    known = gpus or tuple(gpu for _, gpu in listed)
    facts = GpuFacts(driver, version, known, usable) if driver or version or known else None
    if usable:
        return facts, ""
    seen = f"; the driver knows {', '.join(gpu.text() for gpu in known)}" if known else ""
    smi = f"; {smi_fault}" if smi_fault and not known else ""
    if facts is None:
        return None, f"no NVIDIA GPU or no driver for it: {cuda_fault}{smi}"
    return facts, f"CUDA cannot use a GPU here: {cuda_fault}{seen}{smi}"


# --- libcuda, in a child process


def _ask_libcuda() -> tuple[tuple[str, tuple[Gpu, ...]], str]:
    """((CUDA version, GPUs that this process may use), why there are none)."""
    nothing: tuple[str, tuple[Gpu, ...]] = ("", ())
    # this very file is the program; -I: nothing of the caller's folder or environment shadows a module of Python
    text, fault = _run([sys.executable, "-I", str(Path(__file__).resolve())])
    if fault:
        return nothing, f"asking the driver's library libcuda: {fault}"
    try:
        told = json.loads(text)
        gpus = tuple(
            Gpu(i, g["name"], g["memory"], (g["major"], g["minor"]), g["sms"], g["uuid"])
            for i, g in enumerate(told["gpus"])
        )
        return (str(told["cuda"]), gpus), str(told["fault"])
    except (ValueError, KeyError, TypeError):
        return nothing, f"asking the driver's library libcuda gave no sense: {text[:100]!r}"


def _libcuda_tells() -> dict[str, Any]:
    """What the child process prints: the driver API's own words, without a context on any GPU."""
    told: dict[str, Any] = {"cuda": "", "gpus": [], "fault": ""}
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        cuda = ctypes.CDLL(name)
    except OSError as error:
        in_container = Path("/.dockerenv").exists() or Path("/run/.containerenv").exists()
        where = " or not handed into this container (start it with --gpus all)" if in_container else ""
        told["fault"] = f"the NVIDIA driver is not installed{where}: {name} cannot be loaded ({error})"
        return told
    version = ctypes.c_int(0)
    if cuda.cuDriverGetVersion(ctypes.byref(version)) == 0:
        told["cuda"] = f"{version.value // 1000}.{version.value % 1000 // 10}"
    if code := cuda.cuInit(0):
        told["fault"] = _cuda_fault("cuInit", code)
        return told
    count = ctypes.c_int(0)
    if code := cuda.cuDeviceGetCount(ctypes.byref(count)):
        told["fault"] = _cuda_fault("cuDeviceGetCount", code)
        return told
    for number in range(count.value):
        device = ctypes.c_int(0)
        if code := cuda.cuDeviceGet(ctypes.byref(device), number):
            told["fault"] = _cuda_fault(f"cuDeviceGet({number})", code)
            return told
        told["gpus"].append(_device_tells(cuda, device))
    if not told["gpus"]:
        told["fault"] = _cuda_fault("cuDeviceGetCount", 100)
    return told


def _device_tells(cuda: Any, device: ctypes.c_int) -> dict[str, Any]:
    name = ctypes.create_string_buffer(256)
    memory = ctypes.c_size_t(0)
    uuid = (ctypes.c_ubyte * 16)()
    cuda.cuDeviceGetName(name, 256, device)
    cuda.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    has_uuid = cuda.cuDeviceGetUuid(ctypes.byref(uuid), device) == 0
    digits = bytes(uuid).hex()

    def attribute(number: int) -> int:
        value = ctypes.c_int(0)
        return value.value if cuda.cuDeviceGetAttribute(ctypes.byref(value), number, device) == 0 else 0

    return {
        "name": name.value.decode("utf-8", "replace"),
        "memory": memory.value,
        "major": attribute(75),  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
        "minor": attribute(76),  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR
        "sms": attribute(16),  # CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT
        "uuid": f"GPU-{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}" if has_uuid else "",
    }


def _cuda_fault(call: str, code: int) -> str:
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    told = _CUDA_ERRORS.get(code, "see cuda.h for what the number means")
    mask = f" (CUDA_VISIBLE_DEVICES is {hidden!r})" if code == 100 and hidden is not None else ""
    return f"{call} gave error {code}: {told}{mask}"


# --- nvidia-smi and the kernel


def _ask_smi() -> tuple[list[tuple[str, Gpu]], str]:
    """([(driver version, GPU)], why there are none), as nvidia-smi counts them."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return [], "nvidia-smi is not there"
    text, fault = _run([program, f"--query-gpu={','.join(_SMI_FIELDS)}", "--format=csv,noheader,nounits"])
    if fault and "compute_cap" in fault:  # drivers before 510 do not know this field
        text, fault = _run([program, f"--query-gpu={','.join(_SMI_FIELDS[:-1])}", "--format=csv,noheader,nounits"])
    if fault:
        return [], f"nvidia-smi: {fault}"
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), skipinitialspace=True)]
    except csv.Error:  # noise
        rows = []
    found = [gpu for row in rows if (gpu := _smi_row(row)) is not None]
    if not found:
        return [], f"nvidia-smi names no GPU: {text.strip()[:100]!r}"
    return found, ""


def _smi_row(row: Sequence[str]) -> tuple[str, Gpu] | None:
    if len(row) < 5 or not row[0].isdecimal() or not re.fullmatch(r"[\d.]+", row[3]):
        return None
    memory = int(float(row[4]) * _MIB) if re.fullmatch(r"\d+(\.\d+)?", row[4]) else 0  # "[N/A]" on shared memory
    major, minor = (0, 0)
    if len(row) > 5 and (match := re.fullmatch(r"(\d+)\.(\d+)", row[5])):
        major, minor = int(match[1]), int(match[2])
    return row[3], Gpu(int(row[0]), row[1], memory, (major, minor), 0, row[2])


def _kernel_driver() -> str:
    """The driver's version as the Linux kernel module tells it, or empty."""
    try:
        match = re.search(r"NVRM version:.*?\s(\d+\.\d+(?:\.\d+)?)\s", (PROC / "version").read_text("utf-8", "replace"))
    except OSError:
        return ""
    return match[1] if match else ""


def _run(command: list[str]) -> tuple[str, str]:
    """(what it printed, why it gave nothing). It is killed when it takes too long, with all that it has started."""
    what = Path(command[0]).name
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return "", f"{what} cannot be started ({error})"
    try:
        out, err = child.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        _kill(child)
        return "", f"no answer within {TIMEOUT_S:.0f} s; the driver is stuck, a restart of the machine helps"
    if child.returncode < 0:
        return "", f"ended by signal {-child.returncode}"
    if child.returncode:
        said = " ".join((out + " " + err).split())
        return "", f"exit code {child.returncode}: {said[:300]}"
    return out, ""


def _kill(child: subprocess.Popen[str]) -> None:
    """Kill it and what it started. Inside a stuck driver it may outlive that: nobody waits long for it."""
    with contextlib.suppress(OSError):  # it has just ended
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(child.pid, 9)
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(1.0)


if __name__ == "__main__":
    print(json.dumps(_libcuda_tells()))  # noqa: T201 - the answer to the parent
