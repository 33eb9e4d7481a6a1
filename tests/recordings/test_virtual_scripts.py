"""Scripts of faults: what they may say, when a fault happens, and those of the handbook."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import CameraLostError, UnsupportedFeatureError, UnusableSourceError
from recordings.samples import NIGHT_DRIVE, bundled_session
from recordings.virtual import VirtualCamera, VirtualOptions
from recordings.virtual_faults import Fault, FaultKind, FaultScript, Schedule
from tests.recordings.fault_cases import Script, Scripted
from tests.recordings.still_pace import StillPace

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCRIPTS = sorted((DOCS / "faults").glob("*.toml"))


random_faults = st.builds(
    Fault,
    kind=st.just(FaultKind.STALL),
    at_s=st.none() | st.floats(0, 50),
    for_s=st.floats(0.001, 5),
    random_s=st.floats(0.1, 20),
    times=st.none() | st.integers(1, 50),
)


@settings(max_examples=50)
@given(random_faults, st.lists(st.integers(0, 200_000_000_000), min_size=1, max_size=20))
def test_when_a_fault_happens_does_not_depend_on_who_asks_when(fault: Fault, asked: list[int]) -> None:
    one, other = Schedule(fault, "1/0"), Schedule(fault, "1/0")
    forth = [(one.before(at), one.until(at), one.window(at)) for at in asked]
    back = [(other.before(at), other.until(at), other.window(at)) for at in sorted(asked, reverse=True)]
    assert sorted(forth, key=str) == sorted(back, key=str)
    times = [one[n] for n in range(one.until(max(asked)))]
    gaps = [b - a for a, b in pairwise(times)]
    assert all(gap > (fault.for_s or 0) * 1e9 for gap in gaps), "it begins again only when it is over"
    assert fault.times is None or len(times) <= fault.times


def test_random_faults_come_as_often_as_they_should() -> None:
    schedule = Schedule(Fault(FaultKind.DROP, random_s=2.0), "7/0")
    assert 850 < schedule.until(2_000_000_000_000) < 1150


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("[[fault]\n", "faults.toml is no TOML: .*line 1"),
        ("", "holds no fault; write each as a table that begins with"),
        ("[fault]\nkind='drop'\n", "holds no fault"),
        ("fault = [3]", "fault 1 is no table"),
        ("speed = 3\n[[fault]]\nkind='drop'\nat_s=1\n", "no key 'speed'; a script has seed and"),
        ("seed = 'x'\n[[fault]]\nkind='drop'\nat_s=1\n", "the key seed takes a whole number, found 'x'"),
        ("[[fault]]\nat_s=1\n", "fault 1 has no kind; write kind = one of stall, drop"),
        ("[[fault]]\nkind='melt'\n", "fault 1: the key kind takes one of stall, drop, .*found 'melt'"),
        ("[[fault]]\nkind=['drop']\n", "takes one of stall"),
        (
            "[[fault]]\nkind='drop'\nat_s=1\n[[fault]]\nkind='stall'\nat_s=2\nfro_s=1\n",
            r"fault 2 \(stall\): there is no key 'fro_s'; a stall has for_s, stream, at_s, every_s, random_s, times",
        ),
        ("[[fault]]\nkind='stall'\nat_s=2\n", r"fault 1 \(stall\) needs the key for_s, which takes seconds from 0.001"),
        ("[[fault]]\nkind='disconnect'\nat_s=2\nfor_s=1\nstream='depth'\n", "a disconnect has for_s, at_s"),
        ("[[fault]]\nkind='stall'\nat_s=-1\nfor_s=1\n", "the key at_s takes seconds from 0 to .*found -1"),
        ("[[fault]]\nkind='stall'\nat_s=inf\nfor_s=1\n", "at_s takes seconds"),
        ("[[fault]]\nkind='stall'\nat_s=true\nfor_s=1\n", "at_s takes seconds .*found True"),
        ("[[fault]]\nkind='drop'\nat_s=1\ncount=2.5\n", "count takes a whole number from 1 to 10000, found 2.5"),
        ("[[fault]]\nkind='clock_jump'\nat_s=1\nby_s=0\n", "by_s takes seconds, forth or back .*, not 0, found 0"),
        ("[[fault]]\nkind='shutter'\nat_s=1\nfor_s=1\ngives='half'\n", 'takes "flagged" or "nothing", found'),
        ("[[fault]]\nkind='drop'\nat_s=1\nstream=''\n", "takes the name of a stream"),
        ("[[fault]]\nkind='drop'\n", "does not say when: write at_s, every_s or random_s"),
        ("[[fault]]\nkind='drop'\nevery_s=1\nrandom_s=1\n", "either every_s or random_s"),
        ("[[fault]]\nkind='drop'\nat_s=1\ntimes=3\n", "times belongs to every_s or random_s"),
        ("[[fault]]\nkind='stall'\nfor_s=2\nevery_s=1\n", "lasts 2 s, but begins again every 1 s"),
    ],
)
def test_a_script_that_is_wrong_says_where_and_what_it_may_be(tmp_path: Path, script: str, words: str) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(script, "utf-8")
    with pytest.raises(UnsupportedFeatureError, match=words):
        VirtualCamera.from_source(f"a.mcap?faults={path}")


def test_a_script_that_is_not_there_or_none(tmp_path: Path) -> None:
    with pytest.raises(UnusableSourceError, match=r"no script of faults at .*none\.toml"):
        VirtualCamera.from_source(f"a.mcap?faults={tmp_path}/none.toml")
    with pytest.raises(UnusableSourceError, match="cannot be read"):
        VirtualCamera.from_source(f"a.mcap?faults={tmp_path}")
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnusableSourceError, match="cannot be read"):
        VirtualCamera.from_source(f"a.mcap?faults={tmp_path}/b")
    with pytest.raises(UnsupportedFeatureError, match="faults needs the path of a script"):
        VirtualCamera.from_source("a.mcap?faults=")


def test_a_stream_that_the_session_lacks_is_told_when_it_is_opened(scripted: Script) -> None:
    made = scripted('kind = "drop"; at_s = 1; stream = "thermal"')
    with pytest.raises(UnusableSourceError, match=r"fault 1 \(drop\) .* 'thermal'; the streams are color, depth"):
        made.camera.open()


def test_a_source_names_its_script(tmp_path: Path) -> None:
    path = tmp_path / "my faults & more.toml"
    path.write_text("[[fault]]\nkind = 'drop'\nat_s = 1\n", "utf-8")
    made = VirtualCamera("a.mcap", options=VirtualOptions(faults=str(path)))
    again = VirtualCamera.from_source(made.source.removeprefix("virtual:"))
    assert again.options() == made.options()
    assert again.options()["faults"] == str(path)


def test_a_session_that_is_not_there_is_not_present(tmp_path: Path) -> None:
    assert VirtualCamera(tmp_path / "none.mcap").is_present() is False
    assert VirtualCamera(None).is_present() is True


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.stem)
def test_the_scripts_of_the_handbook_play_on_the_bundled_session(path: Path) -> None:
    script = FaultScript.load(path)
    made = Scripted(path, bundled_session(NIGHT_DRIVE), StillPace(), loop=True, speed=16.0)
    frames = list(islice(made.frames(), 3000))
    assert len(frames) == 3000
    made.camera.close()
    kinds = {fault.kind for fault in script.faults}
    assert any(isinstance(error, CameraLostError) for error in made.errors) == (FaultKind.DISCONNECT in kinds)
    assert sum(made.camera.health().dropped.values()) > 0


def test_the_handbook_has_scripts() -> None:
    assert len(SCRIPTS) >= 2


def test_every_example_of_the_handbook_is_right() -> None:
    examples = re.findall(r"```toml\n(.*?)```", (DOCS / "virtual-camera.md").read_text("utf-8"), re.DOTALL)
    shown = [fault for n, text in enumerate(examples) for fault in FaultScript.parse(text, f"example {n}").faults]
    assert {fault.kind for fault in shown} == set(FaultKind)


def test_only_a_camera_with_a_script_is_opened_again_for_being_silent(tmp_path: Path):
    script = tmp_path / "faults.toml"
    script.write_text('[[fault]]\nkind = "stall"\nat_s = 1\nfor_s = 1\n')
    assert VirtualCamera.from_source("").is_recorded
    assert not VirtualCamera.from_source(f"?faults={script}").is_recorded
