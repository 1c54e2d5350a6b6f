"""The Flask extensions, created once and bound to the application in ``app.py``."""

from flask_migrate import Migrate
from flask_security import Security
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
migrate = Migrate()
security = Security()
