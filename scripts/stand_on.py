"""Let an environment use what is installed in the one that runs this; what it installs itself comes first.

usage: BELOW/bin/python scripts/stand_on.py ABOVE
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path


def stand_on(above: Path) -> Path:
    """Write the file by which the environment ``above`` finds this one's packages, and those of its .pth files.

    Raises:
        SystemExit: ``above`` is no environment of this version of Python.
    """
    scheme = sysconfig.get_preferred_scheme("prefix")
    there = Path(sysconfig.get_path("purelib", scheme, {"base": str(above), "platbase": str(above)}))
    if not there.is_dir():
        sys.exit(f"{above} is no environment of Python {sys.version_info.major}.{sys.version_info.minor}: no {there}")
    file = there / "stand_on.pth"
    file.write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n", "utf-8")
    return file


if __name__ == "__main__":
    stand_on(Path(sys.argv[1]).absolute())
