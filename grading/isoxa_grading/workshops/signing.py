"""The key that a portal signs result files with: Ed25519 (RFC 8032), made on first use, kept in ``DATA/secrets``.

It shows that a file is as the portal made it, and that two files come from the same portal; no more than that. On
Binder the participant owns the machine, and with it this key.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from isoxa_grading.records.data_folder import DataFolder

__all__ = ["Signer", "signature_fits", "signer_of"]


@dataclass(frozen=True)
class Signer:
    """A portal's key."""

    key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, content: bytes) -> bytes:
        """64 bytes."""
        return self.key.sign(content)


def signer_of(data: DataFolder) -> Signer:
    """The key of this data folder."""
    return Signer(Ed25519PrivateKey.from_private_bytes(data.secret("workshop-signing")))


def signature_fits(public_key: bytes, signature: bytes, content: bytes) -> bool:
    """Whether the holder of the key signed this content. Raises ``ValueError`` for what is no key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except InvalidSignature:
        return False
    return True
