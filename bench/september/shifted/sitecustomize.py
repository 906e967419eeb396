"""Python runs this first in each program of the simulation: its clock is the simulation's."""

from bench.september import clocks

clocks.follow()
