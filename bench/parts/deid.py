"""De-identification of folders, headers only: beside copying the same files, gdcmanon, dcmodify and pydicom."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from measure import median
from report import Report
from samples import Bench
from servers import BINARY, HERE, ROOT

POLICIES = ["basic", "public-sharing"]


def run(bench: Bench, report: Report) -> None:
    report.part("De-identification of a folder, tmpfs, one thread (CPU of the whole command, µs a file)")
    for name, size, count, few, bound in (("64²", 64, 10_000, 500, 1.5), ("512²", 512, 1000, 100, 1.15)):
        source = bench.files("small" if size == 64 else "large", bench.scaled(count), size)
        paths = source.all(bench.scaled(count))
        work = bench.memory / "deid"
        certificate(work)
        sides: dict[str, Callable[[], float]] = {
            "copy": lambda: used(["cp", "-r", str(source.folder), str(work / "out")], len(source.all())),
            **{policy: lambda policy=policy: ours(source.folder, work, policy, len(source.all())) for policy in POLICIES},
        }
        fewer = [str(path) for path in paths[: bench.scaled(few)]]
        peers: dict[str, Callable[[], float]] = {
            "gdcmanon": lambda: gdcmanon(fewer, work),
            "dcmodify": lambda: dcmodify(fewer, work),
            "pydicom": lambda: pydicom_loop(fewer, work),
        }
        found: dict[str, list[float]] = {side: [] for side in [*sides, *peers]}
        for _ in range(bench.rounds):
            for side, measure in {**sides, **peers}.items():
                found[side].append(measure())
        told(report, name, {side: median(values) for side, values in found.items()}, bound, size == 64)
        shutil.rmtree(work)


def told(report: Report, name: str, cost: dict[str, float], bound: float, small: bool) -> None:
    for policy in POLICIES:
        shown = {"us": cost[policy], "copied_us": cost["copy"], "files_s_core": 1e6 / cost[policy]}
        report.at_most(f"{name} {policy}: / copying", cost[policy] / cost["copy"], "x", bound, **shown)
    best = cost["public-sharing"]
    if small:
        report.at_least(f"{name}: gdcmanon / ours", cost["gdcmanon"] / best, "x", 15, gdcmanon_us=cost["gdcmanon"])
        report.at_least(f"{name}: pydicom / ours", cost["pydicom"] / best, "x", 200, pydicom_us=cost["pydicom"])
    else:
        report.told(f"{name}: gdcmanon / ours", cost["gdcmanon"] / best, "x", gdcmanon_us=cost["gdcmanon"])
        report.told(f"{name}: pydicom / ours", cost["pydicom"] / best, "x", pydicom_us=cost["pydicom"])
    report.told(f"{name}: dcmodify / ours", cost["dcmodify"] / best, "x", dcmodify_us=cost["dcmodify"])


def used(command: list[str], files: int, allowed: tuple[int, ...] = (0,)) -> float:
    """Processor time of a command in µs a file; what it wrote is then removed."""
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode not in allowed:
        raise RuntimeError(f"{command[0]} ended with {running.returncode}")
    out = Path(command[-1]) if command[0] == "cp" else None
    if out:
        shutil.rmtree(out)
    return (usage.ru_utime + usage.ru_stime) * 1e6 / files


def ours(source: Path, work: Path, policy: str, files: int) -> float:
    out, key = work / "out", work / "project.key"
    shutil.rmtree(out, ignore_errors=True)
    given = ["--policy", policy, "--key-file", str(key), "--make-key", "--threads", "1"]
    cost = used([str(BINARY), "deid", str(source), str(out), *given], files)
    written = sum(1 for path in out.rglob("*.dcm"))
    if written != files:
        raise RuntimeError(f"isocenter wrote {written} of {files} files")
    shutil.rmtree(out)
    return cost


def certificate(work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "certificate.pem").exists():
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=bench"]
        given = ["-keyout", str(work / "key.pem"), "-out", str(work / "certificate.pem")]
        subprocess.run([*made, *given], check=True, capture_output=True)


def copies(paths: list[str], work: Path) -> Path:
    folder = work / "few"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, path in enumerate(paths):
        shutil.copy(path, folder / f"{number:05}.dcm")
    return folder


def gdcmanon(paths: list[str], work: Path) -> float:
    """The basic profile, which encrypts what it takes out."""
    folder, out = copies(paths, work), work / "few-out"
    shutil.rmtree(out, ignore_errors=True)
    command = ["gdcmanon", "-e", "-c", str(work / "certificate.pem"), "-r", "--continue", "-i", str(folder), "-o", str(out)]
    return used(command, len(paths), (0, 1))


def dcmodify(paths: list[str], work: Path) -> float:
    folder = copies(paths, work)
    erased = [word for tag in ("0010,0030", "0008,0080", "0008,0081", "0008,0090", "0010,1040", "0010,2154", "0008,1070") for word in ("-ea", f"({tag})")]
    changed = ["-m", "0010,0010=X", "-m", "0010,0020=X", "-gst", "-gse", "-gin", "-ep", "-nb", "-imt"]
    return used(["dcmodify", *changed, *erased, *sorted(str(path) for path in folder.iterdir())], len(paths))


def pydicom_loop(paths: list[str], work: Path) -> float:
    """Table E.1-1 over every element, private attributes out, UIDs replaced."""
    folder = copies(paths, work)
    script = str(HERE / "pydicom_deid.py")
    table = str(ROOT / "crates/deid/data/profile.tsv")
    return used([sys.executable, script, table, str(folder)], len(paths))
