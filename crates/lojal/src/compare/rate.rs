//! Programmes in several currencies: what one of the orders' money is worth in each.

use std::str::FromStr;

use lojal_core::kernel::{Factor, Name, parse_decimal};
use lojal_core::programme::{Currency, Programme};

use crate::failure::Failure;
use lojal_simulation::adapting::Exchange;

/// What one of the orders' money is worth in another: `PLN=4.97`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    pub currency: Name,
    pub worth: Factor,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Rate, String> {
        let wrong = || format!("{text} is no rate: write CURRENCY=AMOUNT, like PLN=4.97");
        let (currency, worth) = text.split_once('=').ok_or_else(wrong)?;
        let currency = currency.trim().to_uppercase();
        let is_code = currency.len() == 3 && currency.chars().all(|letter| letter.is_ascii_uppercase());
        let worth = parse_decimal(worth.trim(), Factor::DECIMALS).ok().map(Factor);
        let worth = worth.filter(|worth| worth.0 > 0 && *worth <= Factor::LARGEST && is_code).ok_or_else(wrong)?;
        Ok(Rate { currency: Name::from(currency), worth })
    }
}

/// The money of the orders: as the mapping states it, else that of the first programme.
pub fn money_of_orders(stated: Option<&Name>, programmes: &[&Programme]) -> Currency {
    let known = |code: &Name| {
        let mut currencies = programmes.iter().map(|programme| &programme.currency);
        currencies.find(|known| known.code.eq_ignore_ascii_case(code)).cloned()
    };
    let first = || programmes.first().map(|programme| programme.currency.clone());
    match stated {
        None => first().unwrap_or(Currency { code: Name::default(), decimals: 2 }),
        Some(code) => known(code).unwrap_or(Currency { code: code.to_uppercase(), decimals: 2 }),
    }
}

/// The rate by which orders come into a programme's money: stated, or the programme's own.
pub fn exchange(orders: &Currency, programme: &Programme, rates: &[Rate]) -> Result<(Factor, Exchange), Failure> {
    let (here, there) = (&orders.code, &programme.currency.code);
    let stated = rates.iter().find(|rate| rate.currency == *there).map(|rate| rate.worth);
    let rate = match stated.or_else(|| programme.exchange.get(here).copied()) {
        _ if here == there => Factor::ONE,
        Some(known) => known,
        None => {
            return Err(Failure::new(format!(
                "{} reckons in {there}, and the orders are in {here}: say what 1 {here} is worth with --rate {there}=…",
                programme.id
            )));
        }
    };
    Ok((rate, Exchange::between(orders, &programme.currency, rate)))
}

/// A rate that nothing needs is a typing error.
pub fn check(rates: &[Rate], orders: &Currency, programmes: &[&Programme]) -> Result<(), Failure> {
    for (index, rate) in rates.iter().enumerate() {
        let code = &rate.currency;
        if rates[..index].iter().any(|known| known.currency == *code) {
            return Err(Failure::new(format!("--rate says twice what {code} is worth")));
        }
        if orders.code == *code && rate.worth != Factor::ONE {
            return Err(Failure::new(format!("the orders are in {code}: a rate for it means nothing")));
        }
        if programmes.iter().all(|programme| programme.currency.code != *code) {
            return Err(Failure::new(format!("no programme here reckons in {code}: leave --rate {code} out")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        assert_eq!("pln = 4.97".parse(), Ok(Rate { currency: Name::from("PLN"), worth: Factor(4_970_000) }));
        for wrong in ["PLN", "PLN=", "PLN=0", "PLN=-1", "=4", "ZLOTY=4", "PLN=four"] {
            assert!(wrong.parse::<Rate>().unwrap_err().contains("write CURRENCY=AMOUNT"), "{wrong}");
        }
    }
}
