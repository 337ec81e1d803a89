//! Whatever people do, and in whatever order they hear of it, what recommendations come to is what the rules say.
//! `PROPTEST_CASES=100000 cargo test -p lojal-core --release --test it referrals_properties` goes on for longer.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::decision::Record;
use lojal_core::kernel::MemberId;
use lojal_core::referrals::{Friends, Judge, Verdict};
use proptest::prelude::*;
use proptest::sample::select;

use super::referrals_model::{LEAST_PIECES, Model, Ordered, PRIZED, Terms, Wait};
use super::referrals_town::{Town, account, comes, judged, order, returns, spends};

const CASES: u32 = 150;
/// The first of them recommend, all of them may be recommended.
const ADVOCATES: usize = 4;
const PEOPLE: usize = 9;
const BUDGET: &str = "referral/spring";

#[derive(Clone, Debug)]
enum Happening {
    Comes { friend: usize, advocates: Vec<usize> },
    Orders { friend: usize, pieces: i64, closed: bool },
    Closes { friend: usize },
    Edits { friend: usize, pieces: i64 },
    Cancels { friend: usize },
    Returns { friend: usize, pieces: i64 },
    Judged { friend: usize, verdict: Verdict, by: Judge },
    Spends { who: usize },
    Merges { survivor: usize, account: usize },
    Publishes,
}

fn happenings() -> impl Strategy<Value = (i64, Happening)> {
    let friend = || 2..PEOPLE;
    let pieces = || 1..5_i64;
    let verdict = select(vec![Verdict::Allow, Verdict::Allow, Verdict::Hold, Verdict::Reject]);
    let by = select(vec![Judge::Detector, Judge::Person]);
    let advocates = prop::sample::subsequence((0..ADVOCATES).collect::<Vec<_>>(), 1..=3);
    let what = prop_oneof![
        6 => (friend(), advocates).prop_map(|(friend, advocates)| Happening::Comes { friend, advocates }),
        8 => (friend(), pieces(), any::<bool>())
            .prop_map(|(friend, pieces, closed)| Happening::Orders { friend, pieces, closed }),
        3 => friend().prop_map(|friend| Happening::Closes { friend }),
        2 => (friend(), pieces()).prop_map(|(friend, pieces)| Happening::Edits { friend, pieces }),
        1 => friend().prop_map(|friend| Happening::Cancels { friend }),
        5 => (friend(), pieces()).prop_map(|(friend, pieces)| Happening::Returns { friend, pieces }),
        8 => (friend(), verdict, by).prop_map(|(friend, verdict, by)| Happening::Judged { friend, verdict, by }),
        2 => (0..PEOPLE).prop_map(|who| Happening::Spends { who }),
        1 => (0..PEOPLE, 0..PEOPLE).prop_map(|(survivor, account)| Happening::Merges { survivor, account }),
        1 => Just(Happening::Publishes),
    ];
    let hours = prop_oneof![6 => 2..30_i64, 3 => 30..150_i64, 1 => 150..900_i64];
    (hours, what)
}

fn terms() -> impl Strategy<Value = Terms> {
    let review = select(vec!["none", "none", "suspicious", "all"]);
    let wait = select(vec![Wait::No, Wait::DaysAfterPlaced(3), Wait::DaysAfterClosed(5)]);
    let within_days = prop::option::of(10..40_i64);
    let caps = (prop::option::weighted(0.3, 1..3_i64), prop::option::weighted(0.2, 1..4_i64));
    (review, wait, within_days, caps, any::<bool>()).prop_map(|(review, wait, within_days, caps, keeps_on_return)| {
        let (most_a_month, most_for_ever) = caps;
        Terms {
            review,
            wait,
            within_days,
            most_a_month,
            most_for_ever,
            keeps_on_return,
            welcome: 50,
            first_order: 100,
            joined: 200,
            thanks: 500,
            prize: 1_000,
        }
    })
}

