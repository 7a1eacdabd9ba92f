"""The blueprint of the citizen's pages: each page's module registers its routes on it."""

from flask import Blueprint

bp = Blueprint("public", __name__, url_prefix="/<lang:language>")
