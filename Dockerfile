# syntax=docker/dockerfile:1
# Builds the wheel with its front end (Node comes from PyPI), and installs it beside what it needs.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
RUN python -m venv --without-pip /opt/shenpi
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
 && pip --python /opt/shenpi/bin/python install --no-cache-dir --only-binary :all: "$(echo /wheels/shenpi-*.whl)[server]"

# Runs it: no compiler, no pip for the program, no root.
FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin shenpi \
 && install --directory --owner shenpi --group shenpi --mode 0700 /data
COPY --from=build /opt/shenpi /opt/shenpi
ENV PATH=/opt/shenpi/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SHENPI_DATA_DIR=/data \
    SHENPI_HOST=0.0.0.0
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen(\"http://127.0.0.1:8000/healthz\", timeout=4)"]
CMD ["gunicorn", "--config", "python:tasks.serving", "tasks.web:application()"]
