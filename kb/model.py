"""The records that flow through the knowledge base. All are frozen; none does any input or output.

Words as in the design: a *source* is a document or a work; a *claim* is one atomic statement by a source;
a *position* is one distinct answer; a *finding* says which claims do not comfortably stand together.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=80)]
"""A short identifier: lower-case letters, digits, hyphens and dots."""

ConceptId = Annotated[str, StringConstraints(pattern=r"^(work:)?[a-z0-9][a-z0-9.-]*$", max_length=90)]
"""A concept of the vocabulary, or ``work:KEY`` for a work that a claim is about."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,20})?")


def _plain_decimal(value: object) -> object:
    if isinstance(value, str) and not DECIMAL.fullmatch(value):
        raise ValueError("is no plain decimal number such as 12 or 0.5")
    return value


Number = Annotated[
    Decimal, BeforeValidator(_plain_decimal), Field(max_digits=30, decimal_places=12, allow_inf_nan=False)
]


class Record(BaseModel):
    """Base of every record: frozen, and no field that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Kind(StrEnum):
    """What form a claim has."""

    QUANTITY = "quantity"
    COMPARISON = "comparison"
    STATEMENT = "statement"


class Bound(StrEnum):
    """How the source bounds a quantity."""

    EXACT = "exact"
    TYPICAL = "typical"
    ABOUT = "about"
    RANGE = "range"
    AT_LEAST = "at_least"
    UP_TO = "up_to"


class Relation(StrEnum):
    """How the subject of a comparison stands to the other side, on the scale of the property."""

    GREATER = "greater"
    LESS = "less"
    EQUAL = "equal"
    DIFFERS = "differs"
    UNCLEAR = "unclear"


class Polarity(StrEnum):
    """Whether a statement affirms or denies."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"


class Certainty(StrEnum):
    """How sure the source is: the first modality axis.

    Hedging has two strengths here, because "appears to" and "may" do not weigh the same against a denial.
    """

    ASSERTED = "asserted"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    DENIED = "denied"


class Duty(StrEnum):
    """What a source says ought to be done: the second modality axis."""

    NONE = "none"
    NEVER = "never"
    CAUTION = "caution"
    MAY = "may"
    RECOMMENDED = "recommended"
    REQUIRED = "required"


class Strength(StrEnum):
    """How far a statement reaches."""

    PLAIN = "plain"
    UNIVERSAL = "universal"
    SUPERLATIVE = "superlative"


class Appeal(StrEnum):
    """What kind of support the wording of a claim appeals to, whether or not a work is named."""

    STUDY = "a-study"
    STUDIES = "studies"
    TRIAL = "a-trial"
    TRIALS = "trials"
    REVIEWS = "reviews"
    RESEARCH = "research"
    GUIDELINE = "guideline"
    STATISTICS = "statistics"
    EXPERTS = "experts"
    REPORTS = "reports"


class Attribution(StrEnum):
    """Whose statement it is, in the source's own telling."""

    AUTHOR = "author"
    REPORTED = "reported"
    SUPERSEDED = "superseded"
    HYPOTHETICAL = "hypothetical"


class State(StrEnum):
    """Where a scope dimension comes from. A dimension that is absent from a claim is unknown."""

    STATED = "stated"
    INHERITED = "inherited"


class Role(StrEnum):
    """Whether a claim is made by a document, or is what a cited work or an authority found."""

    CLAIM = "claim"
    EVIDENCE = "evidence"


class Checked(StrEnum):
    """How far a claim was checked against its source."""

    DRAFT = "draft"
    READ_ONCE = "read_once"
    READ_TWICE = "read_twice"
    VERIFIED = "verified"
    INFERRED = "inferred"
    UNVERIFIED = "unverified"


class Made(StrEnum):
    """How a claim was made."""

    CURATED = "curated"
    RULE = "rule"
    MODEL = "model"


class Interval(Record):
    """A quantity with closed ends; an absent end is open. Both ends are in ``unit``, as printed."""

    low: Number | None = None
    high: Number | None = None
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    bound: Bound = Bound.EXACT
    printed: Annotated[str, StringConstraints(max_length=200)] = ""

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("an interval needs low, high or both; use vague for a value with no number")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        if self.bound is Bound.AT_LEAST and self.low is None:
            raise ValueError("at_least needs low")
        if self.bound is Bound.UP_TO and self.high is None:
            raise ValueError("up_to needs high")
        return self


