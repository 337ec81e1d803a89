//! The second step: a friend is asked to enter a code before a recommendation counts. The code is one of those with which
//! members come in, of another use. Nothing is approved because time has passed: whoever does not confirm in time is for a
//! person to look at.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, MemberId, Part};
use lojal_fraud::identifier::Mark;

use super::super::application::Application;
use super::super::enrolment::member_lock;
use super::super::random;
use super::super::sql::{self, Connection, Statement, cells};
use super::super::visitors::{CodeDesk, CodeError, CodeUse};
use super::super::writer::WriteError;
use super::decisions::account_of;
use super::guard::look_at;
use super::verifications::{
    Asker, Channel, PAGE, Verification, VerificationRefusal, VerificationState, ticket_name, ticket_of,
    verification_by_ticket, verification_find, verifications_over,
};

/// Messages for each time that somebody of the house asks.
const MOST_SENDS: i64 = 5;
/// For so long a process has a message in hand; then another one may send it.
const IN_HAND: SignedDuration = SignedDuration::from_secs(60);
/// The longest pause before a message is tried again that could not be sent.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// Whose code is entered.
#[derive(Clone, Copy, Debug)]
pub enum Confirming<'a> {
    Friend(MemberId),
    /// Whoever has the link of a message.
    Ticket(&'a str),
}

impl Application {
    /// Asks a friend for a code, which is sent in a moment. The detector asks once.
    pub async fn verification_ask(
        &self,
        friend: MemberId,
        asker: Asker,
        wanted: Option<Channel>,
    ) -> Result<Result<Verification, VerificationRefusal>, CodeError> {
        let now = self.clock.now();
        let mut transaction = self.database.write_aside().await?;
        let known = verification_find(&mut transaction, friend).await?;
        if let Some(known) = &known {
            if asker == Asker::Detector {
                return Ok(Ok(known.clone()));
            }
            if let Err(refusal) = known.may_be_sent(now) {
                return Ok(Err(refusal));
            }
            if known.sends >= MOST_SENDS && asker.staff().is_none() {
                return Ok(Err(VerificationRefusal::TooMany));
            }
        }
        let is_ours = match known {
            None => self.verification_begin(&mut transaction, friend, asker, wanted).await?,
            Some(known) => self.verification_again(&mut transaction, &known, asker, wanted).await?,
        };
        if is_ours {
            if asker != Asker::Friend {
                self.verification_note(&mut transaction, friend, "asked", (wanted, asker.staff())).await?;
            }
            transaction.commit().await?;
        } else {
            // Somebody else has asked at the same moment.
            transaction.rollback().await?;
        }
        let found = verification_find(&mut *self.database.read().await?, friend).await?;
        Ok(found.ok_or(VerificationRefusal::TooSoon(1)))
    }

    async fn verification_begin(
        &self,
        connection: &mut Connection,
        friend: MemberId,
        asker: Asker,
        wanted: Option<Channel>,
    ) -> Result<bool, CodeError> {
        let now = self.clock.now();
        let seed: [u8; 16] = random::bytes()?;
        let row = cells![
            Part::PROGRAMME.number(),
            friend.number(),
            VerificationState::Asked.name(),
            asker.name(),
            wanted.map(Channel::word),
            seed.to_vec(),
            ticket_name(&ticket_of(&self.vault, &seed)),
            0_i64,
            0_i64,
            0_i64,
            now.as_microsecond(),
            now.as_microsecond(),
            self.verification_ends(now).as_microsecond(),
        ];
        let insert = Statement::insert(
            "insert into friend_verification (part, friend, state, asked_by, wanted, seed, ticket, sends, tries, \
             attempts, asked_at, due_at, ends_at) values",
            "on conflict (part, friend) do nothing",
            vec![row],
        );
        let outcomes = sql::run_all(connection, vec![insert]).await?;
        Ok(outcomes.iter().any(|outcome| outcome.touched > 0))
    }

