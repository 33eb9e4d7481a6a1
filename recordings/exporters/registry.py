"""The exporters of this room. Those that draw or tabulate results stand in pipeline/exporters/registry.py."""

from __future__ import annotations

import importlib
from typing import Final

from recordings.exporters.protocol import Exporter

MODULES: Final = ("viewable", "png16", "ply", "ros2")
"""One file each in this folder."""


def exporters() -> tuple[Exporter, ...]:
    """Every exporter of this room."""
    return tuple(importlib.import_module(f"recordings.exporters.{name}").EXPORTER for name in MODULES)
