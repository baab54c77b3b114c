"""From an address to an image on screen, ours beside the same viewer as its makers publish it."""

from __future__ import annotations

import json
import re
import subprocess

from measure import median
from report import Report
from samples import Bench
from servers import HERE, ROOT, Isocenter


def run(bench: Bench, report: Report) -> None:
    report.part("The viewer, in headless Chromium without a graphics card (an exam of one series, 512 x 512)")
    slices = bench.scaled(1000)
    files = bench.files("viewer", slices, 512, series=slices, exam=1)
    with Isocenter(bench.memory / "server") as server:
        server.command("import", str(files.folder))
        server.settled(slices)
        found = server.json("/studies")
        told = {
            "base": f"http://127.0.0.1:{server.web_port}",
            "token": server.headers["Authorization"].removeprefix("Bearer "),
            "link": re.findall(r"http\S+", server.command("user", "link", "bench"))[0],
            "study": found[0]["0020000D"]["Value"][0],
            "slices": slices,
            "rounds": bench.rounds,
        }
        done = subprocess.run(["node", str(HERE / "viewer.mjs"), json.dumps(told)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"bench/viewer.mjs: {done.stderr[-2000:]}")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    of = {
        (name, what): median([line[what] for line in lines if line["name"] == name])
        for name in ("isocenter", "ohif")
        for what in ("first", "hundredth", "memory")
    }
    preview = median([line["preview"] for line in lines if line["name"] == "isocenter"]) / 1000
    report.at_most("the exam's picture", preview, "s", 1)
    report.told("first image to scroll", of["isocenter", "first"] / 1000, "s", ohif=of["ohif", "first"] / 1000)
    for what, name in (("first", "first image"), ("hundredth", "hundredth image"), ("memory", f"memory after {slices} images")):
        ratio = of["isocenter", what] / of["ohif", what]
        report.at_most(f"{name}: ours / stock OHIF", ratio, "x", 1, ours=of["isocenter", what], ohif=of["ohif", what])
