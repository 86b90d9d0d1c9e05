"""The page on this machine: what `qrules open` shows, with the questions answered here. An ASGI application, and a server of it.

It listens on the loopback interface alone, and answers only below a path that is drawn anew for each run: what else runs in a
browser can't guess that. No file of the host is opened for a question; the page's own files are read once, when it starts.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Callable

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from qrules.page.assets import POLICY, files
from qrules.page.questions import MOST_QUESTION, Page
from qrules.records import NamedTuple

HOST = "127.0.0.1"
_HEADERS = {
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Shown(NamedTuple):
    """What the page begins with: a text, what it is called, and the versions that are meant (None: the newest)."""

    text: str = ""
    name: str = ""
    arch: str | None = None
    qemu: str | None = None
    libvirt: str | None = None


def application(page: Page, shown: Shown, token: str) -> Starlette:
    """The ASGI application: the page below ``/TOKEN/``, and what it asks."""
    one = CapacityLimiter(1)
    begin = json.dumps({**shown._asdict(), "engine": "here"})

    async def ask(request: Request) -> Response:
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MOST_QUESTION:
                return _answer(json.dumps({"error": f"A question has at most {MOST_QUESTION:,} bytes."}), 413)
        return _answer(await to_thread.run_sync(page.ask, bytes(body), limiter=one))

    async def begun(request: Request) -> Response:
        return _answer(begin)

    def file(content: bytes, kind: str) -> Callable[[Request], Response]:
        return lambda request: Response(content, 200, _HEADERS, kind)

    routes = [Route(f"/{token}/{name}", file(content, kind)) for name, (content, kind) in files().items()]
    routes += [Route(f"/{token}/begin.json", begun), Route(f"/{token}/ask", ask, methods=["POST"])]
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST])])


def _answer(text: str, status: int = 200) -> Response:
    return Response(text, status, _HEADERS, "application/json")


def run(page: Page, shown: Shown, port: int, told: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT; `told` is given the address once it answers there. Raises `OSError` for a port in use."""
    import uvicorn

    token = secrets.token_urlsafe(16)
    with socket.socket() as listening:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
        told(f"http://{HOST}:{listening.getsockname()[1]}/{token}/")
        config = uvicorn.Config(
            application(page, shown, token), log_level="warning", access_log=False, lifespan="off", server_header=False
        )
        uvicorn.Server(config).run(sockets=[listening])
