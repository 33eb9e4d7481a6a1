"""A rig: several cameras, or one, with names, settings and a calibration between them, kept in one file.

drivers/rig_file.py reads and writes the file; docs/rig.md shows one.
"""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from drivers.calibration import Calibration, StreamCalibration, compose
from drivers.camera import Camera
from drivers.errors import CalibrationError, RigError
from drivers.frame import Extrinsics, StreamInfo
from drivers.member import Member
from drivers.patience import Patience
from drivers.registry import only_family, options_after, shown_source
from drivers.rig_file import read_rig_file, write_rig_file
from drivers.supervisor import Relabel

log = logging.getLogger(__name__)

__all__ = ["Rig", "RigCamera", "load_rig", "save_rig"]

_NAME: Final = re.compile(r"[^\s/?&:]+")


@dataclass(frozen=True, slots=True)
class RigCamera:
    """A camera with its place in the rig.

    Attributes:
        name: in the rig; its streams are called ``name/stream``.
        source: what opens it, such as ``realsense:123456``.
        options: added to the source as ``key=value``.
        serial: the serial number that it must have; empty when any will do.
        ignore_serial: take the camera and its calibration whatever the serial numbers say.
        rename: what the camera calls a stream -> what it is called here.
        patience: settings of :class:`drivers.patience.Patience` that differ for this camera.
        pose: where the camera stands in the rig: from the frame in which it tells its streams' extrinsics.
        calibration: of its streams, by their names here (without the camera's).
        calibration_file: where that lies when it is not in the rig's own file, relative to it.
    """

    name: str
    source: str
    options: Mapping[str, str] = field(default_factory=dict)
    serial: str = ""
    ignore_serial: bool = False
    rename: Mapping[str, str] = field(default_factory=dict)
    patience: Mapping[str, Any] = field(default_factory=dict)
    pose: Extrinsics | None = None
    calibration: Calibration = field(default_factory=Calibration)
    calibration_file: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise RigError(f"a camera's name is one word without / ? & and :, found {self.name!r}")
        family, colon, _ = self.source.partition(":")
        if not colon or not family:
            raise RigError(
                f"camera {self.name}: a source is FAMILY:WHICH, such as realsense: or thermal:/dev/video2, found "
                f"{only_family(self.source)!r}; tapetum devices lists them"
            )
        given = {part.partition("=")[0] for part in self.source.partition(options_after(self.source))[2].split("&")}
        twice = sorted(given & set(self.options))
        if twice:
            raise RigError(f"camera {self.name}: the option {twice[0]} stands in source and in options; keep one")
        names = list(self.rename.values())
        for new in names:
            if not _NAME.fullmatch(new) or names.count(new) > 1:
                raise RigError(f"camera {self.name}: rename takes words that differ, found {new!r}")

    def full_source(self) -> str:
        """The source with its options."""
        words = "&".join(f"{key}={quote(value, safe='/:@,.+')}" for key, value in self.options.items())
        sign = options_after(self.source)
        return self.source + (("&" if sign in self.source else sign) + words if words else "")

    def shown_source(self) -> str:
        """As :meth:`full_source`, without passwords: for people and sessions."""
        return shown_source(self.full_source())

    def patience_of(self, base: Patience) -> Patience:
        """The waits for this camera: ``base`` but for what is said here."""
        return Patience(**{**base.model_dump(), **self.patience})

    def check_serial(self, serial: str) -> None:
        """Refuse another camera than the one the rig was made with.

        Args:
            serial: as the open camera tells it; empty when it has none, which is taken.

        Raises:
            CalibrationError: it is another camera, or its calibration is another's.
        """
        if self.ignore_serial or not serial:
            return
        if self.serial and self.serial != serial:
            raise CalibrationError(
                f"camera {self.name} of the rig has the serial number {self.serial}, but the one that opened has "
                f"{serial}; plug in the right one, name it in source, or write ignore_serial = true"
            )
        for stream, known in self.calibration.streams.items():
            known.check_serial(f"{self.name}/{stream}", serial)

    def relabel(self, stream: StreamInfo, options: Mapping[str, str]) -> StreamInfo:
        """A stream as it is in the rig: renamed, on a clock of its own, with the calibration put in.

        Raises:
            CalibrationError: the calibration belongs to another camera, or to a picture of another shape.
        """
        self.check_serial(options.get("serial", ""))
        local = self.rename.get(stream.name, stream.name)
        known = self.calibration.streams.get(local, StreamCalibration())
        if self.pose is not None and known.extrinsics is None:
            known = dataclasses.replace(known, extrinsics=compose(self.pose, stream.extrinsics))
        registered = known.registered_to or stream.registered_to
        if registered is not None and "/" not in registered:
            registered = f"{self.name}/{self.rename.get(registered, registered)}"
        named = dataclasses.replace(
            stream,
            name=f"{self.name}/{local}",
            camera=stream.camera or self.shown_source(),
            clock=f"{self.name}/{stream.clock}" if stream.clock else self.name,
        )
        return dataclasses.replace(known, registered_to=registered).apply(named)


