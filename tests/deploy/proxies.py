"""nginx with the shipped file, on ports of this machine, in front of whatever answers."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.certificate import write_certificate

ROOT = Path(__file__).parents[2]
CONF = ROOT / "deploy" / "nginx.conf"
NAME = "letters.example.ca"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
CLIENT = "X-Test-Client"
"""By this header a test says which address a request comes from."""
AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{ worker_connections 512; }}
http {{
    gzip on;
    gzip_types *;
    set_real_ip_from 127.0.0.1;
    real_ip_header {client};
    client_body_temp_path {folder}/temporary/body;
    proxy_temp_path {folder}/temporary/proxy;
    fastcgi_temp_path {folder}/temporary/fastcgi;
    scgi_temp_path {folder}/temporary/scgi;
    uwsgi_temp_path {folder}/temporary/uwsgi;
    include {folder}/site.conf;
}}
"""
"""What a distribution's own file has around that of a site; it compresses everything, as some do."""


@dataclass(frozen=True)
class Answer:
    """What came back, with its headers by their names in small letters, each as often as it came."""

    status: int
    headers: Mapping[str, list[str]]
    text: str


@dataclass(frozen=True)
class Proxy:
    """A running nginx; `folder` has its logs."""

    folder: Path
    port: int
    plain_port: int

    def connect(self, host: str = NAME) -> ssl.SSLSocket:
        """Connect by TLS, without a look at the certificate."""
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        return trust.wrap_socket(socket.create_connection(("127.0.0.1", self.port), 30), server_hostname=host)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        host: str = NAME,
        body: bytes | None = None,
        client: str = "192.0.2.1",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for a page by https, as somebody at the address `client`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.sock = self.connect()
        try:
            return _answer(
                connection, path, method=method, body=body, headers={"Host": host, CLIENT: client, **(headers or {})}
            )
        finally:
            connection.close()

    def post_quickly(self, path: str, clients: Iterable[str]) -> list[Answer]:
        """Post an empty form from each of these addresses, over one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.sock = self.connect()
        try:
            return [
                _answer(connection, path, method="POST", body=b"", headers={"Host": NAME, CLIENT: client})
                for client in clients
            ]
        finally:
            connection.close()

    def ask_quickly(self, paths: Iterable[str], *, client: str) -> list[Answer]:
        """Ask for these pages, over one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.sock = self.connect()
        headers = {"Host": NAME, CLIENT: client}
        try:
            return [_answer(connection, path, method="GET", body=None, headers=headers) for path in paths]
        finally:
            connection.close()

    def ask_plainly(self, path: str, *, host: str = NAME) -> Answer:
        """Ask for a page by http."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=30)
        try:
            return _answer(connection, path, method="GET", body=None, headers={"Host": host})
        finally:
            connection.close()

    @property
    def logs(self) -> str:
        """All that it has written into its logs."""
        return "".join(file.read_text() for file in sorted(self.folder.glob("*.log")))


def _answer(
    connection: http.client.HTTPConnection, path: str, *, method: str, body: bytes | None, headers: Mapping[str, str]
) -> Answer:
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    connection.request(method, path, body, {**kind, **headers})
    answer = connection.getresponse()
    found: dict[str, list[str]] = {}
    for name, value in answer.getheaders():
        found.setdefault(name.lower(), []).append(value)
    return Answer(answer.status, found, answer.read().decode(errors="replace"))


def write_site(folder: Path, *, upstream: int, port: int, plain_port: int) -> Path:
    """Write the shipped file with this machine's ports and folders in place of a server's; return nginx's own file."""
    certificate = write_certificate(folder)
    site = CONF.read_text()
    site = re.sub(r"^ *listen \[::\]:.*\n", "", site, flags=re.MULTILINE)
    for shipped, here in {
        "listen 80": f"listen 127.0.0.1:{plain_port}",
        "listen 443": f"listen 127.0.0.1:{port}",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(certificate),
        "/var/log/nginx": str(folder),
        "/var/lib/nginx/advocacy-static": str(folder / "static"),
        "/opt/advocacy/deploy": str(CONF.parent),
    }.items():
        assert shipped in site, shipped
        site = site.replace(shipped, here)
    (folder / "site.conf").write_text(site)
    (folder / "temporary").mkdir()
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user, client=CLIENT))
    return folder / "nginx.conf"


@contextmanager
def proxy(folder: Path, *, upstream: int) -> Iterator[Proxy]:
    """Run nginx in front of a port of this machine until the block ends."""
    assert NGINX is not None
    port, plain_port = _free_ports()
    conf = write_site(folder, upstream=upstream, port=port, plain_port=plain_port)
    process = subprocess.Popen([NGINX, "-c", str(conf), "-e", str(folder / "main.log")])
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "main.log").read_text()
                time.sleep(0.05)
        # A body or an answer that nginx wanted to write there would now be an error.
        shutil.rmtree(folder / "temporary")
        yield Proxy(folder, port, plain_port)
    finally:
        process.terminate()
        process.wait(30)


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
