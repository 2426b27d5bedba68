"""A worker in a process of its own, with the tests' work and little patience: python -m tests.foundation.job_worker."""

from __future__ import annotations

import os
import signal
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

import tests.foundation.job_handlers  # noqa: E402, F401
from songhe.foundation.jobs.worker import Pace, work  # noqa: E402

if __name__ == "__main__":
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    work(stopping=ending, pace=Pace(heartbeat=0.3, stalled=1.5, look=0.5, again=0.3))
