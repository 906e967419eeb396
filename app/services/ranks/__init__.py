"""The register of homeroom teachers' ranks: histories, certificates, statistics, a bureau's own columns."""
