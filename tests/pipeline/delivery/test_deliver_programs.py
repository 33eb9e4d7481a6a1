"""Alarms reach programs, whatever these do."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pipeline.delivery.target import CommandTarget
from tests.pipeline.delivery.delivery_cases import Deliveries, change, python, until
from tests.pipeline.delivery.servers import PATIENCE_S, closed_port

KEEP = "import os, sys, json; d = dict(data=json.load(sys.stdin), env={k: v for k, v in os.environ.items() if k.startswith('TAPETUM_')}); open(sys.argv[1] + '.part', 'w').write(json.dumps(d)); os.rename(sys.argv[1] + '.part', sys.argv[1])"  # noqa: E501 - a program in one line


def test_a_program_gets_the_alarm_on_stdin_and_in_its_environment(deliveries: Deliveries, tmp_path: Path) -> None:
    out = tmp_path / "heard.json"
    delivery = deliveries(python(KEEP, out))
    delivery.offer(change(7, note="two\nlines \u2603 \0"))
    until(lambda: delivery.status, lambda s: s.delivered == 1)
    heard = json.loads(out.read_text())
    assert heard["data"]["event"]["begin_ns"] == 7
    assert heard["env"]["TAPETUM_EVENT"] == "asleep"
    assert heard["env"]["TAPETUM_STATE"] == "begun"
    assert heard["env"]["TAPETUM_SEVERITY"] == "alarm"
    assert heard["env"]["TAPETUM_FACE"] == "3"
    assert heard["env"]["TAPETUM_TEXT"] == "two\nlines \u2603 "


def test_a_program_that_fails_is_run_again_and_its_last_words_are_told(deliveries: Deliveries, tmp_path: Path) -> None:
    count = tmp_path / "count"
    code = "import sys; open(sys.argv[1], 'a').write('x'); sys.stderr.write('no siren\\n'); sys.exit(1)"
    delivery = deliveries(python(code, count), tries=2)
    delivery.offer(change())
    status = until(lambda: delivery.status, lambda s: s.failed == 1)
    assert count.read_text() == "xx"
    assert status.problem == "it ended with 1: no siren"


def test_a_program_that_went_meanwhile_is_told_and_not_tried_again(deliveries: Deliveries, tmp_path: Path) -> None:
    delivery = deliveries(CommandTarget((str(tmp_path / "gone"),)), backoff_s=60.0, longest_backoff_s=60.0)
    delivery.offer(change())
    status = until(lambda: delivery.status, lambda s: s.failed == 1)
    assert "cannot run" in status.problem


STUBBORN = "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)'], stdout=subprocess.PIPE); child.stdout.readline(); open(sys.argv[1] + '.part', 'w').write(f'{os.getpid()} {child.pid}'); os.rename(sys.argv[1] + '.part', sys.argv[1]); time.sleep(600)"  # noqa: E501 - a program in one line


def is_running(pid: int) -> bool:
    """Whether a process does anything; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells here what became of a process")
def test_a_program_that_hangs_is_ended_with_all_that_it_began(deliveries: Deliveries, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    delivery = deliveries(python(STUBBORN, pids), tries=1, timeout_s=300.0)
    delivery.offer(change())
    end = time.monotonic() + PATIENCE_S
    while not pids.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    status = delivery.close(0.0)
    assert (status.dropped, status.waiting) == (1, 0)
    numbers = [int(word) for word in pids.read_text().split()]
    end = time.monotonic() + PATIENCE_S
    while any(is_running(pid) for pid in numbers):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_program_that_takes_too_long_fails_and_is_not_begun_again(
    deliveries: Deliveries, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = deliveries(python("import time; time.sleep(600)"), timeout_s=0.3, backoff_s=60.0, longest_backoff_s=60.0)
    delivery.offer(change())
    status = until(lambda: delivery.status, lambda s: s.failed == 1)  # a second try would come in a minute
    assert "did not end within 0.3 s" in status.problem
    delivery.close(0.0)
    assert [r.getMessage().startswith("an alarm was not told to ") for r in caplog.records] == [True]


def test_the_first_try_that_fails_is_told_before_the_last_one(
    deliveries: Deliveries, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = deliveries(f"http://127.0.0.1:{closed_port()}/", backoff_s=60.0, longest_backoff_s=60.0)
    delivery.offer(change())
    end = time.monotonic() + PATIENCE_S
    while not caplog.records:
        assert time.monotonic() < end
        time.sleep(0.005)
    assert "is not told to http://127.0.0.1:" in caplog.records[0].getMessage()
    assert "refused" in caplog.records[0].getMessage()
    assert delivery.status.failed == 0


def test_a_program_that_reads_nothing_of_a_large_alarm_is_no_trouble(deliveries: Deliveries) -> None:
    delivery = deliveries(python("pass"))
    delivery.offer(change(note="x" * 5_000_000))
    status = until(lambda: delivery.status, lambda s: s.delivered + s.failed == 1)
    assert status.delivered == 1, status.problem
