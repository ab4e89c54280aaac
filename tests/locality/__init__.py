"""Edits of one line, and how far they reach in the derivatives."""
