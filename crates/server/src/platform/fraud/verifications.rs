//! What is kept of friends who are asked to enter a code before a recommendation counts.

use jiff::SignedDuration;
use lojal_core::kernel::{Id, Instant, MemberId, Part};
use lojal_fraud::identifier::{IdentifierKind, Mark};
use lojal_fraud::second_step::SecondStep;

use super::super::clock::instant;
use super::super::identity::Vault;
use super::super::journal::id;
use super::super::sql::{self, Connection, Row, Statement, cells, damaged};

const COLUMNS: &str = "friend, state, asked_by, wanted, channel, kind, mark, seed, sends, tries, attempts, asked_at, \
                       due_at, sent_at, ends_at, settled_at";
const TICKET: &str = "ticket of the second step";
/// Letters of what the link in a message ends in: 128 bits.
const TICKET_LENGTH: usize = 32;
/// Between two messages.
const SENDING_APART: SignedDuration = SignedDuration::from_secs(60);
/// Rows that are dealt with together.
pub(super) const PAGE: i64 = 64;

/// How far a friend has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationState {
    Asked,
    Confirmed,
    /// The time is over.
    Missed,
    /// There was no way to send a code.
    Unreachable,
}

impl VerificationState {
    const ALL: [VerificationState; 4] = [
        VerificationState::Asked,
        VerificationState::Confirmed,
        VerificationState::Missed,
        VerificationState::Unreachable,
    ];

    pub fn name(self) -> &'static str {
        match self {
            VerificationState::Asked => "asked",
            VerificationState::Confirmed => "confirmed",
            VerificationState::Missed => "missed",
            VerificationState::Unreachable => "unreachable",
        }
    }
}

/// By which way a code goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Mail,
    Sms,
}

impl Channel {
    pub fn name(self) -> &'static str {
        match self {
            Channel::Mail => "mail",
            Channel::Sms => "sms",
        }
    }

    /// As it is written down.
    pub(super) fn word(self) -> String {
        self.name().to_owned()
    }

    fn named(name: &str) -> Option<Channel> {
        [Channel::Mail, Channel::Sms].into_iter().find(|known| known.name() == name)
    }
}

/// Who asks for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    Detector,
    /// Somebody who looks at the case; from then on there is as much time as at first.
    Staff(i64),
    Shop,
    /// Whoever has the link of a message.
    Friend,
}

impl Asker {
    pub(super) fn name(self) -> &'static str {
        match self {
            Asker::Detector => "detector",
            Asker::Staff(_) => "staff",
            Asker::Shop => "shop",
            Asker::Friend => "friend",
        }
    }

    pub(super) fn staff(self) -> Option<i64> {
        match self {
            Asker::Staff(staff) => Some(staff),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub friend: MemberId,
    pub state: VerificationState,
    /// `detector`, `staff`, `shop` or `friend`
    pub asked_by: String,
    /// The way that somebody asked for.
    pub wanted: Option<Channel>,
    /// The way that the last code went.
    pub channel: Option<Channel>,
    /// Of where it went to.
    pub(super) mark: Option<Mark>,
    seed: [u8; 16],
    /// Messages since somebody of the house asked.
    pub sends: i64,
    /// Codes that were entered.
    pub tries: i64,
    pub(super) attempts: i64,
    pub asked_at: Instant,
    pub(super) due_at: Option<i64>,
    pub sent_at: Option<Instant>,
    pub ends_at: Instant,
    pub settled_at: Option<Instant>,
}

/// Why no code is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerificationRefusal {
    #[error("the friend has confirmed already")]
    Confirmed,
    #[error("a code was sent a moment ago: ask again in {0} seconds")]
    TooSoon(i64),
    #[error("enough codes were sent: somebody of the staff can ask for more from the case")]
    TooMany,
}

impl VerificationRefusal {
    /// The stable code by which programs recognise it.
    pub fn code(self) -> &'static str {
        match self {
            VerificationRefusal::Confirmed => "already_confirmed",
            VerificationRefusal::TooSoon(_) => "too_soon",
            VerificationRefusal::TooMany => "too_many_codes",
        }
    }
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationStep {
    pub id: Id,
    pub friend: MemberId,
    /// `asked`, `sent`, `confirmed`, `missed` or `unreachable`
    pub step: String,
    pub channel: Option<Channel>,
    pub staff: Option<i64>,
}

impl VerificationStep {
    pub fn at(&self) -> Instant {
        Instant::from_millisecond(self.id.milliseconds()).unwrap_or(Instant::MIN)
    }

