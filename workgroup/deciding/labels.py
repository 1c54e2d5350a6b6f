"""The words for positions, rules, outcomes and their reasons, in the reader's language."""

from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from workgroup.deciding.rules import (
    AGAINST,
    FOR,
    Outcome,
    Position,
    Preset,
    Rule,
    Threshold,
)
from workgroup.deciding.tally import Criterion, Finding


def position_label(position: Position) -> str:
    """Name a position, as on the ballot and in the record of votes."""
    return {
        Position.SUPPORT: _("Support"),
        Position.LIVE_WITH: _("Can live with it"),
        Position.RESERVATION: _("Join with reservation"),
        Position.ABSTAIN: _("Abstain"),
        Position.OBJECT: _("Object"),
        Position.BLOCK: _("Block"),
    }[position]


def position_hint(position: Position) -> str:
    """Return what a position counts as, and whether it needs a reason."""
    if position in FOR:
        return _("Counts as a vote in favor.")
    if position not in AGAINST:
        return _("Counts as neither for nor against.")
    if position is Position.BLOCK:
        return _(
            "Counts as a vote against, and as a block. Give a reason and a remedy."
        )
    return _("Counts as a vote against. Give a reason.")


def outcome_label(outcome: Outcome) -> str:
    """Name an outcome."""
    return {
        Outcome.ADOPTED: _("Adopted"),
        Outcome.REJECTED: _("Rejected"),
        Outcome.NO_QUORUM: _("No quorum"),
    }[outcome]


def preset_label(preset: Preset) -> str:
    """Name a rule that can be chosen by name."""
    return {
        Preset.TWO_THIRDS: _("Two-thirds, and a majority in each delegation"),
        Preset.CONSENSUS: _("Consensus"),
        Preset.MAJORITY: _("Simple majority"),
    }[preset]


def share_label(share: Fraction) -> str:
    """Write a share in words where they are usual, else exactly: "55%", "7/11"."""
    words = {
        Fraction(1, 2): _("one-half"),
        Fraction(1, 3): _("one-third"),
        Fraction(2, 3): _("two-thirds"),
        Fraction(1, 4): _("one-quarter"),
        Fraction(3, 4): _("three-quarters"),
        Fraction(1): _("all"),
        Fraction(0): _("none"),
    }
    percent = share * 100
    exact = f"{percent}%" if percent.denominator == 1 else str(share)
    return words.get(share, exact)


def threshold_label(threshold: Threshold) -> str:
    """Write a share with its "at least" or "more than"."""
    share = share_label(threshold.share)
    if threshold.strict:
        return _("more than %(share)s", share=share)
    return share if threshold.share == 1 else _("at least %(share)s", share=share)


def rule_sentences(rule: Rule) -> list[str]:
    """Write a rule in full sentences: quorum, threshold, delegations, blocks."""
    return [_quorum_sentence(rule), *_threshold_sentences(rule), _blocks_sentence(rule)]


def _quorum_sentence(rule: Rule) -> str:
    over_all, each = rule.quorum, rule.delegation_quorum
    if over_all.asks and over_all == each:
        return _(
            "Quorum: %(share)s of all electors, and of each delegation’s, must vote; abstaining counts as voting.",
            share=threshold_label(over_all),
        )
    if over_all.asks and each.asks:
        return _(
            "Quorum: %(share)s of all electors, and %(each)s of each delegation’s, must vote; abstaining counts as voting.",
            share=threshold_label(over_all),
            each=threshold_label(each),
        )
    if over_all.asks:
        return _(
            "Quorum: %(share)s of all electors must vote; abstaining counts as voting.",
            share=threshold_label(over_all),
        )
    if each.asks:
        return _(
            "Quorum: %(each)s of each delegation’s electors must vote; abstaining counts as voting.",
            each=threshold_label(each),
        )
    return _("Quorum: none; any number of votes is enough.")


def _threshold_sentences(rule: Rule) -> list[str]:
    over_all = _(
        "Threshold: of all votes for or against, %(share)s must be in favor.",
        share=threshold_label(rule.threshold),
    )
    if rule.delegation_threshold is None:
        return [over_all, _("Delegations: no separate threshold applies to them.")]
    each = _(
        "Delegations: in each of them, too, %(share)s must be in favor.",
        share=threshold_label(rule.delegation_threshold),
    )
    return [over_all, each]


def _blocks_sentence(rule: Rule) -> str:
    if rule.max_blocks is None:
        return _("Blocks: each counts as one vote against; there is no limit.")
    if rule.max_blocks == 0:
        return _("Blocks: a single block rejects the version.")
    return ngettext(
        "Blocks: more than one block rejects the version.",
        "Blocks: more than %(num)s blocks reject the version.",
        rule.max_blocks,
    )


def rule_line(rule: Rule) -> str:
    """Write a rule's thresholds in a few words, for lists."""
    over_all = threshold_label(rule.threshold)
    if rule.delegation_threshold is None:
        return _("For: %(share)s", share=over_all)
    return _(
        "For: %(share)s; in each delegation: %(each)s",
        share=over_all,
        each=threshold_label(rule.delegation_threshold),
    )


def finding_sentence(finding: Finding) -> str:
    """Return what one test found; its name stands beside it on the page."""
    part, whole = finding.part, finding.whole
    if finding.criterion is Criterion.BLOCKS:
        found = ngettext("%(num)s block", "%(num)s blocks", part)
        return _("%(found)s; %(allowed)s allowed", found=found, allowed=finding.needed)
    needed = _needed(finding.needed)
    if finding.criterion is Criterion.QUORUM:
        return _(
            "%(part)s of %(whole)s voted; %(needed)s needed",
            part=part,
            whole=whole,
            needed=needed,
        )
    if whole == 0:
        return _("nobody voted for or against; %(needed)s needed", needed=needed)
    return _(
        "%(part)s for, %(against)s against; %(needed)s needed",
        part=part,
        against=whole - part,
        needed=needed,
    )


def _needed(needed: Threshold | int) -> str:
    return threshold_label(needed) if isinstance(needed, Threshold) else str(needed)


def criterion_label(finding: Finding, names: dict[str, str] | None = None) -> str:
    """Return the name of a test and which electors it was about.

    Args:
        finding: one test of a tally.
        names: a delegation's code → its name; a code without one is shown itself.
    """
    test = {
        Criterion.QUORUM: _("Quorum"),
        Criterion.THRESHOLD: _("Threshold"),
        Criterion.BLOCKS: _("Blocks"),
    }[finding.criterion]
    if finding.delegation is None:
        return _("%(test)s, overall", test=test)
    name = (names or {}).get(finding.delegation, finding.delegation)
    return _("%(test)s, %(name)s", test=test, name=name)