/// The terms as an author writes them.
fn document(terms: &Terms, budget: Option<i64>) -> String {
    let Terms { review, keeps_on_return, welcome, first_order, joined, thanks, prize, .. } = terms;
    let on_return = if *keeps_on_return { "keep" } else { "recheck" };
    let month = terms.most_a_month.map(|most| format!("month = {most}"));
    let lifetime = terms.most_for_ever.map(|most| format!("lifetime = {most}"));
    let caps = [month, lifetime].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let budget = budget.map(|budget| format!("budget = {budget}")).unwrap_or_default();
    let wait = match terms.wait {
        Wait::No => String::new(),
        Wait::DaysAfterPlaced(days) => format!("wait = {{ after = \"placed\", for = \"{days} days\" }}"),
        Wait::DaysAfterClosed(days) => format!("wait = {{ after = \"closed\", for = \"{days} days\" }}"),
    };
    let within = terms.within_days.map(|days| format!("within = \"{days} days\"")).unwrap_or_default();
    let rule = |id: &str, on: &str, more: String| {
        format!("[earning.{id}]\nname = {{ en = \"{id}\" }}\non = \"{on}\"\nunit = \"points\"\n{more}\n")
    };
    let rules = [
        rule("welcome", "referred", format!("points = {welcome}")),
        rule("first_order", "referral_qualified", format!("points = {first_order}")),
        rule("joined", "friend_joined", format!("points = {joined}")),
        rule("thanks", "friend_qualified", format!("points = {thanks}")),
        rule("commission", "friend_qualified", "per_value = { attribute = \"total\", per = 1000 }".to_owned()),
    ];
    let prized = format!("points = {prize}\nwhen = [{{ field = \"activity.attribute.friends\", is = {PRIZED} }}]");
    let prized = if *prize > 0 { rule("prize", "friend_qualified", prized) } else { String::new() };
    format!(
        r#"
[programme]
id = "club"
name = {{ en = "Club" }}
languages = ["en"]
time_zone = "UTC"
currency = "PLN"
[brands.shop]
name = {{ en = "Shop" }}
[units.points]
name.en = {{ one = "point", many = "points" }}
debt = "carry"
[referrals.spring]
name = {{ en = "Bring a friend" }}
friends = []
credit = "split"
review = "{review}"
on_return = "{on_return}"
caps = {{ {caps} }}
{budget}
[referrals.spring.qualify]
when = [{{ field = "order.total", at_least = "{}.00" }}]
{wait}
{within}
{}{prized}"#,
        LEAST_PIECES * 1_000,
        rules.concat()
    )
}

/// Everything twice: through the engine, and on paper.
struct Story {
    town: Town,
    model: Model,
    orders: Vec<Ordered>,
    spent: Vec<i64>,
    budget: Option<i64>,
}

impl Story {
    fn new(terms: &Terms, budget: Option<i64>) -> Story {
        Story {
            town: Town::new(&document(terms, budget), PEOPLE),
            model: Model::new(terms.clone(), budget, PEOPLE),
            orders: Vec::new(),
            spent: vec![0; PEOPLE],
            budget,
        }
    }

    fn pass(&mut self, hours: i64) {
        self.town.pass(hours);
        self.town.tick(PEOPLE);
        self.model.tick(self.town.at);
    }

    /// All that was told is heard, in the order in which it was told.
    fn listen(&mut self) {
        self.town.deliver_all();
        self.model.listen();
    }

    fn happen(&mut self, happening: &Happening) {
        let command = self.take_place(happening);
        if let Some((account, command)) = command {
            let done = self.town.carry_out(account, &command);
            self.again(account, &command, done.is_ok());
        }
    }

    /// A request that comes again changes nothing.
    fn again(&mut self, account: MemberId, command: &Command, was_done: bool) {
        let is_told_once = matches!(command, Command::Adjust { .. } | Command::Merge { .. });
        if is_told_once || !was_done {
            return;
        }
        let (sent, wallets) = (self.town.on_their_way.len(), self.wallets());
        let _ = self.town.carry_out(account, command);
        assert_eq!((self.town.on_their_way.len(), self.wallets()), (sent, wallets), "{command:?}");
    }

