"""A rig's file: strict reading, and writing that keeps a person's comments.

version = 1

[cameras.cabin]
source = "realsense:"                # any source; options may stand in it or below
serial = "034422073314"              # refuse any other
ignore_serial = false
calibration = "cabin.json"           # a file beside this one, or a table [cameras.cabin.calibration.STREAM]

[cameras.cabin.options]
depth = "640x480@30"

[cameras.cabin.rename]
infrared1 = "left"

[cameras.cabin.patience]
reopen_s = 2.0

[cameras.cabin.pose]                 # from the camera's frame to the rig's
rotation = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
translation_m = [0.12, 0.0, 0.0]
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from drivers.calibration import Calibration, StreamCalibration, load_calibration, save_calibration
from drivers.errors import CalibrationError, RigError
from drivers.frame import Extrinsics
from drivers.patience import Patience

VERSION: Final = 1
_MOST_BYTES: Final = 4 << 20
_ROOT_KEYS: Final = ("version", "cameras")


def read_rig_file(path: Path) -> dict[str, dict[str, Any]]:
    """Camera name -> the words that make a :class:`drivers.rig.RigCamera`.

    Raises:
        RigError, CalibrationError: see :func:`drivers.rig.load_rig`.
    """
    data = _parsed(path)
    _only(path, "the file", data, _ROOT_KEYS)
    if data.get("version", VERSION) != VERSION:
        raise RigError(f"{path}: the rig has version {data['version']!r}, this program reads {VERSION}; update tapetum")
    cameras = data.get("cameras")
    if not isinstance(cameras, dict) or not cameras:
        raise RigError(f"{path}: a rig has at least one table [cameras.NAME] with a source; found none")
    return {str(name): _camera(path, str(name), words) for name, words in cameras.items()}


def write_rig_file(path: Path, cameras: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the cameras' words; what is in the file already keeps its comments and its order.

    Raises:
        RigError, CalibrationError: see :func:`drivers.rig.save_rig`.
    """
    data: dict[str, Any] = {"version": VERSION, "cameras": {}}
    for name, words in cameras.items():
        data["cameras"][name] = _plain(words)
        if words["calibration_file"]:
            save_calibration(path.parent / words["calibration_file"], words["calibration"])
    if path.suffix == ".json":
        text = json.dumps(data, indent=2) + "\n"
    else:
        text = _toml(path, data)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RigError(f"the rig {path} cannot be written ({error.strerror})") from error


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise RigError(f"there is no rig at {path}; tapetum rig calibrate makes one, docs/rig.md shows one") from error
    except OSError as error:
        raise RigError(f"the rig {path} cannot be read ({error.strerror})") from error
    if len(text) > _MOST_BYTES:
        raise RigError(f"{path} is larger than {_MOST_BYTES >> 20} MiB: that is no rig")
    try:
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text.decode())
    except (ValueError, RecursionError) as error:  # the decoders', too, and brackets without an end
        form = "JSON" if path.suffix == ".json" else "TOML"
        raise RigError(f"the rig {path} is no {form} ({error})") from error
    if not isinstance(data, dict):
        raise RigError(f"the rig {path} is no table of keys")
    if path.suffix == ".json" and "streams" in data:
        raise RigError(f"{path} is a calibration alone; name it in a rig as calibration = {path.name!r}")
    return data


