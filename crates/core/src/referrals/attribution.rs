//! Who brought a friend, of all who may say so. A touch is one moment at which somebody met a recommendation: a click on
//! a link, or a code that was typed. Each touch is told why it was credited, or why not.
//!
//! The answer is a function of the set of touches: in which order they are known, and whether one is named twice, makes
//! no difference.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::state::Credit;
use crate::kernel::{ClickId, Instant, MemberId};
use crate::programme::CreditPolicy;

/// More advocates than this do not share one friend: whole percent would be too small to mean anything.
pub const MOST_ADVOCATES: usize = 10;

const WHOLE: i64 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TouchKind {
    /// Somebody followed a link.
    Click,
    /// A person typed a code, at the checkout or when joining: nobody does that by accident.
    Code,
}

/// Who stood behind a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visitor {
    Person,
    /// The advocate, on the way through a link of their own.
    Advocate,
    /// A program: a crawler, a preview, a browser that fetched ahead.
    Robot,
}

/// One moment at which a recommendation was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    pub at: Instant,
    /// A code that was typed has one like a click.
    pub id: ClickId,
    pub advocate: MemberId,
    pub kind: TouchKind,
    pub visitor: Visitor,
}

/// What became of a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It is what its advocate is credited for.
    Credited {
        share: i64,
    },
    /// The window had not opened yet.
    BeforeWindow,
    /// The friend was there already.
    AfterJoining,
    /// Nobody recommends anything to themselves.
    OwnLink,
    Robot,
    /// A code was typed, which counts for more than links that were followed.
    BeatenByCode {
        by: ClickId,
    },
    /// Another touch of the same advocate stands for it.
    Repeated {
        by: ClickId,
    },
    /// A later one counts.
    OvertakenByLater {
        by: ClickId,
    },
    /// An earlier one counts.
    OvertakenByEarlier {
        by: ClickId,
    },
    /// There are as many advocates as may share one friend, who were met later.
    TooMany,
    /// The code is blocked, or its member is gone: there is nobody to be credited. Whoever looks codes up says so; such a
    /// touch is not attributed at all.
    LeadsToNobody,
}

/// Who brought a friend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribution {
    /// In the order of the advocates; nobody where no touch counts.
    pub credits: Vec<Credit>,
    /// Every touch, the earliest first.
    pub trace: Vec<(Touch, Outcome)>,
}

/// Says who is credited with a friend who joins at `at`. Touches count from `since` on.
pub fn attribute(policy: CreditPolicy, since: Instant, at: Instant, touches: &[Touch]) -> Attribution {
    let mut touches = touches.to_vec();
    touches.sort_unstable();
    touches.dedup();
    let mut outcomes: Vec<Option<Outcome>> = touches.iter().map(|touch| ruled_out(touch, since, at)).collect();
    beat_by_code(&touches, &mut outcomes);
    repeat(policy, &touches, &mut outcomes);
    let credits = settle(policy, &touches, &mut outcomes);
    let trace = touches.into_iter().zip(outcomes);
    // Whatever nothing ruled out was settled.
    let trace = trace.map(|(touch, outcome)| (touch, outcome.unwrap_or(Outcome::TooMany))).collect();
    Attribution { credits, trace }
}

/// Why a touch does not count, whatever others there are.
fn ruled_out(touch: &Touch, since: Instant, at: Instant) -> Option<Outcome> {
    match touch.visitor {
        Visitor::Robot => Some(Outcome::Robot),
        Visitor::Advocate => Some(Outcome::OwnLink),
        Visitor::Person if touch.at > at => Some(Outcome::AfterJoining),
        Visitor::Person if touch.at < since => Some(Outcome::BeforeWindow),
        Visitor::Person => None,
    }
}

/// The places of the touches that still count, the earliest first.
fn open(outcomes: &[Option<Outcome>]) -> Vec<usize> {
    (0..outcomes.len()).filter(|place| outcomes.get(*place).is_some_and(Option::is_none)).collect()
}

fn beat_by_code(touches: &[Touch], outcomes: &mut [Option<Outcome>]) {
    let open = open(outcomes);
    let is_code = |place: &usize| touches[*place].kind == TouchKind::Code;
    let Some(code) = open.iter().rev().find(|place| is_code(place)) else { return };
    let by = touches[*code].id;
    for place in open.iter().filter(|place| !is_code(place)) {
        outcomes[*place] = Some(Outcome::BeatenByCode { by });
    }
}

