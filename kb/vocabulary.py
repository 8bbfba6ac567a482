"""Reading a domain from a SKOS vocabulary in Turtle; every fault is reported at once, with its line."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path

import networkx as nx
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.namespace import DCTERMS, SKOS
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from kb.domain import Axiom, Concept, Dimension, Domain, Pattern, Property, Topic
from kb.errors import Problems
from kb.quantities import Unit
from kb.yamlfile import read_text

KB = Namespace("https://claims-kb.example/vocab#")
TYPES = ("Domain", "Topic", "Scheme", "Concept", "Property", "Dimension", "Unit", "Axiom")
ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
MAX_POWER = 30
LOCAL_TERMS = frozenset(
    "kind topic unit tolerance varies compared intervalScale stakes separatedBy alsoSeparatedBy oppositeOf "
    "complementOf measures direction absoluteOf scale rank implies defaultReadingOf scheme nested symbol "
    "quantityKind factor code shownAs plural relation about order exclusive needsSource productOf denominator "
    "word low high excludes atMost readAs capacity "
    "disjointWith factorScope inProportionTo shareOf partOf".split()
)


class _Reader:
    """Turns one parsed graph into records and collects every fault on the way."""

    def __init__(self, graph: Graph, text: str, problems: Problems) -> None:
        self.graph = graph
        self.problems = problems
        self.lines: dict[str, int] = {}
        self.nodes: dict[tuple[str, str], Node] = {}
        self.symbols: dict[str, Node] = {}
        with _silenced():
            prefixes = {prefix: str(base) for prefix, base in graph.namespaces()}
        for number, line in enumerate(text.split("\n"), 1):
            if match := re.match(r"<([^>]*)>|([\w-]*):([^\s;,]*)", line):
                whole, prefix, name = match.groups("")
                self.lines.setdefault(whole or prefixes.get(prefix, "") + name, number)

    def local(self, node: Node) -> str:
        return re.split(r"[#/]", str(node))[-1]

    def fault(self, subject: Node, message: str, remedy: str = "") -> None:
        self.problems.add(self.lines.get(str(subject), 0), f"{self.local(subject)}: {message}", remedy)

    def texts(self, subject: Node, predicate: URIRef) -> list[str]:
        return sorted(str(value) for value in self.graph.objects(subject, predicate))

    def names(self, subject: Node, predicate: URIRef) -> tuple[str, ...]:
        found = []
        for value in self.graph.objects(subject, predicate):
            if isinstance(value, RdfLiteral):
                message = f"{self.local(predicate)} must name a resource, not the text “{value}”"
                self.fault(subject, message, "write the name with its prefix and without quotation marks")
            else:
                found.append(self.local(value))
        return tuple(sorted(found))

    def name(self, subject: Node, predicate: URIRef) -> str | None:
        found = self.names(subject, predicate)
        if len(found) > 1:
            self.fault(subject, f"{self.local(predicate)} is given {len(found)} times", "keep one")
        return found[0] if found else None

    def one(self, subject: Node, predicate: URIRef, default: str | None = None) -> str | None:
        values = self.texts(subject, predicate)
        if len(values) > 1:
            self.fault(subject, f"{self.local(predicate)} is given {len(values)} times", "keep one")
        if not values and default is None:
            return None
        return values[0] if values else default

    def label(self, subject: Node) -> str:
        labels = self.texts(subject, SKOS.prefLabel)
        if len(labels) != 1:
            self.fault(subject, f"has {len(labels)} preferred labels", "give it exactly one skos:prefLabel")
        return labels[0] if labels else self.local(subject)

    def choice(self, subject: Node, predicate: URIRef, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.one(subject, predicate, default)
        if value not in allowed:
            given = f"“{value}”" if value else "nothing"
            self.fault(subject, f"{self.local(predicate)} is {given}", f"use one of {', '.join(allowed)}")
            return allowed[0]
        return value

    def number(self, subject: Node, predicate: URIRef, default: str) -> Decimal:
        value = self.one(subject, predicate, default) or default
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0 or abs(number.adjusted()) > MAX_POWER or len(value) > MAX_POWER:
            shown = value if len(value) <= MAX_POWER else f"{value[:MAX_POWER]}…"
            remedy = f"give a number that is not negative, in at most {MAX_POWER} digits"
            self.fault(subject, f"{self.local(predicate)} is “{shown}”", remedy)
            return Decimal(default)
        return number

    def typed(self, name: str) -> list[Node]:
        """Return the subjects of a type by id; report ids that are malformed or used twice."""
        found = sorted(self.graph.subjects(RDF.type, SKOS.Concept if name == "Concept" else KB[name]), key=str)
        for node in found if name != "Domain" else ():
            if not isinstance(node, URIRef) or not ID.fullmatch(self.local(node)):
                self.fault(node, "is no id", "use lower-case letters, digits, hyphens and dots")
            first = self.nodes.setdefault((name, self.local(node)), node)
            if first != node:
                self.fault(node, f"is the id of two of type {name}", f"rename this or <{first}>")
        return found

    def pairs(self, subject: Node, predicate: URIRef) -> tuple[tuple[str, str], ...]:
        """Return the scope that texts of the form ``dimension=concept`` give."""
        found = []
        for pair in self.texts(subject, predicate):
            dimension, equals, value = pair.partition("=")
            if not equals or not value:
                self.fault(subject, f"{self.local(predicate)} “{pair}”", "write it as dimension=concept")
            else:
                found.append((dimension.strip(), value.strip()))
        return tuple(sorted(found))

    def words(self, subject: Node) -> tuple[str, ...]:
        """Return the wordings of a unit or property that are only for reading text."""
        return tuple(sorted({*self.texts(subject, SKOS.altLabel), *self.texts(subject, SKOS.hiddenLabel)}))

    def concept(self, node: Node) -> Concept:
        rank = self.one(node, KB.rank)
        return Concept(
            id=self.local(node),
            scheme=self.name(node, SKOS.inScheme) or "",
            label=self.label(node),
            other_labels=tuple(self.texts(node, SKOS.altLabel)),
            hidden_labels=tuple(self.texts(node, SKOS.hiddenLabel)),
            broader=self.names(node, SKOS.broader),
            implies=self.pairs(node, KB.implies),
            default_reading_of=self.name(node, KB.defaultReadingOf),
            rank=int(self.number(node, KB.rank, "0")) if rank is not None else None,
            exact_match=tuple(self.texts(node, SKOS.exactMatch)),
            definition=self.one(node, SKOS.definition, "") or "",
        )

    def property(self, node: Node) -> Property:
        kind = self.choice(node, KB.kind, ("quantity", "statement", "scale"))
        named = self.name(node, KB.unit) is not None
        unit = [self.one(u, KB.symbol) for u in self.graph.objects(node, KB.unit)] if named else []
        if unit and unit[0] is None:
            self.fault(node, "unit is not in the vocabulary", "name a kb:Unit that has a symbol")
        return Property.model_validate(
            {
                "id": self.local(node),
                "label": self.label(node),
                "kind": kind,
                "words": self.words(node),
                "topic": self.name(node, KB.topic) or "",
                "stakes": int(self.choice(node, KB.stakes, ("1", "2", "3"))),
                "unit": unit[0] if unit else None,
                "scale": self.name(node, KB.scale),
                "tolerance": self.number(node, KB.tolerance, "0"),
                "compared": self.choice(node, KB.compared, ("true", "false"), "true") == "true",
                "exclusive": self.choice(node, KB.exclusive, ("true", "false"), "false") == "true",
                "capacity": self.choice(node, KB.capacity, ("true", "false"), "false") == "true",
                "needs_source": self.choice(node, KB.needsSource, ("true", "false"), "false") == "true",
                "product_of": self.names(node, KB.productOf),
                "factor_scope": self.pairs(node, KB.factorScope),
                "in_proportion_to": self.name(node, KB.inProportionTo),
                "share_of": self.names(node, KB.shareOf),
                "part_of": self.name(node, KB.partOf),
                "denominator": self.name(node, KB.denominator),
                "varies": self.choice(node, KB.varies, ("true", "false"), "false") == "true",
                "separated_by": self.names(node, KB.separatedBy),
                "also_separated_by": self.names(node, KB.alsoSeparatedBy),
                "opposite_of": self.names(node, KB.oppositeOf),
                "complement_of": self.name(node, KB.complementOf),
                "disjoint_with": self.names(node, KB.disjointWith),
                "measures": self.name(node, KB.measures),
                "direction": self.choice(node, KB.direction, ("more-is-greater", "more-is-less"), "more-is-greater"),
                "at_most": self.name(node, KB.atMost),
                "read_as": self.name(node, KB.readAs),
                "absolute_of": self.name(node, KB.absoluteOf),
                "absolute_relation": self.choice(node, KB.relation, ("greater", "less"), "greater"),
            }
        )

    def dimension(self, node: Node) -> Dimension:
        nested = self.choice(node, KB.nested, ("same", "unknown", "differs"), "same")
        schemes = self.names(node, KB.scheme)
        return Dimension.model_validate(
            {
                "id": self.local(node),
                "label": self.label(node),
                "schemes": schemes,
                "nested": nested,
            }
        )

    def unit(self, node: Node) -> Unit:
        symbol = self.one(node, KB.symbol)
        if not symbol:
            self.fault(node, "has no symbol", "give it a kb:symbol as it is printed in claim files")
        factor = self.number(node, KB.factor, "1")
        if factor == 0:
            self.fault(node, "factor is 0", "give its size in the base unit of its kind")
        interval = self.choice(node, KB.intervalScale, ("true", "false"), "false") == "true"
        kind, code = self.one(node, KB.quantityKind, "") or "", self.one(node, KB.code, "") or ""
        if not kind:
            self.fault(node, "has no quantityKind", "say what it measures; only units of one kind convert")
        first = self.symbols.setdefault(symbol or "?", node)
        if symbol and first != node:
            self.fault(node, f"has the same symbol as {self.local(first)}", "give one of them another symbol")
        shown_as, plural = self.one(node, KB.shownAs), self.one(node, KB.plural)
        words = self.words(node)
        return Unit(symbol or "?", kind, factor, code, interval, shown_as, plural, words, self.local(node))

    def axiom(self, node: Node) -> Axiom:
        source = self.one(node, DCTERMS.source, "") or ""
        if not source:
            self.fault(node, "has no source", "say with dcterms:source what the axiom rests on")
        words = tuple(self.texts(node, KB.word))
        low, high = (self.number(node, term, "0") if words else None for term in (KB.low, KB.high))
        if words and not (low is not None and high is not None and 0 < low <= high):
            self.fault(node, "reads a word as no range", "give kb:low and kb:high, the lower above 0")
        return Axiom(
            id=self.local(node),
            label=self.label(node),
            source=source,
            about=self.names(node, KB.about),
            words=words,
            low=low,
            high=high,
            excludes=tuple(filter(None, (self.pattern(node, text) for text in self.texts(node, KB.excludes)))),
        )

    def pattern(self, node: Node, text: str) -> Pattern | None:
        """Read ``property``, ``property=object``, ``property=?`` or any of them after ``not``."""
        match = re.fullmatch(r"(not )?([a-z0-9.-]+)(?:=(\?|[a-z0-9.-]+))?", text)
        if match is None:
            self.fault(node, f"excludes “{text}”", "write “property”, “property=object”, “property=?” or “not …”")
            return None
        denied, name, item = match.groups()
        named = None if item == "?" else item
        return Pattern(property=name, item=named, same_item=item == "?", denied=bool(denied))


def load_domain(path: Path, shown: str) -> Domain:
    """Read ``vocabulary.ttl``; raise `InputError` with every fault and its line."""
    text = read_text(path, shown)
    problems = Problems(shown)
    graph = Graph()
    try:
        with _silenced():
            graph.parse(data=text, format="turtle")
    except BadSyntax as error:
        reason = str(getattr(error, "_why", "")) or "bad syntax"
        problems.add(_line_of(error, text), f"is not Turtle: {reason}", "mend the syntax there")
    except Exception as error:  # on some malformed input the parser fails by accident, in many ways
        problems.add(_line_reached(error), f"is not Turtle: {type(error).__name__}", "mend the syntax there")
    problems.raise_any()
    reader = _Reader(graph, text, problems)
    _refuse_unknown_terms(reader)
    domains = reader.typed("Domain")
    if len(domains) != 1:
        problems.add(0, f"declares {len(domains)} domains", "declare exactly one kb:Domain")
        problems.raise_any()
    topics = [
        Topic(id=reader.local(n), label=reader.label(n), order=int(reader.number(n, KB.order, "99")))
        for n in reader.typed("Topic")
    ]
    domain = Domain(
        title=reader.one(domains[0], DCTERMS.title, "") or "",
        base=str(domains[0]),
        topics=topics,
        concepts=[reader.concept(n) for n in reader.typed("Concept")],
        properties=[reader.property(n) for n in reader.typed("Property")],
        dimensions=[reader.dimension(n) for n in reader.typed("Dimension")],
        units=[reader.unit(n) for n in reader.typed("Unit")],
        axioms=[reader.axiom(n) for n in reader.typed("Axiom")],
    )
    _check_references(domain, reader)
    problems.raise_any()
    return domain


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep rdflib from logging malformed addresses and literals: what matters of them is reported."""
    logger = logging.getLogger("rdflib.term")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _line_of(error: BadSyntax, text: str) -> int:
    """Return the line of what was not understood; the parser's own count can run past the end of the file."""
    offset = int(getattr(error, "_i", 0))
    if "newline" not in str(getattr(error, "_why", "")):  # otherwise the line end itself is the fault
        offset = len(text) - len(text[offset:].lstrip())
    return text.count("\n", 0, min(offset, len(text.rstrip()))) + 1


