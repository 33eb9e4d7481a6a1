"""Several are told of each alarm, and none waits for another."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from pipeline.delivery.deliver import DeliveryConfig
from pipeline.delivery.deliveries import Deliveries
from pipeline.delivery.target import parse_target
from tests.pipeline.delivery.servers import PATIENCE_S, answer_with, closed_port, http_server
from tests.pipeline.delivery.test_deliver import change, python, until


def test_a_command_that_hangs_and_a_server_that_is_gone_keep_no_other_from_being_told(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    hangs = python("import sys, time; open(sys.argv[1], 'w').close(); time.sleep(600)", begun)
    gone = f"http://127.0.0.1:{closed_port()}/"
    with http_server(answer_with(200)) as (address, heard):
        config = DeliveryConfig(timeout_s=300.0, at_once=1, tries=2, backoff_s=0.01)
        all_of_them = Deliveries([parse_target(words) for words in (hangs, gone, address)], config)
        for number in range(5):
            assert all_of_them.offer(change(number))
        status = until(lambda: all_of_them.status, lambda s: s.delivered == 5 and s.failed == 5 and begun.exists())
        assert [json.loads(body)["event"]["begin_ns"] for body in heard.bodies] == [0, 1, 2, 3, 4]
        assert status.waiting == 5, "for the command that hangs"
        assert (status.target, "refused" in status.problem) == (gone, True)
        begun_s = time.monotonic()
        closed = all_of_them.close(0.0)
    assert time.monotonic() - begun_s < PATIENCE_S
    assert (closed.delivered, closed.failed, closed.dropped, closed.waiting) == (5, 5, 5, 0)
    assert not [t for t in threading.enumerate() if t.name == "tapetum-alarms"]


def test_one_that_is_named_twice_is_told_once() -> None:
    with http_server(answer_with(200)) as (address, heard):
        both = Deliveries([parse_target(address), parse_target(address)], DeliveryConfig())
        both.offer(change())
        until(lambda: both.status, lambda s: s.delivered == 1)
        both.close(PATIENCE_S)
    assert len(heard.bodies) == 1


@pytest.mark.parametrize("severity", ["notice", "warning"])
def test_what_is_told_to_nobody_is_said_so(severity: str) -> None:
    nobody = Deliveries([], DeliveryConfig())
    assert not nobody.offer(change(severity=severity))
    nobody.close()
