"""Notes: where a clause or rule stands, why it holds, by which source, and in which words it refuses."""

from __future__ import annotations

from dataclasses import dataclass, field

from qrules.diagnostics import Span
from qrules.knowledge.forms import Json
from qrules.knowledge.phrases import Texts, phrases
from qrules.knowledge.resolve import Resolver
from qrules.knowledge.scopes import Scope
from qrules.language.tree import Notes


@dataclass(slots=True)
class NoteBook:
    """All notes of a target's rules: ``[file, line, name, profile, because, see, {occasion: words}, instead, repairs]``; a
    repair is ``[action, name, value, on, when]``."""

    resolver: Resolver
    files: dict[str, int] = field(default_factory=dict)
    entries: list[Json] = field(default_factory=list)
    texts: Texts = field(default_factory=dict)  # of attributes
    phrases: dict[int, Json] = field(default_factory=dict)  # the same sentences as patterns, for messages to be found in

    def add(self, span: Span, notes: Notes, scope: Scope, name: str = "", profile: str = "") -> int:
        """Writes a note down and gives its number. `name` is what answers call the rule, `profile` whose rule it is."""
        file = self.files.setdefault(span.file, len(self.files))
        words = {occasion: self.resolver(template, scope) for occasion, template in notes.words}
        self.entries.append(
            [
                file,
                span.line,
                name,
                profile,
                self.resolver(notes.because, scope),
                [list(s) for s in notes.see],
                words,
                self.resolver(notes.instead, scope),
                [
                    [step.action, step.name, *(self.resolver(e, scope) for e in (step.value, step.on, step.when))]
                    for step in notes.repairs
                ],
            ]
        )
        if notes.words or notes.because is not None:
            self.phrases[len(self.entries) - 1] = phrases(notes, self.texts)
        return len(self.entries) - 1
