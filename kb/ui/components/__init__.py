"""What screens are built from: each a pure function from records to HTML or to a chart."""
