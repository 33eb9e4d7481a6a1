"""What two processes say to each other is understood as it was said, however it was cut."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import drivers.errors
from drivers.camera import Control, ControlKind
from drivers.errors import CameraLostError, CameraOpenError, DriverError
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.isolate_words import (
    FRAME,
    JSON,
    Messages,
    again,
    control_from_json,
    ending,
    error_from_json,
    error_to_json,
    read_frame,
    resolve,
    write_frame,
    write_json,
)

DEPTH = StreamInfo("depth", StreamKind.DEPTH, 4, 3, "uint16", unit_m=0.001)
PIXELS = np.zeros((3, 4), np.uint16)
KINDS = [k for k in vars(drivers.errors).values() if isinstance(k, type) and issubclass(k, DriverError)]

int64 = st.integers(-(2**63), 2**63 - 1)
frames = st.builds(
    Frame,
    info=st.just(DEPTH),
    pixels=st.just(PIXELS),
    number=int64 | int64.map(np.int64),
    device_ns=int64,
    host_ns=int64,
    flags=st.integers(0, 31).map(FrameFlag),
    encoded=st.none() | st.binary(min_size=1, max_size=300),
)
said = st.lists(frames | st.dictionaries(st.text(), st.integers() | st.text()), max_size=12)


@given(said, st.lists(st.integers(1, 40), min_size=1), st.integers(0, 1000), st.integers(0, 1000))
def test_messages_come_out_whole_however_the_pipe_cuts_them(
    messages: list[Frame | dict[str, object]], cuts: list[int], info: int, slot: int
) -> None:
    data = b"".join(write_frame(info, slot, m) if isinstance(m, Frame) else write_json(m) for m in messages)
    heard = Messages()
    out: list[tuple[bytes, bytes]] = []
    at = n = 0
    while at < len(data):
        size = cuts[n % len(cuts)]
        out += heard.feed(data[at : at + size])
        at, n = at + size, n + 1
    assert len(out) == len(messages)
    for (kind, content), message in zip(out, messages, strict=True):
        if isinstance(message, Frame):
            assert kind == FRAME
            record = read_frame(content)
            assert record[:2] == (info, slot)
            assert record[2:] == (
                *(message.number, message.device_ns, message.host_ns, message.flags),
                message.encoded,
            )
        else:
            assert (kind, json.loads(content)) == (JSON, message)


@pytest.mark.parametrize("data", [b"printed by a library\n", b"J\xff\xff\xff\xff{}", b"\0\0\0\0\0\0"])
def test_what_is_no_message_is_refused(data: bytes) -> None:
    heard = Messages()
    assert list(heard.feed(write_json({"a": 1}))) == [(JSON, b'{"a": 1}')]
    with pytest.raises(ValueError, match="no message begins with"):
        list(heard.feed(data))


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_every_error_of_the_drivers_is_itself_on_the_other_side(kind: type[DriverError]) -> None:
    error = error_from_json(error_to_json(kind("what, found, to do")), CameraOpenError, "opening it")
    assert type(error) is type(again(error)) is kind
    assert str(error) == str(again(error)) == "what, found, to do"


def test_an_error_of_a_family_is_the_nearest_kind_that_both_sides_know() -> None:
    class CableError(CameraLostError):
        pass

    error = error_from_json(error_to_json(CableError("loose")), CameraOpenError, "opening it")
    assert (type(error), str(error)) == (CameraLostError, "loose")


@pytest.mark.parametrize("kind", ["", "OSError", "log", "DriverErrors", "annotations"])
def test_any_other_error_says_what_was_done(kind: str) -> None:
    error = error_from_json({"kind": kind, "message": "OSError: gone"}, CameraOpenError, "opening it")
    assert (type(error), str(error)) == (CameraOpenError, "opening it failed: OSError: gone")


def test_a_control_is_itself_on_the_other_side() -> None:
    control = Control("palette", ControlKind.CHOICE, "iron", choices=("iron", "gray"), read_only=True)
    assert control_from_json(json.loads(json.dumps(dataclasses.asdict(control)))) == control


def test_how_a_process_ended_is_said_in_one_clause() -> None:
    assert ending("ended with exit code 3", "", "") == "ended with exit code 3"
    assert ending("died of SIGSEGV", "a.py, line 3 in f", "usb: broken pipe", "opening it") == (
        "died of SIGSEGV while opening it (in a.py, line 3 in f); it last said: usb: broken pipe"
    )


@pytest.mark.parametrize("entry", ["", "json", "json:", "json:nothing", "no.such.module:f", ":f", "json:decoder"])
def test_an_entry_that_names_nothing_is_refused(entry: str) -> None:
    with pytest.raises(CameraOpenError, match=r"cannot be loaded|nothing that can be called"):
        resolve(entry)


def test_an_entry_names_a_function_or_a_method() -> None:
    assert resolve("json:loads") is json.loads
    assert resolve("json:JSONDecoder.decode") is json.JSONDecoder.decode
