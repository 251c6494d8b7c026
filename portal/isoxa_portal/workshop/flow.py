"""How much one address may send in a minute to the one door that needs no login: counted in this process.

Generous, since a hall of two hundred sits behind one address; it bounds what a single sender can cost. Guessed codes
are another matter, and are counted in the database (``isoxa_grading.records.guessing``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["BYTES_A_MINUTE", "REQUESTS_A_MINUTE", "Flow"]

REQUESTS_A_MINUTE = 1500
BYTES_A_MINUTE = 64 * 1024 * 1024
_MOST_ADDRESSES = 20_000
_SECONDS = 60.0


@dataclass
class Flow:
    """Requests and bytes of each address in its present minute."""

    _seen: dict[str, tuple[float, int, int]] = field(default_factory=dict)

    def wait(self, address: str, now: float, size: int = 0) -> int:
        """Count one request of ``size`` bytes; 0, or the seconds until this address may ask again."""
        began, count, total = self._seen.get(address, (now, 0, 0))
        if now - began >= _SECONDS:
            began, count, total = now, 0, 0
        if count >= REQUESTS_A_MINUTE or total + size > BYTES_A_MINUTE:
            return max(1, int(began + _SECONDS - now) + 1)
        if address not in self._seen and len(self._seen) >= _MOST_ADDRESSES:
            self._seen.clear()
        self._seen[address] = (began, count + 1, total + size)
        return 0
