//! Activity → every capability → one decision.
//!
//! A decision has three steps: what time has done by itself since the last one, the command, and
//! what the two mean for other capabilities, until nothing more follows.

use crate::activity::{Activity, builtin};
use crate::command::{Command, Inheritance, Inputs, TransferKind};
use crate::decision::{Because, Decision, FollowUpCommand, Record, Refusal};
use crate::desk::{Desk, Event};
use crate::explanation::Explanation;
use crate::holder::{Holder, HolderKind, Membership};
use crate::kernel::{Date, Instant, MemberId, Name, Period, TransactionId};
use crate::programme::{Expiry, Programme, Rulebook};
use crate::referrals::{self, Heard, Lapse, Recommendation, Wanted};
use crate::{earning, holds, merging, rewards, tiers, transfers};

pub use crate::desk::Undecided;

/// What is kept under the natural key of a command, with the transaction that wrote it last.
pub type Known = (TransactionId, Record);

/// Decides what a command does to a holder: the state afterwards, and the decision to be written.
///
/// `holder` is `None` only for the commands that make one. `known` is what is kept under
/// [`Command::key`].
pub fn decide(
    rulebook: &Rulebook,
    holder: Option<&Holder>,
    known: Option<&Known>,
    command: &Command,
    inputs: &Inputs,
) -> Result<(Holder, Decision), Undecided> {
    run(rulebook, holder, known, command, inputs, false).map(|(holder, decision, _)| (holder, decision))
}

/// As [`decide`], and tells what became of every rule and what was only just missed.
pub fn explain(
    rulebook: &Rulebook,
    holder: Option<&Holder>,
    known: Option<&Known>,
    command: &Command,
    inputs: &Inputs,
) -> Result<(Holder, Decision, Explanation), Undecided> {
    run(rulebook, holder, known, command, inputs, true)
}

/// When time itself has something to do for the holder next.
pub fn next_due(programme: &Programme, holder: &Holder) -> Option<Instant> {
    let wallets = holder.wallets.iter().flat_map(|wallet| {
        [wallet.next_lapse(), wallet.next_release(), wallet.next_expiry(), inactivity_end(programme, wallet)]
    });
    let others = [
        rewards::next_due(&holder.vouchers),
        tiers::next_due(programme, holder),
        birthday(programme, holder).map(|date| programme.calendar.start_of(date)),
        referrals::next_due(holder),
    ];
    wallets.chain(others).flatten().min()
}

fn run(
    rulebook: &Rulebook,
    holder: Option<&Holder>,
    known: Option<&Known>,
    command: &Command,
    inputs: &Inputs,
    explain: bool,
) -> Result<(Holder, Decision, Explanation), Undecided> {
    let Some(programme) = rulebook.live_at(inputs.now) else {
        return Err(Refusal::NoProgramme.into());
    };
    let holder = opened(holder, known, command, inputs)?;
    let mut desk = Desk::new(rulebook, programme, inputs, holder);
    advance(&mut desk)?;
    desk.explanation = explain.then(Explanation::default);
    carry_out(&mut desk, known, command)?;
    if desk.decision.repeats.is_some() {
        // Nothing is written, and what time has done waits for its own turn.
        desk.decision = Decision { repeats: desk.decision.repeats, ..Decision::empty(programme.version) };
    } else {
        follow(&mut desk)?;
        let explanation = desk.explanation.take();
        advance(&mut desk)?;
        if let Some(mut explanation) = explanation {
            explanation.near.retain(|miss| earning::has_room(&desk, miss));
            explanation.add_near(rewards::near(&desk).into_iter().chain(tiers::near(&desk)));
            desk.explanation = Some(explanation);
        }
        if !merging::came_back(command) {
            transfers::sweep(&mut desk);
        }
        merging::pass_on(&mut desk);
    }
    let explanation = desk.explanation.take().unwrap_or_default();
    Ok((desk.holder, desk.decision, explanation))
}

