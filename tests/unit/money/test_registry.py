from app.engine.operations import OPERATIONS
from app.services.operations.registry import IMPLEMENTATIONS


def test_every_operation_of_the_engine_is_implemented_and_no_other():
    assert set(IMPLEMENTATIONS) == set(OPERATIONS)
