"""``explain``: what a message of the emulator, a rule or a code of ours means, and what to do."""

from __future__ import annotations

import re
from collections import Counter

from qrules.cli import common, status
from qrules.diagnostics import unusable
from qrules.explain.messages import Explained, Phrases, explain
from qrules.rulesets.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from qrules.cli.form import Arguments, Form

_CODE = re.compile(r"QR\d{3}")
_ARCH = re.compile(r"qemu-system-(\w+)")
_DOMAINS = "libvirt"  # the rule set whose messages are those of libvirt
_LIBVIRTS = re.compile(
    r"XML error:|unsupported configuration:|internal error:|[Oo]peration (?:is )?not |virsh|Failed to (?:define|start|attach)"
)
_MOST_BYTES = 1024 * 1024


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules explain [options] CODE | RULE | MESSAGE... | -"
    sub.add_argument(
        "words",
        metavar="MESSAGE",
        nargs="+",
        help="what QEMU said, pasted as it stands (- reads it from standard input); or a code of qrules, or a rule's name",
    )
    status.add(sub)
    common.add_libvirt(sub)
    common.add_choice(sub)
    sub.set_defaults(run=_explain)


def _explain(args: Arguments) -> int:
    """Status 0 where something is known of the words, 3 where not."""
    text = _text(args.words)
    if _CODE.fullmatch(text.strip()):
        return _code(text.strip(), args)
    opened = common.store(args)
    found = _rule(opened, args, text.strip()) or explain(_sets(opened, args, text), text)
    if args.json:
        from qrules.report import json

        common.show(json.dumps(json.explained(found)))
    else:
        from qrules.report import messages

        common.show(messages.explained(found, common.style(args)))
    return status.ACCEPTED if any(e.meanings for e in found) else status.UNKNOWN


def _text(words: list[str]) -> str:
    if words == ["-"]:
        return common.standard_input().read(_MOST_BYTES).decode("utf-8", "replace")
    return " ".join(words)


def _sets(opened: Store, args: Arguments, text: str) -> Iterator[Phrases]:
    """The sentences of the architecture that is meant; where nothing says which, of all, the usual one first."""
    told = _ARCH.search(text)
    listed = opened.targets()
    arch = args.arch or (told[1] if told is not None and any(t.arch == told[1] for t in listed) else None)
    first = opened.resolve(args.qemu, arch)
    theirs = _LIBVIRTS.search(text) is not None
    if theirs:
        yield from _of_libvirt(args)
    yield Phrases(opened.knowledge(first))
    if args.arch is None:
        for other in _others(opened, first.arch):
            yield Phrases(opened.knowledge(opened.resolve(None, other)))
    if not theirs:
        yield from _of_libvirt(args)


def _others(opened: Store, first: str) -> Iterator[str]:
    """Further architectures whose sentences are looked through: those that are known in several versions, as most VMs have.

    A wheel brings the others as text, to be compiled by the first who asks about one (--arch).
    """
    versions = Counter(target.arch for target in opened.targets())
    most = max(versions.values())
    yield from (arch for arch, count in versions.items() if arch != first and (count > 1 or most == 1))


def _of_libvirt(args: Arguments) -> Iterator[Phrases]:
    """The sentences of libvirt."""
    if args.rules is None:
        from qrules.rulesets.store import open_store

        documents = open_store(_DOMAINS)
        yield Phrases(documents.knowledge(documents.resolve(args.libvirt, None)))


def _rule(opened: Store, args: Arguments, name: str) -> list[Explained]:
    """A rule that is asked for by its name."""
    if not re.fullmatch(r"[\w-]+", name):
        return []
    meanings = Phrases(opened.knowledge(common.entry(args, opened))).named(name)
    return [Explained(name, "", tuple(meanings), ())] if meanings else []


def _code(code: str, args: Arguments) -> int:
    from qrules.explain.codes import CODES

    if code not in CODES:
        raise unusable("QR439", f"there is no code {code}", code, expected=f"one of {min(CODES)} to {max(CODES)}")
    what, hint = CODES[code]
    if args.json:
        from qrules.report import json

        common.show(json.dumps({"schema": json.SCHEMA, "code": code, "means": what, "instead": hint or None}))
    else:
        from qrules.report import messages

        common.show(messages.code(code, what, hint, common.style(args)))
    return 0
