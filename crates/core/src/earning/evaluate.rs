//! What each rule gives for an order or an activity before any limit, as an exact fraction.
//! Nothing is changed here.

use crate::activity::{Activity, Line, LineKind, Order, Value};
use crate::decision::{Basis, MultiplierSource};
use crate::explanation::{Explanation, NearMiss, RuleOutcome};
use crate::holder::Fraction;
use crate::kernel::{Factor, Instant, LARGEST_AMOUNT, Money, Name, Rounding};
use crate::programme::condition::{Facts, LocalTime, MemberFacts, OrderFacts};
use crate::programme::{AwardKind, Exclusions, Programme, Rule, Stacking, Trigger};

/// Rates and factors are both in millionths: a million times a million.
const SCALE: i128 = 1_000_000_000_000;

/// The facts by which an order or activity is judged.
pub struct Occasion<'a> {
    pub member: MemberFacts<'a>,
    pub at: LocalTime,
    pub order: Option<OrderFacts<'a>>,
    pub activity: Option<&'a Activity>,
}

impl<'a> Occasion<'a> {
    fn facts<'f>(&'f self, line: Option<&'f Line>) -> Facts<'f> {
        Facts { member: &self.member, at: self.at, order: self.order, line, activity: self.activity }
    }

    fn moment(&self) -> Instant {
        self.at.moment
    }

    fn triggers(&self, rule: &Rule) -> bool {
        match (&rule.on, self.activity) {
            (Trigger::Order, None) => true,
            (Trigger::Activity(name), Some(activity)) => *name == activity.name,
            _ => false,
        }
    }
}

/// What one rule gives before limits.
pub struct Raw<'p> {
    pub rule: &'p Rule,
    pub basis: Basis,
    pub multipliers: Vec<(MultiplierSource, Factor)>,
    /// Exact points.
    pub exact: Fraction,
    /// For each multiplier with a budget: what the points would be without it.
    pub without: Vec<(&'p Rule, Fraction)>,
}

impl Raw<'_> {
    /// Whether what is less than a whole point goes on to the next order.
    pub fn carries(&self) -> bool {
        matches!(self.rule.award, AwardKind::PerAmount { carry: true, .. })
    }

    pub fn points(&self, rounding: Rounding) -> i64 {
        round(self.exact, rounding)
    }
}

/// What a rule gives that no longer counts anything of an order. `exact` is what it counted before.
pub fn nothing(rule: &Rule, exact: Option<Fraction>) -> Raw<'_> {
    let basis = match &rule.award {
        AwardKind::PerAmount { rate, per, carry } => {
            Basis::Amount { amount: Money::ZERO, rate: *rate, per: *per, carried: *carry }
        }
        AwardKind::PerItem { each } => Basis::Pieces { pieces: 0, each: *each },
        _ => Basis::Fixed { points: 0 },
    };
    let denominator = exact.map_or(SCALE, |exact| exact.denominator);
    Raw { rule, basis, multipliers: Vec::new(), exact: Fraction { numerator: 0, denominator }, without: Vec::new() }
}

/// Whole points of an exact number that is not negative.
pub fn round(exact: Fraction, rounding: Rounding) -> i64 {
    let points = rounding.divide(exact.numerator.max(0), exact.denominator);
    i64::try_from(points).unwrap_or(LARGEST_AMOUNT).min(LARGEST_AMOUNT)
}

/// What the rules of `programme` give, in the order of the document, and the free rewards.
pub struct Evaluation<'p> {
    pub raws: Vec<Raw<'p>>,
    /// Rules that give a reward, with its index.
    pub rewards: Vec<(&'p Rule, usize)>,
}

