import os
import signal

from django.core.wsgi import get_wsgi_application

from capaian.config.lifeline import SERVED, end_with_parent

if os.environ.get(SERVED):
    end_with_parent(signal.SIGKILL)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
application = get_wsgi_application()
