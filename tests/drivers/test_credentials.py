"""Names and passwords of network cameras: where they are found, and what keeps them from others."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from drivers.credentials import FILE_NAME, Login, credentials_path, login_for, variable_names
from drivers.errors import CameraPermissionError, DriverError, UnusableSourceError

TEXT = """
["10.0.0.7"]
user = "watch"
password = "pass-word-of-7"

["10.0.0.7:8554"]
user = "other"
password = "pass-word-of-8554"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / FILE_NAME
    made.write_text(TEXT)
    made.chmod(0o600)
    return made


def test_the_file_knows_hosts_and_ports(path: Path):
    assert login_for("10.0.0.7", 554, {}, path) == Login("watch", "pass-word-of-7")
    assert login_for("10.0.0.7", 8554, {}, path) == Login("other", "pass-word-of-8554")
    assert login_for("10.0.0.8", 554, {}, path) is None
    assert login_for("10.0.0.7", 554, {}, path.with_name("none.toml")) is None


def test_the_environment_wins(path: Path):
    assert variable_names("10.0.0.7") == ("TAPETUM_CAMERA_10_0_0_7_USER", "TAPETUM_CAMERA_10_0_0_7_PASSWORD")
    assert variable_names("night-cam.local")[0] == "TAPETUM_CAMERA_NIGHT_CAM_LOCAL_USER"
    given = {"TAPETUM_CAMERA_10_0_0_7_USER": "me", "TAPETUM_CAMERA_10_0_0_7_PASSWORD": "mine"}
    assert login_for("10.0.0.7", 554, given, path) == Login("me", "mine")


def test_it_lies_in_the_users_folder_of_settings(tmp_path: Path):
    if sys.platform == "win32":
        assert credentials_path({"APPDATA": str(tmp_path)}) == tmp_path / "tapetum" / FILE_NAME
    else:
        assert credentials_path({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path / "tapetum" / FILE_NAME
        assert credentials_path({}).parts[-3:] == (".config", "tapetum", FILE_NAME)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are a thing of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_file_that_others_may_use_is_refused(path: Path, mode: int):
    path.chmod(mode)
    with pytest.raises(CameraPermissionError, match="chmod 600"):
        login_for("10.0.0.7", None, {}, path)


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="the user of the tests may read everything")
def test_a_file_that_cannot_be_read_is_refused(path: Path):
    path.chmod(0)
    with pytest.raises(CameraPermissionError, match="cannot be read"):
        login_for("10.0.0.7", None, {}, path)


@pytest.mark.parametrize(
    "text",
    [
        '["10.0.0.7"]\nuser = "watch"\npassword = "pass-word-of-7',
        '["10.0.0.7"]\nuser = "watch"\npassword = 7007',
        '["10.0.0.7"]\nuser = "watch"\npasswort = "pass-word-of-7"',
        '"10.0.0.7" = "pass-word-of-7"',
        "pass-word-of-7",
    ],
)
def test_a_file_that_is_wrong_is_refused_without_repeating_it(path: Path, text: str):
    path.write_text(text)
    with pytest.raises(UnusableSourceError) as caught:
        login_for("10.0.0.7", None, {}, path)
    told: BaseException | None = caught.value
    while told is not None:
        assert "pass-word-of-7" not in str(told) + repr(told)
        assert isinstance(told, DriverError)
        told = told.__cause__ or told.__context__


def test_a_login_shows_nothing_of_itself():
    login = Login("some-user", "some-password")
    for text in (repr(login), str(login), f"{login}", f"{login!r}", f"{[login]}"):
        assert "some" not in text
