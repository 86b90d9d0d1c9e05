"""``upgrade``: what becomes of VMs' command lines on another QEMU version, one by one, and how many of them are what."""

from __future__ import annotations

from collections import Counter

from qrules.cli import common, status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.cli.form import Arguments, Form
    from qrules.cli.results import Config
    from qrules.conversion.upgrading import Upgraded
    from qrules.plugging.board import Board

_EPILOG = """examples:
  qrules upgrade --from 7.2 --to 10.0 vms/
  qrules upgrade --from 10.0 -- qemu-system-x86_64 -M q35 -device e1000
  qrules upgrade --from 10.0 --to 10.0 --machine MACHINE vms/"""
_STATUSES = {"starts": 0, "starts-changed": 1, "does-not-start": 1, "did-not-start": 1, "unknown": 3}


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules upgrade [options] --from VERSION [--to VERSION] [FILE|FOLDER... | - | -- qemu-system-ARCH ARGS...]"
    sub.epilog = _EPILOG
    sub.add_argument("--from", dest="old", required=True, metavar="VERSION", help="the QEMU version that the configs are for")
    sub.add_argument("--to", dest="new", metavar="VERSION", help="the QEMU version that is to run them (the newest one shipped)")
    sub.add_argument(
        "paths",
        metavar="FILE",
        nargs="*",
        help="a file with command lines as a shell takes them; - for standard input; of a folder all files that have some",
    )
    named = sub.add_argument(
        "--machine", metavar="MACHINE", default="", help="the machine that they are to be there (what they say)"
    )
    common.complete(named, "machines")
    common.add_profile(sub)
    status.add(sub)
    common.add_libvirt(sub)
    common.add_choice(sub, at_hand=False)
    sub.set_defaults(run=_upgrade, strict=False, repairs=False, rest=None, format=None, at_hand=None)


class _Boards:
    """The machines of both versions, by architecture."""

    def __init__(self, args: Arguments) -> None:
        self._args, self._store = args, common.store(args)
        self._boards: dict[tuple[str, str | None], Board] = {}

    def both(self, arch: str | None) -> tuple[Board, Board]:
        """The old and the new ones. Raises `Unusable` (QR420, QR421)."""
        wanted = self._args.arch or arch
        return self._board(self._args.old, wanted), self._board(self._args.new, wanted)

    def _board(self, version: str | None, arch: str | None) -> Board:
        from qrules.plans.planner import MachinePlans
        from qrules.plugging.board import Board

        entry = self._store.resolve(version, arch)
        if tuple(entry) not in self._boards:
            self._boards[entry.version, entry.arch] = Board(self._store.knowledge(entry), MachinePlans)
        return self._boards[entry.version, entry.arch]

    def known(self, board: Board) -> list[Any]:
        """What is known of all versions of an architecture, the oldest first."""
        return [self._store.knowledge(t) for t in self._store.targets() if t.arch == board.knowledge.arch]


def _command_line(args: Arguments, config: Config) -> Config:
    """A config as a command line: of a domain that which libvirt writes."""
    if config.document is None:
        return config
    from qrules.cli import domains

    args.qemu = args.old  # whose machines it names
    return config._replace(words=domains.words(args, config.document))


def _upgrade(args: Arguments) -> int:
    """Status 0 where all start as they are written, 1 where one does not, 3 where that is unknown."""
    from qrules.cli import checking
    from qrules.diagnostics import Unusable
    from qrules.report import json, upgrading

    args.file = args.paths[0] if args.paths else None
    boards, counted = _Boards(args), Counter[str]()
    entries: list[dict[str, Any]] = []
    statuses = []
    for config in checking.configs(args):
        try:
            if config.problems:
                raise Unusable(config.problems)
            answer = _one(args, boards, _command_line(args, config))
        except Unusable as error:
            counted["unreadable"] += 1
            statuses.append(status.UNUSABLE)
            _complain(args, config, error, entries)
            continue
        counted[answer.will] += 1
        statuses.append(_STATUSES[answer.will])
        xml = _as_xml(args, config, answer)
        if args.json:
            own = {} if config.document is None else {"xml": xml or None}
            entries.append({"file": config.place.file or None, **upgrading.as_json(answer), **own})
        else:
            common.show(_named(config, upgrading.text(answer, common.style(args)) + _changes(args, config, xml)))
    if args.json:
        common.show(json.dumps({"schema": json.SCHEMA, "configs": entries, "counts": dict(counted)}))
    elif sum(counted.values()) != 1:
        common.show(upgrading.summary(counted))
    return status.worst(statuses)


def _as_xml(args: Arguments, config: Config, answer: Upgraded) -> str:
    """A domain with the machine that it has on the new version, where it starts there; empty where nothing is to change."""
    if config.document is None or answer.will != "starts-changed":
        return ""
    from qrules.domains.converting import converted
    from qrules.domains.whole import Domains

    new = Domains(None, common.store(args), answer.new)
    return converted(new, config.document, answer.machines[1], tuple(args.profile)).xml


def _changes(args: Arguments, config: Config, xml: str) -> str:
    """The same as a change of the author's XML, which was asked as a whole."""
    if config.document is None or not xml:
        return ""
    from qrules.report import domains
    from qrules.visible import BREAK

    style, where = common.style(args), config.document.where
    lines = domains.changes(config.document.text, xml, style, (where, f"{where} upgraded"))
    return BREAK.join(["", "", style("the same as a change of the XML (asked as a whole)", "bold"), *lines])


def _one(args: Arguments, boards: _Boards, config: Config) -> Upgraded:
    from qrules.configs import argv
    from qrules.conversion.upgrading import upgrade
    from qrules.machine.budget import Question

    old, new = boards.both(argv.architecture(config.words))
    argv.known_profiles(args.profile, old.knowledge)
    with Question():
        return upgrade(old, new, config.words, tuple(args.profile), boards.known(old), config.files, args.machine)


def _named(config: Config, text: str) -> str:
    from qrules.visible import BREAK

    return f"{config.name}: {text}{BREAK}" if config.place.file else text


def _complain(args: Arguments, config: Config, error: Any, entries: list[dict[str, Any]]) -> None:
    """Tells what is wrong with one of several, or of one alone: the others are looked at all the same."""
    import sys

    from qrules.report import diagnostics
    from qrules.report.style import wants_colour
    from qrules.visible import BREAK

    if args.json:
        entries.append(
            {"file": config.place.file or None, "will": "unreadable", "problems": [d.message for d in error.diagnostics]}
        )
    else:
        sys.stderr.write(diagnostics.render(error.diagnostics, wants_colour(sys.stderr)) + BREAK)
