"""The queue of jobs behind Redis: Celery as it is set up for all who send and work."""

from typing import Any

from celery import Celery

from app.config import Settings

TICK_SECONDS = 15.0
# A job that comes late is worth nothing: the next tick finds what it would have found.
WORTH_SECONDS = 60
LONGEST_JOB_SECONDS = 240
REACH_SECONDS = 2.0


def celery_of(settings: Settings) -> Celery:
    """Return the queue of an installation."""
    return Celery("shenpi", broker=settings.redis_url, config_source=_config())


def _config() -> dict[str, Any]:
    return {
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        # A job is done when it is finished; one whose worker died comes back.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # More than a worker's processes: while all that it may hold is unconfirmed it asks Redis for nothing, and so
        # would never notice that Redis went away under confirmations that failed.
        "worker_prefetch_multiplier": 8,
        "task_soft_time_limit": LONGEST_JOB_SECONDS,
        "task_time_limit": LONGEST_JOB_SECONDS + WORTH_SECONDS,
        "broker_transport_options": {
            "visibility_timeout": 2 * LONGEST_JOB_SECONDS,
            "socket_connect_timeout": REACH_SECONDS,
            "socket_timeout": 10 * REACH_SECONDS,
            "socket_keepalive": True,
            "health_check_interval": int(TICK_SECONDS),
        },
        # Whoever works and beats waits for Redis as long as it takes.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_max_tasks_per_child": 2000,
        "worker_send_task_events": False,
        "worker_enable_remote_control": False,
        "enable_utc": True,
        "beat_schedule": {"tick": {"task": "tick", "schedule": TICK_SECONDS, "options": {"expires": WORTH_SECONDS}}},
        "beat_max_loop_interval": TICK_SECONDS,
        "beat_scheduler": "tasks.pulse:PulsingScheduler",
    }
