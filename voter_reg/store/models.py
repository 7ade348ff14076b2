"""Every model, so that whoever needs the whole schema imports it in one line."""

from voter_reg.store.drafts import DraftRow
from voter_reg.store.elections import ElectionRow
from voter_reg.store.jobs import JobRow
from voter_reg.store.log import LogRow
from voter_reg.store.matches import MatchKeyRow, MatchRow
from voter_reg.store.rosters import RosterBlockRow, RosterRow
from voter_reg.store.voters import DecisionRow, VoterRow

MODELS = (
    DraftRow,
    VoterRow,
    MatchKeyRow,
    MatchRow,
    DecisionRow,
    ElectionRow,
    RosterRow,
    RosterBlockRow,
    JobRow,
    LogRow,
)
"""All tables of the service."""
