"""What a vendor, or somebody who pretends to be one, may not do to us."""

import gzip
import ssl
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from include.errors import FixConfig, RejectData
from include.settings import Credentials
from include.sources.http.client import Client
from include.sources.http.session import Bearer, Wire
from tests.unit.sources.conftest import QUICK, SECRET, Reply, Vendor

MEGABYTE = 2**20


def bomb(megabytes: int, squeeze) -> bytes:
    """So many megabytes of nothing, in a thousandth of the space."""
    return b"".join([*(squeeze.compress(bytes(MEGABYTE)) for _ in range(megabytes)),
                     squeeze.flush()])  # fmt: skip


ENCODINGS = {
    "gzip": lambda: zlib.compressobj(9, zlib.DEFLATED, 31),
    "deflate": lambda: zlib.compressobj(9),
    "gzip, gzip": None,
}


@cache
def packed(encoding: str) -> bytes:
    if encoding == "gzip, gzip":
        return gzip.compress(packed("gzip"))
    return bomb(128, ENCODINGS[encoding]())


@pytest.mark.parametrize("encoding", list(ENCODINGS))
@pytest.mark.parametrize("status", [200, 401, 500])
def test_a_small_body_that_unpacks_to_a_hundred_times_as_much_is_refused_in_little_memory(
    vendor, encoding, status
):
    body = packed(encoding)
    assert len(body) < MEGABYTE
    vendor.answer(Reply(body, status=status, headers={"Content-Encoding": encoding}))
    client = vendor.client(wire=Wire(pace=0.001, longest_body=4 * MEGABYTE))
    tracemalloc.start()
    try:
        with pytest.raises(RejectData, match="more than 4,194,304 bytes"):
            client.get("/v1/x")
        assert tracemalloc.get_traced_memory()[1] < 16 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_download_that_unpacks_without_end_is_refused_in_little_memory(vendor):
    vendor.answer(Reply(packed("gzip"), headers={"Content-Encoding": "gzip"}))
    client = vendor.client(wire=Wire(pace=0.001, longest_download=32 * MEGABYTE))
    tracemalloc.start()
    try:
        with pytest.raises(RejectData, match="more than 33,554,432 bytes"):
            client.download("/v1/x")
        assert tracemalloc.get_traced_memory()[1] < 16 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """One that only says of itself that it is 127.0.0.1; a PEM file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "vendor.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls_vendor(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    served = Vendor(context)
    served.answer(Reply({"data": []}))
    yield served
    served.close()


def client_of(vendor: Vendor, host: str = "127.0.0.1") -> Client:
    url = vendor.url.replace("127.0.0.1", host)
    return Client(Credentials(url, SECRET), vendor="stripe", auth=Bearer(SECRET), wire=QUICK)


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_secret_is_sent(
    tls_vendor, monkeypatch
):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with pytest.raises(FixConfig, match="certificate is not trusted"):
        client_of(tls_vendor).get("/v1/x")
    assert tls_vendor.asked == []


def test_the_companys_own_authority_is_trusted_where_it_is_named(
    tls_vendor, certificate, monkeypatch
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert client_of(tls_vendor).get("/v1/x") == {"data": []}


def test_a_certificate_of_another_host_is_refused(tls_vendor, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with pytest.raises(FixConfig, match="certificate is not trusted"):
        client_of(tls_vendor, "localhost").get("/v1/x")
    assert tls_vendor.asked == []
