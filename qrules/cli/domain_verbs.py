"""Verbs that make another domain of one: for another machine, on another emulator. They answer with changes of its XML."""

from __future__ import annotations

import sys

from qrules.cli import common, status
from qrules.cli.domains import domains_of, tell
from qrules.diagnostics import unusable
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments
    from qrules.configs.xml_tree import Document
    from qrules.domains.converting import ConvertedDomain


def convert(args: Arguments, document: Document) -> int:
    """A domain for another machine: the document, or with --diff what changes in it."""
    from qrules.domains.converting import converted

    for option in ("keep", "without"):
        if getattr(args, option):
            expected = "a domain without it: take its element out"
            raise unusable("QR442", "of a domain all devices come along", f"--{option}", expected=expected)
    machine, _, options = args.to.partition(",")
    if options:
        raise unusable("QR442", f"'{options}' are options, and a domain names a machine alone", args.to, expected="--to MACHINE")
    return _told(args, document, converted(domains_of(args), document, machine, tuple(args.profile)))


def _told(args: Arguments, document: Document, found: ConvertedDomain) -> int:
    from qrules.report import domains

    if args.json:
        from qrules.report import domains_json, json

        common.show(json.dumps(domains_json.converted(found)))
    elif not found.xml:
        tell(args, found.answer)
    elif args.diff:
        common.show(domains.conversion(document, found, common.style(args)))
    else:
        common.show(BREAK.join(found.xml.rstrip("\n").split("\n")))
        for told in found.mended:
            sys.stderr.write(f"qrules: besides the machine this changes: {told}{BREAK}")
    return status.ACCEPTED if found.xml else status.of_verdict(found.answer.verdict, False)
