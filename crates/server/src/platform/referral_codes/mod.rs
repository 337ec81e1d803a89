//! Codes by which members recommend the shop. A code is made for anybody to see: whoever has it knows nothing about the
//! member. It lies in the part that its name says, whoever's it is, so that one probe finds it.

mod name;

use std::sync::Arc;

use lojal_core::kernel::{Id, Instant, MemberId, Part};

pub use name::{CodeName, NameFault, WrittenCode, is_reserved};

use super::appearance::{appearance_find, appearance_latest};
use super::application::Application;
use super::clock::instant;
use super::enrolment::{MemberStatus, member_find, member_lock, member_survivor};
use super::identity::{IdentityError, Vault};
use super::journal::id;
use super::sql::{self, Connection, Row, Statement, cells, damaged};

const PURPOSE: &str = "referral code";
/// Names that one member may have chosen, given up ones included: they are never given to anybody else.
const MOST_CHOSEN: usize = 10;
/// Channels for which one member may have a code that was made.
const MOST_MADE: usize = 50;
/// No chain of names that were given up is longer.
const MOST_STEPS: usize = 64;
const COLUMNS: &str = "name, id, shown, member, channel, kind, state, made_at, ended_at, replaced_by";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Drawn here.
    Made,
    /// A name that the member or the shop has chosen.
    Chosen,
}

impl CodeKind {
    const ALL: [CodeKind; 2] = [CodeKind::Made, CodeKind::Chosen];

