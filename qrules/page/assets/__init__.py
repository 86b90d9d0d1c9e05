"""The page itself: HTML, style and modules that browsers read as they are. Here is what serves or copies them."""

from __future__ import annotations

import os

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self';"
    " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What the page may do: nothing but load its own files, so that nothing is sent anywhere (Content Security Policy level 3)."""

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY_MARK = "{{policy}}"


def files() -> dict[str, tuple[bytes, str]]:
    """The page's files with their media types, by name; the page itself has the empty name."""
    folder = os.path.dirname(os.path.abspath(__file__))
    found: dict[str, tuple[bytes, str]] = {}
    for name in sorted(os.listdir(folder)):
        kind = _KINDS.get(os.path.splitext(name)[1])
        if kind is not None:
            with open(os.path.join(folder, name), "rb") as handle:
                content = handle.read()
            if name == "index.html":
                content = content.replace(_POLICY_MARK.encode(), POLICY.encode())
            found["" if name == "index.html" else name] = content, kind
    return found
