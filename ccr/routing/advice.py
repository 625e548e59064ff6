"""Words for a person that several floors say of a provider: where it is, and what it means that nobody answers there."""

from urllib.parse import urlsplit


def bare(url: str) -> str:
    """The address without what may be secret in it: a name and password, or a query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("?")[0]
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def nothing_listens(url: str, doc: str) -> str:
    """A local server that is not there. `doc`: what the catalogue says of it, which says how it is started."""
    return f"nothing listens at {bare(url)}: {doc}"
