import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded lives as long as the process: looking through it for garbage held up a page now and then.
gc.collect()
gc.freeze()
