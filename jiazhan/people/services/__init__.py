"""Acts about people. Import the module by its noun: `from jiazhan.people.services import accounts, mandates, contacts`."""
