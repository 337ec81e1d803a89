//! What is measured of recommending, and how each figure is made of what was counted.

use std::collections::BTreeMap;

use lojal_core::kernel::Money;
use lojal_core::programme::Programme;

use super::measures::Value;
use super::period::{Days, Period};
use crate::platform::figures::{Count, Figures, median};
use crate::platform::shares::{CLICKED, SHARED, SHARERS};

/// A figure about recommending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Shared,
    Sharers,
    ShareRate,
    Clicked,
    Came,
    Bought,
    Acquired,
    Qualified,
    Rewarded,
    Refused,
    TakenBack,
    RanOut,
    ClickToCame,
    CameToBought,
    BoughtToQualified,
    ClickWait,
    PurchaseWait,
    Revenue,
    FriendOrder,
    OtherOrder,
    Cost,
    CostPerCustomer,
}

impl Reach {
    pub const ALL: [Reach; 22] = [
        Reach::Shared,
        Reach::Sharers,
        Reach::ShareRate,
        Reach::Clicked,
        Reach::Came,
        Reach::Bought,
        Reach::Acquired,
        Reach::Qualified,
        Reach::Rewarded,
        Reach::Refused,
        Reach::TakenBack,
        Reach::RanOut,
        Reach::ClickToCame,
        Reach::CameToBought,
        Reach::BoughtToQualified,
        Reach::ClickWait,
        Reach::PurchaseWait,
        Reach::Revenue,
        Reach::FriendOrder,
        Reach::OtherOrder,
        Reach::Cost,
        Reach::CostPerCustomer,
    ];
    /// From passing a link on to a friend who counts.
    pub const FUNNEL: [Reach; 5] = [Reach::Shared, Reach::Clicked, Reach::Came, Reach::Bought, Reach::Qualified];

    /// As texts and addresses name it.
    pub fn name(self) -> &'static str {
        match self {
            Reach::Shared => "referral-shared",
            Reach::Sharers => "referral-sharers",
            Reach::ShareRate => "referral-share-rate",
            Reach::Clicked => "referral-clicked",
            Reach::Came => "referral-joined",
            Reach::Bought => "referral-bought",
            Reach::Acquired => "referral-new-customers",
            Reach::Qualified => "referral-qualified",
            Reach::Rewarded => "referral-rewarded",
            Reach::Refused => "referral-rejected",
            Reach::TakenBack => "referral-reversed",
            Reach::RanOut => "referral-expired",
            Reach::ClickToCame => "referral-clicked-to-joined",
            Reach::CameToBought => "referral-joined-to-bought",
            Reach::BoughtToQualified => "referral-bought-to-qualified",
            Reach::ClickWait => "referral-hours-to-joining",
            Reach::PurchaseWait => "referral-days-to-purchase",
            Reach::Revenue => "referral-revenue",
            Reach::FriendOrder => "referral-average-order",
            Reach::OtherOrder => "referral-other-average-order",
            Reach::Cost => "referral-cost",
            Reach::CostPerCustomer => "referral-cost-per-customer",
        }
    }

    /// Whether it counts people, each of them once.
    pub fn counts_people(self) -> bool {
        matches!(self, Reach::Sharers | Reach::ShareRate)
    }

    /// Whether it can be told of one edition.
    pub fn has_editions(self) -> bool {
        !self.counts_people() && self != Reach::OtherOrder
    }

    /// Under which the days are kept that it is made of.
    pub fn counted_as(self) -> &'static [&'static str] {
        match self {
            Reach::Shared => &[SHARED],
            Reach::Sharers | Reach::ShareRate => &[SHARERS],
            Reach::Clicked => &[CLICKED],
            Reach::Came => &["referral_joined"],
            Reach::Bought => &["referral_bought"],
            Reach::Acquired => &["referral_new"],
            Reach::Qualified => &["referral_qualified"],
            Reach::Rewarded => &["referral_rewarded"],
            Reach::Refused => &["referral_rejected"],
            Reach::TakenBack => &["referral_reversed"],
            Reach::RanOut => &["referral_expired"],
            Reach::ClickToCame => &[CLICKED, "referral_joined"],
            Reach::CameToBought => &["referral_joined", "referral_bought"],
            Reach::BoughtToQualified => &["referral_bought", "referral_qualified"],
            Reach::ClickWait => &["referral_click_wait"],
            Reach::PurchaseWait => &["referral_purchase_wait"],
            Reach::Revenue | Reach::FriendOrder => &["referral_sales"],
            Reach::OtherOrder => &["orders", "referral_sales"],
            Reach::Cost => &["referral_points", "referral_gifts"],
            Reach::CostPerCustomer => &["referral_points", "referral_gifts", "referral_new"],
        }
    }

    /// What it comes to in some days; nothing for what is known of whole periods alone.
    pub fn in_days(self, figures: &Figures, programme: &Programme, edition: Option<&str>, days: Days) -> Option<Value> {
        let told = Told { figures, edition, days };
        Some(match self {
            Reach::Sharers | Reach::ShareRate => return None,
            Reach::Shared => Value::Count(told.times(SHARED)),
            Reach::Clicked => Value::Count(told.times(CLICKED)),
            Reach::Came => Value::Count(told.times("referral_joined")),
            Reach::Bought => Value::Count(told.times("referral_bought")),
            Reach::Acquired => Value::Count(told.times("referral_new")),
            Reach::Qualified => Value::Count(told.times("referral_qualified")),
            Reach::Rewarded => Value::Count(told.times("referral_rewarded")),
            Reach::Refused => Value::Count(told.times("referral_rejected")),
            Reach::TakenBack => Value::Count(told.times("referral_reversed")),
            Reach::RanOut => Value::Count(told.times("referral_expired")),
            Reach::ClickToCame => Value::Share(told.times("referral_joined"), told.times(CLICKED)),
            Reach::CameToBought => Value::Share(told.times("referral_bought"), told.times("referral_joined")),
            Reach::BoughtToQualified => Value::Share(told.times("referral_qualified"), told.times("referral_bought")),
            Reach::ClickWait => Value::Hours(told.median("referral_click_wait")),
            Reach::PurchaseWait => Value::Days(told.median("referral_purchase_wait")),
            Reach::Revenue => Value::Money(told.sales().0),
            Reach::FriendOrder => Value::Mean(told.sales().0, told.sales().1),
            Reach::OtherOrder => {
                let all = figures.sum("orders", days, |_| true);
                let friends = figures.sum("referral_sales", days, |_| true);
                Value::Mean(all.amount - friends.amount, all.times - friends.times)
            }
            Reach::Cost => Value::Money(told.cost(programme)),
            Reach::CostPerCustomer => Value::Mean(told.cost(programme), told.times("referral_new")),
        })
    }

    /// What it comes to in a whole period, where it counts people.
    pub fn in_period(self, figures: &Figures, period: Period) -> Value {
        let name = period.to_string();
        let sharers = figures.sum(SHARERS, period.days(), |subject| subject == name).times;
        match self {
            Reach::ShareRate => Value::Share(sharers, figures.total("active", &name)),
            _ => Value::Count(sharers),
        }
    }
}

