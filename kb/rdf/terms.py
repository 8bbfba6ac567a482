"""Every term that the export uses, as closed namespaces: a name that is not here is an attribute error.

Terms are N-Triples tokens (``<https://…>``), because everything downstream is written from tokens. ``CKB`` is our own
vocabulary (``kb.ttl`` beside this file); ``KB`` is the vocabulary in which a domain is declared.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import get_args

from kb.citations import STATES
from kb.designs import STUDY_DESIGNS
from kb.model import (
    Appeal,
    Attribution,
    Bound,
    Certainty,
    Checked,
    Citation,
    Duty,
    FindingKind,
    Kind,
    Made,
    Polarity,
    Relation,
    Role,
    ScopeState,
    ScopeValue,
    State,
    Strength,
)
from kb.standing import Fate, StandingState
from kb.verdicts import Ruling

NAMESPACES = {
    "ckb": "https://claims-kb.example/claims#",
    "cito": "http://purl.org/spar/cito/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "fabio": "http://purl.org/spar/fabio/",
    "kb": "https://claims-kb.example/vocab#",
    "np": "http://www.nanopub.org/nschema#",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix → namespace, for every vocabulary in use."""

SOFTWARE = "https://claims-kb.example/software"
RULES_AT = "https://claims-kb.example/rule/"
"""Where the program and its rules have their names: they belong to no domain."""


class Term(str):
    """A token that belongs to a vocabulary, and so to the shape of what is written, not to its content."""

    __slots__ = ()


def _term(prefix: str, name: str) -> Term:
    return Term(f"<{NAMESPACES[prefix]}{name}>")


class RDF:
    """The one term of RDF itself that is needed."""

    type = _term("rdf", "type")


class XSD:
    """Datatypes."""

    boolean = _term("xsd", "boolean")
    dateTime = _term("xsd", "dateTime")
    decimal = _term("xsd", "decimal")
    gYear = _term("xsd", "gYear")
    integer = _term("xsd", "integer")
    nonNegativeInteger = _term("xsd", "nonNegativeInteger")
    anyURI = _term("xsd", "anyURI")


class DCTERMS:
    """Dublin Core terms."""

    creator = _term("dcterms", "creator")
    description = _term("dcterms", "description")
    identifier = _term("dcterms", "identifier")
    isPartOf = _term("dcterms", "isPartOf")
    isReplacedBy = _term("dcterms", "isReplacedBy")
    issued = _term("dcterms", "issued")
    publisher = _term("dcterms", "publisher")
    source = _term("dcterms", "source")
    title = _term("dcterms", "title")


class SKOS:
    """Simple Knowledge Organization System."""

    Concept = _term("skos", "Concept")
    ConceptScheme = _term("skos", "ConceptScheme")
    altLabel = _term("skos", "altLabel")
    broader = _term("skos", "broader")
    definition = _term("skos", "definition")
    exactMatch = _term("skos", "exactMatch")
    hiddenLabel = _term("skos", "hiddenLabel")
    inScheme = _term("skos", "inScheme")
    notation = _term("skos", "notation")
    prefLabel = _term("skos", "prefLabel")


class PROV:
    """The provenance ontology."""

    Activity = _term("prov", "Activity")
    Agent = _term("prov", "Agent")
    Association = _term("prov", "Association")
    Person = _term("prov", "Person")
    Plan = _term("prov", "Plan")
    SoftwareAgent = _term("prov", "SoftwareAgent")
    agent = _term("prov", "agent")
    hadPlan = _term("prov", "hadPlan")
    qualifiedAssociation = _term("prov", "qualifiedAssociation")
    used = _term("prov", "used")
    wasAttributedTo = _term("prov", "wasAttributedTo")
    wasDerivedFrom = _term("prov", "wasDerivedFrom")
    wasGeneratedBy = _term("prov", "wasGeneratedBy")


