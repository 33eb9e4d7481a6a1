"""A password never shows: not in a log, an error, a source, an option or a thread's name, whatever signs it has."""

from __future__ import annotations

import itertools
import logging
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from drivers.cameras.network import RtspCamera, RtspsCamera
from drivers.cameras.network_address import Address, Scrubber, mask
from drivers.credentials import FILE_NAME, Login, variable_names
from drivers.errors import CameraError, UnsupportedFeatureError, UnusableSourceError
from tests.drivers.cameras.rtsp_server import RtspServer, missing, missing_tls

needs_server = pytest.mark.skipif(bool(missing()), reason=missing())  # the reason names the apt packages

USER = "Wächter"
PASSWORD = "Zq:7/8?x=1&y#2%40@ ü'\""

_MARK = "zQ7-"
"""With this in it a password is found when it shows, and is nothing else that a log may say."""
passwords = st.text(st.sampled_from("@:/?#&%=+ []\\'\"<>;,äß日aB9.-_~!$()*"), max_size=12).map(lambda s: _MARK + s)


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said += [record.getMessage(), repr(record.args), repr(record.exc_info), record.threadName or ""]


@pytest.fixture(scope="module")
def ear() -> Iterator[_Ear]:
    """Everything that anybody logs."""
    ear, root = _Ear(), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.NOTSET)
    yield ear
    root.removeHandler(ear)
    root.setLevel(before)


@pytest.fixture(scope="module")
def server() -> Iterator[RtspServer]:
    with RtspServer(user=USER, password=PASSWORD) as running:
        yield running


