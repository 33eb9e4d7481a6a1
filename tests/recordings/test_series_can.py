"""Series from CAN logs that python-can wrote, by a DBC file that cantools reads."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import can
import cantools
import numpy as np
import pytest

from recordings.series.errors import SeriesError
from recordings.series.registry import read_source
from recordings.series.series import SECOND
from recordings.series.source import SourceOptions, SourceRead, SourceSeries

BEGIN = 1_700_000_000.0

DBC = """VERSION "1"

BU_: Car

BO_ 256 Motion: 8 Car
 SG_ Speed : 0|16@1+ (0.01,0) [0|300] "km/h" Car
 SG_ Accel : 16|16@1- (0.001,-1) [-30|30] "m/s2" Car
 SG_ Gear : 32|4@1+ (1,0) [0|15] "" Car

BO_ 512 Many: 8 Car
 SG_ Which M : 0|8@1+ (1,0) [0|2] "" Car
 SG_ Steering m0 : 8|16@1- (0.1,0) [-780|780] "deg" Car
 SG_ Rain m1 : 8|8@1+ (1,0) [0|100] "%" Car

BO_ 2566844926 Far: 8 Car
 SG_ Speed : 0|16@1+ (0.5,0) [0|300] "mph" Car

VAL_ 256 Gear 0 "park" 3 "drive" ;
"""


@pytest.fixture
def dbc(tmp_path: Path) -> Path:
    path = tmp_path / "car.dbc"
    path.write_text(DBC)
    return path


def frames(dbc: Path, count: int = 20) -> list[can.Message]:
    """Every 50 ms one of each, the steering and the rain by turns, with a frame that the DBC does not know."""
    database = cantools.database.load_file(dbc)
    out = []
    for i in range(count):
        t = BEGIN + i * 0.05
        motion = {"Speed": 50 + i, "Accel": -0.5, "Gear": 3 if i % 2 else 0}
        many = {"Which": 0, "Steering": -10.0 * i} if i % 2 == 0 else {"Which": 1, "Rain": i}
        far = {"Speed": 31.5}
        for k, (name, values) in enumerate((("Motion", motion), ("Many", many), ("Far", far))):
            message = database.get_message_by_name(name)
            out.append(
                can.Message(
                    timestamp=t + k * 0.001,
                    arbitration_id=message.frame_id,
                    is_extended_id=message.is_extended_frame,
                    data=message.encode(values),
                    channel=0,
                )
            )
        out.append(
            can.Message(timestamp=t + 0.004, arbitration_id=0x7FF, is_extended_id=False, data=b"\1\2", channel=0)
        )
    return out


def write_log(path: Path, messages: Sequence[can.Message]) -> Path:
    with can.Logger(path) as logger:
        for message in messages:
            logger.on_message_received(message)
    return path


def read(path: Path, dbc: Path | None, *signals: str, **more: object) -> SourceRead:
    return read_source(path, SourceOptions(dbc=dbc, signals=signals or None, **more))  # type: ignore[arg-type]  # by name


def by_name(found: SourceRead) -> dict[str, SourceSeries]:
    return {s.name: s for s in found.series}


@pytest.mark.parametrize("suffix", [".asc", ".blf", ".log", ".trc"])
def test_signals_with_their_units_and_times(tmp_path: Path, dbc: Path, suffix: str) -> None:
    path = write_log(tmp_path / f"drive{suffix}", frames(dbc))
    found = read(path, dbc, "Motion.Speed", "Motion.Accel", "Steering")
    series = by_name(found)
    assert set(series) == {"Speed", "Accel", "Steering"}
    speed, steering = series["Speed"], series["Steering"]
    assert (speed.unit, speed.column, steering.unit) == ("km/h", "Motion.Speed", "deg")
    np.testing.assert_allclose(speed.values, 50 + np.arange(20))
    np.testing.assert_allclose(series["Accel"].values, -0.5)
    np.testing.assert_allclose(steering.values, -20.0 * np.arange(10))
    assert found.times == "absolute"
    expected = BEGIN * SECOND + np.arange(20) * 50_000_000
    # PEAK's format tells a time as a fraction of days, Vector's as milliseconds at its head.
    np.testing.assert_allclose(speed.t_ns - expected, 0, atol=2e6)
    assert (np.diff(speed.t_ns) - 50_000_000 < 200_000).all()


def test_a_log_may_be_packed(tmp_path: Path, dbc: Path) -> None:
    import gzip

    plain = write_log(tmp_path / "drive.log", frames(dbc))
    packed = tmp_path / "drive.log.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert by_name(read(packed, dbc, "Motion.Speed"))["Speed"].values[0] == 50


def test_relative_times_of_a_log(tmp_path: Path, dbc: Path) -> None:
    for suffix in (".asc", ".log"):
        found = read(write_log(tmp_path / f"drive{suffix}", frames(dbc)), dbc, "Motion.Speed", times="relative")
        assert found.times == "relative"
        np.testing.assert_allclose(found.series[0].t_ns, np.arange(20) * 50_000_000, atol=200_000)


def test_an_asc_whose_date_is_in_another_language(tmp_path: Path, dbc: Path) -> None:
    path = write_log(tmp_path / "drive.asc", frames(dbc))
    lines = path.read_text().splitlines()
    text = "\n".join("date Sa 14. Novembre 2023" if line.startswith("date") else line for line in lines)
    path.write_text("\n".join(line for line in text.splitlines() if "Triggerblock" not in line))
    found = read(path, dbc, "Motion.Speed")
    assert found.times == "relative"
    assert any("date cannot be told" in note for note in found.notes)
    with pytest.raises(SeriesError, match=r"holds no CAN frame.*Incompatible datetime"):
        read(path, dbc, "Motion.Speed", times="absolute")


def test_names_of_values_are_kept(tmp_path: Path, dbc: Path) -> None:
    gear = by_name(read(write_log(tmp_path / "a.log", frames(dbc)), dbc, "Motion.Gear"))["Gear"]
    assert gear.choices == {0.0: "park", 3.0: "drive"}
    assert gear.values.tolist() == [0, 3] * 10


def test_a_multiplexed_signal_has_its_own_frames_only(tmp_path: Path, dbc: Path) -> None:
    found = by_name(read(write_log(tmp_path / "a.log", frames(dbc)), dbc, "Many.Rain", "Many.Steering"))
    assert (len(found["Rain"].values), len(found["Steering"].values)) == (10, 10)
    assert found["Rain"].values.tolist() == list(range(1, 20, 2))


def test_signals_of_one_name_keep_their_messages_or_get_new_names(tmp_path: Path, dbc: Path) -> None:
    path = write_log(tmp_path / "a.log", frames(dbc))
    assert set(by_name(read(path, dbc, "Motion.Speed", "Far.Speed"))) == {"Motion.Speed", "Far.Speed"}
    found = by_name(read(path, dbc, "v=Motion.Speed", "far=Far.Speed"))
    assert (found["v"].unit, found["far"].unit) == ("km/h", "mph")
    np.testing.assert_allclose(found["far"].values, 31.5)
    with pytest.raises(SeriesError, match=r"in several messages of car\.dbc: Motion\.Speed, Far\.Speed"):
        read(path, dbc, "Speed")


def test_all_signals(tmp_path: Path, dbc: Path) -> None:
    found = read(write_log(tmp_path / "a.log", frames(dbc)), dbc, "all")
    assert set(by_name(found)) == {"Motion.Speed", "Far.Speed", "Accel", "Gear", "Which", "Steering", "Rain"}


def test_without_signals_what_there_is_is_told(tmp_path: Path, dbc: Path) -> None:
    path = write_log(tmp_path / "a.log", frames(dbc))
    with pytest.raises(SeriesError, match=r"--signals.*Motion \(20 frames: Speed km/h, Accel m/s2, Gear\)"):
        read(path, dbc)


@pytest.mark.parametrize(
    ("signals", "words"),
    [
        (("Motion.Sped",), r"no signal 'Motion\.Sped'; it has for example Motion\.Speed"),
        (("Rain", "Steering"), r"no value of Many\.Rain; it has Motion"),
    ],
)
def test_a_signal_that_is_not_there(tmp_path: Path, dbc: Path, signals: tuple[str, ...], words: str) -> None:
    path = write_log(tmp_path / "a.log", [m for m in frames(dbc) if m.arbitration_id != 512 or m.data[0] == 0])
    with pytest.raises(SeriesError, match=words):
        read(path, dbc, *signals)


def test_what_is_missing_or_no_dbc_is_told(tmp_path: Path, dbc: Path) -> None:
    path = write_log(tmp_path / "a.log", frames(dbc))
    with pytest.raises(SeriesError, match="give it with --dbc FILE"):
        read(path, None, "Motion.Speed")
    with pytest.raises(SeriesError, match="there is no DBC file"):
        read(path, tmp_path / "nowhere.dbc", "Motion.Speed")
    (tmp_path / "bad.dbc").write_text("BO_ what is this")
    with pytest.raises(SeriesError, match=r"bad\.dbc cannot be read as a DBC file"):
        read(path, tmp_path / "bad.dbc", "Motion.Speed")
    with pytest.raises(SeriesError, match="takes --dbc and --signals, not columns"):
        read_source(path, SourceOptions(dbc=dbc, columns=["v"]))


def test_a_dbc_for_another_car_is_told(tmp_path: Path, dbc: Path) -> None:
    path = write_log(tmp_path / "a.log", [m for m in frames(dbc) if m.arbitration_id == 0x7FF])
    with pytest.raises(SeriesError, match="20 frames of 1 ids, none of which is in the DBC file"):
        read(path, dbc, "Motion.Speed")


def test_frames_that_are_too_short_are_counted(tmp_path: Path, dbc: Path) -> None:
    messages = frames(dbc)
    messages[0].data, messages[0].dlc = bytearray(b"\1"), 1
    messages.append(can.Message(timestamp=BEGIN, is_error_frame=True, channel=0))
    messages.append(can.Message(timestamp=BEGIN, arbitration_id=256, is_extended_id=False, is_remote_frame=True))
    found = read(write_log(tmp_path / "a.log", messages), dbc, "Motion.Speed")
    assert len(found.series[0].values) == 19


def test_a_log_that_was_cut_off_gives_what_came_before(tmp_path: Path, dbc: Path) -> None:
    whole = write_log(tmp_path / "whole.log", frames(dbc)).read_text()
    path = tmp_path / "a.log"
    path.write_text(whole[: len(whole) // 2] + "\n(1700")
    found = read(path, dbc, "Motion.Speed")
    assert 5 < len(found.series[0].values) < 15
    assert any("torn or damaged after" in note for note in found.notes)


@pytest.mark.parametrize("suffix", [".asc", ".blf", ".log", ".trc"])
@pytest.mark.parametrize("data", [b"", b"hello, this is no log\n", bytes(range(256)) * 4])
def test_what_is_no_log_is_told(tmp_path: Path, dbc: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    with pytest.raises(SeriesError, match=r"a\.\w+ holds no CAN frame"):
        read(path, dbc, "Motion.Speed")


def test_a_format_that_needs_another_package_says_so(
    tmp_path: Path, dbc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asammdf", None)
    (tmp_path / "a.mf4").write_bytes(b"MDF     ")
    with pytest.raises(SeriesError, match="only with another package"):
        read(tmp_path / "a.mf4", dbc, "Motion.Speed")


@pytest.mark.parametrize("package", ["can", "cantools"])
def test_a_package_that_is_missing_says_how_to_get_it(
    tmp_path: Path, dbc: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    path = write_log(tmp_path / "a.log", frames(dbc))
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SeriesError, match=r'pip install "tapetum\[formats\]"'):
        read(path, dbc, "Motion.Speed")
