"""The scope of a finding as a table: what each side is about, and which dimensions differ, are unknown or agree."""

from __future__ import annotations

from kb.model import Claim, Finding, ScopeState, State
from kb.scopes import SAME_WORDS, describe_scope, effective_scope, member_values, state_words
from kb.ui.desk import Desk
from kb.ui.markup import Child, Html, join, tag

BASIS = {
    "page": "from the whole page",
    "title": "from the title",
    "heading": "from the heading",
    "list-lead": "from the list's lead-in",
    "table-header": "from the table header",
    "earlier-sentence": "from an earlier sentence",
    "work": "from the work as a whole",
}
GLYPHS = {ScopeState.DIFFERS: "≠", ScopeState.UNKNOWN: "?", ScopeState.SAME: "="}


def poles_of(finding: Finding) -> list[str]:
    """Return the letters of the sides of a finding, in order."""
    return sorted({member.pole for member in finding.members}, key=lambda pole: (len(pole), pole))


def build(desk: Desk, finding: Finding) -> Html | None:
    """Return what each side is about; what is the same on every side, or compatible, is folded away."""
    if not finding.scope:
        return None
    poles = poles_of(finding)
    rows = {state: [name for name, found in finding.scope if found is state] for state in ScopeState}
    head = tag(
        "thead",
        tag(
            "tr",
            tag("th", "Dimension", scope="col"),
            *(tag("th", tag("span", p, cls="kb-letter"), scope="col") for p in poles),
        ),
    )
    order = [(name, s) for s in (ScopeState.DIFFERS, ScopeState.UNKNOWN) for name in rows[s]]
    table = _table(
        desk,
        finding,
        poles,
        head,
        order,
        "What each side is about. ↑ marks what is taken from a heading or an earlier sentence.",
    )
    same = [(name, ScopeState.SAME) for name in rows[ScopeState.SAME]]
    if not order:
        alike = _alike(desk, finding, same)
        return _table(desk, finding, poles, head, same, f"What each side is about: {alike}.")
    if not same:
        return table
    count = f"{len(same)} dimension{'s' if len(same) > 1 else ''} {_alike(desk, finding, same)}"
    return join([table, tag("details", tag("summary", count), _table(desk, finding, poles, head, same, ""))])


def _alike(desk: Desk, finding: Finding, rows: list[tuple[str, ScopeState]]) -> str:
    """Return how far dimensions that do not separate the sides are alike."""
    words = {_words(desk, finding, name, state) for name, state in rows}
    if words == {SAME_WORDS}:
        return "the same on every side"
    return f"{'the same or ' if SAME_WORDS in words else ''}compatible on every side"


def _words(desk: Desk, finding: Finding, name: str, state: ScopeState) -> str:
    """Return the state of a dimension in words; what is compared as the same need not be equal."""
    return state_words(desk.kb.domain, name, state, member_values(desk.kb.domain, finding, desk.catalogue.claims, name))


def _table(
    desk: Desk, finding: Finding, poles: list[str], head: Html, rows: list[tuple[str, ScopeState]], caption: str
) -> Html:
    body = [_row(desk, finding, poles, name, state) for name, state in rows]
    titled = tag("caption", caption) if caption else None
    return tag(
        "div",
        tag("table", titled, head, tag("tbody", *body), cls="kb-scope"),
        cls="kb-scroll",
        tabindex="0",
        role="region",
        aria_label="scope",
    )


def _row(desk: Desk, finding: Finding, poles: list[str], name: str, state: ScopeState) -> Html:
    words = _words(desk, finding, name, state)
    mark = GLYPHS[state] if words in (SAME_WORDS, str(state)) else "≈"
    told = f"{mark} {words}{_weight(desk, finding, name, state)}"
    label = tag("th", desk.kb.domain.dimensions[name].label, tag("span", told, cls="kb-state"), scope="row")
    cells = [tag("td", join(_values(desk, finding, pole, name), tag("br"))) for pole in poles]
    return tag("tr", label, *cells, cls=f"kb-{state}")


def _weight(desk: Desk, finding: Finding, name: str, state: ScopeState) -> str:
    """Return what a dimension does to the finding: it decides, or it differs without setting such claims apart."""
    if name in (*finding.explained_by, *finding.unknown):
        return " and decides"
    definition = desk.kb.domain.properties.get(finding.property)
    separating = (*definition.separated_by, *definition.also_separated_by) if definition else ()
    return ", which does not set such claims apart" if state is ScopeState.DIFFERS and name not in separating else ""


def _values(desk: Desk, finding: Finding, pole: str, dimension: str) -> list[Child]:
    found: dict[str, Child] = {}
    for member in finding.members:
        claim = desk.catalogue.claims.get(member.claim)
        if member.pole == pole and claim is not None:
            key, shown = _value(desk, claim, dimension)
            found.setdefault(key, shown)
    return list(found.values())


def _value(desk: Desk, claim: Claim, dimension: str) -> tuple[str, Child]:
    values = effective_scope(desk.kb.domain, claim).get(dimension)
    if not values:
        return "", tag("em", "not stated", cls="kb-muted")
    words = describe_scope(desk.kb.domain, dimension, values)
    entry = claim.scope_of(dimension)
    if entry is not None and entry.state is State.INHERITED:
        basis = BASIS.get(entry.basis, "")
        return f"{words}{basis}", join([words, tag("span", " ↑", title=basis, aria_label=basis)])
    return words, words