def _line_reached(error: Exception) -> int:
    """Return the line that the parser had reached (0 if it does not say)."""
    seen = [frame.f_locals.get("self") for frame, _ in traceback.walk_tb(error.__traceback__)]
    return next((parser.lines + 1 for parser in reversed(seen) if hasattr(parser, "lines")), 0)


def _refuse_unknown_terms(reader: _Reader) -> None:
    for subject, predicate, value in sorted(reader.graph, key=str):
        name = reader.local(predicate)
        if str(predicate).startswith(str(KB)) and name not in LOCAL_TERMS:
            reader.fault(subject, f"uses the unknown term kb:{name}", "see docs/data-formats.md")
        if str(predicate).startswith(str(SKOS)) and name not in SKOS.__annotations__:
            reader.fault(subject, f"uses the unknown term skos:{name}", "use a term of SKOS")
        for node in (subject, predicate, value):
            if isinstance(node, URIRef) and re.search(r'[\s<>"{}|\\^`]', node):
                reader.fault(subject, f"has the malformed address <{node}>", "remove blanks, quotes and brackets")
    for subject, kind in sorted(reader.graph.subject_objects(RDF.type), key=str):
        if str(kind).startswith(str(KB)) and reader.local(kind) not in TYPES:
            reader.fault(subject, f"has the unknown type kb:{reader.local(kind)}", f"use one of {', '.join(TYPES)}")


