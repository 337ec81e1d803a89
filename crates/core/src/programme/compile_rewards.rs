//! Rewards of a document, and the codes that they hand out.

use super::compile::Compiler;
use super::document::{RewardKind, RewardSection};
use super::finding::Place;
use super::model::*;
use super::remark::Remark;
use super::vocabulary::Scope;
use crate::kernel::{Money, Name};

/// The most rewards that one document may have.
const MOST_REWARDS: usize = 500;

impl Compiler<'_> {
    pub(super) fn read_rewards(&mut self) -> Vec<Reward> {
        let place = Place::root().key("rewards");
        let document = self.document;
        if document.rewards.len() > MOST_REWARDS {
            self.findings.error(
                &place,
                "too_many",
                Remark::new("finding-too-many-rewards").plain("most", MOST_REWARDS as i64),
            );
        }
        document.rewards.iter().map(|(id, section)| self.reward(id, section, &place.key(id))).collect()
    }

    fn reward(&mut self, id: &str, section: &RewardSection, place: &Place) -> Reward {
        self.id(id, place);
        self.texts(&section.name, &place.key("name"));
        if let Some(description) = &section.description {
            self.texts(description, &place.key("description"));
        }
        let price = section.price.and_then(|points| {
            let unit = self.unit_index(section.unit.as_deref(), &place.key("unit"))?;
            if !self.units[unit].spendable {
                self.findings.error(
                    &place.key("price"),
                    "not_spendable",
                    Remark::new("finding-not-spendable").word("unit", &self.units[unit].id),
                );
            }
            let points = self.not_negative(points, &place.key("price"))?;
            let cash = match &section.cash {
                Some(cash) => self.money(cash, &place.key("cash"))?,
                None => Money::ZERO,
            };
            Some(Price { unit, points, cash })
        });
        if section.price.is_none() && section.cash.is_some() {
            self.findings.error(&place.key("cash"), "cash_without_price", "finding-cash-without-price");
        }
        let stock = section.stock.and_then(|total| self.not_negative(total, &place.key("stock")));
        let limit = section.limit.as_ref().and_then(|limit| {
            let times = self.positive(limit.times, &place.key("limit").key("times"))?;
            Some(RewardLimit {
                times,
                window: limit.every,
                usage: Name::from(format!("reward/{id}/{}", limit.every.name())),
            })
        });
        Reward {
            id: Name::from(id),
            name: section.name.clone(),
            description: section.description.clone(),
            gives: self.gives(section, place),
            price,
            stock: stock.map(|total| Stock { quantity: Name::from(format!("stock/{id}")), total }),
            limit,
            when: self.conditions(&section.when, Scope::Member, &place.key("when")),
            from: section.from.as_ref().and_then(|from| self.moment(from, false, &place.key("from"))),
            until: section.until.as_ref().and_then(|until| self.moment(until, true, &place.key("until"))),
            voucher: self.voucher(section, place),
        }
    }

    fn gives(&mut self, section: &RewardSection, place: &Place) -> Gives {
        let fields = [
            ("percent", section.percent.is_some(), section.kind == RewardKind::PercentOff),
            (
                "amount",
                section.amount.is_some(),
                matches!(
                    section.kind,
                    RewardKind::AmountOff | RewardKind::GiftCard | RewardKind::CashBack | RewardKind::Donation
                ),
            ),
            ("product", section.product.is_some(), section.kind == RewardKind::FreeProduct),
            ("cause", section.cause.is_some(), section.kind == RewardKind::Donation),
        ];
        for (field, there, wanted) in fields {
            if there && !wanted {
                self.findings.error(
                    &place.key(field),
                    "field_unfit",
                    Remark::new("finding-reward-field-unfit").word("field", field),
                );
            }
            if !there && wanted {
                self.findings.error(
                    place,
                    "field_missing",
                    Remark::new("finding-reward-field-missing").word("field", field),
                );
            }
        }
        let amount = match &section.amount {
            Some(amount) => self.money(amount, &place.key("amount")).unwrap_or_default(),
            None => Money::ZERO,
        };
        match section.kind {
            RewardKind::PercentOff => {
                let percent = section.percent.unwrap_or(1);
                if !(1..=100).contains(&percent) {
                    self.findings.error(&place.key("percent"), "out_of_range", "finding-discount-range");
                }
                Gives::PercentOff { percent }
            }
            RewardKind::AmountOff => Gives::AmountOff { amount },
            RewardKind::FreeProduct => {
                Gives::FreeProduct { product: Name::from(section.product.clone().unwrap_or_default()) }
            }
            RewardKind::FreeShipping => Gives::FreeShipping,
            RewardKind::GiftCard => Gives::GiftCard { amount },
            RewardKind::CashBack => Gives::CashBack { amount },
            RewardKind::Experience => Gives::Experience,
            RewardKind::ExclusiveAccess => Gives::ExclusiveAccess,
            RewardKind::Donation => {
                let cause = section.cause.clone().unwrap_or_default();
                if section.cause.is_some() {
                    self.texts(&cause, &place.key("cause"));
                }
                Gives::Donation { amount, cause }
            }
        }
    }

    fn voucher(&mut self, section: &RewardSection, place: &Place) -> Option<VoucherRule> {
        let voucher = section.voucher.as_ref()?;
        let place = place.key("voucher");
        let valid = voucher.valid.as_ref().and_then(|valid| self.wait(valid, &place.key("valid")));
        let source = match (&voucher.pool, &voucher.prefix) {
            (Some(_), Some(_)) => {
                self.findings.error(&place.key("prefix"), "field_unfit", "finding-prefix-with-pool");
                return None;
            }
            (Some(pool), None) => {
                self.id(pool, &place.key("pool"));
                VoucherSource::Pool { pool: Name::from(pool.as_str()) }
            }
            (None, prefix) => {
                let prefix = prefix.clone().unwrap_or_default();
                let fit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
                if prefix.len() > 12 || !prefix.bytes().all(fit) {
                    self.findings.error(&place.key("prefix"), "prefix_unfit", "finding-prefix-unfit");
                }
                VoucherSource::Generated { prefix: Name::from(prefix) }
            }
        };
        Some(VoucherRule { source, valid })
    }
}
