"""A chat endpoint that speaks as OpenAI's does: asked within bounds of time and size, its key never shown.

Address, name and key come from the environment alone (KB_LLM_URL, KB_LLM_MODEL, KB_LLM_KEY). No message holds more of
an answer than its status, because an answer may repeat the key.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from kb.errors import InputError, Problem

URL, MODEL, KEY = "KB_LLM_URL", "KB_LLM_MODEL", "KB_LLM_KEY"
RETRIED = frozenset({408, 429, 500, 502, 503, 504})
UNSUPPORTED = frozenset({400, 404, 415, 422, 501})
FORMATS = ("json_schema", "json_object", "")


class Limits(NamedTuple):
    """What one page may cost, in seconds, bytes and tries."""

    budget: float = 600.0  # all requests of a page with their waits
    answer: float = 90.0  # one request, from connecting to the last byte
    tries: int = 5  # of one request
    first_wait: float = 1.0  # before the second try; each further wait is twice as long
    size: int = 4 * 1024 * 1024  # bytes of an answer


class Endpoint(NamedTuple):
    """Where a model is asked. Its representation, as that of the key, shows no secret."""

    url: str
    model: str
    key: str

    def __repr__(self) -> str:
        return f"Endpoint(model={self.model!r})"


class UnansweredError(Exception):
    """Raised where a request got no usable answer; the message says why, without a word of the answer."""


class RefusedError(UnansweredError):
    """Raised where asking again is of no use: the endpoint refuses key, model or address."""


def endpoint_from(environment: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that the environment names; raise `InputError` with everything that is wrong with it."""
    url, model, key = (environment.get(name, "").strip() for name in (URL, MODEL, KEY))
    problems = [
        Problem(name, 0, "is not set", remedy)
        for name, value, remedy in (
            (URL, url, "give the address of a chat endpoint, such as http://127.0.0.1:11434/v1"),
            (MODEL, model, "name the model"),
        )
        if not value
    ]
    if url:
        problems += _faults_of(url, bool(key))
    if model and (len(model) > 100 or not model.isprintable()):
        problems.append(Problem(MODEL, 0, "is no name of a model", "use at most 100 printable characters"))
    if key and (len(key) > 1000 or not key.isascii() or not key.isprintable() or " " in key):
        problems.append(Problem(KEY, 0, "holds characters that no key has", "copy it again"))
    if key and key in (url, model):
        problems.append(Problem(KEY, 0, f"is the same as {URL} or {MODEL}", "set each to its own value"))
    if problems:
        raise InputError(problems)
    path = url.rstrip("/")
    return Endpoint(path if path.endswith("/chat/completions") else f"{path}/chat/completions", model, key)


