# One image for every Airflow service and the sandbox of docker-compose.yaml.
FROM python:3.12-slim-bookworm
RUN useradd --create-home --uid 50000 health && pip install --no-cache-dir uv==0.13.8
WORKDIR /opt/health
ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never \
    PATH=/opt/venv/bin:$PATH PYTHONPATH=/opt/health PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow HEALTH_STATE=/opt/health/var GX_ANALYTICS_ENABLED=False
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project --extra celery --extra fab --extra lineage --extra metrics --extra slack --extra apprise
COPY . .
# Volumes take over the owner of the folder that they are first mounted on, so both must be there.
RUN uv sync --frozen --no-dev --extra celery --extra fab --extra lineage --extra metrics --extra slack --extra apprise \
    && mkdir -p /opt/airflow/logs /opt/health/var \
    && chown -R health: /opt/airflow /opt/health/var
# The Helm chart's probes run what they ask by this program of Airflow's own image.
RUN ln -s /usr/bin/env /entrypoint
USER health
