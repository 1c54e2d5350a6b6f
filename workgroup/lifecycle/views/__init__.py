"""The pages that show several features at once: home, workspace, moves."""

from workgroup.lifecycle.views import home, moves, names, workspace
from workgroup.lifecycle.views.blueprint import bp

__all__ = ["bp", "home", "moves", "names", "workspace"]
