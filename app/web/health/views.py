"""/healthz: this process answers. /readyz: it can work. /metrics: figures for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.foundation.database import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer while this process lives."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 when the database answers and has been migrated, else 503 with what is missing."""
    try:
        version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        return Response("the database does not answer or was never migrated: flask db upgrade\n", status=503)
    return Response(f"ok, schema {version}\n", mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """What this process counted; it names no organisation."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
