//! What is measured, and how each figure is made of what was counted.

use lojal_core::kernel::{Date, Money, Name, format_decimal};
use lojal_core::programme::Programme;
use lojal_core::words::Words;

use super::period::{Days, Period};
use super::recommending::Reach;
use crate::platform::figures::Figures;

/// A figure of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    Joined,
    Left,
    Orders,
    Sales,
    AverageOrder,
    /// Of people who are no members.
    GuestAverageOrder,
    /// Of all that was sold, to members.
    MembersShare,
    Buyers,
    Returning,
    /// Orders of each who bought.
    Frequency,
    Issued(Name),
    Redeemed(Name),
    Expired(Name),
    Reversed(Name),
    RedemptionRate(Name),
    /// About recommending: of one edition, or of all.
    Recommending(Reach, Option<Name>),
}

/// A figure, with what it is a figure of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Count(i64),
    Money(i64),
    Points(i64),
    /// So many of so many.
    Share(i64, i64),
    /// So much money for so many.
    Mean(i64, i64),
    /// So many for so many others.
    Ratio(i64, i64),
    /// So many minutes, told in hours.
    Hours(Option<i64>),
    /// So many minutes, told in days.
    Days(Option<i64>),
}

impl Measure {
    /// All that there is about members and their orders.
    pub fn of_sales() -> Vec<Measure> {
        use Measure::{
            AverageOrder, Buyers, Frequency, GuestAverageOrder, Joined, Left, MembersShare, Orders, Returning, Sales,
        };
        vec![Joined, Buyers, Returning, Frequency, Orders, Sales, AverageOrder, GuestAverageOrder, MembersShare, Left]
    }

    /// All that there is about points of a unit.
    pub fn of_points(unit: &Name) -> Vec<Measure> {
        use Measure::{Expired, Issued, Redeemed, RedemptionRate, Reversed};
        [Issued, Redeemed, RedemptionRate, Expired, Reversed].into_iter().map(|measure| measure(unit.clone())).collect()
    }

