"""The version, alone, so that the command can say it without importing anything else."""

VERSION = "0.1.0"
