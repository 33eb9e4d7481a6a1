"""Cameras that speak ONVIF: found on the network, asked for their streams; against servers written for the tests."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.camera import CameraState
from drivers.cameras.network import OnvifCamera
from drivers.cameras.onvif import choose, described, place_of
from drivers.errors import CameraError, CameraOpenError, UnsupportedFeatureError, UnusableSourceError
from tests.drivers.cameras.network_onvif_server import OnvifServer, ProbeResponder, outward_address
from tests.drivers.cameras.rtsp_server import RtspServer, free_port, missing
from tests.drivers.cameras.test_network_secrets import _Ear, shows, texts_of

needs_server = pytest.mark.skipif(bool(missing()), reason=missing())  # the reason names the apt packages

USER, PASSWORD = "operator-7", "Zq7:/?#[]@ &%41ß"


@pytest.fixture(scope="module")
def pictures() -> Iterator[RtspServer]:
    with RtspServer(user=USER, password=PASSWORD) as running:
        yield running


@needs_server
def test_a_camera_is_opened_by_its_host_and_shows_nobody_its_password(
    pictures: RtspServer, caplog: pytest.LogCaptureFixture
):
    ear, root = _Ear(), logging.getLogger()
    root.addHandler(ear)
    caplog.set_level(logging.NOTSET)
    uris = {"big": pictures.url("/h264"), "small": pictures.url("/mjpeg")}
    sizes = {"big": (1920, 1080), "small": (320, 240)}
    try:
        with OnvifServer(uris, USER, PASSWORD, sizes=sizes) as onvif:
            camera = OnvifCamera(f"{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{onvif.port}?kind=gray")
            camera.open()
            assert camera.source == f"onvif:127.0.0.1:{onvif.port}?kind=gray"
            assert camera.read(5.0).pixels.ndim == 2
            told = dict(camera.options())
            assert (told["codec"], told["profile"]) == ("h264", "big")
            assert (told["model"], told["serial"], told["firmware"]) == ("Nocturna N-1", "SN-0042", "1.2.3")
            assert camera.is_present() is True
            texts = [camera.source, repr(camera), repr(told), repr(camera.streams()), repr(camera.health()), *ear.said]
            camera.close()
            assert camera.health().state is CameraState.CLOSED
    finally:
        root.removeHandler(ear)
    assert shows(iter(texts), USER, PASSWORD) == []


@pytest.mark.slow
@needs_server
def test_the_small_profile_is_chosen_by_its_word(pictures: RtspServer):
    uris = {"big": pictures.url("/h264"), "small": pictures.url("/mjpeg")}
    with OnvifServer(uris, sizes={"big": (1920, 1080), "small": (320, 240)}) as onvif:
        camera = OnvifCamera(f"127.0.0.1:{onvif.port}?profile=sub")
        with pytest.raises(UnusableSourceError, match="asks for a name"):
            camera.open()  # ONVIF is open to all, the pictures are not


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"user": USER, "password": PASSWORD}, UnusableSourceError, ("cameras.toml", "TAPETUM_CAMERA_127_0_0_1_USER")),
        pytest.param({"silent": True}, CameraOpenError, ("did not answer",), marks=pytest.mark.slow),
        ({"uris": {"p1": "rtsp://a:b@c:d@e/"}}, UnusableSourceError, ("no RTSP address", "rtsp://HOST/PATH")),
        ({"profile": "gone"}, UnsupportedFeatureError, ("'gone'", "p1 (p1-name: 640x480 H264)")),
    ],
)
def test_what_a_camera_refuses_is_said(given: dict[str, object], kind: type[CameraError], words: tuple[str, ...]):
    profile = str(given.pop("profile", "main"))
    settings = {"uris": {"p1": "rtsp://127.0.0.1/x"}, **given}
    with OnvifServer(**settings) as onvif:  # type: ignore[arg-type]  # a parameter of the test
        camera = OnvifCamera(f"127.0.0.1:{onvif.port}?profile={profile}&open_s={3 if 'silent' in given else 8}")
        with pytest.raises(kind) as caught:
            camera.open()
    for word in words:
        assert word in str(caught.value)


def test_a_wrong_password_is_told_from_none_and_shows_nowhere():
    with OnvifServer({"p1": "rtsp://127.0.0.1/x"}, USER, PASSWORD) as onvif:
        camera = OnvifCamera(f"{USER}:wr%2Fong-pass@127.0.0.1:{onvif.port}")
        with pytest.raises(UnusableSourceError, match="refuses") as caught:
            camera.open()
    assert shows(texts_of(caught.value), "wr/ong-pass", USER) == []


def test_nobody_there_is_said():
    camera = OnvifCamera(f"127.0.0.1:{free_port()}")
    with pytest.raises(CameraOpenError, match="does not speak ONVIF"):
        camera.open()
    assert camera.is_present() is None


@pytest.mark.skipif(not outward_address(), reason="WS-Discovery needs a network; this machine has loopback only")
def test_cameras_on_the_network_are_found_in_a_few_seconds():
    with ProbeResponder("http://192.0.2.77:8080/onvif/device_service http://[fe80::1]/onvif/device_service"):
        began = time.monotonic()
        found = {one.source: one for one in OnvifCamera.discover()}
    assert time.monotonic() - began < 10
    one = found["onvif:192.0.2.77:8080"]
    assert (one.title, one.detail) == ("Night Cam", "N-1")
    assert one.serial == "0d4b1f0e-0000-4000-8000-000000000042"
    OnvifCamera.from_source(one.source.partition(":")[2])


@given(st.lists(st.tuples(st.text(), st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3)), max_size=4))
def test_whatever_the_network_says_becomes_sources_that_parse_or_nothing(
    services: list[tuple[str, list[str], list[str]]],
):
    for one in described(services):
        OnvifCamera(one["place"])
        assert all("\n" not in text for text in one.values())


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("http://10.0.0.5/onvif/device_service", "10.0.0.5"),
        ("http://10.0.0.5:80/onvif", "10.0.0.5"),
        ("https://cam.lan:8443/onvif", "cam.lan:8443"),
        ("http://[fd00::5]:8080/onvif", "[fd00::5]:8080"),
        ("http://user:secret@10.0.0.5/onvif", "10.0.0.5"),
        ("ftp://10.0.0.5/", ""),
        ("http://10.0.0.5:port/", ""),
        ("http://a b/", ""),
        ("", ""),
    ],
)
def test_the_place_of_a_service(address: str, place: str):
    assert place_of(address) == place


def test_profiles_without_video_are_none():
    sound = SimpleNamespace(token="a", Name="a", VideoEncoderConfiguration=None)
    assert choose([sound], "main") == (None, "none with video")
    assert choose([], "sub")[0] is None


@pytest.mark.parametrize("rest", ["", "host/path", "us:p?w@host", "us:p/w@host", "us:p#w@host", "host?profil=main"])
def test_what_is_no_onvif_camera_is_refused(rest: str):
    with pytest.raises(UnsupportedFeatureError) as caught:
        OnvifCamera.from_source(rest)
    assert shows(texts_of(caught.value), "w@host", "us:p") == []
