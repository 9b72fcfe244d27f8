"""How proposals were handled, in figures that each open their cases; the same as a spreadsheet and as a report."""
