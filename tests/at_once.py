"""Lets several acts go at the same moment, each on a database connection of its own (needs transactional_db)."""

import threading

from django.db import connection


def at_once(*acts):
    """What each act returned or raised, all let go at the same moment on connections of their own."""
    outcomes, start = [None] * len(acts), threading.Barrier(len(acts))

    def run(place, act):
        start.wait()
        try:
            outcomes[place] = act()
        except Exception as refusal:
            outcomes[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
