"""The verbs: which module answers each, and what it is for."""

from __future__ import annotations

from qrules.cli.form import Form
from qrules.records import NamedTuple


class Verb(NamedTuple):
    """The module of `qrules.cli` that answers it, and what it is for, as the help says it."""

    module: str
    help: str


VERBS: dict[str, Verb] = {
    "why": Verb("ask", "can this device plug into this machine, and why (not)?"),
    "check": Verb("check", "would this config start? Every problem at once"),
    "place": Verb("place", "where all devices of a config can go, with the fewest controllers added"),
    "convert": Verb("convert", "a config as one of another machine, with a reason for each line; what cannot come along"),
    "upgrade": Verb("upgrade", "configs on another QEMU version: do they start, what is gone, what would the guest see change?"),
    "fleet": Verb("fleet", "a folder, JSON lines or Parquet of configs to a table of answers, by all processors, resumable"),
    "spare": Verb("spare", "how many more devices of a type fit, cold and while it runs"),
    "hotplug": Verb("hotplug", "would the running machine take this device, and if not, what would?"),
    "argv": Verb("argv", "the command line that libvirt writes of a domain, as far as devices go"),
    "explain": Verb("explain", "what does this message of QEMU mean, and what can be done?"),
    "show": Verb("show", "what there is to know of a device type, a machine or a rule"),
    "machines": Verb("machines", "the machine types"),
    "types": Verb("ask", "the device types that a machine supports"),
    "buses": Verb("buses", "the buses of a machine or a config, as a list or a picture"),
    "slots": Verb("buses", "who holds which place of the buses of a machine or a config, as a list or a picture"),
    "diff": Verb("diff", "what became possible and impossible between two machines or QEMU versions"),
    "query-machines": Verb("machines", "all machines in the shape of QMP's query-machines, with supported-device-types"),
    "serve": Verb("serve", "answer other programs: over QMP, over HTTP, or as tools of an assistant"),
    "open": Verb("open", "a config as a page in the browser, answered on this machine"),
    "harvest": Verb("qemu", "write the catalogue of a QEMU binary"),
    "learn": Verb("learn", "draft the rules of a board from a running QEMU, and compare them with it"),
    "verify": Verb("qemu", "compare what the rules derive with a running QEMU"),
    "release": Verb("release", "what a new QEMU changes, by cause, with the rules that it touches and drafts"),
    "rules": Verb("rules", "test, lint, format and list rule files"),
    "lsp": Verb("lsp", "a language server for editors: rule files, command lines in scripts, domains of libvirt"),
    "schema": Verb("schema", "the JSON Schema of what a verb prints with --json"),
    "completion": Verb("completion", "print the shell's completion code"),
}


class WrongUsage(Exception):
    """Words that a verb can't take: the `program` (``qrules why``), how it is called, and what is wrong."""

    def __init__(self, program: str, usage: str, message: str) -> None:
        super().__init__(message)
        self.program, self.usage = program, usage


def form_of(name: str) -> Form:
    """The arguments of a verb, as its module declares them."""
    made = Form()
    module = __import__(f"qrules.cli.{VERBS[name].module}", fromlist=["configure"])
    module.configure(name, made)
    return made
