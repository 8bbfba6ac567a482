"""What of a web page is no content: told by tags, roles, the words of classes and ids, and the share of links.

Nothing is removed on the strength of this: the lines stay in the text and are listed with their reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from kb.intake.tree import Facts

Attributes = Mapping[str, str | None]

BY_TAG = {"nav": "navigation", "footer": "footer", "header": "header", "aside": "aside", "form": "form"}
BY_ROLE = {
    "navigation": "navigation",
    "menu": "navigation",
    "menubar": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "form": "form",
    "dialog": "pop-up",
    "alertdialog": "pop-up",
}
BY_NAME = (  # whole names of classes and ids, in kebab case; the first that fits counts
    ("cookie notice", r"(?:.+-)?(?:cookies?|consent|gdpr|onetrust|cookiebot|cookieyes)(?:-.+)?"),
    ("newsletter", r"(?:.+-)?(?:newsletter|mailing-list|mailchimp|mc-embed|subscribe|sign-?up-form)(?:-.+)?"),
    ("share links", r"(?:.+-)?(?:sharedaddy|addtoany|share-(?:links?|buttons?|bar|icons?)|sharing-buttons?)(?:-.+)?"),
    (
        "share links",
        r"(?:.+-)?social-(?:share|sharing|links?|media|icons?|buttons?|bar|nav)(?:-.+)?|share|sharing|social",
    ),
    (
        "related pages",
        r"(?:.+-)?(?:related|recommended|recent|popular|more|latest)-(?:posts?|articles?|pages?|stories)(?:-.+)?",
    ),
    ("related pages", r"(?:related|recommended|related-(?:content|reading|links|news)|read-next|jp-relatedposts)"),
    ("navigation", r"(?:.+-)?(?:nav|navbar|navigation|breadcrumbs?|pagination|skip-link|sitemap)(?:-.+)?"),
    (
        "navigation",
        r"(?:main-|primary-|site-|top-|mobile-|footer-|side-)?menu(?:-container|-items?|-wrapper)?|toc|pager",
    ),
    ("navigation", r"(?:.+-)?(?:table-of-contents|toc-(?:container|list|wrapper))"),
    ("advertisement", r"(?:ads?|advert|advertisement|sponsored|promo|adsbygoogle|(?:ad|ads|advert|promo)-.+)"),
    (
        "footer",
        r"(?:(?:site|page|main|global)-)?(?:footer|colophon|copyright)(?:-(?:widgets?|inner|wrapper|bottom|top))?",
    ),
    ("header", r"(?:site|page|main|global)-header|masthead|top-?bar"),
    ("aside", r"(?:.+-)?sidebar(?:-.+)?|widget-area"),
    ("comments", r"(?:comments?(?:-(?:list|area|section|form|wrapper))?|respond|disqus(?:-thread)?)"),
    ("pop-up", r"(?:.+-)?(?:popup|pop-up|lightbox)(?:-.+)?|modal"),
)
CONTAINERS = frozenset(
    "div section ul ol aside nav footer header form p dl table dialog fieldset menu details search center span".split()
)
SHARE_OF_LINKS = 0.85  # of the characters of a list of links
LINK_CHARS = 32  # mean length of a menu entry; titles of works are longer
LINKS = 3
LARGEST = 0.5  # share of the page that furniture can be

_COMPILED = tuple((reason, re.compile(pattern)) for reason, pattern in BY_NAME)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_NAME_CHARS = 60
_NAMES = 40
_NONE = len(BY_NAME)
_RIGHTS = re.compile(r"(?:©|\(c\) ?\d{4}|copyright (?:©|\d{4})|all rights reserved)", re.I)
_COOKIES = re.compile(r"\b(?:this (?:web)?site|we|our site) uses? cookies\b", re.I)


def reason(tag: str, attributes: Attributes, facts: Facts, page: Facts) -> str:
    """Return why an element is no content of the page, or "" if it may be content."""
    if tag not in CONTAINERS:
        return ""
    named = BY_TAG.get(tag) or BY_ROLE.get((attributes.get("role") or "").lower()) or _by_name(attributes)
    if not named and tag != "table" and _is_menu(facts):
        named = "navigation"
    if facts.has_heart or facts.chars > LARGEST * page.chars:
        return ""  # one form around the whole page, a header with the page's title
    return named


def line_reason(line: str) -> str:
    """Return why a line is no content by its words alone: a notice of rights or of cookies."""
    if len(line) < 200 and _RIGHTS.match(line):
        return "footer"
    return "cookie notice" if len(line) < 400 and _COOKIES.search(line) else ""


def is_hidden(attributes: Attributes) -> bool:
    """Tell whether an element says of itself that it is not shown (a page may show it later)."""
    return "hidden" in attributes or bool(_HIDING.search((attributes.get("style") or "")[:500]))


def _is_menu(facts: Facts) -> bool:
    return (
        facts.links >= LINKS
        and facts.linked >= SHARE_OF_LINKS * facts.chars
        and facts.linked <= LINK_CHARS * facts.links
    )


def _by_name(attributes: Attributes) -> str:
    printed = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[: _NAME_CHARS * _NAMES]
    names = [name for name in printed.split()[:_NAMES] if len(name) <= _NAME_CHARS]
    return BY_NAME[at][0] if (at := min(map(_rank, names), default=_NONE)) < _NONE else ""


@lru_cache(maxsize=4096)
def _rank(name: str) -> int:
    """Return the index of the first pattern that fits a name; pages repeat a few names on every element."""
    kebab = _CAMEL.sub("-", name).replace("_", "-").lower().strip("-")
    return next((at for at, (_, pattern) in enumerate(_COMPILED) if pattern.fullmatch(kebab)), _NONE)