    fn wallets(&self) -> Vec<i64> {
        (0..PEOPLE).map(|number| self.town.net(account(number))).collect()
    }

    fn take_place(&mut self, happening: &Happening) -> Option<(MemberId, Command)> {
        let now = self.town.at;
        match happening {
            Happening::Comes { friend, advocates } => {
                let friend = self.model.root(*friend);
                let mut roots: Vec<usize> = advocates.iter().map(|advocate| self.model.root(*advocate)).collect();
                roots.sort_unstable();
                roots.dedup();
                let shares = [&[100][..], &[60, 40], &[50, 30, 20]][roots.len() - 1];
                let credits: Vec<(usize, i64)> = roots.into_iter().zip(shares.iter().copied()).collect();
                self.model.comes(friend, &credits, now);
                Some((account(friend), comes(&credits, now)))
            }
            Happening::Orders { friend, pieces, closed } => {
                let account = self.model.root(*friend);
                let (id, closed_at) = (format!("order-{}", self.orders.len()), closed.then_some(now));
                let order = Ordered {
                    account,
                    id,
                    pieces: *pieces,
                    returned: 0,
                    placed_at: now,
                    closed_at,
                    cancelled: false,
                    returns: 0,
                };
                self.orders.push(order);
                Some(self.told(self.orders.len() - 1))
            }
            Happening::Closes { friend } => {
                let place = self.order_of(*friend, |order| order.closed_at.is_none() && !order.cancelled)?;
                self.orders[place].closed_at = Some(now);
                Some(self.told(place))
            }
            Happening::Edits { friend, pieces } => {
                let place = self.order_of(*friend, |order| order.returned == 0 && !order.cancelled)?;
                self.orders[place].pieces = *pieces;
                Some(self.told(place))
            }
            Happening::Cancels { friend } => {
                let place = self.order_of(*friend, |order| !order.cancelled)?;
                self.orders[place].cancelled = true;
                Some(self.told(place))
            }
            Happening::Returns { friend, pieces } => self.gives_back(*friend, *pieces),
            Happening::Judged { friend, verdict, by } => {
                self.model.judged(*friend, *verdict, *by, now);
                Some((account(*friend), judged(*verdict, *by)))
            }
            Happening::Spends { who } => {
                let who = self.model.root(*who);
                let amount = self.town.available(account(who)) / 2;
                self.spent[who] += amount;
                (amount > 0).then(|| (account(who), spends(amount)))
            }
            Happening::Merges { survivor, account: merged } => {
                let (survivor, merged) = (self.model.root(*survivor), self.model.root(*merged));
                if survivor == merged {
                    return None;
                }
                self.model.merges(survivor, merged);
                Some((account(survivor), Command::Merge { account: account(merged) }))
            }
            Happening::Publishes => {
                // The same edition, and everything is worth twice as much.
                let mut terms = self.model.terms.last().unwrap().clone();
                for points in [&mut terms.welcome, &mut terms.first_order, &mut terms.joined, &mut terms.thanks] {
                    *points = (*points * 2).min(100_000);
                }
                terms.prize = (terms.prize * 2).min(100_000);
                self.town.publish(&document(&terms, self.budget));
                self.model.terms.push(terms);
                None
            }
        }
    }

    /// The latest order of a friend's own account that is so.
    fn order_of(&self, friend: usize, is_meant: impl Fn(&Ordered) -> bool) -> Option<usize> {
        self.orders.iter().rposition(|order| order.account == friend && is_meant(order))
    }

    fn told(&mut self, place: usize) -> (MemberId, Command) {
        let known = self.orders[place].clone();
        self.model.ordered(&known, self.town.at);
        let state = match known.closed_at {
            _ if known.cancelled => OrderState::Cancelled,
            Some(_) => OrderState::Closed,
            None => OrderState::Paid,
        };
        (account(known.account), order(&known.id, known.pieces, state, known.placed_at, known.closed_at))
    }

