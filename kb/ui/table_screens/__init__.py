"""The screens of a table folder: each asks its files for what it shows, a page at a time."""