/// Evaluates every rule. `explanation`, where somebody asked, learns what became of each.
pub fn evaluate<'p>(
    programme: &'p Programme,
    occasion: &Occasion<'_>,
    mut explanation: Option<&mut Explanation>,
) -> Evaluation<'p> {
    let facts = occasion.facts(None);
    let mut fired: Vec<&Rule> = Vec::with_capacity(programme.rules.len());
    let mut multipliers: Vec<Multiplier<'p>> = tier_multipliers(programme, &occasion.member);
    for rule in programme.rules.iter().filter(|rule| occasion.triggers(rule)) {
        let is_on = rule.campaign.as_ref().is_none_or(|campaign| campaign.runs_at(occasion.moment()));
        let holds = is_on && rule.when.holds(&facts);
        if let Some(explanation) = &mut explanation {
            explain(explanation, rule, is_on, &facts);
        }
        if !holds {
            continue;
        }
        if let AwardKind::Multiplier { factor, applies_to } = &rule.award {
            multipliers.push(Multiplier {
                source: MultiplierSource::Rule(rule.id.clone()),
                factor: *factor,
                rule: Some(rule),
                applies_to: applies_to.as_deref(),
            });
        } else {
            fired.push(rule);
        }
    }
    let mut evaluation = Evaluation { raws: Vec::with_capacity(fired.len()), rewards: Vec::new() };
    for rule in fired {
        if let AwardKind::Reward { reward } = rule.award {
            evaluation.rewards.push((rule, reward));
            continue;
        }
        match (raw(programme, rule, &multipliers, occasion), &mut explanation) {
            (Some(raw), _) => evaluation.raws.push(raw),
            (None, Some(explanation)) => explanation.covers_no_line(&rule.id),
            (None, None) => {}
        }
    }
    evaluation
}

/// Notes what a rule asks for and finds. What it gives is told by those who settle it.
fn explain(explanation: &mut Explanation, rule: &Rule, is_on: bool, facts: &Facts<'_>) {
    if !is_on {
        return explanation.note(&rule.id, RuleOutcome::NotRunning, Vec::new());
    }
    let Some(reading) = rule.when.failure(facts) else {
        let outcome = match rule.award {
            AwardKind::Multiplier { .. } => RuleOutcome::Multiplied,
            _ => RuleOutcome::Fired { points: 0 },
        };
        return explanation.note(&rule.id, outcome, rule.when.held(facts));
    };
    let lacking = rule.when.lacking(facts).filter(|lacking| NearMiss::is_near(lacking.actual(), lacking.needed()));
    explanation.add_near(lacking.map(|lacking| NearMiss::Rule { rule: rule.id.clone(), lacking }));
    explanation.note(&rule.id, RuleOutcome::NotMet(reading), Vec::new());
}

struct Multiplier<'p> {
    source: MultiplierSource,
    factor: Factor,
    rule: Option<&'p Rule>,
    applies_to: Option<&'p [Name]>,
}

fn tier_multipliers<'p>(programme: &'p Programme, member: &MemberFacts<'_>) -> Vec<Multiplier<'p>> {
    let levels = programme.ladders.iter().flat_map(|ladder| &ladder.levels);
    let held = levels.filter(|level| level.multiplier.is_some() && member.levels.contains(&level.id));
    held.filter_map(|level| {
        let factor = level.multiplier?;
        Some(Multiplier { source: MultiplierSource::Tier(level.id.clone()), factor, rule: None, applies_to: None })
    })
    .collect()
}

/// `None` when no line counts for the rule.
fn raw<'p>(
    programme: &'p Programme,
    rule: &'p Rule,
    multipliers: &[Multiplier<'p>],
    occasion: &Occasion<'_>,
) -> Option<Raw<'p>> {
    let acting: Vec<&Multiplier<'p>> = multipliers
        .iter()
        .filter(|multiplier| rule.multiplied && multiplier.applies_to.is_none_or(|targets| targets.contains(&rule.id)))
        .collect();
    let shares = shares(rule, occasion)?;
    let share = occasion.activity.map_or(Activity::WHOLE, |activity| activity.share);
    let exact = |left_out: Option<&Rule>| {
        let sum: i128 = shares
            .iter()
            .map(|share| share.numerator * i128::from(factor(programme, &acting, share.line, occasion, left_out).0))
            .sum();
        match share {
            Activity::WHOLE => Fraction { numerator: sum, denominator: shares[0].denominator },
            share => Fraction {
                numerator: sum * i128::from(share),
                denominator: shares[0].denominator * i128::from(Activity::WHOLE),
            },
        }
    };
    let divided =
        (share != Activity::WHOLE).then(|| (MultiplierSource::Share, Factor(Factor::ONE.0 / Activity::WHOLE * share)));
    let budgeted = acting.iter().filter_map(|multiplier| multiplier.rule.filter(|rule| rule.budget().is_some()));
    Some(Raw {
        rule,
        basis: basis(rule, &shares, occasion),
        multipliers: acting
            .iter()
            .filter(|multiplier| shares.iter().any(|share| applies(multiplier, share.line, occasion)))
            .map(|multiplier| (multiplier.source.clone(), multiplier.factor))
            .chain(divided)
            .collect(),
        exact: exact(None),
        without: budgeted.map(|rule| (rule, exact(Some(rule)))).collect(),
    })
}