class OA:
    """Web Annotation."""

    Annotation = _term("oa", "Annotation")
    SpecificResource = _term("oa", "SpecificResource")
    TextPositionSelector = _term("oa", "TextPositionSelector")
    TextQuoteSelector = _term("oa", "TextQuoteSelector")
    end = _term("oa", "end")
    exact = _term("oa", "exact")
    hasBody = _term("oa", "hasBody")
    hasSelector = _term("oa", "hasSelector")
    hasSource = _term("oa", "hasSource")
    hasTarget = _term("oa", "hasTarget")
    identifying = _term("oa", "identifying")
    motivatedBy = _term("oa", "motivatedBy")
    start = _term("oa", "start")


class SCHEMA:
    """schema.org."""

    Claim = _term("schema", "Claim")
    ClaimReview = _term("schema", "ClaimReview")
    Person = _term("schema", "Person")
    QuantitativeValue = _term("schema", "QuantitativeValue")
    Rating = _term("schema", "Rating")
    alternateName = _term("schema", "alternateName")
    author = _term("schema", "author")
    datePublished = _term("schema", "datePublished")
    issueNumber = _term("schema", "issueNumber")
    itemReviewed = _term("schema", "itemReviewed")
    maxValue = _term("schema", "maxValue")
    minValue = _term("schema", "minValue")
    name = _term("schema", "name")
    pagination = _term("schema", "pagination")
    reviewBody = _term("schema", "reviewBody")
    reviewRating = _term("schema", "reviewRating")
    sameAs = _term("schema", "sameAs")
    text = _term("schema", "text")
    unitCode = _term("schema", "unitCode")
    url = _term("schema", "url")
    value = _term("schema", "value")
    volumeNumber = _term("schema", "volumeNumber")


class QUDT:
    """Units of measure."""

    hasUnit = _term("qudt", "hasUnit")


class DCAT:
    """The data catalogue vocabulary."""

    Dataset = _term("dcat", "Dataset")


class VOID:
    """The vocabulary of interlinked datasets."""

    Dataset = _term("void", "Dataset")
    class_ = _term("void", "class")
    classPartition = _term("void", "classPartition")
    entities = _term("void", "entities")
    vocabulary = _term("void", "vocabulary")


class NP:
    """Nanopublications."""

    Nanopublication = _term("np", "Nanopublication")
    hasAssertion = _term("np", "hasAssertion")
    hasProvenance = _term("np", "hasProvenance")
    hasPublicationInfo = _term("np", "hasPublicationInfo")


class CITO:
    """The citation typing ontology, of which only the reified citation: every typed link in it means "cites"."""

    Citation = _term("cito", "Citation")
    hasCitedEntity = _term("cito", "hasCitedEntity")
    hasCitingEntity = _term("cito", "hasCitingEntity")


class FABIO:
    """Kinds of publication."""

    Book = _term("fabio", "Book")
    BookChapter = _term("fabio", "BookChapter")
    ConferencePaper = _term("fabio", "ConferencePaper")
    Expression = _term("fabio", "Expression")
    Journal = _term("fabio", "Journal")
    JournalArticle = _term("fabio", "JournalArticle")
    WebPage = _term("fabio", "WebPage")