/// The holder that a command is about; a new one for the commands that make one.
fn opened(
    holder: Option<&Holder>,
    known: Option<&Known>,
    command: &Command,
    inputs: &Inputs,
) -> Result<Holder, Refusal> {
    match (holder, command) {
        (None, Command::Enrol { holder, joined_at, profile }) => {
            Ok(Holder::new(*holder, HolderKind::member(), (*joined_at).min(inputs.now), profile.clone()))
        }
        (None, Command::OpenHousehold { holder, opened_at }) => {
            let kind = HolderKind::Household { members: Default::default() };
            Ok(Holder::new(*holder, kind, (*opened_at).min(inputs.now), Default::default()))
        }
        (None, _) => Err(Refusal::UnknownHolder),
        (Some(_), Command::Enrol { .. } | Command::OpenHousehold { .. }) => Err(Refusal::AlreadyEnrolled),
        (Some(holder), command) => match holder.merged_into() {
            Some(into) if !goes_on_after_merging(command, known) => Err(Refusal::Merged { into }),
            None if holder.has_left() && !goes_on_after_leaving(command, known) => Err(Refusal::MemberLeft),
            _ => Ok(holder.clone()),
        },
    }
}

/// What can still be asked of a member who has left. What comes of accounts that were merged into
/// theirs can go nowhere else. What was bought may still come back, and takes with it what others were given for it.
fn goes_on_after_leaving(command: &Command, known: Option<&Known>) -> bool {
    match command {
        Command::Tick
        | Command::TakeBack { .. }
        | Command::UseVoucher { .. }
        | Command::Inherit { .. }
        | Command::JudgeReferral { .. }
        | Command::LoseAdvocate { .. }
        | Command::AbandonMerge { .. } => true,
        Command::PutOrder { order } => known.is_some() && !order.counts(),
        Command::ReturnLines { .. } | Command::CallOffActivity { .. } => known.is_some(),
        Command::Receive { parcel } => parcel.kind == TransferKind::Merge,
        _ => false,
    }
}

/// What can still be asked of an account that was merged: whatever it has begun itself is brought to an
/// end here, anything new is the survivor's.
fn goes_on_after_merging(command: &Command, known: Option<&Known>) -> bool {
    match command {
        Command::Tick
        | Command::Receive { .. }
        | Command::TakeBack { .. }
        | Command::UseVoucher { .. }
        | Command::CaptureHold { .. }
        | Command::ReleaseHold { .. }
        | Command::RollBackRedemption { .. }
        | Command::ReturnLines { .. }
        | Command::MergeInto { .. }
        | Command::KnowAccounts { .. }
        | Command::Inherit { .. }
        | Command::JudgeReferral { .. }
        | Command::LoseAdvocate { .. }
        | Command::AbandonMerge { .. } => true,
        Command::PutOrder { .. }
        | Command::ReturnWithoutOrder { .. }
        | Command::PostActivity { .. }
        | Command::CallOffActivity { .. }
        | Command::HearOfFriend { .. } => known.is_some(),
        _ => false,
    }
}

