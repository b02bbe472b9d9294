"""Keys for different uses, derived from the one secret, so that none opens another's door."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """Digests under keys of their own.

    Parameters
    ----------
    secret : at least 32 bytes, the same for every process of one service.
    """

    secret: bytes = field(repr=False)

    def digest(self, use: str, message: bytes) -> str:
        """HMAC-SHA-256 of a message under the key of a use, 64 hexadecimal digits."""
        key = hmac.digest(self.secret, use.encode(), hashlib.sha256)
        return hmac.new(key, message, hashlib.sha256).hexdigest()

    def subject(self, person_id: str) -> str:
        """How the audit log names a person: the same id gives the same digest, and no way back."""
        return self.digest("audit-subject", person_id.encode())
