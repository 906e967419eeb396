"""Filings 备案 of ranks: a school's batches on their way up, and the bureaus' years that audit them row by row."""
