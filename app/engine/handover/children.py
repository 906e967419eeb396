"""Start the process that judges, and take what becomes of it as the verdict."""

import logging
import os
import subprocess
import sys
import threading

from app.domain.errors import Throttled
from app.domain.text import N_
from app.engine.handover.jobs import PathJob, UploadJob
from app.engine.handover.limits import LIMITS, OUT_OF_MEMORY, Limits
from app.engine.handover.uploads import plain_name
from app.engine.handover.verdicts import Verdict, read_verdict, refused_for

logger = logging.getLogger(__name__)
# Isolated: neither the environment nor the folder it starts in decides which code judges.
_COMMAND = (sys.executable, "-I", "-X", "utf8", "-m", "app.engine.handover")
# Without the secrets of the server.
_INHERITED = ("PATH", "LANG", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP")
# Every judgement may take a whole processor, and whoever waits for one a thread of the server:
# the others are for the people at work.
_AT_ONCE, _ADMITTED = threading.BoundedSemaphore(2), threading.BoundedSemaphore(4)
RETRY_AFTER_S = 60
OVER_LIMITS = N_("检查用的时间或内存超过了上限，请删去多余的内容，或者把流程拆成几个。")
FAULTY = N_("检查程序读这个文件时出了错，已经记录下来。请用流程设计器重新保存，再交一次。")


class Busy(Throttled):
    """As many files are being judged as the server has room for."""

    message = N_("正在检查的流程太多，请 %(minutes)d 分钟后再交。")


def judge_upload(job: UploadJob, limits: Limits = LIMITS) -> Verdict:
    """Judge a file that was handed over, in a process of its own. Raises Busy."""
    return _judge(job, plain_name(job.file), limits)


def judge_path(job: PathJob) -> Verdict:
    """Judge what lies at a path, in a process of its own. Raises Busy."""
    return _judge(job, plain_name(job.path.name), LIMITS)


def _judge(job: UploadJob | PathJob, file: str, limits: Limits) -> Verdict:
    if not _ADMITTED.acquire(blocking=False):
        raise Busy(RETRY_AFTER_S)
    try:
        with _AT_ONCE:
            return _verdict_of(_run(job, limits), file)
    except subprocess.TimeoutExpired:
        return refused_for(file, "limits", OVER_LIMITS)
    finally:
        _ADMITTED.release()


def _run(job: UploadJob | PathJob, limits: Limits) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603 - this very program, and no shell
        [*_COMMAND, str(limits.memory), str(limits.cpu)],
        input=job.written(),
        capture_output=True,
        timeout=limits.wall,
        check=False,
        env=_environment(),
    )


def _verdict_of(done: "subprocess.CompletedProcess[bytes]", file: str) -> Verdict:
    if done.returncode == 0:
        return read_verdict(done.stdout)
    logger.warning("judging ended with %d: %s", done.returncode, done.stderr[-2000:].decode(errors="replace"))
    # A negative number is the signal that ended it.
    is_over_limits = done.returncode < 0 or done.returncode == OUT_OF_MEMORY
    return refused_for(file, "limits", OVER_LIMITS) if is_over_limits else refused_for(file, "internal", FAULTY)


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}
