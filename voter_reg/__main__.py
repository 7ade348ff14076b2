"""`python -m voter_reg` is `voter-reg`."""

from __future__ import annotations

import sys

from voter_reg.cli import main

sys.exit(main())