def _check_references(domain: Domain, reader: _Reader) -> None:
    """Report names that lead nowhere, labels shared within a scheme, and circles in the hierarchy."""
    schemes = {reader.local(n) for n in reader.typed("Scheme")}

    def must(owner: Node, what: str, names: Iterable[str], known: Iterable[str]) -> None:
        for name in sorted(set(names) - set(known)):
            reader.fault(owner, f"{what} “{name}” is not in the vocabulary", "add it or correct the name")

    labels: dict[tuple[str, str], str] = {}
    for concept in domain.concepts.values():
        node = reader.nodes["Concept", concept.id]
        must(node, "broader concept", concept.broader, domain.concepts)
        must(node, "scheme", [concept.scheme], schemes)
        must(node, "implied dimension", [d for d, _ in concept.implies], domain.dimensions)
        must(node, "implied concept", [v for _, v in concept.implies], domain.concepts)
        must(node, "concept", filter(None, [concept.default_reading_of]), domain.concepts)
        first = labels.setdefault((concept.scheme, concept.label.casefold()), concept.id)
        if first != concept.id:
            reader.fault(node, f"has the same label as {first}", "give one of them another label")
    for item in domain.properties.values():
        node = reader.nodes["Property", item.id]
        must(node, "topic", [item.topic], domain.topics)
        must(node, "dimension", (*item.separated_by, *item.also_separated_by), domain.dimensions)
        must(node, "opposite property", item.opposite_of, domain.properties)
        for opposite in item.opposite_of:
            if opposite in domain.properties and domain.properties[opposite].topic != item.topic:
                reader.fault(node, f"its opposite {opposite} is in another topic", "claims meet within a topic only")
        others = [item.complement_of, item.measures, item.absolute_of, item.at_most, item.read_as, item.part_of]
        lists = (*item.product_of, *item.disjoint_with, *item.share_of)
        must(node, "property", (*filter(None, others), *lists), domain.properties)
        scoped = (dimension for dimension, _ in item.factor_scope)
        measured = filter(None, [item.denominator, item.in_proportion_to])
        must(node, "dimension", (*measured, *scoped), domain.dimensions)
        must(node, "concept", (value for _, value in item.factor_scope), domain.concepts)
        if item.product_of and len(item.product_of) != 2:
            reader.fault(node, f"productOf names {len(item.product_of)} properties", "name the two that are multiplied")
        must(node, "scale", filter(None, [item.scale]), schemes)
        if item.kind == "quantity" and item.unit is None and not item.scale:
            reader.fault(node, "is a quantity without a unit", "give it a kb:unit")
    for dimension in domain.dimensions.values():
        must(reader.nodes["Dimension", dimension.id], "scheme", dimension.schemes, schemes)
    _check_axioms(domain, reader)
    _check_products(domain, reader)
    _refuse_circles(domain, reader)


