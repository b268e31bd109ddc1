"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("kitchen", __name__, url_prefix="/kitchen")
