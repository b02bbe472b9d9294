"""What a page of the service may load and run: its own files, and styles named by their hash."""

import base64
import hashlib
import re

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def content_policy(style_hashes: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy: nothing from elsewhere, no script or style in the page itself.

    Parameters
    ----------
    style_hashes : of the style elements that a page may have after all.
    """
    styles = " ".join(("'self'", *(f"'{name}'" for name in style_hashes)))
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def policy_of_page(page: str) -> str:
    """The policy of a page of our own that carries its style inside, as a report does."""
    return content_policy(tuple(_hash(style) for style in _STYLE.findall(page)))


def _hash(style: str) -> str:
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
