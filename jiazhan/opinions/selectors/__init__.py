"""Reads for pages and reports. Whatever is read on somebody's behalf passes through `access.visible_to`."""

from .deputies import Today, deputies_for, deputy_today
from .lists import Page
from .matters import inbox, my_matters
from .queue import Queue, Tab, counts, queue, tabs_for
from .search import Filters, search
from .similar import Similar, similar_open
from .stations import Numbers, solved_lately, station_numbers
from .steps import Button, steps_for
from .suggesting import Suggestion, suggest_category
from .timeline import Line, timeline_for_author, timeline_for_staff

__all__ = [
    "Button",
    "Filters",
    "Line",
    "Numbers",
    "Page",
    "Queue",
    "Similar",
    "Suggestion",
    "Tab",
    "Today",
    "counts",
    "deputies_for",
    "deputy_today",
    "inbox",
    "my_matters",
    "queue",
    "search",
    "similar_open",
    "solved_lately",
    "station_numbers",
    "steps_for",
    "suggest_category",
    "tabs_for",
    "timeline_for_author",
    "timeline_for_staff",
]
