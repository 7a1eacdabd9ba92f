"""The routes of the staff pages, which each page's module adds to."""

from flask import Blueprint

bp = Blueprint("staff", __name__, url_prefix="/staff")
