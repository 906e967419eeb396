"""The list of homeroom teachers 班主任名单: planned, confirmed, changed in mid-year, read as of any day."""
