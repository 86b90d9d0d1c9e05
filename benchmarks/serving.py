"""`python -m benchmarks.serving`: the HTTP server under load: answers a second, how long each takes, what becomes of too many.

Clients ask one question after another (configs of 30 devices, all different) over connections that stay open. First as many as
can be answered, then twice as many at once as may wait, then bodies that mean no good beside them.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter

from benchmarks.configs import configs

_PORT, _SECONDS, _WAITING = 8499, 10, 32
_HOSTILE = (
    b"[" * 100_000,
    b'{"argv": ["-M", "q35", "-device", "' + b"x," * 100_000 + b'"]}',
    b"\xff" * 1000,
    b"{}" * 1000,
    b"x" * 2_000_000,
)


class Load:
    """What came of the questions of some clients in some seconds."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.statuses: Counter[int | str] = Counter()
        self._lock = threading.Lock()

    def client(self, bodies: list[bytes], until: float) -> None:
        """Asks until the time has come; a connection that was closed is opened again."""
        line, number = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=60), 0
        while time.monotonic() < until:
            begin = time.perf_counter()
            try:
                line.request("POST", "/check", bodies[number % len(bodies)])
                answer = line.getresponse()
                answer.read()
                status: int | str = answer.status
            except (OSError, http.client.HTTPException):
                line.close()
                status = "closed"
            number += 1
            with self._lock:
                self.statuses[status] += 1
                if status == 200:
                    self.times.append(time.perf_counter() - begin)
            if status == 503:
                time.sleep(0.01)

    def run(self, clients: int, bodies: list[bytes], hostile: int = 0) -> None:
        """Lets clients ask at once, some of them with bodies that mean no good, and prints what came of it."""
        until = time.monotonic() + _SECONDS
        asked = [bodies[n::clients] or bodies for n in range(clients)]
        threads = [threading.Thread(target=self.client, args=(own, until)) for own in asked]
        other = Load()
        threads += [threading.Thread(target=other.client, args=(list(_HOSTILE), until)) for _ in range(hostile)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        times = sorted(self.times)
        at = {share: 1000 * times[min(len(times) - 1, int(share * len(times)))] for share in (0.5, 0.99, 0.999)}
        shown = ", ".join(f"{100 * share:g}% within {ms:.1f} ms" for share, ms in at.items())
        print(f"  {clients:3} clients: {len(times) / _SECONDS:7.0f} answers a second, {shown}; statuses {dict(self.statuses)}")
        if hostile:
            print(f"      beside {hostile} with bodies that mean no good: statuses {dict(other.statuses)}")


def main() -> None:
    """Starts the server, loads it, and ends it."""
    bodies = [json.dumps({"argv": words}).encode() for words in configs(5, 500, 30)]
    limit = ["--max-waiting", str(_WAITING)]
    with subprocess.Popen(
        [sys.executable, "-m", "qrules", "serve", "--http", str(_PORT), *limit], stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait()
            Load().client(bodies, time.monotonic() + 3)  # what is kept is made
            size = statistics.median(map(len, bodies))
            print(f"HTTP, one process, load of the machine {os.getloadavg()[0]:.1f}, {size:.0f} bytes a question")
            for clients in (1, 8, 2 * _WAITING):
                Load().run(clients, bodies)
            Load().run(4, bodies, hostile=4)
            with open(f"/proc/{server.pid}/status", encoding="ascii") as status:
                print("  " + next(line for line in status if line.startswith("VmHWM")).strip())
        finally:
            server.send_signal(signal.SIGTERM)


def _wait() -> None:
    for _ in range(200):
        line = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=5)
        try:
            line.request("GET", "/health")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            line.close()
    raise RuntimeError("the server does not answer")


if __name__ == "__main__":
    main()
