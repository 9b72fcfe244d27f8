"""What is kept in memory is asked once in a minute, by what was asked."""

from jiazhan.kernel import keeping


def test_what_was_read_is_given_again_within_the_minute_and_read_anew_after_it(monkeypatch):
    asked = []

    @keeping.for_a_minute
    def read(code):
        asked.append(code)
        return f"{code}{len(asked)}"

    assert [read("a"), read("a"), read("b")] == ["a1", "a1", "b2"]
    monkeypatch.setattr(keeping, "FRESH_SECONDS", -1)
    assert read("a") == "a3"


def test_forgetting_reads_anew_at_once():
    asked = []
    read = keeping.for_a_minute(lambda: asked.append(1) or len(asked))
    assert read() == read() == 1
    keeping.forget_all()
    assert read() == 2
