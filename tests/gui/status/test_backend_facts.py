"""Which backends can be chosen."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from engines.registry import BACKENDS, BackendInfo
from gui.status import backend_facts
from gui.status.backend_facts import BackendFacts, BackendLook, look_up


def test_a_backend_whose_package_is_not_there_is_barred_with_the_command_that_brings_it() -> None:
    info = replace(BACKENDS["openvino"], packages=("no_such_package_here",), install="pip install it")
    assert look_up(info).barred == "not installed (no package no_such_package_here); run: pip install it"


def test_one_without_a_gpu_is_barred_and_one_that_nobody_checked_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    info = replace(BACKENDS["torch"], packages=())
    monkeypatch.setattr(backend_facts, "why_no_gpu", lambda: "no driver")
    monkeypatch.setattr(backend_facts, "verified", lambda name: None)
    facts = look_up(info)
    assert facts.barred == "no driver"
    assert facts.unverified.startswith("UNVERIFIED: ")
    monkeypatch.setattr(backend_facts, "verified", lambda name: {"ok": True})
    assert look_up(info).unverified == ""


def test_asking_never_waits_and_what_fails_is_told() -> None:
    go = threading.Event()

    def ask(info: BackendInfo) -> BackendFacts:
        go.wait(10)
        if info.name == "torch":
            raise OSError("broken")
        return BackendFacts()

    look = BackendLook(ask)
    assert look.known() == {}
    go.set()
    assert look.join(10)
    assert set(look.known()) == set(BACKENDS)
    assert "broken" in look.known()["torch"].barred
