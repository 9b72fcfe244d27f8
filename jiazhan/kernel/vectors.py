"""Search terms as the database holds them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, TextField, Value

from . import text


def terms_of(*parts: str) -> Func:
    """The bigrams of a text's parts, to be stored in a SearchVectorField."""
    found = list(dict.fromkeys(term for part in parts for term in text.bigrams(part)))
    array = Value(found, output_field=ArrayField(TextField()))
    return Func(array, function="array_to_tsvector", output_field=SearchVectorField())
