"""The command lines of a shell script: constants are filled in, and what only a running shell knows is told with its place.

``NAME=value``, lists (``ARGS=(...)``, ``ARGS+=(...)``), ``exec``, ``sudo`` and their like are read; nothing is run. What is set
under a condition or by a command is not known, and neither is what ``eval`` or a file that is read in may set.
"""

from __future__ import annotations

import re

from qrules.configs import assigning
from qrules.configs.commands import Command, Unread
from qrules.configs.expanding import Filled, Unknown, Value, Word, all_of, fill
from qrules.configs.options import WITHOUT_ARGUMENT
from qrules.configs.programs import runs_emulator
from qrules.configs.shell import Mark, Part, Token, tokens
from qrules.diagnostics import unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


MAX_CHARACTERS = 4 * 1024 * 1024  # of all words of a text, filled in
MAX_COMMANDS = 100_000  # of a text

_OPENS = {"if": "if", "while": "loop", "until": "loop", "for": "loop", "select": "loop", "case": "case", "{": "group"}
_CLOSES = {"fi": "if", "done": "loop", "esac": "case", "}": "group"}
_GOES_ON = ("then", "else", "elif", "do", "!", "time")
_MOST_UNREAD = 100  # of one command line are told each
_CONDITIONAL = ("if", "loop", "case")
_SCOPES = ("function", "subshell")
_EMULATOR_NAMED = re.compile(r"qemu|kvm", re.IGNORECASE)
_AS_IF_ALONE = ("command", "builtin")
_UNSEEN = ("eval", "source", ".")
_WRAPPERS = frozenset(
    (
        *("exec", "command", "env", "nohup", "setsid", "sudo", "doas", "runuser", "chroot", "unshare", "nsenter", "firejail"),
        *("time", "timeout", "nice", "ionice", "chrt", "taskset", "numactl", "prlimit", "cgexec", "stdbuf"),
        *("systemd-run", "systemd-inhibit", "screen", "tmux", "xvfb-run", "primusrun", "optirun"),
        *("strace", "ltrace", "gdb", "valgrind", "perf", "rr"),
    )
)


def commands(text: str, name: str, shown: str | None = None) -> list[Command]:
    """All commands of a text that run an emulator, and those that are options alone. `name` stands for the text in messages.

    `shown` is the text as its author has it, with every character where `text` has it, if that is another.

    Raises `Unusable`: QR435 for a quote that is never closed, QR448 where constants make a command line longer than any is,
    or there are more commands than anybody writes.
    """
    script = _Script(text, name, text if shown is None else shown)
    script.read()
    return script.found


