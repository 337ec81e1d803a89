//! Random programmes, as the documents that an author could have written.

use std::fmt::{Display, Write};

use crate::chance::Chance;

/// What a random programme may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All that the document can say.
    Anything,
    /// Nothing by which it matters in which order things become known: no limits, no tiers, no
    /// expiry, no forgiving, nothing that looks at what was before.
    OrderFree,
}

/// A programme document in TOML, the same for the same seed.
pub fn random_programme(seed: u64, shape: Shape) -> String {
    let mut author = Author { chance: Chance::seeded(seed).chapter(2, 0), shape, text: String::new() };
    author.programme();
    let units = author.units();
    let rewards = author.rewards(&units);
    let rules = author.earning(&units, &rewards);
    author.campaigns(&units, &rules);
    author.ladders(&units);
    author.policies();
    author.referrals(&units);
    author.text
}

struct Author {
    chance: Chance,
    shape: Shape,
    text: String,
}

impl Author {
    fn line(&mut self, line: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    fn named(&mut self, section: &str, id: &str) {
        self.line(format!("\n[{section}.{id}]\nname = {{ en = \"{id}\" }}"));
    }

    /// A choice that only a programme of any shape may make.
    fn freely(&mut self, per_mille: u64) -> bool {
        self.chance.happens(per_mille) && self.shape == Shape::Anything
    }

    fn pick(&mut self, choices: &[&'static str]) -> &'static str {
        self.chance.one_of::<&str>(choices)
    }

    fn programme(&mut self) {
        let zone = self.pick(&["Europe/Warsaw", "UTC", "America/New_York", "Pacific/Apia"]);
        let rounding = self.pick(&["down", "nearest", "up"]);
        let joins = self.chance.happens(500);
        self.line(format!(
            "[programme]\nid = \"club\"\nname = {{ en = \"Club\" }}\nlanguages = [\"en\"]\ntime_zone = \"{zone}\"\n\
             currency = \"PLN\"\nrounding = \"{rounding}\"\njoin_on_first_order = {joins}"
        ));
        self.named("brands", "alpha");
        if self.chance.happens(400) {
            self.named("brands", "beta");
        }
    }

    fn units(&mut self) -> Vec<&'static str> {
        let mut units = vec!["points"];
        if self.chance.happens(300) {
            units.push("miles");
        }
        if self.chance.happens(300) {
            units.push("credits");
        }
        for unit in &units {
            self.unit(unit, *unit != "credits");
        }
        units
    }

    fn unit(&mut self, id: &str, spendable: bool) {
        self.line(format!("\n[units.{id}]\nname = {{ en = {{ one = \"{id}\", many = \"{id}\" }} }}"));
        self.line(format!("spendable = {spendable}"));
        if self.chance.happens(500) {
            let after = self.pick(&["placed", "paid", "closed"]);
            let wait = self.pick(&["0 days", "2 days", "14 days", "1 month", "36 hours"]);
            self.line(format!("pending = {{ after = \"{after}\", for = \"{wait}\" }}"));
        }
        if self.freely(600) {
            let expiry = self.pick(&[
                "{ after_earning = \"30 days\" }",
                "{ after_earning = \"6 months\", until_end_of = \"month\" }",
                "{ after_earning = \"1 year\", until_end_of = \"year\" }",
                "{ after_inactivity = \"45 days\" }",
                "{ on = [\"12-31\"] }",
                "{ on = [\"02-29\", \"06-30\"], not_before = \"30 days\" }",
            ]);
            self.line(format!("expiry = {expiry}"));
        }
        let spend = self.pick(&["expiring_first", "oldest_first"]);
        let debt = if self.shape == Shape::Anything { self.pick(&["carry", "forgive", "block"]) } else { "carry" };
        self.line(format!("spend = \"{spend}\"\ndebt = \"{debt}\""));
        if self.freely(200) {
            let window = self.window();
            let most = self.chance.between(100, 2_000);
            self.line(format!("caps = {{ {window} = {most} }}"));
        }
    }

    fn window(&mut self) -> &'static str {
        self.pick(&["day", "week", "month", "quarter", "year", "lifetime"])
    }

    fn earning(&mut self, units: &[&'static str], rewards: &[String]) -> Vec<String> {
        let mut rules = Vec::new();
        for number in 0..self.chance.between(2, 7) {
            let id = format!("rule-{number}");
            self.named("earning", &id);
            if self.rule(units, rewards, number == 0) {
                rules.push(id);
            }
        }
        rules
    }

    /// Answers whether the rule gives points that are multiplied.
    fn rule(&mut self, units: &[&'static str], rewards: &[String], basic: bool) -> bool {
        let kind = if basic { 0 } else { self.chance.weighted(&[25, 12, 18, 25, 8, 12]) };
        if kind == 5 && self.shape == Shape::OrderFree {
            return self.award(units, false);
        }
        match kind {
            0..=2 => {
                let multiplied = self.order_award(units, kind);
                self.order_conditions();
                multiplied
            }
            3 => {
                let on = self.activity();
                self.line(format!("on = \"{on}\""));
                self.award(units, true)
            }
            4 => {
                // What arises by itself carries no number.
                let on = self.pick(&["review", "survey"]);
                self.line(format!("on = \"{on}\""));
                let per = self.chance.between(1, 3);
                self.line(format!("per_value = {{ attribute = \"stars\", per = {per} }}"));
                self.of_unit(units);
                self.multiplied(false)
            }
            _ if self.chance.happens(400) && !rewards.is_empty() => {
                let on = self.pick(&["order", "joined", "birthday", "review"]);
                let reward = self.chance.one_of(rewards).clone();
                self.line(format!("on = \"{on}\"\nreward = \"{reward}\""));
                false
            }
            _ => {
                let factor = self.factor();
                self.line(format!("multiplier = {factor}"));
                self.order_conditions();
                false
            }
        }
    }

    fn activity(&mut self) -> &'static str {
        match self.shape {
            Shape::Anything => self.pick(&["review", "survey", "joined", "birthday", "tier_reached"]),
            Shape::OrderFree => self.pick(&["review", "survey", "joined"]),
        }
    }

    /// A fixed number of points.
    fn award(&mut self, units: &[&'static str], limited: bool) -> bool {
        let points = self.chance.between(1, 200);
        self.line(format!("points = {points}"));
        self.of_unit(units);
        if limited {
            self.caps();
        }
        self.multiplied(false)
    }

    fn order_award(&mut self, units: &[&'static str], kind: usize) -> bool {
        match kind {
            0 => {
                let rate = self.pick(&["1", "2", "\"0.5\"", "\"1.25\"", "3"]);
                let per = self.pick(&["1.00", "1.00", "10.00", "0.37", "25.00"]);
                self.line(format!("rate = {rate}\nper = \"{per}\""));
                if self.freely(250) {
                    self.line("remainder = \"carry\"");
                }
            }
            1 => {
                let each = self.chance.between(1, 30);
                self.line(format!("per_item = {each}"));
            }
            _ => {
                let points = self.chance.between(1, 120);
                self.line(format!("points = {points}"));
            }
        }
        self.of_unit(units);
        let multiplied = self.multiplied(kind != 2);
        self.caps();
        if self.chance.happens(200) {
            self.line("immediate = true");
        } else if self.chance.happens(150) {
            self.line("pending = { after = \"closed\", for = \"7 days\" }");
        }
        if self.chance.happens(250) {
            let (shipping, tax, discounted) =
                (self.chance.happens(500), self.chance.happens(500), self.chance.happens(500));
            self.line(format!("exclude = {{ shipping = {shipping}, tax = {tax}, discounted_lines = {discounted} }}"));
        }
        if self.chance.happens(350) {
            let lines = self.pick(&[
                "{ field = \"line.category\", in = [\"bread\", \"cakes\"] }",
                "{ field = \"line.tags\", is = \"eco\" }",
                "{ field = \"line.price\", at_least = \"20.00\" }",
                "{ not = { field = \"line.make\", is = \"nobody\" } }",
                "{ any = [{ field = \"line.sku\", is = \"A-1\" }, { field = \"line.discounted\", is = true }] }",
            ]);
            self.line(format!("lines = [{lines}]"));
        }
        multiplied
    }

    fn of_unit(&mut self, units: &[&'static str]) {
        let unit = *self.chance.one_of(units);
        self.line(format!("unit = \"{unit}\""));
    }

    /// Answers whether multipliers act on the rule, which they do `by_default` or when it says so.
    fn multiplied(&mut self, by_default: bool) -> bool {
        if !self.chance.happens(300) {
            return by_default;
        }
        let multiplied = self.chance.happens(500);
        self.line(format!("multiplied = {multiplied}"));
        multiplied
    }

    fn caps(&mut self) {
        if !self.freely(300) {
            return;
        }
        let window = self.window();
        let (in_order, in_window) = (self.chance.between(1, 150), self.chance.between(50, 900));
        match self.chance.below(3) {
            0 => self.line(format!("caps = {{ order = {in_order} }}")),
            1 => self.line(format!("caps = {{ {window} = {in_window} }}")),
            _ => self.line(format!("caps = {{ order = {in_order}, {window} = {in_window} }}")),
        }
    }

    fn order_conditions(&mut self) {
        if !self.chance.happens(450) {
            return;
        }
        let any_time = [
            "{ field = \"order.total\", at_least = \"50.00\" }",
            "{ field = \"order.channel\", is_not = \"store\" }",
            "{ field = \"order.country\", in = [\"PL\", \"CZ\"] }",
            "{ field = \"order.items\", more_than = 2 }",
            "{ field = \"time.weekday\", in = [\"saturday\", \"sunday\"] }",
            "{ field = \"time.hour\", less_than = 12 }",
            "{ field = \"order.tags\", is = \"gift\" }",
        ];
        let by_history = [
            "{ field = \"order.first\", is = true }",
            "{ field = \"order.number\", at_most = 3 }",
            "{ field = \"member.segments\", is = \"early-birds\" }",
            "{ field = \"member.days_since_joining\", at_least = 30 }",
            "{ field = \"member.orders\", at_least = 2 }",
            "{ any = [{ field = \"order.first\", is = true }, { field = \"order.total\", at_least = \"100.00\" }] }",
        ];
        let condition = if self.freely(500) { self.pick(&by_history) } else { self.pick(&any_time) };
        self.line(format!("when = [{condition}]"));
    }

    fn factor(&mut self) -> &'static str {
        self.pick(&["2", "3", "\"1.5\"", "\"1.1\"", "\"0.5\""])
    }

    fn campaigns(&mut self, units: &[&'static str], rules: &[String]) {
        for number in 0..self.chance.between(0, 3) {
            self.named("campaigns", &format!("season-{number}"));
            if self.chance.happens(500) {
                let factor = self.factor();
                self.line(format!("multiplier = {factor}"));
                if self.chance.happens(300) && !rules.is_empty() {
                    let rule = self.chance.one_of(rules).clone();
                    self.line(format!("applies_to = [\"{rule}\"]"));
                }
            } else {
                let kind = self.chance.below(3) as usize;
                self.order_award(units, kind);
            }
            if self.chance.happens(600) {
                let month = self.chance.between(1, 11);
                self.line(format!("from = \"2025-{month:02}-01\"\nuntil = \"2026-{:02}-15\"", month + 1));
            }
            if self.freely(350) {
                let budget = self.chance.between(10, 3_000);
                self.line(format!("budget = {budget}"));
            }
            if self.freely(250) {
                self.line("audience = [{ field = \"member.segments\", in = [\"early-birds\", \"night-owls\"] }]");
            }
        }
        let stacking = self.pick(&["compound", "additive", "best"]);
        self.line(format!("\n[stacking]\nmultipliers = \"{stacking}\""));
        let (shipping, tax, cards) = (self.chance.happens(500), self.chance.happens(300), self.chance.happens(500));
        self.line(format!("\n[exclude]\nshipping = {shipping}\ntax = {tax}\ngift_cards = {cards}"));
    }

    fn ladders(&mut self, units: &[&'static str]) {
        if self.freely(750) {
            self.ladder("status", units);
        }
        if self.freely(250) {
            self.ladder("club", units);
        }
    }

    fn ladder(&mut self, id: &str, units: &[&'static str]) {
        self.named("tiers", id);
        let metric = self.pick(&["spend", "orders", "points", "activity:review"]);
        let window = self.pick(&["lifetime", "calendar_year", "membership_year", "3 months", "12 months", "45 days"]);
        let keep = self.chance.between(0, 2);
        let step_down = self.pick(&["to_earned", "one"]);
        let on_return = self.pick(&["recheck", "keep"]);
        self.line(format!(
            "metric = \"{metric}\"\nwindow = \"{window}\"\nkeep = {keep}\nstep_down = \"{step_down}\"\n\
             on_return = \"{on_return}\"\nbase = {{ id = \"{id}-base\", name = {{ en = \"Base\" }} }}"
        ));
        if metric == "points" {
            self.of_unit(units);
        }
        if self.chance.happens(400) {
            let grace = self.pick(&["10 days", "1 month"]);
            self.line(format!("grace = \"{grace}\""));
        }
        let first = if metric == "orders" || metric == "activity:review" { 2 } else { 200 };
        for level in 1..=self.chance.between(1, 3) {
            self.line(format!("[[tiers.{id}.levels]]\nid = \"{id}-{level}\"\nname = {{ en = \"Level {level}\" }}"));
            let at = first * level * level;
            self.line(if metric == "spend" { format!("at = \"{at}.00\"") } else { format!("at = {at}") });
            if self.chance.happens(600) {
                let factor = self.factor();
                self.line(format!("multiplier = {factor}"));
            }
        }
    }

    /// The rewards that a rule may give.
    fn rewards(&mut self, units: &[&'static str]) -> Vec<String> {
        let mut rewards = Vec::new();
        for number in 0..self.chance.between(2, 5) {
            let id = format!("reward-{number}");
            self.named("rewards", &id);
            if self.reward(units) {
                rewards.push(id);
            }
        }
        rewards
    }

    /// Answers whether the reward hands out a voucher, so that a rule may give it.
    fn reward(&mut self, units: &[&'static str]) -> bool {
        let kind = self.pick(&[
            "kind = \"percent_off\"\npercent = 10",
            "kind = \"amount_off\"\namount = \"10.00\"",
            "kind = \"free_product\"\nproduct = \"A-1\"",
            "kind = \"free_shipping\"",
            "kind = \"gift_card\"\namount = \"50.00\"",
            "kind = \"exclusive_access\"",
            "kind = \"donation\"\namount = \"1.00\"\ncause = { en = \"Trees\" }",
        ]);
        self.line(kind);
        if self.chance.happens(900) {
            let price = self.chance.between(1, 300);
            let spendable: Vec<&'static str> = units.iter().copied().filter(|unit| *unit != "credits").collect();
            let unit = *self.chance.one_of(&spendable);
            self.line(format!("price = {price}\nunit = \"{unit}\""));
            if self.chance.happens(200) {
                self.line("cash = \"5.00\"");
            }
        }
        if self.chance.happens(300) {
            let stock = self.chance.between(1, 6);
            self.line(format!("stock = {stock}"));
        }
        if self.chance.happens(300) {
            let times = self.chance.between(1, 3);
            let window = self.window();
            self.line(format!("limit = {{ times = {times}, every = \"{window}\" }}"));
        }
        if self.chance.happens(150) {
            self.line("when = [{ field = \"member.days_since_joining\", at_least = 10 }]");
        }
        let hands_out = self.chance.happens(600);
        if hands_out {
            let voucher = self.pick(&[
                "{ prefix = \"CAKE\", valid = \"30 days\" }",
                "{ }",
                "{ pool = \"imported\", valid = \"3 months\" }",
                "{ pool = \"imported\" }",
            ]);
            self.line(format!("voucher = {voucher}"));
        }
        hands_out
    }

    fn referrals(&mut self, units: &[&'static str]) {
        if !self.freely(700) {
            return;
        }
        for edition in 0..self.chance.between(1, 2) {
            self.edition(&format!("edition-{edition}"));
        }
        for (number, on) in ["referred", "referral_qualified", "friend_joined", "friend_qualified"].iter().enumerate() {
            self.named("earning", &format!("friends-{number}"));
            self.line(format!("on = \"{on}\""));
            let points = self.chance.between(1, 500);
            self.line(format!("points = {points}"));
            self.of_unit(units);
            self.caps();
        }
        if self.chance.happens(500) {
            self.named("earning", "friends-prize");
            let (points, number) = (self.chance.between(100, 900), self.chance.between(1, 3));
            self.line(format!(
                "on = \"friend_qualified\"\npoints = {points}\n\
                 when = [{{ field = \"activity.attribute.friends\", is = {number} }}]"
            ));
            self.of_unit(units);
        }
        if self.chance.happens(500) {
            self.named("earning", "friends-commission");
            self.line("on = \"friend_qualified\"\nper_value = { attribute = \"total\", per = 100 }\nrate = \"0.05\"");
            self.of_unit(units);
        }
    }

    fn edition(&mut self, id: &str) {
        self.named("referrals", id);
        let review = self.pick(&["none", "none", "suspicious", "all"]);
        let credit = self.pick(&["last", "first", "split"]);
        let window = self.pick(&["3 days", "30 days"]);
        let on_return = self.pick(&["recheck", "recheck", "keep"]);
        self.line(format!(
            "review = \"{review}\"\ncredit = \"{credit}\"\nwindow = \"{window}\"\non_return = \"{on_return}\""
        ));
        if self.chance.happens(700) {
            self.line("friends = []");
        }
        if self.chance.happens(200) {
            self.line("advocates = [{ field = \"member.orders\", at_least = 1 }]");
        }
        if self.chance.happens(400) {
            let budget = self.chance.between(1, 4);
            self.line(format!("budget = {budget}"));
        }
        if self.chance.happens(400) {
            let (window, most) = (self.window(), self.chance.between(1, 3));
            self.line(format!("caps = {{ {window} = {most} }}"));
        }
        self.line(format!("[referrals.{id}.qualify]"));
        if self.chance.happens(250) {
            self.line("on = \"survey\"");
        } else {
            self.line("when = [{ field = \"order.total\", at_least = \"50.00\" }]");
        }
        if self.chance.happens(500) {
            let after = self.pick(&["placed", "closed"]);
            let wait = self.pick(&["1 hour", "3 days", "14 days"]);
            self.line(format!("wait = {{ after = \"{after}\", for = \"{wait}\" }}"));
        }
        if self.chance.happens(300) {
            self.line("within = \"45 days\"");
        }
    }

    fn policies(&mut self) {
        let loose = self.pick(&["reverse", "reverse", "ignore"]);
        self.line(format!("\n[returns]\nwithout_order = \"{loose}\""));
        if self.chance.happens(700) {
            let window = self.window();
            self.line(format!("\n[transfers]\nleast = 5\nmost = 300\ncaps = {{ {window} = 500 }}"));
        }
        if self.chance.happens(700) {
            self.line("\n[gifts]");
        }
        if self.chance.happens(700) {
            let most = self.chance.between(2, 3);
            self.line(format!("\n[households]\nmost = {most}"));
        }
        if self.chance.happens(300) {
            self.line("\n[holds]\nvalid = \"1 hour\"\nlongest = \"1 day\"\nmost = 2");
        }
    }
}
