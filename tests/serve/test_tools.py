"""The tools of assistants, used by the client of the protocol's own package."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

mcp = pytest.importorskip("mcp", reason="the extra 'mcp' is not installed")


def used(*calls: tuple[str, dict[str, Any]]) -> tuple[list[str], list[Any]]:
    """The names of the tools, and what came of each call."""

    async def ask() -> tuple[list[str], list[Any]]:
        server = mcp.StdioServerParameters(command=sys.executable, args=["-m", "qrules", "serve", "--mcp"])
        async with mcp.Client(mcp.stdio_client(server)) as client:
            listed = await client.list_tools()
            return [tool.name for tool in listed.tools], [await client.call_tool(name, given) for name, given in calls]

    return asyncio.run(asyncio.wait_for(ask(), 120))


def test_each_tool() -> None:
    names, found = used(
        ("check", {"argv": ["-M", "q35", "-device", "floppy"], "qemu": "10.0"}),
        ("check_domain", {"xml": "<domain"}),
        ("why", {"argv": ["-M", "q35"], "device": "e1000,addr=1f.0"}),
        ("place", {"argv": ["-M", "q35", "-device", "e1000e"]}),
        ("explain", {"message": "No more available PCI slots"}),
        ("why", {"argv": ["-M"], "device": "e1000"}),
    )
    assert names == ["check", "check_domain", "why", "place", "explain"]
    *right, wrong = found
    assert [one.is_error for one in right] == [False] * 5
    assert [one.structured_content.get("verdict") for one in right] == ["reject", "unreadable", "reject", "placed", None]
    assert right[0].structured_content["reasons"][0]["rule"] == "no-bus"
    assert wrong.is_error
    assert "the option -M needs an argument" in wrong.content[0].text