    fn gives_back(&mut self, friend: usize, pieces: i64) -> Option<(MemberId, Command)> {
        let place = self.order_of(friend, |order| order.returned < order.pieces && !order.cancelled)?;
        let order = &mut self.orders[place];
        let pieces = pieces.min(order.pieces - order.returned);
        order.returned += pieces;
        order.returns += 1;
        let (order, now) = (order.clone(), self.town.at);
        self.model.ordered(&order, now);
        let return_id = format!("{}-{}", order.id, order.returns);
        Some((account(order.account), returns(&order.id, &return_id, pieces, now)))
    }

    /// What the engine says is what the paper says.
    fn assert_agreed(&self) {
        for number in 0..PEOPLE {
            let referral = self.town.holder(number).referral.as_deref();
            let name = referral.map_or("none", |state| state.step().name());
            assert_eq!(name, self.model.name(number), "how the recommendation of {number} stands");
        }
        for root in (0..PEOPLE).filter(|number| self.model.root(*number) == *number) {
            let accounts = (0..PEOPLE).filter(|number| self.model.root(*number) == root);
            let (mut worth, mut net) = (0, 0);
            for number in accounts {
                worth += self.model.worth(number);
                net += self.town.net(account(number)) + self.spent[number];
            }
            assert_eq!(net, worth, "what {root} has");
            let friends = self.town.holder(root).friends.values().map(Friends::count).sum::<i64>();
            assert_eq!(friends, self.model.friends(root), "how many friends of {root} count");
        }
        assert_eq!(self.town.left(BUDGET), self.model.budget);
        assert_numbered(&self.town);
    }
}

fn friend_of(happening: &Happening) -> Option<usize> {
    match happening {
        Happening::Comes { friend, .. }
        | Happening::Orders { friend, .. }
        | Happening::Closes { friend }
        | Happening::Edits { friend, .. }
        | Happening::Cancels { friend }
        | Happening::Returns { friend, .. }
        | Happening::Judged { friend, .. } => Some(*friend),
        Happening::Spends { .. } | Happening::Merges { .. } | Happening::Publishes => None,
    }
}

/// No advocate has two friends with one number, and all have as many numbers as they count.
fn assert_numbered(town: &Town) {
    for number in 0..PEOPLE {
        let holder = town.holder(number);
        if holder.merged_into().is_some() {
            // They are the survivor's.
            continue;
        }
        let mut numbers: Vec<i64> = town
            .records()
            .filter_map(|(owner, record)| match record {
                Record::Advocacy(advocacy) if owner == holder.id => advocacy.number,
                _ => None,
            })
            .collect();
        let friends = holder.friends.get("spring").cloned().unwrap_or_default();
        numbers.extend(&friends.inherited);
        numbers.sort_unstable();
        let used: Vec<i64> = (1..=friends.highest).filter(|number| !friends.free.contains(number)).collect();
        assert_eq!(numbers, used, "numbers of {number}: {friends:?}");
    }
}

fn configured() -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { CASES };
    ProptestConfig { cases, max_shrink_iters: 4_000, ..default }
}

fn is_merging(happenings: &[(i64, Happening)]) -> bool {
    happenings.iter().any(|(_, happening)| matches!(happening, Happening::Merges { .. }))
}

/// Limits of an account that is merged go on to the survivor, so that what both count is no longer simple.
fn without_caps(terms: Terms) -> Terms {
    Terms { most_a_month: None, most_for_ever: None, ..terms }
}