def _only(path: Path, where: str, data: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for key in data:
        if key not in allowed:
            raise RigError(f"{path}: there is no key {key!r} in {where}; allowed are {', '.join(allowed)}")


def _camera(path: Path, name: str, words: Any) -> dict[str, Any]:
    where = f"cameras.{name}"
    if not isinstance(words, dict):
        raise RigError(f"{path}: {where} is a table with a source, found {words!r}")
    _only(path, where, words, tuple(_READERS))
    if "source" not in words:
        raise RigError(f'{path}: {where} has no source; write source = "FAMILY:WHICH" (tapetum devices lists them)')
    out: dict[str, Any] = {}
    for key, value in words.items():
        if key == "calibration" and isinstance(value, str):
            out["calibration_file"] = value
            out["calibration"] = load_calibration(path.parent / value)
            continue
        try:
            out[key] = _READERS[key](value)
        except _Wrong as wrong:
            raise RigError(f"{path}: {where}.{key} {wrong}") from None
        except CalibrationError as error:
            raise CalibrationError(f"{path}: {where}.{key}: {error}") from error
    return out


class _Wrong(Exception):
    """What a key takes and what was found; the caller knows its name."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _Wrong(f"takes text in quotation marks, found {value!r}")
    return value


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(f"takes true or false, found {value!r}")
    return value


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"is a table of keys and values, found {value!r}")
    return value


def _options(value: Any) -> dict[str, str]:
    out = {}
    for key, one in _table(value).items():
        text = _as_in_a_source(one)
        if not isinstance(text, str) or not text:
            raise _Wrong(f"takes text, numbers, true and false; {key} is {one!r}")
        out[key] = text
    return out


def _as_in_a_source(value: Any) -> Any:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.12g}" if isinstance(value, int | float) else value


def _names(value: Any) -> dict[str, str]:
    for key, one in _table(value).items():
        if not isinstance(one, str):
            raise _Wrong(f'takes lines such as infrared1 = "left"; {key} is {one!r}')
    return dict(value)


def _patience(value: Any) -> dict[str, Any]:
    known = tuple(Patience.model_fields)
    for key in _table(value):
        if key not in known:
            raise _Wrong(f"has no key {key!r}; allowed are {', '.join(known)}")
    try:
        Patience(**value)
    except ValidationError as error:
        first = error.errors()[0]
        raise _Wrong(f"{'.'.join(str(p) for p in first['loc'])}: {first['msg']}") from error
    return dict(value)


def _pose(value: Any) -> Extrinsics:
    for key in _table(value):
        if key not in ("rotation", "translation_m"):
            raise _Wrong(f"has no key {key!r}; allowed are rotation, translation_m")
    return Extrinsics.from_json(value)


def _calibration(value: Any) -> Calibration:
    out = {}
    for name, one in _table(value).items():
        try:
            out[str(name)] = StreamCalibration.from_json(one)
        except CalibrationError as error:
            raise CalibrationError(f"{name}: {error}") from error
    return Calibration(out)


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "source": _text,
    "options": _options,
    "serial": _text,
    "ignore_serial": _switch,
    "rename": _names,
    "patience": _patience,
    "pose": _pose,
    "calibration": _calibration,
}


def _plain(words: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says of a camera: nothing that is as it is anyway."""
    out: dict[str, Any] = {"source": words["source"]}
    for key in ("serial", "ignore_serial", "options", "rename", "patience"):
        if words[key]:
            out[key] = dict(words[key]) if isinstance(words[key], Mapping) else words[key]
    if words["pose"] is not None:
        out["pose"] = words["pose"].to_json()
    if words["calibration_file"]:
        out["calibration"] = words["calibration_file"]
    elif words["calibration"].streams:
        out["calibration"] = {
            name: {key: value for key, value in one.to_json().items() if value is not None}
            for name, one in words["calibration"].streams.items()
        }
    return out


def _toml(path: Path, data: Mapping[str, Any]) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    document = tomlkit.document()
    if path.exists():
        try:
            document = tomlkit.parse(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise RigError(f"{path} is there and is no rig ({error}); it was left as it is") from error
    _merge(document, data)
    return tomlkit.dumps(document)


def _merge(old: Any, new: Mapping[str, Any]) -> None:
    """Make a parsed table say what ``new`` says, touching only what differs."""
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        if key in old and isinstance(value, Mapping) and isinstance(old[key], Mapping):
            _merge(old[key], value)
        elif key not in old or (old[key] != value and _as_in_a_source(old[key]) != value):
            old[key] = value
