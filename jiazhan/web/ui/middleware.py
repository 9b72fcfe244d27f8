"""Turns a database that cannot be reached into a page that says so, in place of a failure."""

import logging

from jiazhan.web.ui import views

logger = logging.getLogger(__name__)


class DatabaseDownMiddleware:
    """Answers 503 when a view fails because the database is away. Failures outside views reach handler500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if views.is_database_away(exception):
            logger.error("The database cannot be reached: %s", exception)
            return views.database_down(request)
        return None
