"""Acts about people, a module for each noun: `from jiazhan.people.services import accounts, contacts`."""
