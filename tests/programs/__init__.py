"""A corpus of ordinary functions, each to be differentiated in both modes through both doors."""