/// What was counted in some days, of one edition or of all.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    pub figures: &'a Figures,
    pub edition: Option<&'a str>,
    pub days: Days,
}

impl Told<'_> {
    fn is_meant(&self, subject: &str) -> bool {
        let edition = subject.split('/').next();
        self.edition.is_none_or(|meant| edition == Some(meant))
    }

    pub fn times(&self, name: &str) -> i64 {
        self.figures.sum(name, self.days, |subject| self.is_meant(subject)).times
    }

    /// What friends bought less what came back, in minor units, and how many orders that were.
    pub fn sales(&self) -> (i64, i64) {
        let sales = self.figures.sum("referral_sales", self.days, |subject| self.is_meant(subject));
        (sales.amount, sales.times)
    }

    /// What was counted under a name, by what stands in the subject at a place.
    pub fn by(&self, name: &str, place: usize) -> BTreeMap<String, Count> {
        let mut sums: BTreeMap<String, Count> = BTreeMap::new();
        for (date, subject, count) in self.figures.days(name) {
            if (self.days.0..=self.days.1).contains(&date) && self.is_meant(subject) {
                let key = subject.split('/').nth(place).unwrap_or_default();
                *sums.entry(key.to_owned()).or_default() += count;
            }
        }
        sums
    }

    /// Half of all took at most so many minutes; nothing where nobody has come so far.
    pub fn median(&self, name: &str) -> Option<i64> {
        let counted = self.by(name, 1).into_iter();
        median(counted.filter_map(|(bucket, count)| Some((bucket.parse().ok()?, count.times))))
    }

    /// What was given to both sides less what was taken back, in minor units: points by what they are worth, and vouchers
    /// by what they cost.
    pub fn cost(&self, programme: &Programme) -> i64 {
        let points = self.by("referral_points", 4).into_iter().filter_map(|(unit, count)| {
            let place = programme.units.iter().position(|known| known.id == unit.as_str())?;
            Some(programme.worth(place)?.of(count.amount).0)
        });
        let gifts = self.by("referral_gifts", 4).into_iter().filter_map(|(reward, count)| {
            let Money(money) = programme.cost(programme.reward(&reward)?)?;
            Some(money.saturating_mul(count.times))
        });
        points.chain(gifts).fold(0, i64::saturating_add)
    }
}
