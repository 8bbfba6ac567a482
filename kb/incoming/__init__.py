"""What comes in from reference managers: RIS, CSL-JSON and BibTeX, matched with the works that are there."""
