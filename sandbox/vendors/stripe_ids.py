"""Ids that the world does not name, made from what they stand for: the same thing, the same id."""

from hashlib import blake2b

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def derived_id(prefix: str, length: int, *parts: object) -> str:
    """The prefix and `length` letters and digits."""
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=24).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return prefix + "".join(letters)
