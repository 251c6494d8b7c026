"""Protection against forged requests: a token bound to the browser's session, and where the request came from.

The token is ``nonce.HMAC(secret, nonce, binding)``; the binding is the sign-in token, or before signing in a random
cookie of our own. Nothing is stored, a token dies with its session, and since each one has its own nonce it cannot be
guessed from compressed pages. Tornado's ``_xsrf`` cookie is not used: behind a Hub or a proxy there are two of that
name, and Tornado and Voilà pick different ones.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from tornado.httputil import HTTPHeaders

HEADER = "X-Isoxa-Xsrf"
FIELD = "_isoxa_xsrf"


def _mac(secret: bytes, nonce: str, binding: str) -> str:
    return hmac.new(secret, f"{nonce}\0{binding}".encode(), hashlib.sha256).hexdigest()


def make_token(secret: bytes, binding: str) -> str:
    """A new token for the browser that holds ``binding``."""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{_mac(secret, nonce, binding)}"


def token_fits(secret: bytes, binding: str, token: str) -> bool:
    """Whether a token was made for this binding."""
    nonce, _, mac = token.partition(".")
    return hmac.compare_digest(_mac(secret, nonce, binding).encode(), mac.encode())


def comes_from_here(headers: HTTPHeaders, host: str) -> bool:
    """Whether the browser says the request was made by a page of this host (or says nothing, as programs do).

    ``Sec-Fetch-Site`` cannot be set by a page. ``Origin`` is compared by host only: behind a proxy that ends TLS the
    scheme differs.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = headers.get("Origin")
    if origin is None:
        return True
    try:
        return origin != "null" and urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        # "http://[" is no address, and no browser's.
        return False
