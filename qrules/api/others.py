"""What is about no config: messages of the emulator, rule files, real binaries, schemas."""

from __future__ import annotations

from qrules.api import given
from qrules.rulesets.store import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from qrules.explain.messages import Explained
    from qrules.qemu.trials import Scope
    from qrules.qemu.verify import Checked
    from qrules.rule_tests.run import RuleTest
    from qrules.rulesets.lint import Finding


def explain(message: str, *, arch: str | None = None, qemu: str | None = None, rules: str | None = None) -> list[Explained]:
    """What a message of the emulator means, and what to do: the rules that say each of its lines, the likeliest first."""
    from qrules.explain.messages import Phrases, explain

    if not isinstance(message, str):
        raise TypeError(f"message is a text, not {type(message).__name__}")
    knowledge = given.boards(rules, arch, qemu).knowledge
    return explain(iter([Phrases(knowledge)]), message)


def lint_rules(folder: str | None = None) -> list[Finding]:
    """What compiling a rule folder (None: the shipped rules) finds, its loose ends, and what decides or means nothing in it.

    Raises `Unusable`.
    """
    from pathlib import Path

    from qrules.linting.judging import lint

    return list(lint(Path(folder) if folder is not None else None).findings)


def run_rule_tests(folder: str | None = None, only: str = "") -> list[RuleTest]:
    """The tests beside the rules, those whose title or file has `only` in it. Raises `Unusable` where the rules can't be used."""
    from pathlib import Path

    from qrules.rule_tests.run import run_tests

    return run_tests(Path(folder) if folder is not None else None, only)


def format_rules(text: str, name: str = "rules.qr") -> str:
    """The text of a rule file in the one style. Raises `Unusable` where it is none."""
    from qrules.language.formatter import formatted

    return formatted(text, name)


def harvest(binary: str) -> str:
    """The catalogue of a QEMU binary, which is started for it. Raises `qrules.qemu.errors.QemuError`."""
    from qrules.qemu.harvesting import harvest

    return harvest(binary)


def verify(binary: str, scope: Scope | None = None, *, qemu: str | None = None, rules: str | None = None) -> Iterator[Checked]:
    """Starts a QEMU binary again and again and compares what the rules say: each start with its differences.

    Raises `qrules.qemu.errors.QemuError`, and `Unusable` where no catalogue is of its version (QR420, QR421).
    """
    from qrules.configs.argv import architecture
    from qrules.qemu import process
    from qrules.qemu.trials import Scope
    from qrules.qemu.verify import verify

    store = open_store(rules)
    entry = store.resolve(qemu or process.version(binary), architecture([binary]))
    return verify(binary, store.knowledge(entry), scope or Scope())


def schema(verb: str) -> dict[str, Any]:
    """The JSON Schema of what a verb prints with ``--json``, and of what ``to_dict()`` gives. Raises `ValueError` for no verb."""
    from qrules.report.schema import schema
    from qrules.report.shapes_verbs import TABLE

    if verb not in TABLE:
        raise ValueError(f"'{verb}' prints no JSON; one of {', '.join(TABLE)} does")
    return schema(verb)


def to_dict(answer: Any, argv: list[str] | None = None) -> dict[str, Any]:
    """An answer as ``--json`` prints it; of a placed config `argv` is the command line that was asked about.

    Raises `TypeError` for what is no answer.
    """
    from qrules.records import as_dict

    return as_dict(answer) if argv is None else as_dict(answer, argv)
