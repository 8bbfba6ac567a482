"""The columns of the exported tables: names, types and meanings. They are an interface: new columns go at the end.

Types: ``text``, ``integer``, ``decimal`` (exact, 30 digits, 12 of them after the point), ``flag`` and lists of them
(``text*``, ``decimal*``; JSON in CSV). Any cell but the first may be empty.
"""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column: its name, its type and what it says."""

    name: str
    type: str
    meaning: str


def _columns(text: str) -> tuple[Column, ...]:
    """Read lines of ``name type meaning``."""
    return tuple(Column(*line.split(maxsplit=2)) for line in text.strip().splitlines())


TABLES: dict[str, tuple[Column, ...]] = {
    "claims": _columns("""
        id text the id of the claim
        document text the document or work that makes it
        role text claim (a document says it) or evidence (a work found it)
        text text what it says, in our own words
        kind text quantity, comparison or statement
        topic text the topic of its property
        subject text the concept it is about, or work:KEY
        property text what it says of the subject
        object text the other concept, if there is one
        relation text greater, less, equal, differs or unclear (comparisons)
        than text the other side of a comparison
        value text the value in words
        low decimal the lower end in the unit, empty if open
        high decimal the upper end in the unit, empty if open
        any_of decimal* alternatives, where the value is a set
        class text the class on an ordinal scale
        unit text the unit of the value, as the vocabulary names it
        bound text exact, typical, about, range, at_least or up_to
        printed text the value as the source prints it
        polarity text affirmed or negated
        certainty text asserted, probable, possible or denied
        duty text none, never, caution, may, recommended or required
        strength text plain, universal or superlative
        attribution text author, reported, superseded or hypothetical
        appeals_to text the kind of support that the wording appeals to
        start integer first code point of its place in the text
        end integer code point after its place
        sha256 text the hash of the text in which the place is counted
        checked text how far the claim was checked against its source
        made text curated, rule or model
        seen_at text where a finding of a work was read
        note text a remark of the person who recorded it
    """),
    "claim_scopes": _columns("""
        claim text the claim
        dimension text the scope dimension
        value text one concept or printed quantity of the dimension; a claim may have several rows
        state text stated or inherited; a dimension with no row is unknown
        basis text where an inherited value comes from; subject, if the subject implies it
    """),
    "findings": _columns("""
        id text the id of the finding
        code text the detector
        kind text contradiction, discrepancy, tension, fault, possible or explained
        severity integer 1 cosmetic, 2 changes a summary, 3 could mislead a decision
        topic text the topic, empty for a fault of a source as a whole
        property text the property
        title text a short name
        sentence text what does not stand together, and why
        same_source flag all members stand in one source
        explained_by text* the scope dimensions that explain it
        unknown text* the scope dimensions that nobody knows on one side
        claims integer how many claims stand behind it
        rests_on text* the axioms that it rests on
        working text* the arithmetic, a step each
        state text open, judged or reopened
        verdict text confirmed, explained or dismissed
        judged_by text who judged it
        judged_at text when, in UTC
        verdict_reason text why
        reopened_because text why the verdict no longer applies
        waived text the waiver that hides it
    """),
    "finding_members": _columns("""
        finding text the finding
        claim text the claim, empty where the source as a whole is meant
        document text the source
        start integer first code point of the claim
        end integer code point after it
        pole text A, B, C …: claims on one pole give one answer
    """),
    "citations": _columns("""
        source text the document or work that cites
        claim text the claim, empty for a listed reference that no claim uses
        marker text the marker as printed
        number integer the place in the reference list
        work text the work, empty where nothing identifies it
        basis text marker, described, inferred or list
        confidence decimal above 0, at most 1
        state text printed, described, ours, unresolved or listed
    """),
    "documents": _columns("""
        id text the id of the document
        short text its name in sentences
        title text its title
        publisher text who publishes it
        kind text what it is
        captured text how and when the text was taken
        characters integer its length in code points
        sha256 text the hash of its text
        references text what the text still has of its references
        claims integer how many claims were taken from it
        listed integer entries of its reference list
        works integer distinct works in that list
        note text a remark
    """),
    "works": _columns("""
        key text the key in the bibliography
        entry_type text the type of the entry
        title text the title
        authors text* surname, given name; a body as one string
        authors_complete flag whether the list of authors is complete
        year integer the year of publication
        journal text the journal
        volume text the volume
        number text the issue
        pages text the pages
        eid text the number of the article
        doi text the DOI
        pmid text the PubMed number
        url text an address
        design text the study design
        population text who was studied
        sample_size integer how many took part
        species text which species
        erratum text what was corrected
        superseded_by text the key of the work that replaces it
        retracted text what is known of a retraction
        cited_by text* the sources that cite it
        evidence integer how many of its findings are recorded
        note text a remark of the person who keeps the bibliography
    """),
}
"""The tables by name, in order of writing."""
