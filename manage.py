"""Django's own command line; users have `capaian`, which runs the same commands and more."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
    execute_from_command_line(sys.argv)
