//! A shop's orders as they would have been in another programme's shop: its brand, its money.

use std::borrow::Cow;

use lojal_core::activity::Order;
use lojal_core::command::Command;
use lojal_core::kernel::{Factor, Money, Name};
use lojal_core::programme::Currency;

use crate::history::Step;

/// How the steps of one shop become those of another.
#[derive(Clone, Debug, Default)]
pub struct Adapting {
    /// The brand that sells, in place of the one that the history names.
    pub brand: Option<Name>,
    pub exchange: Exchange,
}

/// From the minor units of one currency to those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    numerator: i128,
    denominator: i128,
}

impl Default for Exchange {
    fn default() -> Exchange {
        Exchange { numerator: 1, denominator: 1 }
    }
}

impl Exchange {
    /// `rate`: what one of the money `from` is worth in that of `to`.
    pub fn between(from: &Currency, to: &Currency, rate: Factor) -> Exchange {
        Exchange {
            numerator: i128::from(rate.0) * 10_i128.pow(u32::from(to.decimals)),
            denominator: i128::from(Factor::ONE.0) * 10_i128.pow(u32::from(from.decimals)),
        }
    }

    /// To the nearest minor unit.
    pub fn forth(self, money: i64) -> i64 {
        convert(money, self.numerator, self.denominator)
    }

    /// The way back.
    pub fn back(self, money: i64) -> i64 {
        convert(money, self.denominator, self.numerator)
    }

    fn changes_nothing(self) -> bool {
        self.numerator == self.denominator
    }
}

fn convert(money: i64, numerator: i128, denominator: i128) -> i64 {
    let doubled = i128::from(money) * numerator * 2 + denominator;
    i64::try_from(doubled.div_euclid(2 * denominator)).unwrap_or(i64::MAX)
}

impl Adapting {
    /// Sold by this brand, for the same money.
    pub fn sold_by(brand: Option<Name>) -> Adapting {
        Adapting { brand, exchange: Exchange::default() }
    }

    pub fn adapt<'a>(&self, step: &'a Step) -> Cow<'a, Step> {
        let order = match &step.command {
            Command::PutOrder { order } | Command::ReturnWithoutOrder { goods: order } => order,
            _ => return Cow::Borrowed(step),
        };
        let sells_already = self.brand.as_ref().is_none_or(|brand| order.brand == *brand);
        if sells_already && self.exchange.changes_nothing() {
            return Cow::Borrowed(step);
        }
        let mut adapted = step.clone();
        if let Command::PutOrder { order } | Command::ReturnWithoutOrder { goods: order } = &mut adapted.command {
            self.adapt_order(order);
        }
        Cow::Owned(adapted)
    }

    fn adapt_order(&self, order: &mut Order) {
        if let Some(brand) = &self.brand {
            order.brand = brand.clone();
        }
        if self.exchange.changes_nothing() {
            return;
        }
        let money = |money: Money| Money(self.exchange.forth(money.0));
        order.paid_with_points = money(order.paid_with_points);
        for line in &mut order.lines {
            line.total = money(line.total);
            line.tax = money(line.tax);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str, decimals: u8) -> Currency {
        Currency { code: Name::from(code), decimals }
    }

    #[test]
    fn money_goes_there_and_back() {
        let (pound, zloty, yen) = (currency("GBP", 2), currency("PLN", 2), currency("JPY", 0));
        for (to, rate, there, back) in [(&zloty, 4_970_000, 4_970, 1_000), (&yen, 188_500_000, 1_885, 1_000)] {
            let exchange = Exchange::between(&pound, to, Factor(rate));
            assert_eq!((exchange.forth(1_000), exchange.back(there)), (there, back));
            assert_eq!(exchange.forth(-1_000), -there);
        }
        // Half a grosz is rounded up.
        assert_eq!(Exchange::between(&pound, &zloty, Factor(4_500_000)).forth(1), 5);
        assert_eq!(Exchange::default().forth(7), 7);
    }
}