class CKB:
    """Our own vocabulary: classes and properties. Its individuals are in `INDIVIDUALS`."""

    Claim = _term("ckb", "Claim")
    CitationLink = _term("ckb", "CitationLink")
    ClassValue = _term("ckb", "ClassValue")
    Document = _term("ckb", "Document")
    Finding = _term("ckb", "Finding")
    IntervalValue = _term("ckb", "IntervalValue")
    JudgedMember = _term("ckb", "JudgedMember")
    Member = _term("ckb", "Member")
    Opposition = _term("ckb", "Opposition")
    Proposition = _term("ckb", "Proposition")
    ReferenceEntry = _term("ckb", "ReferenceEntry")
    ScopeComparison = _term("ckb", "ScopeComparison")
    ScopeEntry = _term("ckb", "ScopeEntry")
    SetValue = _term("ckb", "SetValue")
    Span = _term("ckb", "Span")
    VagueValue = _term("ckb", "VagueValue")
    Verdict = _term("ckb", "Verdict")
    Work = _term("ckb", "Work")

    appealsTo = _term("ckb", "appealsTo")
    attribution = _term("ckb", "attribution")
    authorsComplete = _term("ckb", "authorsComplete")
    basis = _term("ckb", "basis")
    because = _term("ckb", "because")
    bound = _term("ckb", "bound")
    captured = _term("ckb", "captured")
    certainty = _term("ckb", "certainty")
    characters = _term("ckb", "characters")
    checked = _term("ckb", "checked")
    citation = _term("ckb", "citation")
    claim = _term("ckb", "claim")
    claimCount = _term("ckb", "claimCount")
    code = _term("ckb", "code")
    comparison = _term("ckb", "comparison")
    confidence = _term("ckb", "confidence")
    contentHash = _term("ckb", "contentHash")
    current = _term("ckb", "current")
    damage = _term("ckb", "damage")
    design = _term("ckb", "design")
    dimension = _term("ckb", "dimension")
    documentKind = _term("ckb", "documentKind")
    doi = _term("ckb", "doi")
    duty = _term("ckb", "duty")
    eid = _term("ckb", "eid")
    entryType = _term("ckb", "entryType")
    erratum = _term("ckb", "erratum")
    explainedBy = _term("ckb", "explainedBy")
    fate = _term("ckb", "fate")
    finding = _term("ckb", "finding")
    firstAuthor = _term("ckb", "firstAuthor")
    impliedComparator = _term("ckb", "impliedComparator")
    key = _term("ckb", "key")
    kind = _term("ckb", "kind")
    linkState = _term("ckb", "linkState")
    locator = _term("ckb", "locator")
    made = _term("ckb", "made")
    marker = _term("ckb", "marker")
    measuredValue = _term("ckb", "measuredValue")
    member = _term("ckb", "member")
    note = _term("ckb", "note")
    object = _term("ckb", "object")
    opposition = _term("ckb", "opposition")
    part = _term("ckb", "part")
    pmid = _term("ckb", "pmid")
    polarity = _term("ckb", "polarity")
    pole = _term("ckb", "pole")
    population = _term("ckb", "population")
    position = _term("ckb", "position")
    printed = _term("ckb", "printed")
    property = _term("ckb", "property")
    publisherName = _term("ckb", "publisherName")
    question = _term("ckb", "question")
    quoteSha256 = _term("ckb", "quoteSha256")
    referenceEntry = _term("ckb", "referenceEntry")
    references = _term("ckb", "references")
    relation = _term("ckb", "relation")
    restsOn = _term("ckb", "restsOn")
    retracted = _term("ckb", "retracted")
    role = _term("ckb", "role")
    rule = _term("ckb", "rule")
    ruling = _term("ckb", "ruling")
    sameSource = _term("ckb", "sameSource")
    sampleSize = _term("ckb", "sampleSize")
    scopeComparison = _term("ckb", "scopeComparison")
    scopeEntry = _term("ckb", "scopeEntry")
    scopeReason = _term("ckb", "scopeReason")
    scopeState = _term("ckb", "scopeState")
    scopeUnknown = _term("ckb", "scopeUnknown")
    scopeValue = _term("ckb", "scopeValue")
    seenAt = _term("ckb", "seenAt")
    severity = _term("ckb", "severity")
    sha256 = _term("ckb", "sha256")
    shortName = _term("ckb", "shortName")
    shorthand = _term("ckb", "shorthand")
    source = _term("ckb", "source")
    span = _term("ckb", "span")
    species = _term("ckb", "species")
    standing = _term("ckb", "standing")
    states = _term("ckb", "states")
    strength = _term("ckb", "strength")
    subject = _term("ckb", "subject")
    supersededBy = _term("ckb", "supersededBy")
    than = _term("ckb", "than")
    topic = _term("ckb", "topic")
    unit = _term("ckb", "unit")
    unknownDimension = _term("ckb", "unknownDimension")
    unverifiedFields = _term("ckb", "unverifiedFields")
    vagueAs = _term("ckb", "vagueAs")
    value = _term("ckb", "value")
    valueClass = _term("ckb", "valueClass")
    verdict = _term("ckb", "verdict")
    verifiedFields = _term("ckb", "verifiedFields")
    waivedBecause = _term("ckb", "waivedBecause")
    work = _term("ckb", "work")
    working = _term("ckb", "working")


