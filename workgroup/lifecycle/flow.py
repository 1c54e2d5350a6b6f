"""The main flow of a report, from an empty instance to the printed file, in order.

1. found         a cohort with its delegations, its people and its report
2. draft         members write a section together
3. discuss       they comment on its words
4. put_to_vote   the section is frozen to a version and a ballot opens on it
5. close         votes are counted; the section is adopted or rejected, or reopened
6. export        the report is assembled and set

Each step that touches several features is one function here; the others live in theirs.
"""

from workgroup.accounts.models import User
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.models import Membership
from workgroup.drafting import arranging


def found(founder: User, plan: cohorts.Plan, title: str) -> Membership:
    """Step 1: create a cohort with its one report; the founder organizes it.

    Raises:
        NameTakenError: the cohort's short name is taken or cannot be used.
    """
    organizer = cohorts.found(founder, plan)
    arranging.create_report(organizer, title)
    return organizer
