"""Alarms reach other programs, whatever these do; and whatever they do, nobody waits for them."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.delivery import deliver
from pipeline.delivery.deliver import DeliveryStatus
from pipeline.rules.model import Severity
from recordings.event import Event
from tests.pipeline.delivery.delivery_cases import Deliveries, change, python, until
from tests.pipeline.delivery.servers import PATIENCE_S, answer_with, closed_port, http_server, raw_server

# -- over HTTP ------------------------------------------------------------------------------------------------------


def test_an_alarm_is_posted_as_json(deliveries: Deliveries) -> None:
    with http_server(answer_with(204)) as (address, heard):
        delivery = deliveries(address)
        assert delivery.offer(change(5))
        heard.wait_for(1)
        status = delivery.close(PATIENCE_S)
    assert status == DeliveryStatus(delivered=1)
    told = json.loads(heard.bodies[0])
    assert (told["state"], told["text"], told["session"]) == ("begun", "Asleep", "night")
    assert Event.from_json(told["event"]) == change(5).event
    assert (heard.paths, heard.types) == (["/alarm?from=car"], ["application/json"])


def test_a_server_that_fails_is_asked_again(deliveries: Deliveries) -> None:
    with http_server(answer_with(500, 503, 200)) as (address, heard):
        delivery = deliveries(address)
        delivery.offer(change())
        status = until(lambda: delivery.status, lambda s: s.delivered == 1)
    assert len(heard.bodies) == 3
    assert (status.failed, status.problem) == (0, "")


def test_a_server_that_always_fails_is_given_up_and_the_next_alarm_is_told(deliveries: Deliveries) -> None:
    with http_server(answer_with(500, 500, 500, 200)) as (address, heard):
        delivery = deliveries(address, tries=3, at_once=1)
        delivery.offer(change(1))
        delivery.offer(change(2))
        status = until(lambda: delivery.status, lambda s: s.delivered == 1)
    assert (status.failed, len(heard.bodies)) == (1, 4)
    assert json.loads(heard.bodies[3])["event"]["begin_ns"] == 2


@pytest.mark.parametrize("code", [301, 307, 400, 404])
def test_what_will_never_be_taken_is_not_asked_again_and_no_redirect_is_followed(
    deliveries: Deliveries, code: int
) -> None:
    with http_server(answer_with(code)) as (address, heard):
        delivery = deliveries(address)
        delivery.offer(change())
        status = until(lambda: delivery.status, lambda s: s.failed == 1)
    assert len(heard.bodies) == 1
    assert f"answered {code}" in status.problem


def test_nobody_listens(deliveries: Deliveries) -> None:
    delivery = deliveries(f"http://127.0.0.1:{closed_port()}/", tries=2)
    delivery.offer(change())
    status = until(lambda: delivery.status, lambda s: s.failed == 1)
    assert "refused" in status.problem


def hang(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    over.wait(PATIENCE_S)


def drip(connection: socket.socket, over: threading.Event) -> None:
    """Says one letter now and then, and never comes to an end."""
    connection.recv(65536)
    while not over.wait(0.02):
        connection.sendall(b"H")


def hang_up(connection: socket.socket, _over: threading.Event) -> None:
    connection.recv(10)


def chatter(connection: socket.socket, _over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"SSH-2.0-OpenSSH\r\n" * 1000)


@pytest.mark.parametrize(
    ("talk", "words"),
    [(hang, "did not answer within"), (drip, "did not answer within"), (hang_up, ""), (chatter, "no answer of HTTP")],
)
def test_a_server_that_hangs_drips_hangs_up_or_talks_nonsense(
    deliveries: Deliveries, talk: Callable[[socket.socket, threading.Event], None], words: str
) -> None:
    with raw_server(talk) as address:
        delivery = deliveries(address, tries=2, timeout_s=0.2)
        delivery.offer(change())
        status = until(lambda: delivery.status, lambda s: s.failed == 1)
    assert words in status.problem
    assert status.problem


def test_a_slow_server_is_waited_for(deliveries: Deliveries) -> None:
    def slowly(_number: int, handler: Any) -> None:
        threading.Event().wait(0.3)
        answer_with(200)(0, handler)

    with http_server(slowly) as (address, heard):
        delivery = deliveries(address)
        delivery.offer(change())
        until(lambda: delivery.status, lambda s: s.delivered == 1)
    assert len(heard.bodies) == 1


def test_a_large_alarm_comes_whole(deliveries: Deliveries) -> None:
    with http_server(answer_with(200)) as (address, heard):
        delivery = deliveries(address)
        delivery.offer(change(note="x" * 5_000_000))
        until(lambda: delivery.status, lambda s: s.delivered == 1)
    assert len(json.loads(heard.bodies[0])["text"]) == 5_000_000


# -- the queue, and the end -----------------------------------------------------------------------------------------


def test_what_is_milder_is_not_told_and_ends_only_when_asked_for(deliveries: Deliveries) -> None:
    with http_server(answer_with(200)) as (address, heard):
        plain = deliveries(address)
        assert not plain.offer(change(severity="warning"))
        assert not plain.offer(change(severity=""))
        assert not plain.offer(change(kind="ended"))
        assert not plain.offer(change(kind="updated"))
        eager = deliveries(address, least=Severity.NOTICE, tell_end=True)
        assert eager.offer(change(severity="notice"))
        assert eager.offer(change(kind="ended"))
        heard.wait_for(2)
        eager.close(PATIENCE_S)
    assert [json.loads(body)["state"] for body in heard.bodies] == ["begun", "ended"]


def test_a_full_queue_pushes_out_the_mildest_then_the_oldest_and_counts(deliveries: Deliveries) -> None:
    go = threading.Event()

    def wait(number: int, handler: Any) -> None:
        if number == 0:
            go.wait(PATIENCE_S)
        answer_with(200)(0, handler)

    with http_server(wait) as (address, heard):
        delivery = deliveries(address, waiting=3, least=Severity.NOTICE, timeout_s=60.0, at_once=1)
        delivery.offer(change(0))
        heard.wait_for(1)
        for number, severity in enumerate(["notice", "alarm", "warning", "alarm", "alarm", "notice", "alarm"], 1):
            delivery.offer(change(number, severity))
        status = delivery.status
        go.set()
        heard.wait_for(4)
        delivery.close(PATIENCE_S)
    assert (status.dropped, status.waiting) == (4, 4)
    assert [json.loads(body)["event"]["begin_ns"] for body in heard.bodies] == [0, 4, 5, 7]


def test_alarms_that_are_left_out_are_told_in_few_words(
    deliveries: Deliveries, caplog: pytest.LogCaptureFixture
) -> None:
    with raw_server(hang) as address:
        delivery = deliveries(address, timeout_s=60.0, waiting=1)
        for number in range(103):
            delivery.offer(change(number))
        delivery.close(0.0)
    told = [r.getMessage() for r in caplog.records if "left out" in r.getMessage()]
    assert told[0].endswith("1 were left out so far")
    assert told[-1].endswith("64 were left out so far")
    assert len(told) == 7


def test_handing_over_never_waits_for_the_other_side(deliveries: Deliveries) -> None:
    """Ten thousand alarms into a server that hangs: were one of them waited for, this would take minutes."""
    with raw_server(hang) as address:
        delivery = deliveries(address, timeout_s=60.0)
        begun = time.monotonic()
        for number in range(10_000):
            delivery.offer(change(number))
        took = time.monotonic() - begun
        status = delivery.close(0.0)
    assert took < PATIENCE_S
    assert status.dropped == 10_000
    assert status.waiting == 0


def test_closing_tells_what_waits_if_there_is_time(deliveries: Deliveries) -> None:
    with http_server(answer_with(200)) as (address, heard):
        delivery = deliveries(address)
        for number in range(5):
            delivery.offer(change(number))
        status = delivery.close(PATIENCE_S)
    assert status == DeliveryStatus(delivered=5)
    assert len(heard.bodies) == 5


@pytest.mark.parametrize("talk", [hang, drip])
def test_closing_keeps_its_deadline_whatever_the_server_does(
    deliveries: Deliveries, talk: Callable[[socket.socket, threading.Event], None]
) -> None:
    with raw_server(talk) as address:
        delivery = deliveries(address, timeout_s=300.0)
        delivery.offer(change(1))
        delivery.offer(change(2))
        status = delivery.close(0.2)  # were it not kept, the test's own limit would end it
    assert (status.delivered, status.dropped, status.waiting) == (0, 2, 0)


def test_closing_breaks_a_pause_between_tries_off(deliveries: Deliveries) -> None:
    delivery = deliveries(f"http://127.0.0.1:{closed_port()}/", backoff_s=60.0, longest_backoff_s=600.0)
    delivery.offer(change())
    until(lambda: delivery.status, lambda s: s.problem != "")
    assert delivery.close(0.0).dropped == 1


def test_after_the_end_nothing_is_taken_and_closing_twice_is_safe(deliveries: Deliveries) -> None:
    delivery = deliveries(python("pass"))
    delivery.close(0.0)
    assert not delivery.offer(change())
    assert delivery.close().dropped == 1


# -- one that hangs delays nobody -----------------------------------------------------------------------------------

HANG_ONCE = "import json, os, sys, time; n = json.load(sys.stdin)['event']['begin_ns']; open(sys.argv[1] + str(n), 'w').close(); time.sleep(600 if n == 0 else 0)"  # noqa: E501 - a program in one line


def test_a_command_that_hangs_delays_the_next_alarms_by_no_more_than_its_head_start(
    deliveries: Deliveries, tmp_path: Path
) -> None:
    """The first would take five minutes; the two after it are told while it still hangs."""
    delivery = deliveries(python(HANG_ONCE, tmp_path / "begun-"), timeout_s=300.0, overtake_s=0.05)
    for number in range(3):
        delivery.offer(change(number))
    status = until(lambda: delivery.status, lambda s: s.delivered == 2)
    assert (status.waiting, status.failed) == (1, 0)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["begun-0", "begun-1", "begun-2"]
    assert delivery.close(0.0).dropped == 1


def test_no_more_than_so_many_are_told_at_once(deliveries: Deliveries) -> None:
    at_once, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    def count(_number: int, handler: Any) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        go.wait(PATIENCE_S)
        with lock:
            at_once -= 1
        answer_with(200)(0, handler)

    with http_server(count) as (address, heard):
        delivery = deliveries(address, at_once=3, overtake_s=0.0, timeout_s=60.0)
        for number in range(8):
            delivery.offer(change(number))
        heard.wait_for(3)
        assert delivery.status.waiting == 8
        go.set()
        until(lambda: delivery.status, lambda s: s.delivered == 8)
    assert most == 3


def test_a_quick_target_is_told_in_order(deliveries: Deliveries) -> None:
    with http_server(answer_with(200)) as (address, heard):
        delivery = deliveries(address, overtake_s=60.0)
        for number in range(20):
            delivery.offer(change(number))
        until(lambda: delivery.status, lambda s: s.delivered == 20)
    assert [json.loads(body)["event"]["begin_ns"] for body in heard.bodies] == list(range(20))


def test_what_is_told_of_one_event_never_overtakes_itself(deliveries: Deliveries) -> None:
    go = threading.Event()

    def hold_the_first(number: int, handler: Any) -> None:
        if number == 0:
            go.wait(PATIENCE_S)
        answer_with(200)(0, handler)

    with http_server(hold_the_first) as (address, heard):
        delivery = deliveries(address, overtake_s=0.0, tell_end=True, timeout_s=60.0)
        delivery.offer(change(1))
        heard.wait_for(1)
        delivery.offer(change(1, kind="ended"))
        delivery.offer(change(2))
        until(lambda: delivery.status, lambda s: s.delivered == 1)
        go.set()
        until(lambda: delivery.status, lambda s: s.delivered == 3)
    told = [json.loads(body) for body in heard.bodies]
    assert [(one["event"]["begin_ns"], one["state"]) for one in told] == [(1, "begun"), (2, "begun"), (1, "ended")]


def test_a_fault_of_ours_is_one_alarm_that_failed_and_the_next_is_told(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        monkeypatch.undo()
        raise RuntimeError("a mistake")

    with http_server(answer_with(200)) as (address, heard):
        delivery = deliveries(address)
        monkeypatch.setattr(deliver, "post", broken)
        delivery.offer(change(1))
        until(lambda: delivery.status, lambda s: s.failed == 1)
        delivery.offer(change(2))
        until(lambda: delivery.status, lambda s: s.delivered == 1)
    assert len(heard.bodies) == 1
