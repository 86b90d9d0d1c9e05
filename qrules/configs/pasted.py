"""What people paste: told apart by its form, and its command lines found; what has none is named, with the way to one."""

from __future__ import annotations

import re

from qrules.configs import ini
from qrules.configs.commands import Command
from qrules.configs.expanding import Word
from qrules.configs.programs import runs_emulator
from qrules.configs.script import commands
from qrules.diagnostics import unusable
from qrules.records import NamedTuple

_SECTION = re.compile(r"^[ \t]*\[([^\]\n]+)\][ \t]*\r?$", re.MULTILINE)
_STARTS = re.compile(r"^[0-9-]{10}[ T][0-9:.]+[+Z][0-9:]*: starting up libvirt", re.MULTILINE)
_RUNS = re.compile(r"^[ \t]*ExecStart[ \t]*=[ \t]*[-@:+!|]*", re.MULTILINE)
_SETS = re.compile(r"^[ \t]*Environment[ \t]*=[ \t]*", re.MULTILINE)
_QUOTED = re.compile(r"([\"'])([A-Za-z_][A-Za-z0-9_]*=)")
_SPECIFIER = re.compile(r"%[A-Za-z]")

_HEADING = "# qemu config file"
_YAML = re.compile(r"^apiVersion:[ \t]", re.MULTILINE)
_PROXMOX = (
    re.compile(r"^(?:boot|ostype|scsihw|cores|sockets): ", re.MULTILINE),
    re.compile(r"^[a-z]+[0-9]+: [^ ]", re.MULTILINE),
)
_QUICKEMU = (re.compile(r"^guest_os=", re.MULTILINE), re.compile(r"^disk_img=", re.MULTILINE))
_JSON = re.compile(r"\s*[\[{]\s*[\"\]}]")


class Pasted(NamedTuple):
    """The command lines of a text. `options` is the text itself where it is one of options, which the one command line names."""

    commands: tuple[Command, ...]
    options: str | None = None


def pasted(text: str, name: str) -> Pasted:
    """The command lines of a text, which stands under `name` in messages.

    Read are command lines, shell scripts, words with NUL between them (``/proc/PID/cmdline``), a systemd unit's ``ExecStart=``,
    libvirt's log of a domain, and options as ``-readconfig`` takes them. Raises `Unusable`: QR435 for a quote that is never
    closed, QR436 where there is no command line (telling what the text seems to be), QR448 where a script makes one too long.
    """
    if "\0" in text:
        return Pasted((_of_words(text, name),))
    sections = [match[1].strip() for match in _SECTION.finditer(text)]
    if "Service" in sections:
        return _found(commands(_unit(text), name, text), name)
    if _STARTS.search(text):
        return _found(commands(_log(text), name, text), name)
    what, way = _other(text)
    if what:
        raise _none(f"this is {what}, not a command line", name, way)
    if _HEADING in text or (sections and all('"' in section or section in ini.GROUPS for section in sections)):
        words = tuple(Word(word, ((0, 0, False),), 0, 0) for word in ("-readconfig", name))
        return Pasted((Command(words, text),), text)
    return _found(commands(text, name), name)


def _other(text: str) -> tuple[str, str]:
    """What a text is that is no command line, and how its command line is had; two empty texts where that can't be told."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        if "<domain" in text:
            return "a libvirt domain (XML)", "what `virsh domxml-to-native qemu-argv FILE` prints"
        return "an XML document", "a QEMU command line"
    if _YAML.search(text):
        return (
            "a Kubernetes document (YAML)",
            "the command line in the log of the pod's virt-launcher, or in /proc/PID/cmdline on its node",
        )
    if all(form.search(text) for form in _PROXMOX):
        return "a configuration of Proxmox VE", "what `qm showcmd VMID` prints"
    if all(form.search(text) for form in _QUICKEMU):
        return "a configuration of quickemu", "the script that quickemu writes for it (NAME/NAME.sh)"
    if _JSON.match(text):
        return "JSON", 'qrules check --jsonl FILE, with {"argv": [...]} on each line'
    return "", ""


def _none(message: str, name: str, expected: str) -> Exception:
    return unusable("QR436", message, name, expected=expected)


def _found(found: list[Command], name: str) -> Pasted:
    if not found:
        raise _none("no command here runs a QEMU emulator", name, "a command line such as qemu-system-x86_64 -M q35 ...")
    return Pasted(tuple(found))


# ------------------------------------------------------------------------------------- words with NUL between them
def _of_words(text: str, name: str) -> Command:
    found: list[Word] = []
    at = 0
    for word in text.removesuffix("\0").split("\0"):
        found.append(Word(word, ((0, at, True),), at, at + len(word)))
        at += len(word) + 1
    if not runs_emulator(found[0].text):
        raise _none(
            "there are NUL characters in it, and what stands before the first is no QEMU emulator", name, "a command line"
        )
    return Command(tuple(found), text)


# ------------------------------------------------------------------------------------- texts with command lines in them
def _blanked(text: str, kept: list[tuple[int, int]]) -> str:
    """The text with blanks for all but some ranges, so that what is left stands where it stood."""
    parts: list[str] = []
    at = 0
    for start, end in kept:
        parts += [re.sub(r"[^\n]", " ", text[at:start]), text[start:end]]
        at = end
    return "".join([*parts, re.sub(r"[^\n]", " ", text[at:])])


def _logical_end(text: str, at: int) -> int:
    """Where a line ends that goes on after each backslash at its end."""
    while True:
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        if not text.endswith(("\\", "\\\r"), at, end):
            return end
        at = end + 1


def _lines_of(form: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """From where to where lines go on that begin in a form."""
    found: list[tuple[int, int]] = []
    at = 0
    while match := form.search(text, at):
        at = _logical_end(text, match.end())
        found.append((match.end(), at))
    return found


def _unit(text: str) -> str:
    """What a systemd unit runs, behind what it sets. What ``%i`` and its like stand for, systemd knows when it runs it."""
    runs, sets = _lines_of(_RUNS, text), _lines_of(_SETS, text)
    shell = _QUOTED.sub(r"\2\1", _blanked(text, sets))  # "A=b c" for systemd is A="b c" for a shell, and as long
    return "".join(map(_either, shell, _SPECIFIER.sub("$!", _blanked(text, runs).replace("%%", " %"))))


def _either(one: str, other: str) -> str:
    return other if one.isspace() else one


def _log(text: str) -> str:
    """The command lines of libvirt's log: what follows each start, as far as its lines go on."""
    kept: list[tuple[int, int]] = []
    at = 0
    while (match := _STARTS.search(text, at)) and (begin := text.find("\n", match.end()) + 1):
        at = _logical_end(text, begin)
        kept.append((begin, at))
    return _blanked(text, kept)
