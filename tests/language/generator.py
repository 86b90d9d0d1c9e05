"""Random rule texts from the grammar itself: every rule of it can come, with depth bounded and words made up.

The texts are sound syntax and mean nothing; they are for tools that read and write (parser, formatter).
"""

from __future__ import annotations

import random
from collections import defaultdict

from lark.grammar import NonTerminal, Rule, Terminal

from qrules.language.reader import parser

_WORDS = ("alpha", "b2", "gamma-3", "x", "PCI", "usb-bus", "d")
_STRINGS = ('"plain"', '"slot {d.x:02x} of {bus}"', '"a \\"quoted\\" word"', '"{{braces}}"', '""', '"pcie.0"', '"# no comment"')
_COMMENTS = ("", "", "", "  # why", " #tight", "      # far away")
_DEEPEST = 14


class Generator:
    """Texts from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.choices: dict[str, list[Rule]] = defaultdict(list)
        for rule in parser().rules:
            self.choices[rule.origin.name].append(rule)
        self.costs = self._costs()
        self.literals = {t.name: t.pattern.value for t in parser().terminals if t.pattern.type == "str"}

    def _costs(self) -> dict[str, int]:
        """How deep the shallowest text of each rule is: the way out when a text has grown deep enough."""
        costs = dict.fromkeys(self.choices, 10000)
        changed = True
        while changed:
            changed = False
            for name, rules in self.choices.items():
                best = min(self._cost(rule, costs) for rule in rules)
                if best < costs[name]:
                    costs[name], changed = best, True
        return costs

    @staticmethod
    def _cost(rule: Rule, costs: dict[str, int]) -> int:
        return 1 + max((costs[s.name] for s in rule.expansion if isinstance(s, NonTerminal)), default=0)

    def text(self) -> str:
        """A rule text of some statements."""
        statements = []
        for _ in range(self.random.randint(1, 5)):
            tokens: list[str] = []
            self._expand("statement", 0, tokens)
            statements.append(self._lines(tokens))
        return "\n".join(statements)

    def _expand(self, name: str, depth: int, out: list[str]) -> None:
        rules = self.choices[name]
        if depth > _DEEPEST:
            cheapest = min(self._cost(r, self.costs) for r in rules)
            rules = [r for r in rules if self._cost(r, self.costs) == cheapest]
        for symbol in self.random.choice(rules).expansion:
            if isinstance(symbol, Terminal):
                out.append(self._word(symbol.name))
            else:
                self._expand(symbol.name, depth + 1, out)

    def _word(self, terminal: str) -> str:
        made = {
            "NAME": self.random.choice(_WORDS),
            "STRING": self.random.choice(_STRINGS),
            "NUMBER": self.random.choice(("0", "7", "0x1f")),
            "VERSION": self.random.choice(("6.1", "4.0.1")),
            "NUMBERED": self.random.choice(("pcie.0", "pc-q35-10.0")),
            "SOURCE": "qemu:hw/pci/pci.c",
            "COMPARE": self.random.choice(("!=", "<", "<=", ">", ">=")),
            "_NL": "\n",
            "_INDENT": "\1",
            "_DEDENT": "\2",
        }
        return made.get(terminal) or self.literals[terminal]

    def _lines(self, tokens: list[str]) -> str:
        """Tokens as text: any spacing that the lexer takes, any step of indentation, comments here and there."""
        out, line, stack = [], [], [0]
        for token in tokens:
            if token == "\n":
                out.append(" " * stack[-1] + self._joined(line) + self.random.choice(_COMMENTS))
                if self.random.random() < 0.1:
                    out.append(self.random.choice(("", "   ", "# a remark", "      # a remark further in")))
                line = []
            elif token == "\1":
                stack.append(stack[-1] + self.random.choice((1, 2, 4)))
            elif token == "\2":
                stack.pop()
            else:
                line.append(token)
        return "\n".join(out) + "\n"

    def _joined(self, words: list[str]) -> str:
        text = ""
        for word in words:
            loose = self.random.random() < 0.2
            text += (" " * self.random.randint(1, 3) if loose or text else "") + word
        return text.lstrip()
