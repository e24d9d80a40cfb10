"""A person is known by a number in any usual spelling."""

import pytest

from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.people import Person, person_of


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("+86 138-0000-0003", Person(digits="13800000003")),
        ("008613800000003", Person(digits="13800000003")),
        ("+1 415 555 2671", Person(digits="14155552671", is_abroad=True)),
    ],
)
def test_a_number_is_read_in_any_usual_spelling(text: str, person: Person) -> None:
    read = person_of(text, language="en")

    assert read == person
    assert person_of(read.spelled, language="en") == person


def test_what_is_no_number_is_refused_with_a_reason() -> None:
    with pytest.raises(CannotBeDone, match="11"):
        person_of("138", language="en")
