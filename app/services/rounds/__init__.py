"""Rounds of host selection and the applications in them."""
