"""The machine in words, and what else it does while something is measured."""

import os
import platform
import sys
from pathlib import Path

PROC = Path("/proc")


def describe() -> str:
    """Processors, memory and interpreter, as the operating system tells; no name of a host, no path."""
    cpus, memory = os.cpu_count() or 1, _field("meminfo", "MemTotal")
    model = _field("cpuinfo", "model name") or platform.processor() or platform.machine()
    size = f"{int(memory.split()[0]) / 2**20:.0f} GB of memory" if memory else "memory unknown"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{cpus} CPUs ({model}{_siblings()}), {size}, {platform.system()}, {python}"


def _siblings() -> str:
    """Whether CPUs are threads of one core, where the system tells."""
    file = Path("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list")
    if not file.exists():
        return ""
    text = file.read_text().strip()
    return ", two threads a core" if "," in text or "-" in text else ", one thread a core"


def _field(file: str, name: str) -> str:
    if not (PROC / file).exists():
        return ""
    lines = (PROC / file).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def busy_seconds() -> float | None:
    """CPU seconds that all processes of the machine have used since it began; None where it does not tell."""
    if not (PROC / "stat").exists():
        return None
    user, nice, system, _, _, irq, softirq = map(int, (PROC / "stat").read_text().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def peak_mb() -> float:
    """The most memory that this process has held; not that of the process which began it."""
    peak = _field("self/status", "VmHWM")
    if peak:
        return int(peak.split()[0]) / 1024
    import resource

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 1024)
