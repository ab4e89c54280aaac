"""``python -m mixtures``."""

import sys

from mixtures.command import main

sys.exit(main())
