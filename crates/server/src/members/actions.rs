//! What staff do for a member. Each thing is done once, however often its form is sent: the form carries a name,
//! under which the writer keeps its answer.

use axum::extract::{Path, State};
use axum::response::Response;
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, MemberId, Name, Part, TransactionId};
use lojal_core::programme::Programme;

use super::amounts::typed_amount;
use super::pages::{Named, address, member_of};
use super::requests::{NewRequest, limit_find, request_insert};
use super::shares::{Share, share_delete, share_insert, share_sum};
use super::view::{Attempt, refused};
use crate::platform::application::Application;
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::http::fields::Remark;
use crate::platform::http::subject::{spend_answer, spend_once};
use crate::platform::identity::Identity;
use crate::platform::pages::{Form, Frame, PageError, PageState, see_other};
use crate::platform::random::{self, NoRandomness};
use crate::platform::staff::{Manages, Permission, Serves, Staff};
use crate::platform::writer::{Answer, Idempotency, Submission, WriteError};

/// What the names of forms begin with, so that none is ever taken for a key of the API.
const FORM: &str = "console-";
const FORM_LENGTH: usize = FORM.len() + 32;
const FIRST_BIRTH_YEAR: i16 = 1900;
const LAST_BIRTH_YEAR: i16 = 2100;

/// A new name for a form.
pub fn form_name() -> Result<String, NoRandomness> {
    let drawn: [u8; 16] = random::bytes()?;
    Ok(format!("{FORM}{:032x}", u128::from_le_bytes(drawn)))
}

/// The name of a form that came back; a page of the house has no other.
pub fn named(form: &Form) -> Result<String, PageError> {
    let name = form.text("once");
    let is_ours = name.len() == FORM_LENGTH
        && name.strip_prefix(FORM).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_ours { Ok(name.to_owned()) } else { Err(PageError::NOT_FOUND) }
}

/// By what the writer knows a command again that came with this name.
pub fn idempotency(name: String, holder: impl Into<HolderId>, command: &Command) -> Result<Idempotency, PageError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&holder.into().number().to_le_bytes());
    hasher.update(&serde_json::to_vec(command).map_err(|cause| PageError::internal(&cause))?);
    Ok(Idempotency { key: name, fingerprint: *hasher.finalize().as_bytes() })
}

/// Why something was not done, in the reader's words; what went wrong inside is no answer.
pub fn hindrance(state: &PageState, frame: &Frame, cause: WriteError) -> Result<String, PageError> {
    let texts = state.pages.texts(frame.language());
    match cause {
        WriteError::Refused(refusal) => Ok(match state.application.rulebook().live() {
            Some(programme) => texts.words.about(programme).refusal(&refusal),
            None => texts.say("overview-no-programme", None, &[]),
        }),
        WriteError::KeyReused => Ok(texts.say("member-sent-before", None, &[])),
        WriteError::Busy => Ok(texts.say("member-busy", None, &[])),
        WriteError::NoProgramme => Ok(texts.say("overview-no-programme", None, &[])),
        other => Err(other.into()),
    }
}

/// Sends a command to whoever has the member's wallets. Answers whether it was new, or why it was refused. `account` is
/// whom the form was made for: the member, or an account that was merged into the member's since.
async fn spent(
    state: &PageState,
    frame: &Frame,
    (account, row): (MemberId, &MemberRow),
    name: String,
    command: Command,
) -> Result<Result<bool, String>, PageError> {
    let idempotency = idempotency(name, account, &command)?;
    let submission =
        |holder| Submission { idempotency: Some(idempotency.clone()), ..Submission::new(holder, command.clone()) };
    settled(state, frame, spend_once(&state.application, row, submission).await)
}

/// As [`spent`], for a command about this very holder.
async fn sent(
    state: &PageState,
    frame: &Frame,
    holder: HolderId,
    name: String,
    command: Command,
) -> Result<Result<bool, String>, PageError> {
    let idempotency = Some(idempotency(name, holder, &command)?);
    let submission = Submission { idempotency, ..Submission::new(holder, command) };
    settled(state, frame, state.application.writer.submit(submission).await)
}

