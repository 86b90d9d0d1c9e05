"""What a run over a fleet keeps beside its table, so that another one goes on where it was ended: answered pieces, each whole.

``TABLE.parts`` holds ``plan.json``, which says what is asked of what, and for each piece its rows and a small file that says that
they are all there. A piece whose rows are not those that were counted is answered again.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from stat import S_ISDIR

from qrules.diagnostics import unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_PLAN, _LOCK = "plan.json", "lock"
_EXAMPLES = 3


class Kept:
    """The pieces of a run that have been answered."""

    def __init__(self, table: str) -> None:
        self.folder = f"{table}.parts"
        self._lock: int | None = None

    def begin(self, plan: dict[str, Any], table: str, restart: bool) -> None:
        """Makes the folder, or goes on with the one that is there. Raises `Unusable`: QR467 to QR469."""
        told = os.lstat(self.folder) if os.path.lexists(self.folder) else None
        if told is not None and not S_ISDIR(told.st_mode):
            raise unusable(
                "QR469", "pieces are kept in a folder, and this is none", self.folder, expected="another name for the table"
            )
        if told is not None:
            self._take()
        if restart and told is not None:
            self.remove()
            told = None
        if told is None:
            if os.path.lexists(table) and not restart:
                hint = "--restart writes it anew"
                raise unusable("QR467", "the table is there already", table, expected="a new name", hint=hint)
            os.mkdir(self.folder, 0o700)
            self._take()
        before = self._read(os.path.join(self.folder, _PLAN))
        if before is None:
            self._write(_PLAN, plan)
        elif before != plan:
            differs = ", ".join(name for name in plan if before.get(name) != plan[name])
            hint = "--restart begins anew; another --output leaves both"
            raise unusable("QR468", f"the pieces here are of another run: {differs} differ", self.folder, hint=hint)

    def _take(self) -> None:
        """Keeps other runs off for as long as this process lives. Raises `Unusable` (QR469) where one is at work."""
        handle = os.open(os.path.join(self.folder, _LOCK), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise unusable(
                "QR469", "another run is at work on this table", self.folder, expected="another name, or patience"
            ) from error
        self._lock = handle

    def release(self) -> None:
        """Lets other runs to the table."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def path(self, number: int) -> str:
        """The file of the rows of a piece."""
        return os.path.join(self.folder, f"{number:07}.jsonl")

    def done(self, number: int) -> dict[str, Any] | None:
        """What was counted of a piece; None where it has not been answered as a whole."""
        found = self._read(os.path.join(self.folder, f"{number:07}.done"))
        if found is None:
            return None
        try:
            return found if _digest(self.path(number)) == found.get("digest") else None
        except OSError:
            return None

    def write(self, number: int, rows: Iterable[bytes], counted: dict[str, Any]) -> None:
        """Writes the rows of a piece, and then that they are all there; `counted` is what is counted when they are."""
        path = self.path(number)
        with open(f"{path}.part", "wb") as file:
            for row in rows:
                file.write(row)
        os.replace(f"{path}.part", path)
        counted["digest"] = _digest(path)
        self._write(f"{number:07}.done", counted)

    def remove(self) -> None:
        """Removes what was kept: files of the names that are given here, and the folder if nothing else is in it."""
        for name in sorted(os.listdir(self.folder)):
            stem = name.removesuffix(".part")
            if stem in (_PLAN, _LOCK) or (stem[:7].isdigit() and stem[7:] in (".jsonl", ".done")):
                os.unlink(os.path.join(self.folder, name))
        self.release()
        os.rmdir(self.folder)

    def _write(self, name: str, value: dict[str, Any]) -> None:
        path = os.path.join(self.folder, name)
        with open(f"{path}.part", "w", encoding="utf-8") as file:
            json.dump(value, file)
        os.replace(f"{path}.part", path)

    @staticmethod
    def _read(path: str) -> dict[str, Any] | None:
        try:
            with open(path, encoding="utf-8") as file:
                found = json.load(file)
        except (OSError, ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


def _digest(path: str) -> int:
    found = 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            found = zlib.crc32(block, found)
    return found


# ------------------------------------------------------------------------------------- what is counted
def nothing() -> dict[str, Any]:
    """What is counted before anything is."""
    return {"configs": 0, "verdicts": {}, "changed": 0, "rules": {}}


def count(counted: dict[str, Any], row: int, identity: str | None, told: dict[str, Any]) -> None:
    """Counts a row. Of each rule some configs are kept as examples."""
    counted["configs"] += 1
    verdicts = counted["verdicts"]
    verdicts[told["verdict"]] = verdicts.get(told["verdict"], 0) + 1
    counted["changed"] += bool(told.get("guest"))
    for rule in told["rules"]:
        of = counted["rules"].setdefault(rule, [0, [], None])
        of[0] += 1
        if len(of[1]) < _EXAMPLES:
            of[1].append(identity[:200] if identity is not None else str(row))
        if of[2] is None and rule == told["rule"]:
            of[2] = told["message"]


def add(all_: dict[str, Any], counted: dict[str, Any]) -> None:
    """Adds what was counted of the next piece."""
    all_["configs"] += counted["configs"]
    all_["changed"] += counted["changed"]
    for verdict, number in counted["verdicts"].items():
        all_["verdicts"][verdict] = all_["verdicts"].get(verdict, 0) + number
    for rule, (number, examples, message) in counted["rules"].items():
        of = all_["rules"].setdefault(rule, [0, [], None])
        of[0] += number
        of[1] = (of[1] + examples)[:_EXAMPLES]
        of[2] = of[2] if of[2] is not None else message
