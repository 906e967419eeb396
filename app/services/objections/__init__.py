"""Objections 异议 to names on notices: raised under seal, looked into, settled, and who may know what."""
