"""A store that answers queries within limits: it lives in a process of its own, which is ended when time is up."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable
from importlib.util import find_spec
from types import TracebackType
from typing import Any, NamedTuple, Self

from kb.build import KnowledgeBase
from kb.errors import InputError, Problem
from kb.rdf.answers import Answer, from_worker
from kb.rdf.exporting import export_texts
from kb.rdf.refusing import checked
from kb.rdf.worker import read_frame, write_frame
from kb.rdf.writers import RdfFormat
from kb.standing import Review

INSTALL = "python -m pip install 'claims-kb[rdf]'"


class Limits(NamedTuple):
    """What one query may take: seconds of time, and rows (or triples) of answer."""

    seconds: float = 20.0
    rows: int = 10_000


class TimeIsUpError(InputError):
    """Raised when a query was ended because it took too long."""


class BusyError(InputError):
    """Raised when another query has kept the store busy for the whole time."""


def check_extra() -> None:
    """Raise `InputError` if Oxigraph is not installed."""
    if find_spec("pyoxigraph") is None:
        raise InputError([Problem("query", 0, "needs Oxigraph", INSTALL)])


class Store:
    """The quads of an export, ready for queries. May be used by several threads; one query runs at a time."""

    def __init__(self, texts: Iterable[str]) -> None:
        check_extra()
        self._nquads = "".join(texts)
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self.triples = 0

    @classmethod
    def of(cls, kb: KnowledgeBase, review: Review) -> Self:
        """Return the store of a knowledge base, without any quote."""
        return cls(export_texts(kb, review, RdfFormat.NQUADS))

    def query(self, text: str, limits: Limits | None = None, name: str = "query") -> Answer:
        """Run a query that only reads; raise `InputError` (or `TimeIsUpError`, `BusyError`) if that cannot be done."""
        return self.run(checked(text, name), limits or Limits(), name)

    def run(self, text: str, limits: Limits, name: str) -> Answer:
        """Run a query that was checked."""
        if not self._lock.acquire(timeout=limits.seconds):
            raise BusyError([Problem(name, 0, "waited in vain: another query is running", "try again")])
        try:
            worker = self._ready()
            clock = threading.Timer(limits.seconds, worker.kill)
            clock.start()
            try:
                given = self._ask(worker, {"query": text, "rows": limits.rows})
            finally:
                clock.cancel()
            if given is None:
                self._stop()
                late = clock.finished.is_set() and worker.returncode is not None and worker.returncode == -9
                message = f"took longer than {limits.seconds:g} s" if late else "needs more memory than it may have"
                raise TimeIsUpError([Problem(name, 0, f"was ended: it {message}", "narrow it, or ask for fewer rows")])
        finally:
            self._lock.release()
        if given["kind"] in ("error", "failed"):
            raise InputError([Problem(name, 0, f"cannot be run: {given['message'][:500]}", "correct it")])
        return from_worker(given)

    @staticmethod
    def _ask(worker: subprocess.Popen[bytes], asked: dict[str, Any]) -> dict[str, Any] | None:
        if worker.stdin is None or worker.stdout is None:
            return None
        try:
            write_frame(worker.stdin, asked)
            return read_frame(worker.stdout)
        except OSError:
            return None

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is None:
            return self._worker
        command = [sys.executable, "-m", "kb.rdf.worker"]
        worker = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._worker = worker
        told = self._ask(worker, {"nquads": self._nquads})
        if told is None:
            self._stop()
            raise InputError([Problem("query", 0, "the store did not start", f"check with: {INSTALL}")])
        self.triples = int(told["triples"])
        return worker

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for stream in (worker.stdin, worker.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue

    def close(self) -> None:
        """End the process."""
        self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