    /// As texts and addresses name it.
    pub fn name(&self) -> &'static str {
        match self {
            Measure::Joined => "joined",
            Measure::Left => "left",
            Measure::Orders => "orders",
            Measure::Sales => "sales",
            Measure::AverageOrder => "average-order",
            Measure::GuestAverageOrder => "guest-average-order",
            Measure::MembersShare => "members-share",
            Measure::Buyers => "buyers",
            Measure::Returning => "returning",
            Measure::Frequency => "frequency",
            Measure::Issued(_) => "issued",
            Measure::Redeemed(_) => "redeemed",
            Measure::Expired(_) => "expired",
            Measure::Reversed(_) => "reversed",
            Measure::RedemptionRate(_) => "redemption-rate",
            Measure::Recommending(reach, _) => reach.name(),
        }
    }

    /// The edition of which it tells alone.
    pub fn edition(&self) -> Option<&Name> {
        match self {
            Measure::Recommending(_, edition) => edition.as_ref(),
            _ => None,
        }
    }

    pub fn is_about_recommending(&self) -> bool {
        matches!(self, Measure::Recommending(..))
    }

    pub fn unit(&self) -> Option<&Name> {
        match self {
            Measure::Issued(unit)
            | Measure::Redeemed(unit)
            | Measure::Expired(unit)
            | Measure::Reversed(unit)
            | Measure::RedemptionRate(unit) => Some(unit),
            _ => None,
        }
    }

    /// The figure that an address names.
    pub fn find(name: &str, unit: Option<&Name>, edition: Option<&Name>) -> Option<Measure> {
        let points = unit.map(Measure::of_points).unwrap_or_default();
        let recommending = Reach::ALL.into_iter().map(|reach| Measure::of_recommending(reach, edition));
        Measure::of_sales().into_iter().chain(points).chain(recommending).find(|measure| measure.name() == name)
    }

    /// Of one edition, where it can be told of one.
    pub fn of_recommending(reach: Reach, edition: Option<&Name>) -> Measure {
        Measure::Recommending(reach, edition.filter(|_| reach.has_editions()).cloned())
    }

    /// Whether it compares members with guests, of whom the shop may tell nothing.
    pub fn is_about_guests(&self) -> bool {
        matches!(self, Measure::GuestAverageOrder | Measure::MembersShare)
    }

    /// Whether it counts people, each of them once: then only whole periods have it, for those of
    /// two days cannot be added up.
    pub fn counts_people(&self) -> bool {
        match self {
            Measure::Buyers | Measure::Returning | Measure::Frequency => true,
            Measure::Recommending(reach, _) => reach.counts_people(),
            _ => false,
        }
    }

    /// Under which the days are kept that it is made of.
    pub fn counted_as(&self) -> &'static [&'static str] {
        match self {
            Measure::Joined => &["joined"],
            Measure::Left => &["left"],
            Measure::Orders | Measure::Sales | Measure::AverageOrder | Measure::Frequency => &["orders"],
            Measure::GuestAverageOrder => &["guest_orders"],
            Measure::MembersShare => &["orders", "guest_orders"],
            Measure::Buyers | Measure::Returning => &[],
            Measure::Issued(_) => &["issued"],
            Measure::Redeemed(_) => &["redeemed"],
            Measure::Expired(_) => &["expired"],
            Measure::Reversed(_) => &["reversed"],
            Measure::RedemptionRate(_) => &["issued", "redeemed"],
            Measure::Recommending(reach, _) => reach.counted_as(),
        }
    }

    /// What it comes to in some days; nothing for what is known of whole periods alone.
    pub fn in_days(&self, figures: &Figures, programme: &Programme, days: Days) -> Option<Value> {
        let of = |unit: &Name| {
            let start = format!("{unit}/");
            move |subject: &str| subject.starts_with(&start)
        };
        let points = |name: &str, unit: &Name| figures.sum(name, days, of(unit)).amount;
        let orders = || figures.sum("orders", days, |_| true);
        let guests = || figures.sum("guest_orders", days, |_| true);
        Some(match self {
            Measure::Joined => Value::Count(figures.sum("joined", days, |_| true).times),
            Measure::Left => Value::Count(figures.sum("left", days, |_| true).times),
            Measure::Orders => Value::Count(orders().times),
            Measure::Sales => Value::Money(orders().amount),
            Measure::AverageOrder => Value::Mean(orders().amount, orders().times),
            Measure::GuestAverageOrder => Value::Mean(guests().amount, guests().times),
            Measure::MembersShare => Value::Share(orders().amount, orders().amount + guests().amount),
            Measure::Buyers | Measure::Returning | Measure::Frequency => return None,
            Measure::Issued(unit) => Value::Points(points("issued", unit)),
            Measure::Redeemed(unit) => Value::Points(points("redeemed", unit)),
            Measure::Expired(unit) => Value::Points(points("expired", unit)),
            Measure::Reversed(unit) => Value::Points(points("reversed", unit)),
            Measure::RedemptionRate(unit) => Value::Share(points("redeemed", unit), points("issued", unit)),
            Measure::Recommending(reach, edition) => {
                return reach.in_days(figures, programme, edition.as_deref(), days);
            }
        })
    }

    /// What it comes to in a whole period.
    pub fn in_period(&self, figures: &Figures, programme: &Programme, period: Period) -> Value {
        let people = |name: &str| figures.total(name, &period.to_string());
        match self {
            Measure::Buyers => Value::Count(people("active")),
            Measure::Returning => Value::Share(people("returning"), people("active")),
            Measure::Frequency => Value::Ratio(figures.sum("orders", period.days(), |_| true).times, people("active")),
            Measure::Recommending(reach, _) if reach.counts_people() => reach.in_period(figures, period),
            _ => self.in_days(figures, programme, period.days()).unwrap_or(Value::Count(0)),
        }
    }

    /// With what it is compared: the period before, as far as this one has come.
    pub fn before(&self, figures: &Figures, programme: &Programme, period: Period, today: Date) -> Option<Value> {
        if self.counts_people() {
            return period.is_over(today).then(|| self.in_period(figures, programme, period.plus(-1)));
        }
        self.in_days(figures, programme, period.days_before(today))
    }
}

