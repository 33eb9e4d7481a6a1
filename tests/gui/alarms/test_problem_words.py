"""What is wrong with rules, with telling others and with clips is said in the operator's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.alarms import problem_words as words
from gui.alarms.problem_words import context_problem_words, known_words, problem_words
from pipeline import tell
from pipeline.alarm_clips import ENDED_EARLY, NOTHING_KEPT, STOPPED, TOO_MANY
from pipeline.context.lines import read_json
from pipeline.errors import PipelineError
from pipeline.rules.load import RuleSet, read_rules

ROOT = Path(tell.__file__).parent
SOURCES = ("rules/check.py", "rules/load.py", "delivery/attempt.py", "alarm_clips.py", "clip_shelf.py")
PARTS = {
    "Input should",  # of what pydantic says
    "the signals are ",
    "the keys here are ",
    "its words are ",
    ": 1.0",
    "1.01.0, found 1.0",
    "1.0: 1.0",  # a path, or an error, and what the system said
    "1.0: 1.0 and 1.0 GiB are kept",
    "at most 1.0 clips and 1.0 GiB are kept",  # the note of an event
    "alarm clip deleted",  # its name
    "it was there when the clip was asked for",
    "else nothing is kept",  # of an assertion: no operator reads it
    "POST 1.0 HTTP/1.1\r\nHost: 1.0\r\nUser-Agent: tapetum\r\nContent-Type: application/json\r\n"
    "Content-Length: 1.0\r\nConnection: close\r\n\r\n",
    "1.0:1.0:1.0: no UTF-8; save the file as UTF-8",  # file, line and column come first
}
"""Sentences of those sources that are names, or parts of one that is in the table as a whole."""


def said_in(path: Path) -> Iterator[str]:
    """What a source says beside its logs, descriptions and comments; 1.0 in place of each value."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        is_words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        called = node.func if isinstance(node, ast.Call) else None
        owner = called.value if isinstance(called, ast.Attribute) else None
        is_log = isinstance(owner, ast.Name) and owner.id == "log"
        if is_words or is_log or (isinstance(node, ast.keyword) and node.arg == "description"):
            skipped.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(inner) for inner in ast.walk(node))
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "1.0" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("name", SOURCES)
def test_every_problem_can_be_said_in_another_language(name: str) -> None:
    strange = [
        text for text in said_in(ROOT / name) if " " in text.strip() and text not in PARTS and known_words(text) is None
    ]
    assert not strange, "put it into gui/alarms/problem_words.py"


def shout(text: str, /, **values: object) -> str:
    return f"<{text.format(**values) if values else text}>"


def test_a_file_that_is_wrong_is_told_line_by_line_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        'name = "a"\n[[rule]]\nname = "x"\ntext = "t"\nseverity = "loud"\nwhen = { signal = "perclose", above = 1.0 }\n'
    )
    with pytest.raises(PipelineError) as told:
        read_rules(text, "my.toml")
    monkeypatch.setattr(words, "tr", shout)
    line, *others = problem_words(str(told.value)).split("\n")
    assert line.startswith("my.toml:5:12: <")
    assert line.endswith("'loud'>")
    assert all(other.startswith("my.toml:") and other.endswith(">") for other in others)
    with pytest.raises(PipelineError) as told:
        read_rules(text.replace("loud", "alarm"), "my.toml")
    assert problem_words(str(told.value)) == "my.toml:6:19: <there is no signal 'perclose'; <did you mean perclos?>>"


def test_what_is_no_file_of_rules_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(words, "tr", shout)
    with pytest.raises(PipelineError) as told:
        RuleSet.load(str(tmp_path / "gone.toml"))
    said = problem_words(str(told.value))
    assert said == f"<there is no file of rules {tmp_path / 'gone.toml'}; <ready sets are in-car, night-watch>>"


def test_what_telling_others_and_clips_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "tr", shout)
    for known in (ENDED_EARLY, NOTHING_KEPT, STOPPED, TOO_MANY):
        assert problem_words(known).startswith("<")
    assert problem_words(NOTHING_KEPT) == "<no clip: <nothing is recorded, and nothing is kept in memory>>"
    assert problem_words("it ended with 1: no siren") == "<it ended with 1: no siren>"
    assert problem_words("127.0.0.1:80: no siren") == "127.0.0.1:80: no siren"


def test_what_the_system_says_within_a_problem_is_said_in_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problem_words("cannot run ./tell.sh: Permission denied") == (
        "cannot run ./tell.sh: the rights there do not allow it (error 13)"
    )
    assert problem_words("127.0.0.1:80: Connection refused") == "127.0.0.1:80: nobody listens there (error 111)"


CONTEXT_SOURCES = ("context/lines.py", "context/intake.py", "context/book.py", "context/units.py", "context/ports.py")
CONTEXT_PARTS = {
    "km/h, m/s, mph, kn",
    "found 1.0",
    "none is told",
    "a speed needs its unit (1.0), 1.0; or call it 1.0",
    "1.0 is 1.0",  # more than a million millions: nobody's sender says that
    "left out",
    "1.0: 1.0: 1.0",
    "doubled 1.0",
    "exclusively lock",  # of what pyserial says
    "1.0: 1.0",
    "on its way",
}


@pytest.mark.parametrize("name", CONTEXT_SOURCES)
def test_what_is_wrong_with_a_source_of_the_context_can_be_said_in_another_language(name: str) -> None:
    strange = [
        text
        for text in said_in(ROOT / name)
        if " " in text.strip() and text not in CONTEXT_PARTS and known_words(text, 0, words.OF_CONTEXT) is None
    ]
    assert not strange, "put it into gui/alarms/problem_words.py"


def test_what_comes_and_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "tr", shout)
    for data in (
        b"fast",
        b"[1]",
        b'{"speed": 3}',
        b'{"speed": 3, "unit": "furlongs"}',
        b'{"speed_kmh": -4}',
        b"x" * 2000,
    ):
        line = read_json(data)
        (why,) = line.wrong or tuple(told.wrong for told in line.told)
        assert context_problem_words(why).startswith("<"), why


@given(st.text())
def test_whatever_is_said_stays_or_is_said_anew(text: str) -> None:
    assert isinstance(problem_words(text), str)


def test_a_line_of_thousands_of_letters_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "tr", shout)
    for long in ("the tier of " + " and " * 800 + "x", "no clip: " + "x: " * 1000):
        assert problem_words(long) == long
