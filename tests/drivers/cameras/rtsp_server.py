"""A real RTSP server on loopback, in a process of its own: it can be killed, frozen and started again.

``python -m tests.drivers.cameras.rtsp_server --port 0 ...`` serves until its input ends.
Tests take :class:`RtspServer`.
"""

from __future__ import annotations

import argparse
import functools
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

WIDTH, HEIGHT, FPS = 160, 120, 30
APT: Final = "gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly"
_START_S: Final = 20.0

_SOURCE: Final = (
    f"videotestsrc is-live=true pattern={{pattern}} ! video/x-raw,width={WIDTH},height={HEIGHT},framerate={FPS}/1"
)
_H264: Final = (
    "videoconvert ! video/x-raw,format=I420 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=6 ! "
    "rtph264pay name=pay0 pt=96 config-interval=1"
)
_MJPEG: Final = "videoconvert ! video/x-raw,format=I420 ! jpegenc ! rtpjpegpay name=pay0 pt=26"
_SOUND: Final = "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name={pay} pt=0"

STREAMS: Final = {
    "/h264": f"{_SOURCE.format(pattern='red')} ! {_H264}",
    "/mjpeg": f"{_SOURCE.format(pattern='blue')} ! {_MJPEG}",
    # x265enc is in gstreamer1.0-plugins-bad.
    "/h265": f"{_SOURCE.format(pattern='blue')} ! videoconvert ! video/x-raw,format=I420 ! "
    "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=6 ! rtph265pay name=pay0 pt=96 config-interval=1",
    # Packets that were numbered and never sent: what a bad network does.
    "/lossy": f"{_SOURCE.format(pattern='ball')} ! {_H264.replace('name=pay0', 'mtu=200')} ! "
    "identity drop-probability=0.02 name=pay0",
    "/with-sound": f"{_SOURCE.format(pattern='green')} ! {_H264} {_SOUND.format(pay='pay1')}",
    "/sound": _SOUND.format(pay="pay0"),
    # Its name in the SDP is none that any decoder knows.
    "/unknown": f"{_SOURCE.format(pattern='red')} ! rtpgstpay name=pay0 pt=98",
}


@functools.cache
def missing(*more: str) -> str:
    """Why there can be no such server here (with some elements more); '' when there can."""
    wanted = ("videotestsrc", "x264enc", "jpegenc", "rtph264pay", "rtpjpegpay", *more)
    try:
        code = (
            "import gi; gi.require_version('Gst', '1.0'); gi.require_version('GstRtspServer', '1.0');"
            "from gi.repository import Gst, GstRtspServer; Gst.init(None);"
            f"import sys; sys.exit(any(Gst.ElementFactory.find(e) is None for e in {wanted!r}))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"a server of RTSP cannot be tried: {error}"
    apt = APT + (" gstreamer1.0-plugins-bad" if more else "")
    return "" if done.returncode == 0 else f"a server of RTSP needs PyGObject and: apt install {apt}"


@functools.cache
def missing_tls() -> str:
    """Why there can be no such server through TLS here; '' when there can."""
    code = "from gi.repository import Gio; import sys; sys.exit(not Gio.TlsBackend.get_default().supports_tls())"
    if missing():
        return missing()
    if shutil.which("openssl") is None:
        return "a certificate is made by openssl: apt install openssl"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=False)
    return "" if done.returncode == 0 else "TLS needs: apt install glib-networking"


def free_port() -> int:
    """A TCP port of loopback on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RtspServer:
    """Serves ``STREAMS`` at ``rtsp://127.0.0.1:port``. A context manager.

    Args:
        port: 0 takes a free one, which :meth:`restart` keeps.
        user, password: asked of whoever comes, by digest or (``basic``) in clear.
        certificate: a PEM file with certificate and key: everything goes through TLS.
    """

    def __init__(
        self, port: int = 0, user: str = "", password: str = "", basic: bool = False, certificate: Path | None = None
    ) -> None:
        self.port = port or free_port()
        self._certificate = certificate
        self._login = (user, password, basic)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def url(self, path: str, login: str = "", name: str = "127.0.0.1") -> str:
        """The address of one of the streams; ``login`` is ``user:password@``."""
        return f"rtsp://{login}{name}:{self.port}{path}"

    def rest(self, path: str, login: str = "") -> str:
        """The same without ``rtsp:``."""
        return self.url(path, login).partition(":")[2]

    def start(self) -> None:
        """Come back when it listens."""
        user, password, basic = self._login
        command = [sys.executable, "-m", "tests.drivers.cameras.rtsp_server", "--port", str(self.port)]
        command += ["--user", user] * bool(user) + ["--basic"] * basic
        command += ["--certificate", str(self._certificate)] if self._certificate is not None else []
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "RTSP_SERVER_PASSWORD": password},
        )
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _START_S)
        line = self._process.stdout.readline() if ready else b""
        if line.strip() != b"ready":
            self.kill()
            raise RuntimeError(f"the RTSP server said {line!r} in place of ready")

    def freeze(self) -> None:
        """It is there, and does nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """At once, without a word to who is connected."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def restart(self) -> None:
        self.kill()
        self.start()


def _serve(port: int, user: str, password: str, basic: bool, certificate: str) -> None:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer

    Gst.init(None)
    server: Any = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    for path, pipeline in STREAMS.items():
        factory = GstRtspServer.RTSPMediaFactory.new()
        factory.set_launch(f"( {pipeline} )")
        factory.set_shared(True)
        if user:
            permissions = GstRtspServer.RTSPPermissions.new()
            for what in ("media.factory.access", "media.factory.construct"):
                permissions.add_permission_for_role("guest", what, True)
            factory.set_permissions(permissions)
        server.get_mount_points().add_factory(path, factory)
    auth = GstRtspServer.RTSPAuth.new()
    if user:
        token = GstRtspServer.RTSPToken.new()
        token.set_string("media.factory.role", "guest")
        if basic:
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
        else:
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
            auth.add_digest(user, password, token)
    if certificate:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(certificate))
    if user or certificate:
        server.set_auth(auth)
    loop = GLib.MainLoop()
    if not server.attach(None):
        raise SystemExit(f"port {port} is not free")

    def until_the_input_ends() -> None:
        sys.stdin.buffer.read()
        loop.quit()

    threading.Thread(target=until_the_input_ends, name="rtsp-server-end").start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    loop.run()


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--user", default="")
    parser.add_argument("--basic", action="store_true")
    parser.add_argument("--certificate", default="")
    given = parser.parse_args()
    _serve(given.port, given.user, os.environ.get("RTSP_SERVER_PASSWORD", ""), given.basic, given.certificate)


if __name__ == "__main__":
    _main()