proptest! {
    #![proptest_config(configured())]

    #[test]
    fn what_recommendations_come_to_is_what_the_rules_say(
        terms in terms(),
        budget in prop::option::weighted(0.3, 1..4_i64),
        happenings in prop::collection::vec(happenings(), 1..60),
    ) {
        let terms = if is_merging(&happenings) { without_caps(terms) } else { terms };
        let mut story = Story::new(&terms, budget);
        for (hours, happening) in &happenings {
            story.pass(*hours);
            story.listen();
            story.happen(happening);
            story.listen();
            story.assert_agreed();
        }
    }

    /// What is told waits, is overtaken, and arrives twice. Prizes and limits belong to whoever is heard first, so there
    /// are none here; and so do the terms by which the same friend is brought once more.
    #[test]
    fn in_which_order_anything_is_heard_makes_no_difference(
        terms in terms(),
        budget in prop::option::weighted(0.3, 1..4_i64),
        happenings in prop::collection::vec(happenings(), 1..50),
        places in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8), 400),
    ) {
        let happenings: Vec<_> = happenings.into_iter().filter(|it| !is_merging(std::slice::from_ref(it))).collect();
        let terms = Terms { prize: 0, ..without_caps(terms) };
        let mut story = Story::new(&terms, budget);
        let mut places = places.into_iter();
        for (hours, happening) in &happenings {
            // Whoever spends had heard before.
            if matches!(happening, Happening::Spends { .. } | Happening::Publishes) {
                continue;
            }
            story.pass(*hours);
            story.happen(happening);
            story.model.listen();
            for (place, luck) in places.by_ref().take(4) {
                if story.town.on_their_way.is_empty() || luck == 0 {
                    continue;
                }
                let (to, command) = story.town.deliver(place.index(story.town.on_their_way.len()));
                if luck == 1 {
                    story.town.on_their_way.push((to, command));
                }
            }
        }
        while !story.town.on_their_way.is_empty() {
            let last = story.town.on_their_way.len() - 1;
            story.town.deliver(last);
        }
        story.assert_agreed();
    }

    /// Whoever brings everything back, at once or piece by piece, before it counts or after, leaves both sides as if the
    /// order had never been. (Both know that the friend came.)
    #[test]
    fn what_comes_back_as_a_whole_was_never_there(
        terms in terms(),
        happenings in prop::collection::vec(happenings(), 0..25),
        (pieces, gone, hours) in (LEAST_PIECES..6, prop::collection::vec(1..4_i64, 0..4), 2..200_i64),
        rejects in any::<bool>(),
    ) {
        let terms = Terms { keeps_on_return: false, within_days: None, prize: 0, ..without_caps(terms) };
        let friend = PEOPLE - 1;
        let is_others = |it: &Happening| !matches!(it, Happening::Merges { .. } | Happening::Spends { .. })
            && friend_of(it) != Some(friend);
        let mut worths = Vec::new();
        for orders in [false, true] {
            let mut story = Story::new(&terms, None);
            let told = |story: &mut Story, hours, happening: &Happening| {
                story.pass(hours);
                story.listen();
                story.happen(happening);
                story.listen();
            };
            told(&mut story, 2, &Happening::Comes { friend, advocates: vec![0, 1] });
            story.pass(2);
            story.listen();
            if orders {
                told(&mut story, 0, &Happening::Orders { friend, pieces, closed: true });
                for by in [Judge::Detector, Judge::Person] {
                    told(&mut story, 0, &Happening::Judged { friend, verdict: Verdict::Allow, by });
                }
            }
            for (hours, happening) in happenings.iter().filter(|(_, happening)| is_others(happening)) {
                told(&mut story, *hours, happening);
            }
            for part in gone.iter().copied().chain([i64::MAX]) {
                story.pass(hours);
                story.listen();
                if orders {
                    told(&mut story, 0, &Happening::Returns { friend, pieces: part });
                }
            }
            if orders && rejects {
                told(&mut story, 0, &Happening::Judged { friend, verdict: Verdict::Reject, by: Judge::Person });
                told(&mut story, 0, &Happening::Judged { friend, verdict: Verdict::Hold, by: Judge::Person });
            }
            story.assert_agreed();
            let friends: Vec<i64> = (0..PEOPLE).map(|number| story.model.friends(number)).collect();
            worths.push((story.wallets(), friends));
        }
        prop_assert_eq!(&worths[0], &worths[1]);
    }
}
