"""From the text of a new page to proposed claims; nothing here enters a build before a person accepts it."""
