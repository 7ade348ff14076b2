"""Every model, so that whoever needs the whole schema imports it in one line."""

from voter_reg.store.approvals import ApprovalRow, RequestRow
from voter_reg.store.attempts import AttemptRow, FamiliarRow
from voter_reg.store.authorisations import AuthorisationRow
from voter_reg.store.certificates import CertificateRow
from voter_reg.store.demands import DemandRow, HoldRow
from voter_reg.store.drafts import DraftRow
from voter_reg.store.elections import ElectionRow
from voter_reg.store.jobs import JobRow
from voter_reg.store.letters import LetterRow
from voter_reg.store.log import CheckpointRow, LeafRow, LogRow, SigningKeyRow, TreeRow
from voter_reg.store.matches import MatchKeyRow, MatchRow
from voter_reg.store.own_record import OwnAttemptRow, OwnCodeRow, OwnSessionRow
from voter_reg.store.papers import PaperRow
from voter_reg.store.polling_places import PollingPlaceRow
from voter_reg.store.resumes import ResumeRow
from voter_reg.store.reviews import ReviewRow
from voter_reg.store.rosters import RosterBlockRow, RosterRow
from voter_reg.store.staff import AccountRow, PasskeyRow, RecoveryCodeRow
from voter_reg.store.staff_links import LinkRow
from voter_reg.store.staff_sessions import ChallengeRow, SessionRow, TicketRow
from voter_reg.store.voters import DecisionRow, VoterRow
from voter_reg.store.vouching import VouchingCodeRow, VouchingCountRow, VouchingTryRow

STAFF = (
    AccountRow, PasskeyRow, RecoveryCodeRow, LinkRow, SessionRow, TicketRow, ChallengeRow, AttemptRow, FamiliarRow,
)  # fmt: skip

MODELS = (
    DraftRow,
    ResumeRow,
    VoterRow,
    MatchKeyRow,
    MatchRow,
    PaperRow,
    ReviewRow,
    DecisionRow,
    ElectionRow,
    PollingPlaceRow,
    RosterRow,
    RosterBlockRow,
    JobRow,
    LetterRow,
    LogRow,
    LeafRow,
    TreeRow,
    CheckpointRow,
    SigningKeyRow,
    RequestRow,
    ApprovalRow,
    AuthorisationRow,
    DemandRow,
    HoldRow,
    CertificateRow,
    VouchingCodeRow,
    VouchingCountRow,
    VouchingTryRow,
    OwnSessionRow,
    OwnAttemptRow,
    OwnCodeRow,
    *STAFF,
)
"""All tables of the service."""
