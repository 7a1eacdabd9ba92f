"""`advocacy serve`: the site, from an empty folder to an address to open."""

from dataclasses import replace

import click

from advocacy.app import Parts, contacts_to_set, create_app
from advocacy.cli.site import Site, WrongUse
from advocacy.settings import SettingsError
from advocacy.web.server import CannotListen, Server, address_of, listen


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of this machine to listen at.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen at; 0 takes a free one.",
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
@click.option("--no-worker", is_flag=True, help="Pages only: do not start the worker that delivers letters.")
@click.pass_obj
def serve(site: Site, host: str, port: int, *, workers: int, no_worker: bool) -> None:  # noqa: ARG001
    """Serve the site until it is told to stop: migrate the database, fill an empty one, answer."""
    parts = site.parts
    for sentence in contacts_to_set(parts):
        click.echo(sentence, err=True)
    try:
        listener = listen(host, port)
    except CannotListen as taken:
        raise click.ClickException(str(taken)) from None
    address = address_of(host, listener)
    try:
        app = create_app(_known_as(parts, address))
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    parts.engine.dispose()  # a connection may not be shared by two processes
    Server(
        app,
        listener,
        workers=workers,
        ready=lambda: click.echo(f"The site is at {address} (Ctrl+C stops it)"),
        parted=lambda: parts.engine.dispose(close=False),
    ).run()


def _known_as(parts: Parts, address: str) -> Parts:
    """Name the address served at on the pages, unless the site is known by another; its notices are told already."""
    settings = parts.settings
    if "base_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"base_url": address})
    return replace(parts, settings=settings, notices=())
