//! What the shop sells. The same for every seed, so that a programme can name its goods.

use lojal_core::activity::{Line, LineKind};
use lojal_core::kernel::{Money, Name};

/// One product. Prices are in minor units, tax included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub sku: Name,
    pub category: Name,
    /// The maker.
    pub make: Name,
    pub price: Money,
    /// Of the price before tax.
    pub tax_percent: i64,
    pub tags: Vec<Name>,
}

impl Product {
    /// A line of `pieces`; one that is `discounted` costs a fifth less.
    pub fn line(&self, id: Name, pieces: i64, discounted: bool) -> Line {
        let full = self.price.0 * pieces;
        let total = if discounted { full * 4 / 5 } else { full };
        Line {
            id,
            sku: Some(self.sku.clone()),
            quantity: pieces,
            total: Money(total),
            tax: Money(total * self.tax_percent / (100 + self.tax_percent)),
            kind: LineKind::Product,
            category: Some(self.category.clone()),
            make: Some(self.make.clone()),
            tags: self.tags.clone(),
            discounted,
            returned: 0,
        }
    }
}

/// A shelf of goods, cheapest first.
struct Shelf {
    category: &'static str,
    prefix: &'static str,
    products: i64,
    /// In whole units of money.
    cheapest: i64,
    dearest: i64,
    tax_percent: i64,
    makes: &'static [&'static str],
}

const SHELVES: [Shelf; 8] = [
    shelf("coffee", "COF", 20, 24, 189, 23, &["bursztyn", "alto"]),
    shelf("tea", "TEA", 18, 12, 79, 23, &["bursztyn", "lipa"]),
    shelf("sweets", "SWE", 18, 6, 59, 23, &["lipa", "malina"]),
    shelf("books", "BOO", 24, 29, 119, 5, &["papirus"]),
    shelf("kitchen", "KIT", 22, 19, 449, 23, &["granit", "alto"]),
    shelf("bath", "BAT", 16, 15, 129, 23, &["wydma", "lipa"]),
    shelf("garden", "GAR", 16, 9, 299, 8, &["jodla"]),
    shelf("toys", "TOY", 16, 25, 249, 23, &["malina", "granit"]),
];

const fn shelf(
    category: &'static str,
    prefix: &'static str,
    products: i64,
    cheapest: i64,
    dearest: i64,
    tax_percent: i64,
    makes: &'static [&'static str],
) -> Shelf {
    Shelf { category, prefix, products, cheapest, dearest, tax_percent, makes }
}

/// All products by category: within one, cheap ones are many and dear ones few.
pub fn catalogue() -> Vec<Vec<Product>> {
    SHELVES.iter().map(|shelf| (0..shelf.products).map(|index| shelf.product(index)).collect()).collect()
}

impl Shelf {
    fn product(&self, index: i64) -> Product {
        let steps = (self.products - 1) * (self.products - 1);
        let price = self.cheapest + (self.dearest - self.cheapest) * index * index / steps;
        let mut tags = Vec::new();
        if index % 5 == 2 {
            tags.push(Name::const_new("eco"));
        }
        if index % 9 == 8 {
            tags.push(Name::const_new("limited"));
        }
        Product {
            sku: Name::from(format!("{}-{:03}", self.prefix, index + 1)),
            category: Name::const_new(self.category),
            make: Name::const_new(self.makes[index as usize % self.makes.len()]),
            price: Money(price * 100 - 1),
            tax_percent: self.tax_percent,
            tags,
        }
    }
}

/// A gift card worth `value`: money for money, no tax.
pub fn gift_card(id: Name, value: Money) -> Line {
    Line {
        id,
        sku: Some(Name::from(format!("GIFT-{}", value.0 / 100))),
        quantity: 1,
        total: value,
        tax: Money::ZERO,
        kind: LineKind::GiftCard,
        category: None,
        make: None,
        tags: Vec::new(),
        discounted: false,
        returned: 0,
    }
}

/// What the parcel costs.
pub fn shipping(id: Name, price: Money) -> Line {
    Line {
        id,
        sku: None,
        quantity: 1,
        total: price,
        tax: Money(price.0 * 23 / 123),
        kind: LineKind::Shipping,
        category: None,
        make: None,
        tags: Vec::new(),
        discounted: false,
        returned: 0,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_hundred_and_fifty_products_with_names_of_their_own() {
        let products: Vec<Product> = catalogue().into_iter().flatten().collect();
        let skus: BTreeSet<&Name> = products.iter().map(|product| &product.sku).collect();
        assert_eq!(products.len(), 150);
        assert_eq!(skus.len(), products.len());
        assert!(products.iter().all(|product| (500..50_000).contains(&product.price.0)));
    }
}
