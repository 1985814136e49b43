# One image for web, worker and beat: the command tells which.
FROM python:3.13-slim AS build
WORKDIR /srv/waymark
RUN python -m venv /opt/venv
COPY requirements/production.txt requirements/production.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/production.txt

FROM python:3.13-slim
RUN useradd --system --uid 999 --create-home --home-dir /srv/waymark waymark \
    && mkdir -p /srv/media /srv/backups \
    && chown waymark:waymark /srv/media /srv/backups \
    && chmod 700 /srv/backups
# `backup` and `restore` need the programs of the server's version (docker-compose.yml): Debian's own
# script adds PostgreSQL's packages.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/waymark
COPY --chown=waymark:waymark . .
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDIA_ROOT=/srv/media
USER waymark
# The names of static files carry a hash of their content; no secret and no server is needed for it.
RUN SECRET_KEY=build DATABASE_URL=postgres://build@127.0.0.1/build SITE_URL=http://127.0.0.1 \
    python manage.py collectstatic --noinput
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]
