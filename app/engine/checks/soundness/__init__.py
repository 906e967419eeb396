"""Soundness: every case can end, ends once, and leaves nothing waiting; found by walking through all its positions."""

from app.engine.checks.soundness.checking import check_soundness

__all__ = ["check_soundness"]
