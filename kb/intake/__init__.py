"""Files as captured text: HTML, PDF, DOCX, Markdown and plain text, each to the lines that `kb.passages` reads."""

from kb.intake.kinds import SUFFIXES
from kb.intake.reading import read_capture
from kb.intake.records import Capture, Excluded

__all__ = ["SUFFIXES", "Capture", "Excluded", "read_capture"]
