"""What is typed as a camera never shows or keeps a password."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.work.sources import RECENT, Typed, put_together, recent, rig_of, taken_apart, with_choice, worth_keeping

assert RECENT


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rtsp://admin:secret@host/1", Typed("rtsp://host/1", "admin", "secret")),
        ("rtsp://admin:12345@host/1", Typed("rtsp://host/1", "admin", "12345")),
        ("rtsp://admin:s", Typed("rtsp://", "admin", "s")),
        ("rtsp://192.168.1.20:554/stream", None),
        ("rtsp://192.168.1.20:55", None),
        ("rtsp://host/stream", None),
        ("rtsp://", None),
        ("virtual:/a/b.mcap?speed=2", None),
        ("v4l2:/dev/video0", None),
        ("", None),
    ],
)
def test_a_login_is_noticed_as_soon_as_it_is_one(text: str, found: Typed | None) -> None:
    assert taken_apart(text) == found


words = st.text(alphabet=st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)


@given(user=words, password=words)
def test_what_is_kept_never_holds_the_password(user: str, password: str) -> None:
    secret = put_together("rtsp://camera.example/stream", f"{user}+", f"{password}#@/")
    assert "#" not in secret.partition("://")[2].partition("@")[0]
    assert worth_keeping(secret) == "rtsp://camera.example/stream"
    assert with_choice([], [secret]) == [["rtsp://camera.example/stream"]]


def test_a_source_that_nobody_understands_is_not_kept() -> None:
    assert worth_keeping("foo:bar:secret") == ""
    assert with_choice([["virtual:"]], ["foo:bar:secret"]) == [["virtual:"]]


def test_the_last_choice_stands_first_once() -> None:
    kept = with_choice(with_choice(with_choice([], ["virtual:"]), ["virtual:?loop=1"]), ["virtual:"])
    assert kept == [["virtual:"], ["virtual:?loop=1"]]


@pytest.mark.parametrize("kept", [None, 3, "x", [1], [[]], [[1]], [["a", ""]], {"a": 1}])
def test_broken_settings_are_no_choices(kept: object) -> None:
    assert recent(kept) == []


def test_a_rig_is_a_file_alone() -> None:
    assert str(rig_of(["night.toml"])) == "night.toml"
    assert rig_of(["night.toml", "virtual:"]) is None
    assert rig_of(["virtual:night.toml"]) is None
    assert rig_of([]) is None
