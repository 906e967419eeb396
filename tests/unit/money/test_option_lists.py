from app.engine.forms import OPTION_LISTS
from app.services.filling import option_lists


def test_every_list_that_a_form_may_name_is_answered_and_read():
    assert set(option_lists.LISTS) == set(option_lists.LABELS) == set(OPTION_LISTS)
