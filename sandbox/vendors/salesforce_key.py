"""The sandbox's RSA key for JWT bearer tokens.

`python -m sandbox.vendors.salesforce_key` prints it.
The key protects nothing: it is public on purpose, so that any client can sign for the sandbox. An
org's administrator uploads a certificate of the client's own key instead; the sandbox takes that
too, as `certificate` (PEM, a certificate or a public key) in the extra fields of its door.
"""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

E = 65537
P = int(
    "ec827242f286f2c81daf112c41634564ade2a57b887511af881150b954eaacaa760b5f6cc171c1307be5a7c3e59dd8"
    "c1e3f57eb69f7232974d32fcedd9f3f9a720592bf9968db6b9727bdd815f523d4452b0aa184e2bad2d6f49d28414a3"
    "d2e9d9f2de4a60aadba0bc9afbf23445ac1bdfaac483c8ce06f0225bf5d556cfaaa3",
    16,
)
Q = int(
    "da4b6e0554791e24f4f2f4df0614e62d0fce9eca8c48e46ae9014340e3a0560ef1a46eab31a0991a2a855389a7b906"
    "9b0ba8320544b566ce7f10a469d7b96d9b76da7cde08e2737f75f303af85459563d98a012a561b09d7f7e5de1d2e08"
    "5132126fa095684e141e9f1b76d3cfea2f9a586aeefb483b391075b36200112573e1",
    16,
)


@cache
def private_key() -> rsa.RSAPrivateKey:
    d = rsa.rsa_recover_private_exponent(E, P, Q)
    numbers = rsa.RSAPrivateNumbers(
        p=P,
        q=Q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, P),
        dmq1=rsa.rsa_crt_dmq1(d, Q),
        iqmp=rsa.rsa_crt_iqmp(P, Q),
        public_numbers=rsa.RSAPublicNumbers(E, P * Q),
    )
    return numbers.private_key()


def private_key_pem() -> str:
    pem = private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()


def to_public_key(pem: str) -> rsa.RSAPublicKey:
    """The key of a PEM certificate, or a bare public key. ValueError for anything else."""
    is_certificate = "CERTIFICATE" in pem
    read = pem.encode()
    certified = load_pem_x509_certificate(read).public_key() if is_certificate else None
    key = certified or load_pem_public_key(read)
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("a certificate of an RSA key is needed")  # noqa: TRY004 - what is in it
    return key


if __name__ == "__main__":
    print(private_key_pem(), end="")  # noqa: T201