/// Leaves one touch of each advocate: the earliest where the first one counts, else the latest.
fn repeat(policy: CreditPolicy, touches: &[Touch], outcomes: &mut [Option<Outcome>]) {
    let mut of_advocate: BTreeMap<MemberId, Vec<usize>> = BTreeMap::new();
    for place in open(outcomes) {
        of_advocate.entry(touches[place].advocate).or_default().push(place);
    }
    for places in of_advocate.values() {
        let stands = match policy {
            CreditPolicy::First => places.first(),
            CreditPolicy::Last | CreditPolicy::Split => places.last(),
        };
        let Some(stands) = stands else { continue };
        for place in places.iter().filter(|place| *place != stands) {
            outcomes[*place] = Some(Outcome::Repeated { by: touches[*stands].id });
        }
    }
}

/// Gives what is left of the touches their outcomes, one advocate each.
fn settle(policy: CreditPolicy, touches: &[Touch], outcomes: &mut [Option<Outcome>]) -> Vec<Credit> {
    let open = open(outcomes);
    let (credited, others) = match policy {
        CreditPolicy::First => open.split_at(open.len().min(1)),
        CreditPolicy::Last | CreditPolicy::Split => {
            let most = if policy == CreditPolicy::Split { MOST_ADVOCATES } else { 1 };
            let (others, credited) = open.split_at(open.len().saturating_sub(most));
            (credited, others)
        }
    };
    let why = |by| match policy {
        CreditPolicy::First => Outcome::OvertakenByEarlier { by },
        CreditPolicy::Last => Outcome::OvertakenByLater { by },
        CreditPolicy::Split => Outcome::TooMany,
    };
    if let Some(first) = credited.first() {
        for place in others {
            outcomes[*place] = Some(why(touches[*first].id));
        }
    }
    let mut credits: Vec<(MemberId, usize)> = credited.iter().map(|place| (touches[*place].advocate, *place)).collect();
    credits.sort_unstable();
    let shares = equal_shares(credits.len());
    let credit = |((advocate, place), share)| {
        outcomes[place] = Some(Outcome::Credited { share });
        Credit { advocate, share }
    };
    credits.into_iter().zip(shares).map(credit).collect()
}

