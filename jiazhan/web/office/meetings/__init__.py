"""Meetings of deputies with heads of organs at the congress's desk: reviewed, arranged, registered, followed, shown."""
