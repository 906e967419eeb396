"""The registers: who holds which post, what was verified in files, how studios were graded."""
