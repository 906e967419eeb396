"""The annual rank review of a school: opened each September, applied in, judged, listed and signed."""