impl Value {
    /// The figure as one number, in parts that can be compared: of shares, in thousandths, of ratios and days, in hundredths; of hours, in tenths.
    pub fn size(self) -> Option<i64> {
        match self {
            Value::Count(number) | Value::Money(number) | Value::Points(number) => Some(number),
            Value::Share(_, 0) | Value::Mean(_, 0) | Value::Ratio(_, 0) => None,
            Value::Share(part, whole) => Some(rounded(part, 1000, whole)),
            Value::Mean(sum, count) => Some(rounded(sum, 1, count)),
            Value::Ratio(part, whole) => Some(rounded(part, 100, whole)),
            Value::Hours(minutes) => minutes.map(|minutes| rounded(minutes, 10, 60)),
            Value::Days(minutes) => minutes.map(|minutes| rounded(minutes, 100, 1440)),
        }
    }

    /// As a spreadsheet reads it: a share is a part of one.
    pub fn written(self, programme: &Programme, unit: Option<&Name>) -> Option<String> {
        let scale = unit.and_then(|unit| programme.unit(unit)).map_or(0, |unit| unit.scale);
        let decimals = match self {
            Value::Count(_) => 0,
            Value::Money(_) | Value::Mean(..) => programme.currency.decimals,
            Value::Points(_) => scale,
            Value::Share(..) => 3,
            Value::Ratio(..) | Value::Days(_) => 2,
            Value::Hours(_) => 1,
        };
        self.size().map(|size| format_decimal(size, decimals))
    }

    /// In words; nothing for a share of nothing.
    pub fn say(self, words: &Words, programme: &Programme, unit: Option<&Name>) -> Option<String> {
        let speaker = words.about(programme);
        let size = self.size()?;
        Some(match (self, unit) {
            (Value::Money(_) | Value::Mean(..), _) => speaker.money(Money(size)),
            (Value::Points(_), Some(unit)) => speaker.amount(unit, size),
            (Value::Share(..), _) => words.percent(size, 1),
            (Value::Ratio(..), _) => words.number(size, 2),
            (Value::Days(_), _) => words.short_number(size, 2),
            (Value::Hours(_), _) => words.short_number(size, 1),
            (Value::Count(_) | Value::Points(_), _) => words.number(size, 0),
        })
    }

    /// By how many per cent, or for shares by how many points of a hundred, it differs from an earlier one.
    pub fn change_since(self, before: Value) -> Option<Change> {
        let (now, then) = (self.size()?, before.size()?);
        match self {
            Value::Share(..) => Some(Change { tenths: now - then, is_of_share: true }),
            _ if then == 0 => None,
            _ => Some(Change { tenths: rounded(now - then, 1000, then.abs()), is_of_share: false }),
        }
    }
}

/// How a figure differs from the one before it, in tenths of a hundredth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub tenths: i64,
    pub is_of_share: bool,
}

/// `number * factor / divisor`, to the nearest.
fn rounded(number: i64, factor: i64, divisor: i64) -> i64 {
    let (number, divisor) = (i128::from(number) * i128::from(factor), i128::from(divisor.max(1)));
    let half = if number < 0 { -divisor } else { divisor };
    i64::try_from((number * 2 + half) / (divisor * 2)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_told_in_tenths_of_a_hundredth() {
        let tenths = |now: Value, before: Value| now.change_since(before).map(|change| change.tenths);
        assert_eq!(tenths(Value::Count(115), Value::Count(100)), Some(150));
        assert_eq!(tenths(Value::Count(2), Value::Count(3)), Some(-333));
        assert_eq!(tenths(Value::Count(2), Value::Count(0)), None);
        assert_eq!(tenths(Value::Share(1, 4), Value::Share(1, 5)), Some(50));
        assert_eq!(tenths(Value::Share(1, 0), Value::Share(1, 5)), None);
        assert_eq!(Value::Mean(10_001, 2).size(), Some(5_001));
        assert_eq!(tenths(Value::Money(i64::MAX), Value::Money(1)), Some(i64::MAX));
    }
}
