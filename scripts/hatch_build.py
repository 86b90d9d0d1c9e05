"""Compiles the shipped rules into the wheel, so that no question of an installed qrules ever parses one."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_DOMAINS = "libvirt"  # a rule set that stands apart, and that every question about a domain needs


class CompileRules(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``qrules/_data/compiled`` and that of domains to the wheel. An editable install compiles on first use instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from qrules.rulesets import build, packing

        self._scratch = Path(tempfile.mkdtemp(prefix="qrules-compiled-"))
        folder = self._scratch / "compiled"
        build.write_rule_set(Path(self.root) / "rules", folder)
        packing.pack(folder)
        build_data["force_include"][str(folder)] = "qrules/_data/compiled"
        domains = self._scratch / f"compiled-{_DOMAINS}"
        build.write_rule_set(Path(self.root) / "rules" / "rule-sets" / _DOMAINS, domains)
        packing.pack(domains)
        build_data["force_include"][str(domains)] = f"qrules/_data/compiled-{_DOMAINS}"
        build_data["shared_data"] |= self._beside()

    def _beside(self) -> dict[str, str]:
        """What systems look for beside a program: its page of the manual, and what completes it in shells."""
        sys.path.insert(0, str(Path(self.root) / "scripts"))
        import man_page
        from argcomplete import shellcode

        places = {
            "share/man/man1/qrules.1": man_page.page(),
            "share/bash-completion/completions/qrules": shellcode(["qrules"], shell="bash"),
            "share/zsh/site-functions/_qrules": shellcode(["qrules"], shell="zsh"),
            "share/fish/vendor_completions.d/qrules.fish": shellcode(["qrules"], shell="fish"),
        }
        found = {}
        for number, (place, text) in enumerate(places.items()):
            path = self._scratch / f"beside-{number}"
            path.write_text(text, encoding="utf-8")
            found[str(path)] = place
        return found

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            shutil.rmtree(self._scratch, ignore_errors=True)
