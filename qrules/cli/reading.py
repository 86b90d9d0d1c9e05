"""The config that a verb is asked about: a file, standard input, or the words behind two dashes."""

from __future__ import annotations

import os

from qrules.cli.inputs import MAX_BYTES as MAX_BYTES
from qrules.cli.inputs import decoded as decoded
from qrules.cli.inputs import raw as raw
from qrules.cli.inputs import text as text
from qrules.configs.files import Files
from qrules.configs.programs import check_program
from qrules.diagnostics import Span, unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments
    from qrules.configs.commands import Command, Unread
    from qrules.configs.pasted import Pasted
    from qrules.configs.spelling import Spelling
    from qrules.configs.xml_tree import Document
    from qrules.machine.request import NotKnown

_NOT_LOOKED_AT = "so what it adds was not looked at"


def words_of(args: Arguments) -> list[str]:
    """The command line that is meant: that of a file, or what stands behind the two dashes.

    Raises `Unusable`: QR430 for both at once, QR431 for neither, QR432 to QR436 for a file that can't be read, QR446 for one
    with several command lines, QR447 where not all of it is known.
    """
    document = domain(args)
    if document is not None:
        return words_of_domain(args, document)
    found = pasted(args)
    if found is None:
        check_program(args.raw)
        return list(args.raw)
    first = found.commands[0]
    if len(found.commands) > 1:
        lines = ", ".join(str(c.line_and_column[0]) for c in found.commands)
        message = f"there are {len(found.commands)} command lines in it (in the lines {lines})"
        raise unusable("QR446", message, name_of(args), expected="one of them; qrules check reads them all")
    if first.unread:
        raise _not_known(first, name_of(args))
    if found.options is not None:
        from qrules.configs.converting import written_out

        return written_out(first.argv, files_of(args, found))
    return first.argv


def words_of_domain(args: Arguments, document: Document) -> list[str]:
    """The command line of a domain that was read. Raises `Unusable` (QR476)."""
    from qrules.cli import domains

    return domains.words(args, document)


def program_of(words: list[str]) -> str:
    """The program that a command line runs. Raises `Unusable` (QR459) where it names none, or none that is here."""
    from qrules.qemu.at_hand import program

    named = words[0] if words and not words[0].startswith("-") else None
    found = program(named) if named is not None else None
    if found is None:
        message = f"there is no program '{named}' here" if named is not None else "the command line names no program"
        raise unusable("QR459", message, "--binary auto", expected="a command line with a QEMU that is here, or --binary PATH")
    return found


def spelling_of(args: Arguments) -> Spelling:
    """How the words of that command line are written by their author: as they are, where no file was read."""
    from qrules.configs.spelling import Spelling

    found = pasted(args)
    return Spelling(found.commands[0] if found is not None and found.options is None else None)


def pasted(args: Arguments) -> Pasted | None:
    """The command lines of a file, or of one word with blanks in it; None where the words stand alone. Raises as `words_of`."""
    if not hasattr(args, "pasted"):
        args.pasted = _pasted(args)
    found: Pasted | None = args.pasted
    return found


def domain(args: Arguments) -> Document | None:
    """The domain that is asked about, where the file is one of XML; None where it is anything else, or none.

    Raises `Unusable`: QR432 to QR434 for a file that can't be read, QR470 to QR474 for XML that can't.
    """
    if args.raw is not None or args.file is None or hasattr(args, "kept"):  # what was read once is read no more: it may be a pipe
        return None
    from qrules.configs.xml_domain import looks_like, read_domain

    given = raw(args.file)
    if looks_like(given):
        return read_domain(given, name_of(args))
    args.kept = given
    return None


def _pasted(args: Arguments) -> Pasted | None:
    if args.raw is not None and args.file is not None:
        raise unusable("QR430", "a file and a command line at once", args.file, expected="one of them")
    if args.raw is not None and (len(args.raw) != 1 or not any(c.isspace() for c in args.raw[0])):
        return None
    if args.raw is None and args.file is None:
        raise unusable(
            "QR431",
            "nothing to look at",
            args.verb_name,
            expected=f"qrules {args.verb_name} FILE, or -- qemu-system-x86_64 ARGS...",
        )
    from qrules.configs import pasted

    return pasted.pasted(_text(args), name_of(args))


def _text(args: Arguments) -> str:
    if args.raw is not None:
        return str(args.raw[0])
    kept: bytes | None = getattr(args, "kept", None)
    return text(args.file) if kept is None else decoded(kept, args.file)


def several(args: Arguments) -> bool:
    """Whether more than one file, or a folder, is asked about."""
    return args.raw is None and (len(args.paths) > 1 or (len(args.paths) == 1 and os.path.isdir(args.paths[0])))


def name_of(args: Arguments) -> str:
    """What messages call the text."""
    return "the command line" if args.raw is not None else "standard input" if args.file == "-" else str(args.file)


def files_of(args: Arguments, found: Pasted | None) -> Files:
    """Reads the files that a config names; the text itself is at hand where it is one of options."""
    return Files({} if found is None or found.options is None else {name_of(args): found.options})


def not_known(command: Command, name: str) -> list[NotKnown]:
    """What of a command line was not looked at, since only a running shell knows it."""
    from qrules.machine.request import NotKnown, Where

    found: list[NotKnown] = []
    for unread in command.unread:
        word = command.words[unread.argument] if 0 <= unread.argument < len(command.words) else None
        inside = word is not None and word.at <= unread.at < word.end
        where = Where(unread.argument, 0, len(word.text)) if word is not None and inside else None
        found.append(NotKnown(_told(command, unread, name), where))
    return found


def _told(command: Command, unread: Unread, name: str) -> str:
    line, column = command.line_and_column_at(unread.at)
    return f"{name}:{line}:{column}: {unread.why}, {_NOT_LOOKED_AT}"


def _not_known(command: Command, name: str) -> Exception:
    """One message for the first of all that is not known."""
    unread = command.unread[0]
    more = f" ({len(command.unread) - 1} more like it)" if len(command.unread) > 1 else ""
    return unusable(
        "QR447",
        f"{unread.why}{more}",
        Span(name, *command.line_and_column_at(unread.at)),
        expected="a command line with all its values; what a running emulator got stands in /proc/PID/cmdline",
    )
