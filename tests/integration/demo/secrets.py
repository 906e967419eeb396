"""The secret of the demo's server in tests."""

SECRET = "云山苍苍，江水泱泱，先生之风，山高水长。"
