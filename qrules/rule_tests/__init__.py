"""Runs the ``test`` blocks of a rule set.

    >>> from qrules.rule_tests import run_tests
    >>> [t for t in run_tests(Path("my-rules")) if not t.passed]

Tests stand beside the rules that they show and are read from the text; no compiled piece has them.
Doors: `run` asks the rules, `binary` an emulator, with the words of `command_line`.
"""

from qrules.rule_tests.run import Failure, RuleTest, run_tests

__all__ = ["Failure", "RuleTest", "run_tests"]