    /// Once more; where somebody of the house asks, with as much time as at first.
    async fn verification_again(
        &self,
        connection: &mut Connection,
        known: &Verification,
        asker: Asker,
        wanted: Option<Channel>,
    ) -> Result<bool, sql::Error> {
        let now = self.clock.now();
        let is_anew = asker.staff().is_some();
        let (state, asked_by, ends_at, sends) = match is_anew {
            true => (VerificationState::Asked, asker.name(), self.verification_ends(now), 0),
            false => (known.state, known.asked_by.as_str(), known.ends_at, known.sends),
        };
        let settled_at = if is_anew { None } else { known.settled_at.map(Instant::as_microsecond) };
        let sql = "update friend_verification set state = ?, asked_by = ?, wanted = ?, sends = ?, attempts = 0, \
                   due_at = ?, ends_at = ?, settled_at = ? \
                   where part = ? and friend = ? and state = ? and due_at is null and sends = ?";
        let cells = cells![
            state.name(),
            asked_by,
            wanted.map(Channel::word),
            sends,
            now.as_microsecond(),
            ends_at.as_microsecond(),
            settled_at,
            Part::PROGRAMME.number(),
            known.friend.number(),
            known.state.name(),
            known.sends
        ];
        Ok(sql::execute(connection, sql, cells).await? > 0)
    }

