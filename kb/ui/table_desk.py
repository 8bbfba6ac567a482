"""What a screen on a table folder works on: questions to its files, and slices of it as small knowledge bases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kb.bulk.asking import Asking
from kb.bulk.inbox import Beside, beside
from kb.bulk.judged import Judged
from kb.catalogue import Catalogue, Inbox
from kb.domain import Domain
from kb.errors import Problem
from kb.ids import sha256_bytes
from kb.model import Claim, Document, Finding
from kb.standing import Review, Standing
from kb.ui.desk import Desk


@dataclass(frozen=True)
class Unfound:
    """A table folder without findings: how much it holds, and what else is amiss."""

    path: Path
    title: str
    claims: int
    documents: int
    works: int


@dataclass(frozen=True)
class TableDesk:
    """The files of a table folder, what verdicts say, and what could not be read (shown as a banner).

    ``stale`` says that the claims changed since the findings were made; ``folders`` may hold texts of documents.
    """

    asking: Asking
    judged: Judged
    problems: tuple[Problem, ...] = ()
    stale: bool = False
    folders: tuple[Path, ...] = ()

    @property
    def domain(self) -> Domain:
        """The domain."""
        return self.asking.domain

    @property
    def path(self) -> Path:
        """The table folder."""
        return self.asking.path

    def standing(self, finding: Finding) -> Standing:
        """Return where a finding stands."""
        return self.judged.standing(self.asking, finding)

    def around(self, finding: Finding) -> tuple[Desk, Beside]:
        """Return a desk with all that the card of a finding shows, and what that was made of."""
        found = beside(self.asking, finding)
        left = {**found.more_facts, finding.id: found.more_related}
        sources = {member.source for member in finding.members}
        return self.desk(found.claims, [finding, *found.related], sources, left), found

    def desk(
        self,
        claims: Iterable[Claim],
        findings: Iterable[Finding] = (),
        sources: Iterable[str] = (),
        left_out: Mapping[str, int] | None = None,
    ) -> Desk:
        """Return a desk that holds some claims and findings, with their sources and texts, and nothing else."""
        kb = self.asking.base(list(claims), sources)
        kb = replace(kb, texts=_texts(kb.documents, self.folders))
        standings = tuple(self.standing(finding) for finding in findings)
        review = Review(standings, self.judged.review.verdicts)
        return Desk(Catalogue(kb), Inbox(review), left_out=left_out or {})


def _texts(documents: Iterable[Document], folders: Iterable[Path]) -> dict[str, str]:
    """Return the texts that lie in a folder under the ids of their documents and are the snapshots on record."""
    texts = {}
    for document in documents:
        for path in (folder / f"{document.id}.txt" for folder in folders):
            if path.is_file() and sha256_bytes(data := path.read_bytes()) == document.sha256:
                texts[document.id] = data.decode("utf-8", "replace")
    return texts
