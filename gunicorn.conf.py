"""How gunicorn serves Waymark. Flags on the command line go before what stands here."""

import os

wsgi_app = "lms.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Threads, because pages wait for the database more than they compute. More than eight workers
# would not fit a PostgreSQL with its usual 100 connections: each may hold a pool of eight.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 8))
threads = 4

timeout = 60
graceful_timeout = 15
keepalive = 5

# Workers touch a file to show that they live; on a slow disk that would block them.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# The socket for steering a running gunicorn is of no use here, and one more door.
control_socket_disable = True