@dataclass(frozen=True, slots=True)
class Rig:
    """Cameras by their names, in order; the first one's frame is the rig's unless poses say otherwise.

    Attributes:
        cameras: name -> camera, at least one.
    """

    cameras: Mapping[str, RigCamera]

    def __post_init__(self) -> None:
        if not self.cameras:
            raise RigError("a rig has at least one camera")
        for name, camera in self.cameras.items():
            if name != camera.name:
                raise RigError(f"the camera {camera.name!r} stands under the name {name!r}")

    def open_sources(self) -> list[tuple[str, str]]:
        """(name, source with its options) of every camera, in order."""
        return [(name, camera.full_source()) for name, camera in self.cameras.items()]

    def camera(self, name: str) -> RigCamera:
        """One of them.

        Raises:
            RigError: there is no such camera.
        """
        if name not in self.cameras:
            raise RigError(f"the rig has no camera {name!r}; it has {', '.join(self.cameras)}")
        return self.cameras[name]

    def relabel(self, name: str, options: Mapping[str, str] | None = None) -> Relabel:
        """What the supervisor of a camera takes: see :meth:`RigCamera.relabel`.

        Args:
            name: of the camera.
            options: in place of those that the supervisor hands over; mostly left out.

        Raises:
            RigError: there is no such camera.
        """
        camera = self.camera(name)
        return camera.relabel if options is None else partial(_with_options, camera, dict(options))

    def members(self) -> list[Member]:
        """The cameras, made and not opened, with their names and what is known of them.

        Raises:
            CameraError: no family answers to a source, or its words are wrong.
        """
        from drivers.registry import open_camera

        made: list[Member] = []
        for name, camera in self.cameras.items():
            one: Camera = open_camera(camera.full_source())
            made.append(Member(one, name, camera.relabel, camera.patience_of))
        return made

    def with_camera(self, camera: RigCamera) -> Rig:
        """This camera in place of the one of its name, or as the last."""
        return Rig({**self.cameras, camera.name: camera})


def _with_options(
    camera: RigCamera, options: Mapping[str, str], stream: StreamInfo, told: Mapping[str, str]
) -> StreamInfo:
    return camera.relabel(stream, {**told, **options})


def load_rig(path: Path) -> Rig:
    """Read a rig: TOML, or JSON with the same keys where the name ends in ``.json``.

    Raises:
        RigError: no file there, torn, or a key or value that a rig has not; the message names the key and what is
            allowed.
        CalibrationError: a calibration in it, or beside it, is torn or impossible.
    """
    cameras = read_rig_file(path)
    made: dict[str, RigCamera] = {}
    for name, words in cameras.items():
        try:
            made[name] = RigCamera(name=name, **words)
        except RigError as error:
            raise RigError(f"{path}: {error}") from error
    return Rig(made)


def save_rig(path: Path, rig: Rig) -> None:
    """Write a rig. A file that is there keeps its comments and its order; calibrations beside it are written, too.

    Raises:
        RigError: it cannot be written, or what is there is no rig.
        CalibrationError: a calibration beside it cannot be written.
    """
    write_rig_file(path, {name: _words(camera) for name, camera in rig.cameras.items()})


def _words(camera: RigCamera) -> dict[str, Any]:
    return {f.name: getattr(camera, f.name) for f in dataclasses.fields(camera) if f.name != "name"}
