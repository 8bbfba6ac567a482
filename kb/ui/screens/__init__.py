"""One module a screen: read the address, ask the records, show."""