    fn read(row: &Row) -> Result<VerificationStep, sql::Error> {
        Ok(VerificationStep {
            id: id(sql::column(row, "id")?)?,
            friend: MemberId(id(sql::column(row, "friend")?)?),
            step: sql::column(row, "step")?,
            channel: sql::column::<Option<&str>>(row, "channel")?.and_then(Channel::named),
            staff: sql::column(row, "staff")?,
        })
    }
}

impl Verification {
    fn read(row: &Row) -> Result<Verification, sql::Error> {
        let state: &str = sql::column(row, "state")?;
        let known = VerificationState::ALL.into_iter().find(|known| known.name() == state);
        let channel =
            |name: &str| Ok::<_, sql::Error>(sql::column::<Option<&str>>(row, name)?.and_then(Channel::named));
        let kind = sql::column::<Option<i64>>(row, "kind")?.and_then(|tag| u8::try_from(tag).ok());
        let hash = sql::column::<Option<&[u8]>>(row, "mark")?.and_then(|hash| hash.try_into().ok());
        let seed: &[u8] = sql::column(row, "seed")?;
        let moment = |name: &str| Ok::<_, sql::Error>(sql::column::<Option<i64>>(row, name)?.map(instant));
        Ok(Verification {
            friend: MemberId(id(sql::column(row, "friend")?)?),
            state: known.ok_or_else(|| damaged(format!("{state} is no state of a verification")))?,
            asked_by: sql::column(row, "asked_by")?,
            wanted: channel("wanted")?,
            channel: channel("channel")?,
            mark: kind.and_then(IdentifierKind::tagged).zip(hash).map(|(kind, hash)| Mark { kind, hash }),
            seed: seed.try_into().map_err(|_| damaged("a seed has not 16 bytes"))?,
            sends: sql::column(row, "sends")?,
            tries: sql::column(row, "tries")?,
            attempts: sql::column(row, "attempts")?,
            asked_at: instant(sql::column(row, "asked_at")?),
            due_at: sql::column(row, "due_at")?,
            sent_at: moment("sent_at")?,
            ends_at: instant(sql::column(row, "ends_at")?),
            settled_at: moment("settled_at")?,
        })
    }

    /// What the link in a message ends in: whoever has it may enter codes, and needs one.
    pub fn ticket(&self, vault: &Vault) -> String {
        ticket_of(vault, &self.seed)
    }

    /// What the detector makes of it; none as long as the friend may still confirm.
    pub fn second_step(&self) -> Option<SecondStep> {
        match self.state {
            VerificationState::Asked => None,
            VerificationState::Confirmed => Some(self.mark.map_or(SecondStep::Missed, SecondStep::Taken)),
            VerificationState::Missed | VerificationState::Unreachable => Some(SecondStep::Missed),
        }
    }

    pub fn is_confirmed(&self) -> bool {
        self.state == VerificationState::Confirmed
    }

    /// Whether a message is on its way.
    pub fn is_due(&self) -> bool {
        self.due_at.is_some()
    }

    pub(super) fn may_be_sent(&self, now: Instant) -> Result<(), VerificationRefusal> {
        if self.is_confirmed() {
            return Err(VerificationRefusal::Confirmed);
        }
        let last = if self.is_due() { Some(now) } else { self.sent_at };
        let pause = last.map_or(0, |last| SENDING_APART.as_secs() - now.duration_since(last).as_secs());
        if pause > 0 {
            return Err(VerificationRefusal::TooSoon(pause));
        }
        Ok(())
    }
}

pub(super) fn ticket_of(vault: &Vault, seed: &[u8; 16]) -> String {
    vault.mark(TICKET, seed).to_hex()[..TICKET_LENGTH].to_owned()
}

/// As it is kept: what is read in the table opens nothing.
pub(super) fn ticket_name(ticket: &str) -> [u8; 32] {
    *blake3::hash(ticket.as_bytes()).as_bytes()
}

pub async fn verification_find(
    connection: &mut Connection,
    friend: MemberId,
) -> Result<Option<Verification>, sql::Error> {
    let sql = format!("select {COLUMNS} from friend_verification where part = ? and friend = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), friend.number()]).await?;
    row.as_ref().map(Verification::read).transpose()
}

pub async fn verification_by_ticket(
    connection: &mut Connection,
    ticket: &str,
) -> Result<Option<Verification>, sql::Error> {
    let sql = format!("select {COLUMNS} from friend_verification where part = ? and ticket = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), ticket_name(ticket)]).await?;
    row.as_ref().map(Verification::read).transpose()
}

/// What was done about a friend, the earliest first.
pub async fn verification_steps(
    connection: &mut Connection,
    friend: MemberId,
) -> Result<Vec<VerificationStep>, sql::Error> {
    let sql = "select id, friend, step, channel, staff from friend_verification_step \
               where part = ? and friend = ? order by id";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), friend.number()]).await?;
    rows.iter().map(VerificationStep::read).collect()
}