class ValueSet(Record):
    """Alternatives: "56 or 84" is not the range from 56 to 84."""

    any_of: Annotated[tuple[Number, ...], Field(min_length=1, max_length=100)]
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    bound: Bound = Bound.EXACT
    printed: Annotated[str, StringConstraints(max_length=200)] = ""

    @model_validator(mode="after")
    def _order(self) -> Self:
        if list(self.any_of) != sorted(set(self.any_of)):
            raise ValueError("any_of must be in rising order and without repeats")
        return self


class Ordinal(Record):
    """A class on an ordinal scale of the vocabulary, such as rare or common."""

    class_: Slug = Field(alias="class")
    printed: Annotated[str, StringConstraints(max_length=200)] = ""


class Vague(Record):
    """A value without a number ("a few weeks"), kept as printed; ``bound`` as for numbers ("up to a few weeks")."""

    vague: bool
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    bound: Bound = Bound.ABOUT
    printed: Annotated[str, StringConstraints(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _true(self) -> Self:
        if not self.vague:
            raise ValueError("vague is true or absent")
        return self


def _value_form(value: object) -> str:
    """Tell the form of a value by its keys, so that a fault is reported for that form alone.

    No form is named like a key, because it stands among the keys in the place of a fault.
    """
    keys: object = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    for key, form in (("any_of", "a set"), ("class", "a class"), ("class_", "a class"), ("vague", "vaguely")):
        if isinstance(keys, dict) and key in keys:
            return form
    return "an interval"


Value = Annotated[
    Annotated[Interval, Tag("an interval")]
    | Annotated[ValueSet, Tag("a set")]
    | Annotated[Ordinal, Tag("a class")]
    | Annotated[Vague, Tag("vaguely")],
    Discriminator(_value_form),
]
"""An interval, a set of alternatives, a class on an ordinal scale, or a vague value."""


class ScopeValue(Record):
    """What a claim says of one scope dimension.

    ``values`` holds concept ids (a claim may cover several) or, for dimensions that are measured such as
    the time point, one printed quantity. ``basis`` names where an inherited value was taken from.
    """

    dimension: Slug
    values: Annotated[tuple[str, ...], Field(min_length=1)]
    state: State
    basis: Literal["", "page", "title", "heading", "list-lead", "table-header", "earlier-sentence", "work"] = ""


class Locator(Record):
    """Where a claim stands: code points ``start`` to ``end`` of the snapshot, and the hash of that text."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    quote_sha256: Sha256


class Citation(Record):
    """A link from a claim to a work.

    ``basis``: *marker* (printed in the document), *described* (the wording identifies the work) or
    *inferred* (ours). ``work`` is absent where a marker cannot be resolved.
    """

    marker: Annotated[str, StringConstraints(max_length=40)] = ""
    work: Slug | None = None
    basis: Literal["marker", "described", "inferred"]
    confidence: Annotated[Number, Field(gt=0, le=1)] = Decimal(1)

    @model_validator(mode="after")
    def _ours(self) -> Self:
        if self.basis == "inferred" and self.confidence >= Decimal("0.9"):
            raise ValueError("an inferred link is ours: give it a confidence below 0.9")
        if self.basis != "marker" and self.work is None:
            raise ValueError("only a printed marker may stay unresolved; name the work")
        return self


class Claim(Record):
    """One atomic statement by a source, in our own words, with its typed content and its scope.

    A dimension in ``unknown`` is not filled from the defaults of the document. ``seen_at`` says where a
    finding of a work was read, ``part`` tells apart claims that share quote, subject, property and object.
    """

    id: str
    source: Slug
    text: Text
    kind: Kind
    subject: ConceptId
    property: Slug
    object: ConceptId | None = None
    value: Value | None = None
    relation: Relation | None = None
    than: ConceptId | None = None
    implied: bool = False
    scope: tuple[ScopeValue, ...] = ()
    unknown: tuple[Slug, ...] = ()
    polarity: Polarity = Polarity.AFFIRMED
    certainty: Certainty = Certainty.ASSERTED
    duty: Duty = Duty.NONE
    strength: Strength = Strength.PLAIN
    attribution: Attribution = Attribution.AUTHOR
    appeals_to: Appeal | None = None
    locator: Locator | None = None
    cites: tuple[Citation, ...] = ()
    part: str = ""
    role: Role = Role.CLAIM
    checked: Checked = Checked.READ_ONCE
    made: Made = Made.CURATED
    seen_at: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _form(self) -> Self:
        wants = {
            Kind.QUANTITY: ("value",),
            Kind.COMPARISON: ("relation", "than"),
            Kind.STATEMENT: (),
        }[self.kind]
        for name in ("value", "relation", "than"):
            given = getattr(self, name) is not None
            if name in wants and not given:
                raise ValueError(f"a {self.kind} needs {name}")
            if given and name not in wants:
                raise ValueError(f"a {self.kind} has no {name}")
        return self

    def scope_of(self, dimension: str) -> ScopeValue | None:
        """Return what the claim says of ``dimension``, or None where that is unknown."""
        return next((entry for entry in self.scope if entry.dimension == dimension), None)


class Reference(Record):
    """An entry of a printed reference list: the work it means, and what it prints of it where that was noted."""

    work: Slug
    first_author: Annotated[str, StringConstraints(max_length=80)] = ""
    title: Annotated[str, StringConstraints(max_length=300)] = ""
    year: Annotated[int, Field(ge=1000, le=2999)] | None = None
    pages: Annotated[str, StringConstraints(max_length=40)] = ""
    doi: Annotated[str, StringConstraints(max_length=120)] = ""


def _reference(entry: object) -> object:
    return {"work": entry} if isinstance(entry, str) else entry


class Document(Record):
    """A text that makes claims. ``characters`` counts code points; ``sha256`` is of the snapshot's bytes.

    ``short`` is the name used in sentences, ``lists`` the entries of its reference list in printed order
    (a work listed twice stands twice), ``references`` which of list and markers the capture still has, and
    ``damage`` the places (START-END, code points) of lead-ins whose lists the capture lost.
    """

    id: Slug
    title: Text
    publisher: Text
    kind: Slug
    captured: Text
    characters: Annotated[int, Field(ge=1, le=100_000_000)]
    sha256: Sha256
    scope: tuple[ScopeValue, ...] = ()
    scope_reason: str = ""
    short: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    references: Literal["list and markers", "list without markers", "markers without list", "none"] = "none"
    lists: tuple[Annotated[Reference, BeforeValidator(_reference)], ...] = ()
    damage: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$")], ...] = ()
    note: str = ""

    @property
    def listed(self) -> tuple[str, ...]:
        """The works of the reference list in printed order."""
        return tuple(entry.work for entry in self.lists)


class FindingKind(StrEnum):
    """How far the members of a finding stand apart, strongest first.

    A *fault* is no disagreement: citing or wording falls short of what a reader needs to check the claim.
    """

    CONTRADICTION = "contradiction"
    DISCREPANCY = "discrepancy"
    TENSION = "tension"
    FAULT = "fault"
    POSSIBLE = "possible"
    EXPLAINED = "explained"


class ScopeState(StrEnum):
    """The comparison of one scope dimension between the poles of a finding."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


class Member(Record):
    """One claim in a finding, with the pole (A, B, C …) that it stands on.

    ``claim`` is empty where the source as a whole is meant: its reference list, say.
    """

    claim: str
    source: str
    start: int | None
    end: int | None
    pole: str


class Finding(Record):
    """What a detector reports: claims on two or more poles, the scope comparison, and one sentence why.

    ``opposed`` names the poles that clash with one another: in a chain of answers the middle may fit both ends.
    ``question`` is what the members answer; with the code it outlives a change of members or outcome. ``topic``
    and ``property`` are empty for a fault of a source as a whole. ``working`` is the arithmetic, a step a line.
    """

    id: str
    code: str
    kind: FindingKind
    severity: Annotated[int, Field(ge=1, le=3)]
    topic: str
    property: str
    question: str
    members: tuple[Member, ...]
    opposed: tuple[tuple[str, str], ...] = ()
    claims: int
    scope: tuple[tuple[str, ScopeState], ...] = ()
    explained_by: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    same_source: bool = False
    rests_on: tuple[str, ...] = ()
    working: tuple[str, ...] = ()
    title: str
    sentence: str
