"""Tools for assistants that write VM configs: a server of the Model Context Protocol on standard input and output."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from qrules.serve.questions import Questions, Unanswerable
from qrules.version import __version__

_ABOUT = (
    "Says whether QEMU would start a virtual machine, and why not, from rules that were checked against QEMU itself: nothing is "
    "started, and no file is opened. Check every command line or libvirt domain before you propose it, and take repairs and "
    "places from here: each was run through the same check. What an answer lists as unchecked was not looked at."
)


def server(questions: Questions) -> MCPServer:
    """The server with its four tools."""
    made = MCPServer("qrules", version=__version__, instructions=_ABOUT)

    def check(argv: list[str], qemu: str | None = None) -> dict[str, Any]:
        """Would QEMU start this command line? The verdict (accept, warn, reject, unknown) with every reason and its source.

        argv: the words of the command line, such as ["qemu-system-x86_64", "-M", "q35", "-device", "e1000"].
        qemu: a QEMU version, such as "10.0" (without: the newest that the rules describe).
        """
        return _checked(questions, {"argv": argv, "qemu": qemu})

    def check_domain(xml: str, libvirt: str | None = None) -> dict[str, Any]:
        """Would libvirt define and start this domain XML? All refusals of all stages, with line, column and element.

        xml: the whole domain. libvirt: a libvirt version, such as "11.3" (without: the newest that the rules describe).
        """
        return _checked(questions, {"libvirt-xml": xml, "libvirt": libvirt})

    def why(device: str, argv: list[str], qemu: str | None = None) -> dict[str, Any]:
        """Why does this device plug into the machine of a command line, or why not? With what would help, each tried.

        device: a type with properties as -device takes them, such as "e1000,addr=1f.0".
        argv: the command line of the machine, such as ["-M", "q35"].
        """
        driver, _, rest = device.partition(",")
        members = dict(pair.partition("=")[::2] for pair in rest.split(",") if pair)
        return _answered(lambda: questions.why({"argv": argv, "device": {**members, "driver": driver}, "qemu": qemu}))

    def place(argv: list[str], qemu: str | None = None) -> dict[str, Any]:
        """Where can all devices of this command line go, with the fewest controllers added? The command line with addresses."""
        return _answered(lambda: questions.place({"argv": argv, "qemu": qemu}))

    def explain(message: str) -> dict[str, Any]:
        """What does this message of QEMU mean, and what can be done?"""
        return _answered(lambda: questions.explain(message))

    for tool in (check, check_domain, why, place, explain):
        made.add_tool(tool)
    return made


def _checked(questions: Questions, members: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in members.items() if value is not None}
    answer = dict(questions.check(json.dumps(given).encode()))
    answer.pop("id", None)
    return answer


def _answered(answer: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    try:
        return dict(answer())
    except Unanswerable as error:
        raise ToolError(error.text) from error


def run(questions: Questions) -> None:
    """Speaks on standard input and output until that is closed."""
    server(questions).run("stdio")
