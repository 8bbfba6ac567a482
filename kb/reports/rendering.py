"""The formats of reports, each a function from a report to bytes."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from kb.reports.docx import docx
from kb.reports.html import page
from kb.reports.jsonl import json_lines
from kb.reports.markdown import markdown
from kb.reports.parts import Report
from kb.reports.typst import pdf


class ReportFormat(StrEnum):
    """What a report can be written as."""

    MD = "md"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    JSONL = "jsonl"


BINARY = (ReportFormat.DOCX, ReportFormat.PDF)
MEDIA = {
    ReportFormat.MD: "text/markdown",
    ReportFormat.HTML: "text/html",
    ReportFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportFormat.PDF: "application/pdf",
    ReportFormat.JSONL: "application/jsonl",
}
WRITERS: dict[ReportFormat, Callable[[Report], bytes]] = {
    ReportFormat.MD: lambda report: markdown(report).encode("utf-8"),
    ReportFormat.HTML: lambda report: page(report).encode("utf-8"),
    ReportFormat.DOCX: docx,
    ReportFormat.PDF: pdf,
    ReportFormat.JSONL: lambda report: json_lines(report).encode("utf-8"),
}


def rendered(report: Report, form: ReportFormat) -> bytes:
    """Return a report as a file. Raises `InputError` where the format needs an extra that is not installed."""
    return WRITERS[form](report)
