# The first stage gathers, the second only runs: no compiler, no pip cache, no tests in what is delivered.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /venv
COPY requirements.txt requirements-assets.txt ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY .make .make
COPY templates templates
COPY static static
RUN /venv/bin/python .make/assets.py

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LOG_FORMAT=json
WORKDIR /srv/counterfoil
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin counterfoil \
    && install --directory --owner counterfoil instance
COPY --from=build /venv /venv
COPY --from=build /build/static static
COPY app app
COPY migrations migrations
COPY templates templates
COPY wsgi.py ./
USER 10001
VOLUME /srv/counterfoil/instance
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--graceful-timeout", "30", "--no-control-socket", "wsgi:app"]
