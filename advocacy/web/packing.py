"""Pages travel packed, except those whose token a packed size could give away."""

import gzip

from flask import Flask, Response, request

LEAST = 1024
"""Bytes under which packing saves nothing that a phone would notice."""
LEVEL = 5
TEXT = "text/html"


def pack_pages(app: Flask) -> None:
    """Pack what may be packed of the application's answers."""
    app.after_request(_pack)


def _pack(answer: Response) -> Response:
    """Pack a page that is the same for everyone: beside a secret, what is typed would show in the size (BREACH)."""
    if answer.mimetype != TEXT or answer.status_code != 200 or answer.cache_control.no_store:
        return answer
    answer.vary.add("Accept-Encoding")
    whole = answer.get_data()
    if len(whole) >= LEAST and request.accept_encodings["gzip"] > 0:
        answer.set_data(gzip.compress(whole, LEVEL, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
