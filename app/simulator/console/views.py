"""Pages."""

from flask import Blueprint

console = Blueprint("console", __name__)
