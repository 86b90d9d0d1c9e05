"""``rules new``: a start for a site's own rules, which passes ``rules lint`` and ``rules test`` as it is."""

from __future__ import annotations

import os

from qrules.cli import common
from qrules.diagnostics import unusable
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form

_FILES = ("site.qr", "tests.qr")


def configure(sub: Form) -> None:
    """Adds the arguments."""
    sub.add_argument("folder", metavar="FOLDER", help="a new folder, or one without rule files")
    sub.set_defaults(run=_new)


def _new(args: Arguments) -> int:
    """Status 0 where the files are written. Raises `Unusable` (QR509) where there are such already."""
    from qrules.cli.writing import write_whole
    from qrules.paths import data

    begin = os.path.join(data("rules"), "rule-sets", "beginning")
    if os.path.isdir(args.folder) and any(name.endswith(".qr") for name in os.listdir(args.folder)):
        raise unusable("QR509", "there are rule files in it already, so nothing is written", args.folder, expected="a new folder")
    os.makedirs(args.folder, exist_ok=True)
    for name in _FILES:
        with open(os.path.join(begin, name), encoding="utf-8") as file:
            write_whole(os.path.join(args.folder, name), file.read())
    lines = [f"{os.path.join(args.folder, name)}: written" for name in _FILES]
    lines += [f"qrules rules test {args.folder}", f"qrules check --rules {args.folder} FILE"]
    common.show(BREAK.join([*lines[:2], "go on with", *("  " + line for line in lines[2:])]))
    return 0
