"""Whether this machine has letters for a language. No Qt here, so that it can be asked without a screen."""

from __future__ import annotations

import shutil
import subprocess

PACKAGES = {"zh": "fonts-noto-cjk"}
"""Languages that a bare system often has no letters for -> the Debian package that has them."""

_FC_LIST_S = 5.0


def has_letters(language: str) -> bool | None:
    """Whether a font for a language is installed; None where fontconfig cannot be asked."""
    tool = shutil.which("fc-list")
    if tool is None:
        return None
    try:
        done = subprocess.run(
            [tool, f":lang={language}", "family"], capture_output=True, text=True, timeout=_FC_LIST_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return bool(done.stdout.strip()) if done.returncode == 0 else None


def doctor_lines() -> list[tuple[str, bool | None, str]]:
    """For each language that needs letters of its own: language, whether they are there, how to get them."""
    return [(name, has_letters(name), f"apt install {package}") for name, package in PACKAGES.items()]
