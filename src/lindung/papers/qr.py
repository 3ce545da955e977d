"""The signed code on a card: `<base URL>/k#v1.<key id>.<payload>.<signature>`, verified without a network.

The payload is a JSON array, base64url without padding: serial, initials of the name, last four digits of the KPJ,
scheme id, first and last day as yyyymmdd (0 = no end), programmes joined by "+". It says no more than the card does: no
NIK, no birth date, no whole name, no whole KPJ; whoever scans compares initials and digits with what is printed.
Signed are the characters before the last dot, from "v1" on, with Ed25519 (RFC 8032), which browsers verify by WebCrypto.
What stands behind "#" is never sent to a server.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lindung.base.refused import Refused

VERSION = "v1"


@dataclass(frozen=True)
class Claim:
    """What a card says: for whom, under which scheme, which programmes, issued for which days."""

    serial: str
    initials: str
    kpj_tail: str
    scheme: str
    first: date
    until: date | None
    programmes: tuple[str, ...]


def new_key() -> bytes:
    """A private key: 32 random bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Eight characters that name a public key."""
    return _encoded(hashlib.sha256(public).digest())[:8]


def web_keys(keys: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Public keys as JSON Web Keys, for `crypto.subtle.importKey("jwk", …)`."""
    return [{"kid": kid, "kty": "OKP", "crv": "Ed25519", "x": _encoded(key)} for kid, key in keys.items()]


def initials(name: str) -> str:
    """ "SITI MAESAROH" → "S.M."."""
    return "".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha())


class Signer:
    """Loads the key once for many cards."""

    def __init__(self, private: bytes, base_url: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self._head = f"{VERSION}.{key_id(public_key(private))}."
        self._url = f"{base_url.rstrip('/')}/k#"

    def text(self, claim: Claim) -> str:
        fields = [
            claim.serial,
            claim.initials,
            claim.kpj_tail,
            claim.scheme,
            _number(claim.first),
            _number(claim.until) if claim.until else 0,
            "+".join(claim.programmes),
        ]
        payload = _encoded(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode())
        signed = f"{self._head}{payload}"
        return f"{self._url}{signed}.{_encoded(self._key.sign(signed.encode()))}"


def sign(claim: Claim, private: bytes, base_url: str) -> str:
    return Signer(private, base_url).text(claim)


def verify(text: str, keys: Mapping[str, bytes]) -> Claim:
    """`keys`: key id → public key. Raises Refused("card.unreadable", "card.unknown_key", "card.forged")."""
    parts = text.rpartition("#")[2].split(".")
    if len(parts) != 4 or parts[0] != VERSION:
        raise Refused("card.unreadable")
    signed, kid, payload, signature = ".".join(parts[:3]), parts[1], parts[2], parts[3]
    if kid not in keys:
        raise Refused("card.unknown_key", {"key": kid})
    try:
        Ed25519PublicKey.from_public_bytes(keys[kid]).verify(_decoded(signature), signed.encode())
    except (InvalidSignature, ValueError):
        raise Refused("card.forged") from None
    try:
        serial, letters, tail, scheme, first, until, programmes = json.loads(_decoded(payload))
        return Claim(
            serial,
            letters,
            tail,
            scheme,
            _day(first),
            _day(until) if until else None,
            tuple(programmes.split("+")),
        )
    except (ValueError, TypeError, AttributeError):
        raise Refused("card.unreadable") from None


def pixels(text: str) -> tuple[int, bytes]:
    """The code with its quiet zone of four modules: (modules a side, a grey byte for each); error correction M."""
    # Trying all eight masks takes five times as long; one is as readable to a camera.
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=3)
    image: Any = code.to_image(scale=1, add_quiet_zones=True)
    grey = memoryview(image)
    return grey.shape[0] if grey.shape else 0, grey.tobytes()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as problem:
        raise ValueError(text) from problem


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _day(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)
