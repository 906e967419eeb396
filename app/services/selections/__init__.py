"""Whom a round determines and appoints: decision sheets, choices, vacancies, studios and letters."""
