"""Which backends were verified on this machine, and with what.

A backend that nobody could check on its device when it was written is called unverified until `tapetum engines check`
on a machine with that device has left its report here. It holds for the libraries and the driver that were checked.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engines.errors import StoreError
from engines.folders import cache_folder
from engines.registry import BACKENDS
from engines.store_files import check_entry, read_small, write_atomically

_DRIVER = Path("/proc/driver/nvidia/version")
_WHEELS = ("{0}", "{0}-gpu", "{0}-cu13", "{0}-cu12")
"""The names under which a package may have been installed."""


def verified(backend_name: str) -> dict[str, Any] | None:
    """The report that verified a backend on this machine, with the libraries and the driver that are here now.

    None where there is none, or where one of them has changed since: then the backend is unverified again.
    """
    folder, name = cache_folder(), _name(backend_name)
    try:
        check_entry(folder, (name,))
        told = json.loads(read_small(folder / name))
    except (OSError, ValueError, StoreError):  # not there, torn, or not ours: then it was not verified
        return None
    good = isinstance(told, dict) and told.get("ok") is True and told.get("versions") == versions(backend_name)
    return told if good else None


def keep_verified(backend_name: str, report: Mapping[str, Any]) -> Path:
    """Keep a report; returns its path. One whose ``ok`` is not true verifies nothing and takes an earlier one's place.

    Raises:
        StoreError: the cache folder cannot be written.
    """
    folder = cache_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {folder} cannot be made ({error.strerror})") from error
    path = folder / _name(backend_name)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = {**report, "versions": versions(backend_name), "made": now}
    write_atomically(path, (json.dumps(told, indent=2, sort_keys=True) + "\n").encode())
    return path


def versions(backend_name: str) -> dict[str, str]:
    """What a verification holds for: the backend's packages, and the GPU's driver where it needs one."""
    info = BACKENDS[backend_name]
    found = {package: _version(package) for package in info.packages}
    if info.needs_gpu:
        try:
            found["driver"] = _DRIVER.read_text("utf-8", "replace").splitlines()[0].strip()
        except (OSError, IndexError):
            found["driver"] = "none" if platform.system() == "Linux" else "unknown"
    return found


def _version(package: str) -> str:
    told = []
    for wheel in _WHEELS:
        name = wheel.format(package)
        try:
            told.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    if told:
        return ", ".join(told)
    return "not installed" if importlib.util.find_spec(package) is None else "unknown"


def _name(backend_name: str) -> str:
    return f"verified-{backend_name}.json"