/// What was done about anybody after a step, the earliest first.
pub async fn verification_steps_since(
    connection: &mut Connection,
    after: i64,
    limit: usize,
) -> Result<Vec<VerificationStep>, sql::Error> {
    let sql = "select id, friend, step, channel, staff from friend_verification_step \
               where part = ? and id > ? order by id limit ?";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), after, limit as i64]).await?;
    rows.iter().map(VerificationStep::read).collect()
}

/// Some steps by their ids.
pub async fn verification_steps_find(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = Id>,
) -> Result<Vec<VerificationStep>, sql::Error> {
    let head = "select id, friend, step, channel, staff from friend_verification_step where (part, id) in";
    let keys = ids.into_iter().map(|id| cells![Part::PROGRAMME.number(), id.number()]).collect();
    sql::look_up(connection, head, keys).await?.iter().map(VerificationStep::read).collect()
}

/// Messages that are to be sent by now.
pub async fn verifications_due(connection: &mut Connection, now: Instant) -> Result<Vec<Verification>, sql::Error> {
    let sql = format!(
        "select {COLUMNS} from friend_verification where part = ? and due_at is not null and due_at <= ? \
         order by due_at limit ?"
    );
    let cells = cells![Part::PROGRAMME.number(), now.as_microsecond(), PAGE];
    sql::rows(connection, &sql, cells).await?.iter().map(Verification::read).collect()
}

/// Friends whose time to confirm is over by now.
pub(super) async fn verifications_over(connection: &mut Connection, now: Instant) -> Result<Vec<MemberId>, sql::Error> {
    let sql = "select friend from friend_verification where part = ? and state = 'asked' and ends_at <= ? \
               order by ends_at limit ?";
    let cells = cells![Part::PROGRAMME.number(), now.as_microsecond(), PAGE];
    let rows = sql::rows(connection, sql, cells).await?;
    rows.iter().map(|row| Ok(MemberId(id(sql::column(row, "friend")?)?))).collect()
}

/// Forgets whatever was asked of a member.
pub(in crate::platform) async fn verifications_erase(
    connection: &mut Connection,
    member: MemberId,
) -> Result<(), sql::Error> {
    let cells = || cells![Part::PROGRAMME.number(), member.number()];
    let statements = ["friend_verification", "friend_verification_step"]
        .map(|table| Statement::plain(format!("delete from {table} where part = ? and friend = ?"), cells()));
    sql::run_all(connection, statements.into()).await?;
    Ok(())
}

/// Lets what was asked of an account have been asked of the one that it has become, where its own recommendation goes
/// along, unless that one was asked as well.
pub(super) async fn verifications_move(
    connection: &mut Connection,
    from: MemberId,
    into: MemberId,
    is_own_moved: bool,
) -> Result<(), sql::Error> {
    if !is_own_moved {
        return Ok(());
    }
    if verification_find(connection, into).await?.is_some() {
        return verifications_erase(connection, from).await;
    }
    let part = Part::PROGRAMME.number();
    let statements = ["friend_verification", "friend_verification_step"].map(|table| {
        let sql = format!("update {table} set friend = ? where part = ? and friend = ?");
        Statement::plain(sql, cells![into.number(), part, from.number()])
    });
    sql::run_all(connection, statements.into()).await?;
    Ok(())
}

/// Forgets what was asked before a moment and came to an end.
pub(super) async fn verifications_forget(connection: &mut Connection, before: Instant) -> Result<(), sql::Error> {
    let part = Part::PROGRAMME.number();
    let before = before.as_microsecond();
    let sql = "delete from friend_verification where part = ? and state <> 'asked' and asked_at < ?";
    sql::execute(connection, sql, cells![part, before]).await?;
    let sql = "delete from friend_verification_step where part = ? and id < ? and friend not in \
               (select friend from friend_verification where part = ?)";
    let first = Instant::from_microsecond(before).map_or(0, |before| before.as_millisecond());
    sql::execute(connection, sql, cells![part, Id::new(first, 0, Part::PROGRAMME).number(), part]).await?;
    Ok(())
}
