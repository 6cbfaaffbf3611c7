"""The application for a WSGI server: `gunicorn wsgi:app`."""

from app.cli import people
from app.factory import create_app

app = create_app()
people.greet(app)
