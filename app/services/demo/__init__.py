"""The demo: an invented city, built through the services and mid-course on the day it is built."""

from app.services.demo.accounts import accounts
from app.services.demo.build import build
from app.services.demo.staff import DEMO_PASSWORD

__all__ = ["DEMO_PASSWORD", "accounts", "build"]
