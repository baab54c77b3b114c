"""Storage commitment (PS3.4 Annex J) with pynetdicom as the scanner."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid
from pynetdicom import AE, build_context, evt
from pynetdicom.sop_class import StorageCommitmentPushModel, StorageCommitmentPushModelInstance

from isocenter import Isocenter
from samples import encoded, exam
from store import association

Report = tuple[int, Dataset]


@pytest.fixture(scope="module")
def held(server: Isocenter) -> list[Dataset]:
    images = exam(4, patient="COMMIT")
    server.stow(*map(encoded, images))
    return images


def request(images: list[Dataset], missing: int = 0) -> Dataset:
    """Asks for commitment of images, and of some that were never sent."""
    items = [reference(image.SOPClassUID, image.SOPInstanceUID) for image in images]
    items += [reference(images[0].SOPClassUID, generate_uid()) for _ in range(missing)]
    made = Dataset()
    made.TransactionUID, made.ReferencedSOPSequence = generate_uid(), Sequence(items)
    return made


def reference(sop_class: str, instance: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, instance
    return item


class Desk:
    """Takes reports."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.came = threading.Event()

    def take(self, event: evt.Event) -> tuple[int, None]:
        self.reports.append((event.event_type, event.event_information))
        self.came.set()
        return 0x0000, None

    def the_report(self) -> Report:
        assert self.came.wait(60), "no report came"
        (report,) = self.reports
        return report

    @property
    def handler(self) -> tuple:
        return evt.EVT_N_EVENT_REPORT, self.take


def ask(made, asked: Dataset) -> None:
    answer, _ = made.send_n_action(asked, 1, StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
    assert answer.Status == 0


def test_the_report_comes_on_the_same_association(server: Isocenter, held: list[Dataset]) -> None:
    for missing, event_type in ((0, 1), (2, 2)):
        desk, asked = Desk(), request(held, missing)
        with association(
            server.dimse_port, [build_context(StorageCommitmentPushModel)], evt_handlers=[desk.handler]
        ) as made:
            ask(made, asked)
            said, report = desk.the_report()
        assert said == event_type and report.TransactionUID == asked.TransactionUID
        committed = {item.ReferencedSOPInstanceUID for item in report.ReferencedSOPSequence}
        assert committed == {image.SOPInstanceUID for image in held}
        failed = report.get("FailedSOPSequence", [])
        assert [item.FailureReason for item in failed] == [0x0112] * missing, "no such object instance"


@contextmanager
def scanner(server: Isocenter, desk: Desk) -> Iterator[None]:
    """Listens for reports under the title SCANNER, which is entered as a peer."""
    ae = AE(ae_title="SCANNER")
    # Who calls us with a report is the SCP of commitment, in the role of the caller (PS3.4 §J.3.3).
    ae.add_supported_context(StorageCommitmentPushModel, scu_role=False, scp_role=True)
    scp = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[desk.handler])
    port = scp.socket.getsockname()[1]
    server.add_peer("scanner", "SCANNER", "--host", "127.0.0.1", "--port", str(port), may=("store",))
    try:
        yield
    finally:
        scp.shutdown()


def test_who_has_hung_up_is_called(server: Isocenter, held: list[Dataset]) -> None:
    desk, asked = Desk(), request(held[:2], missing=1)
    with scanner(server, desk):
        with association(server.dimse_port, [build_context(StorageCommitmentPushModel)], title="SCANNER") as made:
            ask(made, asked)
            made.abort()
        said, report = desk.the_report()
    assert said == 2 and report.TransactionUID == asked.TransactionUID
    assert len(report.ReferencedSOPSequence) == 2 and len(report.FailedSOPSequence) == 1


def test_a_promise_outlives_the_server(server: Isocenter, held: list[Dataset]) -> None:
    """Killed between the request and its report, it reports when it runs again."""
    desk, asked = Desk(), request(held)
    with scanner(server, desk):
        with association(server.dimse_port, [build_context(StorageCommitmentPushModel)], title="SCANNER") as made:
            ask(made, asked)
            server.kill()
            made.abort()
        server.start()
        said, report = desk.the_report()
    assert said == 1 and report.TransactionUID == asked.TransactionUID