fn settled(state: &PageState, frame: &Frame, answer: Answer) -> Result<Result<bool, String>, PageError> {
    match answer {
        Ok(done) => Ok(Ok(!done.repeated)),
        Err(cause) => Ok(Err(hindrance(state, frame, cause)?)),
    }
}

/// Writes down what was done, unless it had been done before.
pub(super) async fn note<P: Permission>(
    staff: &Staff<P>,
    application: &Application,
    is_new: bool,
    action: &str,
    row: &MemberRow,
    detail: String,
) -> Result<(), PageError> {
    if is_new {
        let mut transaction = application.database.write_aside().await?;
        staff.note(&mut transaction, application, action, row.id.to_string(), detail).await?;
        transaction.commit().await?;
    }
    Ok(())
}

fn done(row: &MemberRow, done: &str) -> Response {
    see_other(&format!("{}?done={done}", address(row.id)))
}

/// An adjustment that can be made.
struct Adjustment {
    unit: Name,
    brand: Name,
    amount: i64,
    reason: Name,
    /// How many whole units that is, rounded up.
    size: i64,
}

impl Adjustment {
    fn command(&self) -> Command {
        let (unit, brand) = (self.unit.clone(), self.brand.clone());
        Command::Adjust { unit, brand, amount: self.amount, reason: self.reason.clone() }
    }

    /// For the log of what staff do.
    fn detail(&self) -> String {
        format!("{:+} {}", self.amount, self.unit)
    }
}

/// Reads the form; faults are noted in it.
fn adjustment(form: &mut Form, programme: &Programme, frame: &Frame) -> Option<Adjustment> {
    let unit = match programme.units.as_slice() {
        [only] => Some(only),
        units => units.iter().find(|unit| unit.id == form.text("unit")),
    };
    let brand = match programme.brands.as_slice() {
        [only] => Some(only),
        brands => brands.iter().find(|brand| brand.id == form.text("brand")),
    };
    let typed = form.required("amount");
    let amount = unit.and_then(|unit| typed_amount(&typed, unit.scale, frame.language()));
    if amount.is_none() {
        form.fault("amount", "fault-amount");
    }
    let reason = form.required("reason");
    let reason = Remark::parse(&reason).map_err(|_| form.fault("reason", "fault-text")).ok();
    let (unit, brand, amount, reason) = (unit?, brand?, amount?, reason?);
    let whole = 10i64.saturating_pow(u32::from(unit.scale));
    Some(Adjustment {
        unit: unit.id.clone(),
        brand: brand.id.clone(),
        amount: if form.text("direction") == "take" { -amount } else { amount },
        reason: reason.0,
        size: amount / whole + i64::from(amount % whole > 0),
    })
}

/// Gives or takes points; more than one may alone in a day waits for somebody else.
pub async fn adjust(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(name): Named,
    mut form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let named_row = member_of(&state, &name).await?;
    let account = named_row.id;
    // Whatever is done by the name of a merged account counts as done for the member whose account it was.
    let row = application.survivor(named_row).await?;
    let once = named(&form)?;
    let rulebook = application.rulebook();
    let adjustment = rulebook.live().and_then(|programme| adjustment(&mut form, programme, &staff.frame));
    let Some(adjustment) = adjustment.filter(|_| form.is_sound()) else {
        return refused(&staff, &state, &row, Attempt { which: "adjust", form, refused: None }).await;
    };
    let day = application.calendar().date(application.clock.now());
    let share = Share { form: &once, staff: staff.account.id, member: row.id, day, size: adjustment.size };
    let answer = if may_alone(application, &share).await? {
        let answer = spent(&state, &staff.frame, (account, &row), once.clone(), adjustment.command()).await?;
        if answer.is_err() {
            forget(application, &share).await?;
        }
        answer.map(Some)
    } else {
        // Whether it can be done at all is said to the one who asks, not to the one who confirms.
        let trial = |holder| Submission { dry_run: true, ..Submission::new(holder, adjustment.command()) };
        settled(&state, &staff.frame, spend_answer(application, &row, trial).await)?.map(|_| None)
    };
    match answer {
        Err(words) => {
            let attempt = Attempt { which: "adjust", form, refused: Some(words) };
            refused(&staff, &state, &row, attempt).await
        }
        Ok(Some(is_new)) => {
            note(&staff, application, is_new, "points_adjusted", &row, adjustment.detail()).await?;
            Ok(done(&row, "adjusted"))
        }
        Ok(None) => {
            let detail = adjustment.detail();
            let request = NewRequest {
                id: application.ids.next(Part::PROGRAMME).number(),
                form: once,
                member: row.id,
                unit: adjustment.unit,
                brand: adjustment.brand,
                amount: adjustment.amount,
                reason: adjustment.reason,
                asked_by: staff.account.id,
                asked_at: application.clock.now(),
            };
            let mut transaction = application.database.write_aside().await?;
            if request_insert(&mut transaction, &request).await? {
                staff.note(&mut transaction, application, "adjustment_requested", row.id.to_string(), detail).await?;
            }
            transaction.commit().await?;
            Ok(done(&row, "requested"))
        }
    }
}

