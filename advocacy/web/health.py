"""Two answers for whoever keeps the site running: the process is up, and the database can be reached."""

from flask import Blueprint, Response
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError


def health(engine: Engine) -> Blueprint:
    """Make the routes `/healthz` and `/readyz`."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def up() -> Response:
        return Response("up\n", mimetype="text/plain")

    @routes.get("/readyz")
    def ready() -> Response:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return Response("the database cannot be reached\n", status=503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")

    return routes
