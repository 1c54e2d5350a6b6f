"""The one blueprint that the pages of several features hang on."""

from flask import Blueprint

bp = Blueprint("lifecycle", __name__)