    pub fn name(self) -> &'static str {
        match self {
            CodeKind::Made => "made",
            CodeKind::Chosen => "chosen",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeState {
    Active,
    /// Leads to nobody until somebody says otherwise.
    Blocked,
    /// Leads on to the code that has its place.
    Replaced,
}

impl CodeState {
    const ALL: [CodeState; 3] = [CodeState::Active, CodeState::Blocked, CodeState::Replaced];

    pub fn name(self) -> &'static str {
        match self {
            CodeState::Active => "active",
            CodeState::Blocked => "blocked",
            CodeState::Replaced => "replaced",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralCode {
    pub id: Id,
    pub name: CodeName,
    /// As it is written.
    pub shown: String,
    pub member: MemberId,
    /// Where it is meant to be used; empty means anywhere.
    pub channel: String,
    pub kind: CodeKind,
    pub state: CodeState,
    pub made_at: Instant,
    pub ended_at: Option<Instant>,
    /// The code that has its place.
    pub replaced_by: Option<Id>,
}

impl ReferralCode {
    /// `None` for one of which only a mark is left.
    fn read(row: &Row) -> Result<Option<ReferralCode>, sql::Error> {
        let Some(member) = sql::column::<Option<i64>>(row, "member")? else { return Ok(None) };
        let (kind, state): (&str, &str) = (sql::column(row, "kind")?, sql::column(row, "state")?);
        let name: &str = sql::column(row, "name")?;
        Ok(Some(ReferralCode {
            id: id(sql::column(row, "id")?)?,
            name: CodeName::parse(name).ok_or_else(|| damaged(format!("{name} is no code")))?,
            shown: sql::column(row, "shown")?,
            member: MemberId(id(member)?),
            channel: sql::column(row, "channel")?,
            kind: CodeKind::ALL
                .into_iter()
                .find(|known| known.name() == kind)
                .ok_or_else(|| damaged(format!("{kind} is no kind of code")))?,
            state: CodeState::ALL
                .into_iter()
                .find(|known| known.name() == state)
                .ok_or_else(|| damaged(format!("{state} is no state of a code")))?,
            made_at: instant(sql::column(row, "made_at")?),
            ended_at: sql::column::<Option<i64>>(row, "ended_at")?.map(instant),
            replaced_by: sql::column::<Option<i64>>(row, "replaced_by")?.map(id).transpose()?,
        }))
    }
}

/// Why a code leads to nobody, or nothing was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefusal {
    #[error("no such code")]
    Unknown,
    #[error("no such code; one of its characters seems to be wrong")]
    Mistyped,
    #[error("the code is blocked")]
    Blocked,
    #[error("another code has its place; name that one")]
    Replaced,
    #[error("the name is taken, or was somebody's once")]
    Taken,
    #[error("is a name that the shop keeps to itself")]
    Reserved,
    #[error("the member has as many codes, or has chosen as many names, as one may")]
    TooMany,
    #[error("no such member")]
    UnknownMember,
    #[error("the member has left the programme")]
    MemberLeft,
    #[error("the code was changed at this moment; look at it again")]
    Changed,
}

impl CodeRefusal {
    /// The stable code by which programs recognise it.
    pub fn code(self) -> &'static str {
        match self {
            CodeRefusal::Unknown | CodeRefusal::Mistyped => "unknown_code",
            CodeRefusal::Blocked => "code_blocked",
            CodeRefusal::Replaced => "code_replaced",
            CodeRefusal::Taken => "code_taken",
            CodeRefusal::Reserved => "reserved_name",
            CodeRefusal::TooMany => "too_many_codes",
            CodeRefusal::UnknownMember => "unknown_member",
            CodeRefusal::MemberLeft => "member_left",
            CodeRefusal::Changed => "code_changed",
        }
    }

    /// Nothing has this name.
    pub fn unknown(name: &CodeName) -> CodeRefusal {
        if name.is_mistyped() { CodeRefusal::Mistyped } else { CodeRefusal::Unknown }
    }
}

/// What came of something that was to be done with a code.
pub type Outcome<T> = Result<Result<T, CodeRefusal>, IdentityError>;

/// Where links begin.
#[derive(Clone, Debug)]
pub struct LinkBase(Arc<str>);

impl LinkBase {
    /// `public` is the address that people use from outside.
    pub fn new(public: &str) -> LinkBase {
        LinkBase(format!("{}/r/", public.trim_end_matches('/')).into())
    }

    /// What a member sends to friends.
    pub fn link(&self, code: &ReferralCode) -> String {
        format!("{}{}", self.0, code.shown)
    }
}

/// Whom a code leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The code that was named.
    pub code: Id,
    /// The member as of now: the survivor, where accounts were merged.
    pub advocate: MemberId,
    /// Where the code that was named is meant to be used.
    pub channel: String,
}

/// The member's code for a channel; it is made when there is none.
pub async fn code_make(
    application: &Application,
    connection: &mut Connection,
    member: MemberId,
    channel: &str,
) -> Outcome<ReferralCode> {
    let own = match own_codes(application, connection, member).await? {
        Ok(own) => own,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let fits = |code: &&ReferralCode| {
        code.kind == CodeKind::Made && code.state == CodeState::Active && code.channel == channel
    };
    if let Some(known) = own.codes.iter().find(fits) {
        return Ok(Ok(known.clone()));
    }
    if let Err(refusal) = own.may_add(channel, CodeKind::Made) {
        return Ok(Err(refusal));
    }
    own.add(application, connection, WrittenCode::drawn()?, channel, CodeKind::Made).await
}

/// Gives a member a name of their choice for a channel. The one from before leads on to it, for good.
pub async fn code_choose(
    application: &Application,
    connection: &mut Connection,
    member: MemberId,
    channel: &str,
    written: WrittenCode,
) -> Outcome<ReferralCode> {
    let own = match own_codes(application, connection, member).await? {
        Ok(own) => own,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let known = own.codes.iter().find(|code| code.name == written.name);
    let may = known.map_or_else(|| own.may_add(channel, CodeKind::Chosen), |_| own.is_open(channel));
    if let Err(refusal) = may {
        return Ok(Err(refusal));
    }
    if known.is_none() && names_the_shop(application, connection, &written.name).await? {
        return Ok(Err(CodeRefusal::Reserved));
    }
    let chosen = match known {
        Some(known) => match own.take_back(connection, known, channel).await? {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        },
        None => match own.add(application, connection, written, channel, CodeKind::Chosen).await? {
            Ok(added) => added,
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    let before = |code: &&ReferralCode| {
        code.kind == CodeKind::Chosen
            && code.state == CodeState::Active
            && code.channel == channel
            && code.id != chosen.id
    };
    for code in own.codes.iter().filter(before) {
        let replaced = replaced(application, code, &chosen);
        if !write(connection, code, &replaced).await? {
            return Ok(Err(CodeRefusal::Changed));
        }
    }
    Ok(Ok(chosen))
}

/// Whether a name is the shop's, the programme's or a brand's.
async fn names_the_shop(
    application: &Application,
    connection: &mut Connection,
    name: &CodeName,
) -> Result<bool, sql::Error> {
    let latest = appearance_latest(connection).await?;
    let shown = appearance_find(connection, latest).await?;
    let rulebook = application.rulebook();
    let programme = rulebook.live();
    let brands = programme.iter().flat_map(|programme| &programme.brands).flat_map(|brand| brand.name.values());
    let names = programme.iter().flat_map(|programme| programme.name.values()).chain(brands);
    let shown = shown.iter().flat_map(|version| version.appearance.names.values());
    Ok(names.chain(shown).any(|shop| name.speaks_for(shop)))
}

/// Makes another code in the place of one, which leads on to it; one that is blocked leads nowhere still. Answers the new
/// one, also when it is asked for again. Whoever may do this says who recommends: there is no limit to it.
pub async fn code_replace(
    application: &Application,
    connection: &mut Connection,
    code: &ReferralCode,
) -> Outcome<ReferralCode> {
    // Asked for again, it is what it was.
    if let (CodeState::Blocked | CodeState::Replaced, Some(by)) = (code.state, code.replaced_by) {
        return Ok(code_find(connection, by).await?.ok_or(CodeRefusal::Replaced));
    }
    let own = match own_codes(application, connection, code.member).await? {
        Ok(own) => own,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let added = own.add(application, connection, WrittenCode::drawn()?, &code.channel, CodeKind::Made).await?;
    let Ok(added) = added else { return Ok(added) };
    let before = match code.state {
        CodeState::Blocked => ReferralCode { replaced_by: Some(added.id), ..code.clone() },
        CodeState::Active | CodeState::Replaced => replaced(application, code, &added),
    };
    let is_written = write(connection, code, &before).await?;
    Ok(if is_written { Ok(added) } else { Err(CodeRefusal::Changed) })
}

/// Has a code lead to nobody, or to its member again.
pub async fn code_block(
    application: &Application,
    connection: &mut Connection,
    code: &ReferralCode,
    blocked: bool,
) -> Outcome<ReferralCode> {
    let state = if blocked { CodeState::Blocked } else { CodeState::Active };
    if code.state == CodeState::Replaced {
        return Ok(Err(CodeRefusal::Replaced));
    }
    if code.state == state {
        return Ok(Ok(code.clone()));
    }
    let ended_at = blocked.then(|| application.clock.now());
    let changed = ReferralCode { state, ended_at, ..code.clone() };
    let is_written = write(connection, code, &changed).await?;
    Ok(if is_written { Ok(changed) } else { Err(CodeRefusal::Changed) })
}

fn replaced(application: &Application, code: &ReferralCode, by: &ReferralCode) -> ReferralCode {
    let ended_at = Some(application.clock.now());
    ReferralCode { state: CodeState::Replaced, ended_at, replaced_by: Some(by.id), ..code.clone() }
}

/// The codes of a person with all accounts, and whom a new one is given to.
struct Own {
    member: MemberId,
    codes: Vec<ReferralCode>,
}

/// Nobody leaves, or is erased, until the transaction ends.
async fn own_codes(
    application: &Application,
    connection: &mut Connection,
    member: MemberId,
) -> Result<Result<Own, CodeRefusal>, sql::Error> {
    let member = match member_find(connection, member).await? {
        Some(row) => member_survivor(connection, row).await?.id,
        None => return Ok(Err(CodeRefusal::UnknownMember)),
    };
    match member_lock(connection, member).await? {
        None => return Ok(Err(CodeRefusal::UnknownMember)),
        Some(row) if row.status == MemberStatus::Left || row.is_erased() => return Ok(Err(CodeRefusal::MemberLeft)),
        Some(_) => {}
    }
    let accounts = application.merged_accounts(member).await?;
    let codes = codes_of(connection, accounts.into_iter().chain([member])).await?;
    Ok(Ok(Own { member, codes }))
}

impl Own {
    /// While the newest code of a channel is blocked, whoever blocked it means the member: another one is theirs to give.
    fn is_open(&self, channel: &str) -> Result<(), CodeRefusal> {
        let newest = self.codes.iter().find(|code| code.channel == channel);
        let is_blocked = newest.is_some_and(|code| code.state == CodeState::Blocked);
        if is_blocked { Err(CodeRefusal::Blocked) } else { Ok(()) }
    }

    /// What came along with accounts that were merged takes nobody's place.
    fn may_add(&self, channel: &str, kind: CodeKind) -> Result<(), CodeRefusal> {
        self.is_open(channel)?;
        let counts = |code: &&ReferralCode| {
            let is_kept = kind == CodeKind::Chosen || code.state != CodeState::Replaced;
            code.member == self.member && code.kind == kind && is_kept
        };
        let most = if kind == CodeKind::Chosen { MOST_CHOSEN } else { MOST_MADE };
        if self.codes.iter().filter(counts).count() >= most { Err(CodeRefusal::TooMany) } else { Ok(()) }
    }

    async fn add(
        &self,
        application: &Application,
        connection: &mut Connection,
        written: WrittenCode,
        channel: &str,
        kind: CodeKind,
    ) -> Outcome<ReferralCode> {
        // Whoever was erased leaves a mark, so that old links never lead to somebody else.
        let part = written.name.part();
        let left = tombstone(&application.vault, &written.name);
        let names = [cells![part.number(), left]];
        let select = format!("select {COLUMNS} from referral_code where");
        if !sql::by_name(connection, &select, "part, name", names).await?.is_empty() {
            return Ok(Err(CodeRefusal::Taken));
        }
        let code = ReferralCode {
            id: application.ids.next(part),
            name: written.name,
            shown: written.shown,
            member: self.member,
            channel: channel.to_owned(),
            kind,
            state: CodeState::Active,
            made_at: application.clock.now(),
            ended_at: None,
            replaced_by: None,
        };
        let inserted = sql::run_all(connection, vec![insert(&code)]).await?;
        let is_new = inserted.iter().any(|outcome| outcome.touched > 0);
        Ok(if is_new { Ok(code) } else { Err(CodeRefusal::Taken) })
    }

    /// A name that was the member's before is so again.
    async fn take_back(
        &self,
        connection: &mut Connection,
        known: &ReferralCode,
        channel: &str,
    ) -> Outcome<ReferralCode> {
        match known.state {
            CodeState::Blocked => return Ok(Err(CodeRefusal::Blocked)),
            CodeState::Active if known.channel == channel => return Ok(Ok(known.clone())),
            CodeState::Active | CodeState::Replaced => {}
        }
        // Whoever blocked the one that has its place meant all that lead there.
        if known.state == CodeState::Replaced
            && let Err(refusal) = follow(connection, known.clone()).await?
        {
            return Ok(Err(refusal));
        }
        let (state, channel) = (CodeState::Active, channel.to_owned());
        let taken = ReferralCode { state, channel, ended_at: None, replaced_by: None, ..known.clone() };
        let is_written = write(connection, known, &taken).await?;
        Ok(if is_written { Ok(taken) } else { Err(CodeRefusal::Changed) })
    }
}

fn insert(code: &ReferralCode) -> Statement {
    let row = cells![
        code.id.part().number(),
        code.name.as_str(),
        code.id.number(),
        code.shown.as_str(),
        code.member.number(),
        code.channel.as_str(),
        code.kind.name(),
        code.state.name(),
        code.made_at.as_microsecond(),
        code.ended_at.map(Instant::as_microsecond),
        code.replaced_by.map(Id::number),
    ];
    Statement::insert(
        "insert into referral_code (part, name, id, shown, member, channel, kind, state, made_at, ended_at, \
         replaced_by) values",
        "on conflict name_key (part, name) do nothing",
        vec![row],
    )
}

/// Writes what has changed, unless somebody else changed something first.
async fn write(connection: &mut Connection, code: &ReferralCode, changed: &ReferralCode) -> Result<bool, sql::Error> {
    let sql = "update referral_code set state = ?, channel = ?, ended_at = ?, replaced_by = ? \
               where part = ? and id = ? and state = ?";
    let cells = cells![
        changed.state.name(),
        changed.channel.as_str(),
        changed.ended_at.map(Instant::as_microsecond),
        changed.replaced_by.map(Id::number),
        code.id.part().number(),
        code.id.number(),
        code.state.name(),
    ];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

pub async fn code_find(connection: &mut Connection, code: Id) -> Result<Option<ReferralCode>, sql::Error> {
    let sql = format!("select {COLUMNS} from referral_code where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![code.part().number(), code.number()]).await?;
    Ok(row.map(|row| ReferralCode::read(&row)).transpose()?.flatten())
}

/// The code with a name, whatever its state.
pub async fn code_find_by_name(
    connection: &mut Connection,
    name: &CodeName,
) -> Result<Option<ReferralCode>, sql::Error> {
    let select = format!("select {COLUMNS} from referral_code where");
    let names = [cells![name.part().number(), name.as_str()]];
    let rows = sql::by_name(connection, &select, "part, name", names).await?;
    Ok(rows.first().map(ReferralCode::read).transpose()?.flatten())
}

/// Codes by their ids, as far as there are any.
pub async fn code_find_all(
    connection: &mut Connection,
    codes: impl IntoIterator<Item = Id>,
) -> Result<Vec<ReferralCode>, sql::Error> {
    let keys = codes.into_iter().map(|code| cells![code.part().number(), code.number()]).collect();
    let head = format!("select {COLUMNS} from referral_code where (part, id) in");
    read_all(&sql::look_up(connection, &head, keys).await?)
}

/// All codes of some accounts, the newest first.
pub async fn codes_of(
    connection: &mut Connection,
    accounts: impl IntoIterator<Item = MemberId>,
) -> Result<Vec<ReferralCode>, sql::Error> {
    let of_account = |account: MemberId| Part::all().map(move |part| cells![part.number(), account.number()]);
    let keys = accounts.into_iter().flat_map(of_account).collect();
    let head = format!("select {COLUMNS} from referral_code where (part, member) in");
    let mut codes = read_all(&sql::look_up(connection, &head, keys).await?)?;
    codes.sort_by_key(|code| std::cmp::Reverse((code.made_at, code.id)));
    Ok(codes)
}

fn read_all(rows: &[Row]) -> Result<Vec<ReferralCode>, sql::Error> {
    rows.iter().filter_map(|row| ReferralCode::read(row).transpose()).collect()
}

/// The code that has the place of a code, or why there is none.
async fn follow(
    connection: &mut Connection,
    mut code: ReferralCode,
) -> Result<Result<ReferralCode, CodeRefusal>, sql::Error> {
    for _ in 0..MOST_STEPS {
        match (code.state, code.replaced_by) {
            (CodeState::Active, _) => return Ok(Ok(code)),
            (CodeState::Blocked, _) | (CodeState::Replaced, None) => break,
            (CodeState::Replaced, Some(by)) => match code_find(connection, by).await? {
                Some(by) => code = by,
                None => break,
            },
        }
    }
    Ok(Err(CodeRefusal::Blocked))
}

/// Whom a code leads to at this moment, or why it leads to nobody. The same is asked for one that is unknown or blocked as
/// for one that is in use: nobody can tell by how long it takes.
pub async fn code_lead(connection: &mut Connection, name: &CodeName) -> Result<Result<Lead, CodeRefusal>, sql::Error> {
    let Some(code) = code_find_by_name(connection, name).await? else {
        member_find(connection, nobody(name)).await?;
        return Ok(Err(CodeRefusal::unknown(name)));
    };
    let (named, channel) = (code.id, code.channel.clone());
    let last = match follow(connection, code).await? {
        Ok(last) => last,
        Err(refusal) => {
            member_find(connection, nobody(name)).await?;
            return Ok(Err(refusal));
        }
    };
    let Some(row) = member_find(connection, last.member).await? else { return Ok(Err(CodeRefusal::UnknownMember)) };
    let row = member_survivor(connection, row).await?;
    if row.status == MemberStatus::Left || row.is_erased() {
        return Ok(Err(CodeRefusal::MemberLeft));
    }
    Ok(Ok(Lead { code: named, advocate: row.id, channel }))
}

/// The id of a member who joined before anybody could.
fn nobody(name: &CodeName) -> MemberId {
    MemberId(Id::new(0, 0, name.part()))
}

/// What is left of a name when its member is erased. No code is written like that.
fn tombstone(vault: &Vault, name: &CodeName) -> String {
    let mark = vault.mark(PURPOSE, name.as_str().as_bytes()).to_hex();
    format!("erased:{}", &mark[..32])
}

/// Forgets the names by which a member recommended. Whoever calls has locked the member.
pub(super) async fn codes_erase(
    connection: &mut Connection,
    vault: &Vault,
    member: MemberId,
) -> Result<(), sql::Error> {
    let mut statements = Vec::new();
    for code in codes_of(connection, [member]).await? {
        let sql = "update referral_code set name = ?, shown = '', member = null, state = 'erased', replaced_by = null \
                   where part = ? and id = ?";
        let cells = cells![tombstone(vault, &code.name), code.id.part().number(), code.id.number()];
        statements.push(Statement::plain(sql, cells));
    }
    sql::run_all(connection, statements).await?;
    Ok(())
}

impl Application {
    /// All codes of a member, the newest first; those of accounts that were merged into the member's lead there as well.
    pub async fn referral_codes(&self, member: MemberId) -> Result<Vec<ReferralCode>, sql::Error> {
        let accounts = self.merged_accounts(member).await?;
        codes_of(&mut *self.database.read().await?, accounts.into_iter().chain([member])).await
    }

    /// Whom a code leads to at this moment, or why it leads to nobody.
    pub async fn advocate_by_code(&self, name: &CodeName) -> Result<Result<Lead, CodeRefusal>, sql::Error> {
        code_lead(&mut *self.database.read().await?, name).await
    }
}
