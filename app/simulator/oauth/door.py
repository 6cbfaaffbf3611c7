"""The blueprint of OAuth's addresses."""

from flask import Blueprint

oauth = Blueprint("oauth", __name__)
