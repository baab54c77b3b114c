"""Letters to recipients, taken by somebody else's mail server, over TLS and with a password."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from certificates import Authority
from isocenter import Isocenter, running, soon
from projects import call, project
from releases import Json, Person, asked, caught_up, frozen, ready
from samples import exam, write

NORA, GONE = "nora@uni.example", "gone@uni.example"
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
PASSWORD = "only for letters"


class Inbox:
    """Takes letters to everybody but one."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if address == GONE:
            return f"550 there is no {address} here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert session.authenticated
        letter = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def told(self, subject: str) -> EmailMessage:
        """The one letter with a subject."""
        found = soon(lambda: [one for one in self.letters if one["Subject"] == subject], lambda found: len(found) == 1)
        return found[0]


def may(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    good = isinstance(given, LoginPassword) and (given.login, given.password) == (b"isocenter", PASSWORD.encode())
    return AuthResult(success=good)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def inbox(authority: Authority) -> Iterator[tuple[Inbox, int]]:
    identity = authority.issue("mail")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(identity.certificate, identity.key)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inbox = Inbox()
    # TLS is there from the first byte; what it calls TLS is STARTTLS.
    letting = {"authenticator": may, "auth_required": True, "auth_require_tls": False}
    controller = Controller(inbox, hostname="localhost", port=port, ssl_context=context, **letting)
    controller.start()
    yield inbox, port
    controller.stop()


@pytest.fixture(scope="module")
def s(inbox: tuple[Inbox, int], authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    folder = tmp_path_factory.mktemp("letters")
    password = folder / "password"
    password.write_text(PASSWORD + "\n")
    settings = {
        "mail.server": "localhost",
        "mail.port": str(inbox[1]),
        "mail.authorities": str(authority.path),
        "mail.user": "isocenter",
        "mail.password_file": str(password),
        "mail.from": "Data office <data@hospital.example>",
    }
    with running(folder, settings) as s:
        for name in ("Bea", "Nia"):
            images = folder / name
            images.mkdir()
            write(images, exam(2, name=f"Muster^{name}", patient=f"{name.upper()}-1"))
            s.printed("import", images)
        caught_up(s)
        project(s, "lung")
        yield s


def to(*addresses: str) -> list[Json]:
    return [{"name": address.split("@")[0].title(), "email": address} for address in addresses]


def test_recipients_are_told_what_they_can_receive_and_what_they_have_to_delete(
    s: Isocenter, inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    rita, beate = Person(s, "rita", "researcher"), Person(s, "beate", "broker")
    call(s, "PUT", "/lung/members/rita", {"role": "member"}, 204)
    letters = inbox[0]
    made = asked(rita, frozen(rita), recipients=[*to(NORA, GONE), {"name": "Rita", "email": "rita"}], forms=["tables"], ethics="")
    assert not letters.letters
    beate.decide(made)
    ready(rita, made)

    letter = letters.told("Ready to be received: Nodules")
    assert letter["From"] == "Data office <data@hospital.example>" and letter["To"] == f"Nora <{NORA}>"
    text = letter.get_content()
    assert f"{s.url}/requests/{made}" in text and "2099-12-31" in text
    kept = soon(lambda: beate.release(made)["letters"], lambda kept: all(one["state"] != "waiting" for one in kept))
    assert {one["email"]: one["state"] for one in kept} == {NORA: "sent", GONE: "failed"}, "an account alone has no address"
    why = next(one["why"] for one in kept if one["email"] == GONE)
    assert "550" in why and "@" not in why, "the server's own words may name people"
    assert rita.release(made)["letters"] == []

    had = codes(rita, made)
    study = s.find("/studies", PatientID="BEA-1")[0]["0020000D"]["Value"][0]
    withdrawal = beate.call("POST", "withdrawals", {"study": study, "reason": "by letter"}, 201).json()["id"]
    text = letters.told("To be deleted from your copy: Nodules").get_content()
    assert "Muster" not in text and "BEA-1" not in text
    told = soon(
        lambda: beate.call("GET", f"withdrawals/{withdrawal}").json()["letters"],
        lambda told: all(one["state"] != "waiting" for one in told),
    )
    assert {(one["email"], one["about"], one["state"]) for one in told} == {
        (NORA, "withdrawn", "sent"),
        (GONE, "withdrawn", "failed"),
    }
    ready(rita, made)
    [code] = had - codes(rita, made)
    assert f"delete the subject {code} " in text
    beate.call("POST", f"releases/{made}/recall", {"reason": "an error"}, 204)
    assert "delete every copy" in letters.told("Recalled: Nodules").get_content()
    assert len(letters.letters) == 3, "made again, it is no news"
    log = "".join(path.read_text() for path in s.folder.glob("*.log"))
    assert "@uni.example" not in log
    assert {one["detail"].get("state") for one in s.json("/api/v1/audit", params={"action": "release"})["rows"]} >= {
        "a letter is sent",
        "a letter is not sent",
    }


def codes(who: Person, made: str) -> set[str]:
    """The subjects of a package, received for that."""
    table = next(file["path"] for file in who.files(made) if file["path"].endswith("patient.csv"))
    return {row["subject"] for row in csv.DictReader(io.StringIO(who.bytes_of(made, table).decode()))}


def test_a_mail_server_that_others_can_read_along_with_is_refused(tmp_path: Path) -> None:
    settings = {"mail.server": "mail.example.org", "mail.security": "none", "mail.from": "data@hospital.example"}
    for command in (["serve"], ["config", "check"]):
        refused = Isocenter(tmp_path, settings).run(*command)
        assert refused.returncode != 0 and "others can read along" in refused.stderr
    settings["mail.security"] = "tls"
    assert "no mistakes" in Isocenter(tmp_path, settings).printed("config", "check")