class KB:
    """The vocabulary in which a domain declares itself (docs/data-formats.md)."""

    Axiom = _term("kb", "Axiom")
    Dimension = _term("kb", "Dimension")
    Domain = _term("kb", "Domain")
    Property = _term("kb", "Property")
    Scheme = _term("kb", "Scheme")
    Topic = _term("kb", "Topic")
    Unit = _term("kb", "Unit")

    about = _term("kb", "about")
    absoluteOf = _term("kb", "absoluteOf")
    alsoSeparatedBy = _term("kb", "alsoSeparatedBy")
    atMost = _term("kb", "atMost")
    capacity = _term("kb", "capacity")
    code = _term("kb", "code")
    compared = _term("kb", "compared")
    complementOf = _term("kb", "complementOf")
    defaultReadingOf = _term("kb", "defaultReadingOf")
    denominator = _term("kb", "denominator")
    direction = _term("kb", "direction")
    disjointWith = _term("kb", "disjointWith")
    excludes = _term("kb", "excludes")
    exclusive = _term("kb", "exclusive")
    factor = _term("kb", "factor")
    factorScope = _term("kb", "factorScope")
    high = _term("kb", "high")
    implies = _term("kb", "implies")
    inProportionTo = _term("kb", "inProportionTo")
    intervalScale = _term("kb", "intervalScale")
    kind = _term("kb", "kind")
    low = _term("kb", "low")
    measures = _term("kb", "measures")
    needsSource = _term("kb", "needsSource")
    nested = _term("kb", "nested")
    oppositeOf = _term("kb", "oppositeOf")
    order = _term("kb", "order")
    partOf = _term("kb", "partOf")
    plural = _term("kb", "plural")
    productOf = _term("kb", "productOf")
    quantityKind = _term("kb", "quantityKind")
    rank = _term("kb", "rank")
    readAs = _term("kb", "readAs")
    relation = _term("kb", "relation")
    scale = _term("kb", "scale")
    scheme = _term("kb", "scheme")
    separatedBy = _term("kb", "separatedBy")
    shareOf = _term("kb", "shareOf")
    shownAs = _term("kb", "shownAs")
    stakes = _term("kb", "stakes")
    symbol = _term("kb", "symbol")
    tolerance = _term("kb", "tolerance")
    topic = _term("kb", "topic")
    unit = _term("kb", "unit")
    varies = _term("kb", "varies")
    word = _term("kb", "word")


def _values(record: type, field: str) -> tuple[str, ...]:
    return get_args(record.model_fields[field].annotation)  # type: ignore[attr-defined]


_FAMILIES: dict[str, Iterable[str]] = {
    "kind": Kind,
    "bound": Bound,
    "relation": Relation,
    "polarity": Polarity,
    "certainty": Certainty,
    "duty": Duty,
    "strength": Strength,
    "appeal": Appeal,
    "attribution": Attribution,
    "scope": State,
    "from": [basis for basis in _values(ScopeValue, "basis") if basis],
    "role": Role,
    "checked": Checked,
    "made": Made,
    "basis": (*_values(Citation, "basis"), "list"),
    "link": STATES,
    "finding": FindingKind,
    "comparison": ScopeState,
    "standing": StandingState,
    "fate": Fate,
    "ruling": Ruling,
    "design": STUDY_DESIGNS,
}

INDIVIDUALS: dict[tuple[str, str], Term] = {
    (family, str(value)): _term("ckb", f"{family}-{str(value).replace('_', '-')}")
    for family, values in _FAMILIES.items()
    for value in values
}
"""Family and value → the individual of our vocabulary that stands for it: ``ckb:certainty-asserted``."""

VALUES: dict[str, tuple[str, str]] = {term: key for key, term in INDIVIDUALS.items()}
"""An individual → its family and value."""


def individual(family: str, value: StrEnum | str) -> Term:
    """Return the individual for a value of a closed list; a `KeyError` is a fault of the program."""
    return INDIVIDUALS[family, str(value)]