/// Whether one person may do it alone, with what they did for this member today; then it is noted.
pub(super) async fn may_alone(application: &Application, share: &Share<'_>) -> Result<bool, PageError> {
    let limit = limit_find(&mut *application.database.read().await?).await?;
    if share.size > limit {
        return Ok(false);
    }
    let mut transaction = application.database.write_aside().await?;
    let is_new = share_insert(&mut transaction, share).await?;
    transaction.commit().await?;
    if !is_new {
        // The same form again: the ledger knows what it answered.
        return Ok(true);
    }
    let is_within = share_sum(&mut *application.database.read().await?, share).await? <= limit;
    if !is_within {
        forget(application, share).await?;
    }
    Ok(is_within)
}

pub(super) async fn forget(application: &Application, share: &Share<'_>) -> Result<(), PageError> {
    let mut transaction = application.database.write_aside().await?;
    share_delete(&mut transaction, share).await?;
    transaction.commit().await?;
    Ok(())
}

/// The member and the transaction that an address names.
async fn both(state: &PageState, member: &str, transaction: &str) -> Result<(MemberRow, TransactionId), PageError> {
    let row = member_of(state, member).await?;
    Ok((row, transaction.parse().map_err(|_| PageError::NOT_FOUND)?))
}

/// The holder of a transaction, when the member has to do with it.
async fn holder_of(state: &PageState, row: &MemberRow, transaction: TransactionId) -> Result<HolderId, PageError> {
    let found = state.application.transaction(transaction).await?.ok_or(PageError::NOT_FOUND)?;
    let is_theirs = found.holder == row.id.into() || found.holder == row.holder();
    if is_theirs { Ok(found.holder) } else { Err(PageError::NOT_FOUND) }
}

/// What is given back by undoing a transaction of the member's.
struct Undoing {
    /// What a refusal stands beside.
    which: &'static str,
    action: &'static str,
    done: &'static str,
}

/// Undoes a transaction, once; `command` is what does it, or the key of a text about what is wrong with the form.
async fn undone(
    staff: &Staff<Serves>,
    state: &PageState,
    (name, transaction): (String, String),
    form: Form,
    undoing: &Undoing,
    command: impl FnOnce(TransactionId, &Form) -> Result<Command, &'static str>,
) -> Result<Response, PageError> {
    let (row, transaction) = both(state, &name, &transaction).await?;
    let holder = holder_of(state, &row, transaction).await?;
    let answer = match command(transaction, &form) {
        Ok(command) => sent(state, &staff.frame, holder, named(&form)?, command).await?,
        Err(fault) => Err(state.pages.texts(staff.frame.language()).say(fault, None, &[])),
    };
    match answer {
        Ok(is_new) => {
            note(staff, &state.application, is_new, undoing.action, &row, transaction.to_string()).await?;
            Ok(done(&row, undoing.done))
        }
        Err(words) => refused(staff, state, &row, Attempt { which: undoing.which, form, refused: Some(words) }).await,
    }
}

/// Gives back what is set aside.
pub async fn release(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(address): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    const RELEASE: Undoing = Undoing { which: "hold", action: "hold_released", done: "released" };
    undone(&staff, &state, address, form, &RELEASE, |hold, _| Ok(Command::ReleaseHold { hold })).await
}

