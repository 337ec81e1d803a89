//! A member whom nobody has ever enrolled, with a history that the engine decides on the spot: what previews are
//! filled with, so that nobody's data stand in one.

use std::sync::Arc;

use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::command::{Command, Profile};
use lojal_core::decision::Decision;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{Id, Instant, Language, MemberId, Money, Part, TransactionId};
use lojal_core::programme::{Programme, Rulebook, starter};
use lojal_core::words::Told;

use crate::members::{StoryView, invented_story};
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::foreseeing::{Codes, foresee};
use crate::platform::pages::{PageError, PageState};
use crate::platform::rulebook::check;
use crate::portal::Standing;

/// Bought so many days ago, for so many whole units of money.
const PURCHASES: [(i64, i64); 4] = [(58, 149), (31, 89), (12, 219), (2, 64)];

pub struct Sample {
    pub member: MemberRow,
    pub standing: Standing,
    told: Vec<(TransactionId, Instant, Decision)>,
}

impl Sample {
    /// Under the programme in force; where there is none yet, under the one to begin with.
    pub fn new(state: &PageState, language: Language) -> Result<Sample, PageError> {
        let now = state.application.clock.now();
        let programme = match state.application.rulebook().live() {
            Some(programme) => (**programme).clone(),
            None => begun(language)?,
        };
        let days_ago = |days: i64| now.checked_sub(jiff::SignedDuration::from_hours(24 * days)).unwrap_or(now);
        let rulebook = Rulebook::new([programme.clone()]);
        let member = MemberId(Id::new(days_ago(60).as_millisecond(), 0, Part::PROGRAMME));
        let mut holder = Holder::new(member.into(), HolderKind::member(), days_ago(60), Profile::default());
        let mut told = Vec::new();
        let enrol = Command::Enrol { holder: member.into(), joined_at: days_ago(60), profile: Profile::default() };
        let purchases = PURCHASES.iter().enumerate().map(|(index, (days, total))| {
            let order = order(&programme, index, days_ago(*days), *total);
            (days_ago(*days), Command::PutOrder { order })
        });
        for (index, (at, command)) in std::iter::once((days_ago(60), enrol)).chain(purchases).enumerate() {
            let sequence = u16::try_from(index).unwrap_or(u16::MAX);
            let transaction = TransactionId(Id::new(at.as_millisecond(), sequence, Part::PROGRAMME));
            let known = (index > 0).then_some(&holder);
            // Where the programme has no use for it, nothing happened.
            if let Ok((after, decision, _)) = foresee(&rulebook, known, &command, (at, transaction), Codes::Sample) {
                holder = after;
                told.push((transaction, at, decision));
            }
        }
        told.reverse();
        let row = MemberRow {
            id: member,
            external_id: "sample".to_owned(),
            household: None,
            status: MemberStatus::Active,
            created_at: days_ago(60),
            enrolled_by: TransactionId(Id::new(days_ago(60).as_millisecond(), 0, Part::PROGRAMME)),
        };
        let standing = Standing {
            own: holder,
            household: None,
            accounts: Vec::new(),
            rulebook: Arc::new(rulebook),
            programme: Arc::new(programme),
        };
        Ok(Sample { member: row, standing, told })
    }

    pub fn story(&self, state: &PageState, language: Language) -> StoryView {
        let told: Vec<Told<'_>> = self
            .told
            .iter()
            .map(|(transaction, decided_at, decision)| Told {
                transaction: *transaction,
                decided_at: *decided_at,
                decision,
            })
            .collect();
        let words = &state.pages.texts(language).words;
        invented_story(words, &self.standing.rulebook, &self.standing.own, &told)
    }
}

fn begun(language: Language) -> Result<Programme, PageError> {
    let checked = check(starter(language), None);
    checked.map(|checked| checked.programme).map_err(|_| PageError::internal(&"the starter cannot be read"))
}

fn order(programme: &Programme, index: usize, at: Instant, total: i64) -> Order {
    let total = Money(total.saturating_mul(10_i64.saturating_pow(u32::from(programme.currency.decimals))));
    let line = Line {
        id: "1".into(),
        sku: None,
        quantity: 1,
        total,
        tax: Money(0),
        kind: LineKind::Product,
        category: None,
        make: None,
        tags: Vec::new(),
        discounted: false,
        returned: 0,
    };
    Order {
        external_id: (1001 + index).to_string().into(),
        brand: programme.brands.first().map(|brand| brand.id.clone()).unwrap_or_default(),
        state: OrderState::Closed,
        placed_at: at,
        paid_at: Some(at),
        closed_at: Some(at),
        channel: None,
        country: None,
        tags: Vec::new(),
        paid_with_points: Money(0),
        lines: vec![line],
    }
}
