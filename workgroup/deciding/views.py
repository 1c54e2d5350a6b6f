"""The pages of ballots: the list, the question with its vote, the result."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workgroup import clock
from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db
from workgroup.deciding import labels, policies, queries, results, services
from workgroup.deciding.forms import VoteForm
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import Phase
from workgroup.drafting.labels import rendered_labels
from workgroup.drafting.rendering import render
from workgroup.i18n import moment
from workgroup.web import or_404, refusals_shown_in, require

bp = Blueprint("deciding", __name__, url_prefix="/c/<slug>/ballots")


@bp.get("")
@allow(Permission.READ)
def index(member: Membership) -> ResponseReturnValue:
    """List the cohort's ballots: open, counted, cancelled."""
    return render_template(
        "deciding/index.html",
        member=member,
        ballots=queries.page_of_ballots(member, request.args.get("page", 1, type=int)),
        now=clock.now(),
        labels=labels,
    )


@bp.get("/<int:ballot_id>")
@allow(Permission.READ)
def show(member: Membership, ballot_id: int) -> ResponseReturnValue:
    """Show the question and the vote, or the result."""
    ballot = or_404(queries.find_ballot(member.cohort_id, ballot_id))
    if ballot.has_ended:
        return _result(member, ballot)
    return _question(member, ballot)


@bp.get("/<int:ballot_id>/standing")
@allow(Permission.READ)
def standing(member: Membership, ballot_id: int) -> ResponseReturnValue:
    """Render who has voted, for an open page that asks again."""
    ballot = or_404(queries.find_ballot(member.cohort_id, ballot_id))
    voted = queries.who_has_voted(ballot.id)
    return render_template(
        "deciding/standing.html",
        member=member,
        ballot=ballot,
        voted=voted,
        groups=results.groups(ballot, voted),
        phase=ballot.phase(clock.now()),
        asks="asks" in request.args,
        labels=labels,
        beside=True,
    )


@bp.post("/<int:ballot_id>/vote")
@allow(Permission.VOTE)
def vote(member: Membership, ballot_id: int) -> ResponseReturnValue:
    """Cast or change one's vote."""
    ballot = or_404(queries.find_ballot(member.cohort_id, ballot_id))
    require(policies.can_vote(member, ballot))
    form = VoteForm()
    if not form.validate_on_submit():
        return _question(member, ballot, form), 422
    with refusals_shown_in(form) as refused:
        typed = form.position.data, form.reason.data
        services.cast_vote(ballot, member, *typed, compare=form.refuse_unseen)
    if refused:  # what was typed stays on the page
        ballot = or_404(queries.find_ballot(member.cohort_id, ballot_id))
        return _question(member, ballot, form), 409
    db.session.commit()
    until = moment(ballot.closes_at)
    flash(_("Vote recorded; you can change it until %(until)s.", until=until), "ok")
    return redirect(url_for(".show", slug=member.cohort.slug, ballot_id=ballot_id), 303)


def _question(member: Membership, ballot: Ballot, form: VoteForm | None = None) -> str:
    """Render the page of an open ballot, with no position on it but the reader's own."""
    voted = queries.who_has_voted(ballot.id)
    own = queries.find_vote(ballot.id, member.id)
    phase, may_vote = ballot.phase(clock.now()), policies.can_vote(member, ballot)
    return render_template(
        "deciding/ballot.html",
        member=member,
        ballot=ballot,
        voted=voted,
        groups=results.groups(ballot, voted),
        phase=phase,
        may_vote=may_vote,
        asks=may_vote and phase is Phase.OPEN,
        may_close=policies.can_close(member),
        own=own,
        form=form or VoteForm(own),
        text=_text(ballot),
        labels=labels,
    )


def _result(member: Membership, ballot: Ballot) -> str:
    votes = queries.votes(ballot.id)
    by_elector = {vote.elector_id: vote for vote in votes}
    return render_template(
        "deciding/result.html",
        member=member,
        ballot=ballot,
        votes=by_elector,
        groups=(groups := results.groups(ballot, by_elector)),
        listed=results.listed(groups, by_elector, member.cohort.names_votes, member.id),
        names={group.delegation.code: group.delegation.name for group in groups},
        tally=results.count(ballot, votes),
        phase=ballot.phase(clock.now()),
        text=_text(ballot),
        labels=labels,
    )


def _text(ballot: Ballot) -> str:
    return render(ballot.version.form["blocks"], labels=rendered_labels())
