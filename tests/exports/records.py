"""What the sample report prints beside its sections: fixed words, ballots, people."""

from exports.document import (
    Count,
    Decision,
    Delegation,
    Furniture,
    Member,
    NativeName,
    Version,
)
from tests.exports.writing import hash_of

FURNITURE = Furniture(
    contents="Contents",
    chapter="Chapter",
    appendix="Appendix",
    recommendation="Recommendation",
    recommendations="Recommendations",
    at_a_glance="Recommendations at a glance",
    addressees="Addressees",
    horizon="Horizon",
    draft="DRAFT",
    draft_notice="A draft: not every section is decided. Not for quotation.",
    final="Final report",
    record_of_votes="Record of votes",
    record_note=(
        "Each ballot was on one frozen version. "
        "A section that was rejected is left out of the report."
    ),
    rule="Rule",
    section="Section",
    votes="for – against",
    abstained_pattern="{count} abstained",
    not_voted_pattern="{count} did not vote",
    total="All",
    outcome="Outcome",
    members="The working group",
    members_note=(
        "Members took part in a personal capacity. "
        "Affiliations are for identification only."
    ),
    credit="Credit:",
    page_pattern="{page} of {pages}",
    version_pattern="Version {number} · {hash}",
    figure_pattern="Figure {number}",
)


def decisions():
    def decided(label, title, version, outcome, *, adopted, votes):
        counts = [
            Count(delegation=name, votes_for=a, against=b, abstained=c, not_voted=d)
            for name, (a, b, c, d) in zip(
                ("United States", "Japan", "Republic of Korea"), votes, strict=True
            )
        ]
        return Decision(
            label=label,
            title=title,
            version=Version(number=version, short_hash=f"{hash_of(title):08x}"),
            outcome=outcome,
            rule=(
                "At least one-half of the electors took a position, overall and in "
                "each delegation; at least two-thirds for, overall, and more than one-half "
                "in each delegation; no block."
            ),
            counts=tuple(counts),
            is_adopted=adopted,
        )

    return [
        decided(
            "Recommendation 1",
            "Hold one relief exercise a year",
            1,
            "Adopted",
            adopted=True,
            votes=((4, 0, 0, 0), (2, 0, 1, 0), (3, 0, 0, 0)),
        ),
        decided(
            "Recommendation 2",
            "Share what each sees in orbit",
            1,
            "Rejected",
            adopted=False,
            votes=((3, 1, 0, 0), (1, 2, 0, 0), (3, 0, 0, 0)),
        ),
        decided(
            "Recommendation 2",
            "Share what each sees in orbit",
            2,
            "Adopted",
            adopted=True,
            votes=((4, 0, 0, 0), (3, 0, 0, 0), (2, 0, 0, 1)),
        ),
        decided(
            "",
            "Found a permanent secretariat",
            1,
            "Rejected; left out of the report",
            adopted=False,
            votes=((2, 2, 0, 0), (1, 2, 0, 0), (0, 3, 0, 0)),
        ),
    ]


def delegations():
    def member(name, affiliation, native="", lang=""):
        return Member(
            name=name,
            native_name=NativeName(text=native, lang=lang) if native else None,
            affiliation=affiliation,
        )

    return [
        Delegation(
            name="United States",
            members=(
                member("Ruth Alder", "Alder Institute for Pacific Studies"),
                member("Daniel Okafor", "Lakeshore University"),
                member("Grace Lindqvist", "Center for Alliance Policy, Washington"),
                member("Tomás Herrera", "Harbor Advisory"),
            ),
        ),
        Delegation(
            name="Japan",
            members=(
                member("Haruka Ōno", "Nishihara University", "大野 遥", "ja"),
                member(
                    "Kenji Fujiwara", "Institute of Maritime Affairs", "藤原 健司", "ja"
                ),
                member("Mio Satō", "Minato Policy Research", "佐藤 美緒", "ja"),
            ),
        ),
        Delegation(
            name="Republic of Korea",
            members=(
                member("Seo-hyun Park", "Hangang University", "박서현", "ko"),
                member("Min-jun Choi", "Seorak Institute", "최민준", "ko"),
                member("Ji-woo Han", "Korea Forum on Alliances", "한지우", "ko"),
            ),
        ),
    ]
