"""Where a session made out of others may be written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from recordings.errors import SessionWriteError


def check_output(out: Path, inputs: Iterable[Path], overwrite: bool, temporary: Sequence[str] = (".part",)) -> None:
    """Refuse a name that is taken, or under which (or under whose temporary names) one of the inputs lies.

    Args:
        out: the final name.
        inputs: files that are there.
        overwrite: a file of that name may be replaced.
        temporary: what is added to the name while the file is written.

    Raises:
        SessionWriteError: saying what to do.
    """
    if out.is_dir():
        raise SessionWriteError(f"{out} is a folder; name a file such as {out / 'session.mcap'}")
    if not out.parent.is_dir():
        raise SessionWriteError(f"the folder {out.parent} does not exist; make it first")
    taken = [out, *(out.with_name(out.name + suffix) for suffix in temporary)]
    for path in inputs:
        for one in taken:
            if one.exists() and one.samefile(path):
                as_what = "" if one == out else f" while {out.name} is written"
                raise SessionWriteError(
                    f"{one}{' would be written' if as_what else ' is one of the files to read'}{as_what}"
                    f"{', and it is one of the files to read' if as_what else ''}; choose another name with -o"
                )
    if out.exists() and not overwrite:
        raise SessionWriteError(f"{out} exists already; choose another name, or --overwrite")
    part = out.with_name(out.name + ".part")
    if ".part" in temporary and part.exists() and not overwrite:
        raise SessionWriteError(
            f"{part} is there: somebody is writing it, or was stopped while writing; --overwrite takes its place"
        )
