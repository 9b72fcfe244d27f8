"""Office pages about places: stations and their codes, areas, spreadsheets, parameters, the calendar."""
