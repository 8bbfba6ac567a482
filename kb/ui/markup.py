"""The markup of the app: all of it is that of `kb.markup`."""

from kb.markup import Child, Html, join, plain, safe_address, tag, text

__all__ = ["Child", "Html", "join", "plain", "safe_address", "tag", "text"]
