"""A parameter holds for an area and everything below it until something nearer says otherwise."""

import pytest

from jiazhan.kernel import parameters
from jiazhan.kernel.models import Parameter
from jiazhan.opinions import parameters as names

STREET = "990106001"


def put(area: str, value: object) -> None:
    Parameter.objects.create(name=names.REPLY_STREET, area=area, value=value)


def test_the_handbook_s_default_holds_where_nobody_said_otherwise(db):
    assert parameters.get(names.REPLY_STREET, STREET) == 15


@pytest.mark.parametrize("area", ["", "99", "9901", "990106", STREET])
def test_a_value_holds_below_its_area(db, area):
    put(area, 20)
    assert parameters.get(names.REPLY_STREET, STREET) == 20


def test_the_nearest_value_wins(db):
    put("", 1)
    put("990106", 2)
    put(STREET, 3)
    put("990106002", 4)
    assert parameters.get(names.REPLY_STREET, STREET) == 3
    assert parameters.get(names.REPLY_STREET, "990106003") == 2
    assert parameters.get(names.REPLY_STREET, "330106003") == 1


def test_a_value_of_nought_is_a_value(db):
    put("", 0)
    assert parameters.get(names.REPLY_STREET, STREET) == 0


def test_an_undeclared_parameter_is_a_mistake_of_the_program(db):
    with pytest.raises(KeyError):
        parameters.get("opinion.weather", STREET)


def test_two_defaults_for_one_name_are_refused():
    with pytest.raises(ValueError, match="declared twice"):
        parameters.declare(names.REPLY_STREET, 16, label="")
    before = parameters.declared()
    assert parameters.declare(names.REPLY_STREET, 15, label="别的名称") == names.REPLY_STREET
    assert parameters.declared() == before
