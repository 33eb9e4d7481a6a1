"""How much memory another process holds now, without a package for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

if sys.platform == "win32":  # pragma: no cover - Windows

    def resident_bytes(pid: int) -> int | None:
        """Physical memory of a process in bytes; None where it cannot be told, such as when it has just ended."""
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            # PROCESS_MEMORY_COUNTERS of psapi.h
            _fields_ = (
                ("cb", wintypes.DWORD),
                ("PageFaultCount", wintypes.DWORD),
                *(
                    (name, ctypes.c_size_t)
                    for name in ("PeakWorkingSetSize", "WorkingSetSize", "a", "b", "c", "d", "e", "f")
                ),
            )

        kernel = ctypes.windll.kernel32
        kernel.OpenProcess.restype = wintypes.HANDLE
        handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        if not handle:
            return None
        try:
            counters = Counters()
            counters.cb = ctypes.sizeof(Counters)
            call = kernel.K32GetProcessMemoryInfo
            call.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
            return int(counters.WorkingSetSize) if call(handle, ctypes.byref(counters), counters.cb) else None
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))

elif sys.platform.startswith("linux"):

    def resident_bytes(pid: int) -> int | None:
        """Physical memory of a process in bytes; None where it cannot be told, such as when it has just ended."""
        try:
            status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
        except OSError:
            return None
        for line in status.splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) << 10
        return None

else:  # pragma: no cover - macOS and the like

    def resident_bytes(pid: int) -> int | None:
        """Physical memory of a process in bytes; None where it cannot be told, such as when it has just ended."""
        try:
            told = subprocess.run(
                ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False, timeout=5
            )
            return int(told.stdout.strip()) << 10
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
