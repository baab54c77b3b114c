"""DICOM over TLS: DCMTK with and without a certificate of its own, pynetdicom with one."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pynetdicom import AE, build_role, evt
from pynetdicom.sop_class import CTImageStorage, StudyRootQueryRetrieveInformationModelGet, Verification

import dcmtk
from certificates import Authority, Identity
from isocenter import Isocenter, running, soon
from samples import encoded, exam, instance, write


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


def settings(authority: Authority, **more: str) -> dict[str, str]:
    own = authority.issue("server")
    files = {"tls_certificate": own.certificate, "tls_key": own.key}
    given = {f"dimse.{key}": str(value) for key, value in (files | more).items()}
    return given | {"dimse.tls_listen": "127.0.0.1:0", "dimse.unknown_peers": "refuse"}


@pytest.fixture(scope="module")
def known(authority: Authority) -> Identity:
    return authority.issue("scanner")


@pytest.fixture(scope="module")
def mutual(authority: Authority, known: Identity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    """A server where every caller shows a certificate that the authority has signed."""
    with running(
        tmp_path_factory.mktemp("mutual"), settings(authority, tls_client_authorities=str(authority.path))
    ) as server:
        server.add_peer("scanner", "SCANNER", "--fingerprint", known.fingerprint, may=("store", "query", "retrieve"))
        yield server


def with_certificate(identity: Identity, authority: Authority) -> tuple[str | Path, ...]:
    return ("+tls", identity.key, identity.certificate, "+cf", authority.path, "-aet", "SCANNER", "-aec", "ISOCENTER")


def test_dcmtk_over_mutual_tls(mutual: Isocenter, authority: Authority, known: Identity, tmp_path: Path) -> None:
    tls = with_certificate(known, authority)
    there = ("localhost", mutual.tls_port)
    slices = exam(3, patient="TLS1")
    dcmtk.succeeds("echoscu", *tls, *there)
    dcmtk.succeeds("storescu", *tls, *there, *write(tmp_path / "sent", slices))
    mutual.indexed(3)
    found = dcmtk.find(tmp_path / "found", mutual.tls_port, "-S", *tls, QueryRetrieveLevel="STUDY", PatientID="TLS1")
    assert len(found) == 1


def test_strangers_do_not_get_through(mutual: Isocenter, authority: Authority, known: Identity) -> None:
    there = ("-aet", "SCANNER", "-aec", "ISOCENTER", "localhost", mutual.tls_port)
    own_making = authority.issue("stranger", signed=False)
    other = authority.issue("other")
    trusted = ("+cf", authority.path)
    refused = dcmtk.run("echoscu", "+tls", own_making.key, own_making.certificate, *trusted, *there)
    assert refused.returncode != 0, "a certificate of its own making"
    refused = dcmtk.run("echoscu", "+tla", *trusted, *there)
    assert refused.returncode != 0, "no certificate at all"
    rejected = dcmtk.run("echoscu", "+tls", other.key, other.certificate, *trusted, *there)
    assert "Calling AE Title Not Recognized" in rejected.stdout, "the certificate of somebody else"
    plain = dcmtk.run("echoscu", *there)
    assert plain.returncode != 0, "no TLS"


def test_a_peer_by_certificate_is_not_let_in_without(mutual: Isocenter) -> None:
    plain = dcmtk.run("echoscu", "-aet", "SCANNER", "-aec", "ISOCENTER", "localhost", mutual.dimse_port)
    assert "Calling AE Title Not Recognized" in plain.stdout


def test_tls_without_client_certificates(authority: Authority, tmp_path: Path) -> None:
    """The server proves itself; peers are known by title and address."""
    with running(tmp_path / "server", settings(authority)) as server:
        server.add_peer("scanner", "SCANNER", "--from", "127.0.0.1/32", may=("store",))
        tls = ("+tla", "+cf", authority.path, "-aet", "SCANNER", "-aec", "ISOCENTER", "localhost", server.tls_port)
        dcmtk.succeeds("echoscu", *tls)
        dcmtk.succeeds("storescu", *tls, *write(tmp_path / "sent", [instance()]))
        server.indexed(1)


def test_pynetdicom_over_mutual_tls(mutual: Isocenter, authority: Authority, known: Identity) -> None:
    """Stores an instance and gets it back. (DCMTK's getscu knows no TLS.)"""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(authority.path))
    context.load_cert_chain(known.certificate, known.key)
    image, received = instance(syntax=pydicom.uid.ImplicitVRLittleEndian), []
    keep = (evt.EVT_C_STORE, lambda event: received.append(event.dataset) or 0x0000)
    ae = AE(ae_title="SCANNER")
    for sop_class in (Verification, CTImageStorage, StudyRootQueryRetrieveInformationModelGet):
        ae.add_requested_context(sop_class)
    made = ae.associate(
        "127.0.0.1",
        mutual.tls_port,
        ae_title="ISOCENTER",
        tls_args=(context, "localhost"),
        ext_neg=[build_role(CTImageStorage, scp_role=True, scu_role=True)],
        evt_handlers=[keep],
    )
    assert made.is_established
    assert made.send_c_echo().Status == 0
    assert made.send_c_store(pydicom.dcmread(BytesIO(encoded(image)))).Status == 0
    exam_uid = {"StudyInstanceUID": image.StudyInstanceUID}
    soon(lambda: mutual.find("/studies", **exam_uid))
    keys = pydicom.Dataset()
    keys.QueryRetrieveLevel, keys.StudyInstanceUID = "STUDY", image.StudyInstanceUID
    answers = list(made.send_c_get(keys, StudyRootQueryRetrieveInformationModelGet))
    made.release()
    assert answers[-1][0].Status == 0 and received == [image]


@contextmanager
def dcmtk_scp(folder: Path, own: Identity, authority: Authority, *options: str) -> Iterator[int]:
    """DCMTK's storescp behind TLS, asking for a certificate; its port."""
    port = dcmtk.free_port()
    tls = ("+tls", own.key, own.certificate, "+cf", authority.path)
    command = [dcmtk.program("storescp"), *tls, *options, "-od", folder, port]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        soon(lambda: dcmtk.listens(port))
        yield port
    finally:
        process.terminate()
        process.wait(30)


def test_we_call_a_peer_over_mutual_tls(mutual: Isocenter, authority: Authority, tmp_path: Path) -> None:
    """`peer echo` and `peer send` to DCMTK's storescp: known by its authority, or by its certificate."""
    images = exam(3, patient="TLS2")
    mutual.stow(*map(encoded, images))
    own, other = authority.issue("pacs"), authority.issue("impostor")
    with dcmtk_scp(tmp_path, own, authority) as port:
        where = ("--host", "127.0.0.1", "--port", str(port), "--tls")
        for proof in ((), ("--fingerprint", own.fingerprint)):
            mutual.add_peer("pacs", "PACS", *where, *proof, may=("store",))
            mutual.printed("peer", "echo", "pacs")
        assert "done: 3 of 3" in mutual.printed("peer", "send", "pacs", images[0].StudyInstanceUID)
        received = [pydicom.dcmread(path) for path in tmp_path.iterdir()]
        assert len(received) == 3 and all(image in images for image in received)
        mutual.add_peer("pacs", "PACS", *where, "--fingerprint", other.fingerprint, may=("store",))
        refused = mutual.run("peer", "echo", "pacs")
        assert refused.returncode == 1 and refused.stderr.startswith("error: "), refused.stderr


def test_an_account_by_user_identity_over_tls(authority: Authority, tmp_path: Path) -> None:
    with running(tmp_path, settings(authority)) as server:
        token = server.token("bob")
        for passcode, passes in ((token, True), ("wrong", False)):
            identity = ("-usr", "bob", "-pwd", passcode, "-rsp")
            tls = ("+tla", "+cf", authority.path, "-aec", "ISOCENTER", "localhost", server.tls_port)
            done = dcmtk.run("storescu", *identity, *tls, *write(tmp_path / passcode[:5], [instance()]))
            assert (done.returncode == 0) == passes, done.stdout
        server.indexed(1)
