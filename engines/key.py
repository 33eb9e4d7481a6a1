"""The engine key: everything that decides the bytes of a result, in clear and as one short text."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path

KEY_FORMAT = "1"

_CPU_FIELDS = ("vendor_id", "cpu family", "model", "model name", "stepping", "cache size", "flags")


def engine_key(fields: Mapping[str, str]) -> str:
    """``backend-version-precision-`` and 16 hexadecimal digits of the SHA-256 over all fields."""
    canonical = json.dumps(dict(fields), sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(canonical).hexdigest()[:16]
    return f"{fields['backend']}-{fields['version']}-{fields['precision']}-{digest}"


def cpu_fields() -> dict[str, str]:
    """What of this CPU decides the bytes of a float32 result: its name and its instruction sets.

    Libraries choose their kernels by instruction set and cache size; people may lower the set by an environment
    variable of oneDNN, which is therefore in it too.
    """
    fields = dict(_cpu())
    limit = os.environ.get("ONEDNN_MAX_CPU_ISA") or os.environ.get("DNNL_MAX_CPU_ISA")
    if limit:
        fields["cpu_isa_limit"] = limit
    return fields


@functools.cache
def _cpu() -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text("utf-8", "replace").split("\n\n", 1)[0].splitlines():
            name, _, value = line.partition(":")
            if name.strip() in _CPU_FIELDS:
                found[name.strip()] = value.strip()
    isa = hashlib.sha256(" ".join(sorted(found.pop("flags", "").split())).encode()).hexdigest()[:12]
    words = [found[name] for name in _CPU_FIELDS if name in found] or [platform.processor(), str(os.cpu_count())]
    return (("os", platform.system()), ("cpu", f"{platform.machine()} {' / '.join(words)}"), ("cpu_isa", isa))
