"""A C-STORE sender that sends bytes as they are in the file, however odd: pynetdicom's association,
without its encoder."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from pynetdicom import AE, _config
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.presentation import PresentationContext, build_context

from samples import Sent

# Odd UIDs are sent as they are.
_config.ENFORCE_UID_CONFORMANCE = False
# An association carries at most so many presentation contexts (PS3.8 §9.3.2.2).
CONTEXTS = 128

Name = tuple[str, str]


def associate(
    port: int, contexts: list[PresentationContext], title: str = "E2E", called: str = "ISOCENTER", **more
) -> Association:
    ae = AE(ae_title=title)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 60
    return ae.associate("127.0.0.1", port, contexts=contexts, ae_title=called, **more)


@contextmanager
def association(port: int, contexts: list[PresentationContext], **more) -> Iterator[Association]:
    """An association that was accepted; released at the end."""
    made = associate(port, contexts, **more)
    assert made.is_established, f"rejected: {made.acceptor.primitive}"
    try:
        yield made
    finally:
        if made.is_established:
            made.release()


def bundles(files: Iterable[Sent]) -> list[list[Sent]]:
    """Files in bundles of one association each."""
    bundle: list[Sent] = []
    names: set[Name] = set()
    made = [bundle]
    for file in files:
        name = (file.sop_class, file.syntax)
        if name not in names and len(names) == CONTEXTS:
            bundle, names = [], set()
            made.append(bundle)
        names.add(name)
        bundle.append(file)
    return made


class Answer(NamedTuple):
    """What the receiver says of an instance."""

    status: int
    comment: str


def send_raw(made: Association, file: Sent, message_id: int = 1) -> Answer | None:
    """Sends the data set's bytes on a `paused` association; None where the context was refused."""
    accepted = {(str(c.abstract_syntax), str(c.transfer_syntax[0])): c.context_id for c in made.accepted_contexts}
    context = accepted.get((file.sop_class, file.syntax))
    if context is None:
        return None
    request = C_STORE()
    request.MessageID, request.Priority = message_id, 2
    request.AffectedSOPClassUID, request.AffectedSOPInstanceUID = file.sop_class, file.sop_instance
    request.DataSet = io.BytesIO(file.data_set) if file.data_set else None
    made.dimse.send_msg(request, context)
    _, answer = made.dimse.get_msg(block=True)
    assert answer is not None, "no answer"
    return Answer(answer.Status, str(answer.ErrorComment or ""))


@contextmanager
def paused(made: Association) -> Iterator[None]:
    """Keeps the association's own thread from taking the answers. Once for all sends: between two, it
    could wake just long enough to take one."""
    made._reactor_checkpoint.clear()
    while not made._is_paused:
        time.sleep(0.001)
    try:
        yield
    finally:
        made._reactor_checkpoint.set()


def send_all(port: int, files: Iterable[Sent]) -> Iterator[tuple[Sent, Answer | None]]:
    """Sends files over as many associations as their kinds need; gives each with its answer."""
    for bundle in bundles(files):
        names = sorted({(file.sop_class, file.syntax) for file in bundle})
        contexts = [build_context(sop_class, syntax) for sop_class, syntax in names]
        with association(port, contexts) as made, paused(made):
            for number, file in enumerate(bundle):
                yield file, send_raw(made, file, number % 65535 + 1)
