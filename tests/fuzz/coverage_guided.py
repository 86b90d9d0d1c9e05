"""Fuzzing that follows the code that an input reaches, with atheris: ``pip install .[fuzz]``, then

    python -m tests.fuzz.coverage_guided argv -runs=100000        a reader of `tests.fuzz.readers`, and libFuzzer's own options

Without atheris it says so and ends with 0. An input that fails is written as ``crash-...``; the bytes choose a seed and edits
(`tests.fuzz.edits.from_bytes`), and ``python -m tests.fuzz.coverage_guided argv crash-...`` asks it again.
"""

from __future__ import annotations

import importlib.util
import sys


def main() -> int:
    """Runs libFuzzer's loop, which ends the process."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed (pip install '.[fuzz]'): nothing was tried")
        return 0
    import atheris

    with atheris.instrument_imports(include=["qrules"]):
        from tests.fuzz.readers import READERS

        named = {reader.name: reader for reader in READERS}
        chosen = sys.argv[1] if len(sys.argv) > 1 else ""
        if chosen not in named:
            print(f"there is no reader '{chosen}'; there are {', '.join(named)}", file=sys.stderr)
            return 2
        reader = named[chosen]
        seeds = reader.seeds()
        reader.ask(seeds[0])  # modules that are loaded late are loaded while they are watched
    from tests.fuzz.edits import edited, from_bytes
    from tests.fuzz.guard import guarded

    def one(data: bytes) -> None:
        number, edits = from_bytes(data)
        text = edited(seeds[number % len(seeds)], edits, seeds)
        try:
            guarded(reader, text)
        except Exception:
            print(f"\n{reader.name}: {text!r}", file=sys.stderr)
            raise

    atheris.Setup([sys.argv[0], *sys.argv[2:]], one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