fn carry_out(desk: &mut Desk<'_>, known: Option<&Known>, command: &Command) -> Result<(), Undecided> {
    let before = known.map(|(transaction, _)| *transaction);
    match command {
        Command::Enrol { joined_at, .. } => enrol(desk, *joined_at),
        Command::OpenHousehold { .. } => transfers::open_household(desk),
        Command::UpdateProfile { profile } => {
            desk.holder.profile = profile.clone();
            let at = desk.now;
            desk.effect(at, Because::ProfileUpdated, Vec::new());
            Ok(())
        }
        Command::SayBirthday { birthday } => {
            if desk.holder.profile.birthday.is_none() {
                desk.holder.profile.birthday = Some(*birthday);
                let at = desk.now;
                desk.effect(at, Because::ProfileUpdated, Vec::new());
            }
            Ok(())
        }
        Command::PutOrder { order } => earning::put_order(desk, order, order_record(known)),
        Command::ReturnLines { order, return_id, returned_at, lines } => {
            earning::return_lines(desk, order, return_id, *returned_at, lines, order_record(known))
        }
        Command::ReturnWithoutOrder { goods } => earning::return_without_order(desk, command, goods, before),
        Command::PostActivity { activity, .. } => earning::post_activity(desk, command, activity, before),
        Command::CallOffActivity { activity, external_id, reason, .. } => {
            let named = earning::NamedActivity { activity, external_id, reason: reason.as_ref() };
            earning::call_off_activity(desk, command, &named, known)
        }
        Command::Hold { unit, amount, valid_until, reference } => {
            holds::hold(desk, unit, *amount, *valid_until, reference.as_ref())
        }
        Command::CaptureHold { hold, amount } => holds::capture(desk, *hold, *amount),
        Command::ReleaseHold { hold } => holds::release(desk, *hold),
        Command::Redeem { reward, reference, acting } => {
            rewards::redeem(desk, reward, reference.as_ref(), acting.as_ref())
        }
        Command::RollBackRedemption { redemption, reason } => {
            let record = match known {
                Some((_, Record::Redemption(record))) => Some(record),
                _ => None,
            };
            rewards::roll_back(desk, *redemption, reason.as_ref(), record)
        }
        Command::UseVoucher { code, order } => {
            let record = match known {
                Some((transaction, Record::Voucher(record))) => Some((*transaction, record)),
                _ => None,
            };
            rewards::use_voucher(desk, code, order.as_ref(), record)
        }
        Command::Adjust { unit, brand, amount, reason } => holds::adjust(desk, unit, brand, *amount, reason),
        Command::Transfer { kind, unit, amount, to } => transfers::send(desk, *kind, unit, *amount, *to),
        Command::Receive { parcel } => transfers::receive(desk, command, parcel, before),
        Command::TakeBack { parcel, refusal } => transfers::take_back(desk, command, parcel, refusal, before),
        Command::JoinHousehold { household } => transfers::join_household(desk, *household),
        Command::AdmitMember { member } => transfers::admit(desk, *member),
        Command::LeaveHousehold { household } => transfers::leave_household(desk, *household),
        Command::DismissMember { member } => transfers::dismiss(desk, *member),
        Command::Merge { account } => merging::begin(desk, *account),
        Command::MergeInto { survivor } => go_into(desk, *survivor),
        Command::KnowAccounts { accounts } => referrals::merged_with(desk, accounts.iter().copied()),
        Command::Inherit { inheritance } => inherit(desk, command, inheritance, before),
        Command::AbandonMerge { account, refusal } => merging::abandon(desk, *account, refusal),
        Command::Refer { introduction } => referrals::refer(desk, introduction),
        Command::JudgeReferral { verdict, by, seen } => referrals::judge(desk, *verdict, *by, *seen),
        Command::HearOfFriend { recommendation } => hear_of_friend(desk, command, recommendation, known),
        Command::LoseAdvocate { advocate, refusal } => {
            referrals::lose_advocate(desk, *advocate, refusal);
            Ok(())
        }
        Command::Leave => leave(desk),
        Command::Tick => Ok(()),
    }
}

fn order_record(known: Option<&Known>) -> Option<(TransactionId, &crate::decision::OrderRecord)> {
    match known {
        Some((transaction, Record::Order(record))) => Some((*transaction, record)),
        _ => None,
    }
}

fn enrol(desk: &mut Desk<'_>, joined_at: Instant) -> Result<(), Undecided> {
    let at = joined_at.min(desk.now);
    desk.holder.birthday_after = Some(desk.programme.calendar.date(at));
    desk.effect(at, Because::Enrolled, Vec::new());
    let activity = builtin_activity(desk, builtin::JOINED, "joined", at);
    earning::happen(desk, &activity)?;
    Ok(())
}

fn go_into(desk: &mut Desk<'_>, survivor: MemberId) -> Result<(), Undecided> {
    let is_new = desk.holder.merged_into().is_none();
    merging::go_into(desk, survivor)?;
    if is_new { referrals::end(desk, Lapse::Merged, Some(survivor)) } else { Ok(()) }
}

fn inherit(
    desk: &mut Desk<'_>,
    command: &Command,
    inheritance: &Inheritance,
    known: Option<TransactionId>,
) -> Result<(), Undecided> {
    merging::inherit(desk, command, inheritance, known)?;
    if known.is_some() { Ok(()) } else { referrals::merged_with(desk, inheritance.accounts.iter().copied()) }
}

/// What an advocate is given for a friend follows from how the recommendation stands.
fn hear_of_friend(
    desk: &mut Desk<'_>,
    command: &Command,
    recommendation: &Recommendation,
    known: Option<&Known>,
) -> Result<(), Undecided> {
    let Some(Heard { mut advocacy, wanted }) = referrals::hear(desk, recommendation, known)? else {
        return Ok(());
    };
    let Wanted { version, first, second } = wanted;
    advocacy.joined = earning::judge_activity(desk, version, advocacy.joined.take(), first)?;
    advocacy.qualified = earning::judge_activity(desk, version, advocacy.qualified.take(), second)?;
    if let Some(key) = command.key() {
        desk.record(key, Record::Advocacy(Box::new(advocacy)));
    }
    Ok(())
}

