"""What is recorded from a network camera holds nothing of its password."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from drivers.cameras.network import RtspCamera
from recordings.config import RecordConfig
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from tests.drivers.cameras.rtsp_server import RtspServer, missing

USER, PASSWORD = "night-watch", "Qz7:p@ss/w?rd#%41"


@pytest.mark.skipif(bool(missing()), reason=missing())  # the reason names the apt packages
def test_a_session_of_a_network_camera_holds_no_name_and_no_password(tmp_path: Path) -> None:
    with RtspServer(user=USER, password=PASSWORD) as server:
        camera = RtspCamera(server.rest("/mjpeg", f"{USER}:{quote(PASSWORD, safe='')}@"))
        camera.open()
        run = {"source": camera.source, "options": dict(camera.options())}
        config = RecordConfig(min_free_mib=0.0)
        path = tmp_path / "night.mcap"
        with Recorder(path, camera.streams(), config, source=camera.source, run=run) as recorder:
            for _ in range(5):
                assert recorder.take(camera.read(5.0)) is not None
        camera.close()
    with SessionReader(path) as session:
        assert session.count("color") == 5
        said = json.dumps(session.info.to_json())
    assert "rtsp://127.0.0.1" in said
    data = path.read_bytes()
    for secret in (USER, PASSWORD, quote(PASSWORD, safe="")):
        assert secret not in said
        assert secret.encode() not in data
