"""The page about the Intuit app: its keys and addresses, the artwork of the button, and what production still lacks."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.quickbooks.connect_button import faces
from app.sync.company import connecting
from app.web.quickbooks import keys, production, questionnaire
from app.web.quickbooks.forms import ButtonForm, IntuitAppForm
from app.web.quickbooks.production_facts import facts_here
from app.web.quickbooks.room import entity_here


def page(*, app: IntuitAppForm | None = None, button: ButtonForm | None = None) -> ResponseReturnValue:
    """The whole page; of its two forms that one is given which was sent, and it is 422 where something is wrong."""
    environment = connecting.environment_of(entity_here())
    own = keys.own(environment)
    form = app or IntuitAppForm(has_secret=bool(own and own.client_secret), obj=own, formdata=None)
    button_form = button or ButtonForm(formdata=None)
    shown = render_template(
        "quickbooks/intuit_app.html",
        form=form,
        button_form=button_form,
        shown=keys.picture(environment, own),
        faces=faces(),
        stages=production.stages(facts_here(environment)),
        answers=questionnaire.ANSWERS,
    )
    return shown, 422 if form.errors or button_form.errors else 200
