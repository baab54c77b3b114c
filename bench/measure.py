"""What a process used, the middle of several rounds, and threads that share work."""

from __future__ import annotations

import os
import queue
import statistics
import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
TICKS = os.sysconf("SC_CLK_TCK")


class Used:
    """Between the two ends of a `with`: `seconds` on the clock, `cpu` seconds of a process."""

    def __init__(self, pid: int) -> None:
        self.pid, self.seconds, self.cpu = pid, 0.0, 0.0

    def __enter__(self) -> Used:
        self._cpu = cpu_seconds(self.pid)
        self._begun = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._begun
        self.cpu = cpu_seconds(self.pid) - self._cpu


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with its children, in s; to 10 ms."""
    total = 0
    for one in [pid, *children(pid)]:
        try:
            with open(f"/proc/{one}/stat") as stat:
                total += sum(int(field) for field in stat.read().rsplit(")", 1)[1].split()[11:15])
        except OSError:
            pass  # it has ended, and counts as its parent's child
    return total / TICKS


def children(pid: int) -> list[int]:
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as listed:
                found += [int(child) for child in listed.read().split()]
    except OSError:
        return found
    return found + [grandchild for child in found for grandchild in children(child)]


def memory(pid: int, key: str) -> float:
    """`VmRSS` or `VmHWM` (the peak) of a process, in MB."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(key)) / 1024


def forget_peak(pid: int) -> None:
    """Sets the peak back to what is used now."""
    with open(f"/proc/{pid}/clear_refs", "w") as refs:
        refs.write("5")


def median(values: Iterable[float]) -> float:
    return statistics.median(list(values))


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def share_out(threads: int, jobs: Iterable[T], work: Callable[[Iterable[T]], None]) -> None:
    """Runs `work` in several threads, each taking the next job as it is ready; a failure fails all."""
    waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    failures: list[BaseException] = []

    def taken() -> Iterable[T]:
        while not failures:
            try:
                yield waiting.get_nowait()
            except queue.Empty:
                return

    def run() -> None:
        try:
            work(taken())
        except BaseException as failure:  # told by the caller's thread
            failures.append(failure)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if failures:
        raise failures[0]
