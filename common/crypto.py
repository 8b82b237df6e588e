"""Sealed columns: AES-256-GCM with a key per agency, and a keyed blind index to find equal values.

Ciphertext layout: one byte length of the key id, the key id, 12 bytes nonce, the sealed text. The agency and the
column are associated data, so a ciphertext moved to another row of another agency or column does not open.
"""

import hmac
import os
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """The ciphertext was altered, belongs to another agency or column, or its key is gone."""


def _master_keys() -> dict[str, bytes]:
    """Key id -> 32 bytes; the first one seals, all of them open (FIELD_ENCRYPTION_KEYS="id:hex,id:hex")."""
    pairs = (part.split(":", 1) for part in settings.FIELD_ENCRYPTION_KEYS)
    return {key_id: bytes.fromhex(material) for key_id, material in pairs}


@lru_cache(maxsize=4096)
def _agency_key(material: bytes, agency_id: int, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"{purpose}:{agency_id}".encode()).derive(material)


def _bound_to(agency_id: int, column: str) -> bytes:
    return f"{agency_id}|{column}".encode()


def seal(text: str, *, agency_id: int, column: str) -> bytes:
    """Encrypt `text` for one agency and column (for example "debtors_debtor.national_id")."""
    key_id, material = next(iter(_master_keys().items()))
    nonce = os.urandom(12)
    key = _agency_key(material, agency_id, "seal")
    body = AESGCM(key).encrypt(nonce, text.encode(), _bound_to(agency_id, column))
    return bytes([len(key_id)]) + key_id.encode() + nonce + body


def unseal(data: bytes, *, agency_id: int, column: str) -> str:
    """Decrypt what `seal` made.

    Raises:
        SealBroken: altered, foreign, or sealed under a key that is no longer configured.
    """
    data = bytes(data)
    size = data[0]
    key_id, nonce, body = data[1 : 1 + size].decode(), data[1 + size : 13 + size], data[13 + size :]
    material = _master_keys().get(key_id)
    if material is None:
        raise SealBroken(f"no key {key_id!r}")
    try:
        key = _agency_key(material, agency_id, "seal")
        return AESGCM(key).decrypt(nonce, body, _bound_to(agency_id, column)).decode()
    except InvalidTag as error:
        raise SealBroken("the sealed value does not belong here") from error


def blind_index(value: str, *, agency_id: int, column: str) -> bytes:
    """Return 32 bytes that are equal exactly when agency, column and normalised `value` are equal.

    The oldest configured key makes the index, so that rotating the sealing key does not lose what is indexed.
    """
    material = list(_master_keys().values())[-1]
    key = _agency_key(material, agency_id, "index")
    return hmac.new(key, _bound_to(agency_id, column) + b"|" + value.encode(), sha256).digest()


class Sealer:
    """`seal` and `blind_index` for one agency and column, many times over: keys are set up once.

    What it makes is the same as what the two functions make.
    """

    def __init__(self, *, agency_id: int, column: str) -> None:
        keys = _master_keys()
        key_id, material = next(iter(keys.items()))
        self._bound = _bound_to(agency_id, column)
        self._head = bytes([len(key_id)]) + key_id.encode()
        self._cipher = AESGCM(_agency_key(material, agency_id, "seal"))
        index_key = _agency_key(list(keys.values())[-1], agency_id, "index")
        self._index = hmac.new(index_key, self._bound + b"|", sha256)

    def seal(self, text: str) -> bytes:
        nonce = os.urandom(12)
        return self._head + nonce + self._cipher.encrypt(nonce, text.encode(), self._bound)

    def index(self, value: str) -> bytes:
        copy = self._index.copy()
        copy.update(value.encode())
        return copy.digest()