/// What a friend is given follows from how the recommendation stands.
fn settle_referral(desk: &mut Desk<'_>) -> Result<(), Undecided> {
    let Some(Wanted { version, first, second }) = referrals::wanted(desk) else {
        return Ok(());
    };
    let Some(state) = desk.holder.referral.as_deref_mut() else {
        return Ok(());
    };
    let (welcome, reward) = (state.welcome.take(), state.reward.take());
    let welcome = earning::judge_activity(desk, version, welcome, first)?;
    let reward = earning::judge_activity(desk, version, reward, second)?;
    if let Some(state) = desk.holder.referral.as_deref_mut() {
        state.welcome = welcome;
        state.reward = reward;
    }
    Ok(())
}

/// The member goes. What can be spent is forfeited, what is held is given back first, and nothing
/// is earned any more. Vouchers that were paid for stay valid.
fn leave(desk: &mut Desk<'_>) -> Result<(), Undecided> {
    let at = desk.now;
    if merging::is_under_way(&desk.holder) {
        return Err(Refusal::MergeUnderWay.into());
    }
    if desk.holder.household().is_some() {
        transfers::leave_household(desk, None)?;
    }
    referrals::end(desk, Lapse::Left, None)?;
    let HolderKind::Member { membership, .. } = &mut desk.holder.kind else {
        return Err(Refusal::UnknownHolder.into());
    };
    *membership = Membership::Left { at };
    holds::release_all(desk);
    let units: Vec<Name> = desk.holder.wallets.iter().map(|wallet| wallet.unit.clone()).collect();
    desk.effect(at, Because::Left, Vec::new());
    for unit in units {
        let postings = desk.holder.wallets.open(&unit).expire_all();
        if !postings.is_empty() {
            desk.effect(at, Because::Forfeited, postings);
        }
    }
    Ok(())
}

/// Passes events on until nothing more follows.
fn follow(desk: &mut Desk<'_>) -> Result<(), Undecided> {
    let mut next = 0;
    while let Some(event) = desk.events.get(next).cloned() {
        next += 1;
        tiers::count(desk, &event)?;
        match event {
            Event::RewardGiven(given) => rewards::grant(desk, &given)?,
            Event::RewardWithdrawn { at, rule, source, version } => {
                rewards::withdraw(desk, at, &rule, &source, version);
            }
            Event::OrderJudged { record } => referrals::ordered(desk, &record)?,
            Event::ActivityTold { activity, external_id, told } => {
                referrals::happened(desk, &activity, &external_id, told.as_deref())?;
            }
            Event::ReferralStands => settle_referral(desk)?,
            Event::LevelReached { at, level } => {
                let mut activity = builtin_activity(desk, builtin::TIER_REACHED, &level, at);
                activity.attributes.insert(Name::from("level"), crate::activity::Value::Text(level));
                earning::happen(desk, &activity)?;
            }
            _ => {}
        }
    }
    desk.events.clear();
    Ok(())
}

/// What time does by itself, one moment after the other, until the moment of the decision.
fn advance(desk: &mut Desk<'_>) -> Result<(), Undecided> {
    let until = desk.now;
    while let Some(due) = next_due(desk.programme, &desk.holder).filter(|due| *due <= until) {
        // What is found only now that was due before the holder's clock happens at the clock.
        let at = due.max(desk.holder.clock).min(until);
        desk.now = at;
        holds::lapse(desk, due);
        release(desk, due, at);
        expire(desk, due, at);
        rewards::lapse(desk, due);
        tiers::review(desk, due)?;
        celebrate(desk, due)?;
        referrals::review(desk, due)?;
        follow(desk)?;
        desk.holder.clock = desk.holder.clock.max(at);
    }
    desk.now = until;
    desk.holder.clock = until;
    Ok(())
}

fn release(desk: &mut Desk<'_>, due: Instant, at: Instant) {
    let units: Vec<Name> = desk.holder.wallets.iter().map(|wallet| wallet.unit.clone()).collect();
    for unit in units {
        while let Some((lot, postings)) = desk.holder.wallets.open(&unit).release(due) {
            let order = lot.pending.as_ref().and_then(|pending| pending.order.clone());
            desk.effect(at, Because::Released { order, earned_at: lot.earned_at }, postings);
        }
    }
}

