"""`tapetum session series` as a user types it: add, list, move, remove."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from recordings.series.errors import SeriesError
from tapetum import app
from tests.recordings.sessions import EPOCH, simple_session


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """Thirty frames within a second."""
    return simple_session(tmp_path / "night.mcap", 31)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "drive.csv"
    rows = "".join(f"{EPOCH / 1e9 + i * 0.1:.1f},{50 + i},{-i}\n" for i in range(21))
    path.write_text(f"t,speed [km/h],steer\n{rows}")
    return path


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["session", "series", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def told(*arguments: object) -> dict[str, Any]:
    data = json.loads(run(*arguments, "--json").strip().splitlines()[-1])
    assert isinstance(data, dict)
    return data


def test_add_list_move_remove(session: Path, table: Path) -> None:
    before = session.read_bytes()
    text = run("add", session, table, "--columns", "speed:m/s,steer:deg")
    assert "speed m/s: 21 samples, 10 a second; covers 100 % of the session" in text
    assert "taken as Unix times" in text
    listed = run("list", session)
    assert "session 0.00 .. 0.99 s" in listed
    assert "offset +0 s" in listed
    assert "drive.csv" in listed
    moved = run("offset", session, "speed", "-1.5")
    assert "speed: offset +0 s -> -1.5 s" in moved
    assert "steer" not in moved
    speed, steer = told("list", session)["series"]
    assert (speed["name"], speed["unit"], speed["offset_s"]) == ("speed", "m/s", -1.5)
    assert speed["begin_s"] == pytest.approx(-1.5)
    assert speed["coverage"] == pytest.approx(0.5 / 0.99)
    assert (steer["offset_s"], steer["coverage"], steer["rate_hz"]) == (0.0, 1.0, pytest.approx(10.0))
    assert told("remove", session, "speed")["series"] == ["steer"]
    run("remove", session, "steer")
    assert "no series" in run("list", session)
    assert session.read_bytes() == before
    assert {p.name for p in session.parent.iterdir()} == {"night.mcap", "drive.csv"}


def test_a_series_that_does_not_meet_the_session_says_how_far_and_what_would_help(
    session: Path, tmp_path: Path
) -> None:
    local = tmp_path / "local.csv"
    local.write_text("".join(["time_ms,v\n", *(f"{EPOCH // 10**6 + 7_200_000 + i * 100},{i}\n" for i in range(20))]))
    text = run("add", session, local)
    assert "it lies 1:59:59 after the session's end" in text
    assert "2 h earlier they meet: perhaps it is in local time" in text
    command = text[text.index("series offset") :].splitlines()[0].split()
    assert command[-1] == "-7200"
    run("offset", session, "v", command[-1])
    assert told("list", session)["series"][0]["coverage"] == 1.0


def test_the_offset_that_would_help_is_told_to_the_millisecond(session: Path, tmp_path: Path) -> None:
    """Also over years, and so that a shell takes it as it stands there."""
    old = tmp_path / "old.csv"
    old.write_text("".join(["t,my v\n", *(f"{1_000_000_000.125 + i / 10:.3f},{i}\n" for i in range(20))]))
    text = run("add", session, old)
    offset = (EPOCH - 1_000_000_000_125_000_000) / 1e9
    command = shlex.split(text[text.index("series offset") :].splitlines()[0])
    assert command[2:] == [str(session), "my v", f"{offset:.3f}"]
    assert f"offset +0 s -> +{offset:.3f} s" in run("offset", *command[2:])
    assert f"offset +{offset:.3f} s" in run("list", session)
    assert told("list", session)["series"][0]["coverage"] == pytest.approx(1, abs=1e-6)


def test_times_from_the_sessions_beginning(session: Path, tmp_path: Path) -> None:
    relative = tmp_path / "rel.csv"
    relative.write_text("t,v\n0,1\n2,3\n")
    (added,) = told("add", session, relative, "--max-gap-s", "3")["series"]
    assert (added["coverage"], added["overlap_s"]) == (1.0, pytest.approx(0.99))
    with pytest.raises(SeriesError, match="--overwrite"):
        run("add", session, relative)
    (again,) = told("add", session, relative, "--overwrite", "--offset-s", "-0.5", "--absolute")["series"]
    assert again["apart_s"] < -1e9
    assert again["suggested_offset_s"] == pytest.approx(EPOCH / 1e9)


def test_names_of_values_are_listed(session: Path, tmp_path: Path) -> None:
    import can

    (tmp_path / "car.dbc").write_text(
        'VERSION ""\n\nBU_: A\n\nBO_ 1 M: 1 A\n SG_ Gear : 0|8@1+ (1,0) [0|9] "" A\n\nVAL_ 1 Gear 3 "drive" ;\n'
    )
    with can.Logger(tmp_path / "a.log") as log:
        for i in range(5):
            log.on_message_received(
                can.Message(timestamp=EPOCH / 1e9 + i / 10, arbitration_id=1, is_extended_id=False, data=[3], channel=0)
            )
    run("add", session, tmp_path / "a.log", "--dbc", tmp_path / "car.dbc", "--signals", "g=M.Gear")
    (gear,) = told("list", session)["series"]
    assert (gear["name"], gear["choices"], gear["column"]) == ("g", {"3": "drive"}, "M.Gear")


@pytest.mark.parametrize(
    "arguments", [["add", "--time-unit", "h"], ["add", "--max-gap-s", "0"], ["offset", "speed", "soon"]]
)
def test_wrong_use_exits_two(session: Path, table: Path, arguments: list[str]) -> None:
    first, *rest = arguments
    more = [table] if first == "add" else []
    run(first, session, *more, *rest, code=2)
