"""A password that is typed into a source reaches no screen, no error and no table, wherever in it it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import gui.app
import pipeline.doctor
from commands.rig_app import rig_app
from drivers.errors import CameraError, DriverError, RigError, UnusableSourceError
from drivers.registry import only_family, open_camera, options_after, shown_source
from drivers.rig import Rig, RigCamera, load_rig, save_rig
from gui.live import LiveFeed
from tapetum import app
from tests.gui.conftest import no_models

MARK = "zQ7x"
"""With this in it a password is found when a part of it shows."""
passwords = st.text(st.sampled_from("@:/?#&%=+ []\\'\"<>;,äß日aB9.-_~!$()*"), max_size=12).map(
    lambda s: s[: len(s) // 2] + MARK + s[len(s) // 2 :] + MARK
)
words_alone = st.text(st.sampled_from("äaB9.-~!$()*+:/@;"), max_size=8).map(lambda s: f"{MARK}{s}{MARK}")
# Names, hosts and ways as they are typed.
FORMS = (
    "rtsp://admin:{}@10.0.0.9/live",
    "rtsps://admin:{}@cam.lan:322/live?x=1#kind=gray",
    "onvif:admin:{}@10.0.0.9",
    "rstp://admin:{}@10.0.0.9/live",
    "RTSP://admin:{}@10.0.0.9/live",
    "admin:{}@10.0.0.9",
    "{}@10.0.0.9",
)
PATHS = (
    "rtsp://10.0.0.9/user=admin_password={}_channel=1_stream=0.sdp",
    "rtsp://10.0.0.9/user=admin&password={}&channel=1",
    "rtsp://10.0.0.9:554/live?channel=1&pwd={}",
    "rtsp://10.0.0.9/0/admin:{}/main",
    "rtsp://10.0.0.9/live?admin:{}",
    "10.0.0.9/user=admin_password={}",
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def sources() -> st.SearchStrategy[str]:
    def typed(form: str, password: str, is_escaped: bool) -> str:
        return form.replace("{}", quote(password, safe="") if is_escaped else password)

    where = st.builds(typed, st.sampled_from(FORMS), passwords, st.booleans())
    path = st.builds(
        typed, st.sampled_from(PATHS), words_alone.map(lambda w: w.replace("/", "").replace(":", "")), st.booleans()
    )
    return where | path


def all_texts(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield from (str(error), repr(error))
        error = error.__cause__ or error.__context__


@given(sources())
@quick
def test_what_is_shown_of_a_source_is_not_its_password(source: str) -> None:
    assert MARK not in shown_source(source)
    assert MARK not in only_family(source)
    told: list[str] = []
    try:
        camera = open_camera(source)
        told += [camera.source, repr(camera)]
    except CameraError as error:
        told += all_texts(error)
    assert not [text for text in told if MARK in text]


@given(sources())
@quick
def test_the_window_says_cameras_without_their_passwords(source: str) -> None:
    feeds = [LiveFeed([source], load=no_models)]
    refused = ""
    try:
        feeds.append(LiveFeed([], load=no_models, rig=Rig({"a": RigCamera("a", source)})))
    except RigError as error:
        refused = str(error)
    assert MARK not in refused
    for feed in feeds:
        status = feed.status()
        assert MARK not in status.title + status.problem


@given(source=sources())
@quick
def test_a_rig_is_shown_and_refused_without_passwords(source: str, tmp_path: Path) -> None:
    refused, camera = "", None
    try:
        camera = RigCamera("gate", source)
    except RigError as error:
        refused = str(error)
    assert MARK not in refused
    if camera is None:
        return
    assert MARK not in camera.shown_source()
    save_rig(tmp_path / "gate.toml", Rig({"gate": camera}))
    assert load_rig(tmp_path / "gate.toml").camera("gate").source == source, "the file has it"
    done = CliRunner().invoke(rig_app, ["show", str(tmp_path / "gate.toml"), "--json"])
    assert done.exit_code == 0
    assert MARK not in done.output


@pytest.mark.parametrize("form", [*FORMS, *PATHS])
@pytest.mark.parametrize("command", ["watch", "record", "rig check", "watch --rig", "doctor"])
def test_no_command_says_a_password(
    form: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    titles: list[str] = []
    monkeypatch.setattr(gui.app, "run_window", lambda feed, mode, title, **_: titles.append(title))
    monkeypatch.setattr("commands.live.open_models", lambda *_: no_models())
    monkeypatch.setattr("drivers.registry.discover", list)
    monkeypatch.setattr("commands.doctor_camera.discover", list)
    monkeypatch.setattr("drivers.cameras.network_rtsp.resolve", _nobody)
    monkeypatch.setattr("drivers.cameras.network_onvif.OnvifCamera._locate", _nobody)
    source = form.replace("{}", f"{MARK}/{MARK}@" if form in FORMS else MARK)
    rig = tmp_path / "a.toml"
    rig.write_text(f'[cameras.gate]\nsource = "{source}"\n', "utf-8")
    arguments = {
        "watch": ["watch", source],
        "watch --rig": ["watch", "--rig", str(rig)],
        "record": ["record", source, "-o", str(tmp_path / "a.mcap"), "--seconds", "1"],
        "rig check": ["rig", "check", str(rig)],
        "doctor": ["doctor", "--camera", source, "--seconds", "1"],
    }[command]
    for problem in ("", "no display"):
        monkeypatch.setattr(pipeline.doctor, "window_problem", lambda problem=problem: problem)
        done = CliRunner().invoke(app, arguments)
        assert "Usage" not in done.output
        assert MARK not in done.output
        assert not [text for text in all_texts(done.exception) if MARK in text]
    assert not [title for title in titles if MARK in title]
    assert MARK not in caplog.text


def _nobody(*_: object) -> None:
    raise UnusableSourceError("nobody is there")


def test_options_of_a_rig_stand_where_the_family_has_its_options() -> None:
    with_query = RigCamera("a", "rtsp://10.0.0.9/live?channel=1", options={"kind": "gray", "size": "640x480@30"})
    assert with_query.full_source() == "rtsp://10.0.0.9/live?channel=1#kind=gray&size=640x480@30"
    more = RigCamera("a", "rtsps://10.0.0.9/live#transport=tcp", options={"kind": "gray"})
    assert more.full_source() == "rtsps://10.0.0.9/live#transport=tcp&kind=gray"
    camera = open_camera(more.full_source())
    assert camera.source == more.full_source()
    assert RigCamera("a", "onvif:10.0.0.9", options={"kind": "gray"}).full_source() == "onvif:10.0.0.9?kind=gray"
    assert (options_after("rtsp://x"), options_after("thermal:"), options_after("nonsense:")) == ("#", "?", "?")


def test_an_option_of_a_network_camera_that_stands_twice_is_refused() -> None:
    with pytest.raises(RigError, match="option kind stands in source and in options"):
        RigCamera("a", "rtsp://10.0.0.9/live#kind=color", options={"kind": "gray"})
    RigCamera("a", "rtsp://10.0.0.9/live?kind=1", options={"kind": "gray"})  # that one is the camera's own


@pytest.mark.parametrize("options", [{"kindd": "gray"}, {"kind": "grey"}])
def test_a_wrong_option_of_a_network_camera_in_a_rig_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(DriverError, match=re.escape(next(iter(options)))):
        Rig({"a": RigCamera("a", "rtsp://10.0.0.9/live", options=options)}).members()
