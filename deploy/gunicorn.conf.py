"""The web server inside the image. Threads wait for the database together; workers use the processors."""

import os
import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

METRICS_FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

bind = "0.0.0.0:8000"  # inside the container, where the proxy alone reaches it
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
timeout = 60
graceful_timeout = 30
keepalive = 75
control_socket_disable = True  # the file system is read-only, and nobody steers a server from inside its container
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = "-"
access_log_format = '%({x-forwarded-for}i)s "%(m)s %(U)s" %(s)s %(B)s %(D)sus'  # no query strings: they may name people
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def on_starting(server: Any) -> None:
    """Give the workers an empty folder in which they add up their numbers for /metrics."""
    if METRICS_FOLDER:
        shutil.rmtree(METRICS_FOLDER, ignore_errors=True)
        Path(METRICS_FOLDER).mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    """Forget what a worker that ended was doing."""
    if METRICS_FOLDER:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