def texts_of(error: BaseException) -> Iterator[str]:
    """All that an error and those behind it tell."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield from (str(one), repr(one), *map(repr, one.args), *getattr(one, "__notes__", ()))
        waiting += [one.__cause__, one.__context__]


def all_of(camera: RtspCamera) -> Iterator[str]:
    yield from (camera.source, repr(camera), str(camera), repr(camera.health()), repr(dict(camera.options())))
    yield repr(camera.streams())
    yield from (t.name for t in threading.enumerate())


def shows(texts: Iterator[str], *secrets: str) -> list[str]:
    forms = {f for s in secrets for f in (s, quote(s, safe=""), quote_plus(s), quote(s))}
    return [text for text in texts for form in forms if form in text]


@needs_server
@given(password=passwords)
@example(password=_MARK + "@:/?#&%")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_wrong_password_shows_nowhere(server: RtspServer, ear: _Ear, password: str):
    ear.said.clear()
    camera = RtspCamera(server.rest("/h264#kind=gray", f"us-er:{quote(password, safe='')}@"))
    with pytest.raises(UnusableSourceError) as caught:
        camera.open()
    assert "401" in str(caught.value)
    assert camera.source == server.url("/h264#kind=gray")
    camera.close()
    told = itertools.chain(texts_of(caught.value), all_of(camera), ear.said)
    assert shows(told, password, "us-er") == []
    assert any("401" in said for said in ear.said), "the log was listened to"


@needs_server
def test_the_right_password_opens_and_shows_nowhere(server: RtspServer, ear: _Ear):
    ear.said.clear()
    camera = RtspCamera(server.rest("/mjpeg", f"{quote(USER)}:{quote(PASSWORD, safe='')}@"))
    camera.open()
    camera.read(5.0)
    told = list(all_of(camera))
    camera.close()
    with pytest.raises(CameraError) as caught:
        camera.read(0.1)
    assert shows(itertools.chain(texts_of(caught.value), told, all_of(camera), ear.said), USER, PASSWORD) == []


@needs_server
@pytest.mark.parametrize("way", ["environment", "file"])
def test_a_password_that_is_kept_apart_opens_the_camera(
    server: RtspServer, way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    if way == "environment":
        for name, value in zip(variable_names("127.0.0.1"), (USER, PASSWORD), strict=True):
            monkeypatch.setenv(name, value)
    else:
        path = tmp_path / "tapetum" / FILE_NAME
        path.parent.mkdir()
        path.touch(0o600)
        path.write_text(f"['127.0.0.1:{server.port}']\nuser = '{USER}'\npassword = '''{PASSWORD}'''\n", "utf-8")
    camera = RtspCamera(server.rest("/mjpeg"))
    camera.open()
    assert camera.read(5.0).pixels.any()
    camera.close()


@needs_server
def test_who_has_no_password_is_told_where_to_put_it(
    server: RtspServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    camera = RtspCamera(server.rest("/mjpeg"))
    with pytest.raises(UnusableSourceError) as caught:
        camera.open()
    for word in ("401", *variable_names("127.0.0.1"), "cameras.toml"):
        assert word in str(caught.value)


@needs_server
def test_basic_authentication_opens_too():
    with RtspServer(user="op", password="plain", basic=True) as server:
        camera = RtspCamera(server.rest("/mjpeg", "op:plain@"))
        camera.open()
        assert camera.read(5.0).pixels.any()
        camera.close()


@pytest.mark.skipif(bool(missing_tls()), reason=missing_tls())  # the reason names the apt packages
def test_through_tls_it_opens_as_well(tmp_path: Path):
    made = tmp_path / "camera.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command = ["openssl", "req", "-x509", *curve, "-nodes", "-days", "2", "-subj", "/CN=camera"]
    command += ["-keyout", str(made), "-out", str(tmp_path / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    made.write_text((tmp_path / "cert.pem").read_text() + made.read_text())
    with RtspServer(user="op", password="plain", basic=True, certificate=made) as server:
        camera = RtspsCamera(server.rest("/mjpeg", "op:plain@"))
        camera.open()
        assert camera.source == f"rtsps://127.0.0.1:{server.port}/mjpeg"
        assert camera.read(5.0).pixels.any()
        camera.close()


@given(passwords, st.sampled_from(["", "/stream", "/a?b=1", "/x#kind=gray"]))
@settings(deadline=None)
def test_a_password_that_was_not_escaped_shows_in_no_refusal(password: str, way: str):
    refused: UnsupportedFeatureError | None = None
    try:
        camera = RtspCamera.from_source(f"//us-er:{password}@cam.lan{way}")
    except UnsupportedFeatureError as error:
        refused = error
    if refused is not None:
        assert shows(texts_of(refused), password, _MARK) == []
    else:
        assert shows(all_of(camera), password, _MARK, "us-er") == []
        assert camera.source.startswith("rtsp://cam.lan")


@given(passwords)
def test_what_is_escaped_is_opened_as_it_was_meant(password: str):
    address, _ = Address.parse("rtsp", f"//u%40x:{quote(password, safe='')}@[::1]:8554/p?q=1")
    assert address.login == Login("u@x", password)
    assert address.opened(address.login) == f"rtsp://u%40x:{quote(password, safe='')}@[::1]:8554/p?q=1"
    assert address.shown == "rtsp://[::1]:8554/p?q=1"
    assert (address.host, address.connect_port) == ("::1", 8554)
    assert shows(iter([repr(address), str(address)]), password) == []


@given(passwords)
def test_the_scrubber_leaves_nothing_of_it(password: str):
    scrub = Scrubber("us-er", password)
    for form in (password, quote(password, safe=""), quote_plus(password)):
        said = scrub(f"Opening 'rtsp://us-er:{form}@host/x' for reading; {form} was sent")
        assert shows(iter([said]), password) == []
        assert "host/x" in said
    assert password not in repr(scrub)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/cam?channel=1&password=abc&x=2", "/cam?channel=1&password=***&x=2"),
        ("/user=admin_password=a_b_channel=1_stream=0.sdp", "/user=***_password=***_channel=1_stream=0.sdp"),
        ("/cam?password=a&b/c?d&x=2", "/cam?password=***&x=2"),
        ("/user=admin&password=&channel=1", "/user=***&password=***&channel=1"),
        ("/live?token=abc.def#kind=gray", "/live?token=***#kind=gray"),
        ("/Streaming/Channels/101", "/Streaming/Channels/101"),
    ],
)
def test_what_cameras_take_in_their_paths_is_hidden_too(text: str, shown: str):
    assert mask(text) == shown
    path = text.partition("#")[0]
    assert RtspCamera(f"//host{path}").source == f"rtsp://host{mask(path)}"
    assert RtspCamera(f"//host{path}")._address.opened(None) == f"rtsp://host{path}"