class _Script:
    """A text, read command after command."""

    def __init__(self, text: str, name: str, shown: str) -> None:
        self.text, self.name, self.shown = text, name, shown
        self.found: list[Command] = []
        self.values: dict[str, Value | Unknown] = {}
        self.clouded: Unknown | None = None  # by what may have set any variable
        self.blocks: list[tuple[str, set[str]]] = []  # what they are, and the variables that are set in them
        self.within = {"condition": 0, "function": 0}  # how many of them the command stands in
        self.altered: dict[str, Unknown] = {}  # names that don't get what is written
        self.in_functions: dict[str, list[int]] = {}  # by name: commands that may run when it has another value by then
        self.written = self.commands = 0
        self.behind = False  # whether the command comes behind && or ||, or in a pipe
        self.function_begins = False

    def read(self) -> None:
        """Finds all commands."""
        words: list[Token] = []
        last = Mark("\n", 0)
        for token in tokens(self.text, self.name):
            if isinstance(token, Token):
                words.append(token)
                continue
            if token.text == "(" and last.text == "(" and token.at == last.at + 1 and not words:
                self._arithmetic(token.at + 1)
            named = words[-1:] and words[-1].plain and (len(words) == 1 or words[-2].plain == "function")
            if token.text == "(" and named:
                words, self.function_begins = [], True
            elif not (token.text == ")" and self.function_begins and not words and last.text == "("):
                self._end(words, token.text)
                words = []
            last = token
        self._end(words, "\n")

    def _end(self, words: list[Token], mark: str) -> None:
        """A command, and what follows it."""
        if words:
            self.commands += 1
            if self.commands > MAX_COMMANDS:
                limit = f"this text has more than {MAX_COMMANDS:,} commands"
                raise unusable("QR448", limit, self.name, expected="a QEMU command line")
            self._command(self._keywords(words), apart=mark in ("|", "|&", "&"))
        if mark == "(":
            self._open("subshell")
        elif mark == ")" and self.blocks and self.blocks[-1][0] == "subshell":
            self._close()
        self.behind = mark in ("&&", "||", "|", "|&") or (self.behind and mark == "\n" and not words)

    # --------------------------------------------------------------------------------- blocks
    def _open(self, kind: str) -> None:
        self.blocks.append((kind, set()))
        self._count(kind, 1)

    def _close(self) -> None:
        """What was set in a function or a subshell is not known behind it."""
        kind, names = self.blocks.pop()
        self._count(kind, -1)
        if kind in _SCOPES:
            for name in names:
                if (value := self.values.get(name)) is not None:
                    self.values[name] = Unknown(f"a {kind} sets it", value.at)
        if self.blocks:
            around, before = self.blocks[-1]
            more, fewer = (before, names) if len(before) > len(names) else (names, before)
            more |= fewer
            self.blocks[-1] = (around, more)

    def _count(self, kind: str, by: int) -> None:
        if kind in _CONDITIONAL:
            self.within["condition"] += by
        elif kind == "function":
            self.within["function"] += by

    def _keywords(self, words: list[Token]) -> list[Token]:
        """The words behind those that open and close blocks."""
        at = 0
        while at < len(words):
            first = words[at].plain
            if first in _OPENS:
                self._open("function" if first == "{" and self.function_begins else _OPENS[first])
                self.function_begins = False
                if first in ("for", "select") and len(words) > at + 1:
                    self._set(words[at + 1].plain, Unknown("it takes one value after another", words[at + 1].at))
                if first in ("for", "select", "case"):
                    return []
            elif first == "function" and len(words) > at + 1:
                self.function_begins = True
                at += 1
            elif first in _CLOSES:
                if self.blocks and self.blocks[-1][0] in (_CLOSES[first], "function" if first == "}" else ""):
                    self._close()
            elif first not in _GOES_ON:
                break
            at += 1
        return words[at:]

    # --------------------------------------------------------------------------------- variables
    def _set(self, name: str, value: Value | Unknown) -> None:
        if not self.within["function"]:
            for number in self.in_functions.pop(name, ()):
                command = self.found[number]
                anew = Unknown("it is set anew behind the function that uses it", value.at, f"${name}")
                unread = self._unread(anew, len(command.words) - 1)
                self.found[number] = command._replace(unread=(*command.unread, unread))
        self.values[name] = self.altered.get(name, value)
        if self.blocks:
            self.blocks[-1][1].add(name)

    def _arithmetic(self, at: int) -> None:
        """What stands in ``((...))`` may set all that it names."""
        for name in assigning.names_of_arithmetic(self.text, at):
            if name in self.values:
                self._set(name, Unknown("it is worked out by the shell", at))

    def _assign(self, token: Token, match: re.Match[str], apart: bool) -> None:
        name = match[1]
        if match.re is assigning.MEMBER or any(assigning.is_member(member) for member in token.members or ()):
            self._set(name, Unknown("its members are set one by one", token.at))
            return
        adds = match[2] == "+"
        if apart or self.behind or self.within["condition"]:
            self._set(name, Unknown("it is set under a condition", token.at))
            return
        filled = self._filled_value(token, match.end())
        old = self.values.get(name, Value((), token.at, token.at, ())) if adds else None
        if isinstance(old, Unknown):
            self._set(name, old)
        elif filled.unknown:
            self._set(name, Unknown(filled.unknown[0].why, token.at))
        else:
            words = tuple(word.text for word in filled.words)
            if old is not None and token.members is None:
                words = ("".join((*old.words[:1], *words)), *old.words[1:])
            elif old is not None:
                words = (*old.words, *words)
            self._bounded(sum(map(len, words)) + len(words))
            made_of = (*filled.made_of, *((old,) if old is not None and old.words else ()))
            self._set(name, Value(words, token.at, token.end, made_of))

    def _filled_value(self, token: Token, start: int) -> Filled:
        """The value of an assignment: nothing splits it."""
        if token.members is not None:
            return self._fill(token.members)
        first = token.parts[0]
        rest = first._replace(text=first.text[start:], at=first.at + start)
        parts = tuple(
            part._replace(quoted=True, kind="joined" if part.kind == "all" else part.kind) for part in (rest, *token.parts[1:])
        )
        return self._fill((Token(parts, token.at, token.end),))

    def value(self, part: Part) -> Value | Unknown:
        """What a variable stands for here."""
        value = self.values.get(part.text) or self.clouded
        if value is None:
            return Unknown("nothing in this text sets it", part.at)
        if isinstance(value, Value) and not part.quoted and "IFS" in self.values:
            return Unknown("IFS is set, which decides how it is split", part.at)
        return value

    def _fill(self, written: Sequence[Token]) -> Filled:
        filled = Filled([], [], [])
        for token in written:
            fill(token, filled, self.value, self.shown)
        self._bounded(sum(len(word.text) for word in filled.words) + len(filled.words))
        return filled

    def _bounded(self, more: int) -> None:
        self.written += more
        if self.written > MAX_CHARACTERS:
            limit = f"filled in, the words of this text have more than {MAX_CHARACTERS:,} characters"
            raise unusable("QR448", limit, self.name, expected="a QEMU command line")

    # --------------------------------------------------------------------------------- commands
    def _command(self, words: list[Token], apart: bool) -> None:
        given = [match for match in map(assigning.assigns, words) if match is not None]
        if len(given) == len(words):
            for word, match in zip(words, given, strict=True):
                self._assign(word, match, apart)
            return
        words = words[next(at for at, word in enumerate(words) if assigning.assigns(word) is None) :]
        at = next((at for at, word in enumerate(words) if word.plain not in _AS_IF_ALONE), 0)
        first = (words[at].plain or self._peek(words[at])).rsplit("/", 1)[-1]
        if first in assigning.DECLARING:
            self._declares(first, words[at + 1 :], apart)
        elif first in assigning.READING:
            for word in words[at + 1 :]:
                for name in assigning.names(word, first):
                    self._set(name, Unknown(f"'{first}' sets it", word.at))
        elif first in _UNSEEN:
            self.values.clear()
            self.clouded = Unknown(f"'{first}' may set it", words[at].at)
        elif (begin := self._begin(words)) is not None:
            self._emulator(words[begin:])

    def _declares(self, how: str, words: list[Token], apart: bool) -> None:
        alters = assigning.alters(words)
        for word in words:
            told = assigning.assigns(word)
            name = told[1] if told is not None else word.plain
            if alters and name.isidentifier():
                self.altered[name] = Unknown(f"'{how}' alters what it stands for", word.at)
                self._set(name, self.altered[name])
            elif told is not None:
                self._assign(word, told, apart)

    def _begin(self, words: list[Token]) -> int | None:
        """Which word is the program; None where no emulator runs."""
        before = ""
        for number, word in enumerate(words):
            filled = word.plain or self._peek(word)
            if runs_emulator(filled) or (filled.startswith("$") and _EMULATOR_NAMED.search(filled)):
                return number
            if number == 0 and filled.startswith("-"):
                return 0
            wraps = filled.rsplit("/", 1)[-1] in _WRAPPERS or (number > 0 and (_argument(filled) or before.startswith("-")))
            if not wraps:
                return None
            before = filled
        return None

    def _peek(self, token: Token) -> str:
        """The first word that a token becomes; what is not known stays as written."""
        filled = self._fill((token,))
        return filled.words[0].text if filled.words else ""

    def _emulator(self, words: list[Token]) -> None:
        filled: list[Word] = []
        unread: list[Unread] = []
        made_of: list[Value] = []
        for token in words:
            found = self._fill((token,))
            made_of += found.made_of
            whole = bool(found.unknown) and len(found.words) == 1 and all(map(assigning.any_number, token.parts))
            takes = bool(filled) and filled[-1].text.startswith("-") and filled[-1].text.lstrip("-") not in WITHOUT_ARGUMENT
            if not whole or takes or not filled:
                filled += found.words
            unread += [self._unread(u, len(filled) - 1) for u in found.unknown[: _MOST_UNREAD + 1 - len(unread)]]
        if len(unread) > _MOST_UNREAD:
            unread[-1] = unread[-1]._replace(why=f"{unread[-1].why} (and more behind it)")
        self.found.append(Command(tuple(filled), self.shown, tuple(unread), all_of(made_of)))
        if self.within["function"]:
            for name in {part.text for token in words for part in token.parts if part.kind != "text"}:
                self.in_functions.setdefault(name, []).append(len(self.found) - 1)

    def _unread(self, unknown: Unknown, argument: int) -> Unread:
        return Unread(f"{unknown.written} is not known here: {unknown.why}", unknown.at, argument)


def _argument(word: str) -> bool:
    """Whether a word between ``sudo`` and its like and the program can't be a program itself."""
    return word.startswith(("-", "/")) or word[:1].isdigit() or assigning.ASSIGNMENT.match(word) is not None
