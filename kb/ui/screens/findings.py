"""Findings: judge what was flagged, fast and safely. A list on the left, one card on the right, keys for both."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kb.domain import Domain
from kb.look import KINDS, STAKES, dots, plural
from kb.model import Finding, FindingKind
from kb.standing import USUAL, Standing, StandingState
from kb.tables import finding_row, render
from kb.ui import url
from kb.ui.components import card
from kb.ui.desk import Desk
from kb.ui.filters import STATES, Filter, neighbour
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.judgements import DONE, NAME, STANDS, judge_name, record, undo
from kb.ui.markup import Child, Html, plain, tag
from kb.ui.navigation import TITLES
from kb.ui.reasons import DISMISSALS, explaining, reason
from kb.ui.store import present_place, verdicts_stamp
from kb.verdicts import Ruling

PAGE = 20
FORM = "verdict being explained"
WATCH_SECONDS = 4


def show(desk: Desk) -> None:
    """Show the findings that the address asks for, and the one that it names."""
    put(tag("h1", "Findings"))
    asked = _filter(desk)
    found = asked.select(desk.inbox.standings)
    if url.turned() and url.get("f") not in [each.finding.id for each in found]:
        url.put("f", "")
    wanted = url.get("f")
    standing = desk.inbox.review.by_id.get(wanted) or (found[0] if found else None)
    with st.container(key="kb-inbox"):
        left, right = st.columns([4, 8], gap="medium")
        with left:
            _list(desk, found, standing)
        with right:
            if wanted and wanted not in desk.inbox.review.by_id:
                unknown(wanted)
            if standing is None:
                _empty(desk, asked)
            else:
                name = standing.finding.id
                sides = neighbour(found, name, -1), neighbour(found, name, 1)
                show_card(desk, standing, sides, wanted, inside=standing in found)
    watch(verdicts_stamp(desk.kb.path))


# What is asked for


def _filter(desk: Desk) -> Filter:
    domain = desk.kb.domain
    topics = [name for name in desk.catalogue.topics if name in desk.inbox.by_topic]
    sources = sorted(desk.inbox.by_source, key=lambda s: (not desk.catalogue.is_document(s), desk.kb.names.get(s, s)))
    first, second, third, fourth = st.container(key="kb-filters").columns([3, 3, 2, 3])
    with first:
        topic = url.select("Topic", "topic", topics, lambda name: domain.topics[name].label, "every topic")
    with second:
        source = url.select("Source", "doc", sources, lambda name: desk.kb.names.get(name, name), "every source")
    with third:
        state = url.select("State", "state", list(STATES)[1:], STATES.__getitem__, STATES[""])
    with fourth:
        words = url.search("Words", "q", "words in the finding")
    severity = int(url.kept("sev", ("1", "2", "3")) or 0)
    if (claim := url.get("claim")) and claim not in desk.catalogue.claims:
        put(tag("p", f"Claim {claim} is not in this build; findings on every claim are shown.", cls="kb-info"))
    claim = url.kept("claim", desk.catalogue.claims)
    asked = _kinds(desk, Filter((), topic, source, claim, state, severity, words))
    named = active(desk, asked)
    chips = [chip(words, name) for name, words in named.items() if name in ("sev", "claim")]
    put(tag("div", *chips, cls="kb-chips") if chips else None)
    return asked


def chip(words: str, name: str) -> Html:
    """Return a filter that no control shows, as a link that takes it away."""
    return tag(
        "a", words, " ", tag("b", "✕", aria_label="remove"), href=url.here("findings", **{name: None, "f": None})
    )


def active(desk: Desk, asked: Filter) -> dict[str, str]:
    """Return every filter that is set, by its name in the address, in words."""
    topic = desk.kb.domain.topics[asked.topic].label if asked.topic else ""
    claim = desk.catalogue.claims[asked.claim].text if asked.claim else ""
    kinds = ", ".join(plural(kind, 2) for kind in asked.kinds) or "none"
    found = {
        "topic": f"topic: {topic}" if topic else "",
        "doc": f"source: {desk.kb.names.get(asked.source, asked.source)}" if asked.source else "",
        "claim": f"claim: {claim}" if claim else "",
        "kind": f"kinds: {kinds}" if asked.kinds != USUAL else "",
        "state": f"state: {STATES[asked.state]}" if asked.state else "",
        "sev": f"gravity: {dots(asked.severity)} {STAKES[asked.severity]}" if asked.severity else "",
        "q": f"words: {asked.words}" if asked.words else "",
    }
    return {name: words for name, words in found.items() if words}


def _kinds(desk: Desk, asked: Filter) -> Filter:
    """Show the kinds with their counts as switches, bound to the address."""
    kinds = choose_kinds(asked.counts(desk.inbox.standings))
    return Filter(kinds, asked.topic, asked.source, asked.claim, asked.state, asked.severity, asked.words)


def choose_kinds(counts: Mapping[FindingKind, int]) -> tuple[FindingKind, ...]:
    """Show the kinds with these counts as switches, bound to the address; return those that are on."""
    key = "kinds shown"
    given = url.get("kind").split(",")
    named = [kind for kind in FindingKind if kind.value in given]
    url.adopt("kind", key, named if named or given == ["none"] else list(USUAL))
    chosen = st.pills(
        "Kinds",
        list(FindingKind),
        selection_mode="multi",
        format_func=lambda kind: f"{KINDS[kind].glyph} {KINDS[kind].word} {counts[kind]:,}",
        key=key,
        label_visibility="collapsed",
        on_change=url.turned_by_hand,
    )
    kinds = tuple(kind for kind in FindingKind if kind in chosen)
    url.wrote("kind", key, "" if kinds == USUAL else ",".join(kinds) or "none")
    return kinds


# The list


def _list(desk: Desk, found: list[Standing], standing: Standing | None) -> None:
    if not found:
        return
    ids = [each.finding.id for each in found]
    at = ids.index(standing.finding.id) if standing and standing.finding.id in ids else 0
    first = at - at % PAGE
    items = [item(desk.kb.domain, each, standing) for each in found[first : first + PAGE]]
    reopened = sum(each.state is StandingState.REOPENED for each in found)
    told = f"{len(found):,} finding{'s' if len(found) != 1 else ''}, most serious first"
    put(
        tag("p", told, f"; {reopened} reopened" if reopened else None, cls="kb-muted kb-small"),
        tag("ul", *items, cls="kb-list"),
        _pages(found, first),
        tag("p", f"{desk.inbox.judged} of {len(desk.inbox.standings):,} judged", cls="kb-muted kb-small"),
    )
    st.download_button(
        "Download this list (CSV)",
        data=lambda: render("findings", [finding_row(each) for each in found], "csv"),
        file_name="findings.csv",
        mime="text/csv",
        on_click="ignore",
    )


def item(domain: Domain, standing: Standing, current: Standing | None) -> Html:
    """Return a finding as an item of the list."""
    finding = standing.finding
    topic = domain.topics.get(finding.topic)
    state = "" if standing.state is StandingState.OPEN else standing.state.value
    verdict = standing.verdict.verdict.value if standing.state is StandingState.JUDGED and standing.verdict else state
    where = " · ".join(filter(None, [topic.label if topic else "a document as a whole", verdict]))
    return tag(
        "li",
        tag(
            "a",
            tag("span", card.glyph(finding.kind), " ", finding.title, cls="kb-clamp"),
            tag("small", tag("span", dots(finding.severity), cls="kb-dots"), f" {where}"),
            href=url.here("findings", f=finding.id),
            cls=f"kb-item kb-{finding.kind}",
            aria_current="true" if current and current.finding.id == finding.id else None,
        ),
    )


def _pages(found: list[Standing], first: int) -> Html | None:
    earlier = found[first - PAGE].finding.id if first else ""
    later = found[first + PAGE].finding.id if first + PAGE < len(found) else ""
    return pages(first, min(first + PAGE, len(found)), len(found), earlier, later)


def pages(first: int, last: int, total: int, earlier: str, later: str) -> Html | None:
    """Return which part of the list is shown, with links to the first finding of the part before and after it."""
    if not earlier and not later:
        return None
    back = tag("a", "‹ earlier", href=url.here("findings", f=earlier)) if earlier else None
    on = tag("a", "later ›", href=url.here("findings", f=later)) if later else None
    return tag("div", back, tag("span", f"{first + 1:,}–{last:,} of {total:,}"), on, cls="kb-pages")


# The card


def show_card(desk: Desk, standing: Standing, sides: tuple[str, str], wanted: str, *, inside: bool) -> None:
    """Show the card of a finding with what can be decided on it.

    ``sides`` are the ids of the findings before and after it in the list, ``inside`` says whether it is in the list.
    """
    finding = standing.finding
    before, after = sides
    entitle(finding.title if wanted else "", TITLES["findings"])
    if wanted and not inside:
        put(tag("p", "This finding is not in the selection beside it.", cls="kb-muted kb-small"))
    if standing.waiver:
        put(tag("p", f"Waived by {standing.waiver.by}: {standing.waiver.reason}", cls="kb-info"))
    with st.container(border=True):
        _unattached(desk, finding)
        put(card.build(desk, standing))
        if st.session_state.get(FORM, ("", ""))[0] == finding.id:
            with st.container(key="kb-reason"):
                _form(desk, standing, after)
        with st.container(key="kb-verdicts", gap="small"):
            _verdicts(finding.id, before, after)


def _unattached(desk: Desk, finding: Finding) -> None:
    """Say once that wording is hidden because no text is attached."""
    documents = {member.source for member in finding.members if desk.catalogue.is_document(member.source)}
    missing = sorted(desk.kb.names[name] for name in documents if name not in desk.kb.texts)
    if missing:
        which = (
            "the page text is not attached" if len(missing) == len(documents) else f"not attached: {', '.join(missing)}"
        )
        told = f"Wording not shown: {which}. Attach it with "
        put(tag("p", told, tag("code", "kb sources attach DIR"), cls="kb-muted kb-small"))


def _verdicts(name: str, before: str, after: str) -> None:
    if refused := st.session_state.pop("refused", ""):
        put(tag("div", tag("strong", "Not recorded. "), refused, cls="kb-banner", role="alert"))
    with st.container(horizontal=True, gap="small"):
        st.button("Stands", key=f"stands {name}", shortcut="1", type="primary", on_click=_stand, args=(name, after))
        st.button("Explained by…", key=f"explained {name}", shortcut="2", on_click=_turn_form, args=(name, "explained"))
        st.button("Dismiss…", key=f"dismissed {name}", shortcut="3", on_click=_turn_form, args=(name, "dismissed"))
        undoable = bool(st.session_state.get(DONE))
        st.button("Undo", key=f"undo {name}", shortcut="u", type="tertiary", disabled=not undoable, on_click=_undo)
        st.button("Back", key=f"back {name}", shortcut="k", type="tertiary", on_click=_go, args=(before,))
        st.button("Next", key=f"next {name}", shortcut="j", type="tertiary", on_click=_go, args=(after,))
    with st.popover(f"Judging as {plain(judge_name()) or 'nobody'}", type="tertiary"):
        st.text_input(
            "Your name, kept with each verdict",
            value=judge_name(),
            key=f"{NAME} typed",
            max_chars=100,
            on_change=_rename,
        )
        told = (
            "Keys: 1 stands, 2 explained by…, 3 dismiss, U undo, J next, K back. They rest while you type in a field."
        )
        put(tag("p", told, cls="kb-muted kb-small"))


def _rename() -> None:
    st.session_state[NAME] = st.session_state[f"{NAME} typed"].strip()


def _go(name: str) -> None:
    _close_form()
    if name:
        st.query_params["f"] = name


def _stand(name: str, after: str) -> None:
    _close_form()
    if record(name, Ruling.CONFIRMED, STANDS):
        _go(after)


def _undo() -> None:
    _go(undo())


def _turn_form(name: str, ruling: str) -> None:
    """Ask for the reason of a verdict; a second press takes the question back."""
    if st.session_state.get(FORM) == (name, ruling):
        _close_form()
    else:
        st.session_state[FORM] = (name, ruling)


def _close_form() -> None:
    st.session_state.pop(FORM, None)


def _form(desk: Desk, standing: Standing, after: str) -> None:
    """Ask for the reason of a verdict; Enter saves it."""
    name, ruling = st.session_state[FORM]
    domain = desk.kb.domain
    states = explaining(domain, standing.finding)
    reasons = list(states) if ruling == "explained" else list(DISMISSALS)

    def shown(choice: str) -> str:
        return plain(domain.dimensions[choice].label if choice in states else choice)

    with st.form(f"reason {name}", border=True):
        asked = "What explains it?" if ruling == "explained" else "Why is it no finding?"
        chosen = (
            st.pills(asked, reasons, selection_mode="multi", format_func=shown, key=f"reasons {name} {ruling}")
            if reasons
            else []
        )
        words = st.text_input("In your words", key=f"reason words {name} {ruling}", max_chars=500)
        with st.container(horizontal=True, gap="small"):
            saved = st.form_submit_button("Save the verdict", type="primary")
            st.form_submit_button("Cancel", type="tertiary", on_click=_close_form)
    if not saved:
        return
    given = states if ruling == "explained" else {}
    why = reason(domain, given, chosen, words) if given else "; ".join(filter(None, [", ".join(chosen), words.strip()]))
    if not why:
        put(tag("p", "Give a reason: pick one, or write it.", cls="kb-info"))
        return
    if record(name, Ruling(ruling), why):
        _go(after)
    st.rerun()


# When there is nothing, and when something came from elsewhere


def unknown(wanted: str) -> None:
    """Say that the finding which the address names is not there."""
    told = f"Finding {wanted} is not in this build. It may have been renamed or settled; search by topic or source."
    put(tag("p", told, cls="kb-info"))


def _empty(desk: Desk, asked: Filter) -> None:
    """Name the filters that leave nothing, each with what there is without it."""
    named = active(desk, asked)
    if not named:
        told = "No findings are left to judge." if desk.inbox.standings else "No findings in what is recorded."
        nothing_here(
            told, tag("a", "Show all findings", href=url.to("findings", state="all", kind=",".join(FindingKind)))
        )
        return
    items = [tag("li", *_without(desk, asked, name, words)) for name, words in named.items()]
    everything = tag("a", "Take all filters away", href=url.to("findings"))
    nothing_here(
        "No findings in this selection.",
        tag("ul", *items),
        tag("p", _unfound(desk, asked)) if set(named) <= {"topic", "doc"} else None,
        everything,
    )


def _without(desk: Desk, asked: Filter, name: str, words: str) -> list[Child]:
    """Return a filter in words, with a link that takes it away and how many findings that leaves."""
    count = len(asked.without(name).select(desk.inbox.standings))
    link = tag("a", "leave it out", href=url.here("findings", **{name: None, "f": None}))
    return [words, ": ", link, f" ({count:,} finding{'' if count == 1 else 's'})"]


def _unfound(desk: Desk, asked: Filter) -> str:
    """Return how many claims of the topic and source that are asked for take part in no finding."""
    claims = desk.catalogue.by_topic.get(asked.topic, []) if asked.topic else list(desk.catalogue.claims.values())
    claims = [claim for claim in claims if asked.source in ("", claim.source)]
    alone = sum(claim.id not in desk.inbox.by_claim for claim in claims)
    return f"{alone:,} of {len(claims):,} claims on record here take part in no finding."


@st.fragment(run_every=WATCH_SECONDS)
def watch(seen: str) -> None:
    """Look for verdicts that were given elsewhere, and show them."""
    place = present_place()
    if verdicts_stamp(place.data) != seen:
        st.rerun(scope="app")
