"""Plays a RealSense recording by the SDK, in a process of its own, to a pipe: ``python -m ...realsense_player FILE``.

The SDK may crash or wait for ever over a damaged file; the importer must not. So it runs here, and :mod:`.realsense`
watches over it. What goes through the pipe is a series of parts: 4 bytes length of a JSON head, the head, and as many
bytes as its ``bytes`` says. Heads have a ``kind``: ``device`` once, ``frame``, at last ``end`` or ``error``.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import threading
from typing import Any, BinaryIO

LENGTH = struct.Struct("<I")

VIDEO_STREAMS = ("depth", "infrared", "color", "fisheye")
"""The SDK's words for streams of images; the others (motion, pose, confidence) are not opened."""

_HOST_TIME = "time_of_arrival"  # milliseconds since 1970 by the computer's clock


class _Pipe:
    """Writes parts, from any thread; ends the process when nobody reads any more."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def send(self, kind: str, data: bytes = b"", **head: Any) -> None:
        text = json.dumps({"kind": kind, "bytes": len(data), **head}).encode()
        try:
            with self._lock:
                self._file.write(LENGTH.pack(len(text)) + text)
                self._file.write(data)
                self._file.flush()
        except OSError:
            os._exit(3)


def play(path: str, pipe: _Pipe) -> None:
    """Send the device, then every frame, then the end.

    Raises:
        RuntimeError: the SDK cannot read the file.
    """
    import pyrealsense2 as rs

    playback = rs.context().load_device(path)
    playback.set_real_time(False)  # as fast as the callbacks take frames, and without dropping any
    ended = threading.Event()

    def on_status(status: Any) -> None:
        if status == rs.playback_status.stopped:
            ended.set()

    opened, streams, sensors = [], [], []
    for sensor in playback.query_sensors():
        found = [p for p in sensor.get_stream_profiles() if p.is_video_stream_profile()]
        wanted = [p for p in found if p.stream_type().name in VIDEO_STREAMS]
        sensors.append(_sensor(rs, sensor))
        streams += [(p, _depth_unit(rs, sensor, p)) for p in wanted]
        if wanted:
            opened.append((sensor, wanted))
    # Depth first: the rig's axes are those of the first stream.
    streams.sort(key=lambda s: (VIDEO_STREAMS.index(s[0].stream_type().name), s[0].stream_index()))
    described = [_stream(profile, unit, streams[0][0]) for profile, unit in streams]
    pipe.send("device", device=_device(rs, playback), sensors=sensors, streams=described)
    if not opened:
        pipe.send("end")
        return

    def on_frame(frame: Any) -> None:
        try:
            _send_frame(rs, pipe, frame)
        except Exception as error:  # noqa: BLE001 the SDK would swallow it, and a frame would be missing without a word
            pipe.send("error", text=f"a frame cannot be read: {error}")
            os._exit(2)

    playback.set_status_changed_callback(on_status)
    for sensor, profiles in opened:
        sensor.open(profiles)
    # Paused, or what comes before the last sensor has started is lost to it.
    playback.pause()
    for sensor, _ in opened:
        sensor.start(on_frame)
    playback.resume()
    ended.wait()  # the importer has the deadline
    for sensor, _ in opened:
        sensor.stop()  # waits for callbacks that still run
    pipe.send("end")


def _send_frame(rs: Any, pipe: _Pipe, frame: Any) -> None:
    import numpy as np

    profile = frame.profile
    video = frame.as_video_frame()
    host_ms = None
    arrival = getattr(rs.frame_metadata_value, _HOST_TIME)
    if frame.supports_frame_metadata(arrival):
        host_ms = frame.get_frame_metadata(arrival)
    pipe.send(
        "frame",
        np.asanyarray(frame.get_data()).tobytes(),
        stream=_key(profile),
        number=frame.frame_number,
        device_ms=frame.timestamp,
        domain=frame.frame_timestamp_domain.name,
        host_ms=host_ms,
        width=video.width,
        height=video.height,
        stride=video.stride_in_bytes,
    )


def _key(profile: Any) -> str:
    return f"{profile.stream_type().name}_{profile.stream_index()}"


def _stream(profile: Any, unit_m: float | None, reference: Any) -> dict[str, Any]:
    video = profile.as_video_stream_profile()
    out: dict[str, Any] = {
        "key": _key(profile),
        "type": profile.stream_type().name,
        "index": profile.stream_index(),
        "format": profile.format().name,
        "fps": profile.fps(),
        "width": video.width(),
        "height": video.height(),
        "unit_m": unit_m,
        "intrinsics": None,
        "extrinsics": None,
    }
    try:
        k = video.get_intrinsics()
        out["intrinsics"] = {
            "width": k.width,
            "height": k.height,
            "fx": k.fx,
            "fy": k.fy,
            "cx": k.ppx,
            "cy": k.ppy,
            "model": k.model.name,
            "coefficients": list(k.coeffs),
        }
    except RuntimeError:  # none were recorded
        pass
    try:
        # column by column
        found = profile.get_extrinsics_to(reference)
        out["extrinsics"] = {"columns": list(found.rotation), "translation_m": list(found.translation)}
    except RuntimeError:
        pass
    return out


def _depth_unit(rs: Any, sensor: Any, profile: Any) -> float | None:
    if profile.stream_type() != rs.stream.depth or not sensor.supports(rs.option.depth_units):
        return None
    return float(sensor.get_option(rs.option.depth_units))


def _device(rs: Any, device: Any) -> dict[str, str]:
    infos = rs.camera_info.__members__.items()
    return {name: device.get_info(key) for name, key in infos if device.supports(key)}


def _sensor(rs: Any, sensor: Any) -> dict[str, Any]:
    name = sensor.get_info(rs.camera_info.name) if sensor.supports(rs.camera_info.name) else ""
    options = {}
    for option in sensor.get_supported_options():
        try:
            options[option.name] = sensor.get_option(option)
        except RuntimeError:  # it has no value in the recording
            continue
    return {"name": name, "options": options}


def _end_with_parent() -> None:
    """Standard input ends when the importer does, however it ends; nothing comes through it."""
    sys.stdin.buffer.read()
    os._exit(3)


def main() -> None:
    """Play the file named on the command line to the pipe that standard output is."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the SDK prints goes to standard error, not among the frames
    pipe = _Pipe(own)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        play(sys.argv[1], pipe)
    except ModuleNotFoundError:
        pipe.send("error", text="", missing=True)
    except Exception as error:  # noqa: BLE001 the importer tells it; a traceback would say less
        pipe.send("error", text=str(error) or type(error).__name__)
    os._exit(0)  # the SDK's threads may hang when it is unloaded


if __name__ == "__main__":
    main()
