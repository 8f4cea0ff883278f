import os

# Before numpy is first imported: what triage multiplies is small, and handing it to other threads costs twice the time it takes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.celery import app as celery_app

__all__ = ["celery_app"]
