"""The fake of the module ``tensorrt``, for the majors 10 and 11: names and signatures of the real bindings."""

from __future__ import annotations

import enum
import types
from typing import Any

from tests.helpers.fake_tensorrt.engine import make_engine_classes
from tests.helpers.fake_tensorrt.machine import Machine
from tests.helpers.fake_tensorrt.network import make_network_classes

VERSIONS = {10: "10.16.1.11", 11: "11.4.0.106"}
"""The versions whose bindings were read."""

_FLAGS_OF_10 = ("FP16", "BF16", "INT8", "OBEY_PRECISION_CONSTRAINTS", "PREFER_PRECISION_CONSTRAINTS", "FP8")


class Severity(enum.IntEnum):
    """ILogger.Severity."""

    INTERNAL_ERROR = 0
    ERROR = 1
    WARNING = 2
    INFO = 3
    VERBOSE = 4


class ILogger:
    """What everything tells its messages to."""

    Severity = Severity
    INTERNAL_ERROR = Severity.INTERNAL_ERROR
    ERROR = Severity.ERROR
    WARNING = Severity.WARNING
    INFO = Severity.INFO
    VERBOSE = Severity.VERBOSE

    def __init__(self) -> None:
        self._begun = True

    def log(self, severity: Severity, msg: str) -> None:
        raise NotImplementedError


def make_tensorrt(machine: Machine, major: int, version: str | None = None) -> Any:
    """The module, bound to a machine."""
    module = types.ModuleType("tensorrt")
    m: Any = module
    m.__version__ = version or VERSIONS[major]
    m.ILogger = ILogger
    typed = {"EXPLICIT_BATCH": 0, "STRONGLY_TYPED": 1} if major == 10 else {"STRONGLY_TYPED": 0}
    m.NetworkDefinitionCreationFlag = enum.IntEnum("NetworkDefinitionCreationFlag", typed)
    flags = ("TF32", "DISABLE_TIMING_CACHE", "VERSION_COMPATIBLE", *(_FLAGS_OF_10 if major == 10 else ()))
    m.BuilderFlag = enum.IntEnum("BuilderFlag", {name: i for i, name in enumerate(flags)})
    m.MemoryPoolType = enum.IntEnum("MemoryPoolType", {"WORKSPACE": 0})
    m.TensorIOMode = enum.IntEnum("TensorIOMode", {"NONE": 0, "INPUT": 1, "OUTPUT": 2})
    m.DataType = enum.IntEnum("DataType", {"FLOAT": 0, "HALF": 1, "INT8": 2, "INT32": 3})
    make_engine_classes(machine, m)
    make_network_classes(machine, m)
    return module
