"""A FHIR server on this machine: SMART Backend Services, pages, Bulk Data; it does what a test tells it to."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

Resource = dict[str, Any]
MOMENT = "2024-05-01T00:00:00Z"


@dataclass
class FhirServer:
    """What it holds, what is wrong with it, and what it was asked."""

    resources: dict[str, list[Resource]] = field(default_factory=dict)
    # The public keys it knows, as a JWK Set; without any, tokens aren't asked for.
    keys: list[Resource] = field(default_factory=list)
    page: int = 2
    refuse_tokens: bool = False
    # Answers that come instead of the next ones: a status or a body; None: the answer itself.
    instead: list[int | bytes | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    exports: int = 0
    polls: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/r4"

    def add(self, *resources: Resource) -> None:
        for resource in resources:
            self.resources.setdefault(resource["resourceType"], []).append(resource)

    def searches(self, kind: str) -> list[str]:
        return [path for path in self.asked if urlsplit(path).path == f"/r4/{kind}"]

    def assertion(self, form: dict[str, list[str]]) -> str | None:
        """What is wrong with a request for a token."""
        if form.get("grant_type") != ["client_credentials"]:
            return "grant_type"
        if form.get("client_assertion_type") != ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]:
            return "client_assertion_type"
        token = form["client_assertion"][0]
        header = jwt.get_unverified_header(token)
        known = [key for key in self.keys if key["kid"] == header.get("kid")]
        if not known or header["alg"] not in ("ES384", "RS384") or header.get("typ") != "JWT":
            return f"header {header}"
        try:
            claims = jwt.decode(
                token,
                jwt.PyJWK(known[0]).key,
                algorithms=[header["alg"]],
                audience=f"{self.url}/token",
                options={"require": ["exp", "iss", "sub", "aud", "jti"]},
            )
        except jwt.InvalidTokenError as error:
            return repr(error)
        if claims["iss"] != "isocenter" or claims["sub"] != "isocenter":
            return "iss, sub"
        if claims["exp"] - claims["iat"] > 300 or claims["jti"] in self.seen:
            return "exp, jti"
        self.seen.add(claims["jti"])
        return None if "system/Patient.read" in form["scope"][0] else "scope"


class Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"

    @property
    def held(self) -> FhirServer:
        return self.server.held

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int, body: Any = None, kind: str = "application/fhir+json", **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        held = self.held
        if self.path != "/r4/token":
            return self.answer(404)
        wrong = "told to refuse" if held.refuse_tokens else held.assertion(form)
        if wrong:
            held.problems.append(wrong)
            return self.answer(400, {"error": "invalid_client", "error_description": "Jane Doe"})
        token = f"token-{len(held.tokens)}"
        held.tokens = {token}
        return self.answer(200, {"access_token": token, "token_type": "bearer", "expires_in": 300})

    def do_GET(self) -> None:
        held, path = self.held, urlsplit(self.path)
        held.asked.append(self.path)
        if path.path == "/r4/.well-known/smart-configuration":
            return self.answer(200, {"token_endpoint": f"{held.url}/token"}, "application/json")
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if held.keys and given not in held.tokens:
            return self.answer(401)
        if held.instead:
            instead = held.instead.pop(0)
            if isinstance(instead, bytes):
                return self.answer(200, instead)
            if instead is None:
                return self.search(path.path.removeprefix("/r4/"), parse_qs(path.query))
            return self.answer(instead, {"resourceType": "OperationOutcome"}, Retry_After="1")
        if path.path == "/r4/$export":
            held.exports += 1
            assert self.headers["Prefer"] == "respond-async"
            return self.answer(202, Content_Location=f"{held.url}/export/1")
        if path.path == "/r4/export/1":
            held.polls += 1
            if held.polls == 1:
                return self.answer(202, Retry_After="1")
            output = [{"type": kind, "url": f"{held.url}/file/{kind}", "count": len(all_)} for kind, all_ in held.resources.items()]
            return self.answer(200, {"transactionTime": MOMENT, "output": output, "error": []}, "application/json")
        if path.path.startswith("/r4/file/"):
            lines = [json.dumps(one) for one in held.resources[path.path.rsplit("/", 1)[1]]]
            return self.answer(200, ("\n".join(lines) + "\n").encode(), "application/fhir+ndjson")
        return self.search(path.path.removeprefix("/r4/"), parse_qs(path.query))

    def search(self, kind: str, query: dict[str, list[str]]) -> None:
        held = self.held
        since = query.get("_lastUpdated", ["ge"])[0].removeprefix("ge")
        found = [one for one in held.resources.get(kind, []) if one["meta"]["lastUpdated"] >= since]
        at = int(query.get("page", ["0"])[0])
        shown = found[at : at + held.page]
        link = [{"relation": "self", "url": f"{held.url}/{kind}"}]
        if at + held.page < len(found):
            more = f"&_lastUpdated=ge{since}" if since else ""
            link.append({"relation": "next", "url": f"{held.url}/{kind}?page={at + held.page}{more}"})
        entry = [{"fullUrl": f"{held.url}/{kind}/{one['id']}", "resource": one} for one in shown]
        bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "link": link}
        self.answer(200, bundle | ({"entry": entry} if entry else {}))


@contextmanager
def fhir_server(held: FhirServer) -> Iterator[FhirServer]:
    """Runs it on a free port, or again on the one it had."""
    server = ThreadingHTTPServer(("127.0.0.1", held.port), Handler)
    server.daemon_threads = True
    server.held = held  # type: ignore[attr-defined]
    held.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
