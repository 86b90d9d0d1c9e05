"""Answers over HTTP: an ASGI application for any server of those; `run` serves it with uvicorn.

Bodies and answers are those of ``check --jsonl`` and of the verbs' ``--json``. What is too large is not read (413), who comes
while too many wait is sent away at once (503, with Retry-After), and what can't be read is told as JSON (400).
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from qrules.configs.json_text import NotJson, strict
from qrules.configs.lines import MAX_LINE
from qrules.records import NamedTuple
from qrules.report import json as shapes
from qrules.report.schema import schema
from qrules.report.shapes_verbs import TABLE
from qrules.rulesets.store import open_store
from qrules.serve.questions import Questions, Rules, Unanswerable
from qrules.version import __version__

_SETTINGS = "QRULES_SERVE"  # in the environment of the processes that answer


class Limits(NamedTuple):
    """Bytes of a body, and how many questions may wait in a process for the one that is being answered."""

    body: int = 1024 * 1024
    waiting: int = 64


class Problem(Exception):
    """An answer that is none: the HTTP status, and what is wrong in a whole sentence."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Service:
    """What answers requests: one question at a time, the others wait for it."""

    def __init__(self, questions: Questions, limits: Limits) -> None:
        self._questions, self._limits = questions, limits
        self._one, self._waiting = CapacityLimiter(1), 0

    async def check(self, request: Request) -> Response:
        """A line of ``check --jsonl`` to its answer."""
        body = await self._body(request)
        return await self._answered(lambda: self._questions.check(body))

    async def why(self, request: Request) -> Response:
        """``{"argv": [...], "device": {"driver": ...}}`` to the answer of ``why --json``."""
        members = await self._members(request)
        return await self._answered(lambda: self._questions.why(members))

    async def place(self, request: Request) -> Response:
        """``{"argv": [...]}`` to the answer of ``place --json``."""
        members = await self._members(request)
        return await self._answered(lambda: self._questions.place(members))

    async def explain(self, request: Request) -> Response:
        """``{"message": "..."}`` to the answer of ``explain --json``."""
        members = await self._members(request)
        return await self._answered(lambda: self._questions.explain(members.get("message")))

    async def slots(self, request: Request) -> Response:
        """``{"argv": [...]}`` to its places, free and held."""
        members = await self._members(request)
        return await self._answered(lambda: {"return": self._questions.slots(members)})

    async def machines(self, request: Request) -> Response:
        """All machines in the shape of QMP's query-machines."""
        return await self._answered(lambda: {"return": self._questions.machines()})

    async def schema(self, request: Request) -> Response:
        """The JSON Schema of what a verb answers."""
        verb = request.path_params["verb"]
        if verb not in TABLE:
            raise Problem(404, f"There is no verb '{verb}' with a schema; there are {', '.join(sorted(TABLE))}.")
        return _json(schema(verb))

    async def health(self, request: Request) -> Response:
        """Whether questions are answered, and by which rules."""
        known = self._questions.knowledge
        told = {"qrules": __version__, "qemu": known.version, "arch": known.arch, "waiting": self._waiting}
        return _json({"status": "ok" if self._waiting < self._limits.waiting else "busy", **told})

    # ------------------------------------------------------------------------------ reading and answering
    async def _body(self, request: Request) -> bytes:
        most, found = min(self._limits.body, MAX_LINE), bytearray()
        async for part in request.stream():
            found += part
            if len(found) > most:
                raise Problem(413, f"A question has at most {most:,} bytes.")
        return bytes(found)

    async def _members(self, request: Request) -> dict[str, Any]:
        try:
            members = strict((await self._body(request)).decode("utf-8"))
        except (UnicodeDecodeError, NotJson) as error:
            raise Problem(400, f"This is not JSON: {error}.") from error
        if not isinstance(members, dict):
            raise Problem(400, "This is JSON, but not an object.")
        return members

    async def _answered(self, answer: Callable[[], Mapping[str, Any]]) -> Response:
        if self._waiting >= self._limits.waiting:
            raise Problem(503, f"{self._waiting} questions wait already: ask again in a moment.")
        self._waiting += 1
        try:
            return _json(await to_thread.run_sync(answer, limiter=self._one))
        except Unanswerable as error:
            raise Problem(400, error.text) from error
        finally:
            self._waiting -= 1


def _json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(shapes.line(value) + "\n", status, headers, "application/json")


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return _json({"error": problem.text}, problem.status, {"retry-after": "1"} if problem.status == 503 else None)


async def _other(request: Request, problem: Exception) -> Response:
    told = {404: "There is no such question; GET / lists them.", 405: "This is asked in another way; GET / lists the ways."}
    status = getattr(problem, "status_code", 500)
    return _json({"error": told.get(status, "This can't be answered.")}, status)


def application(rules: Rules, limits: Limits | None = None) -> Starlette:
    """The ASGI application. Raises `Unusable` for rules that can't be used."""
    questions = Questions(rules)
    service = Service(questions, limits or Limits())
    questions.knowledge  # noqa: B018 - what can't be used is told before anybody asks
    asked: dict[tuple[str, str], Callable[[Request], Awaitable[Response]]] = {
        ("POST", "/check"): service.check,
        ("POST", "/why"): service.why,
        ("POST", "/place"): service.place,
        ("POST", "/explain"): service.explain,
        ("POST", "/slots"): service.slots,
        ("GET", "/machines"): service.machines,
        ("GET", "/schema/{verb}"): service.schema,
        ("GET", "/health"): service.health,
    }

    async def listed(request: Request) -> Response:
        return _json({"qrules": __version__, "questions": [f"{method} {path}" for method, path in asked]})

    routes = [Route(path, answer, methods=[method]) for (method, path), answer in asked.items()]
    return Starlette(
        routes=[Route("/", listed), *routes],
        exception_handlers={Problem: _problem, 404: _other, 405: _other, 500: _other},
    )


def from_environment() -> Starlette:
    """The application of a process that `run` started."""
    own = json.loads(os.environ[_SETTINGS])
    return application(Rules(open_store(own["rules"]), **own["choice"], profiles=tuple(own["profiles"])), Limits(*own["limits"]))


def run(rules: Rules, folder: str | None, limits: Limits, host: str, port: int, jobs: int) -> None:
    """Serves until SIGTERM or SIGINT, in so many processes. `folder` is where the rules were read from (None: the shipped)."""
    import uvicorn

    choice = {"arch": rules.arch, "qemu": rules.qemu, "libvirt": rules.libvirt}
    own = {
        "rules": folder,
        "choice": choice,
        "profiles": rules.profiles,
        "limits": limits,
    }
    os.environ[_SETTINGS] = json.dumps(own)
    uvicorn.run(
        "qrules.serve.http:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=jobs,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