    fn verification_ends(&self, now: Instant) -> Instant {
        let days = self.fraud_settings().unwrap_or_default().verify_days();
        now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Instant::MAX)
    }

    async fn verification_note(
        &self,
        connection: &mut Connection,
        friend: MemberId,
        step: &str,
        (channel, staff): (Option<Channel>, Option<i64>),
    ) -> Result<(), sql::Error> {
        let sql = "insert into friend_verification_step (part, id, friend, step, channel, staff) \
                   values (?, ?, ?, ?, ?, ?)";
        let (part, id) = (Part::PROGRAMME, self.ids.next(Part::PROGRAMME));
        let channel = channel.map(Channel::word);
        sql::execute(connection, sql, cells![part.number(), id.number(), friend.number(), step, channel, staff])
            .await?;
        Ok(())
    }

    /// Takes a message in hand, unless another process has. Whoever ends before it was sent leaves it to others.
    pub async fn verification_claim(&self, due: &Verification) -> Result<bool, sql::Error> {
        let until = self.clock.now().saturating_add(IN_HAND).unwrap_or(Instant::MAX);
        let mut transaction = self.database.write_aside().await?;
        let sql = "update friend_verification set due_at = ?, attempts = attempts + 1 \
                   where part = ? and friend = ? and due_at = ?";
        let cells = cells![until.as_microsecond(), Part::PROGRAMME.number(), due.friend.number(), due.due_at];
        let is_ours = sql::execute(&mut transaction, sql, cells).await? > 0;
        transaction.commit().await?;
        Ok(is_ours)
    }

    /// Draws the code of a message, in the place of the one before; none where too many wrong ones were entered today.
    pub async fn verification_code(
        &self,
        due: &Verification,
        channel: Channel,
        (address, mark): (&str, Mark),
    ) -> Result<Option<String>, CodeError> {
        let mut transaction = self.database.write_aside().await?;
        // The friend's row first, as where a code is entered, so that none of the two waits for the other.
        let sql = "update friend_verification set channel = ?, kind = ?, mark = ? \
                   where part = ? and friend = ? and state <> 'confirmed'";
        let kind = i64::from(mark.kind.tag());
        let own = cells![channel.name(), kind, mark.hash.to_vec(), Part::PROGRAMME.number(), due.friend.number()];
        let is_open = sql::execute(&mut transaction, sql, own).await? > 0;
        if !is_open {
            return Ok(None);
        }
        let desk = CodeDesk { vault: &self.vault, of: CodeUse::SecondStep, now: self.clock.now() };
        let code = desk.issue(&mut transaction, &due.ticket(&self.vault), address, due.friend).await?;
        transaction.commit().await?;
        Ok(code)
    }

    /// A message is out. The friend may have been quicker than whoever notes it.
    pub async fn verification_sent(&self, friend: MemberId, channel: Channel) -> Result<(), sql::Error> {
        let mut transaction = self.database.write_aside().await?;
        let sql = "update friend_verification set due_at = null, attempts = 0, sends = sends + 1, sent_at = ? \
                   where part = ? and friend = ?";
        let now = self.clock.now().as_microsecond();
        if sql::execute(&mut transaction, sql, cells![now, Part::PROGRAMME.number(), friend.number()]).await? > 0 {
            self.verification_note(&mut transaction, friend, "sent", (Some(channel), None)).await?;
        }
        transaction.commit().await
    }

    /// A message could not be sent, and is tried again later.
    pub async fn verification_failed(&self, due: &Verification) -> Result<(), sql::Error> {
        let doubled = SignedDuration::from_secs(30 << due.attempts.clamp(0, 7));
        let later = self.clock.now().saturating_add(doubled.min(LONGEST_PAUSE)).unwrap_or(Instant::MAX);
        let mut transaction = self.database.write_aside().await?;
        let sql = "update friend_verification set due_at = ? where part = ? and friend = ? and due_at is not null";
        let cells = cells![later.as_microsecond(), Part::PROGRAMME.number(), due.friend.number()];
        sql::execute(&mut transaction, sql, cells).await?;
        transaction.commit().await
    }

    /// There is no way to send a code: a person looks.
    pub async fn verification_unreachable(&self, friend: MemberId) -> Result<(), WriteError> {
        self.verification_settle(friend, VerificationState::Unreachable).await
    }

    /// Lets the time of those be over who have not confirmed. Answers how many there were.
    pub(super) async fn verifications_lapse(&self) -> Result<usize, WriteError> {
        let mut lapsed = 0;
        loop {
            let over = verifications_over(&mut *self.database.read().await?, self.clock.now()).await?;
            for friend in &over {
                self.verification_settle(*friend, VerificationState::Missed).await?;
                lapsed += 1;
            }
            if over.len() < PAGE as usize {
                return Ok(lapsed);
            }
        }
    }

    async fn verification_settle(&self, friend: MemberId, state: VerificationState) -> Result<(), WriteError> {
        let mut transaction = self.database.write_aside().await?;
        let sql = "update friend_verification set state = ?, due_at = null, settled_at = ? \
                   where part = ? and friend = ? and state = 'asked'";
        let now = self.clock.now().as_microsecond();
        let own = cells![state.name(), now, Part::PROGRAMME.number(), friend.number()];
        if sql::execute(&mut transaction, sql, own).await? == 0 {
            // A message that somebody asked for later is not to be sent either.
            let sql = "update friend_verification set due_at = null where part = ? and friend = ?";
            sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), friend.number()]).await?;
            return Ok(transaction.commit().await?);
        }
        self.verification_note(&mut transaction, friend, state.name(), (None, None)).await?;
        transaction.commit().await?;
        look_at(self, account_of(self, friend).await?).await.map(drop)
    }

    /// Whose code was entered, if it is a right one. It is recorded that the friend has what it was sent to, and the
    /// recommendation is looked at again. Nothing tells a wrong code from one that is over, or from nobody's.
    pub async fn verification_confirm(
        &self,
        whose: Confirming<'_>,
        code: &str,
    ) -> Result<Option<MemberId>, WriteError> {
        let now = self.clock.now();
        let mut transaction = self.database.write_aside().await?;
        let known = match whose {
            Confirming::Friend(friend) => verification_find(&mut transaction, friend).await?,
            Confirming::Ticket(ticket) => verification_by_ticket(&mut transaction, ticket).await?,
        };
        let Some(known) = known else { return Ok(None) };
        let friend = known.friend;
        // Before anything else, as whoever erases or merges the member does.
        member_lock(&mut transaction, friend).await?;
        let own = || cells![Part::PROGRAMME.number(), friend.number()];
        let sql = "update friend_verification set tries = tries + 1 where part = ? and friend = ?";
        sql::execute(&mut transaction, sql, own()).await?;
        let desk = CodeDesk { vault: &self.vault, of: CodeUse::SecondStep, now };
        let taken = desk.take(&mut transaction, &known.ticket(&self.vault), code).await?;
        if taken.is_none() {
            transaction.commit().await?;
            return Ok(None);
        }
        // Where the code went to may have changed until whoever took it waited for its row.
        let known = verification_find(&mut transaction, friend).await?.unwrap_or(known);
        let sql =
            "update friend_verification set state = ?, due_at = null, settled_at = ? where part = ? and friend = ?";
        let mut cells = cells![VerificationState::Confirmed.name(), now.as_microsecond()];
        cells.extend(own());
        sql::execute(&mut transaction, sql, cells).await?;
        self.verification_note(&mut transaction, known.friend, "confirmed", (known.channel, None)).await?;
        if let Some(mark) = known.mark {
            self.watch_in(&mut transaction, known.friend, vec![mark], now).await?;
        }
        transaction.commit().await?;
        look_at(self, account_of(self, known.friend).await?).await?;
        Ok(Some(known.friend))
    }
}
