"""The blueprint of the cohort's pages."""

from flask import Blueprint

bp = Blueprint("cohorts", __name__)
