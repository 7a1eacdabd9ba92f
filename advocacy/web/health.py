"""Two answers for whoever keeps the site running: the process is up, and its database can be read."""

from flask import Blueprint, Response
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from advocacy.campaigns.models import Campaign
from advocacy.web.security import public


def health(engine: Engine) -> Blueprint:
    """Make the routes `/healthz` and `/readyz`."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    @public
    def up() -> Response:
        return Response("up\n", mimetype="text/plain")

    @routes.get("/readyz")
    @public
    def ready() -> Response:
        try:
            with engine.connect() as connection:
                connection.execute(select(Campaign.id).limit(1))
        except SQLAlchemyError:
            return Response("the database cannot be read\n", status=503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")

    return routes