/// Gives back what a reward cost.
pub async fn roll_back(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(address): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    const ROLL_BACK: Undoing = Undoing { which: "redemption", action: "redemption_rolled_back", done: "rolled-back" };
    let command = |redemption, form: &Form| {
        let remark = Some(form.text("remark")).filter(|remark| !remark.is_empty());
        let reason = remark.map(|remark| Remark::parse(remark).map(|remark| remark.0)).transpose();
        Ok(Command::RollBackRedemption { redemption, reason: reason.map_err(|_| "fault-text")? })
    };
    undone(&staff, &state, address, form, &ROLL_BACK, command).await
}

/// Writes down what is right of the person.
pub async fn correct(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(name): Named,
    mut form: Form,
) -> Result<Response, PageError> {
    let row = member_of(&state, &name).await?;
    if row.is_erased() {
        return Err(PageError::NOT_FOUND);
    }
    let identity = identity_of(&mut form);
    if !form.is_sound() {
        return refused(&staff, &state, &row, Attempt { which: "person", form, refused: None }).await;
    }
    if state.application.change_identity(row.id, |_, _| identity).await? {
        note(&staff, &state.application, true, "person_corrected", &row, String::new()).await?;
    }
    Ok(done(&row, "corrected"))
}

fn identity_of(form: &mut Form) -> Identity {
    let mut text = |field: &'static str| {
        let text = Some(form.text(field).to_owned()).filter(|text| !text.is_empty())?;
        if Remark::parse(&text).is_err() {
            form.fault(field, "fault-text");
        }
        Some(text)
    };
    let (name, email, phone, language) = (text("name"), text("email"), text("phone"), text("language"));
    if email.as_ref().is_some_and(|email| !email.contains('@')) {
        form.fault("email", "fault-email");
    }
    let year = form.text("birth_year").to_owned();
    let birth_year: Option<i16> = year.parse().ok().filter(|year| (FIRST_BIRTH_YEAR..=LAST_BIRTH_YEAR).contains(year));
    if !year.is_empty() && birth_year.is_none() {
        form.fault("birth_year", "fault-year");
    }
    let language = language.filter(|tag| ["pl", "en"].contains(&tag.as_str()));
    Identity { name, email, phone, language, birth_year }
}

/// What cannot be undone is done after somebody has said so.
pub(super) fn is_sure(form: &mut Form) -> bool {
    if form.text("sure") != "yes" {
        form.fault("sure", "fault-sure");
    }
    form.is_sound()
}

/// Lets a member leave the programme.
pub async fn leave(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(name): Named,
    mut form: Form,
) -> Result<Response, PageError> {
    let row = member_of(&state, &name).await?;
    if !is_sure(&mut form) {
        return refused(&staff, &state, &row, Attempt { which: "leave", form, refused: None }).await;
    }
    match left(&staff, &state, &row, named(&form)?).await? {
        Ok(()) => Ok(done(&row, "left")),
        Err(words) => refused(&staff, &state, &row, Attempt { which: "leave", form, refused: Some(words) }).await,
    }
}

async fn left<P: Permission>(
    staff: &Staff<P>,
    state: &PageState,
    row: &MemberRow,
    name: String,
) -> Result<Result<(), String>, PageError> {
    if row.status == MemberStatus::Left {
        return Ok(Ok(()));
    }
    match sent(state, &staff.frame, row.id.into(), name, Command::Leave).await? {
        Ok(is_new) => {
            note(staff, &state.application, is_new, "member_left", row, String::new()).await?;
            Ok(Ok(()))
        }
        Err(words) => Ok(Err(words)),
    }
}

/// Forgets the person; whoever is still a member leaves first.
pub async fn erase(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(name): Named,
    mut form: Form,
) -> Result<Response, PageError> {
    let row = member_of(&state, &name).await?;
    if !is_sure(&mut form) {
        return refused(&staff, &state, &row, Attempt { which: "leave", form, refused: None }).await;
    }
    if let Err(words) = left(&staff, &state, &row, named(&form)?).await? {
        return refused(&staff, &state, &row, Attempt { which: "leave", form, refused: Some(words) }).await;
    }
    if !row.is_erased() {
        state.application.erase_member(row.id).await?;
        note(&staff, &state.application, true, "member_erased", &row, String::new()).await?;
    }
    Ok(done(&row, "erased"))
}
