"""A GitHub whose certificate is of an authority of one's own is trusted by git and by calls of its API alike."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from preship.bot.git.errors import RemoteError, RemoteRefused
from preship.bot.git.mirror import Mirror
from preship.bot.github.registering import convert_manifest
from preship.bot.review.forge import Refused, Unavailable

VARIABLES = ("GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Enterprise:
    """A server that lets nobody in, by TLS."""

    url: str
    authority: Path


@pytest.fixture
def enterprise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enterprise]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    key, certificate = made(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Enterprise(f"https://localhost:{server.server_port}", certificate)
        server.shutdown()
        thread.join()


class Refusing(BaseHTTPRequestHandler):
    """401 for all."""

    def _refuse(self) -> None:
        self.send_response_only(401)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = _refuse  # noqa: N815


def made(folder: Path) -> tuple[Path, Path]:
    """A key, and a certificate that is an authority of its own."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=localhost")
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    return folder / "key.pem", folder / "certificate.pem"


def test_a_certificate_of_nobody_that_is_known_is_not_trusted_and_it_is_said_what_to_do(enterprise, tmp_path):
    with pytest.raises(RemoteError, match="certificate"):
        Mirror.open(tmp_path / "mirror", f"{enterprise.url}/acme/shop.git").tip()
    with pytest.raises(Unavailable, match="REQUESTS_CA_BUNDLE names the file of certificate authorities"):
        convert_manifest(f"{enterprise.url}/api/v3", "code", 5)


@pytest.mark.parametrize("name", VARIABLES)
def test_git_trusts_the_authorities_that_a_variable_names(enterprise, tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, str(enterprise.authority))
    with pytest.raises(RemoteRefused):
        Mirror.open(tmp_path / "mirror", f"{enterprise.url}/acme/shop.git").tip()


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_calls_of_the_api_trust_them_as_well(enterprise, monkeypatch, name):
    monkeypatch.setenv(name, str(enterprise.authority))
    with pytest.raises(Refused):
        convert_manifest(f"{enterprise.url}/api/v3", "code", 5)
