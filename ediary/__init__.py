"""ediary: the electronic diary of Lithuanian kindergartens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ediary import cli, config, errors, extensions, frame, gate, pages
from ediary.absences.routes import bp as absences_pages
from ediary.accounts import own_routes, routes, settings_routes  # noqa: F401 - the views of one blueprint
from ediary.accounts.blueprint import bp as accounts_pages
from ediary.acts.routes import bp as acts_pages
from ediary.analysis.routes import bp as analysis_pages
from ediary.attendance.routes import bp as attendance_pages
from ediary.cards.routes import bp as cards_pages
from ediary.children.routes import bp as children_pages
from ediary.copies.routes import bp as copies_pages
from ediary.core import cookies, i18n
from ediary.core.db import db, engine_options
from ediary.core.uploads import Request
from ediary.documents.routes import bp as documents_pages
from ediary.groups.routes import bp as groups_pages
from ediary.handovers.routes import bp as handovers_pages
from ediary.help.routes import bp as help_pages
from ediary.history.routes import bp as history_pages
from ediary.home.routes import bp as home_pages
from ediary.kitchen.routes import bp as kitchen_pages
from ediary.meals.routes import bp as meals_pages
from ediary.notices.routes import bp as notices_pages
from ediary.outages.routes import bp as outages_pages
from ediary.papers.routes import bp as papers_pages
from ediary.people.routes import bp as people_pages
from ediary.registers.routes import bp as registers_pages
from ediary.settings.routes import bp as settings_pages
from ediary.sheets.routes import bp as sheets_pages
from ediary.slips.routes import bp as slips_pages
from ediary.statistics.routes import bp as statistics_pages
from ediary.supervision.routes import bp as supervision_pages
from ediary.tablets.routes import bp as tablets_pages
from ediary.transfers.routes import bp as transfers_pages
from ediary.workdays.routes import bp as workdays_pages
from ediary.years.routes import bp as years_pages

__all__ = ["create_app"]


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application: extensions, gate, blueprints, error pages, commands - in that order."""
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.request_class = Request
    app.config.update(
        BABEL_DEFAULT_LOCALE=i18n.LOCALE,
        BABEL_DEFAULT_TIMEZONE="Europe/Vilnius",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="ediary",
        WTF_CSRF_TIME_LIMIT=None,  # a page may stand open all morning
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate asks, after it knows whether there is a session
    )
    app.config.update(overrides if overrides is not None else config.load())
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    if hops := app.config.get("TRUSTED_PROXIES"):
        # behind so many proxies of our own: else every guess would seem to come from the last of them
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    db.init_app(app)
    extensions.migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    extensions.login_manager.init_app(app)
    extensions.login_manager.session_protection = None  # the server's own session row decides
    extensions.csrf.init_app(app)
    cookies.init_app(app)
    extensions.babel.init_app(app)
    pages.init_app(app)
    i18n.register(app)

    gate.init_app(app)

    app.register_blueprint(accounts_pages)
    app.register_blueprint(absences_pages)
    app.register_blueprint(notices_pages)
    app.register_blueprint(attendance_pages)
    app.register_blueprint(kitchen_pages)
    app.register_blueprint(meals_pages)
    app.register_blueprint(acts_pages)
    app.register_blueprint(papers_pages)
    app.register_blueprint(sheets_pages)
    app.register_blueprint(registers_pages)
    app.register_blueprint(workdays_pages)
    app.register_blueprint(statistics_pages)
    app.register_blueprint(people_pages)
    app.register_blueprint(documents_pages)
    app.register_blueprint(settings_pages)
    app.register_blueprint(transfers_pages)
    app.register_blueprint(slips_pages)
    app.register_blueprint(tablets_pages)
    app.register_blueprint(children_pages)
    app.register_blueprint(cards_pages)
    app.register_blueprint(groups_pages)
    app.register_blueprint(handovers_pages)
    app.register_blueprint(years_pages)
    app.register_blueprint(copies_pages)
    app.register_blueprint(outages_pages)
    app.register_blueprint(analysis_pages)
    app.register_blueprint(supervision_pages)
    app.register_blueprint(history_pages)
    app.register_blueprint(help_pages)
    app.register_blueprint(home_pages)

    frame.init_app(app)
    errors.init_app(app)
    cli.init_app(app)
    return app
