"""Handing out: WADO-RS, metadata, rendered frames, C-MOVE and C-GET. Everything on tmpfs."""

from __future__ import annotations

import json
import subprocess
import time

from measure import Used, median
from report import Report
from samples import Bench, Samples, send, tool
from servers import Isocenter, Orthanc, Server, StaticFiles, WebServer, free_port

AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*'
JSON = "application/dicom+json"


def run(bench: Bench, report: Report) -> None:
    receiver = free_port()
    small = bench.files("series", bench.scaled(1000), 64, series=1000, exam=1)
    large = bench.files("exam", bench.scaled(200), 512, series=100, exam=2)
    with (
        Isocenter(bench.memory / "server") as ours,
        Orthanc(bench.memory / "peer", receiver) as peer,
        StaticFiles(bench.memory / "static", bench.memory / "files") as static,
    ):
        ours.know_receiver(receiver)
        for server in (ours, peer):
            sent = send(server, [small.folder, large.folder], 4)
            server.settled(sent["instances"])
        exams = {"512²": (large, identify(ours, len(large.all()))), "64²": (small, identify(ours, len(small.all())))}
        web(bench, report, ours, peer, static, exams)
        metadata(bench, report, ours, peer, exams["64²"][1], len(small.all()))
        rendered(bench, report, ours, exams["512²"][1])
        dimse(bench, report, ours, peer, receiver, exams)


def identify(server: Isocenter, instances: int) -> str:
    """The Study Instance UID of the exam with so many instances."""
    found = server.json(f"{server.base}/studies?includefield=00201208".removeprefix(server.base), JSON)
    return next(str(exam["0020000D"]["Value"][0]) for exam in found if exam["00201208"]["Value"][0] == instances)


def fetch(server: Server, urls: list[str], *headers: str) -> tuple[float, int]:
    """Seconds and bytes to fetch URLs one after the other over one connection, by curl."""
    options = [word for header in headers for word in ("--header", header)]
    sink = [word for url in urls for word in (url, "--output", "/dev/null")]
    format = ["--write-out", "%{http_code} %{size_download}\\n"]
    command = ["curl", "--silent", "--no-buffer", *format, *options, *sink]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - begun
    told = [line.split() for line in done.stdout.splitlines()]
    if any(code != "200" for code, _ in told):
        raise RuntimeError(f"{server.name} answered {told[0][0]} for {urls[0]}")
    return seconds, sum(int(length) for _, length in told)


def exam_url(server: WebServer, exam: str) -> str:
    return f"http://127.0.0.1:{server.web_port}{server.base}/studies/{exam}"


def bearer(server: WebServer) -> list[str]:
    return [f"{name}: {value}" for name, value in server.headers.items()]


def web(
    bench: Bench,
    report: Report,
    ours: Isocenter,
    peer: Orthanc,
    static: StaticFiles,
    exams: dict[str, tuple[Samples, str]],
) -> None:
    report.part("WADO-RS of an exam, tmpfs (MB/s; static files: nginx with sendfile, file by file)")
    for name, (samples, exam) in exams.items():
        files = [f"http://127.0.0.1:{static.port}/{path.relative_to(static.files)}" for path in samples.all()]
        repeat = 3
        rates: dict[str, list[float]] = {"ours": [], "orthanc": [], "static": []}
        for _ in range(bench.rounds + 1):
            for key, server, urls, headers in (
                ("ours", ours, [exam_url(ours, exam)] * repeat, [f"Accept: {AS_STORED}", *bearer(ours)]),
                ("static", static, files * repeat, []),
                ("orthanc", peer, [exam_url(peer, exam)], [f"Accept: {AS_STORED}"]),
            ):
                seconds, length = fetch(server, urls, *headers)
                rates[key].append(length / seconds / 1e6)
        middle = {key: median(found[1:]) for key, found in rates.items()}
        report.at_least(f"{name}: / static files", middle["ours"] / middle["static"], "x", 0.7, **middle)
        report.at_least(f"{name}: / Orthanc", middle["ours"] / middle["orthanc"], "x", 5, **middle)


def metadata(bench: Bench, report: Report, ours: Isocenter, peer: Orthanc, exam: str, instances: int) -> None:
    report.part(f"/metadata of a series of {instances} instances (ms an instance)")
    found: dict[str, list[float]] = {"ours": [], "orthanc": []}
    for _ in range(bench.rounds):
        for key, server in (("ours", ours), ("orthanc", peer)):
            series = f"/studies/{exam}/series"
            connection = server.connection()
            uid = json.loads(server.get(connection, series, JSON))[0]["0020000E"]["Value"][0]
            begun = time.perf_counter()
            body = server.get(connection, f"{series}/{uid}/metadata", JSON)
            found[key].append((time.perf_counter() - begun) * 1000 / instances)
            assert len(json.loads(body)) == instances
            connection.close()
    # Orthanc keeps its first answer and gives that again; we make ours each time.
    first = {key: values[0] for key, values in found.items()}
    later = {key: median(values[1:]) for key, values in found.items()}
    report.at_least("first time: Orthanc /", first["orthanc"] / first["ours"], "x", 10, **first)
    report.told("again: Orthanc /", later["orthanc"] / later["ours"], "x", **later)


def rendered(bench: Bench, report: Report, ours: Isocenter, exam: str) -> None:
    report.part("Rendered frames")
    connection = ours.connection()
    found = json.loads(ours.get(connection, f"/studies/{exam}/instances", JSON))
    paths = [
        f"/studies/{exam}/series/{one['0020000E']['Value'][0]}/instances/{one['00080018']['Value'][0]}/rendered"
        for one in found
    ]
    ours.get(connection, paths[0], "image/jpeg")
    costs = []
    for _ in range(bench.rounds):
        with Used(ours.pid) as used:
            for path in paths[1:]:
                ours.get(connection, path, "image/jpeg")
        costs.append(used.cpu * 1000 / len(paths[1:]))
    connection.close()
    report.at_most("512² JPEG from raw: server CPU", median(costs), "ms", 1.5)


def dimse(
    bench: Bench,
    report: Report,
    ours: Isocenter,
    peer: Orthanc,
    receiver: int,
    exams: dict[str, tuple[Samples, str]],
) -> None:
    report.part("C-MOVE and C-GET of an exam to a receiver that forgets it (instances/s)")
    for how, options in (("C-MOVE", ["--move-to", str(receiver)]), ("C-GET", [])):
        for name, (samples, exam) in exams.items():
            count = len(samples.all())
            rates: dict[str, list[float]] = {"ours": [], "orthanc": []}
            for _ in range(bench.rounds):
                for key, server in (("ours", ours), ("orthanc", peer)):
                    where = ["--to", f"127.0.0.1:{server.port}", "--called", server.title]
                    done = tool("retrieve", exam, *where, *options)
                    assert done["instances"] == count, (server.name, done)
                    rates[key].append(count / done["seconds"])
            ratio = median(rates["ours"]) / median(rates["orthanc"])
            report.at_least(
                f"{how}, {name}: / Orthanc", ratio, "x", 5, **{key: median(all) for key, all in rates.items()}
            )


