"""Write figures as a page of the documentation and as lines on the console."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

from bench.figures import Figure

# Of the minute before anything was measured.
LOAD = os.getloadavg()[0]
HEAD = """# 性能

`make bench` 写成这一页：每个数字旁边是同一次运行、同一台机器、同一个数据库上的对照。绝对的毫秒数随机器变，看比例。每一轮里，各样按抽签的次序做，谁也不总排在慢的后面。怎样快起来的，见 [ADR 10](adr/0010-a-step-in-seven-statements.md) 和 [ADR 19](adr/0019-past-the-layers-on-the-hot-path.md)。

- 机器：{machine}
- 命令：`{command}`
- 开始时机器上别的程序：负载 {load:.1f}
- 数据库：SQLite（WAL，`synchronous=FULL`）和 PostgreSQL（默认设置，`fsync=on`）

| 负荷 | 量的是什么 | 数据库 | 我们 | 对照 | 比例 | 约定 | 说明 |
|---|---|---|--:|--:|--:|---|---|
"""


def line_of(figure: Figure) -> str:
    """Return a figure as a row of the table."""
    promise = f"{figure.limit} {figure.bound:g} 倍" if figure.limit and figure.bound is not None else "—"
    kept = "" if figure.is_kept else " **没有达到**"
    ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else "—"
    beside = f"{figure.yardstick:.3g} {figure.unit}（{figure.yardstick_name}）" if figure.yardstick is not None else "—"
    notes = "；".join(f"{name} {value}" for name, value in figure.notes.items()) or "—"
    cells = [figure.workload, figure.name, figure.database, f"{figure.cost:.3g} {figure.unit}", beside, ratio]
    return f"| {' | '.join([*cells, promise + kept, notes])} |"


def write(figures: Iterable[Figure], path: Path, command: str) -> None:
    """Write the page of all figures."""
    rows = "\n".join(line_of(figure) for figure in figures)
    head = HEAD.format(machine=machine(), command=_before() + command, load=LOAD)
    path.write_text(head + rows + "\n", encoding="utf-8")


def _before() -> str:
    """Return what stood before the command, where other programs had to wait."""
    is_first = hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) == os.SCHED_FIFO
    return "chrt -f 1 " if is_first else ""


def machine() -> str:
    """Describe the machine without naming it."""
    model = next((line.split(":", 1)[1].strip() for line in _processors() if line.startswith("model name")), "")
    cores = os.cpu_count()
    return f"{cores} 核 {model or platform.machine()}，{platform.system()}，Python {platform.python_version()}"


def _processors() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
