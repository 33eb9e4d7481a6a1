"""Where alarms may go, and where not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipeline.delivery.target import CommandTarget, PostTarget, parse_target
from pipeline.errors import ConfigError


def test_a_command_line_is_split_as_a_shell_would_and_run_without_one() -> None:
    target = parse_target(f"{sys.executable} -c 'print(1); import os' \"two words\" $HOME")
    assert target == CommandTarget((sys.executable, "-c", "print(1); import os", "two words", "$HOME"))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("http://127.0.0.1:8080/alarm", PostTarget("127.0.0.1", 8080, "/alarm")),
        ("http://localhost:8080", PostTarget("127.0.0.1", 8080, "/")),
        ("HTTP://192.168.1.20/a/b?c=d#e", PostTarget("192.168.1.20", 80, "/a/b?c=d")),
        ("http://[::1]:99/x", PostTarget("::1", 99, "/x")),
        ("http://10.0.0.7", PostTarget("10.0.0.7", 80, "/")),
    ],
)
def test_addresses_of_this_machine_and_its_network_are_taken(text: str, target: PostTarget) -> None:
    assert parse_target(text) == target
    assert parse_target(str(target)) == target


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("'open", "no command line"),
        ("''", "no program"),
        ("no-such-program-here --x", "there is no program 'no-such-program-here'"),
        ("https://127.0.0.1/", "posts to http:// only"),
        ("ftp://127.0.0.1/", "posts to http:// only"),
        ("http://8.8.8.8/", "outside this machine"),
        ("http://[2001:4860:4860::8888]/", "outside this machine"),
        ("http://[::ffff:8.8.8.8]/", "outside this machine"),
        ("http://example.com/", "names are not looked up"),
        ("http://localhost.evil.example/", "names are not looked up"),
        ("http://2130706433/", "names are not looked up"),
        ("http://user:word@127.0.0.1/", "no address"),
        ("http://127.0.0.1:99999/", "no address"),
        ("http:///x", "no address"),
        ("http://127.0.0.1/a b", "no address"),
        ("http://127.0.0.1/\r\nX: y", "no address"),
        ("http://127.0.0.1/caf\u00e9", "%XX"),
        ("http://224.0.0.1/", "no address of a machine"),
        ("http://0.0.0.0/", "no address of a machine"),
    ],
)
def test_anything_else_is_refused_with_what_was_found(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match="--on-alarm") as caught:
        parse_target(text)
    assert words in str(caught.value)


def test_the_internet_is_posted_to_only_when_that_is_allowed() -> None:
    assert parse_target("http://8.8.8.8/", allow_public=True) == PostTarget("8.8.8.8", 80, "/")


def test_a_program_that_is_nearly_there_is_named(tmp_path: Path) -> None:
    program = tmp_path / "siren.sh"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    with pytest.raises(ConfigError, match=r"did you mean .*siren\.sh"):
        parse_target(f"{tmp_path}/sirn.sh")