/// Whole percent that make 100. Remainders are all alike, so the first get one percent more.
fn equal_shares(count: usize) -> impl Iterator<Item = i64> {
    // At most as many as may share.
    let count = count.clamp(1, MOST_ADVOCATES) as i64;
    (0..count).map(move |place| WHOLE / count + i64::from(place < WHOLE % count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::{Id, Part};

    const SINCE: i64 = 1_000;
    const AT: i64 = 2_000;

    fn at(second: i64) -> Instant {
        Instant::from_second(second).unwrap()
    }

    fn member(number: u16) -> MemberId {
        MemberId(Id::new(1_790_000_000_000, number, Part::PROGRAMME))
    }

    fn touch(number: i64) -> ClickId {
        ClickId(Id::from_number(number).unwrap())
    }

    fn click(id: i64, advocate: u16, second: i64) -> Touch {
        let (kind, visitor) = (TouchKind::Click, Visitor::Person);
        Touch { at: at(second), id: touch(id), advocate: member(advocate), kind, visitor }
    }

    fn code(id: i64, advocate: u16, second: i64) -> Touch {
        Touch { kind: TouchKind::Code, ..click(id, advocate, second) }
    }

    fn by(visitor: Visitor, touch: Touch) -> Touch {
        Touch { visitor, ..touch }
    }

    type Settled = (Vec<(MemberId, i64)>, Vec<(i64, Outcome)>);

    fn settled(policy: CreditPolicy, touches: &[Touch]) -> Settled {
        let attribution = attribute(policy, at(SINCE), at(AT), touches);
        let credits = attribution.credits.iter().map(|credit| (credit.advocate, credit.share)).collect();
        (credits, attribution.trace.into_iter().map(|(touch, outcome)| (touch.id.number(), outcome)).collect())
    }

    #[test]
    fn the_last_or_the_first_is_credited_or_all() {
        let touches = [click(1, 1, 1_100), click(2, 2, 1_200), click(3, 1, 1_300), click(4, 3, 1_400)];
        let whole = Outcome::Credited { share: 100 };
        assert_eq!(
            settled(CreditPolicy::Last, &touches),
            (
                vec![(member(3), 100)],
                vec![
                    (1, Outcome::Repeated { by: touch(3) }),
                    (2, Outcome::OvertakenByLater { by: touch(4) }),
                    (3, Outcome::OvertakenByLater { by: touch(4) }),
                    (4, whole),
                ],
            )
        );
        assert_eq!(
            settled(CreditPolicy::First, &touches),
            (
                vec![(member(1), 100)],
                vec![
                    (1, whole),
                    (2, Outcome::OvertakenByEarlier { by: touch(1) }),
                    (3, Outcome::Repeated { by: touch(1) }),
                    (4, Outcome::OvertakenByEarlier { by: touch(1) }),
                ],
            )
        );
        let (credits, _) = settled(CreditPolicy::Split, &touches);
        assert_eq!(credits, [(member(1), 34), (member(2), 33), (member(3), 33)]);
    }

    #[test]
    fn what_does_not_count_says_why() {
        let touches = [
            click(1, 1, SINCE - 1),
            click(2, 2, SINCE),
            by(Visitor::Robot, click(3, 3, 1_500)),
            by(Visitor::Advocate, code(4, 4, 1_600)),
            click(5, 5, AT + 1),
        ];
        let (credits, trace) = settled(CreditPolicy::Last, &touches);
        assert_eq!(credits, [(member(2), 100)]);
        let outcomes = [
            Outcome::BeforeWindow,
            Outcome::Credited { share: 100 },
            Outcome::Robot,
            Outcome::OwnLink,
            Outcome::AfterJoining,
        ];
        assert_eq!(trace, (1..).zip(outcomes).collect::<Vec<_>>());
        assert_eq!(settled(CreditPolicy::Split, &[]), (vec![], vec![]));
    }

    #[test]
    fn a_code_that_was_typed_beats_clicks_before_and_after_it() {
        let touches = [click(1, 1, 1_100), code(2, 2, 1_200), click(3, 3, 1_300)];
        for policy in [CreditPolicy::Last, CreditPolicy::First, CreditPolicy::Split] {
            let (credits, trace) = settled(policy, &touches);
            assert_eq!(credits, [(member(2), 100)]);
            assert_eq!(trace[0].1, Outcome::BeatenByCode { by: touch(2) });
            assert_eq!(trace[2].1, Outcome::BeatenByCode { by: touch(2) });
        }
    }

    #[test]
    fn no_more_share_than_may() {
        let touches: Vec<Touch> = (1..=13).map(|number| click(number, number as u16, 1_100 + number)).collect();
        let (credits, trace) = settled(CreditPolicy::Split, &touches);
        assert_eq!(credits.len(), MOST_ADVOCATES);
        assert!(credits.iter().all(|(_, share)| *share == 10));
        assert!(trace[..3].iter().all(|(_, outcome)| *outcome == Outcome::TooMany));
    }

    fn touches() -> impl Strategy<Value = Vec<Touch>> {
        let visitor = prop::sample::select(vec![Visitor::Person, Visitor::Person, Visitor::Advocate, Visitor::Robot]);
        let touch =
            (0i64..8, 0u16..14, 900i64..2_100, 0u8..10, visitor).prop_map(|(id, advocate, second, kind, visitor)| {
                let touch = if kind == 0 { code(id, advocate, second) } else { click(id, advocate, second) };
                by(visitor, touch)
            });
        prop::collection::vec(touch, 0..24)
    }

    proptest! {
        #[test]
        fn the_order_makes_no_difference_and_shares_make_a_whole(
            touches in touches(),
            shuffled in any::<prop::sample::Index>(),
            policy in prop::sample::select(vec![CreditPolicy::Last, CreditPolicy::First, CreditPolicy::Split]),
        ) {
            let told = attribute(policy, at(SINCE), at(AT), &touches);
            let mut turned = touches.clone();
            if !turned.is_empty() {
                let by = shuffled.index(turned.len());
                turned.rotate_left(by);
                turned.reverse();
                // One that is named twice is one.
                turned.push(turned[by]);
            }
            prop_assert_eq!(&attribute(policy, at(SINCE), at(AT), &turned), &told);
            let total: i64 = told.credits.iter().map(|credit| credit.share).sum();
            prop_assert!(told.credits.is_empty() || total == 100);
            let credited = told.trace.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Credited { .. })).count();
            prop_assert_eq!(credited, told.credits.len());
            let counts = |touch: &Touch| {
                touch.visitor == Visitor::Person && (at(SINCE)..=at(AT)).contains(&touch.at)
            };
            prop_assert_eq!(told.credits.is_empty(), !touches.iter().any(counts));
        }
    }
}