def _check_axioms(domain: Domain, reader: _Reader) -> None:
    for item in domain.properties.values():
        both = {item.id, item.read_as}
        if item.read_as is not None and not any(both <= set(axiom.about) for axiom in domain.axioms.values()):
            message, remedy = f"readAs {item.read_as} rests on no axiom", "declare a kb:Axiom about both"
            reader.fault(reader.nodes["Property", item.id], message, remedy)
    for axiom in domain.axioms.values():
        node = reader.nodes["Axiom", axiom.id]
        for pattern in axiom.excludes:
            if pattern.property not in domain.properties:
                reader.fault(node, f"property “{pattern.property}” is not in the vocabulary", "correct kb:excludes")
            if pattern.item is not None and pattern.item not in domain.concepts:
                reader.fault(node, f"object “{pattern.item}” is not in the vocabulary", "correct kb:excludes")
        if axiom.excludes and len(axiom.excludes) != 2:
            reader.fault(node, f"excludes {len(axiom.excludes)} patterns", "name the two that do not go together")


def _check_products(domain: Domain, reader: _Reader) -> None:
    for item in domain.properties.values():
        if any(item.id in {factor, *domain.factors_of(factor)} for factor in item.product_of):
            reader.fault(reader.nodes["Property", item.id], "is a factor of itself", "cut the circle of kb:productOf")


def _refuse_circles(domain: Domain, reader: _Reader) -> None:
    graph = nx.DiGraph((c.id, b) for c in domain.concepts.values() for b in c.broader)
    for circle in sorted(sorted(part) for part in nx.strongly_connected_components(graph)):
        if len(circle) > 1 or graph.has_edge(circle[0], circle[0]):
            node = reader.nodes["Concept", circle[0]]
            reader.fault(node, f"broader runs in a circle: {', '.join(circle)}", "cut it")
