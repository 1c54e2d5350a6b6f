"""The pages that show several features at once: home, workspace, moves."""

from workgroup.lifecycle.views import home, workspace
from workgroup.lifecycle.views.blueprint import bp

__all__ = ["bp", "home", "workspace"]
