"""Compiles the shipped rules into the wheel, so that no question of an installed qrules ever parses one."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRules(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``qrules/_data/compiled`` to the wheel. An editable install compiles on first use instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from qrules.rulesets import build

        self._scratch = Path(tempfile.mkdtemp(prefix="qrules-compiled-"))
        folder = self._scratch / "compiled"
        build.write_rule_set(Path(self.root) / "rules", folder)
        build_data["force_include"][str(folder)] = "qrules/_data/compiled"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            shutil.rmtree(self._scratch, ignore_errors=True)