/// One line's part in what a rule counts; a rule that does not look at lines has a single one.
struct Share<'a> {
    line: Option<&'a Line>,
    /// Money in minor units, or pieces.
    counted: i64,
    /// Points times [`SCALE`] and the rule's `per`, still without the multiplier's millionths.
    numerator: i128,
    denominator: i128,
}

fn shares<'o>(rule: &'o Rule, occasion: &'o Occasion<'_>) -> Option<Vec<Share<'o>>> {
    let million = i128::from(Factor::ONE.0);
    let single = |counted: i64, numerator: i128, denominator: i128| {
        Some(vec![Share { line: None, counted, numerator, denominator }])
    };
    match &rule.award {
        AwardKind::Fixed { points } => {
            let counts = rule.lines.is_always() || eligible(rule, occasion).next().is_some();
            if counts { single(1, i128::from(*points) * million, SCALE) } else { None }
        }
        AwardKind::PerValue { attribute, rate, per } => match occasion.activity?.attributes.get(attribute) {
            Some(Value::Number(value)) if *value > 0 => {
                single(*value, i128::from(*value) * i128::from(rate.0), i128::from(*per) * SCALE)
            }
            _ => None,
        },
        AwardKind::PerItem { each } => {
            let share = |line: &'o Line| {
                let numerator = i128::from(line.kept()) * i128::from(*each) * million;
                Share { line: Some(line), counted: line.kept(), numerator, denominator: SCALE }
            };
            some(eligible(rule, occasion).map(share).collect())
        }
        AwardKind::PerAmount { rate, per, .. } => {
            let order = occasion.order?;
            let counts = |line: &Line| counts_for(rule, occasion, line);
            let share = |(line, counted): (&'o Line, Money)| {
                let numerator = i128::from(counted.0) * i128::from(rate.0);
                Share { line: Some(line), counted: counted.0, numerator, denominator: i128::from(per.0) * SCALE }
            };
            let lines = countables(&rule.exclude, order.order, order.total).filter(|(line, _)| counts(line));
            some(lines.map(share).collect())
        }
        AwardKind::Multiplier { .. } | AwardKind::Reward { .. } => None,
    }
}

fn some(shares: Vec<Share<'_>>) -> Option<Vec<Share<'_>>> {
    if shares.is_empty() { None } else { Some(shares) }
}

/// The lines that a rule counts.
fn eligible<'o>(rule: &'o Rule, occasion: &'o Occasion<'_>) -> impl Iterator<Item = &'o Line> {
    let lines = occasion.order.map(|order| order.order.lines.as_slice()).unwrap_or_default();
    lines.iter().filter(move |line| counts_for(rule, occasion, line))
}

fn counts_for(rule: &Rule, occasion: &Occasion<'_>, line: &Line) -> bool {
    line.kept() > 0 && !excluded(&rule.exclude, line) && rule.lines.holds(&occasion.facts(Some(line)))
}

fn excluded(exclude: &Exclusions, line: &Line) -> bool {
    let by_kind = match line.kind {
        LineKind::Product => false,
        LineKind::Shipping => exclude.shipping,
        LineKind::GiftCard => exclude.gift_cards,
        LineKind::Fee => exclude.fees,
    };
    by_kind || (exclude.discounted_lines && line.discounted)
}