def _faults_of(url: str, has_key: bool) -> list[Problem]:
    """Return what is wrong with an address. It is not repeated: people put keys into addresses."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return [Problem(URL, 0, "is no address", "write https://HOST/v1")]
    faults = []
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        faults.append(Problem(URL, 0, "is no http address", "write https://HOST/v1"))
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        faults.append(Problem(URL, 0, "holds a name, password, query or fragment", f"put the key into {KEY}"))
    if has_key and parts.scheme == "http" and host and not _is_here(host):
        faults.append(Problem(URL, 0, "would send the key unencrypted", f"use https, or unset {KEY}"))
    return faults


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Asker:
    """Asks one endpoint, and remembers what form of answer it can be told to give, and how much time is left."""

    def __init__(self, endpoint: Endpoint, limits: Limits = Limits()) -> None:  # noqa: B008 - immutable
        self.httpx = _httpx()
        self.endpoint = endpoint
        self.limits = limits
        self._format = 0
        self._ends = time.monotonic() + limits.budget

    def begin(self) -> None:
        """Start the budget of time anew, for the next page."""
        self._ends = time.monotonic() + self.limits.budget

    def ask(self, instruction: str, question: str, schema: Mapping[str, Any]) -> str:
        """Return the text of an answer; raise `UnansweredError`, or `RefusedError` if there is no use in going on."""
        while True:
            status, content = self._with_patience(self._body(instruction, question, schema))
            if status == 200:
                return _message(content)
            if status in UNSUPPORTED and self._format + 1 < len(FORMATS):
                self._format += 1  # it may not know this form of answer
                continue
            raise _refusal(status)

    def _body(self, instruction: str, question: str, schema: Mapping[str, Any]) -> bytes:
        messages = [{"role": "system", "content": instruction}, {"role": "user", "content": question}]
        body: dict[str, Any] = {"model": self.endpoint.model, "messages": messages, "temperature": 0, "stream": False}
        form = FORMATS[self._format]
        if form == "json_schema":
            named = {"name": "claims", "strict": True, "schema": schema}
            body["response_format"] = {"type": form, "json_schema": named}
        elif form:
            body["response_format"] = {"type": form}
        return json.dumps(body, ensure_ascii=False).encode("utf-8")

    def _with_patience(self, body: bytes) -> tuple[int, bytes]:
        """Ask again, later and later, while the endpoint is busy or away, as long as time is left."""
        wait, reason = self.limits.first_wait, "no time was left"
        for number in range(self.limits.tries):
            left = self._ends - time.monotonic()
            if left <= 0:
                break
            asked_wait = 0.0
            try:
                status, content, headers = asyncio.run(self._once(body, min(left, self.limits.answer)))
            except (TimeoutError, self.httpx.TimeoutException):
                reason = "it took too long"
            except (self.httpx.HTTPError, self.httpx.InvalidURL, OSError) as error:
                reason = f"it could not be reached ({type(error).__name__})"
            else:
                if status not in RETRIED:
                    return status, content
                reason, asked_wait = f"it answered with status {status}", _asked_wait(headers.get("retry-after", ""))
            pause = max(wait, asked_wait)
            if number + 1 == self.limits.tries or time.monotonic() + pause > self._ends:
                break
            time.sleep(pause)
            wait *= 2
        raise UnansweredError(reason)

    async def _once(self, body: bytes, seconds: float) -> tuple[int, bytes, Mapping[str, str]]:
        headers = {"content-type": "application/json", "accept": "application/json", "accept-encoding": "identity"}
        if self.endpoint.key:
            headers["authorization"] = f"Bearer {self.endpoint.key}"
        is_sealed = self.endpoint.url.startswith("https:")  # a proxy would read the rest
        client = self.httpx.AsyncClient(timeout=seconds, follow_redirects=False, trust_env=is_sealed)
        async with (
            asyncio.timeout(seconds),  # a clock of its own: an answer of a byte a second never times out
            client,
            client.stream("POST", self.endpoint.url, content=body, headers=headers) as response,
        ):
            if response.headers.get("content-encoding", "identity") != "identity":
                raise RefusedError("it packed its answer, which was not asked for")
            received = bytearray()
            async for chunk in response.aiter_raw():
                received += chunk
                if len(received) > self.limits.size:
                    raise UnansweredError(f"its answer is larger than {self.limits.size:,} bytes")
            return response.status_code, bytes(received), response.headers


def _httpx() -> ModuleType:
    try:
        import httpx
    except ImportError:
        message, remedy = "needs the extra llm", "python -m pip install 'claims-kb[llm]'"
        raise InputError([Problem("--model", 0, message, remedy)]) from None
    return httpx


def _asked_wait(header: str) -> float:
    """Return the seconds of a Retry-After header, which is a number or a date; 0 where it is neither."""
    if header.strip().isascii() and header.strip().isdigit():
        return float(header.strip()[:9])
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _refusal(status: int) -> UnansweredError:
    if status in (401, 403):
        return RefusedError(f"it refuses the key (status {status}): check {KEY}")
    if 300 <= status < 400:
        return RefusedError(f"it points elsewhere (status {status}), which is not followed: correct {URL}")
    if status in (404, 405):
        return RefusedError(f"it knows no such address or model (status {status}): check {URL} and {MODEL}")
    return UnansweredError(f"it answered with status {status}")


def _message(content: bytes) -> str:
    """Return the message of an answer of the chat interface; raise `UnansweredError` where there is none."""
    try:
        choice = json.loads(content)["choices"][0]
        said, cut = choice["message"]["content"], choice.get("finish_reason") == "length"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise UnansweredError("its answer is not in the form of a chat endpoint") from None
    if isinstance(said, list):
        said = "".join(str(part.get("text", "")) for part in said if isinstance(part, dict))
    if cut:
        raise UnansweredError("its answer was cut off")
    if not isinstance(said, str):
        raise UnansweredError("its answer holds no text")
    return said
