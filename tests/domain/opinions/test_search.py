"""Search, tested like a permission: what may be read is found, and nothing else is."""

from tests import factories

from jiazhan.opinions import selectors


def test_words_are_found_newest_first(county):
    first = factories.opinion(county, body="柳林小区北门积水", at=factories.later(days=-400))
    second = factories.opinion(county, body="积水没过脚踝,在南门")
    factories.opinion(county, body="路灯不亮")
    found = selectors.search(county.officer, "积水")
    assert [row.pk for row in found.rows] == [second.pk, first.pk]