/// What of each line counts as spent: without tax where that is excluded, and without its share of
/// what was paid with points. The shares are taken so that they add up to the whole exactly.
fn countables<'o>(exclude: &Exclusions, order: &'o Order, total: Money) -> impl Iterator<Item = (&'o Line, Money)> {
    let (exclude, paid) = (*exclude, i128::from(order.paid_with_points.0.min(total.0)));
    let shared = exclude.paid_with_points && paid > 0;
    let up_to = move |sum: i64| (i128::from(sum) * paid / i128::from(total.0.max(1))) as i64;
    let mut before = 0;
    order.lines.iter().map(move |line| {
        let gross = line.kept_share(line.total);
        let mut amount = gross;
        if exclude.tax {
            amount = amount - line.kept_share(line.tax);
        }
        if shared {
            let share = up_to(before + gross.0) - up_to(before);
            before += gross.0;
            // Of a line that counts without its tax, the same part was paid with points.
            let part =
                if gross == Money::ZERO { 0 } else { i128::from(share) * i128::from(amount.0) / i128::from(gross.0) };
            amount = amount - Money(part as i64);
        }
        (line, amount)
    })
}

/// Money that counts towards ladders by spend.
pub fn countable_spend(programme: &Programme, order: &Order) -> Money {
    let counted = countables(&programme.exclude, order, order.kept_total());
    counted.filter(|(line, _)| line.kept() > 0 && !excluded(&programme.exclude, line)).map(|(_, amount)| amount).sum()
}

fn applies(multiplier: &Multiplier<'_>, line: Option<&Line>, occasion: &Occasion<'_>) -> bool {
    let Some(rule) = multiplier.rule else {
        return true;
    };
    if rule.lines.is_always() {
        return true;
    }
    line.is_some() && rule.lines.holds(&occasion.facts(line))
}

/// All acting multipliers together, by the programme's stacking.
fn factor(
    programme: &Programme,
    acting: &[&Multiplier<'_>],
    line: Option<&Line>,
    occasion: &Occasion<'_>,
    left_out: Option<&Rule>,
) -> Factor {
    let is_left_out = |multiplier: &Multiplier<'_>| match (multiplier.rule, left_out) {
        (Some(rule), Some(left_out)) => rule.id == left_out.id,
        _ => false,
    };
    let factors = acting
        .iter()
        .filter(|multiplier| !is_left_out(multiplier) && applies(multiplier, line, occasion))
        .map(|multiplier| multiplier.factor);
    match programme.stacking {
        Stacking::Compound => factors.fold(Factor::ONE, Factor::compound),
        Stacking::Additive => Factor(
            factors.fold(Factor::ONE.0, |sum, factor| sum + factor.0 - Factor::ONE.0).clamp(0, Factor::LARGEST.0),
        ),
        Stacking::Best => factors.max().unwrap_or(Factor::ONE),
    }
}

fn basis(rule: &Rule, shares: &[Share<'_>], occasion: &Occasion<'_>) -> Basis {
    let counted = shares.iter().map(|share| share.counted).sum();
    match &rule.award {
        AwardKind::PerAmount { rate, per, carry } => {
            Basis::Amount { amount: Money(counted), rate: *rate, per: *per, carried: *carry }
        }
        AwardKind::PerItem { each } => Basis::Pieces { pieces: counted, each: *each },
        AwardKind::PerValue { attribute, rate, per } => {
            let value = match occasion.activity.and_then(|activity| activity.attributes.get(attribute)) {
                Some(Value::Number(value)) => *value,
                _ => 0,
            };
            Basis::Attribute { attribute: attribute.clone(), value, rate: *rate, per: *per }
        }
        AwardKind::Fixed { points } => Basis::Fixed { points: *points },
        AwardKind::Multiplier { .. } | AwardKind::Reward { .. } => Basis::Fixed { points: 0 },
    }
}