fn expire(desk: &mut Desk<'_>, due: Instant, at: Instant) {
    let units: Vec<Name> = desk.holder.wallets.iter().map(|wallet| wallet.unit.clone()).collect();
    let programme = desk.programme;
    for unit in units {
        let wallet = desk.holder.wallets.open(&unit);
        let inactive = inactivity_end(programme, wallet).is_some_and(|end| end <= due);
        let since = wallet.active_at.unwrap_or(at);
        while let Some((lot, postings)) = desk.holder.wallets.open(&unit).expire(due) {
            desk.effect(at, Because::Expired { earned_at: Some(lot.earned_at) }, postings);
        }
        if inactive {
            let wallet = desk.holder.wallets.open(&unit);
            wallet.active_at = Some(at);
            let postings = wallet.expire_available();
            desk.effect(at, Because::ExpiredAfterInactivity { since }, postings);
        }
    }
}

/// When a wallet's points end for want of activity; `None` where they do not.
pub fn inactivity_end(programme: &Programme, wallet: &crate::ledger::Wallet) -> Option<Instant> {
    let Expiry::AfterInactivity { period } = programme.unit(&wallet.unit)?.expiry else {
        return None;
    };
    let since = wallet.active_at.filter(|_| wallet.available() > 0)?;
    Some(programme.calendar.after(since, period))
}

fn celebrate(desk: &mut Desk<'_>, due: Instant) -> Result<(), Undecided> {
    let Some(date) = birthday(desk.programme, &desk.holder) else {
        return Ok(());
    };
    let at = desk.programme.calendar.start_of(date);
    if at > due {
        return Ok(());
    }
    if desk.programme.calendar.after(at, Period::months(12)) <= desk.inputs.now {
        // Where nobody looked for more than a year, as when a new version begins to celebrate, the
        // last birthday is kept and those before it are not made up for.
        desk.holder.birthday_after = Some(date);
        return Ok(());
    }
    desk.holder.birthday_after = Some(date.saturating_add(jiff::ToSpan::days(300)));
    let activity = builtin_activity(desk, builtin::BIRTHDAY, &date.to_string(), at);
    earning::happen(desk, &activity)?;
    Ok(())
}

/// The next birthday that some rule waits for.
fn birthday(programme: &Programme, holder: &Holder) -> Option<Date> {
    let birthday = holder.profile.birthday?;
    // What lay before the last decision is over: nobody is given the birthdays of past years.
    let seen = programme.calendar.date(holder.clock).yesterday().unwrap_or(Date::MIN);
    let after = holder.birthday_after?.max(seen);
    if !programme.counts_activity(builtin::BIRTHDAY) || holder.is_closed() {
        return None;
    }
    let years = after.year()..=after.year().saturating_add(2);
    // Who was born on the 29th of February celebrates on the 28th in other years.
    let day_of = |year| Date::new(year, birthday.month, birthday.day).or_else(|_| Date::new(year, birthday.month, 28));
    years.filter_map(|year| day_of(year).ok()).find(|date| *date > after)
}

fn builtin_activity(desk: &Desk<'_>, name: &str, external_id: &str, at: Instant) -> Activity {
    Activity {
        name: Name::from(name),
        external_id: Name::from(external_id),
        occurred_at: at,
        brand: desk.programme.brands[0].id.clone(),
        attributes: Default::default(),
        share: Activity::WHOLE,
    }
}

impl From<FollowUpCommand> for Command {
    fn from(follow_up: FollowUpCommand) -> Command {
        match follow_up {
            FollowUpCommand::Receive { parcel } => Command::Receive { parcel },
            FollowUpCommand::TakeBack { parcel, refusal } => Command::TakeBack { parcel, refusal },
            FollowUpCommand::AdmitMember { member } => Command::AdmitMember { member },
            FollowUpCommand::DismissMember { member } => Command::DismissMember { member },
            FollowUpCommand::MergeInto { survivor } => Command::MergeInto { survivor },
            FollowUpCommand::KnowAccounts { accounts } => Command::KnowAccounts { accounts },
            FollowUpCommand::Inherit { inheritance } => Command::Inherit { inheritance },
            FollowUpCommand::HearOfFriend { recommendation } => Command::HearOfFriend { recommendation },
        }
    }
}
