"""Run variants in turn, each in a fresh process, and compare them within each round."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Measured = dict[str, float]


def compare(script: str, variants: list[str], arguments: list[str]) -> None:
    """Print the medians of each variant's ratios to the first; arguments: sizes, then rounds."""
    *sizes, rounds = arguments
    found: list[dict[str, Measured]] = []
    for _ in range(int(rounds)):
        found.append({variant: _fresh(script, variant, sizes) for variant in variants})
        print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    print(f"{Path(script).name} {' '.join(sizes)}: medians of {rounds} rounds, less is faster")
    print(f"{'':10}{'by the clock':>14}{'by the processor':>18}{'seconds':>10}{'MB beside':>11}")
    for variant in variants:
        wall, cpu = (
            statistics.median(one[variant][unit] / one[variants[0]][unit] for one in found)
            for unit in ("wall_s", "cpu_s")
        )
        seconds = statistics.median(one[variant]["wall_s"] for one in found)
        beside = statistics.median(one[variant]["beside_mb"] for one in found)
        print(f"{variant:10}{wall:14.2f}{cpu:18.2f}{seconds:10.3f}{beside:11.0f}")


def measure(work: Callable[[], int]) -> None:
    """Time `work` in memory it has used before, and its peak beside the bytes it says it returns.

    The first call is for the memory: what a fresh page costs would hide the difference.
    """
    Path("/proc/self/clear_refs").write_text("5")
    before = _peak_mb()
    returned = work() / 2**20
    beside = _peak_mb() - before - returned
    clock, processor = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - clock, time.process_time() - processor
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "beside_mb": beside}))


def _fresh(script: str, variant: str, sizes: list[str]) -> Measured:
    command = [sys.executable, script, "--variant", variant, *sizes]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Measured = json.loads(done.stdout)
    return found


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024
